"""Results for programs: CSV of one ladder, JSON of all three, with what the judges' workbook says of them."""

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction
from io import TextIOWrapper
from typing import IO, Any

from quiz.models import Contest
from quiz.queries.exports import PersonLine
from quiz.rules.contest import ContestTerms, LadderRule
from quiz.rules.participation import LadderRow
from quiz.rules.ranking import rounded
from quiz.rules.wording import leaderboard_in_words
from quiz.services.export_sheets import Sheet, persons, places, score_of
from quiz.services.xlsx import Value

LADDERS = ("person", "unit", "street")
STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What spreadsheets take for the beginning of a formula when they open a CSV."""


@dataclass(frozen=True)
class Ladders:
    """The three ladders of one moment; ``persons`` can be read once. None: not for these eyes."""

    contest: Contest
    terms: ContestTerms
    now: datetime
    persons: Iterable[PersonLine]
    units: Sequence[LadderRow] | None = None
    streets: Sequence[LadderRow] | None = None
    with_phone: bool = True


def write_csv(file: IO[bytes], sheet: Sheet) -> None:
    """UTF-8 with the mark by which Excel knows it, lines as RFC 4180 wants them."""
    _title, columns, rows = sheet
    with _text(file) as text:
        text.write("\ufeff")
        writer = csv.writer(text, lineterminator="\r\n")
        writer.writerow([column.header for column in columns])
        writer.writerows(map(_cells, rows))


def sheet_of(ladders: Ladders, by: str) -> Sheet:
    """The sheet of the workbook that the CSV of this ladder repeats."""
    rules: dict[str, tuple[str, Sequence[LadderRow] | None, LadderRule]] = {
        "unit": ("单位", ladders.units, ladders.terms.unit_ladder),
        "street": ("街道", ladders.streets, ladders.terms.street_ladder),
    }
    if by == "person":
        return persons(ladders.persons, ladders.terms, with_phone=ladders.with_phone)
    title, rows, rule = rules[by]
    return places(title, rows or (), rule)


def _cells(row: Sequence[Value]) -> list[str]:
    return [_cell(value) for value in row]


def _cell(value: Value) -> str:
    """Numbers stay numbers. A text that begins like a formula gets an apostrophe, which spreadsheets take for text."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="milliseconds")
    if isinstance(value, str):
        return f"'{value}" if value.startswith(STARTS_A_FORMULA) else value
    return repr(value)


def write_json(file: IO[bytes], ladders: Ladders) -> None:
    """One object, a row on each line, so that a million rows can be written and read one by one."""
    terms = ladders.terms
    head = {
        "contest": ladders.contest.slug,
        "title": terms.title,
        "as_of": _moment(ladders.now),
        "terms_sha256": ladders.contest.terms_versions[-1].sha256,
        "full": float(Fraction(terms.full, 100)),
        "rule": {by: leaderboard_in_words(terms, by) for by in LADDERS},
    }
    parts: list[tuple[str, Iterator[Any]]] = [
        ("persons", (_person(line, with_phone=ladders.with_phone) for line in ladders.persons))
    ]
    parts += [
        (name, map(_place, rows))
        for name, rows in (("units", ladders.units), ("streets", ladders.streets))
        if rows is not None
    ]
    with _text(file) as text:
        text.write(_dumped(head)[:-1])
        for name, values in parts:
            text.write(f',\n"{name}": [')
            _write_rows(text.write, values)
            text.write("]")
        text.write("}\n")


def _write_rows(write: Callable[[str], object], values: Iterable[Any]) -> None:
    before = "\n"
    for value in values:
        write(before + _dumped(value))
        before = ",\n"


def _person(line: PersonLine, *, with_phone: bool) -> dict[str, Any]:
    elapsed = Fraction(line.elapsed_sum, line.counted)
    phone = {"phone": line.phone} if with_phone else {}
    return {
        "rank": line.rank,
        "entry_code": line.entry_code,
        "name": line.name,
        **phone,
        "street": line.street,
        "unit": line.unit,
        "class": line.unit_class,
        "score": score_of(line),
        "elapsed_ms": int(elapsed) if elapsed.denominator == 1 else rounded(elapsed),
        "ended_at": _moment(line.finished_at),
    }


def _place(row: LadderRow) -> dict[str, Any]:
    tally = row.tally
    return {
        "rank": row.place.rank,
        "code": tally.code,
        "name": tally.name,
        "class": tally.unit_class,
        "headcount": tally.headcount,
        "participants": tally.participants,
        "participation_rate": float(tally.participation_rate),
        "mean": rounded(tally.mean / 100),
        "score": rounded(row.score),
        "entries": tally.entries,
        "nonzero": tally.nonzero,
        "measures": {measure.value: rounded(value) for measure, value in row.measures.items()},
    }


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _dumped(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


@contextmanager
def _text(file: IO[bytes]) -> Iterator[TextIOWrapper]:
    """The file as text; it stays open afterwards, because whoever opened it reads it next."""
    text = TextIOWrapper(file, encoding="utf-8", errors="replace", newline="")
    try:
        yield text
        text.flush()
    finally:
        text.detach()
