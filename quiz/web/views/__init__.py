"""The pages, one file for one part of the platform."""

from flask import Flask

from quiz.web.views import (
    accounts,
    alike,
    appeals,
    attempt_files,
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
    remarking,
    reports,
    rulings,
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
    appeals,
    signals,
    attempt_files,
    rulings,
    remarking,
    staff,
    stalls,
    stall_device,
    health,
)


def register(app: Flask) -> None:
    # bank and imports share one; setup, papers, extra_time and stalls too; so do signals and what judges do about them
    for blueprint in dict.fromkeys(module.bp for module in PARTS):
        app.register_blueprint(blueprint)
