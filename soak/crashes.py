"""Saved means saved: people save, everything is killed and started again, and what is stored is compared."""

import asyncio
import time
from collections.abc import Callable, Coroutine, Iterable, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from soak.comparing import in_the_table
from soak.connection import run
from soak.killing import Everything
from soak.participants import Participant, Round, participants

LONG_S = 24 * 3600
NEVER_S = 600
MANY = 100  # faults, after which nothing more is to be learned
TRIES = 6


@dataclass
class Outcome:
    """What a run did, for each kill how many saves it cut off, and everything that should not have been."""

    acknowledged: int = 0
    in_flight: list[int] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    seconds: float = 0

    def kills(self, least: int) -> int:
        """Those with at least so many requests in flight."""
        return sum(number >= least for number in self.in_flight)

    def goes_on(self, plan: "Plan") -> bool:
        tries = len(self.in_flight)
        return self.kills(plan.in_flight) < plan.kills and tries < TRIES * plan.kills and len(self.faults) < MANY

    def __str__(self) -> str:
        return (
            f"{self.acknowledged:,} answers acknowledged, {len(self.in_flight)} kills with {min(self.in_flight)} to "
            f"{max(self.in_flight)} requests in flight, {len(self.faults)} faults, {self.seconds:.0f} s"
        )


@dataclass(frozen=True)
class Plan:
    """How many people save; how many kills with at least ``in_flight`` requests, and answers acknowledged before."""

    people: int = 200
    answers: int = 100_000
    kills: int = 50
    in_flight: int = 50
    seed: int = 1


def crashes(system: Everything, plan: Plan, say: Callable[[str], None] = lambda _: None) -> Outcome:
    """Carry out the plan. A kill with fewer requests in flight than planned does not count; another follows."""
    return run(_crashes(system, plan, say))


async def _crashes(system: Everything, plan: Plan, say: Callable[[str], None]) -> Outcome:
    began, random, outcome = time.monotonic(), Random(plan.seed), Outcome()
    slug = system.platform.a_contest(time_limit_s=LONG_S)
    people = participants(system.platform, slug, plan.people, random)
    outcome.faults += await faults_of(each.look() for each in people)
    while outcome.goes_on(plan):
        await _one_more(system, plan, people, random, outcome)
        say(
            f"kill {len(outcome.in_flight)}: {outcome.in_flight[-1]} requests in flight, "
            f"{outcome.acknowledged:,} answers acknowledged so far, {len(outcome.faults)} faults"
        )
    if outcome.kills(plan.in_flight) < plan.kills:
        outcome.faults.append(f"only {outcome.kills(plan.in_flight)} kills with {plan.in_flight} requests in flight")
    outcome.faults += in_the_table(system.platform, {each.attempt_id: each.records for each in people})
    if not outcome.faults:
        outcome.faults += await faults_of(each.hand_in() for each in people)
        if difference := system.platform.difference(slug):
            outcome.faults.append(f"the standings differ from a rebuild: {difference}")
    outcome.seconds = time.monotonic() - began
    return outcome


async def _one_more(
    system: Everything, plan: Plan, people: Sequence[Participant], random: Random, outcome: Outcome
) -> None:
    """Save, kill, start again, compare."""
    round, left = Round(), plan.kills - outcome.kills(plan.in_flight)
    share = max(0, plan.answers - outcome.acknowledged) / left
    goal = share * (random.uniform(0.5, 1.5) if left > 1 else 1)
    outcome.in_flight.append(await until_killed(people, system, round, max(len(people), goal), random))
    outcome.acknowledged += round.acknowledged
    system.start()
    outcome.faults += [*round.faults, *await faults_of(each.look() for each in people)]


async def until_killed(
    people: Sequence[Participant], system: Everything, round: Round, goal: float, random: Random
) -> int:
    """Let them save until the goal and a moment more; how many were on their way then and never acknowledged."""
    saving = [asyncio.create_task(each.keep_saving(round)) for each in people]
    async with asyncio.timeout(NEVER_S):
        while round.acknowledged < goal and len(round.faults) < MANY:
            await asyncio.sleep(0.01)
    kill = system.aimed(random)
    await asyncio.sleep(random.uniform(0, 0.1))
    round.over = True
    kill()
    return sum(await asyncio.gather(*saving))


async def faults_of(acts: Iterable[Coroutine[Any, Any, list[str]]]) -> list[str]:
    """All at once; what went wrong with any of them."""
    return [fault for faults in await asyncio.gather(*acts) for fault in faults]
