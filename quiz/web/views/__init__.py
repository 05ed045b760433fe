"""The pages, one file for one part of the platform."""

from flask import Flask

from quiz.web.views import (
    accounts,
    alike,
    announcements,
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
    prepared,
    reports,
    setup,
    signals,
    staff,
    stall_device,
    stalls,
    standings,
)

PARTS = (
    home,
    contests,
    attempts,
    standings,
    announcements,
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
    prepared,
    items,
    look,
    reports,
    signals,
    staff,
    stalls,
    stall_device,
    health,
)


def register(app: Flask) -> None:
    # bank and imports share one; exports and prepared, setup, papers, extra_time and stalls too
    for blueprint in dict.fromkeys(module.bp for module in PARTS):
        app.register_blueprint(blueprint)
