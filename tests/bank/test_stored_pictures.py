"""An import keeps each picture once, and undoing it leaves none behind that no question shows."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select

from question_bank import queries, revising, service
from question_bank.database import db
from question_bank.models import Picture, Question
from question_bank.pictures import picture_of
from tests.bank.test_service import nobody
from tests.conftest import MORNING
from tests.picture_files import EMF, floating, png
from tests.workbooks import HEADER, JUDGEMENT, SEVERAL, SINGLE, workbook

ONE, TWO, THREE = png(5, 4, shade=1), png(shade=2), png(shade=3)


@pytest.fixture(autouse=True)
def _context(context: Flask) -> Iterator[None]:
    yield


def take(pictures: dict[str, bytes | str], *rows: list[str], bank: str = "题库") -> service.Taken:
    data = floating(workbook([HEADER, *(rows or (SINGLE, SEVERAL))]), pictures)
    batch, _ = service.keep_upload(data, "bank.xlsx", bank, author="person:1", now=MORNING)
    return service.take_batch(batch.id, skip_problems=True, now=MORNING)


def kept() -> set[bytes]:
    return set(db.session.scalars(select(Picture.data)))


def test_pictures_come_with_their_questions_each_once() -> None:
    take({"B2": ONE, "B3": ONE, "C3": TWO})
    assert kept() == {ONE, TWO}
    row = queries.picture(picture_of(ONE).sha256)
    assert row is not None and (row.media_type, row.width, row.height) == ("image/png", 5, 4)
    bank = queries.bank_named("题库")
    assert bank is not None
    shown = [version.content.pictures for version in queries.live_versions(bank.id)]
    assert [[place for place, _ in pairs] for pairs in shown] == [[0], [0, 1]]


def test_what_is_not_taken_leaves_no_picture() -> None:
    taken = take({"B2": ONE, "B3": EMF, "C3": TWO, "L20": THREE})
    assert (taken.taken, kept()) == (1, {ONE})


def test_undoing_an_import_removes_the_pictures_that_nobody_shows_any_more() -> None:
    first = take({"B2": ONE, "B3": TWO})
    take({"B2": TWO}, JUDGEMENT)
    service.undo_batch(first.batch.id, used_versions=nobody, now=MORNING)
    assert kept() == {TWO}


def test_the_same_pictures_again_are_already_there() -> None:
    take({"B2": ONE})
    again = take({"B2": ONE})
    other = take({"B2": TWO})
    assert (again.already, other.already, other.taken) == (2, 1, 1)
    assert kept() == {ONE, TWO}


def test_a_revision_brings_its_new_picture() -> None:
    take({})
    question = db.session.scalars(select(Question)).first()
    assert question is not None
    new = replace(question.current.content, pictures=((0, picture_of(ONE).sha256),))
    version = revising.revise_question(question.id, new, author="person:1", now=MORNING, pictures=[picture_of(ONE)])
    assert version.content.pictures == new.pictures and kept() == {ONE}
