"""``flask contest`` and ``flask paper`` as an outsider drives them."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask

from tests.conftest import MORNING
from tests.contest_builders import a_bank, a_contest_value, a_question, a_register


@pytest.fixture
def run(app: Flask) -> Any:
    with app.app_context():
        a_bank(MORNING)
        a_register()
    return lambda *args: app.test_cli_runner().invoke(args=args)


def file_of(folder: Path, value: Any) -> str:
    path = folder / "contest.json"
    path.write_text(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
    return str(path)


def test_create_publish_show_pause_resume(run: Any, tmp_path: Path) -> None:
    created: Result = run("contest", "create", file_of(tmp_path, a_contest_value()))
    assert (created.exit_code, created.stdout) == (0, "quality-2026\n")
    assert json.loads(run("contest", "show", "quality-2026").stdout)["state"] == "draft"
    assert run("contest", "publish", "quality-2026").exit_code == 0
    assert run("contest", "pause", "quality-2026", "--reason", "核对").exit_code == 0
    assert json.loads(run("contest", "show", "quality-2026").stdout)["state"] == "paused"
    assert run("contest", "resume", "quality-2026").exit_code == 0
    shown = json.loads(run("contest", "show", "quality-2026").stdout)
    assert shown["state"] == "published" and len(shown["pool"]["versions"]) == 26
    assert run("contest", "publish", "quality-2026").exit_code == 1


def test_publishing_says_what_to_know_about_the_questions(app: Flask, run: Any, tmp_path: Path) -> None:
    with app.app_context():
        old = a_question(stem="拨打 12365 投诉", valid_until=date(2026, 7, 19))
        a_bank(MORNING, old, a_question(), a_question(), a_question(), name="小题库")
        a_bank(MORNING, old, a_question(), a_question(), a_question(), name="小题库二")
    plan = [{"kind": "single_choice", "count": 3}]
    for bank, flags, stays in (("小题库", [], 4), ("小题库二", ["--leave-out-expiring"], 3)):
        slug = f"small-{stays}"
        run("contest", "create", file_of(tmp_path, a_contest_value(slug=slug, bank=bank, terms={"plan": plan})))
        published = run("contest", "publish", slug, *flags)
        assert (published.exit_code, published.stdout) == (0, f"{slug}：已发布。\n")
        assert "有效期至 2026 年 7 月 19 日，竞赛结束前就过期：拨打 12365 投诉" in published.stderr
        assert f"这 {stays} 道题都还没有审题通过" in published.stderr
        assert ("题目完全一样" if flags else "约有 75 % 的题相同") in published.stderr
        assert ("没有放进抽题范围" in published.stderr) == bool(flags)
        assert len(json.loads(run("contest", "show", slug).stdout)["pool"]["versions"]) == stays


def test_points_are_read_as_written(run: Any, tmp_path: Path) -> None:
    text = json.dumps(a_contest_value()).replace("2.5", "0.1")
    assert run("contest", "create", file_of(tmp_path, text)).exit_code == 0
    assert json.loads(run("contest", "show", "quality-2026").stdout)["terms"]["plan"][1]["points"] == 0.1


def test_each_problem_has_a_line_on_stderr(run: Any, tmp_path: Path) -> None:
    result = run("contest", "create", file_of(tmp_path, a_contest_value(slug="A B", titel=1)))
    assert result.exit_code == 1 and result.stdout == ""
    assert [line.partition("：")[0] for line in result.stderr.splitlines()] == ["titel", "slug"]


def test_a_plan_the_bank_cannot_fill_is_told_line_by_line(run: Any, tmp_path: Path) -> None:
    plan = [{"kind": "fill_blank", "count": 3}, {"kind": "true_false", "count": 9}]
    run("contest", "create", file_of(tmp_path, a_contest_value(terms={"plan": plan})))
    result = run("contest", "publish", "quality-2026")
    assert result.exit_code == 1
    assert [line[:5] for line in result.stderr.splitlines()] == ["第 1 行", "第 2 行"]
    assert run("paper", "draw", "quality-2026", "0" * 32).exit_code == 1


@pytest.mark.parametrize("text", ["", "{", "[1", '"\\ud800', "\x00"])
def test_what_is_no_json_is_wrong_use(run: Any, tmp_path: Path, text: str) -> None:
    result = run("contest", "create", file_of(tmp_path, text))
    assert result.exit_code == 2 and result.stderr


def test_no_such_file_and_no_such_contest_are_wrong_use(run: Any, tmp_path: Path) -> None:
    assert run("contest", "create", str(tmp_path / "nothing.json")).exit_code == 2
    assert run("contest", "create", str(tmp_path)).exit_code == 2
    for command in (["contest", "publish"], ["contest", "pause"], ["contest", "resume"], ["contest", "show"]):
        assert run(*command, "nothing").exit_code == 2
    assert run("paper", "draw", "nothing", "0" * 32).exit_code == 2


def test_a_paper_is_drawn_again(run: Any, tmp_path: Path) -> None:
    run("contest", "create", file_of(tmp_path, a_contest_value()))
    draft = run("paper", "draw", "quality-2026", "1" * 32)
    run("contest", "publish", "quality-2026")
    paper = json.loads(run("paper", "draw", "quality-2026", "1" * 32).stdout)
    assert paper == json.loads(draft.stdout) and len(paper) == 3
    assert sorted(map(len, (line["options"] for line in paper))) == [0, 4, 4]
    assert all(line["options"][-1] == 4 for line in paper if line["options"])
    assert run("paper", "draw", "quality-2026", "xyz").exit_code == 2
