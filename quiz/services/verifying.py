"""核验 a file that was published: the bundle as JSON or the judges' workbook. Nothing here asks a database."""

import json
from pathlib import Path
from typing import Any

from quiz.rules.bundle_file import Unreadable, Verified, verify_text
from quiz.rules.prizes import is_draw
from quiz.services.verifying_workbook import verify_workbook


def draw_in(file: Path) -> Any:
    """The public JSON of a prize draw, if the file is one; else None. Raises OSError."""
    with file.open("rb") as stream:
        # A bundle begins with its digest, and may be too large to be read for this.
        if stream.read(10) == b'{"digest":':
            return None
        stream.seek(0)
        try:
            value = json.load(stream)
        except (ValueError, RecursionError):
            return None
    return value if is_draw(value) else None


def verify_file(file: Path, published: str | None = None) -> Verified:
    """Recompute what the file says. Raises Misfit, Unreadable, OSError."""
    with file.open("rb") as stream:
        is_workbook = stream.read(2) == b"PK"
    if is_workbook:
        return verify_workbook(file, published)
    try:
        with file.open(encoding="utf-8-sig", newline="\n") as text:
            return verify_text(text, published)
    except UnicodeDecodeError:
        raise Unreadable("不是 UTF-8 文字，读不了。") from None
