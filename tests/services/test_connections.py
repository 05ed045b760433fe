"""With as many threads as a worker has: none waits for a connection that another keeps, and they are not too many."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import current_app
from sqlalchemy import event, select

from question_bank.database import db
from question_bank.prepared import OWN_AT_ONCE, own_connection
from quiz.cli.serve import THREADS
from quiz.models import Attempt
from quiz.queries import attempts as find
from tests.builders import a_contest, a_person, a_start
from tests.conftest import StillClock

pytestmark = pytest.mark.usefixtures("context")


def test_all_threads_of_a_worker_may_open_papers_at_once(clock: StillClock) -> None:
    """As after a restart: nothing is kept yet, and everybody's page is asked for."""
    attempts = [a_start(a_contest(clock.now), a_person(clock.now), clock.now).id for _ in range(2)]
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # the proxy does not reach other threads
    together = Barrier(THREADS, timeout=60)

    def open_one(number: int) -> bool:
        with app.app_context():
            db.session.execute(select(Attempt.id).where(Attempt.id == number)).scalar()  # and keeps its connection
            together.wait()
            return find.paper_contents(number) is not None

    with ThreadPoolExecutor(THREADS) as threads:
        assert all(threads.map(open_one, attempts * (THREADS // 2)))


def test_connections_that_all_threads_needed_are_there_the_next_time() -> None:
    """To open one for every page while many ask costs more than the page."""
    app, opened = current_app._get_current_object(), []  # type: ignore[attr-defined]  # the proxy does not reach other threads
    event.listen(db.engine, "connect", lambda *_: opened.append(1))

    def ask(together: Barrier) -> None:
        with app.app_context():
            db.session.execute(select(Attempt.id)).first()
            together.wait()

    for _ in range(2):
        together = Barrier(THREADS, timeout=60)
        with ThreadPoolExecutor(THREADS) as threads:
            assert len(list(threads.map(ask, [together] * THREADS))) == THREADS
    assert len(opened) <= THREADS


def test_own_connections_of_a_process_are_few(clock: StillClock) -> None:
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # the proxy does not reach other threads
    out, most = [], []

    def use_one(_number: int) -> None:
        with app.app_context(), own_connection(db.engine) as connection:
            out.append(connection)
            most.append(len(out))
            connection.execute("SELECT 1")
            out.remove(connection)

    with ThreadPoolExecutor(THREADS) as threads:
        list(threads.map(use_one, range(20 * THREADS)))
    assert max(most) <= OWN_AT_ONCE


def test_a_place_is_given_back_whatever_goes_wrong(clock: StillClock) -> None:
    for _ in range(2 * OWN_AT_ONCE):
        with pytest.raises(RuntimeError), own_connection(db.engine):
            raise RuntimeError
    with own_connection(db.engine) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
