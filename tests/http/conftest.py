"""The platform served by several processes on each database, set up by its own commands."""

import json
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from tests.conftest import DATABASES
from tests.http.browser import Browser
from tests.people_builders import a_register_workbook
from tests.serving import Served, served

_numbers = count(1)

HEADER = ["题型", "题干", "选项A", "选项B", "选项C", "选项D", "答案", "解析", "来源", "领域", "难度"]
PLAN = [
    {"kind": "single_choice", "count": 3, "points": 5},
    {"kind": "multiple_choice", "count": 1, "points": 5},
    {"kind": "true_false", "count": 2, "points": 5},
]
QUESTIONS = 6


def a_bank_file(folder: Path) -> Path:
    """Twelve questions whose keys are all A, or AB."""
    book = Workbook()
    sheet = book.active
    sheet.append(HEADER)
    for number in range(1, 7):
        sheet.append(
            ["单选题", f"第 {number} 道单选题，选甲", "甲", "乙", "丙", "丁", "A", "见条文", "《产品质量法》", "产品"]
        )
    for number in range(1, 4):
        sheet.append(
            [
                "多选题",
                f"第 {number} 道多选题，选甲乙",
                "甲",
                "乙",
                "丙",
                "丁",
                "AB",
                "见条文",
                "《产品质量法》",
                "服务",
            ]
        )
        sheet.append(
            ["判断题", f"第 {number} 道判断题，对", None, None, None, None, "对", "见条文", "《产品质量法》", "工程"]
        )
    path = folder / "bank.xlsx"
    book.save(path)
    return path


@pytest.fixture(scope="session", params=DATABASES)
def server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> Iterator[Served]:
    """A server of two workers with a bank and a district."""
    folder = tmp_path_factory.mktemp(f"served-{request.param}")
    with served(request.param, folder, f"served_{worker_id}") as server:
        people = folder / "people.xlsx"
        people.write_bytes(a_register_workbook())
        server.flask("people", "import", str(people))
        server.flask("bank", "import", str(a_bank_file(folder)), "--bank", "质量题库")
        yield server


def a_served_contest(server: Served, **terms: Any) -> str:
    """A contest that is open now, created and published by command; its slug."""
    slug = f"race-{next(_numbers)}"
    value = {
        "slug": slug,
        "title": "质量知识竞赛",
        "bank": "质量题库",
        "opens_at": "2020-01-01T00:00",
        "closes_at": "2099-01-01T00:00",
        "terms": {"plan": PLAN, **terms},
    }
    path = server.log.parent / f"{slug}.json"
    path.write_text(json.dumps(value))
    assert slug in server.flask("contest", "create", str(path))
    server.flask("contest", "publish", slug)
    return slug


def a_phone() -> str:
    return f"139{next(_numbers):08d}"


def a_participant(server: Served) -> Browser:
    """Somebody who has registered and is signed in."""
    browser = Browser(server.port)
    reply = browser.register(a_phone())
    assert reply.status == 303, reply.text
    return browser
