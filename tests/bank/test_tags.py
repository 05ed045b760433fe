"""标签 come in with new questions, go out with the bank, and come back unchanged."""

from pathlib import Path

import pytest
from flask import Flask

from question_bank import queries, revising, service
from question_bank.check import check_file
from question_bank.exporting import Format, exported
from question_bank.rest import rest_workbook
from question_bank.tags import as_text, kept, tags_in
from tests.conftest import MORNING
from tests.workbooks import HEADER, JUDGEMENT, SEVERAL, SINGLE, workbook


def bank_tags(name: str = "质量") -> list[list[str]]:
    bank = queries.bank_named(name)
    assert bank is not None
    return [queries.tags_of(version.question_id) for version in queries.live_versions(bank.id)]


def take(data: bytes, *, skip_problems: bool = False) -> service.Taken:
    batch, _ = service.keep_upload(data, "bank.xlsx", "质量", author="staff:1", now=MORNING)
    return service.take_batch(batch.id, skip_problems=skip_problems, now=MORNING)


TAGGED = workbook(
    [[*HEADER, "知识标签（选填）"], [*SINGLE, "进社区、初赛"], [*SEVERAL, " 复赛 |进社区；复赛"], JUDGEMENT]
)


@pytest.mark.parametrize("header", ["标签", "知识标签", "试题标签", "Tags", "tag"])
@pytest.mark.parametrize(
    "cell", ["进社区、初赛", "进社区，初赛", "进社区,初赛", "初赛；进社区;", "初赛|进社区", "初赛｜ 进社区"]
)
def test_several_tags_stand_in_one_cell(header: str, cell: str) -> None:
    report = check_file(workbook([[*HEADER, header], [*SINGLE, cell]]), "x.xlsx")
    assert [question.tags for question in report.questions] == [("初赛", "进社区")]
    assert (report.problems, report.warnings) == ((), ())
    assert report.questions[0].content.domain == ""
    assert report.understood[0].columns[-1].part == "tags"


def test_tags_that_are_too_long_or_too_many_are_said() -> None:
    many, long = "、".join(f"第{n}个" for n in range(13)), "长" * 21
    report = check_file(workbook([[*HEADER, "标签"], [*SINGLE, many], [*SEVERAL, long]]), "x.xlsx")
    assert [(w.row, w.code) for w in report.warnings] == [(2, "tags_cut"), (3, "tags_cut")]
    assert [len(question.tags) for question in report.questions] == [12, 1]


@pytest.mark.usefixtures("context")
def test_an_import_keeps_the_tags_of_what_it_adds() -> None:
    taken = take(TAGGED)
    assert bank_tags() == [["初赛", "进社区"], ["复赛", "进社区"], []]
    service.undo_batch(taken.batch.id, used_versions=lambda _session: set(), now=MORNING)


@pytest.mark.usefixtures("context")
def test_equal_questions_keep_the_tags_they_have() -> None:
    take(workbook([HEADER, SINGLE, SEVERAL, JUDGEMENT]))
    bank = queries.bank_named("质量")
    assert bank is not None
    first = queries.live_versions(bank.id)[0].question_id
    revising.set_tags(first, ["自己的"])
    take(workbook([HEADER, SINGLE, SEVERAL, JUDGEMENT]))
    take(TAGGED)
    assert bank_tags() == [["自己的"], [], []]


def test_tags_go_out_with_the_bank_and_come_back(app: Flask, tmp_path: Path) -> None:
    (tmp_path / "in.xlsx").write_bytes(TAGGED)
    run = app.test_cli_runner().invoke
    run(args=["bank", "import", str(tmp_path / "in.xlsx"), "--bank", "质量"])
    written = run(args=["bank", "export", "质量", str(tmp_path / "out.xlsx")])
    assert (written.exit_code, written.stderr) == (0, "")
    run(args=["bank", "import", str(tmp_path / "out.xlsx"), "--bank", "再来"])
    with app.app_context():
        assert bank_tags("再来") == bank_tags("质量") == [["初赛", "进社区"], ["复赛", "进社区"], []]


def test_a_tag_that_a_format_cannot_carry_is_said() -> None:
    contents = [question.content for question in check_file(TAGGED, "x.xlsx").questions]
    assert exported(contents, Format.WORKBOOK, tags=[["甲"], [], []]).lost == ()
    for form, tags in ((Format.GIFT, ["甲"]), (Format.QTI, ["甲"]), (Format.WORKBOOK, ["甲|乙"])):
        [said] = exported(contents, form, tags=[[], tags, []]).lost
        assert "1 道题的标签" in said and "第 2 题" in said


def test_rows_that_come_back_keep_their_tags() -> None:
    rows = [[*HEADER, "标签"], [*SINGLE, ""], [*SEVERAL[:6], "", "", "甲，乙"]]
    report = check_file(rest_workbook(check_file(workbook(rows), "x.xlsx")), "rest.xlsx")
    assert [draft.tags for draft in report.refused] == [("甲", "乙")]


def test_tags_of_a_text_are_tidied_each_once_in_their_order() -> None:
    assert tags_in(" 复赛\n进社区；复赛|进  社区，,、 ") == ("复赛", "进社区", "进 社区")


def test_what_is_kept_is_tidied_sorted_and_cut() -> None:
    assert kept(["乙 ", "甲  丙", " ", "乙", "长" * 21]) == ["乙", "甲 丙", "长" * 20]
    assert tags_in(as_text(["甲 丙", "乙"])) == ("甲 丙", "乙")
