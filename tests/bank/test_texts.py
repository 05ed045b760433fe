# ruff: noqa: E501  (samples stand as they come)
"""Texts and Word documents in the common layout."""

import pytest

from question_bank.check import check_file
from tests.workbooks import check_text, codes, document, keys, kinds, paragraph

OPTIONS = ["A. 红", "B. 绿", "C. 蓝"]


def stems(report) -> list[str]:  # type: ignore[no-untyped-def]  # what a check of any kind of file gives
    return [question.content.stem for question in report.questions]


def test_a_stem_that_begins_like_an_answer_is_named_and_not_lost() -> None:
    options = "A. 明码标价\nB. 短斤少两\nC. 虚假宣传\n答案：A\n"
    report = check_file(
        f"1. 正确答案：以下属于诚信经营的是（ ）\n{options}2. 属于失信的是（ ）\n{options}".encode(), "t.txt"
    )
    assert [question.content.stem for question in report.questions] == ["属于失信的是（ ）"]
    assert [(problem.row, problem.code) for problem in report.problems] == [(1, "stem_missing")]


def test_headings_set_the_kind() -> None:
    report = check_text(
        "质量知识题库", "一、单选题（每题1分）", "1、哪个？", *OPTIONS, "答案：B",
        "二、多项选择题", "1、哪些？", *OPTIONS, "答案：A、C",
        "三、判断题", "1、天是蓝的。（√）", "2、地是平的。（ × ）", "3、水是湿的。", "答案：对",
        "四、填空题", "1、电话是____。", "答案：12315", "2、有__诚信__和__责任__。",
        "五、简答题", "1、何为质量？", "答：满足要求的程度。", "2、何为标准？", "共同使用的文件。",
    )  # fmt: skip
    assert kinds(report) == [
        "single_choice",
        "multiple_choice",
        *["true_false"] * 3,
        *["fill_blank"] * 2,
        *["short_answer"] * 2,
    ]
    assert keys(report) == [
        ["B"], ["A", "C"], ["对"], ["错"], ["对"], [["12315"]], [["诚信"], ["责任"]], ["满足要求的程度。"], ["共同使用的文件。"],
    ]  # fmt: skip
    assert report.problems == ()


@pytest.mark.parametrize(
    "lines",
    [
        ["1、哪个？", "A. 红", "B. 绿", "C. 蓝", "答案：B"],
        ["1. 哪个？", "A.红  B.绿  C.蓝", "正确答案: B"],
        ["1．哪个？", "A、红 B、绿", "C、蓝", "【答案】B"],
        ["1) 哪个？", "A) 红", "B) 绿", "C) 蓝", "答案 B"],
        ["（1）哪个？", "(A) 红", "(B) 绿", "(C) 蓝", "参考答案：B"],
        ["第1题 哪个？", "A 红   B 绿   C 蓝", "答案：B"],
        ["1、哪个？", "A红  B绿  C蓝", "答案：B"],
        ["１、哪个？", "Ａ．红　Ｂ．绿　Ｃ．蓝", "答案：Ｂ"],
        ["1. 哪个？A.红 B.绿 C.蓝 答案：B"],
        ["1. 哪个？", "A. 红", "B. 绿", "C. 蓝 答案：B"],
        ["**1. 哪个？**", "- A. 红", "- B. 绿", "- C. 蓝", "**答案：B**"],
        ["1. 哪个？", "- [ ] A. 红", "- [x] B. 绿", "- [ ] C. 蓝"],
        ["1. 哪个？", "A. 红", "B. 绿 √", "C. 蓝"],
        ["哪个？", "A. 红", "B. 绿", "C. 蓝", "ANSWER: B"],
        ["1. (单选题, 1.0 分) (1分)哪个？", "A. 红", "B. 绿", "C. 蓝", "我的答案:A正确答案:B", "答案解析：", "0.0分"],
        ["1. 哪个？", "A. 红", "B. 绿", "C. 蓝", "我的答案: A:红;正确答案: B:绿;"],
    ],
)
def test_one_question_in_many_dresses(lines: list[str]) -> None:
    report = check_text(*lines)
    assert [(q.content.stem, list(q.content.options), q.content.key_as_letters) for q in report.questions] == [
        ("哪个？", ["红", "绿", "蓝"], ["B"])
    ]
    assert report.problems == ()


@pytest.mark.parametrize(
    "stem", ["1. 是（B）的。", "1. 是（ B ）的。", "1、是__B__的。", "1．是【B】的。", "1. 是（　Ｂ　）的。"]
)
def test_the_key_in_the_stem_is_taken_out(stem: str) -> None:
    report = check_text(stem, *OPTIONS)
    assert keys(report) == [["B"]]
    assert "B" not in stems(report)[0] and "Ｂ" not in stems(report)[0]


def test_explanations_and_sources_go_with_their_question() -> None:
    report = check_text(
        "1. 哪个？",
        *OPTIONS,
        "答案：B",
        "解析：第一行",
        "1. 甲",
        "2. 乙",
        "依据：产品质量法第二条",
        "2. 哪个呢？",
        *OPTIONS,
        "答案：C",
    )
    first = report.questions[0].content
    assert (first.explanation, first.source) == ("第一行\n1. 甲\n2. 乙", "产品质量法第二条")
    assert keys(report) == [["B"], ["C"]]


def test_a_line_wrapped_inside_a_sentence_goes_on() -> None:
    report = check_text("1. 这是一个写得很长很长的题目，一行放", "不下，（  ）。", *OPTIONS, "答案：A")
    assert stems(report) == ["这是一个写得很长很长的题目，一行放不下，（  ）。"]


@pytest.mark.parametrize(
    "block",
    [
        ["参考答案", "1-3 ABC"],
        ["答案：", "1-3）ABC"],
        ["答案：1.A 2.B 3.C"],
        ["参考答案：", "1.A", "2.B", "3.C"],
        ["1-3 ABC"],
    ],
)
def test_keys_in_one_block_at_the_end(block: list[str]) -> None:
    questions = [line for n in (1, 2, 3) for line in (f"{n}. 第{n}个？", *OPTIONS)]
    assert keys(check_text(*questions, *block)) == [["A"], ["B"], ["C"]]


def test_keys_at_the_end_by_section() -> None:
    report = check_text(
        "一、单选题", "1. 甲？", *OPTIONS, "2. 乙？", *OPTIONS, "二、多选题", "1. 丙？", *OPTIONS, "三、判断题", "1. 丁。", "四、填空题", "1. 戊是____。",
        "参考答案", "一、单选题", "1-2 AB", "二、多选题", "1.ABC", "三、判断题", "1.×", "四、填空题", "1. 己",
    )  # fmt: skip
    assert keys(report) == [["A"], ["B"], ["A", "B", "C"], ["错"], [["己"]]]


def test_a_key_that_could_belong_to_two_questions_belongs_to_none() -> None:
    report = check_text(
        "第一章",
        "1. 甲？",
        *OPTIONS,
        "2. 乙？",
        *OPTIONS,
        "第二章",
        "1. 丙？",
        *OPTIONS,
        "答案：C",
        "参考答案",
        "1-2 AB",
    )
    assert keys(report)[-1] == ["C"]
    assert {code for _, code in codes(report)} <= {"key_missing"}


def test_a_question_that_lost_its_number_is_not_lost() -> None:
    report = check_text(
        "1. 甲？", *OPTIONS, "答案：A", "乙没有编号？", *OPTIONS, "答案：B", "3. 丙？", *OPTIONS, "答案：C"
    )
    assert (stems(report), keys(report)) == (["甲？", "乙没有编号？", "丙？"], [["A"], ["B"], ["C"]])


def test_numbers_may_start_again_in_each_chapter() -> None:
    report = check_text("第一章", "1. 甲？", *OPTIONS, "答案：A", "第二章", "1. 乙？", *OPTIONS, "答案：B")
    assert keys(report) == [["A"], ["B"]]


def test_numbered_points_of_an_answer_are_no_questions() -> None:
    report = check_text("简答题", "1. 何为质量？", "答案：1. 甲", "2. 乙", "3. 丙", "2. 何为标准？", "答案：文件")
    assert keys(report) == [["1. 甲\n2. 乙\n3. 丙"], ["文件"]]


def test_a_question_without_a_key_is_named() -> None:
    report = check_text("1. 甲？", *OPTIONS, "答案：A", "2. 乙？", *OPTIONS, "3. 丙？", *OPTIONS, "答案：C")
    assert (keys(report), codes(report)) == ([["A"], ["C"]], [(6, "key_missing")])


def test_a_bank_without_any_key_is_one_clear_problem() -> None:
    assert codes(check_text(*[line for n in range(1, 9) for line in (f"{n}. 问？", *OPTIONS)])) == [(None, "no_keys")]


def test_a_markdown_table_is_a_table() -> None:
    report = check_text("| 题干 | A | B | 答案 |", "|---|---|---|---|", "| 哪个？ | 红 | 绿 | B |", name="bank.md")
    assert (report.total, keys(report)) == (1, [["B"]])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_texts_in_any_encoding(encoding: str) -> None:
    assert keys(check_text("1、哪个？", *OPTIONS, "答案：B", encoding=encoding)) == [["B"]]


# --- Word ------------------------------------------------------------------------------------------------------------

NUMBERING = (
    '<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl></w:abstractNum>'
    '<w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="upperLetter"/><w:lvlText w:val="%1."/></w:lvl></w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    + "".join(f'<w:num w:numId="{n}"><w:abstractNumId w:val="1"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>' for n in (2, 3))
)  # fmt: skip


def numbered(text: str, number: int) -> str:
    return paragraph(text, f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{number}"/></w:numPr>')


def test_a_document() -> None:
    report = check_file(document("一、单选题", "1、哪个（B）？", "A.红  B.绿", "C.蓝"), "bank.docx")
    assert (stems(report), keys(report), report.questions[0].row) == (["哪个（  ）？"], [["B"]], 2)


def test_words_automatic_numbers_are_read() -> None:
    parts = [
        numbered("哪个（B）？", 1),
        numbered("红", 2),
        numbered("绿", 2),
        numbered("哪个呢（A）？", 1),
        numbered("甲", 3),
        numbered("乙", 3),
    ]
    report = check_file(document(*parts, numbering=NUMBERING), "bank.docx")
    assert [list(q.content.options) for q in report.questions] == [["红", "绿"], ["甲", "乙"]]
    assert keys(report) == [["B"], ["A"]]


def test_what_was_deleted_is_gone_and_what_was_inserted_is_there() -> None:
    run = '<w:r><w:t xml:space="preserve">{}</w:t></w:r>'
    stem = (
        f"<w:p><w:ins>{run.format('1. 哪个（B）？')}</w:ins><w:del><w:r><w:delText>旧题</w:delText></w:r></w:del></w:p>"
    )
    assert stems(check_file(document(stem, "A. 红", "B. 绿"), "bank.docx")) == ["哪个（  ）？"]


def test_an_answer_underlined_in_its_blank() -> None:
    line = (
        "<w:p><w:r><w:t>1. 电话是</w:t></w:r><w:r><w:rPr><w:u w:val='single'/></w:rPr><w:t>  12315  </w:t></w:r>"
        "<w:r><w:t>。</w:t></w:r></w:p>"
    )
    report = check_file(document("填空题", line), "bank.docx")
    assert (stems(report), keys(report)) == (["电话是____。"], [[["12315"]]])


def test_a_table_in_a_document() -> None:
    def row(*cells: str) -> str:
        return "<w:tr>" + "".join(f"<w:tc>{paragraph(cell)}</w:tc>" for cell in cells) + "</w:tr>"

    table = (
        "<w:tbl>"
        + row("题型", "题干", "选项A", "选项B", "答案")
        + row("单选题", "哪个？", "红", "绿", "B")
        + "</w:tbl>"
    )
    # a table element is handed on as it is, like a paragraph of its own
    report = check_file(document("题库", table), "bank.docx")
    assert (kinds(report), keys(report)) == (["single_choice"], [["B"]])


RED = '<w:color w:val="FF0000"/>'
LINED = '<w:u w:val="single"/>'


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


@pytest.mark.parametrize(
    "mark", ['<w:color w:val="FF0000"/>', '<w:highlight w:val="yellow"/>', "<w:b/>", '<w:u w:val="single"/>']
)
def test_a_key_set_off_by_its_look(mark: str) -> None:
    def question(n: int) -> list[str]:
        options = f"<w:p>{run('A. 红  ')}{run('B. 绿  ', mark)}{run('C. 蓝')}</w:p>"
        return [f"{n}. 第{n}个是？", options]

    report = check_file(document(*question(1), *question(2)), "bank.docx")
    assert (keys(report), [q.content.options for q in report.questions]) == ([["B"], ["B"]], [("红", "绿", "蓝")] * 2)


def test_a_look_is_no_key_where_keys_are_written() -> None:
    red = f"<w:p>{run('A. 红  ', RED)}{run('B. 绿')}</w:p>"
    assert keys(check_file(document("1. 哪个？", red, "答案：B"), "bank.docx")) == [["B"]]


def test_an_underlined_word_in_a_stem_stays_a_word() -> None:
    stem = f"<w:p>{run('1. 下列')}{run('不正确', LINED)}{run('的是（B）。')}</w:p>"
    assert stems(check_file(document(stem, "A. 红", "B. 绿"), "bank.docx")) == ["下列不正确的是（  ）。"]


def test_a_question_that_names_its_kind_is_no_heading() -> None:
    report = check_text(
        "### 1. 【多选】哪些是颜色？", "- A. 红", "- B. 绿", "- C. 圆", "> 答案：AB",
        "### 2. 判断：抽样检验可以代替全部检验。（5分）", "- A. 正确", "- B. 错误", "> 答案：B",
        "### 3. 填空题：质量特性用 ______ 表示。", "> 答案：指标",
    )  # fmt: skip
    assert kinds(report) == ["multiple_choice", "true_false", "fill_blank"]
    assert keys(report) == [["A", "B"], ["错"], [["指标"]]]
    assert stems(report)[1] == "抽样检验可以代替全部检验。（5分）"


def test_a_list_of_letters_inside_a_stem_is_no_row_of_options() -> None:
    report = check_text(
        "1. 哪个？", *OPTIONS, "答案：B", "2. 信源产生A、B、C、D四种符号，各多少？", "答案：各四分之一，要写出过程"
    )
    assert stems(report)[1] == "信源产生A、B、C、D四种符号，各多少？"


@pytest.mark.parametrize("line", ["答：B", "正确答案是：B", "答案: B. 绿", "Answer: B"])
def test_a_key_below_the_options_in_other_words(line: str) -> None:
    assert keys(check_text("1. 哪个？", *OPTIONS, line)) == [["B"]]


def test_keys_at_the_end_under_the_number_of_their_section() -> None:
    report = check_text(
        "一、单选题", "1. 哪个？", *OPTIONS, "2. 哪一个？", *OPTIONS, "二、判断题", "1. 天是蓝的。", "2. 地是平的。",
        "答案：", "一、1—2：AC", "二、1-2：√×",
    )  # fmt: skip
    assert keys(report) == [["A"], ["C"], ["对"], ["错"]]


def test_two_blocks_of_keys_for_the_same_numbers_give_none() -> None:
    report = check_text(
        "一、单选题", "1. 哪个？", *OPTIONS, "2. 哪一个？", *OPTIONS, "3. 何者？", *OPTIONS,
        "二、多选题", "1. 哪些？", *OPTIONS, "2. 哪几个？", *OPTIONS, "3. 何者为是？", *OPTIONS, "答案", "1-3 ABC", "1.AB 2.BC 3.AC",
    )  # fmt: skip
    assert report.total == 0
    assert codes(report) == [(None, "no_keys")]


def test_task_lists_are_options_and_their_ticks_the_key() -> None:
    report = check_text(
        "### Q1. Which?", "- [ ] one", "- [x] two", "", "### Q2. Which two?", "- [x] one", "- [x] two", "- [ ] three"
    )
    assert [q.content.options for q in report.questions] == [("one", "two"), ("one", "two", "three")]
    assert keys(report) == [["B"], ["A", "B"]]


def test_comment_marks_before_every_line_are_no_part_of_it() -> None:
    report = check_text("//Q7: 哪个？", "//A. 红", "//B. 绿", "//参考答案：B")
    assert [(q.content.stem, q.content.options) for q in report.questions] == [("哪个？", ("红", "绿"))]


def test_kinds_in_brackets_begin_questions_and_lists_in_explanations_do_not() -> None:
    report = check_text(
        "【单选题】哪一个是对的？", *OPTIONS, "<details>", "<summary>看答案</summary>", "**正确答案：B**", "解析：",
        "1. 先看颜色的次序。", "2. 再看形状的次序。", "</details>", "【多选题】哪几个是对的？", *OPTIONS, "答案：AB",
    )  # fmt: skip
    assert keys(report) == [["B"], ["A", "B"]]
    assert report.problems == ()


def test_names_of_parts_are_no_part_of_the_stem() -> None:
    report = check_text(
        "【题型】单选题", "【题干】哪个？", "【选项】", *OPTIONS, "【答案】B", "题目：哪一个？", *OPTIONS, "答案：C"
    )
    assert (stems(report), keys(report)) == (["哪个？", "哪一个？"], [["B"], ["C"]])


def test_a_key_in_brackets_is_not_the_first_option() -> None:
    report = check_text("1、质量由（A）负责。A.甲 B.乙 C.丙")
    assert [(q.content.options, q.content.key_as_letters) for q in report.questions] == [(("甲", "乙", "丙"), ["A"])]


def test_verdicts_in_full_width_letters_and_signs() -> None:
    assert keys(check_text("判断题", "1、天是蓝的。✅", "2、地是平的。❌", "3、水是干的（Ｘ）")) == [
        ["对"],
        ["错"],
        ["错"],
    ]


def test_a_letter_and_its_verdict_must_agree() -> None:
    said = [check_text("1. 天是蓝的。", "A. 正确", "B. 错误", f"答案：{key}") for key in ("B. 错误", "B. 正确")]
    assert [keys(report) for report in said] == [[["错"]], []]
    assert len(said[1].problems) == 1
