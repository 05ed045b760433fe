"""标签: words by which the staff find questions again, as a cell or a field holds them."""

import re
from collections.abc import Iterable

LONGEST_TAG, MOST_TAGS = 20, 12
_BETWEEN = re.compile(r"[，,、；;|｜\n]")


def tags_in(text: str) -> tuple[str, ...]:
    """The tags of one text, each once, in their order, however long and many."""
    return tuple(dict.fromkeys(filter(None, (" ".join(part.split()) for part in _BETWEEN.split(text)))))


def kept(tags: Iterable[str]) -> list[str]:
    """The tags as they are kept: sorted, so long and so many at most."""
    return sorted({" ".join(tag.split())[:LONGEST_TAG].strip() for tag in tags if tag.strip()})[:MOST_TAGS]


def as_text(tags: Iterable[str]) -> str:
    return "，".join(tags)
