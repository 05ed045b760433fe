"""The pages, one file for one part of the platform."""

from flask import Flask

from quiz.web.views import (
    accounts,
    alike,
    attempts,
    bank,
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

PARTS = (home, contests, attempts, standings, accounts, console, setup, bank, alike, people, exports, staff, health)


def register(app: Flask) -> None:
    for module in PARTS:
        app.register_blueprint(module.bp)
