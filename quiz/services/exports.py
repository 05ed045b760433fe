"""Results as files: the judges' workbook (CONTRACT §6), CSV and JSON, and for managers their own people.

All are written into a file as they are read, all as of one moment; ``told`` hears how far they have come.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from enum import StrEnum
from io import BytesIO
from typing import IO, TypeVar

from question_bank.database import db, snapshot
from quiz.models import Contest
from quiz.queries import standings as ladders
from quiz.queries.exports import person_lines, question_counts, ruling_lines
from quiz.queries.seals import last_seal
from quiz.queries.standings import Within
from quiz.rules.contest import ContestTerms
from quiz.rules.participation import LadderRow, by_class
from quiz.services import attempts
from quiz.services import ladders as kept_ladders
from quiz.services.bundle_sheet import bundle_sheet
from quiz.services.export_sheets import cover, persons, places, places_by_class, rulings, terms_rows
from quiz.services.export_tables import Ladders, sheet_of, write_csv, write_json
from quiz.services.prize_sheet import prizes
from quiz.services.question_sheet import questions
from quiz.services.sheets import ResultWorkbook

Row = TypeVar("Row")
Told = Callable[[str, int, int], None]
"""Called with what is being done, how much of it is done, and of how much."""

STEP = 1000


def nobody(_stage: str, _done: int, _total: int) -> None:
    """For work that nobody waits for."""


def write_judges_workbook(contest_id: int, file: IO[bytes], *, now: datetime, told: Told = nobody) -> None:
    """The whole result: 封面, 规程, 个人, 单位, 街道, 类别, 试题, 裁定, 抽奖. What is overdue is handed in first."""
    attempts.submit_expired(contest_id, now=now)
    with snapshot():
        contest = db.session.get_one(Contest, contest_id)
        terms = contest.terms
        total = ladders.persons_total(contest_id, Within())
        units, streets = unit_ladder(contest, terms), street_ladder(contest, terms)
        classes = by_class([row.tally for row in units], terms.unit_ladder, full=terms.full)
        with ResultWorkbook(file, title=terms.title, made_at=now) as workbook:
            workbook.add(
                *cover(contest, terms, now, total, len(units), len(streets)), is_landscape=False, row_height=26
            )
            workbook.add(*terms_rows(contest, terms, now))
            lines = counted(person_lines(contest_id, terms.ties, Within()), total, "写个人", told)
            workbook.add(*persons(lines, terms), is_filtered=True)
            workbook.add(*places("单位", units, terms.unit_ladder), is_filtered=True)
            workbook.add(*places("街道", streets, terms.street_ladder), is_filtered=True)
            workbook.add(*places_by_class(classes, terms.unit_ladder), is_filtered=True)
            counts = question_counts(contest_id, lambda done, of: told("数试题", done, of))
            workbook.add(*questions(counts), is_filtered=True)
            workbook.add(*rulings(ruling_lines(contest_id), terms))
            workbook.add(*prizes(contest_id, terms))
            if sealed := last_seal(contest_id):
                workbook.add(*bundle_sheet(sealed))


class Form(StrEnum):
    """What results go out as; the value is the ending of the file."""

    WORKBOOK = "xlsx"
    CSV = "csv"
    JSON = "json"

    @property
    def media_type(self) -> str:
        return _MEDIA_TYPES[self]


_MEDIA_TYPES = {
    Form.WORKBOOK: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Form.CSV: "text/csv",
    Form.JSON: "application/json",
}


def write_results(
    contest_id: int, file: IO[bytes], form: Form, *, now: datetime, by: str = "person", told: Told = nobody
) -> None:
    """The result in this form: the judges' workbook, one ladder as CSV, or all three as JSON."""
    if form is Form.WORKBOOK:
        write_judges_workbook(contest_id, file, now=now, told=told)
        return
    attempts.submit_expired(contest_id, now=now)
    with snapshot():
        contest = db.session.get_one(Contest, contest_id)
        terms = contest.terms
        lines = person_lines(contest_id, terms.ties, Within())
        whole = Ladders(
            contest,
            terms,
            now,
            counted(lines, ladders.persons_total(contest_id, Within()), "写个人", told),
            unit_ladder(contest, terms) if form is Form.JSON or by == "unit" else None,
            street_ladder(contest, terms) if form is Form.JSON or by == "street" else None,
        )
        if form is Form.CSV:
            write_csv(file, sheet_of(whole, by))
        else:
            write_json(file, whole)


def judges_workbook(contest_id: int, *, now: datetime) -> bytes:
    """The same in memory, for contests of a size that fits."""
    file = BytesIO()
    write_judges_workbook(contest_id, file, now=now)
    return file.getvalue()


def write_own_people(contest_id: int, within: Within, file: IO[bytes], form: Form, *, now: datetime) -> None:
    """个人 of one street or unit, with the ranks inside it; phones stay with the organiser and the judges."""
    attempts.submit_expired(contest_id, now=now)
    with snapshot():
        contest = db.session.get_one(Contest, contest_id)
        terms = contest.terms
        own = Ladders(contest, terms, now, person_lines(contest_id, terms.ties, within), with_phone=False)
        if form is Form.CSV:
            write_csv(file, sheet_of(own, "person"))
        elif form is Form.JSON:
            write_json(file, own)
        else:
            with ResultWorkbook(file, title=terms.title, made_at=now) as workbook:
                workbook.add(*sheet_of(own, "person"), is_filtered=True)


def unit_ladder(contest: Contest, terms: ContestTerms) -> list[LadderRow]:
    """单位榜, whole."""
    return kept_ladders.units(contest, terms)


def street_ladder(contest: Contest, terms: ContestTerms) -> list[LadderRow]:
    """街道榜, whole."""
    return kept_ladders.streets(contest, terms)


def counted(rows: Iterable[Row], total: int, stage: str, told: Told) -> Iterator[Row]:
    """The rows one by one; ``told`` hears of every thousand, and of the end."""
    for number, row in enumerate(rows):
        if number % STEP == 0:
            told(stage, number, total)
        yield row
    told(stage, total, total)
