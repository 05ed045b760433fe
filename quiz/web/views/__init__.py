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
    draws,
    exports,
    extra_time,
    formula,
    health,
    home,
    imports,
    items,
    look,
    papers,
    people,
    pictures,
    practice,
    prize_desk,
    prizes,
    reports,
    seals,
    setup,
    signals,
    staff,
    stages,
    stall_device,
    stalls,
    standings,
    thawing,
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
    formula,
    thawing,
    bank,
    imports,
    alike,
    pictures,
    people,
    exports,
    seals,
    items,
    look,
    reports,
    signals,
    prizes,
    prize_desk,
    draws,
    stages,
    staff,
    stalls,
    stall_device,
    health,
)


def register(app: Flask) -> None:
    # bank and imports share one; setup, papers, extra_time and stalls too
    for blueprint in dict.fromkeys(module.bp for module in PARTS):
        app.register_blueprint(blueprint)
