"""Keys that a document sets off by their colour, or hides: contradictions are named, what nobody sees is left out."""

from tests.bank.test_documents import RED, lines, options, read, run
from tests.workbooks import codes, keys, warned

HIDDEN, UNDERLINED = "<w:vanish/>", '<w:u w:val="single"/>'


def red(*texts: str) -> str:
    return lines(*(run(text, RED) for text in texts))


def line(*runs: str) -> str:
    return f"<w:p>{''.join(runs)}</w:p>"


def coloured(number: int) -> str:
    return lines(f"{number}. 第 {number} 题（ ）", "A. 甲") + red("B. 乙") + lines("C. 丙")


def test_where_all_options_but_one_are_coloured_they_may_be_the_wrong_ones() -> None:
    first = lines("1. 哪里最高（ ）", "A. 山顶") + red("B. 山腰", "C. 山脚", "D. 谷")
    second = lines("2. 哪里最低（ ）") + red("A. 山顶", "B. 山腰", "C. 山脚") + lines("D. 谷")
    assert [code for _, code in codes(read(first, second))] == ["key_ambiguous"] * 2
    assert keys(read(lines("一、多选题"), first, second)) == [["B", "C", "D"], ["A", "B", "C"]]
    assert keys(read(lines("一、单选题"), first, second)) == []


def test_a_written_key_that_colours_contradict_is_named_where_colours_are_the_keys() -> None:
    report = read(coloured(1), lines("答案：A"), *map(coloured, range(2, 7)))
    assert (codes(report), keys(report)) == ([(1, "keys_disagree")], [["B"]] * 5)


def test_colours_beside_written_keys_are_a_learners() -> None:
    report = read(coloured(1), lines("答案：A"), coloured(2), lines("答案：B"))
    assert (keys(report), report.problems) == ([["A"], ["B"]], ())


def test_hidden_words_are_left_out() -> None:
    report = read(
        line(run("1. 哪里最高（ A ）"), run("B", HIDDEN)),
        lines("A. 山顶"),
        line(run("B. 谷", HIDDEN)),
        lines("B. 山腰"),
    )
    assert (options(report), keys(report), report.warnings) == ([["山顶", "山腰"]], [["A"]], ())


def test_a_key_that_is_hidden_is_read_where_there_is_no_other() -> None:
    first = [lines("1. 哪里最高（ ）", "A. 山顶", "B. 山腰"), line(run("答案：A", HIDDEN))]
    second = [line(run("2. 哪里最低（"), run("B", HIDDEN), run("）")), lines("A. 山顶", "B. 谷")]
    third = lines("3. 哪里有树（A）", "A. 山腰", "B. 谷")
    for blocks in ([*first, *second], [*first, *second, third]):
        report = read(*blocks)
        assert (keys(report)[:2], set(warned(report))) == ([["A"], ["B"]], {"hidden_words_read"})


def test_a_question_that_is_hidden_is_named() -> None:
    hidden = [line(run(text, HIDDEN)) for text in ("2. 哪里最低（B）", "A. 山顶", "B. 谷")]
    report = read(lines("1. 哪里最高（A）", "A. 山顶", "B. 山腰"), *hidden)
    assert (codes(report), keys(report)) == ([(4, "hidden_words")], [["A"]])


def test_a_shaded_option_is_highlighted_and_white_is_no_shade() -> None:
    shaded, white = (f'<w:shd w:val="clear" w:fill="{fill}"/>' for fill in ("FFFF00", "FFFFFF"))
    asked = [lines(f"{n}. 第 {n} 题（ ）", run("A. 甲", white), run("B. 乙", shaded)) for n in (1, 2)]
    assert keys(read(*asked)) == [["B"], ["B"]]


def test_a_letter_underlined_in_the_stem_is_the_key() -> None:
    report = read(
        *(line(run(f"{n}. 第 {n} 题是"), run(" B ", UNDERLINED), run("。")) + lines("A. 甲", "B. 乙") for n in (1, 2))
    )
    assert (keys(report), report.questions[0].content.stem) == ([["B"], ["B"]], "第 1 题是____。")


def test_coloured_words_are_the_answers_where_no_blank_is_drawn() -> None:
    first = line(run("1. 质量月是每年"), run("九", RED), run("月。"))
    second = line(run("2. 三包是"), run("包修", RED), run("、"), run("包换", RED), run("、包退。"))
    report = read(lines("一、填空题"), first, second)
    assert keys(report) == [[["九"]], [["包修"], ["包换"]]]
    assert report.questions[1].content.stem == "三包是____、____、包退。"


def test_answers_in_brackets_behind_their_blanks() -> None:
    report = read(lines("一、填空题", "1. 质量月是____月。（九）", "2. 投诉电话是____。（12315）"))
    assert keys(report) == [[["九"]], [["12315"]]]
    asked = ["1. 质量月是____月。（填数字）", "答案：9", "2. 注册资本是____。（不含税）", "3. 电话是____。"]
    assert (keys(read(lines("一、填空题", *asked)))) == [[["9"]]]


def test_an_underlined_answer_that_the_stem_says_twice() -> None:
    spaced = line(run("1. 消费者的权利属于"), run(" 消费者 ", UNDERLINED), run("。"))
    report = read(lines("一、填空题"), spaced, line(run("2. 质量就是"), run("质量", UNDERLINED), run("。")))
    assert [q.content.stem for q in report.questions] == ["消费者的权利属于____。"]
    assert codes(report) == [(3, "key_ambiguous")]
