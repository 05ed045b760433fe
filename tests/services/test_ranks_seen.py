"""The rank that somebody was shown: the last one of each day stays, and many are written together."""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from quiz.queries.ranks_seen import Seen, history
from quiz.services import ranks_seen
from tests.builders import a_contest, a_person, a_start
from tests.conftest import StillClock

pytestmark = pytest.mark.usefixtures("context")

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def entry_id(clock: StillClock) -> int:
    return a_start(a_contest(clock.now), a_person(clock.now), clock.now).entry_id


def not_alone(*_: Any, **__: Any) -> None:
    raise AssertionError("written alone")


@pytest.mark.parametrize("together", [True, False])
def test_the_last_of_each_day_stays(
    clock: StillClock, entry_id: int, together: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if together:
        monkeypatch.setattr(ranks_seen, "transaction", not_alone)
    else:
        monkeypatch.setattr(ranks_seen._TOGETHER, "first", lambda _values: None)  # something went wrong with a group
    seen = []
    for rank, later in ((5, timedelta()), (4, timedelta(minutes=11)), (3, timedelta(days=1))):
        now = clock.now + later
        told = ranks_seen.remember(entry_id, rank, 9, zone=SHANGHAI, now=now)
        seen = [*(each for each in seen if each.day != now.astimezone(SHANGHAI).date())]
        seen.append(Seen(now.astimezone(SHANGHAI).date(), rank, 9, now))
        assert told == history(entry_id) == seen
    assert [each.rank for each in seen] == [4, 3]


def test_who_looks_again_within_ten_minutes_writes_nothing(clock: StillClock, entry_id: int) -> None:
    (first,) = ranks_seen.remember(entry_id, 5, 9, zone=SHANGHAI, now=clock.now)
    later = clock.now + timedelta(minutes=9)
    assert ranks_seen.remember(entry_id, 4, 9, zone=SHANGHAI, now=later) == history(entry_id) == [first]
