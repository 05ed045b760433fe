"""Who works in the console, and a draft to work on."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from quiz.rules.permissions import Role
from tests.conftest import MORNING
from tests.contest_builders import a_bank, a_draft, a_register
from tests.pages.test_setup import signed_in_as


@pytest.fixture
def organiser(app: Flask) -> FlaskClient:
    return signed_in_as(app, Role.ORGANISER)


@pytest.fixture
def draft(app: Flask) -> str:
    with app.app_context():
        a_bank(MORNING)
        a_register()
        return a_draft(MORNING).slug
