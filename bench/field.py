"""A made-up contest, from one seed: people as they are, slow, quick, interrupted, offline, on family phones and behind
shared addresses, and among them some who cheat in one of five ways."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import exp, log
from random import Random

from quiz.rules.signals import Given, Seen, SignalKind

POOL, ASKED = 60, 20
DAYS = 14
PREFIXES = (13800000000, 13900000000, 15800000000, 18600000000, 19900000000)
ROUND_TRIP_S = (0.1, 1.2)
"""Between two saves of a phone that sends what it kept: the server answers each before the next is sent."""


@dataclass(frozen=True)
class Question:
    version: int
    usual_s: float
    hardness: float


@dataclass(frozen=True)
class Nature:
    """How somebody answers: against others' time, how able, how often called away, and whether the page tells it."""

    pace: float = 1.0
    ability: float = 0.8
    called_away: float = 0.03
    tells_away: bool = True
    offline_from: int = ASKED  # the position from which answers wait for the network


class Field:
    """Makes attempts one by one; ``cheats`` says which entries cheat, and how."""

    def __init__(self, seed: int) -> None:
        self.chance = Random(seed)
        self.questions = [
            Question(version, self.chance.lognormvariate(log(15), 0.4), self.chance.gauss(0, 0.8))
            for version in range(1, POOL + 1)
        ]
        self.attempts: list[Seen] = []
        self.cheats: dict[str, SignalKind] = {}
        self._people = 0

    # --- honest people ---------------------------------------------------------------------------------------------

    def add_honest(self, people: int) -> None:
        """Families share a phone, two units bought their numbers together, many sit behind a few addresses."""
        added = 0
        while added < people:
            family = self.chance.choices((1, 2, 3, 4, 5), (85, 8, 4, 2, 1))[0]
            device = f"device {self._people}"
            for _ in range(min(family, people - added)):
                self._play(self._somebody(device=device), self._nature())
                added += 1
        for unit, first in enumerate(range(0, min(16, people), 8), 1):
            self._buy_together([f"E{number:05d}" for number in range(first, first + 8)], unit)

    def _buy_together(self, codes: list[str], unit: int) -> None:
        """The employees of one unit have consecutive numbers and register in one meeting."""
        number, moment = self._phone(), self.chance.uniform(0, DAYS * 86_400)
        for place, seen in enumerate(self.attempts):
            if seen.entry in codes:
                row = codes.index(seen.entry)
                self.attempts[place] = replace(seen, phone=number + row, registered=moment + 20 * row, unit=unit)

    def _nature(self) -> Nature:
        chance = self.chance
        nature = Nature(
            pace=chance.lognormvariate(0, 0.35),
            ability=chance.gauss(0.8, 0.9),
            called_away=chance.choices((0.03, 0.1, 0.3), (85, 10, 5))[0],
            tells_away=chance.random() >= 0.1,
        )
        kind = chance.choices(("ordinary", "old", "expert", "taps through", "offline"), (80, 10, 5, 2, 3))[0]
        if kind == "old":
            return replace(nature, pace=nature.pace * 2)
        if kind == "expert":
            return replace(nature, pace=nature.pace * 0.7, ability=3.0)
        if kind == "taps through":
            return replace(nature, pace=0.12, ability=-1.0)
        if kind == "offline":
            return replace(nature, offline_from=chance.choice((0, 0, 5, 10, 14)))
        return nature

    def _play(self, who: Seen, nature: Nature) -> None:
        """One to three attempts, each quicker and better than the one before."""
        for number in range(1, 1 + self.chance.choices((1, 2, 3), (70, 20, 10))[0]):
            self._add(replace(who, number=number, given=tuple(self._answers(nature))))
            nature = replace(nature, pace=nature.pace * 0.8, ability=nature.ability + 0.4)

    def _answers(self, nature: Nature) -> Iterator[Given]:
        at, kept = 0.0, []
        for place, question in enumerate(self._paper()):
            at += question.usual_s * nature.pace * self.chance.lognormvariate(0, 0.45)
            away = self.chance.uniform(1, 60) if self.chance.random() < nature.called_away else 0.0
            at += away
            is_right = self._is_right(question, nature.ability)
            given = Given(question.version, at, is_right, round(away * 1000) if nature.tells_away else None)
            if place < nature.offline_from:
                yield given
            else:
                kept.append(given)
        for given in kept:  # the network is back
            at += self.chance.uniform(*ROUND_TRIP_S)
            yield replace(given, at=at)

    def _is_right(self, question: Question, ability: float) -> bool:
        return self.chance.random() < 1 / (1 + exp(question.hardness - ability))

    # --- those who cheat -------------------------------------------------------------------------------------------

    def add_cheats(self, each: int) -> None:
        """So many of each kind; one person behind all the numbers in a row, one behind all accounts on a device."""
        for kind in SignalKind:
            number, moment = self._phone(), self.chance.uniform(0, DAYS * 86_400)
            for row in range(each):
                who = self._somebody(device="one device" if kind is SignalKind.DEVICE else "")
                if kind is SignalKind.PHONES:
                    moment += self.chance.uniform(30, 240)
                    who = replace(who, phone=number + row, registered=moment)
                self.cheats[who.entry] = kind
                self._add(replace(who, number=1, given=tuple(self._cheating(kind))))

    def _cheating(self, kind: SignalKind) -> Iterator[Given]:
        at = self.chance.uniform(180, 720) if kind is SignalKind.BURST else 0.0
        if kind in (SignalKind.PHONES, SignalKind.DEVICE):
            yield from self._answers(Nature(pace=0.7, ability=2.0))
            return
        for question in self._paper():
            away = 0.0
            if kind is SignalKind.FAST:
                at += self.chance.uniform(1, 3.5)
            elif kind is SignalKind.BURST:
                at += self.chance.uniform(*ROUND_TRIP_S)
            else:
                away = self.chance.uniform(6, 25) if self.chance.random() < 0.7 else 0.0
                at += away + question.usual_s * 0.6
            is_right = (
                self.chance.random() < 0.95 if away or kind is not SignalKind.AWAY else self._is_right(question, 0.8)
            )
            yield Given(question.version, at, is_right, round(away * 1000))

    # --- everybody -------------------------------------------------------------------------------------------------

    def _paper(self) -> list[Question]:
        return self.chance.sample(self.questions, ASKED)

    def _phone(self) -> int:
        return self.chance.choice(PREFIXES) + self.chance.randrange(10**8)

    def _somebody(self, device: str = "") -> Seen:
        """A third sits behind one of five addresses: a school, a firm, the carrier of a whole town."""
        self._people += 1
        is_behind = self.chance.random() < 1 / 3
        address = f"shared {self.chance.randrange(5)}" if is_behind else f"address {self._people}"
        return Seen(
            attempt=0,
            entry=f"E{self._people - 1:05d}",
            number=1,
            asked=ASKED,
            given=(),
            device=device or f"device {self._people}",
            address=address,
            phone=self._phone(),
            registered=self.chance.uniform(0, 3600 if self.chance.random() < 0.3 else DAYS * 86_400),
        )

    def _add(self, seen: Seen) -> None:
        self.attempts.append(replace(seen, attempt=len(self.attempts) + 1))
