"""``flask serve``: migrate, then serve with granian until told to stop."""

import gc
import os
import socket
import sys
import threading
import time

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from flask_migrate import upgrade
from sqlalchemy import text

from question_bank.database import db
from question_bank.prepared import OWN_AT_ONCE
from quiz import cores
from quiz.cli.common import Command
from quiz.cli.demo import load_demo, refuse_samples
from quiz.services import papers_ahead

PARENT_IS_LOOKED_FOR_EVERY_S = 1.0


THREADS = 32
"""In each worker. They take turns (question_bank.turns); most wait for a password to be hashed, or for the disk."""
FEWEST_THREADS = 4
LEFT_TO_OTHERS = 5
"""Connections to PostgreSQL: for a backup, for whoever looks into it, for the other commands."""


@click.command("serve", cls=Command)
@click.option("--host", envvar="HOST", default="127.0.0.1", show_default=True)
@click.option("--port", envvar="PORT", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", envvar="WORKERS", default=2, show_default=True, type=click.IntRange(1))
@click.option("--demo", is_flag=True, help="Load the sample district first.")
@with_appcontext
def serve(host: str, port: int, workers: int, demo: bool) -> None:
    """Bring the database up to date and serve on HOST:PORT."""
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    refuse_taken_port(host, port)
    upgrade()
    if demo:
        load_demo()
    refuse_samples()
    threads = threads_of_each(workers, most_connections())
    click.echo(f"Serving {current_app.extensions['settings'].public_url} (stop with Ctrl-C)")
    sys.stdout.flush()
    os.environ["QUIZ_SERVER_PID"] = str(os.getpid())
    leave_nothing_to_workers()
    cores.divide(workers, os.environ)
    Server(
        "wsgi:app",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=threads,
        backlog=2048,
        workers_kill_timeout=10,
        respawn_failed_workers=True,  # else all end with the first that dies
        log_level=LogLevels.error,  # its start-up notes would bury the address and the accounts
        log_access=False,
    ).serve()


def most_connections() -> int | None:
    """How many PostgreSQL takes at once from people like us; None for SQLite, which takes any number."""
    if db.engine.dialect.name != "postgresql":
        return None
    asked = text("SELECT current_setting('max_connections'), current_setting('superuser_reserved_connections')")
    with db.engine.connect() as connection:
        most, reserved = connection.execute(asked).one()
    return int(most) - int(reserved)


def threads_of_each(workers: int, most: int | None) -> int:
    """THREADS, or as many fewer as let each have a connection, beside the own ones and that of who draws ahead.

    A thread that found none would answer with an error, and only when many ask at once.
    """
    if most is None:
        return THREADS
    beside = OWN_AT_ONCE + 1
    threads = min(THREADS, (most - LEFT_TO_OTHERS) // workers - beside)
    if threads < FEWEST_THREADS:
        least = workers * (FEWEST_THREADS + beside) + LEFT_TO_OTHERS
        raise click.ClickException(
            f"PostgreSQL takes {most} connections at once, too few for {workers} workers. "
            f"Let it take at least {least} (max_connections), or set WORKERS to fewer."
        )
    return threads


def leave_nothing_to_workers() -> None:
    """Workers are forks: each makes an app of its own, for a database connection must never be shared."""
    db.session.remove()
    db.engine.dispose()
    sys.modules.pop("wsgi", None)


def refuse_taken_port(host: str, port: int) -> None:
    """Two servers may share a port on Linux, each getting some of the requests: say it and stop."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise click.ClickException(
                f"{host}:{port} cannot be used ({error.strerror}). Stop what runs there, or set PORT to another number."
            ) from error


def is_worker() -> bool:
    """Whether this process was begun by ``serve`` to answer requests."""
    parent = os.environ.get("QUIZ_SERVER_PID")
    return parent is not None and os.getpid() != int(parent)


def keep_to_own_cores() -> None:
    """In a worker, before it begins any thread."""
    if is_worker():
        cores.keep_to_one_share()
        cores.push_nobody_aside()


def end_with_parent() -> None:
    """In a worker: end when the server process is gone, since granian's workers outlive a killed parent."""
    if not is_worker():
        return
    parent = int(os.environ["QUIZ_SERVER_PID"])

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(PARENT_IS_LOOKED_FOR_EVERY_S)
        os._exit(1)

    threading.Thread(target=watch, name="end-with-parent", daemon=True).start()


DRAWN_AT_ONCE = 5
DRAWS_EVERY_S = 0.05
LOOKS_EVERY_S = 5.0


def draw_ahead(app: Flask) -> None:
    """In a worker: keep papers ready for the starts of contests that are open or open soon.

    They are drawn while nobody asks for anything: in a minute when everybody does, nobody has time for it.
    """
    if not is_worker():
        return

    def watch() -> None:
        while True:
            time.sleep(pause_after_drawing(app))

    threading.Thread(target=watch, name="draw-ahead", daemon=True).start()


def pause_after_drawing(app: Flask) -> float:
    """Draw some, unless somebody is at work just now; the seconds until it is time to look again."""
    is_busy = app.extensions["turns"].is_taken()
    return DRAWS_EVERY_S if is_busy or draw_some_in_turn(app) else LOOKS_EVERY_S


def draw_some_in_turn(app: Flask) -> int:
    """How many papers were drawn; none where there are enough, or where the database is away."""
    with app.app_context(), app.extensions["turns"].one():
        try:
            return papers_ahead.draw_some(app.extensions["clock"](), most=DRAWN_AT_ONCE)
        except Exception as error:  # starts draw for themselves then
            app.logger.warning("no papers are drawn ahead: %s", error)
            return 0


OBJECTS_BEFORE_A_COLLECTION = 10_000


def keep_out_of_collections() -> None:
    """In a worker: what is loaded stays, so that the garbage collector need not look through it again and again.

    A full collection of the loaded application takes some 0.14 s, in which the worker answers nobody.
    """
    gc.set_threshold(OBJECTS_BEFORE_A_COLLECTION, 20, 20)
    gc.collect()
    gc.freeze()
    gc.enable()
