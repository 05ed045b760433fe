"""The flask commands, one file for a group."""

from flask import Flask

from quiz.cli import (
    attempts,
    audit,
    bank,
    contest,
    demo,
    paper,
    people,
    remark,
    results,
    sealing,
    serve,
    signals,
    staff,
    standings,
)


def register(app: Flask) -> None:
    app.cli.add_command(serve.serve)
    app.cli.add_command(attempts.group)
    app.cli.add_command(audit.group)
    app.cli.add_command(bank.group)
    app.cli.add_command(contest.group)
    app.cli.add_command(demo.demo)
    app.cli.add_command(paper.group)
    app.cli.add_command(people.group)
    assert remark.remark.name in results.group.commands  # it adds itself to the group
    app.cli.add_command(results.group)
    sealing.add_to(results.group)
    app.cli.add_command(signals.group)
    app.cli.add_command(staff.group)
    app.cli.add_command(standings.group)
