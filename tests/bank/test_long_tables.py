"""Tables in the layouts that need a look beyond their own row: twice as many questions take about twice the time."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from question_bank.reading.drafts import Sheet
from question_bank.reading.sheets import drafts_of_sheets
from question_bank.rows import judged
from tests.bank.in_turn import takes_about_twice_the_time

OPTIONS = ["红红", "绿绿", "蓝蓝"]
MANY, TRIED = 3_000, 40


@dataclass
class Layout:
    """What one question adds to each sheet; ``above`` and ``below`` are the rows around all of them."""

    rows: Callable[[int], dict[str, list[list[Any]]]]
    above: dict[str, list[list[Any]]]
    below: Callable[[int], list[list[Any]]] = field(default=lambda _count: [])
    is_merged: bool = False

    def sheets(self, count: int) -> list[Sheet]:
        rows = {name: list(above) for name, above in self.above.items()}
        merged: dict[tuple[int, int], int] = {}
        for number in range(1, count + 1):
            for name, told in self.rows(number).items():
                top = len(rows[name]) + 1
                merged |= {(top + place, 0): top for place in range(1, len(told))} if self.is_merged else {}
                rows[name] += told
        next(iter(rows.values())).extend(self.below(count))
        return [
            Sheet(name, [(n, [*map(str, cells)]) for n, cells in enumerate(told, 1)], merged=merged)
            for name, told in rows.items()
        ]


def stem(number: int) -> str:
    return f"第 {number} 件事由谁负责（ ）"


def by_option(number: int) -> list[list[Any]]:
    return [[stem(number), OPTIONS[0], "√"], ["", OPTIONS[1], ""], ["", OPTIONS[2], ""]]


LAYOUTS = {
    "options on another sheet": Layout(
        lambda n: {"题目": [[n, stem(n), "B"]], "选项": [[n, "ABC"[k], text] for k, text in enumerate(OPTIONS)]},
        {"题目": [["题号", "题干", "答案"]], "选项": [["题号", "选项标号", "选项内容"]]},
    ),
    "keys on another sheet": Layout(
        lambda n: {"题目": [[n, stem(n), *OPTIONS]], "答案": [[n, "B"]]},
        {"题目": [["题号", "题干", "A", "B", "C"]], "答案": [["题号", "答案"]]},
    ),
    "keys below by number": Layout(
        lambda n: {"题目": [[n, stem(n), *OPTIONS]]},
        {"题目": [["题号", "题干", "A", "B", "C"]]},
        lambda count: [["题号", "答案"], *([n, "B"] for n in range(1, count + 1))],
    ),
    "keys below in order": Layout(
        lambda n: {"题目": [[stem(n), *OPTIONS]]},
        {"题目": [["题干", "A", "B", "C"]]},
        lambda count: [["答案"], *[["B"]] * count],
    ),
    "ticks under right and wrong": Layout(
        lambda n: {"题目": [[stem(n), *(["√", ""] if n % 2 else ["", "√"])]]}, {"题目": [["题目", "对", "错"]]}
    ),
    "ticks behind each option": Layout(
        lambda n: {"题目": [[stem(n), OPTIONS[0], "", OPTIONS[1], "√", OPTIONS[2], ""]]},
        {"题目": [["题干", "选项A", "正确", "选项B", "正确", "选项C", "正确"]]},
    ),
    "ticks under the kinds": Layout(
        lambda n: {"题目": [[stem(n), "√", "", *OPTIONS, "B"]]},
        {"题目": [["题干", "单选", "多选", "A", "B", "C", "答案"]]}
    ),
    "a legend of kinds": Layout(
        lambda n: {"题目": [[1, stem(n), *OPTIONS, "B"]]},
        {"题目": [["题型（1单选 2多选）", "题干", "A", "B", "C", "答案"]]}
    ),
    "a row for each option": Layout(
        lambda n: {"题目": by_option(n)}, {"题目": [["题干", "选项", "是否正确"]]}, is_merged=True
    ),
    "options in the rows below": Layout(
        lambda n: {"题目": [[stem(n), "B"], *([f"{'ABC'[k]}.{text}", ""] for k, text in enumerate(OPTIONS))]},
        {"题目": [["题干", "答案"]]},
    ),
    "several questions in a cell": Layout(
        lambda n: {"题目": [[f"{2 * n}、{stem(n)}\nA.甲 B.乙\n答案：A\n{2 * n + 1}、又{stem(n)}\nA.红 B.绿\n答案：B"]]},
        {"题目": [["试题内容"]]},
    ),
    "a question in each column": Layout(
        lambda n: {"题目": [["题干", stem(n)], ["选项A", "红"], ["选项B", "绿"], ["答案", "A"]]}, {"题目": []}
    ),
    "explanations that state the keys": Layout(
        lambda n: {"题目": [[stem(n), *OPTIONS, f"见第 {n} 条，故选B。"]]}, {"题目": [["题干", "A", "B", "C", "解析"]]}
    ),
}  # fmt: skip


def read(sheets: list[Sheet]) -> int:
    """How many questions can be taken."""
    return sum(judged(draft).content is not None for draft in drafts_of_sheets(sheets).drafts)


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS.keys())
def test_twice_the_questions_of_a_table_take_about_twice_the_time(layout: Layout) -> None:
    assert read(layout.sheets(TRIED)) >= TRIED
    long, short = layout.sheets(MANY), layout.sheets(MANY // 2)
    assert takes_about_twice_the_time(lambda: read(long), lambda: read(short))
