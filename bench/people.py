"""A district with a running contest of twenty questions, and the requests that its people will make."""

import json
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

from flask import Flask, session
from flask_wtf.csrf import generate_csrf

from question_bank.database import db, transaction
from question_bank.service import import_file
from quiz.app import create_app
from quiz.config import settings_from
from quiz.models import Answer, Contest, Credential, Person
from quiz.queries import attempts as find
from quiz.services import accounts, attempts
from quiz.services.answers import Holder
from quiz.services.demo import BANK_FILE
from tests.builders import a_street, a_unit
from tests.contest_builders import a_published
from tests.serving import Served

SAVERS, ONCE, FINISHED, SIGNERS = 256, 12_000, 1_000, 32
"""``ONCE`` start, as many hand in, and as many of one unit: in three rounds enough for some seconds each."""
STARTING_AT_ONCE = 16
PASSWORD = "好口令-2026-竞赛"


@dataclass(frozen=True)
class Asked:
    """A case: its requests in files, one for each round where a request can be made only once."""

    files: tuple[Path, ...]
    once: bool = False

    def file(self, part: int) -> Path:
        return self.files[part % len(self.files)]


@dataclass(frozen=True)
class Line:
    method: str
    path: str
    cookie: str = ""
    token: str = ""
    media_type: str = ""
    body: str = ""

    def __str__(self) -> str:
        return "\t".join((self.method, self.path, self.cookie, self.token, self.media_type, self.body))


FORM = "application/x-www-form-urlencoded"


def prepared(server: Served, folder: Path, rounds: int) -> dict[str, Asked]:
    """Fill the server's database, and write the requests of every case."""
    app = create_app(settings_from(server.environ))
    with app.app_context():
        contest, persons = _district()
        savers, starters, enders, finished, crowd = _parted(persons, SAVERS, ONCE, ONCE, FINISHED, ONCE)
        _finish(app, contest, finished)
        running = _start(app, contest, [*savers, *enders, *crowd])
        _answer([running[person] for person in (*enders, *crowd)])
        signers = _with_passwords(SIGNERS)
        answer = json.dumps({"answer": ["A"], "revision": None, "device": "%r", "seq": "%d"}).replace('"%d"', "%d")
        pages = f"/contests/{contest.slug}/standings"
        cookies = _cookies(app, [*persons, None])
        guest = cookies[None]
        cases: dict[str, list[Line]] = {
            "save": [
                Line("PUT", f"/attempts/{running[p]}/answers/{at}", *cookies[p], "application/json", answer)
                for at in _choices(running[savers[0]])[:8]
                for p in savers
            ],
            "start": [Line("POST", f"/contests/{contest.slug}/attempts", *cookies[p], FORM) for p in starters],
            "hand in": [Line("POST", f"/attempts/{running[p]}/submit", *cookies[p], FORM) for p in enders],
            "hand in, one unit": [Line("POST", f"/attempts/{running[p]}/submit", *cookies[p], FORM) for p in crowd],
            "own rank": [Line("GET", f"{pages}?by=person", *cookies[p]) for p in finished[:256]],
            "leaderboard": [Line("GET", f"{pages}?by={by}") for by in ("person", "street", "unit")],
            "sign in": [
                Line("POST", "/sign-in", *guest, FORM, urlencode({"account": phone, "password": PASSWORD}))
                for phone in signers
            ],
            "register": [Line("POST", "/register", *guest, FORM, body) for body in _registrations(1_000 * rounds)],
        }
    once = {"start", "hand in", "hand in, one unit", "register"}
    return {name: _written(folder, name, lines, rounds if name in once else 1) for name, lines in cases.items()}


def _written(folder: Path, name: str, lines: list[Line], parts: int) -> Asked:
    files = []
    for part in range(parts):
        path = folder / f"{name.replace(' ', '-')}-{part}.txt"
        path.write_text("\n".join(map(str, lines[part::parts])))
        files.append(path)
    return Asked(tuple(files), once=parts > 1)


def _district() -> tuple[Contest, list[int]]:
    now = datetime.now(UTC)
    import_file(BANK_FILE.read_bytes(), BANK_FILE.name, "质量题库", skip_problems=False, author="bench", now=now)
    streets = [a_street(code=f"S{n}", name=f"第{n}街道", headcount=5_000) for n in range(5)]
    units = [a_unit(street, code=f"U{street.id}-{n}", headcount=300) for street in streets for n in range(8)]
    contest = a_published(
        now,
        opens_at=(now - timedelta(days=1)).isoformat(),
        closes_at=(now + timedelta(days=1)).isoformat(),
        terms={"attempts": {"allowed": 3, "per": "contest", "rounds": []}},
    )
    spread = SAVERS + 2 * ONCE + FINISHED  # over all units; the rest are of one
    rows = [
        {
            "kind": "employee", "name": "王小明", "masked_name": "王**", "phone": f"139{n:08d}",
            "unit_id": units[n % 40 if n < spread else 0].id,
            "consent_version": "1", "consented_at": now, "created_at": now,
        }
        for n in range(spread + ONCE)
    ]  # fmt: skip
    with transaction() as act:
        act.execute(Person.__table__.insert(), [{**row, "session_epoch": 1, "is_sample": False} for row in rows])
    return contest, list(db.session.scalars(db.select(Person.id).order_by(Person.id)))


def _parted(persons: list[int], *sizes: int) -> Iterable[list[int]]:
    start = 0
    for size in sizes:
        yield persons[start : start + size]
        start += size


def _start(app: Flask, contest: Contest, persons: Iterable[int]) -> dict[int, int]:
    now, slug = datetime.now(UTC), contest.slug

    def begin(person: int) -> tuple[int, int]:
        with app.app_context():
            who, seed, code = Holder(person, 1), f"{person:032x}", f"E{person:09d}"
            return person, attempts.start(slug, who, now=now, seed=seed, entry_code=code)

    with ThreadPoolExecutor(STARTING_AT_ONCE) as pool:
        begun = dict(pool.map(begin, persons))
    db.session.rollback()  # what this thread read before on SQLite shows nothing of what the others wrote
    return begun


def _finish(app: Flask, contest: Contest, persons: list[int]) -> None:
    now = datetime.now(UTC)
    for person, attempt in _start(app, contest, persons).items():
        given = {at: ["A"] for at in _choices(attempt)[: person % 12 + 1]}
        ended = now + timedelta(milliseconds=60_000 + person * 37 % 600_000)
        attempts.submit(attempt, Holder(person, 1), now=ended, answers=given)


def _answer(attempt_ids: list[int]) -> None:
    """Every question that takes a letter, as their saves would have stored it."""
    now = datetime.now(UTC)
    fields = {"chosen": "[1]", "revision": 1, "device": "bench", "first_at": now, "last_at": now}
    for first in range(0, len(attempt_ids), 500):
        some = attempt_ids[first : first + 500]
        rows = [{"attempt_id": one, "position": at, "seq": at, **fields} for one in some for at in _choices(one)]
        with transaction() as act:
            act.execute(Answer.__table__.insert(), rows)


def _choices(attempt_id: int) -> list[int]:
    """Positions that take one letter."""
    paper = find.paper_contents(attempt_id)
    assert paper
    return [position.number for position in paper.positions if position.form.shown]


def _with_passwords(count: int) -> list[str]:
    """Accounts that can sign in; they share one hash, since making one takes as long as checking it."""
    persons = list(db.session.scalars(db.select(Person).order_by(Person.id).limit(count)))
    secret = accounts.hashed(PASSWORD)
    with transaction() as act:
        act.add_all(
            Credential(
                person_id=person.id,
                kind="password",
                lookup=f"{person.phone}/1",
                secret=secret,
                changed_at=person.created_at,
            )
            for person in persons
        )
    return [str(person.phone) for person in persons]


def _cookies(app: Flask, persons: Iterable[int | None]) -> dict[int | None, tuple[str, str]]:
    """The session cookie of each person, signed in, and the token that goes with it."""
    serializer = app.session_interface.get_signing_serializer(app)
    cookies: dict[int | None, tuple[str, str]] = {}
    with app.test_request_context():
        token = generate_csrf()
        for person in persons:
            value = {"csrf_token": session["csrf_token"]}
            if person is not None:
                value |= {"_user_id": f"{person}.1", "_fresh": True}
            cookies[person] = f"session={serializer.dumps(value)}", token
    return cookies


def _registrations(count: int) -> list[str]:
    return [
        urlencode(
            {
                "name": "李小红", "phone": f"137{n:08d}", "kind": "resident", "street": "S0", "password": PASSWORD,
                "consent": "1", "next": "/",
            }
        )
        for n in range(count)
    ]  # fmt: skip
