"""The flask commands, one file for a group."""

from flask import Flask

from quiz.cli import serve


def register(app: Flask) -> None:
    app.cli.add_command(serve.serve)
