"""A long check says how far it has come."""

from question_bank.check import check_file
from question_bank.exporting import Format, exported
from question_bank.progress import STEP, counted
from tests.workbooks import HEADER, SINGLE, many_questions, workbook


def test_a_check_tells_every_few_hundred_questions_and_the_end() -> None:
    told: list[tuple[int, int]] = []
    check_file(many_questions(620), "bank.xlsx", progress=lambda done, total: told.append((done, total)))
    assert told == [(0, 620), (STEP, 620), (2 * STEP, 620), (620, 620)]


def test_who_does_not_ask_is_told_nothing_and_gets_the_same() -> None:
    data = workbook([HEADER, SINGLE])
    assert check_file(data, "bank.xlsx") == check_file(data, "bank.xlsx", progress=lambda _done, _total: None)
    assert list(counted("abc", None)) == ["a", "b", "c"]


def test_an_export_tells_how_far_its_reading_back_has_come() -> None:
    contents = [question.content for question in check_file(many_questions(STEP + 1), "bank.xlsx").questions]
    told: list[tuple[int, int]] = []
    exported(contents, Format.GIFT, progress=lambda done, total: told.append((done, total)))
    assert told == [(0, STEP + 1), (STEP, STEP + 1), (STEP + 1, STEP + 1)]
