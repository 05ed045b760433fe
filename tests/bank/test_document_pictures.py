"""Pictures in Word documents come in where they stand: in the stem, in an option."""

from question_bank.check import check_file
from tests.picture_files import EMF, document, png, shown
from tests.workbooks import codes, options

ONE, TWO, THREE = png(shade=1), png(shade=2), png(shade=3)


def test_a_picture_under_the_stem_belongs_to_it() -> None:
    report = check_file(
        document("1. 图中的标志表示（ ）。", ONE, "A. 有机产品", "B. 绿色食品", "答案：A", "2. 应当诚信。", "答案：对"),
        "bank.docx",
    )
    assert shown(report) == [[(0, ONE)], []]
    assert report.questions[0].content.stem == "图中的标志表示（ ）。"
    assert not report.problems and not report.warnings


def test_options_that_are_pictures_stand_in_paragraphs_or_in_one() -> None:
    apart = document("1. 有机产品标志是（ ）。", ["A. ", ONE], ["B. ", TWO], ["C. ", THREE], "答案：B")
    together = document("1. 有机产品标志是（ ）。", ["A. ", ONE, "    B. ", TWO, "    C. ", THREE], "答案：B")
    for data in (apart, together):
        report = check_file(data, "bank.docx")
        assert shown(report) == [[(1, ONE), (2, TWO), (3, THREE)]]
        assert options(report) == [["", "", ""]]
        assert report.questions[0].content.choices == {2}


def test_a_picture_beside_the_words_of_an_option_belongs_to_it() -> None:
    report = check_file(document("1. 标志是（ ）。", ["A. 甲", ONE], ["B. 乙", TWO], "答案：B"), "bank.docx")
    assert shown(report) == [[(1, ONE), (2, TWO)]]
    assert options(report) == [["甲", "乙"]]


def test_a_picture_under_the_last_option_is_the_stems_and_said() -> None:
    report = check_file(document("1. 标志是（ ）。", "A. 甲", "B. 乙", ONE, "答案：B"), "bank.docx")
    assert shown(report) == [[(0, ONE)]]
    assert [w.code for w in report.warnings] == ["picture_below_options"]


def test_cells_of_a_table_hold_pictures_too() -> None:
    def row(*cells: str) -> str:
        return "<w:tr>" + "".join(f"<w:tc><w:p>{cell}</w:p></w:tc>" for cell in cells) + "</w:tr>"

    def text(words: str) -> str:
        return f"<w:r><w:t>{words}</w:t></w:r>"

    pictures = [f'<w:r><w:drawing><a:blip r:embed="rId{n}"/></w:drawing></w:r>' for n in (1, 2, 3)]
    table = "<w:tbl>" + row(*map(text, ["题干", "A", "B", "答案", "配图"])) + row(
        text("标志是（ ）。"), pictures[0], pictures[1], text("A"), pictures[2]
    ) + "</w:tbl>"  # fmt: skip
    hidden = "".join(f"<w:del>{p}</w:del>" for p in pictures)
    report = check_file(document(table, [ONE, TWO, THREE], hidden), "bank.docx")
    assert shown(report) == [[(0, THREE), (1, ONE), (2, TWO)]]
    assert [w.code for w in report.warnings] == ["picture_without_question"] * 3


def test_formulas_of_old_editors_and_links_make_their_question_a_problem() -> None:
    old = '<w:r><w:object><v:shape><v:imagedata r:id="rId1"/></v:shape></w:object></w:r>'
    linked = '<w:r><w:drawing><a:blip r:link="rId9"/></w:drawing></w:r>'
    first, second = ["1. 按公式", old, "计算。"], ["2. 标志", linked, "是？"]
    data = document(EMF, first, "答案：12", second, "答案：CCC", "3. 应当诚信。", "答案：对")
    report = check_file(data, "bank.docx")
    assert [code for _, code in codes(report)] == ["picture_not_supported", "picture_linked"]
    assert report.total == 1


def test_a_picture_before_any_question_is_said() -> None:
    report = check_file(document(ONE, "1. 应当诚信。", "答案：对"), "bank.docx")
    assert [(w.row, w.code) for w in report.warnings] == [(1, "picture_without_question")]
    assert shown(report) == [[]]
