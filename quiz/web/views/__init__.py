"""The pages, one file for one part of the platform."""

from flask import Flask

from quiz.web.views import accounts, attempts, contests, health, home, standings


def register(app: Flask) -> None:
    for module in (home, contests, attempts, standings, accounts, health):
        app.register_blueprint(module.bp)
