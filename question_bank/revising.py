"""What people do to one question: revise, retire, bring back, review, tag. Each act is one transaction."""

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from question_bank.content import QuestionContent
from question_bank.database import transaction, wait_for_turn
from question_bank.models import Question, QuestionReview, QuestionTag, QuestionVersion
from question_bank.pictures import PictureFile
from question_bank.storing_pictures import store_pictures
from question_bank.tags import LONGEST_TAG, MOST_TAGS, kept
from question_bank.versions import domain_ids_of, version_row


class NoSuchQuestion(Exception):
    """The question is not there, or was retired."""


class AlreadyThere(Exception):
    """A revised question would equal another one of its bank."""


class TooManyTags(Exception):
    """So many of the questions have all the tags they can have."""

    def __init__(self, count: int) -> None:
        super().__init__(count)
        self.count = count


class OwnWork(Exception):
    """Whoever wrote a version cannot be the one who reviews it."""


def revise_question(
    question_id: int, content: QuestionContent, *, author: str, now: datetime, pictures: Iterable[PictureFile] = ()
) -> QuestionVersion:
    """Add a version; those before it stay as they are. The same content again adds nothing.

    ``pictures`` are those that the content shows and that may not be kept yet.
    """
    with transaction() as session:
        wait_for_turn(session, "bank import")
        question = _live_question(session, question_id)
        current = question.current
        if current.content == content:
            return current
        if content.fingerprint != question.fingerprint:
            _require_no_equal(session, question, content.fingerprint)
            question.fingerprint = content.fingerprint
        store_pictures(session, pictures, now=now)
        domain_ids = domain_ids_of(session, [content.domain])
        row = version_row(question.id, current.number + 1, content, domain_ids, author=author, now=now)
        version = QuestionVersion(**row)
        question.versions.append(version)
        session.flush()
    return version


def retire_question(question_id: int, *, now: datetime) -> None:
    """Take a question out of future papers. Contests that use it keep it."""
    with transaction() as session:
        question = session.get(Question, question_id)
        if question is None:
            raise NoSuchQuestion(question_id)
        question.retired_at = question.retired_at or now


def bring_back_question(question_id: int) -> None:
    """Let future papers draw a retired question again. Raises NoSuchQuestion, AlreadyThere (an equal one is in use)."""
    with transaction() as session:
        wait_for_turn(session, "bank import")
        question = session.get(Question, question_id, with_for_update=True)
        if question is None:
            raise NoSuchQuestion(question_id)
        _require_no_equal(session, question, question.fingerprint)
        question.retired_at = None


def review_question(question_id: int, state: str, *, note: str, reviewer: str, now: datetime) -> QuestionVersion:
    """审题: say of the current version that it is good, or send it back. Raises NoSuchQuestion, OwnWork."""
    with transaction() as session:
        version = _live_question(session, question_id).current
        if version.author == reviewer:
            raise OwnWork(question_id)
        session.add(QuestionReview(version_id=version.id, state=state, reviewer=reviewer, note=note, at=now))
    return version


def set_tags(question_id: int, tags: Iterable[str]) -> list[str]:
    """The words by which the staff find a question again; gives them as they are kept. Raises NoSuchQuestion."""
    wanted = kept(tags)
    with transaction() as session:
        if session.get(Question, question_id) is None:
            raise NoSuchQuestion(question_id)
        session.execute(delete(QuestionTag).where(QuestionTag.question_id == question_id))
        session.add_all(QuestionTag(question_id=question_id, tag=tag) for tag in wanted)
    return wanted


def change_tag(bank_id: int, question_ids: Collection[int], tag: str, *, is_added: bool) -> list[int]:
    """Add a tag to questions of a bank, or take it off; those that changed. Raises NoSuchQuestion, TooManyTags."""
    word = " ".join(tag.split())[:LONGEST_TAG]
    with transaction() as session:
        known = select(Question.id).where(Question.bank_id == bank_id, Question.id.in_(question_ids))
        if set(session.scalars(known.with_for_update())) != set(question_ids):
            raise NoSuchQuestion(bank_id)
        tags: dict[int, set[str]] = {each: set() for each in question_ids}
        for row in session.scalars(select(QuestionTag).where(QuestionTag.question_id.in_(question_ids))):
            tags[row.question_id].add(row.tag)
        changed = sorted(each for each, own in tags.items() if (word in own) is not is_added)
        if is_added:
            if full := sum(len(tags[each]) >= MOST_TAGS for each in changed):
                raise TooManyTags(full)
            session.add_all(QuestionTag(question_id=each, tag=word) for each in changed)
        else:
            session.execute(delete(QuestionTag).where(QuestionTag.question_id.in_(changed), QuestionTag.tag == word))
    return changed


def _require_no_equal(session: Session, question: Question, fingerprint: str) -> None:
    equal = select(Question.id).where(
        Question.bank_id == question.bank_id,
        Question.fingerprint == fingerprint,
        Question.retired_at.is_(None),
        Question.id != question.id,
    )
    if session.scalar(equal) is not None:
        raise AlreadyThere(question.id)


def _live_question(session: Session, question_id: int) -> Question:
    question = session.get(Question, question_id, with_for_update=True)
    if question is None or question.retired_at is not None:
        raise NoSuchQuestion(question_id)
    return question
