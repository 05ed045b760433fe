"""How long each question usually takes, to show one attempt's times beside."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import quantiles

from quiz.rules.signals import Seen, seconds_each

LEAST_SHOWN = 5
"""Fewer answers than these say nothing about what is usual."""


@dataclass(frozen=True)
class Usual:
    """The middle and the quarters of the times of a question, in milliseconds."""

    version_id: int
    quick_ms: int
    usual_ms: int
    slow_ms: int
    answers: int


def usual_times(field: Iterable[Seen]) -> list[Usual]:
    """Every question with enough answers, in order of version; each answer's time as the signals take it."""
    times: dict[int, list[float]] = defaultdict(list)
    for seen in field:
        for version, seconds in seconds_each(seen.given):
            times[version].append(seconds)
    return [_usual(version, own) for version, own in sorted(times.items()) if len(own) >= LEAST_SHOWN]


def _usual(version: int, times: list[float]) -> Usual:
    quick, usual, slow = quantiles(times, n=4, method="inclusive")
    return Usual(version, round(quick * 1000), round(usual * 1000), round(slow * 1000), len(times))
