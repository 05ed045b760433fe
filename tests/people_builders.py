"""A register and people for tests: valid until told otherwise."""

from datetime import datetime
from io import BytesIO
from typing import Any

from flask.testing import FlaskClient
from openpyxl import Workbook

from quiz.models import Person
from quiz.services import accounts, people, staff
from quiz.services.accounts import Guard, Registration

PASSWORD = "kaoshi2026"
STREETS = [["街道编码", "街道", "应参加人数"], ["S1", "东门街道", 800], ["S2", "南湖街道", 600]]
COMMUNITIES = [["社区编码", "社区", "街道编码"], ["S1-1", "湖贝社区", "S1"], ["S2-1", "嘉北社区", "S2"]]
UNITS = [
    ["单位编码", "单位", "类别", "街道编码", "应参加人数"],
    ["U1", "区市场监管局", "机关", None, 80],
    ["U2", "东门小学", "学校", "S1", 60],
    ["U3", "东门中学", "学校", "S1", 90],
]


def a_workbook(**sheets: list[list[Any]]) -> bytes:
    """An .xlsx in memory with these sheets."""
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    data = BytesIO()
    book.save(data)
    return data.getvalue()


def a_register_workbook(**changes: list[list[Any]]) -> bytes:
    return a_workbook(**{"街道": STREETS, "社区": COMMUNITIES, "单位": UNITS, **changes})


def a_district(now: datetime) -> None:
    """Two streets with communities, a department in no street, two schools in the first street."""
    people.import_people(a_register_workbook(), actor=None, now=now)


def a_registration(**changes: Any) -> Registration:
    values: dict[str, Any] = {
        "name": "王芳",
        "phone": "13800000001",
        "kind": "resident",
        "password": PASSWORD,
        "street": "S1",
        "consented": True,
    }
    return Registration(**{**values, **changes})


def a_person(now: datetime, **changes: Any) -> Person:
    return accounts.register(a_registration(**changes), now=now)


def a_guard(address: str = "198.51.100.7", *, counts: bool = True) -> Guard:
    return Guard("tests", address, counts)


def a_member_of_staff(role: str, account: str, now: datetime, **scope: str) -> Person:
    """A staff account whose password is set."""
    token = staff.add_staff(role, account, now=now, actor=None, **scope)
    return accounts.use_link(token, PASSWORD, guard=a_guard(), now=now)


# --- through the pages -----------------------------------------------------------------------------------------------


def token_of(client: FlaskClient, path: str = "/sign-in") -> str:
    """The token that the page carries for forms and programs."""
    page = client.get(path).get_data(as_text=True)
    return page.split('name="csrf-token" content="')[1].split('"')[0]


def post(client: FlaskClient, path: str, data: dict[str, Any] | None = None, **more: Any) -> Any:
    """A form of ours sent back, with its token."""
    return client.post(path, data={"csrf_token": token_of(client), **(data or {})}, **more)


def sign_in(client: FlaskClient, account: str, password: str = PASSWORD, **more: str) -> Any:
    return post(client, "/sign-in", {"account": account, "password": password, **more})
