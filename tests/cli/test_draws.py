"""A published draw is recomputed by the command, by a script that stands alone, and in another language."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from quiz.queries import prizes as find
from quiz.services.draw_file import draw_as_json
from tests.cli.test_paper import NODE
from tests.prize_builders import RANKED, a_draw, a_finished_draw, a_played_contest, announced, fixed
from tests.services.test_prize_winners import leave
from tests.serving import ROOT


@pytest.fixture
def draws(app: Flask) -> dict[str, dict[str, Any]]:
    with app.app_context():
        contest = a_played_contest()
        changed, ranked = a_finished_draw(contest), a_finished_draw(contest, RANKED)
        for winner in find.winners_of(changed.id)[2:4]:
            leave(winner)
        waiting = announced(fixed(a_draw(contest)))
        return {
            name: draw_as_json(find.draw_numbered(contest.id, draw.number))  # type: ignore[arg-type]  # a draw that is missing fails here
            for name, draw in {"changed": changed, "ranked": ranked, "waiting": waiting}.items()
        }


def verified(app: Flask, file: Path) -> tuple[int, str]:
    result = app.test_cli_runner().invoke(args=["results", "verify", str(file)])
    return result.exit_code, result.output


def checked_alone(file: Path) -> int:
    return subprocess.run([sys.executable, "-I", ROOT / "docs" / "draw_check.py", file], capture_output=True).returncode


def written(folder: Path, value: Any) -> Path:
    file = folder / "draw.json"
    file.write_text(json.dumps(value, ensure_ascii=False))
    return file


def test_all_three_find_that_it_fits(app: Flask, draws: dict[str, Any], tmp_path: Path) -> None:
    for name, value in draws.items():
        file = written(tmp_path, value)
        status, said = verified(app, file)
        assert status == 0 and "entries listed" in said, name
        assert checked_alone(file) == 0, name
    value = draws["changed"]
    file = written(tmp_path, value)
    printed = subprocess.run([NODE, ROOT / "docs" / "draw_check.js", file], capture_output=True, text=True, check=True)
    assert printed.stdout.splitlines() == [f"{tier['name']} {' '.join(tier['drawn'])}" for tier in value["tiers"]]


MUTATIONS: dict[str, Callable[[dict[str, Any]], object]] = {
    "a winner": lambda v: v["tiers"][1]["drawn"].reverse(),
    "a winner of now": lambda v: v["tiers"][1]["winners"].reverse(),
    "a substitute": lambda v: v["tiers"][1]["substitutes"].reverse(),
    "who stepped in": lambda v: v["changes"][0].update(substitute=None),
    "a score": lambda v: v["list"].__setitem__(-1, v["list"][-1].replace("|600|", "|660|")),
    "an entry": lambda v: v["list"].pop(),
    "the seed": lambda v: v.update(seed="0" * 32),
    "the number": lambda v: v.update(public_number="359"),
    "the moment": lambda v: v.update(drawn_at=v["announced_at"]),
}


@pytest.mark.parametrize("name", MUTATIONS)
def test_what_somebody_changed_is_found(app: Flask, draws: dict[str, Any], tmp_path: Path, name: str) -> None:
    value = draws["changed"]
    MUTATIONS[name](value)
    file = written(tmp_path, value)
    status, said = verified(app, file)
    assert (status, said.count("\n")) == (1, 1) and "does not fit" in said
    assert checked_alone(file) == 1


def test_what_is_no_draw_is_said(app: Flask, tmp_path: Path) -> None:
    for text in ("", "{", "[]", "[" * 50_000, '{"format": "x"}', "\xff"):
        file = tmp_path / "x.json"
        file.write_bytes(text.encode("latin-1"))
        assert verified(app, file)[0] == 2, text[:20]
    assert verified(app, tmp_path / "nowhere.json")[0] == 2
