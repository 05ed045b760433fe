"""What the runs of Word paragraphs say beyond their texts: formulas, raised digits, words struck out."""

import pytest

from question_bank.check import check_file
from question_bank.reading.formulas import MATH
from tests.bank.test_documents import RED, lines, options, read, run, table
from tests.workbooks import codes, document, keys, paragraph

RAISED, LOWERED, STRUCK = (
    '<w:vertAlign w:val="superscript"/>',
    '<w:vertAlign w:val="subscript"/>',
    "<w:strike/>",
)


def formula(inside: str) -> str:
    return f'<m:oMath xmlns:m="{MATH.strip("{}")}">{inside}</m:oMath>'


def m(name: str, *parts: str) -> str:
    return f"<m:{name}>{''.join(parts)}</m:{name}>"


def sign(text: str) -> str:
    return m("r", m("t", text))


X_SQUARED = m("sSup", m("e", sign("x")), m("sup", sign("2")))


@pytest.mark.parametrize(
    ("inside", "text"),
    [
        (X_SQUARED, "x²"),
        (m("sSub", m("e", sign("a")), m("sub", sign("n+1"))), "a_(n+1)"),
        (m("sSup", m("e", sign("a+b")), m("sup", sign("2"))), "(a+b)²"),
        (m("f", m("num", sign("a+b")), m("den", sign("c"))), "(a+b)/c"),
        (m("rad", m("deg"), m("e", sign("2x"))), "√(2x)"),
        (m("rad", m("deg", sign("3")), m("e", sign("8"))), "³√(8)"),
        (m("d", m("e", sign("x+1"))), "(x+1)"),
        (m("nary", m("sub", sign("0")), m("sup", sign("1")), m("e", sign("x"))), "∫_0^1 x"),
        (m("box", m("e", sign("y"))), "y"),
    ],
)
def test_a_formula_stands_in_its_text_as_it_would_be_typed(inside: str, text: str) -> None:
    report = read(lines("1. 结果是（ A ）"), f"<w:p>{run('A. ')}{formula(inside)}</w:p>", lines("B. 零"))
    assert (options(report), keys(report)) == ([[text, "零"]], [["A"]])


def test_a_formula_in_a_stem_is_no_lost_word() -> None:
    report = read(f"<w:p>{run('1. ')}{formula(X_SQUARED)}{run('是多少（A）')}</w:p>", lines("A. 四", "B. 零"))
    assert [question.content.stem for question in report.questions] == ["x²是多少（  ）"]


def test_raised_and_lowered_digits_stay_so() -> None:
    first = f"<w:p>{run('A. 10')}{run('3', RAISED)}{run(' m')}{run('-1', RAISED)}</w:p>"
    second = f"<w:p>{run('B. H')}{run('2', LOWERED)}{run('O')}{run('注', RAISED)}</w:p>"
    report = read(lines("1. 哪一个（A）"), first, second)
    assert options(report) == [["10³ m⁻¹", "H₂O注"]]


def test_a_question_with_words_struck_out_is_named() -> None:
    first = f"<w:p>{run('1. 哪里最高（')}{run('A', STRUCK)}{run('B）')}</w:p>"
    report = read(first, lines("A. 山顶", "B. 山腰", "2. 哪里最低（B）", "A. 山顶", "B. 谷底"))
    assert (codes(report), keys(report)) == ([(1, "struck_out")], [["B"]])


def test_words_struck_out_in_a_table_name_the_row() -> None:
    struck = run("B", STRUCK) + run("A")
    rows = [["题目", "A", "B", "答案"], ["哪里最高", "山顶", "山腰", struck], ["哪里最低", "山顶", "谷底", "B"]]
    report = read(table(*rows))
    assert (codes(report), keys(report)) == ([(5, "struck_out")], [["B"]])


def test_ranges_of_keys_in_a_table() -> None:
    asked = [line for n in range(1, 5) for line in (f"{n}. 第 {n} 题（ ）", "A. 甲 B. 乙")]
    report = read(lines("一、单选题", *asked, "参考答案"), table(["1-2", "AB"], ["3-4", "BA"]))
    assert (codes(report), keys(report)) == ([], [["A"], ["B"], ["B"], ["A"]])


@pytest.mark.parametrize(
    ("instruction", "text"),
    [(r"eq \o\ac(○,1)", "①"), (r"EQ \f(1,2)", "1/2"), (r"eq \r(,2)", "(,2)"), ("PAGE", ""), ('HYPERLINK "x"', "")],
)
def test_what_a_field_draws_by_itself_is_read(instruction: str, text: str) -> None:
    begin, end = instruction[:4], instruction[4:]
    field = "".join(f"<w:r><w:instrText>{part}</w:instrText></w:r>" for part in (begin, end))
    report = read(f"<w:p>{run('1. 甲')}{field}{run('乙（A）')}</w:p>", lines("A. 一", "B. 二"))
    assert [question.content.stem for question in report.questions] == [f"甲{text}乙（  ）"]


def test_how_a_word_is_pronounced_is_no_part_of_it() -> None:
    ruby = f"<w:r><w:ruby><w:rt>{run('pi')}</w:rt><w:rubyBase>{run('貔')}</w:rubyBase></w:ruby></w:r>"
    report = read(f"<w:p>{run('1. 什么是')}{ruby}{run('（A）')}</w:p>", lines("A. 一", "B. 二"))
    assert [question.content.stem for question in report.questions] == ["什么是貔（  ）"]


# --- keys that are set off -------------------------------------------------------------------------------------------


def test_an_option_that_is_part_of_another_is_not_marked_with_it() -> None:
    marked = [f"<w:p>{run(f'B. {word}管理', RED)}</w:p>" for word in ("质量", "标准")]
    report = read(lines("1. 甲（ ）", "A. 质量", marked[0], "C. 其他", "2. 乙（ ）", "A. 标准", marked[1], "C. 其他"))
    assert (codes(report), keys(report)) == ([], [["B"], ["B"]])


def test_a_coloured_explanation_points_at_no_option() -> None:
    asked = [
        block
        for n in (1, 2)
        for block in (f"{n}. 第 {n} 题（ ）", run("A. 甲", RED), "B. 乙", run("解析：B. 乙不对。", RED))
    ]
    report = read(lines(*asked))
    assert (codes(report), keys(report)) == ([], [["A"], ["A"]])


def test_a_coloured_word_of_the_stem_that_is_an_option_too_leaves_it_open() -> None:
    others = [block for n in range(2, 12) for block in (f"{n}. 第 {n} 题（ ）", run("A. 甲", RED), "B. 乙")]
    report = read(f"<w:p>{run('1. 关于')}{run('质量', RED)}{run('（ ）')}</w:p>", lines("A. 质量", "B. 重量", *others))
    assert (codes(report), keys(report)) == ([(1, "key_missing")], [["A"]] * 10)


# --- automatic numbers -----------------------------------------------------------------------------------------------

ONE_LIST = (
    '<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/>'
    '<w:lvlText w:val="%1."/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
)


def numbered(text: str, more: str = "") -> str:
    return paragraph(text, f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>{more}')


@pytest.mark.parametrize(("more", "numbers"), [("", (1, 3)), ("<w:rPr><w:del/></w:rPr>", (1, 2))])
def test_an_empty_paragraph_takes_its_number_unless_it_is_deleted(more: str, numbers: tuple[int, int]) -> None:
    asked = [numbered("甲（ ）"), "A. 一 B. 二", numbered("", more), numbered("乙（ ）"), "A. 一 B. 二"]
    answers = "答案：" + " ".join(f"{number}.{key}" for number, key in zip(numbers, "AB", strict=True))
    report = check_file(document(*asked, answers, numbering=ONE_LIST), "bank.docx")
    assert (codes(report), keys(report)) == ([], [["A"], ["B"]])
