"""Texts written to keep a reader busy: twice as long takes about twice as long."""

from collections.abc import Callable

import pytest

from question_bank.check import check_file
from tests import spreadsheets
from tests.bank import in_turn

Files = Callable[[str], list[bytes]]
UNITS = [
    " ", "　\n", "\t", "（", "）", "[", "_", "____ ", "AB", "A. ", "1.", "1 ", "一", "、", "；", "答案：", "（A）", "*",
    "* ", "#", "<", "-", "√", "A 甲 ", "{", "=", "|", "' ", "题", "1,", "单选", "选项", "1、A",
]  # fmt: skip
CHOICE = ["1. 哪个？", "A. 甲", "B. 乙", "答案：A"]
LENGTH = 12_000


def texts(junk: str) -> list[bytes]:
    """A text with the junk in each of its lines in turn, and behind it."""
    lines = [[*CHOICE[:place], CHOICE[place] + junk, *CHOICE[place + 1 :]] for place in range(len(CHOICE))]
    return ["\n".join(text).encode() for text in [*lines, [*CHOICE, junk]]]


def tables(junk: str) -> list[bytes]:
    """A table with the junk in each of its columns in turn."""
    row = ["单选题", "哪个？", "A.甲|B.乙", "A", ""]
    rows = [[*row[:place], f"甲{junk}乙", *row[place + 1 :]] for place in range(len(row))]
    return [spreadsheets.ods({"题库": [["题型", "题干", "选项", "答案", "解析"], row, spoilt]}) for spoilt in rows]


def takes_about_twice_the_time(long: bytes, short: bytes, name: str) -> bool:
    return in_turn.takes_about_twice_the_time(lambda: check_file(long, name), lambda: check_file(short, name))


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize(("files", "name"), [(texts, "bank.txt"), (tables, "bank.ods")])
def test_twice_the_junk_takes_about_twice_the_time(unit: str, files: Files, name: str) -> None:
    once, twice = (files(unit * (length // len(unit)) + "x") for length in (LENGTH, 2 * LENGTH))
    for short, long in zip(once, twice, strict=True):
        assert takes_about_twice_the_time(long, short, name)


@pytest.mark.parametrize(
    ("unit", "name"),
    [("x", "bank.txt"), ("a,", "bank.csv"), ('"' + "x" * 99, "bank.csv"), ("{", "bank.gift"), ("<p>", "bank.html")],
)
def test_an_endless_line_of_twice_the_length_takes_about_twice_the_time(unit: str, name: str) -> None:
    short, long = (unit * (length // len(unit)) for length in (200_000, 400_000))
    assert takes_about_twice_the_time(long.encode(), short.encode(), name)


def plainly(number: int) -> str:
    return f"{number}. 第 {number} 件产品由谁负责？\nA. 甲 {number}\nB. 乙 {number}\n答案：A"


def in_chapters(number: int) -> str:
    """Five questions each, numbered anew, and their keys below them."""
    asked = [f"{n}. 第 {number} 章之 {n}（ ）\nA. 甲 B. 乙" for n in range(1, 6)] if number % 5 == 0 else []
    return "\n".join([f"第{number}章 产品", *asked, "参考答案", "1-5 ABABA"]) if asked else ""


def with_verdicts_below(number: int) -> str:
    return f"1、第 {number} 件事。\n2、又 {number} 件事。\n1、√ 2、×"


def never_in_order(number: int) -> str:
    return f"1、第 {number} 件事。\n1、√ 3、×"


@pytest.mark.parametrize("question", [plainly, in_chapters, with_verdicts_below, never_in_order])
def test_a_typed_bank_of_twice_the_questions_takes_about_twice_the_time(question: Callable[[int], str]) -> None:
    def bank(questions: int) -> bytes:
        return "\n".join(
            ["一、单选题" if question is plainly else "", *map(question, range(1, questions + 1))]
        ).encode()

    assert takes_about_twice_the_time(bank(5_000), bank(2_500), "bank.txt")


def test_an_endless_gap_is_shortened_and_nothing_else_is() -> None:
    stem = "甲" + " " * 20 + "乙" + " " * 9_000 + "丙（ ）。"
    report = check_file(f"1. {stem}\nA. 甲\nB. 乙\n答案：A".encode(), "bank.txt")
    assert report.questions[0].content.stem == "甲" + " " * 20 + "乙" + " " * 500 + "丙（ ）。"
