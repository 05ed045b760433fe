"""The flask commands, one file for a group."""

from flask import Flask

from quiz.cli import contest, paper, serve


def register(app: Flask) -> None:
    app.cli.add_command(serve.serve)
    app.cli.add_command(contest.group)
    app.cli.add_command(paper.group)
