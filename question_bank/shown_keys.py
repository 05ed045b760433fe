"""Keys that a stem or an explanation shows beside the stated ones: they must agree, and stems must not show them."""

import re
from collections.abc import Callable, Collection, Sequence

from question_bank.choice_keys import position_of
from question_bank.content import TRUE, QuestionContent, tidied
from question_bank.kinds import QuestionKind as Kind
from question_bank.reading.drafts import Draft
from question_bank.reading.explained_keys import keys_explained, letters_called_right
from question_bank.reading.keys import letters_in
from question_bank.reading.kind_words import verdict_in
from question_bank.reading.stems import (
    StemWithKey,
    blanks_in,
    blanks_in_stem,
    choice_in_stem,
    is_filled_blank,
    key_in_stem,
    option_in_stem,
    shown_verdict,
)
from question_bank.verdict_keys import VerdictKey


class KeysDisagree(Exception):
    """The stem, or the explanation, shows another key than the one that is stated."""

    def __init__(self, shown: str, where: str = "题干") -> None:
        super().__init__(shown)
        self.shown, self.where = shown, where


def stem_without_letters(
    stem: str, options: Sequence[str], numbers: Collection[int], position: Callable[[str], int | None]
) -> str:
    """The stem of a choice with the letters, or the text, of its right options taken out of bracket or blank."""
    found = key_in_stem(stem, Kind.SINGLE_CHOICE, len(options))
    letters = letters_in("".join(found.pieces) or found.key) if found is not None else None
    if found is None or letters is None:
        return _without_option(stem, options, numbers)
    if {position(letter) for letter in letters} == set(numbers):
        return found.stem
    if len(found.pieces) == 1 and (is_filled_blank(stem, found.key) or _stands_between_strokes(stem, found.key)):
        raise KeysDisagree(found.key)
    return stem


def _stands_between_strokes(stem: str, text: str) -> bool:
    return re.search(rf"_\s*{re.escape(text)}\s*_", stem) is not None


def _without_option(stem: str, options: Sequence[str], numbers: Collection[int]) -> str:
    found = option_in_stem(stem, options) if not blanks_in(stem) else None
    return found.stem if found is not None and {ord(found.key) - 64} == set(numbers) else stem


def stem_without_verdict(stem: str, verdict: bool) -> StemWithKey:
    """The stem of a judgement without its verdict, and what was said behind it."""
    found = shown_verdict(stem)
    if found is None:
        return StemWithKey(stem, "")
    if verdict_in(found.key) is not verdict:
        raise KeysDisagree(found.key)
    return found


def stem_without_answers(stem: str, blanks: Sequence[Sequence[str]]) -> str:
    """The stem whose blanks are filled with just these answers, with its blanks emptied."""
    found = blanks_in_stem(stem)
    if found is None or len(found.pieces) != len(blanks) or choice_in_stem(stem, 0) is not None:
        return stem
    pairs = zip(found.pieces, blanks, strict=True)
    return found.stem if all(tidied(piece) in map(tidied, texts) for piece, texts in pairs) else stem


def other_key_explained(draft: Draft, content: QuestionContent, options: Sequence[str], labels: Sequence[str]) -> str:
    """What the explanation states as the key where it is not the question's own; "" where they agree.

    An explanation that contradicts itself, calling the right options right before it ends with others, has erred.
    """
    if draft.exact or content.kind not in (Kind.SINGLE_CHOICE, Kind.MULTIPLE_CHOICE, Kind.TRUE_FALSE):
        return ""
    is_judgement = content.kind is Kind.TRUE_FALSE

    def agrees(said: str) -> bool:
        if is_judgement:
            return VerdictKey(draft, said, options, labels).verdict() is (content.choices == {TRUE})
        return {position_of(letter, options, labels) for letter in said} == content.choices

    stated = keys_explained(content.explanation, is_judgement=is_judgement)
    if not is_judgement and agrees("".join(stated)):
        return ""  # option by option: "…故选A。…故选C。"
    other = next((said for said in stated if not agrees(said)), "")
    if other and not any(map(agrees, letters_called_right(content.explanation))):
        raise KeysDisagree(other, "解析")
    return other
