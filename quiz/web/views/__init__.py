"""The pages, one file for one part of the platform."""

from flask import Flask

from quiz.web.views import (
    accounts,
    alike,
    attempts,
    bank,
    certificates,
    console,
    contests,
    exports,
    extra_time,
    health,
    home,
    imports,
    items,
    look,
    papers,
    people,
    pictures,
    practice,
    reports,
    setup,
    signals,
    staff,
    standings,
)

PARTS = (
    home,
    contests,
    attempts,
    standings,
    certificates,
    practice,
    accounts,
    console,
    setup,
    papers,
    extra_time,
    bank,
    imports,
    alike,
    pictures,
    people,
    exports,
    items,
    look,
    reports,
    signals,
    staff,
    health,
)


def register(app: Flask) -> None:
    for blueprint in dict.fromkeys(module.bp for module in PARTS):  # bank and imports share one, setup and papers too
        app.register_blueprint(blueprint)
