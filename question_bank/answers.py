"""Hold what a participant typed into a blank against the texts that are accepted there."""

import re
import unicodedata
from collections.abc import Iterable

_ENDS = " \t\r\n。.，,；;：:、!！?？\"'“”‘’`·"


def tidied_answer(text: str) -> str:
    """A typed answer as it is compared: full width, white space, case and punctuation at its ends folded."""
    folded = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).casefold()
    # An answer that is nothing but punctuation is meant as such.
    return folded.strip(_ENDS) or folded


def blank_is_right(given: str, accepted: Iterable[str]) -> bool:
    """Whether a text typed into a blank is one of the accepted ones."""
    tidy = tidied_answer(given)
    return bool(tidy) and any(tidy == tidied_answer(text) for text in accepted)
