"""An organiser brings a workbook, sees what it holds, takes it, undoes it, mends a question."""

import re
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import select

from question_bank import queries
from question_bank.check import check_file
from question_bank.database import db
from question_bank.models import ImportBatch, Question, QuestionVersion
from quiz.models import AuditEntry
from quiz.rules.permissions import Role
from quiz.services import contests
from tests.conftest import MORNING, StillClock
from tests.contest_builders import a_draft
from tests.pages.test_setup import post, signed_in_as
from tests.workbooks import HEADER, JUDGEMENT, SEVERAL, SINGLE, workbook, zipped

BROKEN = ["单选题", "没有答案的题（ ）。", "甲", "乙", "丙", "丁", "", ""]
SOUND = workbook(单选=[HEADER, SINGLE, SINGLE], 多选=[HEADER, SEVERAL], 判断=[HEADER, JUDGEMENT])
MIXED = workbook(题目=[HEADER, SINGLE, BROKEN, JUDGEMENT])
PLAN = {"plan": [{"kind": "single_choice", "count": 1}]}


def uploaded(client: FlaskClient, data: bytes = SOUND, name: str = "试题.xlsx", bank: str = "质量题库") -> Any:
    return post(client, "/console/bank/upload", {"file": (BytesIO(data), name), "bank": bank})


def imported(client: FlaskClient, data: bytes = SOUND, **form: str) -> str:
    """Upload and take; the address of the result."""
    url = str(uploaded(client, data).location)
    assert post(client, f"{url}/take", form).status_code == 303
    return url


def total(app: Flask) -> int:
    with app.app_context():
        return len(db.session.execute(select(Question.id)).all())


def acts(app: Flask) -> list[str]:
    with app.app_context():
        return list(db.session.execute(select(AuditEntry.act).order_by(AuditEntry.id)).scalars())


def test_an_upload_shows_what_it_would_do_and_takes_nothing_yet(app: Flask, organiser: FlaskClient) -> None:
    answer = uploaded(organiser)
    assert answer.status_code == 303
    page = organiser.get(answer.location).text
    assert "读到 3 题" in page and "单选题 1 道" in page and "多选题 1 道" in page and "判断题 1 道" in page
    assert "1 道和前面的一模一样" in page
    assert "投诉举报电话是" in page and "12315" in page
    assert "导入 3 题" in page and "只导入" not in page
    assert total(app) == 0 and acts(app) == []


def test_the_second_click_takes_exactly_that_and_goes_on_record(app: Flask, organiser: FlaskClient) -> None:
    url = imported(organiser)
    page = organiser.get(url).text
    assert "已导入 3 题" in page and "张三" in page
    assert total(app) == 3 and acts(app) == ["bank.import"]
    assert post(organiser, f"{url}/take").status_code == 303
    assert total(app) == 3 and acts(app) == ["bank.import"]
    again = organiser.get(imported(organiser)).text
    assert "已导入 0 题" in again and "3 道，没有重复收" in again


def test_each_problem_is_named_and_only_the_sound_rows_may_be_taken(app: Flask, organiser: FlaskClient) -> None:
    url = uploaded(organiser, MIXED).location
    page = organiser.get(url).text
    assert "读到 2 题，1 行有问题" in page and "题目 第 3 行" in page and "没有答案" in page
    assert "只导入没有问题的 2 题" in page
    assert post(organiser, f"{url}/take").status_code == 422
    assert total(app) == 0
    assert post(organiser, f"{url}/take", {"skip_problems": "1"}).status_code == 303
    assert total(app) == 2 and "1 处" in organiser.get(url).text


@pytest.mark.parametrize("imported_first", [False, True])
def test_what_cannot_be_taken_comes_back_as_a_workbook_to_mend(
    app: Flask, organiser: FlaskClient, imported_first: bool
) -> None:
    url = uploaded(organiser, MIXED).location
    if imported_first:
        post(organiser, f"{url}/take", {"skip_problems": "1"})
    rest = load_workbook(BytesIO(organiser.get(f"{url}/problems.xlsx").data))
    headers = [cell.value for cell in rest.active[1]]
    row = dict(zip(headers, [cell.value for cell in rest.active[2]], strict=True))
    reason = next(text for header, text in row.items() if header.startswith("没有导入的原因"))
    assert rest.sheetnames == ["题目"] and headers[:8] == HEADER and reason.startswith("原第 3 行：没有答案")
    rest.active.cell(2, headers.index("答案") + 1).value = "A"
    mended = BytesIO()
    rest.save(mended)
    again = uploaded(organiser, mended.getvalue()).location
    assert "读到 1 题" in organiser.get(again).text
    post(organiser, f"{again}/take")
    assert total(app) == (3 if imported_first else 1)


def test_giving_up_leaves_nothing(app: Flask, organiser: FlaskClient) -> None:
    url = uploaded(organiser).location
    assert post(organiser, f"{url}/discard").status_code == 303
    assert organiser.get(url).status_code == 404 and total(app) == 0
    taken = imported(organiser)
    assert post(organiser, f"{taken}/discard").status_code == 303
    assert total(app) == 3


@pytest.mark.parametrize(
    ("data", "said"),
    [(b"", "文件是空的"), (b"%PDF-1.4 nothing", ""), (b"PK\x03\x04 broken", ""), (b"\x00\x01\x02\x03" * 99, "")],
)
def test_what_is_no_question_file_is_refused_in_words(
    app: Flask, organiser: FlaskClient, data: bytes, said: str
) -> None:
    answer = uploaded(organiser, data)
    assert answer.status_code == 422
    sentence = re.search(r'(?s)class="note wrong".*?</div>', answer.text)
    assert sentence and said in sentence[0] and "。" in sentence[0]
    with app.app_context():
        assert db.session.execute(select(ImportBatch)).first() is None


def test_a_text_without_a_question_is_refused(app: Flask, organiser: FlaskClient) -> None:
    answer = uploaded(organiser, "质量强国是一件大事。".encode(), "说明.txt")
    assert answer.status_code == 422 and "没有认出一道试题" in answer.text
    with app.app_context():
        assert db.session.execute(select(ImportBatch)).first() is None


def test_a_workbook_without_a_sound_question_is_shown_to_be_corrected_and_takes_nothing(
    app: Flask, organiser: FlaskClient
) -> None:
    for data, said in (
        (workbook(名单=[["姓名", "电话"], ["王芳", "1"]]), "没有认出一道试题"),
        (workbook([HEADER, [*SINGLE[:6], "Z", ""]]), "第 2 行"),
    ):
        url = uploaded(organiser, data).location
        page = organiser.get(url).text
        assert "读到 0 题" in page and said in page and "只导入" not in page
        assert post(organiser, f"{url}/take", {"skip_problems": "1"}).status_code == 422
    assert total(app) == 0


def test_the_upload_needs_a_file_and_a_name(organiser: FlaskClient) -> None:
    answer = post(organiser, "/console/bank/upload", {"bank": ""})
    assert answer.status_code == 422 and "请选一个文件" in answer.text and "请填题库名称" in answer.text
    assert uploaded(organiser, bank="x" * 101).status_code == 422


def test_an_upload_that_lay_too_long_is_gone(app: Flask, organiser: FlaskClient, clock: StillClock) -> None:
    old = uploaded(organiser).location
    clock.forward(days=8)
    uploaded(organiser)
    answer = organiser.get(old)
    assert answer.status_code == 422 and "请重新上传" in answer.text
    assert post(organiser, f"{old}/take").status_code == 422 and total(app) == 0


# --- undo ------------------------------------------------------------------------------------------------------------


def test_an_import_can_be_undone_until_a_contest_uses_it(app: Flask, organiser: FlaskClient) -> None:
    url = imported(organiser)
    assert "撤销这次导入" in organiser.get(url).text
    assert post(organiser, f"{url}/undo").status_code == 303
    assert total(app) == 0 and acts(app) == ["bank.import", "bank.import_undone"]
    assert "已撤销" in organiser.get(url).text
    assert post(organiser, f"{url}/undo").status_code == 404

    used = imported(organiser)
    with app.app_context():
        contest = a_draft(MORNING, terms=PLAN)
        contests.publish(contest.id, actor_id=None, now=MORNING)
    answer = post(organiser, f"{used}/undo")
    assert answer.status_code == 409 and "已经在用" in answer.text and total(app) == 3


# --- browse, revise, retire ------------------------------------------------------------------------------------------


def bank_url(app: Flask) -> str:
    with app.app_context():
        bank = queries.bank_named("质量题库")
        assert bank
        return f"/console/bank/{bank.id}"


def a_question_of(app: Flask, kind: str) -> int:
    with app.app_context():
        return db.session.execute(select(QuestionVersion.question_id).where(QuestionVersion.kind == kind)).scalar_one()


def test_questions_are_found_by_kind_and_words(app: Flask, organiser: FlaskClient) -> None:
    imported(organiser)
    url = bank_url(app)
    assert "找到 3 道" in organiser.get(url).text
    found = organiser.get(f"{url}?kind=true_false").text
    assert "找到 1 道" in found and "开具发票" in found and "投诉" not in found
    assert "找到 1 道" in organiser.get(f"{url}?words=举报 电话").text
    assert "没有符合的试题" in organiser.get(f"{url}?words=%25").text
    assert organiser.get(f"{url}?kind=nonsense&page=99&domain=x&words=nothing").status_code == 200
    assert "这一页没有试题" in organiser.get(f"{url}?page=7").text
    assert organiser.get("/console/bank/999").status_code == 404


@pytest.mark.parametrize("ending", ["xlsx", "gift", "zip"])
def test_a_bank_is_exported_as_it_was(app: Flask, organiser: FlaskClient, ending: str) -> None:
    imported(organiser)
    assert f"/export.{ending}" in organiser.get(bank_url(app)).text
    exported = organiser.get(f"{bank_url(app)}/export.{ending}").data
    report = check_file(exported, f"x.{ending}")
    assert {q.content.fingerprint for q in report.questions} == {
        q.content.fingerprint for q in check_file(SOUND, "x.xlsx").questions
    }
    assert organiser.get("/console/bank/blank.xlsx").status_code == 200
    assert organiser.get(f"{bank_url(app)}/export.pdf").status_code == 404


def test_a_revision_is_a_new_version_beside_the_old_one(app: Flask, organiser: FlaskClient) -> None:
    imported(organiser)
    number = a_question_of(app, "single_choice")
    url = f"/console/bank/questions/{number}"
    page = organiser.get(f"{url}/revise").text
    assert "投诉举报电话" in page and 'name="options-3"' in page
    values = {"stem": "新题干（ ）。", "options-0": "12315", "options-1": "12365", "key": "a", "domain": "服务 / 金融"}
    assert post(organiser, f"{url}/revise", values).status_code == 303
    shown = organiser.get(url).text
    assert "第 2 版（现在用的）" in shown and "新题干" in shown and "投诉举报电话" in shown
    with app.app_context():
        versions = db.session.get_one(Question, number).versions
        assert [(v.number, v.domain_path, v.choices) for v in versions] == [(1, "", [1]), (2, "服务/金融", [1])]
    assert acts(app)[-1] == "question.revised"


def test_a_revision_that_is_no_question_is_refused(app: Flask, organiser: FlaskClient) -> None:
    imported(organiser)
    number = a_question_of(app, "single_choice")
    url = f"/console/bank/questions/{number}/revise"
    for values in (
        {},
        {"stem": "题", "options-0": "甲", "options-1": "", "options-2": "丙", "key": "A"},
        {"stem": "题", "key": "Z"},
    ):
        answer = post(organiser, url, values)
        assert answer.status_code == 422 and "处要改" in answer.text
    bad_day = {"stem": "题", "options-0": "甲", "options-1": "乙", "key": "A", "checked_on": "2026-02-30"}
    assert "这样的日期" in post(organiser, url, bad_day).text
    assert acts(app) == ["bank.import"]


def test_a_retired_question_leaves_the_bank_but_not_the_record(app: Flask, organiser: FlaskClient) -> None:
    imported(organiser)
    url = f"/console/bank/questions/{a_question_of(app, 'true_false')}"
    assert post(organiser, f"{url}/retire").status_code == 303
    assert "已停用" in organiser.get(url).text and "找到 2 道" in organiser.get(bank_url(app)).text
    assert organiser.get(f"{url}/revise").status_code == 404
    assert acts(app)[-1] == "question.retired"


def test_imports_are_listed_with_digest_and_who(app: Flask, organiser: FlaskClient) -> None:
    imported(organiser)
    uploaded(organiser)
    page = organiser.get("/console/bank/imports").text
    assert "试题.xlsx" in page and "张三" in page and "收下 3 道" in page and "只检查过" in page
    with app.app_context():
        digest = db.session.execute(select(ImportBatch.sha256)).scalars().first()
    assert digest and digest in page


def test_a_reviewer_reads_and_a_judge_does_not(app: Flask, organiser: FlaskClient) -> None:
    url = imported(organiser)
    reviewer, judge = signed_in_as(app, Role.REVIEWER), signed_in_as(app, Role.JUDGE)
    for page in ("/console/bank", bank_url(app), url, "/console/bank/imports"):
        assert reviewer.get(page).status_code == 200
        assert judge.get(page).status_code == 403
    assert "撤销" not in reviewer.get(url).text
    assert reviewer.get("/console/bank/upload").status_code == 403


@pytest.mark.parametrize(
    ("data", "status", "words"),
    [
        (b"x" * (20 * 1024 * 1024 + 1), 413, "文件太大了"),
        (zipped({"xl/workbook.xml": b"0" * (300 << 20)}), 422, "文件解压后过大"),
        (SOUND[: len(SOUND) // 2], 422, "文件已损坏"),
        (b"", 422, "文件"),
        (b"%PDF-1.7\n1 0 obj", 422, ".docx"),
    ],
    ids=["too large", "a bomb", "cut off", "empty", "a pdf"],
)
def test_a_file_that_cannot_be_read_is_refused_in_words_and_nothing_is_kept(
    app: Flask, organiser: FlaskClient, data: bytes, status: int, words: str
) -> None:
    answer = uploaded(organiser, data)
    assert answer.status_code == status and words in answer.text
    with app.app_context():
        assert db.session.execute(select(ImportBatch.id)).all() == []
    assert total(app) == 0 and acts(app) == []
