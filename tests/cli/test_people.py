"""``flask people``, ``staff`` and ``audit`` as an outsider drives them."""

from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from question_bank.database import db
from tests.conftest import MORNING
from tests.people_builders import PASSWORD, STREETS, a_person, a_register_workbook, a_workbook, post, sign_in


@pytest.fixture
def run(app: Flask) -> Any:
    return lambda *args: app.test_cli_runner().invoke(args=[str(arg) for arg in args])


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    path = tmp_path / "district.xlsx"
    path.write_bytes(a_register_workbook())
    return path


def test_people_import_says_what_it_did_and_again_does_nothing(run: Any, workbook: Path) -> None:
    first = run("people", "import", workbook)
    assert (first.exit_code, first.stdout) == (
        0,
        "街道：新增 2，更新 0，不变 0；社区：新增 2，更新 0，不变 0；单位：新增 3，更新 0，不变 0。\n",
    )
    again = run("people", "import", workbook)
    assert again.exit_code == 0 and "街道：新增 0，更新 0，不变 2" in again.stdout


def test_people_import_names_problems_with_1_and_what_cannot_be_read_with_2(run: Any, tmp_path: Path) -> None:
    path = tmp_path / "district.xlsx"
    path.write_bytes(a_workbook(街道=[*STREETS, ["S1", "重复", 1]]))
    wrong = run("people", "import", path)
    assert wrong.exit_code == 1 and wrong.stdout == ""
    assert "工作表“街道”，第 4 行“街道编码”：编码“S1”和第 2 行重复。" in wrong.stderr
    path.write_bytes(b"not a workbook")
    assert run("people", "import", path).exit_code == 2
    assert run("people", "import", tmp_path / "none.xlsx").exit_code == 2
    assert run("people", "import", tmp_path).exit_code == 2
    assert run("people", "import").exit_code == 2


def test_staff_add_prints_a_link_that_sets_the_password(run: Any, app: Flask) -> None:
    added = run("staff", "add", "organiser", "amy")
    link = added.stdout.split()[-1]
    assert added.exit_code == 0 and added.stdout.count("\n") == 1
    assert link.startswith("http://127.0.0.1:8000/links/")
    client = app.test_client()
    path = link.removeprefix("http://127.0.0.1:8000")
    assert client.get(path).status_code == 200
    assert (post(client, path, {"password": PASSWORD})).status_code == 303
    assert client.get(path).status_code == 410
    assert sign_in(client, "amy").location == "/console"


def test_staff_add_wants_the_scope_that_a_role_needs(run: Any, workbook: Path) -> None:
    run("people", "import", workbook)
    refused = run("staff", "add", "street_manager", "amy")
    assert refused.exit_code == 1 and "街道管理员要指定街道" in refused.stderr
    assert run("staff", "add", "street_manager", "amy", "--street", "S9").exit_code == 1
    assert run("staff", "add", "unit_manager", "amy").exit_code == 1
    assert run("staff", "add", "boss", "amy").exit_code == 2
    assert run("staff", "add", "judge", "a b").exit_code == 1
    assert run("staff", "add", "street_manager", "amy", "--street", "S1").exit_code == 0
    assert run("staff", "add", "unit_manager", "bob", "--unit", "U1").exit_code == 0
    assert run("staff", "add", "reviewer", "eve", "--domain", "环境").exit_code == 0


def test_audit_verify_counts_and_finds_a_change_made_by_hand(run: Any, app: Flask, workbook: Path) -> None:
    assert run("audit", "verify").stdout == "The record holds: 0 entries.\n"
    run("people", "import", workbook)
    run("staff", "add", "organiser", "amy")
    run("staff", "add", "judge", "bob")
    assert run("audit", "verify").stdout == "The record holds: 5 entries.\n"
    with app.app_context():
        db.session.execute(text("UPDATE audit_entries SET act = 'role.revoked' WHERE id = 2"))
        db.session.commit()
    broken = run("audit", "verify")
    assert broken.exit_code == 1 and "entry 2" in broken.stderr


def test_audit_verify_finds_an_entry_that_was_taken_out(run: Any, app: Flask, workbook: Path) -> None:
    run("people", "import", workbook)
    run("staff", "add", "organiser", "amy")
    with app.app_context():
        db.session.execute(text("DELETE FROM audit_entries WHERE id = 2"))
        db.session.commit()
    broken = run("audit", "verify")
    assert broken.exit_code == 1 and "entry 2" in broken.stderr


def test_forget_due_says_how_many(run: Any, app: Flask, workbook: Path, clock: Any) -> None:
    run("people", "import", workbook)
    with app.app_context():
        a_person(MORNING)
    assert run("people", "forget-due").stdout == "Deleted 0 persons; 0 contests were due.\n"
    clock.forward(days=181)
    assert run("people", "forget-due").stdout == "Deleted 1 persons; 0 contests were due.\n"
