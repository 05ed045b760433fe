"""People with a running attempt who change their answers without end."""

import asyncio
import json
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from random import Random
from typing import Any

from soak.comparing import Record
from soak.connection import Connection, Lost, Reply
from tests.http.platforms import Platform

BETWEEN_S = 1 / 40
"""Nobody saves oftener. A worker that starts a moment after the others may have one person's connection for itself, who
would be through with a save in a millisecond and past the limit of 50 a second."""


@dataclass
class Round:
    """From one start of the server to the kill."""

    over: bool = False
    acknowledged: int = 0
    faults: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Save:
    position: int
    answer: list[str]
    revision: int
    device: str
    seq: int

    @property
    def body(self) -> bytes:
        values = {"answer": self.answer, "revision": self.revision, "device": self.device, "seq": self.seq}
        return json.dumps(values).encode()


class Participant:
    """One request at a time. Whether it came back or not is kept for each position."""

    def __init__(self, connection: Connection, attempt: str, random: Random) -> None:
        self.connection = connection
        self.attempt = attempt
        self.random = random
        self.records: dict[int, Record] = {}
        self._questions: dict[int, dict[str, Any]] = {}
        self._open_page()
        self._again: Save | None = None

    @property
    def attempt_id(self) -> int:
        return int(self.attempt.rsplit("/", 1)[1])

    def _open_page(self) -> None:
        self._device, self._seq = f"{self.random.getrandbits(64):x}", 0

    async def keep_saving(self, round: Round) -> bool:
        """Until the round is over; whether a save was then on its way that nobody acknowledged any more."""
        while not round.over:
            save = self._again or self._new_save()
            self._again = None
            began = time.monotonic()
            try:
                reply = await self._send(save)
            except Lost as lost:
                self._after_a_loss(save)
                if round.over:
                    return lost.sent
                round.faults.append(f"{self.attempt}: no reply, and nobody killed the server")
                continue
            if reply.status == 200:
                round.acknowledged += 1
                self._heard(save, reply, round)
                await asyncio.sleep(began + BETWEEN_S - time.monotonic())
            elif round.over:  # the database died a moment before the server
                self._after_a_loss(save)
                return True
            else:
                round.faults.append(f"{self.attempt}: {reply.status} {reply.text[:200]}")
        return False

    def _after_a_loss(self, save: Save) -> None:
        """Half of them send it again, as the page does; the others open the page anew and go on."""
        if self.random.random() < 0.5:
            self._again = save
        else:
            self._open_page()

    def _new_save(self) -> Save:
        position = self.random.choice(list(self.records))
        self._seq += 1
        answer = self._some_answer(self._questions[position])
        self.records[position].unanswered.append(answer)
        return Save(position, answer, self.records[position].seen, self._device, self._seq)

    def _some_answer(self, question: dict[str, Any]) -> list[str]:
        letters = [option["letter"] for option in question["options"]]
        most = len(letters) if question["kind"] == "multiple_choice" else 1
        return sorted(self.random.sample(letters, self.random.randint(0, most)))

    async def _send(self, save: Save) -> Reply:
        return await self.connection.send("PUT", f"{self.attempt}/answers/{save.position}", save.body)

    def _heard(self, save: Save, reply: Reply, round: Round) -> None:
        said = reply.json
        assert said["saved"] is True, said
        if fault := self.records[save.position].acknowledge(said["revision"], save.answer):
            round.faults.append(f"{self.attempt}, position {save.position}, acknowledged: {fault}")

    async def look(self) -> list[str]:
        """Read the attempt again over a new connection; what it shows that cannot be."""
        self.connection.close()
        try:
            reply = await self.connection.send("GET", self.attempt)
        except Lost:
            return [f"{self.attempt} is not shown: no reply, and nobody killed the server"]
        if reply.status != 200:
            return [f"{self.attempt} is not shown: {reply.status} {reply.text[:200]}"]
        faults = []
        for question in reply.json["questions"]:
            position = question["position"]
            self._questions[position] = question
            record = self.records.setdefault(position, Record())
            if fault := record.look(question["revision"], question["answer"]):
                faults.append(f"{self.attempt}, position {position}, shown: {fault}")
        return faults

    async def hand_in(self) -> list[str]:
        """What is wrong about handing in; after it the records are of no more use."""
        try:
            token = await self.connection.csrf_token()
            reply = await self.connection.post(f"{self.attempt}/submit", {"csrf_token": token})
        except Lost:
            return [f"{self.attempt}: hand-in without a reply, and nobody killed the server"]
        self.connection.close()
        return [] if reply.status == 303 else [f"{self.attempt}: hand-in {reply.status} {reply.text[:200]}"]


def participants(platform: Platform, slug: str, number: int, random: Random) -> Sequence[Participant]:
    """So many people, registered and signed in, each with a running attempt."""
    with ThreadPoolExecutor(8) as pool:
        begun = list(pool.map(lambda _: _started(platform, slug), range(number)))
    return [
        Participant(Connection(platform.port, cookie), attempt, Random(random.getrandbits(64)))
        for cookie, attempt in begun
    ]


def _started(platform: Platform, slug: str) -> tuple[str, str]:
    """Somebody new: the cookie of the session, and the address of the attempt."""
    browser = platform.a_participant()
    attempt = browser.start(slug).location
    browser.close()
    return "; ".join(f"{name}={value}" for name, value in browser.cookies.items()), attempt
