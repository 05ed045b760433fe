"""Which verdict a key means: by the file's legend, by the option it points at, by its word or what follows it."""

import re
import unicodedata
from collections.abc import Sequence

from question_bank.choice_keys import position_of
from question_bank.kinds import QuestionKind as Kind
from question_bank.reading.drafts import Draft
from question_bank.reading.keys import letters_in
from question_bank.reading.kind_words import are_verdicts, verdict_in, verdict_with_remark

_AROUND = "[](){}<>《》【】“”‘’\"' \n、"
_SAID = re.compile(r"^(?:(?:正确|参考|标准)?答案|答(?=:))\s*[:为是]?\s*(?=\S)")
_SCRAPS = re.compile("章节|测验|已完成|得分")


class VerdictKey:
    """A key beside the options of a judgement. ``remark`` is what stood behind it, once ``verdict`` has read it."""

    def __init__(self, draft: Draft, key: str, options: Sequence[str], labels: Sequence[str]) -> None:
        self.draft, self.options, self.labels = draft, options, labels
        self.key = _SAID.sub("", unicodedata.normalize("NFKC", key).strip(_AROUND)).strip(_AROUND)
        self.remark = ""

    def verdict(self) -> bool | None:
        """对 is True, 错 is False; None where the key means neither."""
        key, legend = self.key, self.draft.verdicts
        if key.upper() in legend:
            return legend[key.upper()]
        filled = [text for text in self.options if text]
        letters = letters_in(key)
        if filled:
            if are_verdicts(filled):
                return self._by_options(letters)
            if len(filled) > 2:
                return None
        elif letters in (["A"], ["B"]):
            return letters == ["A"]
        if key in ("1", "0"):
            return key == "1"
        if lettered := re.fullmatch(r"[AB]\s*[.、:)]?\s*(\S+)", key):
            return verdict_in(lettered[1])  # "B.错误", its options left out
        return self._by_word()

    def _by_options(self, letters: list[str] | None) -> bool | None:
        if letters and len(letters) == 1 and (place := self._position(letters[0])) is not None:
            return verdict_in(self.options[place - 1])
        if (found := re.fullmatch(r"([AB])\s*[.、:)]?\s*(.+)", self.key)) and (place := self._position(found[1])):
            pointed = verdict_in(self.options[place - 1])
            return pointed if pointed is verdict_in(found[2]) else None
        word = self._by_word()
        return word if word is not None else self._by_number()

    def _by_number(self) -> bool | None:
        right_first = verdict_in(self.options[0])
        if self.key in ("1", "0") and (self.draft.key_base < 0 or self.key == "0" or right_first):
            return self.key == "1" if right_first else None
        return False if self.key == "2" and self.draft.key_base == 1 and right_first else None

    def _by_word(self) -> bool | None:
        is_tick = self.key in ("V", "v") and Kind.TRUE_FALSE in (self.draft.kind, self.draft.hint)
        word = True if is_tick else verdict_in(self.key)
        if word is None and (found := verdict_with_remark(self.key)):
            word, remark = found
            self.remark = "" if _SCRAPS.search(remark) else remark
        return word

    def _position(self, letter: str) -> int | None:
        return position_of(letter, self.options, self.labels)
