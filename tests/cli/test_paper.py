"""``docs/draw.js``: a paper drawn by somebody who has nothing but the contest's JSON, a seed, and another language."""

import json
import subprocess
from pathlib import Path
from typing import Any

import playwright
import pytest
from flask import Flask

from tests.conftest import MORNING
from tests.contest_builders import MULTIPLE, SINGLE, TRUE_FALSE, a_bank, a_contest_value, a_question, a_register
from tests.serving import ROOT

NODE = Path(playwright.__file__).parent / "driver" / "node"
PLAN = [
    {"kind": "single_choice", "domain": "食品", "difficulty": "易", "count": 2},
    {"kind": "single_choice", "domain": "产品", "count": 3},
    {"kind": "single_choice", "count": 2},
    {"kind": "multiple_choice", "count": 3},
    {"kind": "true_false", "count": 2},
]


@pytest.fixture
def questions(app: Flask) -> None:
    """In three domains, some of them under others, easy or not, all with 以上都对 where they have options."""
    with app.app_context():
        a_bank(
            MORNING,
            *(a_question(SINGLE, domain=domain, difficulty=difficulty)
              for domain in ("产品/食品", "产品", "服务") for difficulty in ("易", "难") for _ in range(4)),
            *(a_question(kind) for kind in (MULTIPLE, TRUE_FALSE) for _ in range(5)),
        )  # fmt: skip
        a_register()


@pytest.mark.parametrize("mixed", [(True, True), (True, False), (False, True), (False, False)])
def test_another_language_draws_the_same_papers(
    app: Flask, questions: None, tmp_path: Path, mixed: tuple[bool, bool]
) -> None:
    run = app.test_cli_runner().invoke
    terms: dict[str, Any] = {"plan": PLAN, "mix_questions": mixed[0], "mix_options": mixed[1]}
    draft, shown = tmp_path / "draft.json", tmp_path / "contest.json"
    draft.write_text(json.dumps(a_contest_value(terms=terms)))
    for command in (["create", str(draft)], ["publish", "quality-2026"]):
        assert run(args=["contest", *command]).exit_code == 0
    shown.write_text(run(args=["contest", "show", "quality-2026"]).stdout)
    for seed in ("0123456789abcdef" * 2, "f" * 32, "5eed" * 8):
        drawn = run(args=["paper", "draw", "quality-2026", seed]).stdout
        command = [NODE, ROOT / "docs" / "draw.js", shown, seed]
        again = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        assert len(json.loads(drawn)) == 12
        assert json.loads(again) == json.loads(drawn)
