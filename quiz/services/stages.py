"""晋级: look at a cut, apply it exactly as it was seen, add somebody with a reason. Starts of others are refused."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Update, insert, update
from sqlalchemy.orm import Session

from question_bank.database import transaction
from quiz.errors import ChangedMeanwhile, Mistakes, NotFound, StillAnswering, TermsFixed, WrongState
from quiz.models import Admission, Contest, Person, StageCut
from quiz.models.contests import ContestState
from quiz.queries import stages as find
from quiz.queries.attempts import somebody_is_answering
from quiz.queries.contests import contest_for_change, has_attempts
from quiz.queries.stages import EntryOf
from quiz.rules import prize_plans
from quiz.rules import stages as rules
from quiz.rules.stages import Cut, Through
from quiz.services import attempts, audit


@dataclass(frozen=True)
class Preview:
    """Who would get in, under the digest that applying asks for; ``gone`` are those whose data was deleted."""

    found: list[Through]
    entries: dict[str, EntryOf]  # by entry code
    gone: int
    digest: str

    @property
    def by_tie(self) -> int:
        return sum(each.by_tie for each in self.found)


def preview(contest_id: int, from_contest_id: int, cut: Cut, *, now: datetime) -> Preview:
    """Who would get in now. Nothing is written but what is overdue. Raises NotFound, WrongState, Mistakes."""
    if problems := rules.complaints(cut):
        raise Mistakes(problems=problems)
    attempts.submit_expired(from_contest_id, now=now)
    with transaction() as session:
        return _look(session, contest_id, from_contest_id, cut, now)[0]


def apply(
    contest_id: int, from_contest_id: int, cut: Cut, *, digest: str, actor_id: int | None, now: datetime
) -> StageCut:
    """Admit those who were shown under ``digest``, once; from here on the contest admits nobody else.

    The same again changes nothing. Raises NotFound, WrongState, Mistakes, TermsFixed (somebody has started),
    ChangedMeanwhile (the result is no longer what was shown), StillAnswering.
    """
    if problems := rules.complaints(cut):
        raise Mistakes(problems=problems)
    attempts.submit_expired(from_contest_id, now=now)
    with transaction() as session:
        if held := _applied(contest_id, from_contest_id, digest):
            return held
        shown, persons = _look(session, contest_id, from_contest_id, cut, now)
        contest = session.get_one(Contest, contest_id)
        if has_attempts(contest.id) and not contest.admits_only:
            raise TermsFixed
        if shown.digest != digest:
            raise ChangedMeanwhile
        if not persons:
            raise Mistakes(problems=["没有人能晋级，请换一个条件。"])
        made = StageCut(
            contest_id=contest_id,
            from_contest_id=from_contest_id,
            value=cut.as_json(),
            digest=digest,
            admitted=len(persons),
            applied_at=now,
            applied_by=actor_id,
        )
        session.add(made)
        session.flush()
        _admit(session, made, shown, persons, actor_id=actor_id, now=now)
        contest.admits_only = True
        session.flush()
        _record(
            "stage.applied", contest_id, actor_id=actor_id, now=now,
            from_contest=from_contest_id, entries=len(persons), digest=digest, **cut.as_json(),
        )  # fmt: skip
    return made


def _applied(contest_id: int, from_contest_id: int, digest: str) -> StageCut | None:
    """What was applied before, if it is this. Raises NotFound, ChangedMeanwhile."""
    if contest_for_change(contest_id) is None:
        raise NotFound
    held = find.cut_from(contest_id, from_contest_id)
    if held is not None and held.digest != digest:
        raise ChangedMeanwhile
    return held


def _look(
    session: Session, contest_id: int, from_contest_id: int, cut: Cut, now: datetime
) -> tuple[Preview, dict[str, int]]:
    """Who gets in, and their persons by entry code."""
    earlier = session.get(Contest, from_contest_id)
    if earlier is None or contest_id == from_contest_id or earlier.state == ContestState.DRAFT:
        raise NotFound
    state = earlier.state_at(now)
    if state not in (ContestState.CLOSED, ContestState.SEALED):
        raise WrongState(state=state.label, wanted=f"{ContestState.CLOSED.label}”或“{ContestState.SEALED.label}")
    if somebody_is_answering(from_contest_id, now):
        raise StillAnswering
    found = rules.through(cut, find.candidates(from_contest_id, earlier.terms.ties))
    entries = find.entries_by_code([each.code for each in found])
    persons = {code: entry.person_id for code, entry in entries.items() if entry.person_id is not None}
    digest = rules.digest_of(cut, earlier.slug, found)
    return Preview(found, entries, len(found) - len(persons), digest), persons


def _admit(
    session: Session, cut: StageCut, shown: Preview, persons: dict[str, int], *, actor_id: int | None, now: datetime
) -> None:
    """A row for each who is not admitted yet; who comes through two contests is admitted once."""
    already = find.admitted_persons(cut.contest_id)
    rows = [
        {
            "contest_id": cut.contest_id, "person_id": persons[each.code],
            "masked_name": shown.entries[each.code].masked_name,
            "cut_id": cut.id, "entry_code": each.code, "rank": each.rank, "reason": "",
            "added_at": now, "added_by": actor_id,
        }
        for each in shown.found
        if each.code in persons and persons[each.code] not in already
    ]  # fmt: skip
    if rows:
        session.execute(insert(Admission), rows)


def add(contest_id: int, phone: str, *, name: str, reason: str, actor_id: int | None, now: datetime) -> Admission:
    """One more person by phone, for a reason; ``name`` where several share the phone. Again: nothing changes.

    Raises NotFound, Mistakes.
    """
    if problems := prize_plans.reason_complaints(reason):
        raise Mistakes(problems=problems)
    with transaction() as session:
        contest = contest_for_change(contest_id)
        if contest is None:
            raise NotFound
        if not contest.admits_only:
            raise Mistakes(problems=["这场竞赛现在人人都能参加。先按成绩定好入围名单，再单独加人。"])
        person = _person_of(phone.strip(), name.strip())
        if held := find.admission_of(contest_id, person.id):
            return held
        admission = Admission(
            contest_id=contest_id,
            person_id=person.id,
            masked_name=person.masked_name,
            reason=reason.strip(),
            added_at=now,
            added_by=actor_id,
        )
        session.add(admission)
        session.flush()
        _record("stage.added", contest_id, actor_id=actor_id, now=now, person=person.id, reason=reason.strip())
    return admission


def _person_of(phone: str, name: str) -> Person:
    persons = find.persons_with_phone(phone)
    if name:
        persons = [person for person in persons if person.name == name]
    if not persons:
        raise Mistakes(problems=["没有找到这个人。请核对手机号和姓名；还没有注册的，请本人先注册。"])
    if len(persons) > 1:
        raise Mistakes(problems=[f"这个手机号有 {len(persons)} 个人，请把姓名也填上。"])
    return persons[0]


def _record(act: str, contest_id: int, *, actor_id: int | None, now: datetime, **details: object) -> None:
    audit.record(act, f"contest:{contest_id}", actor_id=actor_id, now=now, contest_id=contest_id, **details)


def forgetting(which: ColumnElement[bool]) -> Update:
    """The statement that leaves only masked names on these admissions."""
    gone = update(Admission).where(which).values(person_id=None, reason="")
    return gone.execution_options(synchronize_session=False)
