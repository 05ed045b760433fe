# ruff: noqa: E501  (samples stand as they come)
"""What cannot be taken comes back in the layout of its file, reads as it did, and is taken once it is mended."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from question_bank.check import Choices, Report, check_file
from question_bank.reading.choices import SheetChoice, TableChoice
from question_bank.reading.reasons import REASONS, WHOLE_SHEETS
from question_bank.rest import name_of_rest, rest_workbook
from tests import picture_files
from tests.picture_files import EMF, floating, jpeg, png
from tests.workbooks import HEADER, JUDGEMENT, SEVERAL, SINGLE, csv_file, document, saved, workbook

Rows = Sequence[Sequence[Any]]
NO_KEY = ["单选题", "没有答案的题（ ）。", "甲", "乙", "丙", "丁", "", ""]
WRONG_KEY = ["单选题", "答案不在选项里的题（ ）。", "甲", "乙", "丙", "丁", "F", ""]


def rest_of(data: bytes, name: str = "bank.xlsx") -> tuple[Report, bytes]:
    report = check_file(data, name)
    return report, rest_workbook(report)


def rows(data: bytes, sheet: int = 0) -> list[list[Any]]:
    return [[cell or "" for cell in row] for row in load_workbook(BytesIO(data)).worksheets[sheet].values]


def reasons(report: Report) -> list[tuple[str, str, str]]:
    return [(problem.column, problem.code, problem.message) for problem in report.problems]


LAYOUTS: dict[str, dict[str, Rows]] = {
    "ours": {"题目": [HEADER, SINGLE, NO_KEY, JUDGEMENT, WRONG_KEY]},
    "titles and a legend above the header": {
        "Sheet1": [
            ["2026 年质量知识题库"], ["题型：1单选 2多选 3判断"], [],
            ["序号", "题型", "题目", "A", "B", "C", "正确答案"],
            [1, 1, "问一？", "甲", "乙", "丙", "A"], [2, 1, "问二？", "甲", "乙", "丙", ""],
            [3, 2, "问三？", "甲", "乙", "丙", "AB"], [4, 3, "问四？", "", "", "", "也许"],
        ],
    },
    "headings between the questions": {
        "Sheet1": [
            ["题干", "A", "B", "C", "答案"], ["一、单选题"], ["问一？", "甲", "乙", "丙", "A"], ["问二？", "甲", "乙", "丙", "AB"],
            ["二、多选题"], ["问三？", "甲", "乙", "丙", "AC"], ["三、判断题"], ["问四？", "", "", "", ""],
        ],
    },
    "a header over two rows": {
        "Sheet1": [
            ["题干", "选项", "", "", "答案"], ["", "A", "B", "C", ""],
            ["问一？", "甲", "乙", "丙", "A"], ["问二？", "甲", "", "丙", "A"], ["问三？", "甲", "乙", "丙", "B"],
        ],
    },
    "options in one cell": {
        "Sheet1": [
            ["题干", "选项", "答案"], ["问一？", "A. 甲 B. 乙 C. 丙", "A"], ["问二？", "A. 甲 B. 乙 C. 丙", "D"],
            ["问三？", "A. 甲 B. 乙 C. 丙", "B"],
        ],
    },
    "options in the rows below": {
        "Sheet1": [
            ["题干", "选项", "答案"], ["问一？", "甲", "A"], ["", "乙", ""], ["", "丙", ""], ["问二？", "甲", ""], ["", "乙", ""],
            ["", "丙", ""], ["问三？", "甲", "B"], ["", "乙", ""],
        ],
    },
    "two tables in a sheet": {
        "Sheet1": [
            ["单选题", "A", "B", "C", "答案"], ["问一？", "甲", "乙", "丙", "A"], ["问二？", "甲", "乙", "丙", ""], [],
            ["判断题", "答案"], ["问三？", "对"], ["问四？", ""],
        ],
    },
    "several sheets": {
        "单选": [HEADER[1:], SINGLE[1:], NO_KEY[1:]], "多选": [HEADER[1:], SEVERAL[1:]],
        "判断": [["题目", "答案"], ["经营者应当开票。", "对"], ["经营者可以不开票。", "？"]],
    },
    "keys that are numbers from 0": {
        "Sheet1": [
            ["题干", "A", "B", "C", "答案"], ["问一？", "甲", "乙", "丙", 0], ["问二？", "甲", "乙", "丙", 2], ["问三？", "甲", "乙", "丙", 7],
        ],
    },
    "keys that are texts": {
        "Sheet1": [
            ["题干", "A", "B", "C", "答案"], ["问一？", "甲", "乙", "丙", "甲"], ["问二？", "甲", "乙", "丙", "丙"], ["问三？", "甲", "乙", "丙", "丁"],
        ],
    },
    "numbered rows that are empty": {
        "Sheet1": [["序号", "题干", "A", "B", "答案"], [1, "问一？", "甲", "乙", "A"], [2, "问二？", "甲", "乙", ""], *([n] for n in range(3, 30))],
    },
    "columns nobody knows": {
        "Sheet1": [["区县", "题干", "A", "B", "答案", "出题老师", "得分点"], ["东区", "问一？", "甲", "乙", "A", "李", "2"], ["西区", "问二？", "甲", "乙", "", "王", "3"]],
    },
    "no key at all on one sheet": {
        "甲卷": [["题干", "A", "B"], ["问一？", "甲", "乙"], ["问二？", "甲", "乙"]], "乙卷": [HEADER, SINGLE, NO_KEY],
    },
    "texts that look like formulas": {
        "Sheet1": [HEADER, SINGLE, ["单选题", "'=1+1 得几？", "+2", "-2", "@2", "#名称", "", ""]],
    },
}  # fmt: skip


@pytest.mark.parametrize("layout", LAYOUTS)
def test_unmended_it_gives_the_same_problems_and_nothing_to_take(layout: str) -> None:
    report, rest = rest_of(workbook(**LAYOUTS[layout]))
    assert report.problems
    again = check_file(rest, name_of_rest("bank.xlsx"))
    assert reasons(again) == reasons(report)
    assert (again.total, len(again.refused)) == (0, len(report.refused))


@pytest.mark.parametrize("layout", LAYOUTS)
def test_it_has_the_headers_and_columns_of_its_file(layout: str) -> None:
    report, rest = rest_of(workbook(**LAYOUTS[layout]))
    book = load_workbook(BytesIO(rest))
    for problem in report.problems:
        was = [[str(cell) if cell not in (None, "") else "" for cell in row] for row in LAYOUTS[layout][problem.sheet]]
        now = [[cell or "" for cell in row] for row in book[problem.sheet].values]
        width = max(map(len, was))
        assert all(
            [*row, *[""] * (width - len(row))] in [line[:width] for line in now] for row in was if is_header(row)
        )
        if problem.row is not None:
            refused = [*was[problem.row - 1], *[""] * (width - len(was[problem.row - 1]))]
            assert [line for line in now if line[:width] == refused and problem.message in line[width]]


def is_header(row: list[str]) -> bool:
    return bool({"题干", "题目", "答案", "正确答案"} & set(row)) or {"A", "B"} <= set(row) or "1单选" in " ".join(row)


def test_the_rows_that_were_taken_are_not_in_it() -> None:
    _, rest = rest_of(workbook(**LAYOUTS["titles and a legend above the header"]))
    assert [row[:4] for row in rows(rest)] == [
        ["2026 年质量知识题库", "", "", ""], ["题型：1单选 2多选 3判断", "", "", ""],
        ["序号", "题型", "题目", "A"], ["2", "1", "问二？", "甲"], ["4", "3", "问四？", ""],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("layout", "key", "wanted"),
    [
        ("ours", "B", [["B"], ["B"]]),
        ("keys that are numbers from 0", "2", [["C"]]),
        ("keys that are texts", "乙", [["B"]]),
        ("options in the rows below", "C", [["C"]]),
        ("options in one cell", "C", [["C"]]),
    ],
)
def test_mended_rows_are_taken_as_they_would_have_been(layout: str, key: str, wanted: list[list[str]]) -> None:
    """A key 2 among keys from 0 means the third option, in the few rows that came back too."""
    _, rest = rest_of(workbook(**LAYOUTS[layout]))
    book = load_workbook(BytesIO(rest))
    sheet = book.worksheets[0]
    [(header, column)] = [(c.row, c.column) for row in sheet.iter_rows() for c in row if c.value == "答案"]
    reason = sheet.max_column
    for row in range(header + 1, sheet.max_row + 1):
        if sheet.cell(row, reason).value:
            sheet.cell(row, column).value = key
    report = check_file(saved(book), name_of_rest("bank.xlsx"))
    assert [question.content.key_as_letters for question in report.questions] == wanted
    assert report.problems == ()


def test_the_cell_at_fault_is_coloured_and_says_why() -> None:
    _, rest = rest_of(workbook(**LAYOUTS["ours"]))
    sheet = load_workbook(BytesIO(rest)).worksheets[0]
    marked = {cell.coordinate: cell.comment.text for row in sheet.iter_rows() for cell in row if cell.comment}
    assert set(marked) == {"G2", "G3"} and "没有答案" in marked["G2"]
    assert all(sheet[place].fill.fgColor.rgb == "00F8D7DA" for place in marked)


def test_an_empty_option_is_the_cell_at_fault() -> None:
    _, rest = rest_of(workbook(**LAYOUTS["a header over two rows"]))
    sheet = load_workbook(BytesIO(rest)).worksheets[0]
    assert [cell.coordinate for row in sheet.iter_rows() for cell in row if cell.comment] == ["C3"]


def test_numbers_are_texts_as_they_are_shown_and_nothing_is_a_formula() -> None:
    header = ["题干", "A", "B", "答案"]
    data = workbook([header, ["合格率？", 0.16, 0.2, ""], ["问？", 1, 2, "A"]], formats={"B2": "0%", "C2": "0%"})
    _, rest = rest_of(data)
    assert rows(rest)[1][:3] == ["合格率？", "16%", "20%"]
    _, rest = rest_of(workbook(**LAYOUTS["texts that look like formulas"]))
    cells = [cell for row in load_workbook(BytesIO(rest)).worksheets[0].iter_rows() for cell in row]
    assert all(cell.data_type == "s" for cell in cells if cell.value)
    assert "+2" in [cell.value for cell in cells]


def test_numbers_that_are_shown_alike_stay_apart() -> None:
    header = ["题干", "A", "B", "答案"]
    data = workbook([header, ["哪个？", 0.1234, 0.1231, ""], ["问？", 1, 2, "A"]], formats={"B2": "0.00", "C2": "0.00"})
    _, rest = rest_of(data)
    assert rows(rest)[1][1:3] == ["0.1234", "0.1231"]


def test_problems_of_whole_sheets_have_a_sheet_of_their_own() -> None:
    book = Workbook()
    book.active.title = "题目"
    hidden = book.create_sheet("旧题")
    for row in (HEADER, SINGLE, NO_KEY):
        book["题目"].append(row)
        hidden.append(row)
    hidden.sheet_state = "hidden"
    report, rest = rest_of(saved(book))
    back = load_workbook(BytesIO(rest))
    assert back.sheetnames == [WHOLE_SHEETS, "题目", "旧题"] and back["旧题"].sheet_state == "hidden"
    assert "旧题" in str(back[WHOLE_SHEETS]["B2"].value)
    assert reasons(check_file(rest, "rest.xlsx")) == reasons(report)


def test_what_is_left_of_what_was_left_has_one_column_of_reasons() -> None:
    _, rest = rest_of(workbook(**LAYOUTS["ours"]))
    _, again = rest_of(rest, name_of_rest("bank.xlsx"))
    assert [str(cell).startswith(REASONS) for cell in rows(again)[0]] == [*[False] * len(HEADER), True]
    assert name_of_rest(name_of_rest("题库.v2.xls")) == name_of_rest("题库.v2.xls") == "没有导入的题-题库.v2.xlsx"


def test_separated_text_comes_back_as_a_workbook_of_its_columns() -> None:
    report, rest = rest_of(
        csv_file(
            [["题干", "A", "B", "答案", "备注"], ["问一？", "甲", "乙", "A", "x"], ["问二？", "甲", "乙", "", "y"]]
        ),
        "bank.csv",
    )
    assert [row[:5] for row in rows(rest)] == [["题干", "A", "B", "答案", "备注"], ["问二？", "甲", "乙", "", "y"]]
    assert reasons(check_file(rest, "rest.xlsx")) == reasons(report)


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (document("1. 问一？", "A. 甲", "B. 乙", "答案：A", "2. 问二？", "A. 甲", "B. 乙", "答案：F"), "bank.docx"),
        (workbook([["单选题", "问一？", "甲", "乙", "A"], ["单选题", "问二？", "甲", "乙", "F"], *[["单选题", f"问{n}？", "甲", "乙", "B"] for n in range(9)]]), "bank.xlsx"),
    ],
)  # fmt: skip
def test_documents_and_tables_without_a_header_come_back_in_our_own_layout(data: bytes, name: str) -> None:
    report, rest = rest_of(data, name)
    assert [problem.code for problem in report.problems] == ["key_not_among_options"]
    [header, row] = rows(rest)
    assert header[:3] == ["题型", "题干", "选项A"] and row[1] == "问二？" and "答案“F”" in row[-1]
    assert reasons(check_file(rest, "rest.xlsx")) == reasons(report)


def test_hidden_rows_come_back_hidden_and_are_still_not_read() -> None:
    book = Workbook()
    for row in (HEADER, SINGLE, NO_KEY, SEVERAL, JUDGEMENT):
        book.active.append(row)
    book.active.row_dimensions[4].hidden = True
    report, rest = rest_of(saved(book))
    again = check_file(rest, "rest.xlsx")
    assert [problem.code for problem in again.problems] == [problem.code for problem in report.problems]
    assert (again.total, len(again.refused)) == (0, 1)
    sheet = load_workbook(BytesIO(rest))["Sheet"]
    assert [sheet.cell(row, 2).value for row in range(2, sheet.max_row + 1)] == [NO_KEY[1], SEVERAL[1]]
    assert sheet.row_dimensions[3].hidden


def test_a_file_that_was_read_as_a_person_said_comes_back_in_headers_that_need_no_saying() -> None:
    rows_of_it = [["何问", "何答甲", "何答乙", "何者"], ["问一？", "甲", "乙", "A"], ["问二？", "甲", "乙", "F"]]
    parts = {"A": "stem", "B": "option:1", "C": "option:2", "D": "key"}
    said = Choices({"Sheet1": SheetChoice(tables=(TableChoice(1, parts),))})
    report = check_file(workbook(rows_of_it), "bank.xlsx", said)
    assert [problem.code for problem in report.problems] == ["key_not_among_options"]
    rest = rest_workbook(report)
    assert rows(rest)[0][:2] == ["题型", "题干"]
    assert [problem.code for problem in check_file(rest, "rest.xlsx").problems] == ["key_not_among_options"]


def test_pictures_come_back_with_the_questions_that_wait_for_something_else() -> None:
    rows = [HEADER, [*SINGLE[:6], "", ""], SINGLE]
    for data, name in (
        (floating(workbook(rows), {"B2": png(), "D2": jpeg(), "B3": png(5, 5)}), "题.xlsx"),
        (
            picture_files.document("1. 图中是？", png(), ["A. 甲", jpeg()], "B. 乙", "2. 应当诚信。", "答案：对"),
            "题.docx",
        ),
    ):
        report = check_file(data, name)
        assert len(report.refused) == 1
        again = check_file(rest_workbook(report), "没有导入的题.xlsx")
        assert [draft.key for draft in again.refused] == [""]
        (draft,) = again.refused
        assert [again.album.pictures(mark)[0].data for _, mark in draft.pictures] == [png(), jpeg()]
        assert again.total == 0


def test_a_question_whose_picture_could_not_be_taken_does_not_come_back_whole() -> None:
    report = check_file(floating(workbook([HEADER, SINGLE]), {"B2": EMF}), "题.xlsx")
    again = check_file(rest_workbook(report), "没有导入的题.xlsx")
    assert (again.total, [p.code for p in again.problems]) == (0, ["key_missing"])
