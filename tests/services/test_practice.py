"""Practice: what may be practised, what is held for contests, and the book of what went wrong."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from question_bank import queries as banks
from question_bank.database import db, transaction
from question_bank.models import Bank, ImportBatch, Question
from quiz.errors import BadAnswer, ChangedMeanwhile, NotFound
from quiz.models import AuditEntry, Person, PracticeRecord
from quiz.queries import practice as find
from quiz.rules.practice import Candidate, domain_of, next_question
from quiz.services import bank as bank_acts
from quiz.services import contests, forgetting, practice
from tests.builders import a_person, right_answer, wrong_answer
from tests.conftest import MORNING
from tests.contest_builders import FILL, MULTIPLE, TRUE_FALSE, a_bank, a_draft, a_question, add_questions

pytestmark = pytest.mark.usefixtures("context")

ONE_LINE: dict[str, Any] = {"plan": [{"kind": "single_choice", "count": 1, "points": 5}]}
CLOSED = datetime(2026, 7, 20, 10, 1, tzinfo=UTC)


@pytest.fixture
def person() -> Person:
    return a_person(MORNING)


@pytest.fixture
def bank() -> Bank:
    """Four questions, one of each kind that is marked, opened for practice."""
    made = a_bank(MORNING, a_question(), a_question(MULTIPLE), a_question(TRUE_FALSE), a_question(FILL))
    opened(made)
    return made


def opened(bank: Bank, *, is_open: bool = True) -> None:
    practice.open_bank(bank.id, is_open=is_open, actor_id=7, now=MORNING)


def offered(person: Person, now: datetime = MORNING) -> list[int]:
    return [each.question_id for each in find.practicable(person.id, now)]


def in_book(person: Person) -> list[int]:
    return [each.question_id for each in find.practicable(person.id, MORNING) if each.is_in_book]


def tried(person: Person, question_id: int, how: Any = right_answer) -> practice.Practised:
    found, position = practice.question_for(person.id, question_id, now=MORNING)
    return practice.answer(person.id, question_id, found.version_id, how(position), now=MORNING)


def a_live_contest(bank: Bank, slug: str = "live", **terms: Any) -> None:
    draft = a_draft(MORNING, slug=slug, bank=bank.name, terms={**ONE_LINE, **terms})
    contests.publish(draft.id, actor_id=None, now=MORNING)


def test_only_opened_banks_are_offered_and_opening_is_on_record(person: Person) -> None:
    bank = a_bank(MORNING, a_question())
    assert offered(person) == []
    opened(bank)
    opened(bank)
    assert len(offered(person)) == 1
    opened(bank, is_open=False)
    assert offered(person) == []
    acts = db.session.scalars(select(AuditEntry.act).order_by(AuditEntry.id)).all()
    assert acts == ["bank.practice_opened", "bank.practice_closed"]


def test_every_kind_is_marked_and_wrong_ones_stay_in_the_book_until_right(person: Person, bank: Bank) -> None:
    for question_id in offered(person):
        assert not tried(person, question_id, wrong_answer).is_right
    assert in_book(person) == offered(person) and len(in_book(person)) == 4
    for question_id in offered(person):
        assert tried(person, question_id).is_right
    assert in_book(person) == []
    records = db.session.scalars(select(PracticeRecord)).all()
    assert [(record.tried, record.right, record.last_was_right) for record in records] == [(2, 1, True)] * 4
    assert offered(a_person(MORNING)) and in_book(a_person(MORNING)) == []  # everybody has a book of their own


def test_questions_of_a_live_contest_are_held_back_until_it_has_closed(person: Person, bank: Bank) -> None:
    questions = offered(person)
    draft = a_draft(MORNING, bank=bank.name, terms=ONE_LINE)
    assert offered(person) == questions  # a draft holds nothing
    contests.publish(draft.id, actor_id=None, now=MORNING)
    assert offered(person) == []
    with pytest.raises(NotFound):
        practice.question_for(person.id, questions[0], now=MORNING)
    contests.pause(draft.id, actor_id=None, now=MORNING, reason="核对")
    assert offered(person) == []
    assert offered(person, CLOSED) == questions


def test_the_same_question_in_another_bank_or_version_is_held_too(person: Person) -> None:
    content = a_question()
    contest_bank = a_bank(MORNING, content, name="竞赛")
    add_questions(contest_bank.id, MORNING, a_question())
    practice_bank = a_bank(MORNING, content, a_question(), name="练习")
    opened(contest_bank)
    opened(practice_bank)
    a_live_contest(contest_bank)
    assert len(offered(person)) == 1
    in_contest = db.session.scalars(select(Question).where(Question.bank_id == contest_bank.id)).first()
    assert in_contest
    reworded = a_question(stem="换了一种说法")
    bank_acts.revise(in_contest.id, reworded, actor_id=7, now=MORNING)
    assert len(offered(person)) == 1  # its new version is in no pool


def test_a_contest_whose_terms_say_so_holds_nothing(person: Person, bank: Bank) -> None:
    a_live_contest(bank, practice=True)
    assert len(offered(person)) == 4
    a_live_contest(bank, slug="another")
    assert offered(person) == []


def test_what_has_expired_or_is_not_marked_by_machine_is_not_offered(person: Person) -> None:
    bank = a_bank(
        MORNING, a_question(valid_until=MORNING.date() - timedelta(days=1)), a_question(valid_until=MORNING.date())
    )
    opened(bank)
    assert len(offered(person)) == 1


def test_an_answer_is_needed_and_it_is_about_the_version_that_was_shown(person: Person, bank: Bank) -> None:
    question_id = offered(person)[0]
    version = banks.live_versions(bank.id)[0].id
    for bad in ([], ["Z"], "A", ["A", "B"]):
        with pytest.raises(BadAnswer):
            practice.answer(person.id, question_id, version, bad, now=MORNING)
    with pytest.raises(ChangedMeanwhile):
        practice.answer(person.id, question_id, version + 1, ["A"], now=MORNING)
    assert db.session.scalars(select(PracticeRecord)).all() == []


def test_the_book_keeps_questions_of_banks_that_are_not_open(person: Person) -> None:
    bank = a_bank(MORNING, a_question(), a_question())
    version = banks.live_versions(bank.id)[0]
    for _ in range(2):
        assert practice.add_to_book(person.id, [version.id], now=MORNING) == 1
    assert in_book(person) == offered(person) == [version.question_id]
    practice.take_out(a_person(MORNING).id, version.question_id)
    assert in_book(person) == [version.question_id]
    practice.take_out(person.id, version.question_id)
    assert offered(person) == []


def test_records_go_with_the_person(person: Person, bank: Bank) -> None:
    other = a_person(MORNING)
    for who in (person, other):
        tried(who, offered(who)[0], wrong_answer)
    forgetting.forget_person(person.id, actor=7, now=MORNING)
    assert db.session.scalars(select(PracticeRecord.person_id)).all() == [other.id]
    forgetting.forget_due(now=MORNING + timedelta(days=400))
    assert db.session.scalars(select(PracticeRecord.person_id)).all() == []


def test_an_import_that_was_practised_on_can_still_be_undone(person: Person, bank: Bank) -> None:
    batch = an_import_of(bank)
    for question_id in offered(person):
        tried(person, question_id)
    assert bank_acts.undo(batch, actor_id=7, now=MORNING) == 4
    assert db.session.scalars(select(PracticeRecord)).all() == []


def an_import_of(bank: Bank) -> int:
    """All questions of the bank as if one file had brought them."""
    with transaction() as session:
        batch = ImportBatch(
            bank_id=bank.id, bank_name=bank.name, filename="a.xlsx", sha256="", author="", report_digest="",
            checked_at=MORNING, imported_at=MORNING, taken=4,
        )  # fmt: skip
        session.add(batch)
        session.flush()
        session.execute(update(Question).where(Question.bank_id == bank.id).values(batch_id=batch.id))
        return batch.id


def test_what_was_never_tried_comes_first_then_what_was_tried_longest_ago() -> None:
    def at(minutes: int) -> datetime:
        return MORNING + timedelta(minutes=minutes)

    assert next_question([Candidate(1, at(1)), Candidate(2, None), Candidate(3, at(0))], 9) == 2
    assert next_question([Candidate(1, at(1)), Candidate(3, at(0))], 9) == 3
    assert next_question([Candidate(1, at(1)), Candidate(3, at(0))], 9, after=3) == 1
    assert next_question([Candidate(3, at(0))], 9, after=3) == 3 and next_question([], 9) is None
    fresh = [Candidate(number, None) for number in range(50)]
    assert len({next_question(fresh, person) for person in range(20)}) > 5  # not the same one for everybody


def test_domains_are_the_upper_level() -> None:
    assert [domain_of(path) for path in ("环境/卫生", "产品", "")] == ["环境", "产品", "没有写领域"]
