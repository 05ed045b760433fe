"""Pictures as pages and JSON show them: where each belongs, its address and its size."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from flask import Flask, url_for

from question_bank import queries
from question_bank.content import QuestionContent

Sizes = dict[str, tuple[int, int]]
"""Width and height by SHA-256."""


def pictures_at(
    content: QuestionContent, place: int, url_of: Callable[[str], str], sizes: Sizes, *, shown_at: int | None = None
) -> list[dict[str, Any]]:
    """The pictures of the stem (place 0) or of an option; ``shown_at`` is the option's place on a paper."""
    return [
        {
            "place": place if shown_at is None else shown_at,
            "url": url_of(sha256),
            "width": sizes.get(sha256, (0, 0))[0],
            "height": sizes.get(sha256, (0, 0))[1],
        }
        for at, sha256 in content.pictures
        if at == place
    ]


def sizes_in(contents: Iterable[QuestionContent]) -> Sizes:
    return queries.sizes_of_pictures(sha256 for content in contents for _, sha256 in content.pictures)


@dataclass(frozen=True)
class PicturesShown:
    """The pictures of one question as an attempt shows them."""

    attempt_id: int
    content: QuestionContent
    sizes: Sizes

    def of_stem(self) -> list[dict[str, Any]]:
        return pictures_at(self.content, 0, self._url, self.sizes)

    def of_options(self, shown: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
        """The options in the order of the paper, each with its pictures. ``number`` is the option's own."""
        return [
            {**option, "pictures": pictures_at(self.content, option["number"], self._url, self.sizes, shown_at=place)}
            for place, option in enumerate(shown, 1)
        ]

    def _url(self, sha256: str) -> str:
        return url_for("pictures.of_attempt", attempt_id=self.attempt_id, sha256=sha256)


def bank_pictures(
    content: QuestionContent, place: int = 0, *, endpoint: str = "pictures.of_bank"
) -> list[dict[str, Any]]:
    """The same for the staff, from the bank."""
    if not content.pictures:
        return []
    return pictures_at(content, place, lambda sha256: url_for(endpoint, sha256=sha256), sizes_in([content]))


def register(app: Flask) -> None:
    app.jinja_env.globals["pictures_at"] = bank_pictures
