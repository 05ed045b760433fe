"""What raises a signal and what does not; and what comes of it in a made-up field whose cheats are known."""

from collections.abc import Sequence
from dataclasses import replace
from random import Random
from typing import Any

import pytest

from bench.signals import tried
from quiz.rules.signals import Found, Given, Seen, SignalKind, Strength, is_flagged, seconds_each, signals_of

ASKED = 10
CHANCE = Random(7)


def seen(attempt: int, *, every: float = 15, first: float | None = None, right: int = 7, **more: Any) -> Seen:
    """An attempt on the questions 1 to 10, one answer each ``every`` seconds, the first ``right`` of them right."""
    moments = [(every if first is None else first) + every * place for place in range(ASKED)]
    given = tuple(Given(place, at, place <= right, 0) for place, at in enumerate(moments, 1))
    return Seen(attempt, f"E{attempt}", 1, ASKED, given, **more)


def a_field(people: int = 60) -> list[Seen]:
    """People who differ a little in pace, and of whom each is wrong elsewhere."""
    field = []
    for attempt in range(1, people + 1):
        each = seen(attempt, every=12 + CHANCE.random() * 6)
        wrong = {CHANCE.randint(1, ASKED) for _ in range(4)}
        field.append(replace(each, given=tuple(replace(g, is_right=g.version not in wrong) for g in each.given)))
    return field


FIELD = a_field()


def kinds(*odd: Seen, field: Sequence[Seen] = FIELD) -> list[tuple[SignalKind, Strength]]:
    """What is found about these attempts beside the field, of which nothing is found."""
    numbers = {each.attempt for each in odd}
    found = signals_of([*field, *odd])
    assert {each.attempt for each in found} <= numbers, found
    return [(each.kind, each.strength) for each in found]


FAST = (SignalKind.FAST, Strength.STRONG)
BURST = (SignalKind.BURST, Strength.WEAK)


def test_nothing_is_odd_about_ordinary_people() -> None:
    assert kinds() == []


# --- pace ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("every", [0, 1, 2, 3])
def test_right_and_impossibly_fast(every: float) -> None:
    assert kinds(seen(99, every=every, right=10)) == [FAST]


@pytest.mark.parametrize(
    "attempt",
    [
        seen(99, every=7, right=10),  # quick, but people are
        seen(99, every=1, right=7),  # taps through
        seen(99, every=60, right=10),
    ],
)
def test_quick_people_and_those_who_tap_through_are_left_alone(attempt: Seen) -> None:
    assert kinds(attempt) == []


def test_too_small_a_field_says_nothing_about_pace() -> None:
    assert kinds(seen(99, every=1, right=10), field=FIELD[:40]) == []


def test_later_attempts_are_held_against_later_ones() -> None:
    """They are faster: the pool is known by then."""
    later = [replace(each, attempt=each.attempt + 100, number=2) for each in map(_quicker, FIELD)]
    quick = seen(99, every=4, right=10)
    assert kinds(quick, field=[*FIELD, *later]) == [FAST]
    assert kinds(replace(quick, number=2), field=[*FIELD, *later]) == []


def _quicker(each: Seen) -> Seen:
    return replace(each, given=tuple(replace(given, at=given.at / 3) for given in each.given))


def test_what_was_kept_offline_shares_the_silence_before_it() -> None:
    """A phone comes back and sends everything within seconds: the pace is what it was."""
    offline = seen(99, first=150, every=0.5, right=10)
    assert [round(seconds, 2) for _version, seconds in seconds_each(offline.given)] == [15.45] * ASKED
    assert kinds(offline) == [BURST]
    assert not is_flagged(signals_of([offline]))


def test_a_burst_needs_a_silence_and_half_of_the_paper() -> None:
    assert kinds(seen(99, first=59, every=0.5)) == []
    few = seen(99, first=150, every=0.5)
    rest = tuple(replace(given, at=300 + 20 * place) for place, given in enumerate(few.given[4:]))
    assert kinds(replace(few, given=(*few.given[:4], *rest))) == []


def test_who_taps_through_first_and_thinks_then_was_not_fast() -> None:
    """The last save of each answer counts, and of those saved closely one after another the time is shared."""
    thought = seen(99, first=30, every=14, right=10)
    assert kinds(thought) == []


# --- out of sight ----------------------------------------------------------------------------------------------------


def away(attempt: int, places: Sequence[int], *, right: bool = True, ms: int = 8_000, **more: Any) -> Seen:
    made = seen(attempt, right=5, **more)
    given = [replace(g, away_ms=ms, is_right=right) if g.version in places else g for g in made.given]
    return replace(made, given=tuple(given))


@pytest.mark.parametrize(
    ("attempt", "expected"),
    [
        (away(99, range(1, 9)), [(SignalKind.AWAY, Strength.STRONG)]),
        (away(99, range(1, 9), right=False), []),  # called away, and no better for it
        (away(99, range(1, 9), ms=4_900), []),  # a message slid in
        (away(99, range(1, 3)), []),
    ],
)
def test_often_away_and_then_right(attempt: Seen, expected: list[Any]) -> None:
    assert kinds(attempt) == expected


def test_where_many_are_away_it_means_nothing() -> None:
    """An office where windows lie beside each other."""
    office = [away(200 + number, range(1, 9)) for number in range(20)]
    assert [each for each in signals_of([*FIELD, *office]) if each.kind is SignalKind.AWAY] == []


def test_a_page_that_says_nothing_is_not_suspected() -> None:
    silent = away(99, range(1, 9))
    silent = replace(silent, given=tuple(replace(given, away_ms=None) for given in silent.given))
    assert kinds(silent) == []


# --- accounts --------------------------------------------------------------------------------------------------------


def in_a_row(numbers: Sequence[int], *, apart: float = 60, **more: Any) -> list[Seen]:
    return [
        replace(seen(90 + place), phone=13800000000 + number, registered=1000 + apart * place, **more)
        for place, number in enumerate(numbers)
    ]


def found(*odd: Seen) -> list[Found]:
    return [each for each in signals_of([*FIELD, *odd]) if each.kind in (SignalKind.PHONES, SignalKind.DEVICE)]


def test_consecutive_numbers_registered_one_after_another() -> None:
    signals = found(*in_a_row([1, 2, 4, 9]))
    assert [(each.attempt, each.strength) for each in signals] == [(n, Strength.STRONG) for n in (90, 91, 92)]
    assert signals[0].evidence["numbers"] == 3 and signals[0].evidence["others"] == ["E91", "E92"]
    assert "1380000000" not in repr(signals)


@pytest.mark.parametrize(
    "people",
    [
        in_a_row([1, 2]),
        in_a_row([1, 4, 7]),
        in_a_row([1, 2, 3], apart=601),
        in_a_row([5, 5, 5]),  # a family on one number
    ],
)
def test_neighbouring_numbers_by_themselves_are_nothing(people: list[Seen]) -> None:
    assert found(*people) == []


def test_a_unit_that_bought_its_numbers_together_is_not_put_before_a_judge() -> None:
    signals = found(*in_a_row([1, 2, 3], unit=4))
    assert {each.strength for each in signals} == {Strength.WEAK}
    assert {each.strength for each in found(*in_a_row([1, 2, 3])[:2], replace(in_a_row([1, 2, 3])[2], unit=4))} == {
        Strength.STRONG
    }


def test_every_attempt_of_such_an_account_has_the_signal() -> None:
    row = in_a_row([1, 2, 3])
    again = replace(row[0], attempt=95, number=2)
    assert [each.attempt for each in found(*row, again)] == [90, 91, 92, 95]


def test_many_accounts_on_one_device_and_not_a_family() -> None:
    people = [seen(80 + place, device="tablet", address="home") for place in range(6)]
    signals = found(*people)
    assert [each.evidence["accounts"] for each in signals] == [6] * 6
    assert found(*people[:5], replace(people[4], attempt=99, number=2)) == []


def test_a_shared_address_alone_raises_nothing() -> None:
    school = [replace(each, address="school", device=f"d{each.attempt}") for each in FIELD]
    assert signals_of(school) == []


def test_a_strong_signal_or_two_weak_ones_go_before_a_judge() -> None:
    strong, weak, other = (
        Found(1, kind, strength, {}) for kind, strength in (FAST, BURST, (SignalKind.AWAY, Strength.WEAK))
    )
    assert is_flagged([strong]) and is_flagged([weak, other])
    assert not is_flagged([weak]) and not is_flagged([])


def test_an_empty_field_and_empty_attempts_are_no_trouble() -> None:
    assert signals_of([]) == []
    assert signals_of([replace(seen(1), given=()), *FIELD]) == []


# --- a made-up field -------------------------------------------------------------------------------------------------


def test_in_made_up_fields_most_cheats_are_found_and_hardly_anybody_else() -> None:
    """``make signals`` prints the figures of five larger ones."""
    results = [tried(seed=seed, honest=800, each=10) for seed in (1, 2, 3)]
    said = "\n".join(map(str, results))
    for kind in SignalKind:
        assert sum(result.cheats[kind] for result in results) == 30
        assert sum(result.noticed[kind] for result in results) >= 0.8 * 30, said
        if kind is not SignalKind.BURST:  # which alone puts nobody before a judge
            assert sum(result.flagged[kind] for result in results) >= 0.8 * 30, said
    assert sum(result.false_alarms for result in results) <= 0.005 * 3 * 800, said


def test_a_field_without_cheats_raises_next_to_nothing() -> None:
    assert tried(seed=4, honest=2_000, each=0).false_alarm_rate <= 0.005
