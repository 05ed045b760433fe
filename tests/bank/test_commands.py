"""``flask bank …`` as an outsider drives it: one line on what it did, errors on stderr, exit codes."""

import json
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from question_bank import queries
from question_bank.database import db
from quiz.models import AuditEntry
from tests.workbooks import HEADER, JUDGEMENT, SEVERAL, SINGLE, hiding, workbook


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "good.xlsx").write_bytes(workbook([HEADER, SINGLE, SEVERAL, JUDGEMENT]))
    (tmp_path / "problem.xlsx").write_bytes(workbook([HEADER, SINGLE, [*SEVERAL[:6], "", ""]]))
    (tmp_path / "paper.pdf").write_bytes(b"%PDF-1.7")
    return tmp_path


def run(app: Flask, *arguments: object):  # type: ignore[no-untyped-def]  # what it returns is click's
    return app.test_cli_runner().invoke(args=["bank", *map(str, arguments)])


def test_check_says_what_a_file_holds(app: Flask, folder: Path) -> None:
    result = run(app, "check", folder / "good.xlsx", "--json", "--questions")
    first, *questions = map(json.loads, result.stdout.splitlines())
    assert first == {
        "file": "good.xlsx", "readable": True, "total": 3,
        "questions": {"single_choice": 1, "multiple_choice": 1, "true_false": 1, "fill_blank": 0, "short_answer": 0},
        "problems": [], "warnings": [], "duplicates": 0, "understood": first["understood"],
    }  # fmt: skip
    assert questions[1] == {
        "sheet": "Sheet1", "row": 3, "kind": "multiple_choice", "stem": "城市质量精神有（ ）。",
        "options": ["诚信", "责任", "随意", "卓越"], "key": ["A", "B", "D"],
        "explanation": "", "source": "", "domain": "", "difficulty": "",
    }  # fmt: skip
    assert result.exit_code == 0


def test_hidden_rows_are_read_on_request(app: Flask, folder: Path) -> None:
    file = folder / "filtered.xlsx"
    file.write_bytes(hiding(workbook([HEADER, SINGLE, SEVERAL]), rows=[3]))
    assert run(app, "check", file).exit_code == 1
    assert run(app, "check", file, "--include-hidden").exit_code == 0
    assert run(app, "import", file, "--bank", "筛选过的").exit_code == 1
    taken = run(app, "import", file, "--bank", "筛选过的", "--include-hidden", "--json")
    assert json.loads(taken.stdout)["taken"] == 2


@pytest.mark.parametrize(
    ("names", "code"),
    [
        (["good.xlsx"], 0),
        (["problem.xlsx", "good.xlsx"], 1),
        (["paper.pdf", "problem.xlsx"], 2),
        (["nothing.xlsx", "good.xlsx"], 2),
    ],
)
def test_check_reads_every_file_and_ends_with_the_worst(app: Flask, folder: Path, names: list[str], code: int) -> None:
    result = run(app, "check", *(folder / name for name in names), "--json")
    assert result.exit_code == code
    assert [json.loads(line)["file"] for line in result.stdout.splitlines()] == [
        n for n in names if n != "nothing.xlsx"
    ]


def test_import_takes_once_and_says_so(app: Flask, folder: Path) -> None:
    first = run(app, "import", folder / "good.xlsx", "--bank", "质量")
    again = run(app, "import", folder / "good.xlsx", "--bank", "质量", "--json")
    assert (first.exit_code, first.stdout.count("\n"), again.exit_code) == (0, 1, 0)
    answer = json.loads(again.stdout)
    assert (answer["taken"], answer["already"], answer["total"]) == (0, 3, 3)
    with app.app_context():
        acts = db.session.scalars(select(AuditEntry.act).order_by(AuditEntry.id)).all()
    assert acts == ["bank.import", "bank.import"]


def test_import_with_problems_takes_nothing_unless_told(app: Flask, folder: Path) -> None:
    result = run(app, "import", folder / "problem.xlsx", "--bank", "质量", "--json")
    assert (result.exit_code, json.loads(result.stdout)["taken"]) == (1, 0)
    with app.app_context():
        assert queries.bank_named("质量") is None
    result = run(app, "import", folder / "problem.xlsx", "--bank", "质量", "--skip-problems", "--json")
    answer = json.loads(result.stdout)
    assert (result.exit_code, answer["taken"], answer["left"]) == (0, 1, 1)


@pytest.mark.parametrize("name", ["paper.pdf", "nothing.xlsx"])
def test_import_of_what_cannot_be_read(app: Flask, folder: Path, name: str) -> None:
    result = run(app, "import", folder / name, "--bank", "质量")
    assert result.exit_code == 2 and result.stderr


def test_export_and_import_again_change_nothing(app: Flask, folder: Path) -> None:
    run(app, "import", folder / "good.xlsx", "--bank", "质量")
    assert run(app, "export", "质量", folder / "out.xlsx").exit_code == 0
    answer = json.loads(run(app, "import", folder / "out.xlsx", "--bank", "质量", "--json").stdout)
    assert (answer["taken"], answer["already"], answer["problems"]) == (0, 3, [])
    for name, form in (("out.gift", []), ("out.zip", []), ("out", ["--format", "qti"])):
        assert run(app, "export", "质量", folder / name, *form).exit_code == 0
        answer = json.loads(run(app, "import", folder / name, "--bank", "质量", "--json").stdout)
        assert (answer["taken"], answer["already"], answer["problems"]) == (0, 3, [])
    assert run(app, "export", "质量", folder / "x.xlsx", "--format", "pdf").exit_code == 2
    assert run(app, "export", "没有", folder / "x.xlsx").exit_code == 2
    assert run(app, "blank", folder / "blank.xlsx").exit_code == 0
    assert run(app, "blank", folder / "no" / "blank.xlsx").exit_code == 2


def test_check_says_which_questions_are_nearly_the_same(app: Flask, folder: Path) -> None:
    other = [*SINGLE[:1], "投诉举报的电话是（ ）。", *SINGLE[2:]]
    (folder / "similar.xlsx").write_bytes(workbook([HEADER, SINGLE, JUDGEMENT, other]))
    result = run(app, "check", folder / "similar.xlsx", "--similar", "--json")
    [pair] = json.loads(result.stdout)["similar"]
    assert (pair["sheet"], pair["row"], pair["with"], pair["differs_in"]) == (
        "Sheet1", 4, {"sheet": "Sheet1", "row": 2}, "",
    )  # fmt: skip
    assert result.exit_code == 0
    in_words = run(app, "check", folder / "similar.xlsx", "--similar").stdout
    assert "相近的题 1 对" in in_words and "Sheet1 第 2 行 与 Sheet1 第 4 行" in in_words


def test_what_a_format_cannot_carry_is_said_beside_the_file(app: Flask, folder: Path) -> None:
    rows = [["题型", "题干", "答案"], ["填空题", "____和____", '[["a；b"], ["c"]]']]
    (folder / "blanks.xlsx").write_bytes(workbook(rows))
    run(app, "import", folder / "blanks.xlsx", "--bank", "填空")
    result = run(app, "export", "填空", folder / "out.gift")
    assert (result.exit_code, "答案" in result.stderr) == (0, True)
    assert run(app, "export", "填空", folder / "out.zip").stderr == ""
