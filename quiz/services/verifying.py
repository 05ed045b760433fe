"""核验 a file that was published: the bundle as JSON or the judges' workbook. Nothing here asks a database."""

from pathlib import Path

from quiz.rules.bundle_file import CheckDraw, Unreadable, Verified, verify_text

CHECK_DRAW: CheckDraw | None = None


def verify_file(file: Path, published: str | None = None) -> Verified:
    """Recompute what the file says. Raises Misfit, Unreadable, OSError."""
    with file.open("rb") as stream:
        start = stream.read(4)
    if start.startswith(b"PK"):
        raise Unreadable("工作簿里没有数据包。")
    try:
        with file.open(encoding="utf-8-sig", newline="\n") as text:
            return verify_text(text, published, CHECK_DRAW)
    except UnicodeDecodeError:
        raise Unreadable("不是 UTF-8 文字，读不了。") from None
