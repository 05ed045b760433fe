"""``flask staff``: accounts of staff."""

import click
from flask import current_app

from quiz.cli.common import PROBLEMS, Group, stop
from quiz.clock import clock
from quiz.errors import Mistakes
from quiz.services import staff

group = Group("staff", help="Accounts of staff.")


@group.command("add")
@click.argument("role", type=click.Choice([role.value for role in staff.STAFF_ROLES]))
@click.argument("account")
@click.option("--street", default="", help="Code of the street the role is for.")
@click.option("--unit", default="", help="Code of the unit the role is for.")
@click.option("--domain", default="", help="Domain the role is for.")
def add(role: str, account: str, street: str, unit: str, domain: str) -> None:
    """Give ACCOUNT a role and print a one-time link that sets its password."""
    try:
        token = staff.add_staff(role, account, street=street, unit=unit, domain=domain, now=clock(), actor=None)
    except Mistakes as mistakes:
        stop(" ".join(mistakes.facts["problems"]), PROBLEMS)
    public_url = current_app.extensions["settings"].public_url
    click.echo(f"Added {role} {account}. Set the password within 7 days at {public_url}/links/{token}")
