"""Parts of tables that are hidden, merged or beside each other: read, or said; never lost unseen."""

from typing import Any

from question_bank.check import check_file
from tests.workbooks import check_rows, codes, hiding, keys, workbook

ROW = "<tr><td>{}</td><td>一</td><td>二</td><td>{}</td></tr>"
HEAD = "<table><tr><td>题干</td><td>A</td><td>B</td><td>答案</td></tr>"


def test_a_row_that_a_web_page_does_not_show_stays_out_and_is_said() -> None:
    page = HEAD + ROW.format("甲？", "A") + ROW.format("乙？", "B").replace("<tr>", '<tr style="display:none">')
    report = check_file(f"{page}</table>".encode(), "bank.xls")
    assert (keys(report), codes(report)) == ([["A"]], [(None, "rows_hidden")])


def test_a_cell_of_a_web_page_covers_the_rows_below_it() -> None:
    page = (
        "<table><tr><td>题型</td><td>题干</td><td>A</td><td>B</td><td>答案</td></tr>"
        '<tr><td rowspan="2">单选题</td><td>甲？</td><td>一</td><td>二</td><td>A</td></tr>'
        "<tr><td>乙？</td><td>三</td><td>四</td><td>B</td></tr></table>"
    )
    report = check_file(page.encode(), "bank.xls")
    assert [(q.content.stem, q.content.options) for q in report.questions] == [
        ("甲？", ("一", "二")),
        ("乙？", ("三", "四")),
    ]


def test_a_hidden_column_of_an_excel_xml_is_read_and_said() -> None:
    cell = '<Cell><Data ss:Type="String">{}</Data></Cell>'
    rows = [["题干", "A", "B", "答案"], ["甲？", "一", "二", "A"]]
    table = "".join(f"<Row>{''.join(map(cell.format, row))}</Row>" for row in rows)
    namespace = "urn:schemas-microsoft-com:office:spreadsheet"
    book = (
        f'<?xml version="1.0"?><Workbook xmlns="{namespace}" xmlns:ss="{namespace}"><Worksheet ss:Name="题库"><Table>'
        f'<Column ss:Index="3" ss:Hidden="1" ss:Span="1"/>{table}</Table></Worksheet></Workbook>'
    )
    report = check_file(book.encode(), "bank.xml")
    assert keys(report) == [["A"]]
    assert [(w.column, w.code) for w in report.warnings] == [
        ("B", "hidden_column_read"),
        ("答案", "hidden_column_read"),
    ]


def test_options_in_hidden_rows_below_a_question_are_said() -> None:
    rows = [["题干", "选项", "答案"], ["甲？", "一", "A"], ["", "二", ""], ["乙？", "三", "B"], ["", "四", ""]]
    report = check_file(hiding(workbook(rows), rows=[3]), "bank.xlsx")
    assert [q.content.options for q in report.questions] == [("一", "二"), ("三", "四")]
    assert [(w.row, w.code) for w in report.warnings] == [(3, "hidden_options_read")]


def test_a_row_for_each_part_of_a_question() -> None:
    one: list[list[Any]] = [["1", "国旗是？"], ["A", "红"], ["B", "绿"], ["答案", "A"]]
    two: list[list[Any]] = [["2", "草的颜色是？"], ["A", "红"], ["B", "绿"], ["答案", "B"]]
    report = check_rows(*one, *two)
    assert [(q.content.stem, q.content.options) for q in report.questions] == [
        ("国旗是？", ("红", "绿")),
        ("草的颜色是？", ("红", "绿")),
    ]
    assert keys(report) == [["A"], ["B"]]


def test_options_parted_by_a_word() -> None:
    report = check_rows(
        ["题干", "选项", "答案"], ["国旗是？", "红 或 绿 或 蓝", "红"], ["草的颜色是？", "红 或 绿 或 蓝", "绿"]
    )
    assert keys(report) == [["A"], ["B"]]
