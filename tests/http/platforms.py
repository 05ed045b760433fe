"""The platform served by several processes, with a bank and a district: for tests over HTTP and for the soak."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from flask import Flask
from openpyxl import Workbook
from sqlalchemy import func, select

from question_bank.database import db, transaction
from question_bank.service import import_file
from quiz.app import create_app
from quiz.clock import system_clock
from quiz.config import settings_from
from quiz.models import Attempt, Unit
from quiz.queries.contests import contest_by_slug
from quiz.services import contests, people, standings
from tests.http.browser import Browser
from tests.people_builders import a_register_workbook
from tests.serving import Served, served

_numbers = count(1)

HEADER = ["题型", "题干", "选项A", "选项B", "选项C", "选项D", "答案", "解析", "来源", "领域", "难度"]
PLAN = [
    {"kind": "single_choice", "count": 3, "points": 5},
    {"kind": "multiple_choice", "count": 1, "points": 5},
    {"kind": "true_false", "count": 2, "points": 5},
]
QUESTIONS = 6


def a_bank_file(folder: Path) -> Path:
    """Twelve questions whose keys are all A, or AB."""
    book = Workbook()
    sheet = book.active
    sheet.append(HEADER)
    rest = ["见条文", "《产品质量法》", "产品"]
    for number in range(1, 7):
        sheet.append(["单选题", f"第 {number} 道单选题，选甲", "甲", "乙", "丙", "丁", "A", *rest])
    for number in range(1, 4):
        sheet.append(["多选题", f"第 {number} 道多选题，选甲乙", "甲", "乙", "丙", "丁", "AB", *rest])
        sheet.append(["判断题", f"第 {number} 道判断题，对", None, None, None, None, "对", *rest])
    path = folder / "bank.xlsx"
    book.save(path)
    return path


@dataclass
class Platform:
    """A server, and the same app in this process on the same database: for setting up and looking behind the pages."""

    server: Served
    app: Flask

    @property
    def port(self) -> int:
        return self.server.port

    @contextmanager
    def office(self) -> Iterator[None]:
        with self.app.app_context():
            yield
            db.session.remove()

    def a_contest(self, **terms: Any) -> str:
        """A contest that is open now; its slug."""
        slug = f"race-{next(_numbers)}"
        value = {
            "slug": slug,
            "title": "质量知识竞赛",
            "bank": "质量题库",
            "opens_at": "2020-01-01T00:00",
            "closes_at": "2099-01-01T00:00",
            "terms": {"plan": PLAN, **terms},
        }
        with self.office():
            now = system_clock()
            contest = contests.create_contest(value, actor_id=None, now=now)
            contests.publish(contest.id, actor_id=None, now=now)
        return slug

    def contest_id(self, slug: str) -> int:
        with self.office():
            contest = contest_by_slug(slug)
            assert contest
            return contest.id

    def a_late_unit(self) -> str:
        """A unit that came into the register after every contest was published; its code."""
        with self.office(), transaction() as session:
            unit = Unit(code=f"LATE{next(_numbers)}", name="新单位", unit_class="企业", headcount=9)
            session.add(unit)
        return unit.code

    def difference(self, slug: str) -> standings.Difference | None:
        """Between the kept standings and a rebuild."""
        contest_id = self.contest_id(slug)
        with self.office():
            return standings.verify(contest_id)

    def count(self, table: type, *conditions: Any) -> int:
        with self.office():
            query = select(func.count()).select_from(table).where(*conditions)
            return int(db.session.execute(query).scalar_one())

    def answered(self, attempt: str) -> int | None:
        """How many answers the marking of this attempt found."""
        with self.office():
            return db.session.get_one(Attempt, int(attempt.rsplit("/", 1)[1])).answered

    def a_participant(self, **changes: str) -> Browser:
        """Somebody who has registered and is signed in."""
        browser = Browser(self.port)
        reply = browser.register(a_phone(), **changes)
        assert reply.status == 303, reply.text
        return browser


@contextmanager
def a_platform(kind: str, folder: Path, name: str, **environ: str) -> Iterator[Platform]:
    """A server of two workers with a bank and a district."""
    with served(kind, folder, name, **environ) as server:
        app = create_app(settings_from({**server.environ, "ENV": ""}))
        platform = Platform(server, app)
        with platform.office():
            people.import_people(a_register_workbook(), actor=None, now=system_clock())
            import_file(
                a_bank_file(folder).read_bytes(), "bank.xlsx", "质量题库",
                skip_problems=False, author="tests", now=system_clock(),
            )  # fmt: skip
        yield platform
        with app.app_context():
            db.engine.dispose()


def a_phone() -> str:
    return f"139{next(_numbers):08d}"
