"""Who leads a group begins when those who had their turn before have brought what goes with it."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from threading import Event, Thread
from typing import Any

import pytest
from flask import current_app

from question_bank import turns as turns_module
from question_bank.lines import Line
from question_bank.turns import Turns
from quiz.models import Attempt, Person
from quiz.services import answers, attempts
from tests.builders import a_contest, a_person, a_start, holder
from tests.conftest import StillClock

pytestmark = pytest.mark.usefixtures("context")

WITHIN_S = 60
MINUTE = timedelta(minutes=1)
Do = Callable[[Attempt, Person, datetime], object]


def save(attempt: Attempt, person: Person, now: datetime) -> object:
    return answers.save_answer(attempt.id, holder(person), 1, ["A"], now=now)


def hand_in(attempt: Attempt, person: Person, now: datetime) -> object:
    attempts.submit(attempt.id, holder(person), now=now)
    return None


@pytest.mark.parametrize("do", [save, hand_in])
def test_who_leads_waits_for_those_who_have_their_turn(
    do: Do, clock: StillClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the first would be written alone, and the second after it."""
    monkeypatch.setattr(turns_module, "PATIENCE_S", WITHIN_S)
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # the proxy does not reach other threads
    second_is_in, first_waits, sizes, others = Event(), Event(), [], []
    leads, next_group = Line.leads_after_waiting, Line.next_group
    contest = a_contest(clock.now)
    begun = [(a_start(contest, person, clock.now), person) for person in (a_person(clock.now), a_person(clock.now))]

    def leads_once_second_is_in(line: Line[Any], one: Any) -> bool:
        found = leads(line, one)
        assert not found or second_is_in.wait(WITHIN_S)
        return found

    def noted(line: Line[Any], most: int) -> list[Any]:
        group = next_group(line, most)
        sizes.append(len(group))
        return group

    class Watched(Turns):
        def take(self) -> None:
            if second_is_in.is_set():
                first_waits.set()
            super().take()

    def wsgi(environ: Any, _start: Any) -> Iterable[bytes]:
        if environ["PATH_INFO"] == "/first":
            others.append(Thread(target=turns, args=({"PATH_INFO": "/second"}, None)))
            others[0].start()
        else:
            second_is_in.set()
            assert first_waits.wait(WITHIN_S)
        with app.app_context():
            do(*begun[environ["PATH_INFO"] == "/second"], clock.now + MINUTE)
        return []

    monkeypatch.setattr(Line, "leads_after_waiting", leads_once_second_is_in)
    monkeypatch.setattr(Line, "next_group", noted)
    turns = Watched(wsgi)
    first = Thread(target=turns, args=({"PATH_INFO": "/first"}, None))
    first.start()
    first.join(WITHIN_S)
    others[0].join(WITHIN_S)
    assert sizes == [2]
