"""The pages, one file for one part of the platform."""

from flask import Flask

from quiz.web.views import health, home


def register(app: Flask) -> None:
    for module in (home, health):
        app.register_blueprint(module.bp)
