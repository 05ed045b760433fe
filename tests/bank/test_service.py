"""An import does what its check showed, once, in one transaction; and can be undone while no pool has used it."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from question_bank import queries, revising, service
from question_bank.content import QuestionContent
from question_bank.database import db
from question_bank.kinds import QuestionKind
from question_bank.models import Bank, Domain, ImportBatch, Question, QuestionVersion, VersionIsFixed
from tests.conftest import MORNING
from tests.workbooks import HEADER, JUDGEMENT, SEVERAL, SINGLE, many_questions, workbook

GOOD = workbook([HEADER, SINGLE, SEVERAL, JUDGEMENT])
WITH_A_PROBLEM = workbook([HEADER, SINGLE, [*SEVERAL[:6], "", ""]])


@pytest.fixture(autouse=True)
def _context(context: Flask) -> Iterator[None]:
    yield


def take(data: bytes = GOOD, name: str = "质量题库", *, skip_problems: bool = False) -> service.Taken:
    batch, _ = service.keep_upload(data, "bank.xlsx", name, author="staff:1", now=MORNING)
    return service.take_batch(batch.id, skip_problems=skip_problems, now=MORNING)


def rows(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def nobody(_session: Session) -> set[int]:
    return set()


def test_what_the_check_showed_is_taken() -> None:
    taken = take()
    assert (taken.taken, taken.left, taken.already, taken.duplicates) == (3, 0, 0, 0)
    bank = queries.bank_named("质量题库")
    assert bank is not None
    assert [v.content.kind.value for v in queries.live_versions(bank.id)] == [
        "single_choice",
        "multiple_choice",
        "true_false",
    ]


def test_a_second_click_gives_the_first_result_again() -> None:
    batch, _ = service.keep_upload(GOOD, "bank.xlsx", "题库", author="staff:1", now=MORNING)
    first = service.take_batch(batch.id, skip_problems=False, now=MORNING)
    again = service.take_batch(batch.id, skip_problems=False, now=MORNING + timedelta(minutes=1))
    assert (again.taken, again.already) == (first.taken, first.already) == (3, 0)
    assert rows(Question) == 3


def test_the_file_is_kept_between_check_and_import_only() -> None:
    batch, report = service.keep_upload(GOOD, "bank.xlsx", "题库", author="staff:1", now=MORNING)
    assert batch.data == GOOD and batch.report_digest == report.digest and rows(Question) == 0
    service.take_batch(batch.id, skip_problems=False, now=MORNING)
    assert batch.data is None


def test_a_file_with_problems_takes_nothing_unless_the_sound_rows_are_chosen() -> None:
    with pytest.raises(service.HasProblems):
        take(WITH_A_PROBLEM)
    assert rows(Question) == rows(Bank) == 0
    taken = take(WITH_A_PROBLEM, skip_problems=True)
    assert (taken.taken, taken.left) == (1, 1)


def test_what_the_bank_holds_already_is_not_taken_again() -> None:
    take()
    again = take()
    assert (again.taken, again.already) == (0, 3)
    assert rows(Question) == 3


def test_another_bank_may_hold_the_same_questions() -> None:
    take(name="甲")
    assert take(name="乙").taken == 3


def test_a_file_that_reads_differently_now_is_refused() -> None:
    batch, _ = service.keep_upload(GOOD, "bank.xlsx", "题库", author="staff:1", now=MORNING)
    batch.report_digest = "0" * 64
    db.session.commit()
    with pytest.raises(service.ReportChanged):
        service.take_batch(batch.id, skip_problems=False, now=MORNING)
    assert rows(Question) == 0


def test_an_unreadable_file_leaves_no_batch() -> None:
    with pytest.raises(service.Unreadable) as refusal:
        service.keep_upload(b"%PDF-1.7", "bank.pdf", "题库", author="staff:1", now=MORNING)
    assert "另存为 .docx" in refusal.value.message
    assert rows(ImportBatch) == 0


def test_domains_are_made_in_two_levels() -> None:
    header = ["题型", "题干", "答案", "领域"]
    take(workbook([header, ["判断题", "甲。", "对", "产品/食品"], ["判断题", "乙。", "错", "工程"]]))
    found = {domain.path: domain for domain in db.session.scalars(select(Domain))}
    assert set(found) == {"产品", "产品/食品", "工程"}
    assert found["产品/食品"].parent_id == found["产品"].id
    bank = queries.bank_named("质量题库")
    assert bank is not None
    assert queries.questions_page(bank.id, queries.Wanted(domain="产品"), today=MORNING.date()).total == 1
    assert queries.counts(bank.id)[("true_false", "产品/食品", "")] == 1


def test_an_import_can_be_undone() -> None:
    taken = take()
    assert service.undo_batch(taken.batch.id, used_versions=nobody, now=MORNING) == 3
    assert rows(Question) == rows(QuestionVersion) == 0
    assert take().taken == 3


def test_an_import_a_pool_has_used_cannot_be_undone() -> None:
    taken = take()
    used = db.session.scalars(select(QuestionVersion.id)).first()
    assert used is not None
    with pytest.raises(service.BatchInUse):
        service.undo_batch(taken.batch.id, used_versions=lambda _session: {used}, now=MORNING)
    assert rows(Question) == 3


def test_an_edit_adds_a_version_and_leaves_the_old_one() -> None:
    take()
    question = db.session.scalars(select(Question).order_by(Question.id)).first()
    assert question is not None
    first = question.current
    second = revising.revise_question(
        question.id, replace(first.content, explanation="见消费者权益保护法。"), author="staff:2", now=MORNING
    )
    assert (second.number, first.explanation) == (2, "")
    assert [v.id for v in queries.live_versions(question.bank_id)][-1] == second.id
    assert len(queries.live_versions(question.bank_id)) == 3
    with pytest.raises(VersionIsFixed):
        first.stem = "别的"
        db.session.commit()
    db.session.rollback()


def test_an_edit_that_changes_nothing_adds_nothing() -> None:
    take()
    question = db.session.scalars(select(Question)).first()
    assert question is not None
    again = revising.revise_question(question.id, question.current.content, author="staff:2", now=MORNING)
    assert again.number == 1


def test_an_edit_cannot_make_the_same_question_twice() -> None:
    take()
    first, second = db.session.scalars(select(Question).order_by(Question.id)).all()[:2]
    with pytest.raises(revising.AlreadyThere):
        revising.revise_question(first.id, second.current.content, author="staff:2", now=MORNING)


def test_a_retired_question_leaves_the_bank_and_may_come_again() -> None:
    take()
    question = db.session.scalars(select(Question).order_by(Question.id)).first()
    assert question is not None
    revising.retire_question(question.id, now=MORNING)
    revising.retire_question(question.id, now=MORNING)
    assert len(queries.live_versions(question.bank_id)) == 2
    assert take().taken == 1


def test_two_imports_at_once_take_each_question_once(app: Flask) -> None:
    batches = [service.keep_upload(GOOD, f"{n}.xlsx", "题库", author="staff:1", now=MORNING)[0].id for n in range(4)]
    results: list[tuple[int, int]] = []

    def run(batch_id: int) -> None:
        with app.app_context():
            taken = service.take_batch(batch_id, skip_problems=False, now=MORNING)
            results.append((taken.taken, taken.already))

    threads = [threading.Thread(target=run, args=(batch_id,)) for batch_id in batches]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == [(0, 3), (0, 3), (0, 3), (3, 0)]
    db.session.rollback()
    assert rows(Question) == 3


def test_two_thousand_rows_are_taken() -> None:
    assert take(many_questions(2_000)).taken == 2_000


def test_pages_search_by_kind_and_words() -> None:
    taken = take()
    assert taken.batch.bank_id is not None
    page = queries.questions_page(
        taken.batch.bank_id, queries.Wanted(kind="single_choice", words="投诉 电话"), today=MORNING.date()
    )
    assert (page.total, page.pages, [v.kind for v in page.versions]) == (1, 1, ["single_choice"])
    assert queries.questions_page(taken.batch.bank_id, queries.Wanted(words="100%"), today=MORNING.date()).total == 0
    ids = [version.id for version in queries.live_versions(taken.batch.bank_id)]
    assert set(queries.versions_by_id(ids)) == set(ids)


def test_a_bank_needs_a_name() -> None:
    with pytest.raises(service.BadName):
        take(name="  ")


def test_content_comes_back_as_it_went_in() -> None:
    take()
    versions = queries.live_versions(1)
    assert versions[1].content == QuestionContent(
        QuestionKind.MULTIPLE_CHOICE,
        "城市质量精神有（ ）。",
        options=("诚信", "责任", "随意", "卓越"),
        choices=frozenset({1, 2, 4}),
    )
