"""Characters that nobody sees, as they come with texts copied from web pages and chats."""

import re

_UNSEEN = re.compile("[\u200b-\u200f\u2060\ufeff]")


def without_unseen(text: str) -> str:
    """A name or a key without them; in the texts of questions they may join letters and signs, and stay."""
    return _UNSEEN.sub("", text)
