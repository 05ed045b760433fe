"""A small chart of the time per question, as plain SVG: its numbers stand in a table beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

WIDTH, LEFT, ROW, BAR = 340, 34, 20, 8
MOST_OF_USUAL = 4
"""Times beyond so many times what is slow for everybody are cut off, so that the others can still be told apart."""


@dataclass(frozen=True)
class Timed:
    """One question: the own time, and the quarters and the middle of everybody's; None where there is none."""

    number: int
    own_s: float | None
    quick_s: float | None = None
    usual_s: float | None = None
    slow_s: float | None = None


def time_chart(times: Sequence[Timed]) -> dict[str, Any] | None:
    """What components/charts.html draws; None without any time."""
    longest = max([0.0, *(each.own_s or 0 for each in times), *(each.slow_s or 0 for each in times)])
    slowest = max((each.slow_s or 0 for each in times), default=0)
    if not longest:
        return None
    top = min(longest, slowest * MOST_OF_USUAL) if slowest else longest

    def x(seconds: float) -> float:
        return round(LEFT + (WIDTH - LEFT - 6) * min(seconds, top) / top, 1)

    rows = [_row(place, each, x, top) for place, each in enumerate(times)]
    return {"width": WIDTH, "height": ROW * len(rows) + 6, "left": LEFT, "rows": rows, "bar": BAR, "row": ROW}


def _row(place: int, each: Timed, x: Any, top: float) -> dict[str, Any]:
    row: dict[str, Any] = {"number": each.number, "y": place * ROW + 4, "own": None, "usual": None}
    if each.own_s is not None:
        row["own"] = {"width": max(1.5, round(x(each.own_s) - LEFT, 1)), "is_cut": each.own_s > top}
    if each.quick_s is not None and each.slow_s is not None and each.usual_s is not None:
        width = max(1.0, round(x(each.slow_s) - x(each.quick_s), 1))
        row["usual"] = {"x": x(each.quick_s), "width": width, "middle": x(each.usual_s)}
    return row
