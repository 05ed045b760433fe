"""Signals: what is out of the ordinary about an attempt, held against the field of its contest.

A signal is something for a judge to look at, with the figures it rests on. It changes no score and says nothing of
why: each has innocent reasons, named beside its thresholds. All times are the server's; ``away_ms`` alone is what the
page said, so that its absence proves nothing either.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import exp, log, sqrt
from statistics import median
from typing import Any, TypeVar

LEAST_FIELD = 50
"""Attempts of the same sort (first ones, or later ones) from which their distribution says anything: the spread of so
many is known to about a tenth."""
LEAST_TIMES = 20
"""Times that a question needs before its usual time is known; it is left out of the comparison until then."""
LEAST_ANSWERS = 5
"""Fewer answers than these, or than half of the paper, say nothing about pace."""

TOGETHER_S = 2.5
"""Saves that follow each other this closely are one block, whose time is shared evenly by its answers. A phone that was
offline sends what it kept one by one, a round trip apart; nobody reads and answers a question in so short a time."""
SHORTEST_S = 0.05

FAST_Z, FAST_RATIO, FAST_RIGHT = -3.5, 0.4, 0.8
"""Pace is unusual from 3.5 robust deviations (Iglewicz and Hoaglin's bound for outliers) below the field's middle, and
under 40 % of the usual time, since in a very even field 3.5 deviations are little; and 80 % right, since whoever only
taps through is fast too and gains nothing. Innocent: somebody who knows the questions, from work or from practice."""
LEAST_SPREAD = 0.2
"""The spread of log pace is taken as no smaller: people differ by 20 % in any field."""

BURST_SILENCE_S = 60
"""A burst is half of the paper (five answers at least) in one block after so long a silence. Always weak: a phone
without network looks exactly like it, since saves carry no time of the phone's that could be believed."""

AWAY_MS = 5_000
"""Shorter absences are a message that slid in; finding something out and coming back takes longer."""
AWAY_RIGHT = 0.8
"""Somebody who is merely interrupted is as often right afterwards as before."""
MANY_ACCOUNTS = 6
"""Accounts started on one device: a family of three generations reaches five. Innocent at any number: a community
worker who lends a tablet. (Attempts on a stall's device, 摊位模式, are left out.)"""

PHONE_STEP, PHONE_SPAN_S, PHONE_CHAIN = 2, 600, 3
"""Numbers that differ by at most 2, registered within ten minutes of each other, three or more in a row. Where 10,000
entrants share one prefix of 10⁸ numbers, three strangers stand in such a row once in 2,500 contests, even without the
ten minutes. Innocent: a unit that bought its numbers together, so within one unit it is weak."""


class SignalKind(StrEnum):
    FAST = "fast"
    BURST = "burst"
    AWAY = "away"
    PHONES = "phones"
    DEVICE = "device"


class Strength(StrEnum):
    """Weak ones are shown beside others; alone they put nobody before a judge."""

    WEAK = "weak"
    STRONG = "strong"


@dataclass(frozen=True)
class Given:
    """One answer that counted: when it was last saved, in seconds from the start, and how long nobody had looked."""

    version: int
    at: float
    is_right: bool
    away_ms: int | None = None


@dataclass(frozen=True)
class Seen:
    """One ended attempt. ``entry`` is the entry code; device and address are hashes; a stall's device is left out."""

    attempt: int
    entry: str
    number: int  # 1: the entry's first attempt
    asked: int  # questions on the paper
    given: tuple[Given, ...]
    device: str | None = None
    address: str | None = None
    phone: int | None = None
    registered: float | None = None  # seconds since any fixed moment
    unit: int | None = None


@dataclass(frozen=True)
class Found:
    """One signal; ``evidence`` holds figures and entry codes, never a name, a phone, a device or an address."""

    attempt: int
    kind: SignalKind
    strength: Strength
    evidence: Mapping[str, Any]


def signals_of(field: Sequence[Seen]) -> list[Found]:
    """Everything out of the ordinary in a contest, by attempt."""
    found = [*_fast(field), *_bursts(field), *_away(field), *_phones(field), *_devices(field)]
    return sorted(found, key=lambda each: (each.attempt, each.kind))


WEIGHTS, FLAGGED_FROM = {Strength.STRONG: 2, Strength.WEAK: 1}, 2
"""An attempt is put before a judge by a strong signal, or by weak ones of two kinds."""


def is_flagged(found: Iterable[Found]) -> bool:
    """Whether an attempt with these signals, each kind once, is put before a judge."""
    return sum(WEIGHTS[each.strength] for each in found) >= FLAGGED_FROM


# --- pace ------------------------------------------------------------------------------------------------------------


def blocks_of(given: Sequence[Given]) -> list[tuple[float, list[Given]]]:
    """Answers in the order of their last save, parted where there is time to think; each with the end before it."""
    blocks: list[tuple[float, list[Given]]] = []
    last = 0.0
    for each in sorted(given, key=lambda answer: answer.at):
        if blocks and each.at - last <= TOGETHER_S:
            blocks[-1][1].append(each)
        else:
            blocks.append((last, [each]))
        last = each.at
    return blocks


def seconds_each(given: Sequence[Given]) -> list[tuple[int, float]]:
    """Version and seconds for each answer: a block's time, the silence before it included, shared evenly.

    By the last save of each answer, so that whoever taps through at first and thinks then is as slow as they were.
    """
    return [
        (each.version, max(block[-1].at - before, SHORTEST_S) / len(block))
        for before, block in blocks_of(given)
        for each in block
    ]


def _says_something(seen: Seen) -> bool:
    return len(seen.given) >= max(LEAST_ANSWERS, seen.asked / 2)


def _fast(field: Sequence[Seen]) -> list[Found]:
    """Right, and impossibly fast: the middle of an attempt's log times against the field's for the same questions.

    First attempts are held against first ones, later against later ones, which are faster: the pool is known by then.
    """
    found = []
    for is_first in (True, False):
        alike = [seen for seen in field if (seen.number == 1) is is_first and _says_something(seen)]
        paces = _log_paces(alike)
        if len(paces) < LEAST_FIELD:
            continue
        middle = median(paces.values())
        spread = max(LEAST_SPREAD, 1.4826 * median(abs(pace - middle) for pace in paces.values()))
        for seen in alike:
            if seen.attempt not in paces:
                continue
            away_from_middle = paces[seen.attempt] - middle
            right = sum(each.is_right for each in seen.given)
            is_fast = away_from_middle / spread <= FAST_Z and exp(away_from_middle) <= FAST_RATIO
            if is_fast and right >= FAST_RIGHT * len(seen.given):
                evidence = {
                    "answers": len(seen.given),
                    "right": right,
                    "seconds_each": round(max(each.at for each in seen.given) / len(seen.given), 1),
                    "percent_of_usual": round(100 * exp(away_from_middle)),
                    "deviations": round(-away_from_middle / spread, 1),
                    "compared_with": len(paces),
                }
                found.append(Found(seen.attempt, SignalKind.FAST, Strength.STRONG, evidence))
    return found


def _log_paces(alike: Sequence[Seen]) -> dict[int, float]:
    """For each attempt the median of log (its time / the question's usual time), over questions with a usual time."""
    times = {seen.attempt: [(version, log(s)) for version, s in seconds_each(seen.given)] for seen in alike}
    by_version: dict[int, list[float]] = defaultdict(list)
    for own in times.values():
        for version, each in own:
            by_version[version].append(each)
    usual = {version: median(each) for version, each in by_version.items() if len(each) >= LEAST_TIMES}
    paces = {}
    for attempt, own in times.items():
        known = [each - usual[version] for version, each in own if version in usual]
        if len(known) >= LEAST_ANSWERS:
            paces[attempt] = median(known)
    return paces


def _bursts(field: Sequence[Seen]) -> list[Found]:
    found = []
    for seen in field:
        blocks = blocks_of(seen.given)
        before, block = max(blocks, key=lambda each: len(each[1]), default=(0.0, []))
        if len(block) >= max(LEAST_ANSWERS, seen.asked / 2) and block[0].at - before >= BURST_SILENCE_S:
            evidence = {
                "answers": len(block),
                "right": sum(each.is_right for each in block),
                "seconds": round(block[-1].at - block[0].at, 1),
                "silence_s": round(block[0].at - before),
            }
            found.append(Found(seen.attempt, SignalKind.BURST, Strength.WEAK, evidence))
    return found


# --- out of sight ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _AwayBounds:
    """How many answers after an absence, which share of all, how far above the field's rate of right answers (in
    deviations), and how many attempts of the field may be like it: where many are, being away means nothing here."""

    answers: int
    share: float
    above: float
    of_field: float


_AWAY = {
    Strength.STRONG: _AwayBounds(5, 0.5, 1.28, 0.05),  # above: one in ten by chance
    Strength.WEAK: _AwayBounds(3, 0.2, 1.28, 0.1),
}


def _away(field: Sequence[Seen]) -> list[Found]:
    """Often out of sight before answers that were then right, more often than the field answers those questions right.

    Innocent: calls and messages, an office computer with several windows. A page without script says nothing.
    """
    rates = _right_rates(field)
    shares = {seen.attempt: _share_away(seen) for seen in field}
    in_order = sorted(shares.values())
    found = []
    for seen in field:
        after = [each for each in seen.given if (each.away_ms or 0) >= AWAY_MS]
        right = sum(each.is_right for each in after)
        if not after or right < AWAY_RIGHT * len(after):
            continue
        expected = sum(rates[each.version] for each in after)
        above = (right - expected) / sqrt(sum(rates[each.version] * (1 - rates[each.version]) for each in after))
        alike = 1 - bisect_left(in_order, shares[seen.attempt]) / len(field)
        for strength, least in _AWAY.items():
            is_often = len(after) >= least.answers and shares[seen.attempt] >= least.share
            if is_often and above >= least.above and (len(field) < LEAST_FIELD or alike <= least.of_field):
                evidence = {
                    "answers": len(after),
                    "of": len(seen.given),
                    "right": right,
                    "expected_right": round(expected, 1),
                    "seconds": round(sum(each.away_ms or 0 for each in after) / 1000),
                }
                found.append(Found(seen.attempt, SignalKind.AWAY, strength, evidence))
                break
    return found


def _share_away(seen: Seen) -> float:
    told = [each for each in seen.given if each.away_ms is not None]
    return sum((each.away_ms or 0) >= AWAY_MS for each in told) / len(told) if told else 0.0


def _right_rates(field: Iterable[Seen]) -> dict[int, float]:
    """How often each question is answered right, never quite always or never (Laplace's rule)."""
    counts: dict[int, list[int]] = defaultdict(lambda: [1, 2])
    for seen in field:
        for each in seen.given:
            counts[each.version][0] += each.is_right
            counts[each.version][1] += 1
    return {version: right / answers for version, (right, answers) in counts.items()}


# --- accounts --------------------------------------------------------------------------------------------------------

MOST_NAMED = 20
"""Entry codes that evidence names of the others; beyond them the count says enough."""


def _phones(field: Sequence[Seen]) -> list[Found]:
    """Consecutive numbers that were registered one right after another and play the same contest."""
    first: dict[int, Seen] = {}
    for seen in field:
        if seen.phone is not None and seen.registered is not None:
            held = first.get(seen.phone)  # a family shares a number: its first account stands for it
            if held is None or seen.registered < (held.registered or 0):
                first[seen.phone] = seen
    chains: list[list[Seen]] = []
    for _phone, seen in sorted(first.items()):
        if chains and _follows(chains[-1][-1], seen):
            chains[-1].append(seen)
        else:
            chains.append([seen])
    by_entry = _by(field, lambda seen: seen.entry)
    found = []
    for chain in chains:
        if len(chain) < PHONE_CHAIN:
            continue
        moments = [seen.registered or 0 for seen in chain]
        units = {seen.unit for seen in chain}
        is_one_unit = len(units) == 1 and None not in units
        evidence = {
            "numbers": len(chain),
            "minutes": max(1, round((max(moments) - min(moments)) / 60)),
            "one_unit": is_one_unit,
            "addresses": len({seen.address for seen in chain if seen.address}),
        }
        strength = Strength.WEAK if is_one_unit else Strength.STRONG
        attempts = [each for seen in chain for each in by_entry[seen.entry]]
        found += _each_attempt(attempts, SignalKind.PHONES, strength, evidence)
    return found


def _follows(before: Seen, seen: Seen) -> bool:
    step = (seen.phone or 0) - (before.phone or 0)
    return step <= PHONE_STEP and abs((seen.registered or 0) - (before.registered or 0)) <= PHONE_SPAN_S


def _devices(field: Sequence[Seen]) -> list[Found]:
    """Attempts of many accounts that were started on one device. A shared address alone is none."""
    found = []
    for device, here in _by(field, lambda seen: seen.device).items():
        accounts = len({seen.entry for seen in here})
        if device and accounts >= MANY_ACCOUNTS:
            found += _each_attempt(here, SignalKind.DEVICE, Strength.STRONG, {"accounts": accounts})
    return found


Name = TypeVar("Name")


def _by(field: Sequence[Seen], name: Callable[[Seen], Name]) -> dict[Name, list[Seen]]:
    found: dict[Name, list[Seen]] = defaultdict(list)
    for seen in field:
        found[name(seen)].append(seen)
    return found


def _each_attempt(
    attempts: Sequence[Seen], kind: SignalKind, strength: Strength, evidence: Mapping[str, Any]
) -> list[Found]:
    """The same signal for each of these attempts, each naming the other entries."""
    codes = {seen.entry for seen in attempts}
    return [
        Found(seen.attempt, kind, strength, {**evidence, "others": sorted(codes - {seen.entry})[:MOST_NAMED]})
        for seen in attempts
    ]
