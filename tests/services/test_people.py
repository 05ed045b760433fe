"""The register comes from a workbook, typed units find their place, and personal data goes when it is due."""

import zipfile
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from openpyxl import Workbook
from sqlalchemy import func, select, text

from question_bank.database import Base, db
from question_bank.reading.drafts import Unreadable
from quiz.errors import ChangedMeanwhile, Mistakes, NotFound
from quiz.models import (
    Area,
    AuditEntry,
    Contest,
    ContestArea,
    ContestUnit,
    Credential,
    Entry,
    Person,
    Standing,
    Unit,
)
from quiz.queries import people as find
from quiz.services import accounts, audit, forgetting, people, standings
from tests.builders import a_contest, an_ended_attempt
from tests.conftest import StillClock
from tests.people_builders import (
    COMMUNITIES,
    PASSWORD,
    STREETS,
    UNITS,
    a_district,
    a_member_of_staff,
    a_person,
    a_register_workbook,
    a_workbook,
)

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def now(clock: StillClock) -> datetime:
    return clock()


def take(data: bytes, now: datetime) -> people.Summary:
    return people.import_people(data, actor=None, now=now)


def register() -> list[tuple[Any, ...]]:
    db.session.expire_all()
    areas = db.session.execute(select(Area.code, Area.name, Area.kind, Area.headcount).order_by(Area.code))
    units = db.session.execute(select(Unit.code, Unit.name, Unit.unit_class, Unit.headcount).order_by(Unit.code))
    return [tuple(row) for row in [*areas, *units]]


def problems(data: bytes, now: datetime) -> list[tuple[str, int | None, str, str]]:
    """What is wrong, by sheet, row, column and code; nothing was taken."""
    before = register()
    with pytest.raises(Mistakes) as refused:
        take(data, now)
    assert register() == before
    assert len(refused.value.facts["problems"]) == len(refused.value.facts["rows"])
    return [(p.sheet, p.row, p.column, p.code) for p in refused.value.facts["rows"]]


# --- the workbook ----------------------------------------------------------------------------------------------------


def test_streets_communities_and_units_come_from_one_workbook(now: datetime) -> None:
    summary = take(a_register_workbook(), now)
    assert [summary.added(sheet) for sheet in ("街道", "社区", "单位")] == [2, 2, 3]
    unit, department = find.unit_by_code("U2"), find.unit_by_code("U1")
    assert unit and unit.street and department
    assert (unit.name, unit.unit_class, unit.street.code, unit.headcount) == ("东门小学", "学校", "S1", 60)
    assert department.street is None
    assert [c.parent.code for c in find.communities() if c.parent] == ["S1", "S2"]


def test_the_same_workbook_again_changes_nothing_and_leaves_no_record(now: datetime) -> None:
    take(a_register_workbook(), now)
    before = register()
    summary = take(a_register_workbook(), now)
    assert not summary.changes and [summary.same(sheet) for sheet in ("街道", "社区", "单位")] == [2, 2, 3]
    assert register() == before
    assert db.session.execute(select(func.count()).select_from(AuditEntry)).scalar_one() == 1


def test_another_workbook_updates_what_it_names_and_keeps_the_rest(now: datetime) -> None:
    take(a_register_workbook(), now)
    summary = take(a_workbook(单位=[UNITS[0], ["U2", "东门实验小学", "学校", "S2", 65]]), now)
    assert (summary.added("单位"), summary.changed("单位")) == (0, 1)
    assert [(unit.code, unit.name, unit.headcount) for unit in find.units().units] == [
        ("U1", "区市场监管局", 80),
        ("U2", "东门实验小学", 65),
        ("U3", "东门中学", 90),
    ]


def test_codes_are_text_even_where_excel_holds_numbers(now: datetime) -> None:
    streets = [STREETS[0], [440303.0, "南湖街道", "1,200"], ["0440304", "东门街道", 800.0]]
    units = [UNITS[0], [12315, "消费者委员会", None, 440303, "60人"], ["０１２", "档案馆", None, "440303.0", 5]]
    assert problems(a_workbook(街道=streets, 单位=units), now) == [("单位", 3, "街道编码", "unknown_street")]
    units[2][3] = "440303"
    take(a_workbook(街道=streets, 单位=units), now)
    assert [street.code for street in find.streets()] == ["0440304", "440303"]
    assert [(unit.code, unit.headcount) for unit in find.units().units] == [("012", 5), ("12315", 60)]


def test_a_code_that_excel_shows_with_leading_zeros_keeps_them(now: datetime) -> None:
    book = Workbook()
    book.active.title = "街道"
    for row in [STREETS[0], [7, "南湖街道", 600]]:
        book.active.append(row)
    book.active["A2"].number_format = "000000"
    data = BytesIO()
    book.save(data)
    take(data.getvalue(), now)
    assert [street.code for street in find.streets()] == ["000007"]


def test_every_problem_is_named_by_sheet_row_and_column_and_nothing_is_taken(now: datetime) -> None:
    streets = [*STREETS, ["S1", "重复街道", 1], ["S4", "", 1], [None, "无码街道", 1]]
    communities = [*COMMUNITIES, ["S3-1", "孤儿社区", "S9"], ["S3-2", "无街道社区", None]]
    units = [*UNITS, ["U4", "甲", "", "S9", 1], ["U5", "乙", "", None, -1], ["U6", "丙", "", None, 1.5]]
    units += [["U7", "丁", "", None, None], ["U8", "戊", "", None, "不详"], ["U2", "己", "", None, 1]]
    assert problems(a_workbook(街道=streets, 社区=communities, 单位=units), now) == [
        ("街道", 4, "街道编码", "duplicate_code"),
        ("街道", 5, "街道", "name_missing"),
        ("街道", 6, "街道编码", "code_missing"),
        ("社区", 4, "街道编码", "unknown_street"),
        ("社区", 5, "街道编码", "street_missing"),
        ("单位", 5, "街道编码", "unknown_street"),
        ("单位", 6, "应参加人数", "bad_headcount"),
        ("单位", 7, "应参加人数", "bad_headcount"),
        ("单位", 8, "应参加人数", "bad_headcount"),
        ("单位", 9, "应参加人数", "bad_headcount"),
        ("单位", 10, "单位编码", "duplicate_code"),
    ]


def test_the_sentence_of_a_problem_says_where_and_what(now: datetime) -> None:
    with pytest.raises(Mistakes) as refused:
        take(a_workbook(街道=[*STREETS, ["S4", "海滨街道", -5]]), now)
    assert refused.value.facts["problems"] == [
        "工作表“街道”，第 4 行“应参加人数”：应参加人数要填 0 或正整数，这里是“-5”。"
    ]


def test_rows_are_counted_as_excel_shows_them(now: datetime) -> None:
    book = Workbook()
    book.active.title = "街道"
    for row, values in ((3, ["某区街道名单"]), (5, STREETS[0]), (8, ["S1", "东门街道", "许多"])):
        for column, value in enumerate(values, 2):
            book.active.cell(row=row, column=column, value=value)
    data = BytesIO()
    book.save(data)
    assert problems(data.getvalue(), now) == [("街道", 8, "应参加人数", "bad_headcount")]


def test_a_missing_column_and_a_missing_sheet_are_named(now: datetime) -> None:
    assert problems(a_workbook(街道=[["街道编码", "街道"], ["S1", "东门街道"]]), now) == [
        ("街道", 1, "应参加人数", "column_missing")
    ]
    assert problems(a_workbook(Sheet1=[["姓名"], ["王芳"]]), now) == [("", None, "", "no_sheet")]
    assert problems(a_workbook(街道=[]), now) == [("街道", None, "", "no_header")]
    assert problems(a_workbook(街道=[STREETS[0]]), now) == [("", None, "", "empty")]


def test_a_community_and_a_street_never_share_a_code(now: datetime) -> None:
    take(a_register_workbook(), now)
    assert problems(a_workbook(街道=[STREETS[0], ["S1-1", "湖贝街道", 1]]), now) == [
        ("街道", 2, "街道编码", "code_in_use")
    ]


def test_what_is_no_workbook_says_so(now: datetime) -> None:
    bomb = BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * (40 * 1024 * 1024))
    other = BytesIO()
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("readme.txt", b"nothing")
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    encrypted = ole + "EncryptedPackage".encode("utf-16-le") + b"\0" * 4096
    for data in (b"", b"plain text", b"%PDF-1.7", ole + b"\0" * 600, bomb.getvalue(), other.getvalue(), encrypted):
        with pytest.raises(Unreadable):
            take(data, now)
    with pytest.raises(Unreadable):
        take(a_register_workbook()[:-100], now)
    assert register() == []


def test_sheets_of_another_kind_are_named_and_left(now: datetime) -> None:
    summary = take(a_register_workbook(说明=[["请填写"]], 名册=[["姓名"], ["王芳"]]), now)
    assert summary.unread == ("说明", "名册")


def test_a_check_changes_nothing_and_the_import_does_what_it_showed_or_nothing(now: datetime) -> None:
    shown = people.check_people(a_register_workbook())
    assert register() == []
    assert len(shown.changes) == 7
    take(a_workbook(街道=[STREETS[0], ["S1", "东门街道", 799]]), now)
    with pytest.raises(ChangedMeanwhile):
        people.import_people(a_register_workbook(), actor=None, now=now, shown=shown.digest)
    again = people.check_people(a_register_workbook())
    people.import_people(a_register_workbook(), actor=None, now=now, shown=again.digest)
    assert [street.headcount for street in find.streets()] == [800, 600]


def test_a_published_contest_keeps_the_register_it_was_published_with(now: datetime) -> None:
    a_district(now)
    contest = a_contest(now)
    take(
        a_workbook(街道=[STREETS[0], ["S1", "新东门街道", 1]], 单位=[UNITS[0], ["U2", "新小学", "企业", None, 1]]), now
    )
    unit = db.session.execute(select(ContestUnit).where(ContestUnit.contest_id == contest.id, ContestUnit.code == "U2"))
    area = db.session.execute(select(ContestArea).where(ContestArea.contest_id == contest.id, ContestArea.code == "S1"))
    kept, street = unit.scalar_one(), area.scalar_one()
    assert (kept.name, kept.unit_class, kept.street_code, kept.headcount) == ("东门小学", "学校", "S1", 60)
    assert (street.name, street.headcount) == ("东门街道", 800)


def test_an_import_is_on_record(now: datetime) -> None:
    organiser = a_member_of_staff("organiser", "amy", now)
    people.import_people(a_register_workbook(), actor=organiser.id, now=now)
    last = db.session.execute(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).scalar_one()
    assert (last.act, last.actor_id) == ("people.imported", organiser.id)
    assert last.details == {"sheets": {"街道": [2, 0], "社区": [2, 0], "单位": [3, 0]}}
    assert audit.first_break() is None


# --- finding places and people ---------------------------------------------------------------------------------------


def test_scopes_bound_what_is_read(now: datetime) -> None:
    a_district(now)
    s1, s2 = find.streets()
    u1, u2, _u3 = find.units().units
    a_person(now, name="甲一", street="S1")
    a_person(now, name="乙二", phone="13800000002", street="S2")
    a_person(now, name="丙三", phone="13800000003", kind="employee", unit="U2")
    a_person(now, name="丁四", phone="13800000004", kind="employee", unit="U1")

    def names(*scopes: find.Scope) -> list[str]:
        return sorted(person.name for person in find.persons(scopes).persons)

    assert names(find.Scope()) == ["丁四", "丙三", "乙二", "甲一"]
    assert names(find.Scope(street_id=s1.id)) == ["丙三", "甲一"]
    assert names(find.Scope(unit_id=u1.id)) == ["丁四"]
    assert names(find.Scope(street_id=s2.id), find.Scope(unit_id=u2.id)) == ["丙三", "乙二"]
    assert names() == []
    assert [unit.code for unit in find.units([find.Scope(street_id=s1.id)]).units] == ["U2", "U3"]
    assert [unit.code for unit in find.units([find.Scope(unit_id=u1.id)]).units] == ["U1"]
    assert find.streets([find.Scope(unit_id=u1.id)]) == [] and find.streets([find.Scope(street_id=s2.id)]) == [s2]


def test_signs_of_patterns_are_searched_as_they_stand(now: datetime) -> None:
    a_district(now)
    a_person(now, name="100%_\\")
    for words, found in (("100%", 1), ("%_\\", 1), ("_", 1), ("1_0", 0), ("%1", 0)):
        assert find.persons(find.DISTRICT, words=words).total == found, words


# --- typed units -----------------------------------------------------------------------------------------------------


def test_a_typed_unit_is_mapped_with_its_people_entries_and_standings(now: datetime) -> None:
    a_district(now)
    contest = a_contest(now)
    take(a_workbook(单位=[UNITS[0], ["U9", "质检院", "企业", "S2", 12]]), now)  # after publishing
    typed = a_person(now, kind="employee", unit_name="质量检测院", street="S1")
    other = a_person(now, kind="employee", unit_name="别的单位", phone="13800000002")
    ended = now + timedelta(minutes=5)
    for person in (typed, other):
        an_ended_attempt(contest, person, began=now, ended=ended)
    unit = find.unit_by_code("U9")
    assert unit and unit.street
    assert [(t.name, t.persons, t.entries) for t in find.typed_units()] == [("别的单位", 1, 1), ("质量检测院", 1, 1)]

    assert people.map_typed_unit("质量检测院", unit.id, actor=None, now=now) == people.Mapped(1, 1)

    db.session.expire_all()
    entry = db.session.execute(select(Entry).where(Entry.person_id == typed.id)).scalar_one()
    standing = db.session.get_one(Standing, entry.id)
    person = db.session.get_one(Person, typed.id)
    assert (person.unit_id, person.street_id, person.unit_name) == (unit.id, unit.street_id, None)
    assert (entry.unit_id, entry.street_id, entry.unit_class, entry.unit_name) == (
        unit.id,
        unit.street_id,
        "企业",
        None,
    )
    assert (standing.unit_id, standing.street_id) == (unit.id, unit.street_id)
    counted = db.session.execute(
        select(ContestUnit).where(ContestUnit.contest_id == contest.id, ContestUnit.unit_id == unit.id)
    ).scalar_one()
    assert (counted.code, counted.headcount, counted.street_code) == ("U9", 12, "S2")
    assert standings.verify(contest.id) is None
    assert [t.name for t in find.typed_units()] == ["别的单位"]
    with pytest.raises(NotFound):
        people.map_typed_unit("质量检测院", unit.id, actor=None, now=now)
    last = db.session.execute(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).scalar_one()
    assert (last.act, last.subject, last.details) == ("unit.mapped", f"unit:{unit.id}", {"persons": 1, "entries": 1})


def test_a_sealed_result_keeps_a_typed_unit(now: datetime) -> None:
    a_district(now)
    contest = a_contest(now)
    person = a_person(now, kind="employee", unit_name="质量检测院")
    an_ended_attempt(contest, person, began=now, ended=now + timedelta(minutes=5))
    db.session.get_one(Contest, contest.id).state = "sealed"
    db.session.commit()
    unit = find.unit_by_code("U1")
    assert unit
    assert people.map_typed_unit("质量检测院", unit.id, actor=None, now=now) == people.Mapped(1, 0)
    db.session.expire_all()
    entry = db.session.execute(select(Entry)).scalar_one()
    assert (entry.unit_id, entry.unit_name) == (None, "质量检测院")


def test_who_moves_keeps_the_street_and_unit_of_entries_made_before(now: datetime) -> None:
    a_district(now)
    contest = a_contest(now)
    person = a_person(now, street="S1")
    an_ended_attempt(contest, person, began=now, ended=now + timedelta(minutes=5))
    before = person.street_id
    moved = people.move_person(person.id, kind="employee", unit="U2", street="S2")
    assert moved.unit and (moved.kind, moved.unit.code, moved.street_id) == ("employee", "U2", moved.unit.street_id)
    entry = db.session.execute(select(Entry)).scalar_one()
    assert (entry.street_id, entry.unit_id) == (before, None)
    with pytest.raises(Mistakes):
        people.move_person(person.id, kind="resident", street="S9")


# --- forget ----------------------------------------------------------------------------------------------------------


def everything_kept() -> str:
    """Every value of every row, as text."""
    db.session.rollback()
    rows = []
    for name in Base.metadata.tables:
        rows += [f"{name}: {tuple(row)}" for row in db.session.execute(text(f'SELECT * FROM "{name}"'))]
    return "\n".join(rows)


def test_on_the_stated_day_name_phone_and_id_are_gone_everywhere(now: datetime) -> None:
    a_district(now)
    contest = a_contest(now, forget_on="2026-09-01")
    person = a_person(now, name="司马相如", phone="13912345678", kind="employee", unit_name="某某检测中心")
    an_ended_attempt(contest, person, began=now, ended=now + timedelta(minutes=5))
    accounts.reset_password(person.id, actor=None, now=now)
    ladder = standings.verify(contest.id)
    assert "司马相如" in everything_kept() and "13912345678" in everything_kept()

    assert forgetting.forget_due(now=datetime(2026, 8, 31, 15, 59, tzinfo=UTC)) == forgetting.Forgotten(0, 0)
    due = datetime(2026, 8, 31, 16, 0, tzinfo=UTC)  # midnight in the contest's zone
    assert forgetting.forget_due(now=due) == forgetting.Forgotten(1, 1)

    kept = everything_kept()
    for secret in ("司马相如", "13912345678", "某某检测中心"):
        assert secret not in kept
    assert "司马**" in kept
    entry = db.session.execute(select(Entry)).scalar_one()
    assert (entry.person_id, entry.masked_name) == (None, "司马**")
    assert db.session.execute(select(func.count()).select_from(Person)).scalar_one() == 0
    assert db.session.execute(select(func.count()).select_from(Credential)).scalar_one() == 0
    assert standings.verify(contest.id) == ladder is None
    assert audit.first_break() is None
    assert forgetting.forget_due(now=due) == forgetting.Forgotten(0, 0)


def test_who_still_takes_part_elsewhere_stays_until_that_is_due_too(now: datetime) -> None:
    a_district(now)
    early, late = a_contest(now, forget_on="2026-09-01"), a_contest(now, forget_on="2026-10-01")
    both, first_only = a_person(now), a_person(now, name="李强", phone="13800000002")
    for contest, person in ((early, both), (late, both), (early, first_only)):
        an_ended_attempt(contest, person, began=now, ended=now + timedelta(minutes=5))
    assert forgetting.forget_due(now=datetime(2026, 9, 2, tzinfo=UTC)) == forgetting.Forgotten(1, 1)
    entries = db.session.execute(select(Entry.contest_id, Entry.person_id).order_by(Entry.id)).all()
    assert [tuple(row) for row in entries] == [(early.id, None), (late.id, both.id), (early.id, None)]
    assert accounts.sign_in("13800000001", PASSWORD, guard=accounts.Guard("k", "", False), now=now).id == both.id
    assert forgetting.forget_due(now=datetime(2026, 10, 2, tzinfo=UTC)) == forgetting.Forgotten(1, 1)


def test_who_asks_for_it_is_forgotten_at_once_and_the_score_stays_under_a_masked_name(now: datetime) -> None:
    a_district(now)
    contest = a_contest(now)
    person, other = a_person(now, name="司马相如", phone="13912345678"), a_person(now)
    for who in (person, other):
        an_ended_attempt(contest, who, began=now, ended=now + timedelta(minutes=5))
    gone, stays = person.id, other.id
    forgetting.forget_person(gone, actor=7, now=now)
    kept = everything_kept()
    assert "司马相如" not in kept and "13912345678" not in kept and "司马**" in kept
    assert list(db.session.execute(select(Person.id)).scalars()) == [stays]
    assert standings.verify(contest.id) is None and audit.first_break() is None
    with pytest.raises(NotFound):
        forgetting.forget_person(gone, actor=7, now=now)
    staff = a_member_of_staff("organiser", "amy", now)
    with pytest.raises(NotFound):
        forgetting.forget_person(staff.id, actor=7, now=now)


def test_who_never_entered_goes_after_half_a_year_and_staff_stay(now: datetime) -> None:
    a_district(now)
    idle = a_person(now).id
    a_member_of_staff("organiser", "amy", now)
    assert forgetting.forget_due(now=now + timedelta(days=179)).persons == 0
    assert forgetting.forget_due(now=now + timedelta(days=180)).persons == 1
    assert [person.name for person in db.session.execute(select(Person)).scalars()] == ["amy"]
    again = a_person(now + timedelta(days=181))
    assert again.id != idle  # an id never leads to somebody else
