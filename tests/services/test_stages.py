"""晋级: applied exactly as it was looked at, on record, and nobody else starts."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from question_bank.database import db, transaction
from quiz.errors import AttemptsUsed, ChangedMeanwhile, Mistakes, NotAdmitted, NotFound, Refusal, TermsFixed, WrongState
from quiz.models import Admission, AuditEntry, Contest, Entry, Person, StageCut, Standing
from quiz.queries import stages as find
from quiz.rules.stages import Cut, CutBy
from quiz.services import attempts, forgetting, stages
from quiz.services.first_start import Beginning, first_start
from tests.builders import a_contest, a_person, a_start, again, an_ended_attempt, holder
from tests.prize_builders import AFTER, CLOSING, JUDGE, a_played_contest
from tests.services.test_prizes import at_once

LATER = AFTER + timedelta(days=1)
FIRST_TWO = Cut(CutBy.RANK, 2)


@pytest.fixture
def earlier(context: Flask) -> Contest:
    return a_played_contest(forget_on="2026-12-01")


@pytest.fixture
def final(earlier: Contest) -> Contest:
    return a_final()


def a_final() -> Contest:
    return a_contest(AFTER, opens_at=AFTER, closes_at=AFTER + timedelta(days=30), forget_on="2027-06-01")


def applied(final: Contest, earlier: Contest, cut: Cut = FIRST_TWO) -> StageCut:
    seen = stages.preview(final.id, earlier.id, cut, now=AFTER)
    return stages.apply(final.id, earlier.id, cut, digest=seen.digest, actor_id=JUDGE, now=AFTER)


def in_order(contest: Contest) -> list[Person]:
    """The persons of the contest, best first."""
    query = select(Person).join(Entry, Entry.person_id == Person.id).join(Standing, Standing.entry_id == Entry.id)
    query = query.where(Standing.contest_id == contest.id).order_by(Standing.minus_score, Standing.pace)
    return list(db.session.scalars(query))


def acts() -> list[str]:
    return list(
        db.session.scalars(select(AuditEntry.act).where(AuditEntry.act.startswith("stage.")).order_by(AuditEntry.id))
    )


def test_only_those_who_got_through_can_start(final: Contest, earlier: Contest) -> None:
    cut = applied(final, earlier)
    best, second, third, *_rest = in_order(earlier)
    assert (cut.admitted, again(final).admits_only) == (2, True)
    for person in (best, second):
        a_start(final, person, LATER)
    for person in (third, a_person(AFTER)):
        with pytest.raises(NotAdmitted):
            a_start(final, person, LATER)
        assert find.admission_of(final.id, person.id) is None
    assert acts() == ["stage.applied"]


def test_neither_way_of_starting_lets_anybody_else_in(final: Contest, earlier: Contest) -> None:
    """The first start in a few statements finds nothing to do, and leaves it to the careful way."""
    other = a_person(AFTER)
    a_start(final, a_person(AFTER), LATER)
    assert first_start(final.slug, holder(other), Beginning(LATER, "0" * 32, "E-OPEN")) is not None
    closed = a_final()
    applied(closed, earlier)
    best = in_order(earlier)[0]
    assert first_start(closed.slug, holder(best), Beginning(LATER, "0" * 32, "E-BEST")) is None
    assert first_start(closed.slug, holder(a_person(AFTER)), Beginning(LATER, "0" * 32, "E-NONE")) is None
    assert a_start(closed, best, LATER).number == 1


def test_who_is_admitted_has_as_many_attempts_as_the_terms_say(final: Contest, earlier: Contest) -> None:
    applied(final, earlier)
    best = in_order(earlier)[0]
    for number in range(3):
        began = LATER + timedelta(hours=number)
        an_ended_attempt(final, best, began=began, ended=began + timedelta(minutes=1))
    with pytest.raises(AttemptsUsed):
        a_start(final, best, LATER + timedelta(hours=4))


def test_what_was_looked_at_is_what_is_applied(final: Contest, earlier: Contest) -> None:
    seen = stages.preview(final.id, earlier.id, FIRST_TWO, now=AFTER)
    with transaction() as session:
        last = session.scalars(select(Standing).order_by(Standing.minus_score.desc())).first()
        assert last
        last.minus_score = -9_999.0
    with pytest.raises(ChangedMeanwhile):
        stages.apply(final.id, earlier.id, FIRST_TWO, digest=seen.digest, actor_id=JUDGE, now=AFTER)
    with pytest.raises(ChangedMeanwhile):  # another rule under the digest that was shown
        stages.apply(final.id, earlier.id, Cut(CutBy.RANK, 3), digest=seen.digest, actor_id=JUDGE, now=AFTER)
    assert not again(final).admits_only and find.cuts_of(final.id) == [] and acts() == []


def test_applied_twice_it_is_applied_once(final: Contest, earlier: Contest) -> None:
    first, second = applied(final, earlier), applied(final, earlier)
    assert first.id == second.id and find.admissions(final.id).total == 2 and acts() == ["stage.applied"]
    with pytest.raises(ChangedMeanwhile):
        applied(final, earlier, Cut(CutBy.RANK, 3))


def test_two_contests_feed_one_final(final: Contest, earlier: Contest) -> None:
    applied(final, earlier)
    best = in_order(earlier)[0]
    other = a_contest(AFTER, closes_at=LATER)
    a_player = a_person(AFTER)
    for person in (best, a_player):
        an_ended_attempt(other, person, began=AFTER, ended=AFTER + timedelta(minutes=2))
    seen = stages.preview(final.id, other.id, Cut(CutBy.RANK, 5), now=LATER)
    stages.apply(final.id, other.id, Cut(CutBy.RANK, 5), digest=seen.digest, actor_id=JUDGE, now=LATER)
    assert find.admissions(final.id).total == 3  # the best came through both


def test_a_contest_that_has_begun_for_everybody_stays_for_everybody(final: Contest, earlier: Contest) -> None:
    a_start(final, a_person(AFTER), LATER)
    with pytest.raises(TermsFixed):
        applied(final, earlier)
    assert not again(final).admits_only


def test_what_cannot_feed_a_contest(final: Contest, earlier: Contest) -> None:
    with pytest.raises(WrongState):
        stages.preview(final.id, earlier.id, FIRST_TWO, now=CLOSING - timedelta(minutes=1))
    with pytest.raises(NotFound):
        stages.preview(final.id, final.id, FIRST_TWO, now=AFTER)
    with pytest.raises(Mistakes):
        stages.preview(final.id, earlier.id, Cut(CutBy.RANK, 0), now=AFTER)
    with pytest.raises(Mistakes, match="没有人能晋级"):
        applied(final, earlier, Cut(CutBy.STREET, 3))  # nobody there counts for a street


def test_somebody_is_added_with_a_reason_and_on_record(final: Contest, earlier: Contest) -> None:
    person = a_person(AFTER, name="李强")
    assert person.phone
    with pytest.raises(Mistakes, match="人人都能参加"):
        stages.add(final.id, person.phone, name="", reason="替补", actor_id=JUDGE, now=AFTER)
    applied(final, earlier)
    for phone, name, reason in ((person.phone, "", " "), ("13900000000", "", "替补"), (person.phone, "王芳", "替补")):
        with pytest.raises(Mistakes):
            stages.add(final.id, phone, name=name, reason=reason, actor_id=JUDGE, now=AFTER)
    for _tap in range(2):
        stages.add(final.id, f" {person.phone} ", name="", reason="替补", actor_id=JUDGE, now=AFTER)
    assert find.admissions(final.id).total == 3 and acts() == ["stage.applied", "stage.added"]
    assert [each.reason for each in find.admissions(final.id, words="李强").rows] == ["替补"]
    a_start(final, person, LATER)


def test_of_a_start_and_a_cut_at_once_one_gives_way(app: Flask) -> None:
    with app.app_context():
        earlier, final = a_played_contest(), a_final()
        seen = stages.preview(final.id, earlier.id, FIRST_TWO, now=LATER)
        outsider = holder(a_person(AFTER))
        slug, final_id, earlier_id = again(final).slug, final.id, again(earlier).id
    found = at_once(
        app,
        lambda: attempts.start(slug, outsider, now=LATER, seed="0" * 32, entry_code="E-OUTSIDER"),
        lambda: stages.apply(final_id, earlier_id, FIRST_TWO, digest=seen.digest, actor_id=JUDGE, now=LATER),
    )
    refused = [type(each) for each in found if isinstance(each, Refusal)]
    assert refused in ([NotAdmitted], [TermsFixed])


def test_in_time_only_the_masked_name_stays_and_who_is_still_needed_is_kept(final: Contest, earlier: Contest) -> None:
    applied(final, earlier)
    best, second, third = [person.id for person in in_order(earlier)[:3]]
    late = a_person(datetime(2027, 5, 30, tzinfo=UTC))
    stages.add(final.id, late.phone or "", name="", reason="替补", actor_id=JUDGE, now=AFTER)
    late_id = late.id
    forgetting.forget_person(second, actor=JUDGE, now=AFTER)
    forgetting.forget_due(now=datetime(2026, 12, 2, tzinfo=UTC))
    db.session.expire_all()
    left = set(db.session.scalars(select(Person.id)))
    assert best in left and third not in left  # the best may still come to the final
    rows = find.admissions(final.id).rows
    assert [(row.person_id, row.masked_name) for row in rows] == [(best, "欧阳*"), (None, "欧阳*"), (late_id, "王**")]
    with transaction() as session:  # a draft keeps nobody
        session.execute(update(Contest).where(Contest.id == final.id).values(state="draft"))
    forgetting.forget_due(now=datetime(2027, 7, 1, tzinfo=UTC))
    with transaction() as session:
        session.execute(update(Contest).where(Contest.id == final.id).values(state="published"))
    forgetting.forget_due(now=datetime(2027, 7, 1, tzinfo=UTC))
    assert list(db.session.scalars(select(Admission.person_id))) == [None] * 3
    assert {best, late_id}.isdisjoint(db.session.scalars(select(Person.id)))
