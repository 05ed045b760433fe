"""核验 a file that was published: the bundle as JSON or the judges' workbook. Nothing here asks a database."""

from pathlib import Path

from quiz.rules.bundle_file import CheckDraw, Unreadable, Verified, verify_text
from quiz.services.verifying_workbook import verify_workbook

CHECK_DRAW: CheckDraw | None = None


def verify_file(file: Path, published: str | None = None) -> Verified:
    """Recompute what the file says. Raises Misfit, Unreadable, OSError."""
    with file.open("rb") as stream:
        is_workbook = stream.read(2) == b"PK"
    if is_workbook:
        return verify_workbook(file, published, CHECK_DRAW)
    try:
        with file.open(encoding="utf-8-sig", newline="\n") as text:
            return verify_text(text, published, CHECK_DRAW)
    except UnicodeDecodeError:
        raise Unreadable("不是 UTF-8 文字，读不了。") from None
