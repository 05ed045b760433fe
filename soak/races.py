"""Limits under races: all register, start and hand in from several devices at once; then the tables are counted."""

import asyncio
import time
from collections import Counter
from dataclasses import dataclass, field

from sqlalchemy import select

from question_bank.database import db
from quiz.models import Attempt, Credential, Entry, Marking, Person
from soak.connection import Connection, Reply, run
from tests.http.browser import PASSWORD
from tests.http.platforms import Platform, a_phone

ALLOWED = 3
DEVICES = 10


@dataclass
class Raced:
    """How many requests raced each other, and everything that should not have been."""

    registrations: int = 0
    starts: int = 0
    hand_ins: int = 0
    faults: list[str] = field(default_factory=list)
    seconds: float = 0

    @property
    def requests(self) -> int:
        return self.registrations + self.starts + self.hand_ins

    def __str__(self) -> str:
        return (
            f"{self.requests:,} raced requests ({self.registrations:,} registrations, {self.starts:,} starts, "
            f"{self.hand_ins:,} hand-ins), {len(self.faults)} faults, {self.seconds:.0f} s"
        )


@dataclass
class Racer:
    """One person with several devices, who all share the session of the registration that won."""

    phone: str
    devices: list[Connection]
    token: str
    attempts: set[str] = field(default_factory=set)

    async def register(self, raced: Raced) -> None:
        """From every device at once: one gets the phone, the others are told that it is taken."""
        fields = {
            "csrf_token": self.token, "name": "王小明", "phone": self.phone, "kind": "resident", "street": "S1",
            "password": PASSWORD, "consent": "1", "next": "/",
        }  # fmt: skip
        replies = await asyncio.gather(*(self._post(device, "/register", fields) for device in self.devices))
        raced.registrations += len(replies)
        if Counter(reply.status for reply in replies) != {303: 1, 409: len(replies) - 1}:
            raced.faults.append(f"{self.phone}: registrations {[reply.status for reply in replies]}")
        cookie = next(reply.cookie for reply in replies if reply.status == 303)
        self.devices[0].cookie = cookie
        self.token = await self.devices[0].csrf_token()
        for device in self.devices:
            device.cookie = self.devices[0].cookie
            device.close()  # a server may close what lies idle until the others have registered

    async def use_up(self, slug: str, raced: Raced) -> None:
        """From every device at once, start and hand in over and over, until none may start any more."""
        await asyncio.gather(*(self._use_up(device, slug, number, raced) for number, device in enumerate(self.devices)))
        if len(self.attempts) != ALLOWED:
            raced.faults.append(f"{self.phone}: {len(self.attempts)} attempts were shown")

    async def _use_up(self, device: Connection, slug: str, number: int, raced: Raced) -> None:
        while True:
            started = await self._post(device, f"/contests/{slug}/attempts")
            raced.starts += 1
            if started.status != 303:
                if (started.status, started.json.get("reason")) != (409, "attempts_used"):
                    raced.faults.append(f"{self.phone}: start {started.status} {started.text[:200]}")
                return
            attempt = started.location
            self.attempts.add(attempt)
            ended = await self._post(device, f"{attempt}/submit", {"a1": "AB"[number % 2]})
            raced.hand_ins += 1
            if (ended.status, ended.location) != (303, f"{attempt}/result"):
                raced.faults.append(f"{self.phone}: hand-in {ended.status} {ended.text[:200]}")

    async def _post(self, device: Connection, path: str, fields: dict[str, str] | None = None) -> Reply:
        return await device.post(path, {"csrf_token": self.token, **(fields or {})})


def races(platform: Platform, *, requests: int, people: int) -> Raced:
    """Rounds of so many people with ten devices each, until so many requests have raced."""
    began, raced = time.monotonic(), Raced()
    while raced.requests < requests:
        slug = platform.a_contest(attempts={"allowed": ALLOWED})
        racers = run(_round(platform.port, slug, people, raced))
        raced.faults += doubled(platform, slug, racers)
        if difference := platform.difference(slug):
            raced.faults.append(f"{slug}: the standings differ from a rebuild: {difference}")
    raced.seconds = time.monotonic() - began
    return raced


async def _round(port: int, slug: str, people: int, raced: Raced) -> list[Racer]:
    guest = Connection(port)
    token = await guest.csrf_token()
    racers = [Racer(a_phone(), [Connection(port, guest.cookie) for _ in range(DEVICES)], token) for _ in range(people)]
    await asyncio.gather(*(racer.register(raced) for racer in racers))
    await asyncio.gather(*(racer.use_up(slug, raced) for racer in racers))
    for connection in (guest, *(device for racer in racers for device in racer.devices)):
        connection.close()
    return racers


def doubled(platform: Platform, slug: str, racers: list[Racer]) -> list[str]:
    """What the tables hold more or less than once, of each person in this contest."""
    contest_id = platform.contest_id(slug)
    with platform.office():
        faults = []
        for racer in racers:
            found = _found(contest_id, racer.phone)
            if found != EACH_ONCE:
                faults.append(f"{slug}, {racer.phone}: {found} instead of {EACH_ONCE}")
        return faults


EACH_ONCE = {
    "accounts": 1,
    "passwords": 1,
    "entries": 1,
    "attempts": [("", number) for number in range(1, ALLOWED + 1)],
    "open": 0,
    "markings": [1] * ALLOWED,
}


def _found(contest_id: int, phone: str) -> dict[str, object]:
    persons = select(Person.id).where(Person.phone == phone)
    entries = select(Entry.id).where(Entry.person_id.in_(persons), Entry.contest_id == contest_id)
    attempts = select(Attempt).where(Attempt.entry_id.in_(entries)).order_by(Attempt.id)
    lookups = select(Credential.id).where(Credential.lookup.startswith(f"{phone}/"))
    rows = list(db.session.scalars(attempts))
    return {
        "accounts": len(list(db.session.scalars(persons))),
        "passwords": len(list(db.session.scalars(lookups))),
        "entries": len(list(db.session.scalars(entries))),
        "attempts": sorted((row.period, row.number) for row in rows),
        "open": sum(row.ended_at is None for row in rows),
        "markings": [len(list(db.session.scalars(select(Marking.id).filter_by(attempt_id=row.id)))) for row in rows],
    }
