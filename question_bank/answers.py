"""Answers of 填空题, tidied and held against the accepted texts."""

from collections.abc import Iterable

from question_bank.content import tidied

_ENDS = "。.;；,，!！、"


def tidied_answer(text: str) -> str:
    """The text as it is compared: full-width forms folded, spaces and end marks gone, case folded."""
    return tidied(text).strip(_ENDS)


def blank_is_right(given: str, accepted: Iterable[str]) -> bool:
    """Whether the text given for one blank is one of the accepted ones."""
    answer = tidied_answer(given)
    return bool(answer) and any(answer == tidied_answer(text) for text in accepted)
