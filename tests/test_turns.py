"""Requests of one server process go one after the other; what takes long does not keep the others waiting."""

from collections.abc import Callable, Iterable
from threading import Event, Lock, Thread
from time import monotonic, sleep
from typing import Any

import pytest

from question_bank import turns as turns_module
from question_bank.turns import Turns, leave, out_of_turn

WITHIN_S = 30


def ask(app: Callable[..., Iterable[bytes]], path: str) -> Thread:
    thread = Thread(target=app, args=({"PATH_INFO": path}, None))
    thread.start()
    return thread


def test_one_request_at_a_time() -> None:
    at_once, most = 0, []

    def app(_environ: Any, _start: Any) -> list[bytes]:
        nonlocal at_once
        at_once += 1
        most.append(at_once)
        sum(range(1_000))
        at_once -= 1
        return []

    turns = Turns(app)
    for thread in [ask(turns, "/") for _ in range(50)]:
        thread.join()
    assert most == [1] * 50


def test_what_takes_long_loses_its_turn_and_ends_well() -> None:
    quick_is_done, ended = Event(), []

    def app(environ: Any, _start: Any) -> list[bytes]:
        if environ["PATH_INFO"] == "/long":
            assert quick_is_done.wait(WITHIN_S)
        ended.append(environ["PATH_INFO"])
        return []

    turns = Turns(app)
    long = ask(turns, "/long")
    for _ in range(5):
        ask(turns, "/quick").join(WITHIN_S)
    quick_is_done.set()
    long.join(WITHIN_S)
    ask(turns, "/quick").join(WITHIN_S)
    assert ended == ["/quick"] * 5 + ["/long", "/quick"]


def test_nobody_loses_a_turn_because_many_wait_for_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """All eight together take twice as long as one may, and each a quarter of that."""
    monkeypatch.setattr(turns_module, "PATIENCE_S", 1)
    at_once, most = 0, []

    def app(_environ: Any, _start: Any) -> list[bytes]:
        nonlocal at_once
        at_once += 1
        most.append(at_once)
        sleep(0.25)
        at_once -= 1
        return []

    turns = Turns(app)
    for thread in [ask(turns, "/") for _ in range(8)]:
        thread.join(WITHIN_S)
    assert most == [1] * 8


def test_others_go_on_while_a_password_is_hashed() -> None:
    begun, other_is_done, order = Event(), Event(), []

    def app(environ: Any, _start: Any) -> list[bytes]:
        if environ["PATH_INFO"] == "/sign-in":
            with out_of_turn():
                begun.set()
                assert other_is_done.wait(WITHIN_S)
        order.append(environ["PATH_INFO"])
        return []

    turns = Turns(app)
    sign_in = ask(turns, "/sign-in")
    assert begun.wait(WITHIN_S)
    turns({"PATH_INFO": "/save"}, None)
    other_is_done.set()
    sign_in.join(WITHIN_S)
    assert order == ["/save", "/sign-in"]


def test_who_is_out_of_turn_has_none_to_leave() -> None:
    """Else the turn of somebody else would be given away."""
    other_has_it, order = Event(), []

    def app(environ: Any, _start: Any) -> list[bytes]:
        if environ["PATH_INFO"] == "/out":
            with out_of_turn():
                other = ask(turns, "/in")
                assert other_has_it.wait(WITHIN_S)
                with out_of_turn():
                    order.append("/out")
                order.append("still out")
            other.join(WITHIN_S)
        else:
            other_has_it.set()
            order.append("/in")
        return []

    turns = Turns(app)
    ask(turns, "/out").join(WITHIN_S)
    assert sorted(order) == ["/in", "/out", "still out"]


def test_who_keeps_others_waiting_outside_comes_back_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns_module, "PATIENCE_S", WITHIN_S)
    is_out, may_come_back, order = Event(), Event(), []

    def app(environ: Any, _start: Any) -> list[bytes]:
        if environ["PATH_INFO"] == "/leads":
            with out_of_turn() as away:
                is_out.set()
                assert may_come_back.wait(WITHIN_S)
                with away.back():
                    order.append("/leads")
        elif environ["PATH_INFO"] == "/in turn":
            asked.append(ask(turns, "/comes before"))
            may_come_back.set()
            wait_until(lambda: turns._first)
        order.append(environ["PATH_INFO"])
        return []

    turns = Turns(app)
    asked = [ask(turns, "/leads")]
    assert is_out.wait(WITHIN_S)
    turns({"PATH_INFO": "/in turn"}, None)
    for thread in asked:
        thread.join(WITHIN_S)
    assert order[:2] == ["/in turn", "/leads"] and len(order) == 4


def test_who_has_waited_long_is_given_the_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    """And need not be quicker than all who come later."""
    monkeypatch.setattr(turns_module, "PATIENCE_S", WITHIN_S)
    ended = []

    class AlwaysTooLate:
        """A turn that somebody else takes whenever one waits for it."""

        def __init__(self) -> None:
            self._lock = Lock()
            self.release = self._lock.release

        def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
            turns._taken += timeout > 0
            return timeout < 0 and self._lock.acquire(blocking)

    turns = Turns(lambda _environ, _start: ended.append("/waits long") or [])
    turns._turn = turn = AlwaysTooLate()  # type: ignore[assignment]  # as far as turns use it
    assert turn.acquire(blocking=False)
    waits = ask(turns, "/waits long")
    wait_until(lambda: turns._overtaken)
    assert not ended
    turns.leave(turn)  # type: ignore[arg-type]  # as far as turns use it
    waits.join(WITHIN_S)
    assert ended == ["/waits long"] and not turns._overtaken


def test_those_who_have_waited_long_go_in_the_order_of_their_coming(monkeypatch: pytest.MonkeyPatch) -> None:
    """After whoever keeps others waiting outside."""
    monkeypatch.setattr(turns_module, "PATIENCE_S", WITHIN_S)
    monkeypatch.setattr(turns_module, "OVERTAKEN", 0)
    order: list[str] = []

    def app(environ: Any, _start: Any) -> list[bytes]:
        order.append(environ["PATH_INFO"])
        return []

    def lead() -> None:
        turns.take_first()
        order.append("/leads")
        leave()

    turns = Turns(app)
    threads = []
    with turns.one():
        for number in range(4):
            threads.append(ask(turns, f"/{number}"))
            wait_until(lambda: len(turns._overtaken) == number + 1)  # noqa: B023  # called before the next
        threads.append(Thread(target=lead))
        threads[-1].start()
        wait_until(lambda: turns._first)
    for thread in threads:
        thread.join(WITHIN_S)
    assert order == ["/leads", "/0", "/1", "/2", "/3"] and not turns.is_taken()


def test_who_comes_back_takes_the_turn_of_what_takes_long() -> None:
    is_back, order = Event(), []

    def app(environ: Any, _start: Any) -> list[bytes]:
        if environ["PATH_INFO"] == "/leads":
            with out_of_turn() as away:
                long = ask(turns, "/long")
                with away.back():
                    is_back.set()
            long.join(WITHIN_S)
        else:
            assert is_back.wait(WITHIN_S)
        order.append(environ["PATH_INFO"])
        return []

    turns = Turns(app)
    ask(turns, "/leads").join(WITHIN_S)
    turns({"PATH_INFO": "/next"}, None)
    assert order == ["/long", "/leads", "/next"]


def test_who_lets_others_first_goes_on_after_those_who_have_their_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns_module, "PATIENCE_S", WITHIN_S)
    is_in_turn, waits_or_went_on, order, others = Event(), Event(), [], []

    class Watched(Turns):
        def take(self) -> None:
            if is_in_turn.is_set():
                waits_or_went_on.set()
            super().take()

    def app(environ: Any, _start: Any) -> list[bytes]:
        if environ["PATH_INFO"] == "/leads":
            with out_of_turn() as away:
                others.append(ask(turns, "/in turn"))
                assert is_in_turn.wait(WITHIN_S)
                away.let_others_first()
                order.append("/leads")
                waits_or_went_on.set()
        else:
            is_in_turn.set()
            assert waits_or_went_on.wait(WITHIN_S)
            order.append("/in turn")
        return []

    turns = Watched(app)
    ask(turns, "/leads").join(WITHIN_S)
    others[0].join(WITHIN_S)
    assert order == ["/in turn", "/leads"] and not turns.is_taken()


def wait_until(holds: Callable[[], object]) -> None:
    until = monotonic() + WITHIN_S
    while not holds():
        assert monotonic() < until
        sleep(0.001)


def test_without_a_server_there_are_no_turns() -> None:
    with out_of_turn() as away:
        away.let_others_first()


def test_a_request_that_fails_leaves_its_turn() -> None:
    def app(environ: Any, _start: Any) -> list[bytes]:
        if environ["PATH_INFO"] == "/fails":
            raise RuntimeError
        return [b"fine"]

    turns = Turns(app)
    for _ in range(3):
        try:
            turns({"PATH_INFO": "/fails"}, None)
        except RuntimeError:
            assert turns({"PATH_INFO": "/"}, None) == [b"fine"]
