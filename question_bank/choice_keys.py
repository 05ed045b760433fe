"""Which options a key means: by letters, by their texts, by numbers, with or without a remark."""

import re
import unicodedata
from collections.abc import Sequence

from question_bank.blanks import SYNONYMS
from question_bank.content import letter, tidied
from question_bank.reading.drafts import Draft
from question_bank.reading.keys import letters_in, rising
from question_bank.reading.options import items_of_list, split_at

_GLUED_EXPLANATION = re.compile(
    r"(?<![\s,，。;；|])[\s,，。;；|]*[【\[（(]?(?:(?:答案|试题)?解析|理由|说明|分析|explanation)[】\]）)]?\s*[:：]\s*",
    re.IGNORECASE,
)


_ALL = re.compile(r"\s*[（(]?\s*(?:全选|全都选|全部选|以上全选)\s*[)）]?[。.]?\s*")


class TwoMeanings(Exception):
    """A key that means one option by its number or letter, and another by its text."""


class ChoiceKey:
    """A key beside the options it speaks of. ``explanation`` is what was glued to it, once ``numbers`` has read it."""

    def __init__(self, draft: Draft, key: str, options: Sequence[str], labels: Sequence[str]) -> None:
        self.draft, self.key, self.options, self.labels = draft, key, options, labels
        self.explanation = ""

    def numbers(self) -> frozenset[int] | None:
        """Which options the key means; None if it means none of them. Two meanings are a problem."""
        if self.draft.exact:
            return self._by_letters()
        letters = self._by_letters()
        if letters is not None and self.draft.keys_are_letters:
            return letters
        text, numbers = self._by_text(), self._by_numbers()
        if letters is not None:
            if text is not None and letters != text:
                raise TwoMeanings
            return letters
        if text is not None and numbers is not None and text != numbers:
            raise TwoMeanings
        if text is None and numbers is None and _ALL.fullmatch(self.key):
            return frozenset(number for number, option in enumerate(self.options, 1) if option)
        found = text if text is not None else numbers
        if found is None:
            found = self._by_circled_numbers() or self._by_named_numbers()
        return found if found is not None else self._by_letters_with_remark()

    def _position(self, letter: str) -> int | None:
        return position_of(letter, self.options, self.labels)

    def _by_letters(self) -> frozenset[int] | None:
        letters = letters_in(self.key)
        if letters is None:
            return None
        return self._positions(letters)

    def _positions(self, letters: list[str]) -> frozenset[int] | None:
        places = [self._position(letter) for letter in letters]
        return frozenset(place for place in places if place) if all(places) else None

    def _by_text(self) -> frozenset[int] | None:
        bare = [_bare(text) for text in self.options]
        # A text that two options share names neither of them.
        numbers_by_text = {text: number for number, text in enumerate(bare, 1) if text and bare.count(text) == 1}
        if (place := numbers_by_text.get(_bare(self.key))) is not None:
            return frozenset({place})
        items = items_of_list(self.key)
        separators = (SYNONYMS, "$;$", "|", "┋", "&", "#", "\n", "；", ";", "，", ",", "、", "/", " ")
        for parts in [items] if items else [split_at(self.key, separator) for separator in separators]:
            places = [numbers_by_text.get(_bare(part)) for part in parts]
            if len(places) > (0 if items else 1) and all(places):
                return frozenset(number for number in places if number)
        return None

    def _by_numbers(self) -> frozenset[int] | None:
        base = self.draft.key_base
        folded = unicodedata.normalize("NFKC", self.key).strip("[]()\"' ")
        if self.draft.keys_are_glued and len(folded) > 1 and rising(folded, len(self.options)):
            return frozenset(map(int, folded))
        if base < 0 or not re.fullmatch(r"['\"]?\d{1,2}['\"]?(?:[\s,;、|/.]+['\"]?\d{1,2}['\"]?)*", folded):
            return None
        numbers = {int(part) - base + 1 for part in re.findall(r"\d+", folded)}
        if all(1 <= number <= len(self.options) and self.options[number - 1] for number in numbers):
            return frozenset(numbers)
        return None

    def _by_named_numbers(self) -> frozenset[int] | None:
        """ "选项2", "选项1、选项3", "option 2": the names of the columns."""
        folded = re.sub("option|choice", "选项", unicodedata.normalize("NFKC", self.key).lower())
        if not re.fullmatch(r"\s*选项\s*\d{1,2}(?:[\s,;、和]*选项\s*\d{1,2})*\s*", folded):
            return None
        numbers = list(map(int, re.findall(r"\d+", folded)))
        return None if 0 in numbers else self._positions([letter(number) for number in numbers])

    def _by_circled_numbers(self) -> frozenset[int] | None:
        """ "②", "①③": the numbers of options, where no option is called so."""
        if not re.fullmatch(r"[①-⑫\s,，;；、.。]+", self.key):
            return None
        return self._positions([letter(ord(mark) - ord("①") + 1) for mark in re.findall("[①-⑫]", self.key)])

    def _by_letters_with_remark(self) -> frozenset[int] | None:
        """ "A. 基本存款账户", "ABD（多选）": letters first, then a text that names no other option."""
        folded = unicodedata.normalize("NFKC", self._without_explanation())
        if (letters := letters_in(folded)) is not None:
            return self._positions(letters)
        found = re.match(
            r"\s*[(\[【]?\s*([A-L](?:[\s,;、.]*[A-L])*)\s*[)\]】]?(?:[\s.、,:;(。-]+)(.+)", folded, re.DOTALL
        )
        if found and re.fullmatch(r"[A-L\s,;、.]+", found[2]):
            return None  # "AB AC": the keys of two questions
        if not found or re.search(r"(?<![A-Za-z])[A-L](?![A-Za-z])", found[2]):
            return self._by_lettered_texts(folded)
        numbers = self._positions(re.findall("[A-L]", found[1]))
        others = {_bare(text) for number, text in enumerate(self.options, 1) if number not in (numbers or ())}
        return None if _bare(found[2]) in others else numbers

    def _without_explanation(self) -> str:
        """The key before "解析：…"; what stands behind is kept as the explanation if there is no other."""
        found = _GLUED_EXPLANATION.search(self.key)
        if found is None or not found.start():
            return self.key
        self.explanation = self.key[found.end() :].strip("）)】 \n")
        return self.key[: found.start()]

    def _by_lettered_texts(self, folded: str) -> frozenset[int] | None:
        """ "A. 红;B. 绿": each part a letter with its option's own text."""
        parted = [split_at(folded, separator) for separator in ("\n", ";", "|", ",", "、")]
        for parts in [*parted, re.split(r"\s+(?=[A-L]\s*[.、:)])", folded.strip())]:
            letters = []
            for part in parts:
                found = re.fullmatch(r"([A-L])\s*[.、:)]?\s*(.+)", part, re.DOTALL)
                place = self._position(found[1]) if found else None
                if found is None or place is None or _bare(self.options[place - 1]) != _bare(found[2]):
                    break
                letters.append(found[1])
            else:
                if letters:
                    return self._positions(letters)
        return None


def position_of(letter: str, options: Sequence[str], labels: Sequence[str]) -> int | None:
    """The number of the option a letter means: by its label, else by its place; None if there is none."""
    if labels:
        return labels.index(letter) + 1 if labels.count(letter) == 1 else None
    number = ord(letter) - ord("A") + 1
    return number if 1 <= number <= len(options) and options[number - 1] else None


def _bare(text: str) -> str:
    return tidied(text).strip("。.;；,，")
