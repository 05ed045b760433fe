"""The trials of the fuzzer: each makes a file from a seed, reads it, and holds the report against what must be so."""

import random
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from xml.sax.saxutils import escape

from question_bank.check import Report
from question_bank.content import QuestionContent
from question_bank.exporting import Format, exported
from question_bank.kinds import QuestionKind as Kind
from tests import spreadsheets
from tests.fuzz.oracles import require_conserved, require_returning, sound_report
from tests.fuzz.papers import a_paper, some_scraps
from tests.fuzz.tables import Placed, a_sheet
from tests.fuzz.truths import some_truths
from tests.workbooks import document, zipped

Trial = Callable[[random.Random], tuple[int, int]]
"""Raises AssertionError with what was wrong; else how many questions there were, and how many were taken."""


_WRITERS = {
    "xlsx": spreadsheets.xlsx, "xls": spreadsheets.xls, "ods": spreadsheets.ods, "xlsb": spreadsheets.xlsb,
}  # fmt: skip


def tables(chance: random.Random) -> tuple[int, int]:
    form = chance.choice(("xlsx", "xlsx", "xls", "ods", "xlsb", "csv", "html"))
    truths = some_truths(chance)
    named = form not in ("csv", "html")
    rows, placed = a_sheet(chance, "题库" if named else "", truths)
    if form == "html":
        rows, placed = _without_blank_rows(rows, placed)
    if named:
        data = _WRITERS[form]({"题库": rows})
    elif form == "csv":
        data = spreadsheets.csv_text(rows, chance.choice((",", "\t", ";")), chance.choice(("utf-8", "utf-8-sig")))
    else:
        data = spreadsheets.html(rows)
    report = sound_report(data, f"bank.{form}")
    if form == "html":
        placed = {(_only_sheet(report), row): truth for (_, row), truth in placed.items()}
    taken = require_conserved(report, placed)
    require_returning(report)
    return len(placed), taken


def _only_sheet(report: Report) -> str:
    return next((q.sheet for q in report.questions), next((p.sheet for p in report.problems if p.row), ""))


def _without_blank_rows(rows: list[list[str]], placed: Placed) -> tuple[list[list[str]], Placed]:
    kept = [number for number, row in enumerate(rows, 1) if row]
    new = {old: number for number, old in enumerate(kept, 1)}
    return [rows[number - 1] for number in kept], {(name, new[row]): truth for (name, row), truth in placed.items()}


def papers(chance: random.Random) -> tuple[int, int]:
    lines, placed = a_paper(chance, [_said_in_lines(truth) for truth in some_truths(chance)])
    if chance.random() < 0.5:
        data, name = "\n".join(lines).encode(chance.choice(("utf-8", "gb18030"))), "bank.txt"
    else:
        data, name = document(*lines), "bank.docx"
    report = sound_report(data, name)
    taken = require_conserved(report, placed)
    require_returning(report)
    return len(placed), taken


def _said_in_lines(truth: QuestionContent) -> QuestionContent:
    return replace(truth, explanation=truth.explanation.replace("\n", ""), difficulty="")


def moodle(chance: random.Random) -> tuple[int, int]:
    truths = [replace(truth, explanation="", difficulty="") for truth in some_truths(chance)]
    body = "".join(map(_moodle_question, truths))
    report = sound_report(f"<?xml version='1.0'?><quiz>{body}</quiz>".encode(), "bank.xml")
    placed = {("", number): truth for number, truth in enumerate(truths, 1)}
    taken = require_conserved(report, placed)
    require_returning(report)
    return len(placed), taken


def _moodle_question(truth: QuestionContent) -> str:
    kinds = {
        Kind.TRUE_FALSE: "truefalse", Kind.FILL_BLANK: "shortanswer", Kind.SHORT_ANSWER: "essay",
    }  # fmt: skip
    answers = [(text, number in truth.choices) for number, text in enumerate(truth.options, 1)]
    if truth.kind is Kind.TRUE_FALSE:
        answers = [("true", 1 in truth.choices), ("false", 2 in truth.choices)]
    if truth.kind is Kind.FILL_BLANK:
        answers = [(truth.blanks[0][0], True)]
    share = 100 if truth.kind is not Kind.MULTIPLE_CHOICE else 100 / len(truth.choices)
    said = "".join(
        f'<answer fraction="{share if right else 0}" format="plain_text"><text>{_text(text)}</text></answer>'
        for text, right in answers
    )
    single = f"<single>{str(truth.kind is Kind.SINGLE_CHOICE).lower()}</single>" if truth.kind.has_options else ""
    essay = f"<graderinfo><text>{_text(truth.model_answer)}</text></graderinfo>" if truth.model_answer else ""
    return (
        f'<question type="{kinds.get(truth.kind, "multichoice")}"><name><text>题</text></name>'
        f'<questiontext format="plain_text"><text>{_text(truth.stem)}</text></questiontext>'
        f"{single}{said}{essay}</question>"
    )


def _text(text: str) -> str:
    return escape(text)


def exports(chance: random.Random) -> tuple[int, int]:
    truths = some_truths(chance)
    form = chance.choice(list(Format))
    report = sound_report(exported(truths, form).data, f"bank.{form.ending}")
    assert [question.content for question in report.questions] == truths, f"{form} came back changed"
    return len(truths), report.total


def scraps(chance: random.Random) -> tuple[int, int]:
    """Pieces of the grammars of text banks: no telling what is true."""
    text = some_scraps(chance)
    if chance.random() < 0.2:
        data, name = document(*_NOT_IN_XML.sub("", text).split("\n")), "bank.docx"
    else:
        data, name = text.encode(), chance.choice(("bank.txt", "bank.csv", "bank.gift", "判断题.txt"))
    report = sound_report(data, name)
    require_returning(report)
    return 0, report.total


_NOT_IN_XML = re.compile(r"[\x00-\x08\x0b-\x1f]")


def scrambled_tables(chance: random.Random) -> tuple[int, int]:
    """A table whose cells were shuffled, doubled, emptied and filled with scraps: no telling what is true."""
    rows, _ = a_sheet(chance, "题库", some_truths(chance))
    for _ in range(chance.randint(1, 12)):
        row = chance.choice(rows)
        if row:
            scrap = _NOT_IN_XML.sub("", some_scraps(chance)[:40])
            row[chance.randrange(len(row))] = chance.choice(("", scrap, *chance.choice(rows)))
        if chance.random() < 0.2:
            rows.insert(chance.randrange(len(rows)), list(chance.choice(rows)))
    report = sound_report(spreadsheets.ods({"题库": rows}), "bank.ods")
    require_returning(report)
    return 0, report.total


def damage(chance: random.Random) -> tuple[int, int]:
    """A whole file, or one part of an archive, with bytes changed, cut out or put in."""
    rows, _ = a_sheet(chance, "题库", some_truths(chance))
    truths = some_truths(chance)
    lines, _ = a_paper(chance, truths)
    name, whole = chance.choice([
        ("bank.xlsx", lambda: spreadsheets.xlsx({"题库": rows})),
        ("bank.ods", lambda: spreadsheets.ods({"题库": rows})),
        ("bank.xls", lambda: spreadsheets.xls({"题库": rows})),
        ("bank.xlsb", lambda: spreadsheets.xlsb({"题库": rows})), ("bank.csv", lambda: spreadsheets.csv_text(rows)),
        ("bank.html", lambda: spreadsheets.html(rows)), ("bank.docx", lambda: document(*lines)),
        ("bank.txt", lambda: "\n".join(lines).encode()), ("bank.gift", lambda: exported(truths, Format.GIFT).data),
        ("bank.zip", lambda: exported(truths, Format.QTI).data),
        ("bank.xml", lambda: f"<quiz>{''.join(map(_moodle_question, truths))}</quiz>".encode()),
    ])  # fmt: skip
    data = whole()
    if data.startswith(b"PK") and chance.random() < 0.85:
        archive = zipfile.ZipFile(BytesIO(data))
        parts: dict[str, str | bytes] = {part: archive.read(part) for part in archive.namelist()}
        part = chance.choice(list(parts))
        spoilt = zipped({**parts, part: _damaged(archive.read(part), chance)})
    else:
        spoilt = _damaged(data, chance)
    report = sound_report(spoilt, name)
    require_returning(report)
    return 0, report.total


_SCRAPS = (
    b"<", b">", b'"', b"&#x0;", b"{", b"}", b"9" * 30, b"<![x[", b"\xff\xfe", "²".encode(), b"&#65;", b"-1", b"\0",
    b"\n", b",", b"\x1b",
)  # fmt: skip


def _damaged(data: bytes, chance: random.Random) -> bytes:
    spoilt = bytearray(data)
    for _ in range(chance.choice((1, 1, 3, 20))):
        place, length = chance.randrange(len(spoilt) + 1), chance.choice((0, 0, 1, 4, 40))
        spoilt[place : place + length] = chance.choice((*_SCRAPS, bytes([chance.randrange(256)])))
        if chance.random() < 0.2 and spoilt:
            start, to = chance.randrange(len(spoilt)), chance.randrange(len(spoilt))
            spoilt[to:to] = spoilt[start : start + 60]
    return bytes(spoilt)


TRIALS: dict[str, Trial] = {
    trial.__name__: trial for trial in (tables, papers, moodle, exports, scraps, scrambled_tables, damage)
}


def run(name: str, seed: int) -> tuple[int, int]:
    """One trial. The same name and seed make the same file."""
    return TRIALS[name](random.Random(f"{name} {seed}"))
