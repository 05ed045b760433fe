"""A sample district to look at and try: its people, a bank, a running contest and one that is over.

All of it goes through the paths that users' own workbooks and people go. Loading it again changes nothing.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import question_bank
from question_bank.database import transaction
from question_bank.queries import bank_named
from question_bank.service import import_file
from quiz.models import AreaKind, Contest, Person
from quiz.queries import people as find_people
from quiz.queries.contests import contest_by_slug
from quiz.rules.permissions import Role
from quiz.services import audit, contests, people
from quiz.services.demo.accounts import PHONE, STAFF, Account, sample_accounts, sample_person
from quiz.services.demo.district import DISTRICT, register_workbook
from quiz.services.demo.draw import draw
from quiz.services.demo.entrants import Entrant, entrants
from quiz.services.demo.play import play

BANK, BANK_FILE = "质量知识题库", Path(question_bank.__file__).parent / "bundled" / "district.xlsx"
RUNNING, FINISHED = "quality-2026", "quality-2025-final"

PREPARED_AT = datetime(2025, 10, 20, 1, 30, tzinfo=UTC)
PUBLISHED_AT = datetime(2025, 10, 27, 2, 0, tzinfo=UTC)
EXTENDED_AT = datetime(2025, 11, 18, 7, 0, tzinfo=UTC)
FINISHED_WINDOW = ("2025-11-03T09:00", "2025-11-20T18:00")
EXTENDED_TO = datetime(2025, 11, 23, 10, 0, tzinfo=UTC)

_CERTIFICATE = {"certificate": {"mark": 60}}
_HOST = {"host": "示例区质量强区工作办公室", "contact": "示例区市场监督管理局质量发展科"}
_NOTICE = {
    RUNNING: "本场竞赛供试用：题目真实，街道、单位和人员都是虚构的。欢迎随意答题，成绩不作任何用途。",
    FINISHED: "本场竞赛已经结束，街道、单位、人员和成绩都是虚构的，用来看排行榜和导出的样子。",
}


@dataclass(frozen=True)
class Demo:
    """What demo.json says (CONTRACT §1)."""

    accounts: list[Account]
    bank: str = BANK
    contests: tuple[str, ...] = (RUNNING, FINISHED)

    def as_json(self) -> dict[str, Any]:
        return {
            "accounts": [asdict(account) for account in self.accounts],
            "bank": self.bank,
            "contests": list(self.contests),
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "Demo":
        return cls([Account(**account) for account in value["accounts"]])


def load(kept: Demo | None, *, now: datetime, new_password: Callable[[], str]) -> Demo:
    """Load what is not there yet. Raises a Refusal where something of another's is in the way."""
    prepared_at = min(PREPARED_AT, now)
    if find_people.area_by_code(DISTRICT[0].code, AreaKind.STREET) is None:
        people.import_people(register_workbook(), actor=None, now=prepared_at)
    is_new = sample_person(PHONE) is None
    accounts = sample_accounts(
        kept.accounts if kept else [], now=prepared_at if is_new else now, new_password=new_password
    )
    organiser = sample_person(STAFF[0][1])
    judge = sample_person(next(account for role, account, *_ in STAFF if role == Role.JUDGE))
    participant = sample_person(PHONE)
    assert organiser and judge and participant
    if bank_named(BANK) is None:
        _import_bank(organiser.id, prepared_at)
    forget_on = (now + timedelta(days=365 + 180)).date().isoformat()
    if contest_by_slug(FINISHED) is None:
        _finished_contest(organiser.id, participant, forget_on, judge.id)
    if contest_by_slug(RUNNING) is None:
        _running_contest(organiser.id, now, forget_on)
    return Demo(accounts)


def _import_bank(organiser: int, now: datetime) -> None:
    with transaction():
        taken, _report = import_file(
            BANK_FILE.read_bytes(), BANK_FILE.name, BANK, skip_problems=False, author=STAFF[0][1], now=now
        )
        audit.record(
            "bank.import", f"bank:{taken.batch.bank_id}", actor_id=organiser, now=now, batch=taken.batch.id,
            taken=taken.taken, left=taken.left, already=taken.already,
        )  # fmt: skip


def _running_contest(organiser: int, now: datetime, forget_on: str) -> Contest:
    """Open since this morning, for a year."""
    opens_at = now - timedelta(hours=1)
    value = {
        "slug": RUNNING,
        "title": "质量知识竞赛（示例）",
        "bank": BANK,
        "opens_at": opens_at.replace(minute=0, second=0, microsecond=0).isoformat(),
        "closes_at": (opens_at + timedelta(days=365)).replace(minute=0, second=0, microsecond=0).isoformat(),
        "terms": {"about": {**_HOST, "notice": _NOTICE[RUNNING]}, "forget_on": forget_on, **_CERTIFICATE},
    }
    with transaction():
        draft = contests.create_contest(value, actor_id=organiser, now=now)
        return contests.publish(draft.id, actor_id=organiser, now=now)


def _finished_contest(organiser: int, participant: Person, forget_on: str, judge: int) -> None:
    """Over since last year, with 300 entrants: all of it, or nothing if something breaks off."""
    chance = Random(2025)
    value = {
        "slug": FINISHED,
        "title": "2025 年质量知识竞赛（示例，已结束）",
        "bank": BANK,
        "opens_at": FINISHED_WINDOW[0],
        "closes_at": FINISHED_WINDOW[1],
        "terms": {"about": {**_HOST, "notice": _NOTICE[FINISHED]}, "forget_on": forget_on, **_CERTIFICATE},
    }
    with transaction() as session:
        draft = contests.create_contest(value, actor_id=organiser, now=PREPARED_AT)
        contest = contests.publish(draft.id, actor_id=organiser, now=PUBLISHED_AT)
        contest = contests.move_closing(
            contest.id, EXTENDED_TO, reason="方便周末才有空的居民参加", actor_id=organiser, now=EXTENDED_AT
        )
        play(session, contest, [Entrant(participant, 0.8), *entrants(session, chance, now=PUBLISHED_AT)], chance)
        draw(contest, judge, chance)
