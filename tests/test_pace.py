"""No limit below 50 a second for one person; above it a bucket that fills again."""

import pytest

from quiz.web.pace import BURST, MOST_REMEMBERED, PER_SECOND, Pace


class Watch:
    now = 1_000.0

    def __call__(self) -> float:
        return self.now


def test_fifty_a_second_pass_for_as_long_as_they_come() -> None:
    watch = Watch()
    pace = Pace(watch)
    for _second in range(60):
        assert all(pace.allows(7) for _request in range(PER_SECOND))
        watch.now += 1


def test_whatever_bunches_up_inside_two_seconds_passes() -> None:
    watch = Watch()
    pace = Pace(watch)
    for pause in (0.001, 1.999) * 10:
        assert all(pace.allows(7) for _request in range(PER_SECOND))
        watch.now += pause


@pytest.mark.parametrize("rate", [60, 100, 1_000])
def test_above_it_only_fifty_a_second_are_taken(rate: int) -> None:
    watch = Watch()
    pace = Pace(watch)
    taken = 0
    for _request in range(rate * 60):
        taken += pace.allows(7)
        watch.now += 1 / rate
    assert PER_SECOND * 60 <= taken <= PER_SECOND * 60 + BURST


def test_one_person_too_many_takes_nothing_from_the_others() -> None:
    pace = Pace(Watch())
    assert [pace.allows(7) for _request in range(BURST + 2)][-3:] == [True, False, False]
    assert pace.allows(8)


def test_what_is_remembered_stays_small() -> None:
    watch = Watch()
    pace = Pace(watch)
    for person in range(3 * MOST_REMEMBERED):
        assert pace.allows(person)
        watch.now += 0.001
    assert len(pace._full_at) <= MOST_REMEMBERED
