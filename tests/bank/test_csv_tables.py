"""Separated text, and tables under another name."""

import pytest

from question_bank.check import Choices, check_file
from question_bank.reading.choices import SheetChoice, TableChoice
from tests.workbooks import HEADER, JUDGEMENT, SINGLE, codes, csv_file, keys, workbook


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_csv_in_any_encoding(encoding: str, separator: str) -> None:
    report = check_file(csv_file([HEADER, SINGLE, JUDGEMENT], encoding, separator), "bank.csv")
    assert [(q.sheet, q.row, q.content.kind.value) for q in report.questions] == [
        ("", 2, "single_choice"),
        ("", 3, "true_false"),
    ]


def test_csv_with_single_quotes_and_line_breaks_inside() -> None:
    text = "'题干','A','B','C','答案'\n'第一行\n第二行','甲, 乙','丙','丁','A'\n'问','1','2','3','C'\n"
    report = check_file(text.encode(), "bank.csv")
    assert [(q.row, q.content.stem, q.content.options[0]) for q in report.questions] == [
        (2, "第一行\n第二行", "甲, 乙"),
        (3, "问", "1"),
    ]


def test_csv_without_a_header() -> None:
    rows = [
        ["1", "哪一个是投诉电话？", "12315", "12345", "A"],
        ["2", "哪一个是火警电话？", "119", "110", "A"],
        ["3", "哪一个是报警电话？", "119", "110", "B"],
    ]
    assert keys(check_file(csv_file(rows), "bank.csv")) == [["A"], ["A"], ["B"]]


def test_an_xls_that_is_really_html() -> None:
    table = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in [HEADER, SINGLE])
    assert keys(check_file(f"<html><body><table>{table}</table></body></html>".encode(), "bank.xls")) == [["A"]]


def test_an_xls_that_is_really_xml() -> None:
    def row(cells: list[str]) -> str:
        return "<Row>" + "".join(f'<Cell><Data ss:Type="String">{cell}</Data></Cell>' for cell in cells) + "</Row>"

    space = "urn:schemas-microsoft-com:office:spreadsheet"
    xml = (
        f'<?xml version="1.0"?><Workbook xmlns="{space}" xmlns:ss="{space}"><Worksheet ss:Name="题目"><Table>'
        f"{row(HEADER)}{row(SINGLE)}</Table></Worksheet></Workbook>"
    )
    report = check_file(xml.encode(), "bank.xls")
    assert [(q.sheet, q.row) for q in report.questions] == [("题目", 2)]


def test_the_ending_does_not_matter() -> None:
    assert check_file(workbook([HEADER, SINGLE]), "bank.xls").total == 1
    assert check_file(workbook([HEADER, SINGLE]), "bank.txt").total == 1


def test_a_csv_record_broken_inside_its_stem() -> None:
    text = "序号,题干,A,B,答案\n1,第一行\n第二行,甲,乙,A\n2,问？,丙,丁,B\n"
    report = check_file(text.encode(), "bank.csv")
    assert [(q.row, q.content.stem, q.content.key_as_letters) for q in report.questions] == [
        (2, "第一行\n第二行", ["A"]),
        (4, "问？", ["B"]),
    ]


def test_short_csv_records_stay_apart() -> None:
    text = "题型,题干,A,B,C,D,答案\n判断,甲。,,,,,对\n判断,乙。\n判断,丙。,,,,,错\n"
    report = check_file(text.encode(), "bank.csv")
    assert ([q.row for q in report.questions], codes(report)) == ([2, 4], [(3, "key_missing")])


def read(text: str) -> tuple[list[tuple[str, list[str]]], list[tuple[int | None, str]]]:
    report = check_file(text.encode(), "bank.csv")
    return [(q.content.stem, q.content.key_as_letters) for q in report.questions], codes(report)


@pytest.mark.parametrize(
    "text",
    [
        "sep=;\n题干;A;B;答案\n一？;甲;乙;A\n",
        "题干,A,B,答案,,,\n一？,甲,乙,A,,,\n",
        "# 题库\n# 作者\n题干,A,B,答案\n一？,甲,乙,A\n",
        "题干|A|B|答案\n一？|甲|乙|A\n",
    ],
)
def test_what_stands_around_a_csv(text: str) -> None:
    assert read(text) == ([("一？", ["A"])], [])


def test_quotes_inside_a_field() -> None:
    assert read('题干,A,B,答案\n"说""好""，对？",甲,乙,A\n他说"好"吗？,甲,乙,B\n') == (
        [('说"好"，对？', ["A"]), ('他说"好"吗？', ["B"])],
        [],
    )
    assert read('题干,A,B,答案\n"说\\"好\\"，对？",甲,乙,A\n') == ([('说"好"，对？', ["A"])], [])


def test_a_quote_that_nobody_closed_spoils_its_own_line_only() -> None:
    found, problems = read('题干,A,B,答案\n"一？,甲,乙,A\n二？,甲,乙,B\n三？,甲,乙,A\n')
    assert (found, [row for row, _ in problems]) == ([("二？", ["B"]), ("三？", ["A"])], [2])


def test_an_unquoted_separator_is_a_problem_not_a_shift() -> None:
    text = "id,question,A,B,C,D,answer\n1,What is 1, or 2?,a,b,c,d,B\n2,Two?,a,b,c,d,C\n3,Three?,a,b,c,d,A\n"
    assert read(text) == ([("Two?", ["C"]), ("Three?", ["A"])], [(2, "too_many_fields")])


def test_a_record_without_a_key_is_not_joined_to_the_next() -> None:
    assert read("题干,A,B,答案\n一？,甲,乙\n二？,丙,丁,B\n") == ([("二？", ["B"])], [(2, "key_missing")])
    found, problems = read("序号,题干,A,B,答案\n1,一？\n2,二？,丙,丁\n3,三？,丙,丁,B\n")
    assert (found, [row for row, _ in problems]) == ([("三？", ["B"])], [2, 3])


def test_keys_that_repeat_an_option_need_no_header() -> None:
    text = "Capital?;Berlin;Madrid;Paris;Paris\nLargest?;Earth;Jupiter;Saturn;Jupiter\nTwo and two?;3;4;5;4\n"
    assert [key for _, key in read(text)[0]] == [["C"], ["B"], ["B"]]


def test_rows_copied_from_a_table_are_a_table_whatever_the_file_is_called() -> None:
    rows = ["1\t哪里最高？\tA\tA.山顶\tB.山腰", "2\t哪里最低？\tB\tA.山顶\tB.山腰", "3\t哪里有树？\tAB\tA.山顶\tB.山腰"]
    report = check_file("\n".join(rows).encode(), "题库.txt")
    assert [question.content.key_as_letters for question in report.questions] == [["A"], ["B"], ["A", "B"]]


UNKNOWN = "甲栏,乙栏,丙栏,丁栏\n一加一是几,二,三,首个\n一加二是几,二,三,次个\n"


def test_a_csv_that_nobody_recognises_shows_its_columns() -> None:
    report = check_file(UNKNOWN.encode("gb18030"), "题.csv")
    [about] = report.understood
    assert (about.read_as, about.skipped, about.header_row) == ("table", "no_questions", 1)
    assert [column.header for column in about.columns] == ["甲栏", "乙栏", "丙栏", "丁栏"]
    assert [problem.code for problem in report.problems] == ["no_questions"]


def test_its_columns_mean_what_a_person_says() -> None:
    parts = {"A": "stem", "B": "option:1", "C": "option:2", "D": "key"}
    choices = Choices({"": SheetChoice(read=True, tables=(TableChoice(1, parts),))})
    report = check_file(UNKNOWN.replace("首个", "A").replace("次个", "三").encode(), "题.csv", choices)
    assert [question.content.key_as_letters for question in report.questions] == [["A"], ["B"]]


def test_prose_with_commas_is_no_table() -> None:
    report = check_file("质量强国，是一件大事。\n人人有责，人人尽责，人人享有。\n完".encode(), "说明.csv")
    assert [about.read_as for about in report.understood] == ["text"]
