"""Hold what a participant typed into a blank against the texts that are accepted there."""

from collections.abc import Iterable

from question_bank.content import tidied

_ENDS = "。.．;；,，:：!！?？、\"'“”‘’`·"


def tidied_answer(text: str) -> str:
    """A typed answer as it is compared: full width, white space, case and punctuation at its ends folded."""
    folded = tidied(text)
    # An answer that is nothing but punctuation is meant as such.
    return folded.strip(_ENDS) or folded


def blank_is_right(given: str, accepted: Iterable[str]) -> bool:
    """Whether the text given for one blank is one of the accepted ones."""
    answer = tidied_answer(given)
    return bool(answer) and any(answer == tidied_answer(text) for text in accepted)
