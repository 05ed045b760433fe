"""The pages, one file for one part of the platform."""

from flask import Flask

from quiz.web.views import accounts, attempts, bank, contests, exports, health, home, setup, standings


def register(app: Flask) -> None:
    for module in (home, contests, attempts, standings, accounts, setup, bank, exports, health):
        app.register_blueprint(module.bp)
