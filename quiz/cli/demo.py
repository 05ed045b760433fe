"""``flask demo``: a sample district to look at and try."""

import click
from flask.cli import with_appcontext


def load_demo() -> None:
    """Load what is not there yet and print the sample accounts."""


@click.command("demo")
@with_appcontext
def demo() -> None:
    """Load the sample district, its people, bank and contests; again: nothing changes."""
    load_demo()
