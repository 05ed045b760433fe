"""摊位: opened and closed on record; what begins there is marked with it, and nothing begins where it is closed."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from question_bank.database import db, transaction
from quiz.errors import Mistakes, NotFound, StallClosed
from quiz.models import Area, Attempt, AuditEntry, Contest, Entry, Person, StaffRole, Stall, Unit
from quiz.queries import stalls as find
from quiz.queries.people import Scope
from quiz.services import attempts, stalls
from quiz.services.first_start import Beginning, first_start
from tests.builders import a_contest, a_person, a_start, again, holder, submitted
from tests.conftest import MORNING
from tests.contest_builders import a_bank, a_draft
from tests.people_builders import a_district

pytestmark = pytest.mark.usefixtures("context")

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
EVENING = MORNING + 8 * HOUR
TOKEN = "a-token-of-a-stall"


@pytest.fixture
def contest() -> Contest:
    return a_contest(MORNING)


@pytest.fixture
def staff() -> Person:
    return a_person(MORNING, kind="staff", name="李主任", phone=None)


@pytest.fixture
def stall(contest: Contest, staff: Person) -> Stall:
    return a_stall(contest, staff)


def a_stall(contest: Contest, staff: Person, *, token: str = TOKEN, **more: Any) -> Stall:
    values: dict[str, Any] = {"name": "湖滨广场", "until": EVENING, "now": MORNING, **more}
    return stalls.open_stall(contest.id, token=token, actor_id=staff.id, **values)


def start_at(stall: Stall, person: Person, now: datetime = MORNING, contest: Contest | None = None) -> Attempt:
    slug = (contest or stall.contest).slug
    seed, code = f"{person.id:032x}", f"C{person.id}"
    found = attempts.start(slug, holder(person), now=now, seed=seed, entry_code=code, stall_id=stall.id)
    return db.session.get_one(Attempt, found)


def acts() -> list[tuple[str, str, dict[str, Any]]]:
    query = select(AuditEntry).where(AuditEntry.subject.startswith("stall:")).order_by(AuditEntry.id)
    return [(entry.act, entry.subject, entry.details) for entry in db.session.execute(query).scalars()]


def test_only_the_digest_of_its_token_is_kept(stall: Stall) -> None:
    assert stalls.stall_of_link(TOKEN, now=MORNING).id == stall.id
    with db.engine.connect() as connection:
        row = connection.execute(select(Stall.__table__)).one()
    assert TOKEN not in map(str, row)
    with pytest.raises(NotFound):
        stalls.stall_of_link(TOKEN + "x", now=MORNING)


def test_opening_and_closing_are_on_record_once(stall: Stall, contest: Contest, staff: Person) -> None:
    for _ in range(2):
        stalls.close_stall(stall.id, contest.id, actor_id=staff.id, now=MORNING + HOUR)
    subject = f"stall:{stall.id}"
    assert acts() == [("stall.opened", subject, {"place": "湖滨广场"}), ("stall.closed", subject, {})]
    assert again(stall).closed_at == MORNING + HOUR


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": "  "}, "name"),
        ({"name": "很" * 41}, "name"),
        ({"until": MORNING}, "until"),
        ({"until": MORNING + timedelta(days=400)}, "until"),
    ],
)
def test_what_is_wrong_is_said_by_field(contest: Contest, staff: Person, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(Mistakes) as refusal:
        a_stall(contest, staff, **changes)
    assert list(refusal.value.facts["fields"]) == [field]
    assert acts() == []


def test_a_draft_has_no_stalls(staff: Person) -> None:
    a_bank(MORNING)
    with pytest.raises(NotFound):
        a_stall(a_draft(MORNING), staff)


def test_the_first_start_there_marks_attempt_and_entry(stall: Stall) -> None:
    attempt = start_at(stall, a_person(MORNING))
    assert (attempt.stall_id, attempt.entry.came_from) == (stall.id, "stall")


def test_the_ordinary_first_start_at_a_stall_takes_the_quick_way(stall: Stall) -> None:
    """A stall at the opening is no reason to be slower."""
    person, slug = a_person(MORNING), stall.contest.slug
    found = first_start(slug, holder(person), Beginning(MORNING, "5" * 32, "QUICK", stall_id=stall.id))
    assert found and db.session.get_one(Attempt, found).stall_id == stall.id


def test_each_attempt_is_marked_where_it_began(stall: Stall, contest: Contest) -> None:
    person = a_person(MORNING)
    at_home = a_start(contest, person, MORNING)
    assert start_at(stall, person).id == at_home.id  # the one that runs goes on
    submitted(at_home.id, holder(person), now=MORNING + MINUTE)
    later = start_at(stall, person, MORNING + HOUR)
    assert (again(at_home).stall_id, later.stall_id, later.entry.came_from) == (None, stall.id, "web")


@pytest.mark.parametrize("has_entry", [False, True])
@pytest.mark.parametrize("why", ["closed", "expired", "another contest"])
def test_nothing_begins_where_the_stall_is_not_open(stall: Stall, staff: Person, why: str, has_entry: bool) -> None:
    person, now, contest = a_person(MORNING), MORNING + 2 * MINUTE, stall.contest
    if why == "another contest":
        contest = a_contest(MORNING)
    if has_entry:
        first = a_start(contest, person, MORNING)
        submitted(first.id, holder(person), now=MORNING + MINUTE)
    if why == "closed":
        stalls.close_stall(stall.id, stall.contest_id, actor_id=staff.id, now=MORNING)
    if why == "expired":
        now = EVENING
    with pytest.raises(StallClosed):
        start_at(stall, person, now, contest)
    begun = db.session.execute(select(Attempt).join(Entry).where(Entry.person_id == person.id)).scalars().all()
    assert len(begun) == has_entry
    if why != "another contest":
        with pytest.raises(StallClosed):
            stalls.stall_of_link(TOKEN, now=now)


def test_who_was_answering_when_it_closed_goes_on(stall: Stall, staff: Person) -> None:
    person = a_person(MORNING)
    attempt = start_at(stall, person)
    stalls.close_stall(stall.id, stall.contest_id, actor_id=staff.id, now=MORNING + MINUTE)
    assert start_at(stall, person, MORNING + 2 * MINUTE).id == attempt.id
    assert submitted(attempt.id, holder(person), now=MORNING + 3 * MINUTE).ended_at == MORNING + 3 * MINUTE


def test_people_are_counted_at_each_stall(stall: Stall, staff: Person, contest: Contest) -> None:
    other = a_stall(contest, staff, token="another", name="西山学校")
    people = [a_person(MORNING) for _ in range(3)]
    for person in people:
        start_at(stall, person)
    for person in people[:2]:
        attempt = start_at(stall, person)
        submitted(attempt.id, holder(person), now=MORNING + MINUTE)
    start_at(stall, people[0], MORNING + HOUR)  # once more: the same person
    found = [(row.stall.id, row.people, row.handed_in) for row in find.stalls_of(contest.id)]
    assert found == [(other.id, 0, 0), (stall.id, 3, 2)]


# --- colleagues ------------------------------------------------------------------------------------------------------


def a_manager(role: str, *, granted_at: datetime = MORNING, **scope: int) -> Person:
    person = a_person(MORNING, kind="staff", name="赵主任", phone=None)
    with transaction() as session:
        session.add(StaffRole(person_id=person.id, role=role, granted_at=granted_at, **scope))
    return person


def scope_of_the(place: str) -> Scope:
    """Of the district that a_district() makes: schools in 东门, none in 南湖."""
    if place in ("东门街道", "南湖街道"):
        return Scope(street_id=db.session.execute(select(Area.id).where(Area.name == place)).scalar_one())
    return Scope(unit_id=db.session.execute(select(Unit.id).where(Unit.name == place)).scalar_one())


def opened_in(place: str, contest: Contest, token: str = "own") -> tuple[Stall, Person]:
    scope = scope_of_the(place)
    if scope.street_id:
        opener = a_manager("street_manager", street_id=scope.street_id)
    else:
        assert scope.unit_id
        opener = a_manager("unit_manager", unit_id=scope.unit_id)
    return a_stall(contest, opener, token=token), opener


@pytest.mark.parametrize(
    ("opened", "colleague", "may"),
    [
        ("东门街道", "东门街道", True),
        ("东门小学", "东门街道", True),  # it lies in the street
        ("东门小学", "东门小学", True),
        ("东门街道", "南湖街道", False),
        ("东门小学", "南湖街道", False),
        ("东门街道", "东门小学", False),  # a unit has no say in its street's
        ("东门中学", "东门小学", False),
        ("区市场监管局", "东门街道", False),  # lies in no street
    ],
)
def test_a_colleague_closes_what_lies_within_the_own_scope(
    contest: Contest, opened: str, colleague: str, may: bool
) -> None:
    a_district(MORNING)
    stall, opener = opened_in(opened, contest)
    other = a_person(MORNING, kind="staff", name="钱主任", phone=None)
    within = [scope_of_the(colleague)]
    seen = find.stalls_of(contest.id, person_id=other.id, within=within)
    if may:
        assert [row.stall.id for row in seen] == [stall.id]
        assert stalls.close_stall(stall.id, contest.id, actor_id=other.id, now=MORNING + HOUR, within=within).closed_at
        written = select(AuditEntry.act, AuditEntry.actor_id).where(AuditEntry.subject == f"stall:{stall.id}")
        assert db.session.execute(written.order_by(AuditEntry.id)).all() == [
            ("stall.opened", opener.id),
            ("stall.closed", other.id),
        ]
    else:
        assert seen == []
        with pytest.raises(NotFound):
            stalls.close_stall(stall.id, contest.id, actor_id=other.id, now=MORNING + HOUR, within=within)
        assert again(stall).closed_at is None


def test_a_manager_does_not_see_what_the_district_opened(stall: Stall, contest: Contest) -> None:
    a_district(MORNING)
    manager, within = a_person(MORNING, kind="staff", name="赵主任", phone=None), [scope_of_the("东门街道")]
    own = a_stall(contest, manager, token="own")
    assert [row.stall.id for row in find.stalls_of(contest.id, person_id=manager.id, within=within)] == [own.id]
    with pytest.raises(NotFound):
        stalls.close_stall(stall.id, contest.id, actor_id=manager.id, now=MORNING, within=within)
    with pytest.raises(NotFound):
        stalls.close_stall(own.id, a_contest(MORNING).id, actor_id=manager.id, now=MORNING, within=within)
    assert stalls.close_stall(own.id, contest.id, actor_id=manager.id, now=MORNING, within=within).closed_at


def test_another_organiser_closes_it(stall: Stall, contest: Contest) -> None:
    other = a_person(MORNING, kind="staff", name="孙主任", phone=None)
    assert stalls.close_stall(stall.id, contest.id, actor_id=other.id, now=MORNING + HOUR).closed_at
    assert db.session.execute(select(AuditEntry.actor_id).where(AuditEntry.act == "stall.closed")).scalars().all() == [
        other.id
    ]


@pytest.mark.parametrize(("hours", "may"), [(1, True), (-1, False)])
def test_it_stays_with_the_street_when_its_opener_moves_on(contest: Contest, hours: int, may: bool) -> None:
    """What counts is the scope at the opening: a role taken away later, but not one that was gone by then."""
    a_district(MORNING)
    stall, opener = opened_in("东门街道", contest)
    with transaction() as session:
        role = session.execute(select(StaffRole).where(StaffRole.person_id == opener.id)).scalar_one()
        role.granted_at, role.revoked_at = MORNING - 2 * HOUR, MORNING + hours * HOUR
    found = find.stalls_of(contest.id, within=[scope_of_the("东门街道")])
    assert [row.stall.id for row in found] == ([stall.id] if may else [])
