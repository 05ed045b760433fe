"""A small district in which something has happened: people, contests in every state, somebody of every role."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from question_bank.kinds import QuestionKind
from quiz.queries import attempts as find_attempts
from quiz.queries import signals as find_signals
from quiz.queries.contests import contest_by_slug
from quiz.queries.signals import Shown
from quiz.rules.marking import QuestionRuling, RulingKind
from quiz.rules.prizes import DrawPlan, Method, Tier
from quiz.rules.stages import Cut, CutBy
from quiz.services import (
    accounts,
    announcements,
    appeals,
    certificates,
    contests,
    prizes,
    question_rulings,
    remarking,
    reports,
    rulings,
    seals,
    signals,
    stages,
    stalls,
)
from tests import people_builders
from tests.browser.district import PASSWORD, UNITS, contest_file, open_contest
from tests.players import a_player, play

RUNNING, PAUSED, OVER, DRAFT, COMING, TIMED = "jinxing", "zanting", "jieshu", "caogao", "jijiang", "xianshi"
STAFF: dict[str, dict[str, str]] = {
    "organiser": {},
    "judge": {},
    "street_manager": {"street": "JD01"},
    "unit_manager": {"unit": "DW02"},
    "reviewer": {"domain": "产品"},
    "administrator": {},
}
RESIDENT, RESIDENT_PHONE = "钱多多", "13711110000"
CODE = "ABCDEFGHJKMN"
STALL = "a-token-of-a-stall"
APPEAL = "第三题我选的是 B，当时网络断了一会儿，请复核。"
REPORT = "这道题有两个选项都说得通"

# name, street, unit, how many of five questions right
PLAYERS = [
    ("赵一鸣", "JD01", None, 5),
    ("孙晓梅", "JD02", None, 4),
    ("李建国", "JD01", "DW01", 4),
    ("周敏", "JD02", "DW02", 3),
    ("欧阳文", "JD02", "DW02", 2),
    ("吴桂芳", None, "DW03", 1),
]


def happen(site: Any, folder: Path) -> None:
    """Fill the server's database, by the commands and through the services."""
    open_contest(site, folder, RUNNING, title="2026 年质量知识竞赛")
    for slug, title, opens_in in (
        (PAUSED, "社区质量知识赛", -timedelta(days=1)),
        (OVER, "2025 年质量知识竞赛", -timedelta(days=40)),
        (COMING, "质量月知识竞赛", timedelta(days=5)),
    ):
        site.flask(
            "contest", "create", contest_file(folder, slug, title=title, opens_in=opens_in, certificate={"mark": 1})
        )
        site.flask("contest", "publish", slug)
    open_contest(site, folder, TIMED, title="质量知识快答", question_limit_s=600, time_limit_s=36_000)
    site.flask("contest", "pause", PAUSED, "--reason", "核对一道试题")
    site.flask("contest", "create", contest_file(folder, DRAFT, title="工程质量专场"))
    now = datetime.now(UTC)
    with site.app.app_context():
        _play(RUNNING, now - timedelta(minutes=40))
        _play(OVER, now - timedelta(days=35))
        over = contest_by_slug(OVER)
        assert over
        _draws(over.id, now)
        _a_final(over.id, now)
        signals.look(over.id, actor_id=None, now=now)  # everybody came at once, with numbers in a row
        for role, scope in STAFF.items():
            token = people_builders.staff.add_staff(role, role, now=now, actor=None, **scope)
            member = accounts.use_link(token, PASSWORD, guard=people_builders.a_guard(), now=now)
            if role in ("organiser", "street_manager"):
                _a_stall(member.id, f"{STALL}-of-{role}", now)
            if role == "judge":
                _an_announcement(member.id, now)
        _a_resident_at_the_third_question(now)
        _a_judge_at_work(now)
        _seals(over.id, now)
        people_builders.a_person(
            now, name="何小丽", phone="13711110001", kind="employee", street="JD01", unit_name="东湖一小", unit=""
        )


def _a_stall(member_id: int, token: str, now: datetime) -> None:
    contest = contest_by_slug(RUNNING)
    assert contest
    given = {"name": "湖滨社区广场", "until": now + timedelta(hours=8), "token": token}
    stalls.open_stall(contest.id, actor_id=member_id, now=now, **given)  # type: ignore[arg-type]  # whatever a test gives by name


def _draws(contest_id: int, now: datetime) -> None:
    """One that is through, one that waits for its number, and awards by rank."""
    number, who = count(1), {"actor_id": None}

    def new_code() -> str:
        return f"CHECK{next(number):03d}".translate(str.maketrans("01", "XY"))

    plan = DrawPlan(Method.CHANCE, (Tier("一等奖", 1, 1, "电饭煲"), Tier("二等奖", 2, 2, "毛巾", least=500)), step=100)
    for title, day in (("答题抽奖", now - timedelta(days=3)), ("幸运奖", now)):
        draw = prizes.set_up(contest_id, plan, title=title, claim_where="街道办事处一楼", now=day, **who)
        prizes.fix_list(draw.id, contest_id, now=day, **who)
        prizes.announce(
            draw.id, contest_id, source="福彩 3D 开奖号码", public_at=day + timedelta(days=1), seed="5eed" * 8,
            now=day, **who,
        )  # fmt: skip
        if day < now:
            prizes.enter_number(draw.id, contest_id, "358", new_code=new_code, now=now, **who)
    ranked = prizes.set_up(contest_id, DrawPlan(Method.RANK, (Tier("优胜奖", 3),)), title="优胜奖", now=now, **who)
    prizes.fix_list(ranked.id, contest_id, now=now, **who)
    prizes.award_by_rank(ranked.id, contest_id, new_code=new_code, now=now, **who)


def _seals(contest_id: int, now: datetime) -> None:
    """Sealed, and again after a headcount was mended."""
    seals.seal(contest_id, actor_id=None, now=now)
    contests.set_headcount(contest_id, "DW01", "unit", 7, reason="漏登 2 人", actor_id=None, now=now)
    seals.seal(contest_id, actor_id=None, now=now, reason="更正一个单位的应参加人数")


def _a_final(earlier_id: int, now: datetime) -> None:
    """The first three may come to the contest that is to open."""
    final, cut = contest_by_slug(COMING), Cut(CutBy.RANK, 3)
    assert final
    seen = stages.preview(final.id, earlier_id, cut, now=now)
    stages.apply(final.id, earlier_id, cut, digest=seen.digest, actor_id=None, now=now)


def _an_announcement(member_id: int, now: datetime) -> None:
    """The result of the contest that is over, signed off."""
    contest = contest_by_slug(OVER)
    assert contest
    wish = announcements.first_wish(contest, host="示例区质量强区工作办公室", now=now)
    wish = replace(wish, contact="王老师，电话 0755-12345678")
    seen = announcements.draft(contest.id, wish, now=now).sha256
    announcements.sign(contest.id, wish, seen=seen, reason="", actor_id=member_id, now=now)


def _play(slug: str, began: datetime) -> None:
    contest = contest_by_slug(slug)
    assert contest
    for number, (name, street, unit, right) in enumerate(PLAYERS):
        person = a_player(name, street=street, unit=unit, now=began)
        places = range(1, 6)
        play(contest, person, now=began, right=places[:right], wrong=places[right:], seconds=60 + 7 * number)


def _a_resident_at_the_third_question(now: datetime) -> None:
    """Somebody who has been through the contest that is over, and is in the middle of the one that runs."""
    person = people_builders.a_person(now, name=RESIDENT, phone=RESIDENT_PHONE, password=PASSWORD, street="JD01")
    for slug, at, seconds in ((OVER, now - timedelta(days=34), 95), (RUNNING, now, None)):
        contest = contest_by_slug(slug)
        assert contest
        attempt = play(contest, person, now=at, right=(1,), wrong=(2,), seconds=seconds)
        if seconds:
            reports.report(attempt.id, person.id, 2, REPORT, now=at + timedelta(minutes=5))
            appeals.appeal(attempt.id, person.id, APPEAL, now=at + timedelta(minutes=6))
            certificates.issue(contest, person.id, code=CODE, now=at + timedelta(minutes=5))
    timed = contest_by_slug(TIMED)
    assert timed
    play(timed, person, now=now, seconds=None)


def _a_judge_at_work(now: datetime) -> None:
    """An attempt set aside and another kept, a wrong key found and what it changes looked at."""
    over = contest_by_slug(OVER)
    assert over and over.pool
    waiting = [row.attempt for row in find_signals.signalled(over.id, Shown.WAITING).rows]
    rulings.set_aside(over.id, waiting[-1].id, reason="一人用两个账号答题", actor_id=None, now=now)
    paper = find_attempts.paper_contents(waiting[0].id)
    assert paper
    wrong = next(at.line.version for at in paper.positions if at.content.kind is QuestionKind.SINGLE_CHOICE)
    full_marks = QuestionRuling(RulingKind.FULL_MARKS)
    question_rulings.rule(over.id, wrong, full_marks, reason="题干漏了一个字", actor_id=None, now=now)
    remarking.preview(over.id, actor_id=None, now=now)


UNIT_NAMES = {row[0]: row[1] for row in UNITS[1:]}
