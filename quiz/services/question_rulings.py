"""更正答案, 全体给分, 不计分: a judge rules about a question of a contest, or takes a ruling back.

From that moment hand-ins are marked by it. What was marked before follows in one go (services/remarking.py).
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from question_bank.database import transaction
from question_bank.kinds import QuestionKind
from question_bank.models import QuestionVersion
from quiz.errors import Mistakes, NotFound
from quiz.models import Contest, Ruling
from quiz.models.contests import ContestState
from quiz.queries import rulings as find
from quiz.queries.contests import contest_for_change, open_attempts, pool_contents
from quiz.queries.remarking import job_under_way
from quiz.rules.marking import QUESTION_RULINGS, QuestionRuling, RulingKind
from quiz.rules.rulings import key_complaints, reason_complaints
from quiz.services import audit, bank


@dataclass(frozen=True)
class Ruled:
    """The ruling that holds, and the version the bank got besides; ``why_not`` says why it got none."""

    ruling_id: int
    version_id: int | None = None
    why_not: str = ""


def rule(
    contest_id: int, version_id: int, ruling: QuestionRuling, *, reason: str, actor_id: int | None, now: datetime
) -> Ruled:
    """裁定 about one question of the contest. The same once more changes nothing.

    Another key goes into the bank as a new version besides, where its question still says the same.
    Raises NotFound, Mistakes.
    """
    with transaction() as session:
        contest = _held(contest_id)
        version = session.get(QuestionVersion, version_id)
        if version is None or contest.pool_id is None or version_id not in pool_contents(contest.pool_id).contents:
            raise NotFound
        if found := [*reason_complaints(reason), *key_complaints(version.content, ruling)]:
            raise Mistakes(problems=found)
        before = find.about_question(contest_id, version_id)
        if before and (before[-1].kind, before[-1].value) == (ruling.kind.value, value_of(ruling)):
            return Ruled(before[-1].id)
        made = _add(session, contest_id, version_id, ruling.kind, value_of(ruling), reason, actor_id, now)
        _record("question.ruled", made, actor_id=actor_id, now=now)
        if ruling.kind is not RulingKind.ANOTHER_KEY:
            return Ruled(made.id)
        new, why_not = _revise(version, ruling, actor_id=actor_id, now=now)
        return Ruled(made.id, new, why_not)


def undo(contest_id: int, ruling_id: int, *, reason: str, actor_id: int | None, now: datetime) -> Ruling:
    """撤销: the question is marked as before this ruling; an earlier one about it that stands holds again.

    A second time gives the first one again. The bank stays as it is. Raises NotFound, Mistakes.
    """
    with transaction() as session:
        _held(contest_id)
        ruling = session.get(Ruling, ruling_id)
        if ruling is None or ruling.contest_id != contest_id or ruling.kind not in QUESTION_RULINGS:
            raise NotFound
        if found := reason_complaints(reason):
            raise Mistakes(problems=found)
        if before := find.undone_by(ruling_id):
            return before
        assert ruling.version_id is not None
        made = _add(session, contest_id, ruling.version_id, RulingKind.UNDO, {}, reason, actor_id, now, ruling_id)
        _record("question.ruling_undone", made, actor_id=actor_id, now=now)
    return made


def value_of(ruling: QuestionRuling) -> dict[str, Any]:
    """A ruling about a question as its row keeps it."""
    if ruling.kind is not RulingKind.ANOTHER_KEY:
        return {}
    if ruling.blanks:
        return {"blanks": [list(texts) for texts in ruling.blanks]}
    return {"choices": sorted(ruling.choices)}


def _held(contest_id: int) -> Contest:
    """The contest, with everybody who is answering: who hands in waits, and is then marked by the new ruling."""
    contest = contest_for_change(contest_id)
    if contest is None or contest.state == ContestState.DRAFT:
        raise NotFound
    if job_under_way(contest_id):
        raise Mistakes(problems=["正在按先前的裁定重新阅卷，还没有做完。请先把它做完，再作新的裁定。"])
    open_attempts(contest_id)
    return contest


def _add(
    session: Session,
    contest_id: int,
    version_id: int,
    kind: RulingKind,
    value: dict[str, Any],
    reason: str,
    actor_id: int | None,
    now: datetime,
    undoes_id: int | None = None,
) -> Ruling:
    ruling = Ruling(
        contest_id=contest_id,
        kind=kind.value,
        version_id=version_id,
        value=value,
        reason=reason.strip(),
        made_by=actor_id,
        made_at=now,
        undoes_id=undoes_id,
    )
    session.add(ruling)
    session.flush()
    return ruling


def _revise(
    version: QuestionVersion, ruling: QuestionRuling, *, actor_id: int | None, now: datetime
) -> tuple[int | None, str]:
    """The bank's new version with this key, or why there is none."""
    question, asked = version.question, version.content
    current = question.current.content
    if question.retired_at is not None:
        return None, "题库里这道题已经停用，没有改。"
    if current.body_fingerprint != asked.body_fingerprint:
        return None, "题库里这道题的题干或选项后来改过，没有再改。"
    if current.fingerprint != asked.fingerprint:
        return None, "题库里这道题的答案已经改过，没有再改。"
    if asked.kind is QuestionKind.SINGLE_CHOICE and len(ruling.choices) > 1:
        return None, "单选题在题库里只能有一个答案，题库没有改。请修改或停用这道题。"
    if actor_id is None:
        return None, "题库没有改。"
    corrected = replace(current, choices=ruling.choices, blanks=ruling.blanks)
    try:
        return bank.revise(question.id, corrected, actor_id=actor_id, now=now).id, ""
    except Mistakes:  # found before anything was written
        return None, "题库里已经有一道同样答案的题，没有改。"


def _record(act: str, ruling: Ruling, *, actor_id: int | None, now: datetime) -> None:
    audit.record(
        act,
        f"contest:{ruling.contest_id}",
        actor_id=actor_id,
        now=now,
        contest_id=ruling.contest_id,
        ruling=ruling.id,
        undoes=ruling.undoes_id,
        version=ruling.version_id,
        kind=ruling.kind,
        value=ruling.value,
        reason=ruling.reason,
    )
