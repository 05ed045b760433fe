"""Which page of a long list was asked for: ``?page=N``."""

from collections.abc import Sequence
from typing import TypeVar

from flask import request

Row = TypeVar("Row")


def page_number() -> int:
    """1 where nothing that can be a page was asked for; it may lie past the end."""
    number = request.args.get("page", "1")
    return max(1, int(number)) if number.isdecimal() and len(number) < 7 else 1


def page_of_rows(rows: Sequence[Row], a_page: int) -> tuple[Sequence[Row], int, int]:
    """The rows of the page that was asked for, its number and how many pages there are; past the end the last page."""
    pages = max(1, -(-len(rows) // a_page))
    page = min(page_number(), pages)
    return rows[(page - 1) * a_page : page * a_page], page, pages
