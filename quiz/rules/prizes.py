"""抽奖: who is in, who wins, and what an outsider recomputes. Marks are hundredths of a point, scores exact fractions.

What is published before the public number appears is fixed as text, line by line (``list_lines``), and hashed as such.
"""

import hashlib
import heapq
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple


class Method(StrEnum):
    CHANCE = "chance"  # drawn among all who qualify
    RANK = "rank"  # awards by rank, no chance involved


@dataclass(frozen=True)
class Tier:
    """奖级. ``least`` is the mark to reach (0: everybody taking part); with ``below`` the scores form a band."""

    name: str
    prizes: int
    substitutes: int = 0
    prize: str = ""
    least: int = 0
    below: int | None = None


@dataclass(frozen=True)
class DrawPlan:
    """奖级 from the highest down. A mark that too few reach steps down by ``step`` to ``floor``; step 0: it stays."""

    method: Method
    tiers: tuple[Tier, ...]
    step: int = 0
    floor: int = 0

    def as_json(self) -> dict[str, Any]:
        tiers = [{name: getattr(tier, name) for name in Tier.__dataclass_fields__} for tier in self.tiers]
        return {"method": self.method.value, "step": self.step, "floor": self.floor, "tiers": tiers}

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> "DrawPlan":
        tiers = tuple(Tier(**tier) for tier in value["tiers"])
        return cls(Method(value["method"]), tiers, value["step"], value["floor"])

    @property
    def lowest(self) -> int:
        """The lowest mark that any tier may come down to."""
        return min(min(tier.least, self.floor) if self.step else tier.least for tier in self.tiers)

    @property
    def prizes(self) -> int:
        return sum(tier.prizes for tier in self.tiers)


class Listed(NamedTuple):
    """One entry of the list: its score is ``score_sum / counted`` hundredths, exactly."""

    code: str
    rank: int
    score_sum: int
    counted: int

    def lies_in(self, mark: int, below: int | None) -> bool:
        return self.score_sum >= mark * self.counted and (below is None or self.score_sum < below * self.counted)


@dataclass(frozen=True)
class Picked:
    """Who wins a tier, and who steps in for them, each in order."""

    winners: tuple[str, ...]
    substitutes: tuple[str, ...] = ()


# --- who is in -------------------------------------------------------------------------------------------------------


def marks_reached(plan: DrawPlan, count: Callable[[int, int | None], int]) -> tuple[int, ...]:
    """The mark of each tier after stepping down where too few qualify. ``count(mark, below)`` counts entries between.

    A tier has enough when it fills its prizes even if higher tiers take as many of its entries as they can.
    """
    marks: list[int] = []
    for tier in plan.tiers:
        mark = tier.least
        while plan.step and mark > plan.floor and count(mark, tier.below) < _needed(plan, tier, marks, mark, count):
            mark = max(plan.floor, mark - plan.step)
        marks.append(mark)
    return tuple(marks)


def _needed(
    plan: DrawPlan, tier: Tier, higher: Sequence[int], mark: int, count: Callable[[int, int | None], int]
) -> int:
    taken = 0
    for above, above_mark in zip(plan.tiers, higher, strict=False):
        ends = [end for end in (above.below, tier.below) if end is not None]
        start, end = max(above_mark, mark), min(ends) if ends else None
        shared = count(start, end) if end is None or start < end else 0
        taken += min(above.prizes, shared)
    return tier.prizes + taken


def is_listed(plan: DrawPlan, marks: Sequence[int], entry: Listed) -> bool:
    """Whether the entry is in the draw of any tier."""
    if plan.method is Method.RANK and entry.rank > plan.prizes:
        return False
    return any(entry.lies_in(mark, tier.below) for tier, mark in zip(plan.tiers, marks, strict=True))


def list_lines(
    plan: DrawPlan, marks: Sequence[int], entries: Iterable[Listed], *, contest: str, number: int
) -> Iterator[str]:
    """The list as text: one line for the draw, one for each tier, one for each entry in order of rank, then code."""
    yield f"draw|{contest}|{number}|{plan.method.value}|{plan.step}|{plan.floor}"
    for tier, mark in zip(plan.tiers, marks, strict=True):
        below = "" if tier.below is None else tier.below
        yield f"tier|{tier.name}|{tier.prizes}|{tier.substitutes}|{tier.least}|{below}|{mark}|{tier.prize}"
    for entry in entries:
        yield f"entry|{entry.code}|{entry.rank}|{entry.score_sum}|{entry.counted}"


def list_digest(lines: Iterable[str]) -> str:
    """SHA-256 over the lines as UTF-8, each ended by a line feed."""
    found = hashlib.sha256()
    for line in lines:
        found.update(f"{line}\n".encode())
    return found.hexdigest()


def seed_digest(seed: str) -> str:
    return hashlib.sha256(seed.encode()).hexdigest()


def tidied_number(typed: str) -> str:
    """The public number as it is hashed: half width, without any space."""
    return "".join(unicodedata.normalize("NFKC", typed).split())


# --- who wins --------------------------------------------------------------------------------------------------------


def ticket(seed: str, public: str, tier: str, code: str) -> str:
    """What decides: the lowest wins."""
    return hashlib.sha256(f"draw|{seed}|{public}|{tier}|{code}".encode()).hexdigest()


def pick_winners(codes: Iterable[str], *, prizes: int, seed: str, public: str, tier: str) -> list[str]:
    """The ``prizes`` codes with the lowest tickets, lowest first."""
    return heapq.nsmallest(prizes, codes, key=lambda code: ticket(seed, public, tier, code))


def drawn(
    plan: DrawPlan,
    marks: Sequence[int],
    codes_in: Callable[[int, int | None], Iterable[str]],
    *,
    seed: str,
    public: str,
) -> list[Picked]:
    """Winners and substitutes of each tier; who won a higher one is out of the lower ones."""
    taken: set[str] = set()
    found = []
    for tier, mark in zip(plan.tiers, marks, strict=True):
        codes = (code for code in codes_in(mark, tier.below) if code not in taken)
        best = pick_winners(codes, prizes=tier.prizes + tier.substitutes, seed=seed, public=public, tier=tier.name)
        found.append(Picked(tuple(best[: tier.prizes]), tuple(best[tier.prizes :])))
        taken.update(best[: tier.prizes])
    return found


def by_rank(plan: DrawPlan, entries: Iterable[Listed]) -> list[Picked]:
    """Awards by rank: a tier reaches as far down as its prizes and those above; all who are equal there are in."""
    left = sorted(entries, key=lambda entry: (entry.rank, entry.code))
    found, reach = [], 0
    for tier in plan.tiers:
        reach += tier.prizes
        winners = [entry for entry in left if entry.rank <= reach and entry.lies_in(tier.least, tier.below)]
        found.append(Picked(tuple(entry.code for entry in winners)))
        gone = set(winners)
        left = [entry for entry in left if entry not in gone]
    return found


def stepping_in(substitutes: Iterable[str], held: Iterable[str]) -> str | None:
    """The first substitute who neither holds nor gave up a prize in this draw."""
    known = set(held)
    return next((code for code in substitutes if code not in known), None)


# --- what an outsider checks -----------------------------------------------------------------------------------------

FORMAT = "quiz-draw-1"


class _Misfit(Exception):
    """The first thing that does not fit."""


@dataclass
class _Read:
    """The list, read back from its lines."""

    plan: DrawPlan
    marks: tuple[int, ...]
    entries: list[Listed]
    codes: set[str] = field(default_factory=set)


def is_draw(value: Any) -> bool:
    """Whether this is the public JSON of a draw at all."""
    return isinstance(value, dict) and value.get("format") == FORMAT


def check_draw(value: Any) -> str | None:
    """The first thing about a published draw that does not fit the rest of it; None when all of it does."""
    try:
        _check(value)
    except _Misfit as misfit:
        return str(misfit)
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        return f"the draw cannot be read: {type(error).__name__} {error}"
    return None


def _check(value: dict[str, Any]) -> None:
    if not is_draw(value):
        raise _Misfit(f"format is not {FORMAT}")
    if value["list"] is None:
        if value["tiers"] or value["public_number"] is not None or value["seed"] is not None:
            raise _Misfit("there is no list, so there can be neither winners, a number nor a seed")
        return
    if list_digest(value["list"]) != value["list_sha256"]:
        raise _Misfit("list_sha256 is not the digest of the list")
    read = _read_list(value)
    _check_steps(value, read.plan.method)
    _check_list(read)
    if value["drawn_at"] is None:
        if value["tiers"]:
            raise _Misfit("there are winners before anything was drawn")
        return
    _check_winners(value, read)


def _read_list(value: dict[str, Any]) -> _Read:
    rows = [line.split("|") for line in value["list"]]
    word, contest, number, method, step, floor = rows[0]
    if (word, contest, number) != ("draw", value["contest"], str(value["number"])):
        raise _Misfit("the first line of the list names another draw")
    tiers: list[Tier] = []
    marks: list[int] = []
    entries: list[Listed] = []
    for number_of_line, row in enumerate(rows[1:], 2):
        if row[0] == "tier" and not entries:
            _word, name, prizes, substitutes, least, below, mark, prize = row
            end = int(below) if below else None
            tiers.append(Tier(name, int(prizes), int(substitutes), prize, int(least), end))
            marks.append(int(mark))
        elif row[0] == "entry" and len(row) == 5:
            entries.append(Listed(row[1], *map(int, row[2:])))
        else:
            raise _Misfit(f"line {number_of_line} of the list is neither a tier nor an entry")
    return _Read(DrawPlan(Method(method), tuple(tiers), int(step), int(floor)), tuple(marks), entries)


def _check_steps(value: dict[str, Any], method: Method) -> None:
    """The steps came one after another, and the seed is the one whose digest was published."""
    if method is Method.RANK:
        order, number, seed = ["fixed_at", "drawn_at"], value["public_number"], value["seed"]
        if number is not None or seed is not None:
            raise _Misfit("awards by rank have neither a number nor a seed")
    else:
        order = ["fixed_at", "announced_at", "public_at", "drawn_at"]
        if value["seed"] is not None and seed_digest(value["seed"]) != value["seed_sha256"]:
            raise _Misfit("seed_sha256 is not the digest of the seed")
        if (value["public_number"] is None) != (value["drawn_at"] is None) or (value["seed"] is None) != (
            value["drawn_at"] is None
        ):
            raise _Misfit("number, seed and drawn_at belong together")
    moments = [value[name] for name in order]
    there = [moment for moment in moments if moment is not None]
    if moments[: len(there)] != there or there != sorted(there):
        raise _Misfit(f"the steps did not come in their order: {', '.join(order)}")
    if value["abandoned_at"] is not None and value["drawn_at"] is not None:
        raise _Misfit("a draw cannot be both abandoned and drawn")


def _check_list(read: _Read) -> None:
    # Above the lowest mark of a tier without an upper end nobody is left out, so that ranks have no gap there.
    tiers = zip(read.plan.tiers, read.marks, strict=True)
    whole_from = min((mark for tier, mark in tiers if tier.below is None), default=None)
    for place, (before, entry) in enumerate(zip([None, *read.entries], read.entries, strict=False), 1):
        if entry.code in read.codes:
            raise _Misfit(f"entry {entry.code} is in the list twice")
        read.codes.add(entry.code)
        if before and (before.rank, before.code) > (entry.rank, entry.code):
            raise _Misfit(f"entry {entry.code} stands in the wrong place")
        if before and _rises(before, entry):
            raise _Misfit(f"entry {entry.code} has a score that does not fit its rank {entry.rank}")
        is_whole = whole_from is not None and entry.lies_in(whole_from, None)
        if entry.rank > place if is_whole else entry.rank < 1:
            raise _Misfit(f"entry {entry.code} has rank {entry.rank}, but only {place - 1} stand before it")
        if not is_listed(read.plan, read.marks, entry):
            raise _Misfit(f"entry {entry.code} qualifies for no tier")
    reached = marks_reached(read.plan, lambda mark, below: sum(e.lies_in(mark, below) for e in read.entries))
    for tier, mark, right in zip(read.plan.tiers, read.marks, reached, strict=True):
        if mark != right:
            raise _Misfit(f"tier {tier.name} came down to {mark}, but should to {right}")


def _rises(before: Listed, entry: Listed) -> bool:
    """Whether a lower place has a higher score, or the same place another one."""
    left, right = before.score_sum * entry.counted, entry.score_sum * before.counted
    return right > left or (before.rank == entry.rank and left != right)


def _check_winners(value: dict[str, Any], read: _Read) -> None:
    plan = read.plan
    if plan.method is Method.RANK:
        right = by_rank(plan, read.entries)
    else:

        def codes_in(mark: int, below: int | None) -> Iterator[str]:
            return (entry.code for entry in read.entries if entry.lies_in(mark, below))

        right = drawn(plan, read.marks, codes_in, seed=value["seed"], public=value["public_number"])
    if [tier["name"] for tier in value["tiers"]] != [tier.name for tier in plan.tiers]:
        raise _Misfit("the tiers are not those of the list")
    for tier, picked in zip(value["tiers"], right, strict=True):
        for name, wanted in (("drawn", picked.winners), ("substitutes", picked.substitutes)):
            for place, (code, should) in enumerate(_side_by_side(tier[name], wanted), 1):
                if code != should:
                    raise _Misfit(f"tier {tier['name']}, {name} {place}: {code or 'nobody'}, but should be {should}")
    now = _after_changes(value["changes"], plan, right)
    for tier, winners in zip(value["tiers"], now, strict=True):
        if tier["winners"] != winners:
            raise _Misfit(f"tier {tier['name']}: the winners are not those that the changes lead to")


def _side_by_side(found: Sequence[str], wanted: Sequence[str]) -> Iterator[tuple[str | None, str | None]]:
    for place in range(max(len(found), len(wanted))):
        yield found[place] if place < len(found) else None, wanted[place] if place < len(wanted) else None


def _after_changes(changes: Sequence[dict[str, Any]], plan: DrawPlan, right: Sequence[Picked]) -> list[list[str]]:
    """The winners of each tier once those who left were replaced, one change after another."""
    now = [list(picked.winners) for picked in right]
    held = {code for winners in now for code in winners}
    names = [tier.name for tier in plan.tiers]
    for number, change in enumerate(changes, 1):
        winners = now[names.index(change["tier"])]
        if change["entry_code"] not in winners:
            raise _Misfit(f"change {number}: {change['entry_code']} was no winner of {change['tier']}")
        next_one = stepping_in(right[names.index(change["tier"])].substitutes, held)
        if change["substitute"] != next_one:
            raise _Misfit(f"change {number}: {change['substitute']} stepped in, but should {next_one}")
        winners.remove(change["entry_code"])
        if next_one:
            winners.append(next_one)
            held.add(next_one)
    return now
