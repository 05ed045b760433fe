"""The pages, one file for one part of the platform."""

from flask import Flask

from quiz.web.views import (
    accounts,
    attempts,
    console,
    contests,
    exports,
    health,
    home,
    people,
    setup,
    staff,
    standings,
)


def register(app: Flask) -> None:
    for module in (home, contests, attempts, standings, accounts, console, setup, people, exports, staff, health):
        app.register_blueprint(module.bp)
