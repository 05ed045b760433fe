"""Imports run one way, and every route says who may use it."""

import ast
from pathlib import Path

import pytest

from quiz.web.access import access_of

ROOT = Path(__file__).resolve().parent.parent

# Each part may use itself and what stands after it.
LAYERS = ["wsgi", "quiz.cli", "quiz.app", "quiz.web", "quiz.services", "quiz.queries", "quiz.models", "quiz.rules"]
ANYWHERE = {"quiz.errors", "quiz.web.messages"}
SERVING = {"quiz.config", "quiz.clock"}
PURE = {
    "question_bank.kinds",
    "question_bank.content",
    "question_bank.answers",
    "question_bank.rows",
    "question_bank.check",
    "question_bank.writing",
    "question_bank.reading",
    "quiz.rules",
}
NOT_PURE = {"flask", "sqlalchemy", "flask_sqlalchemy", "flask_login", "wtforms"}


def modules() -> dict[str, Path]:
    files = [ROOT / "wsgi.py", *(ROOT / "quiz").rglob("*.py"), *(ROOT / "question_bank").rglob("*.py")]
    return {".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path for path in files}


def imports_of(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
    return found


def layer_of(name: str) -> int | None:
    for place, layer in enumerate(LAYERS):
        if name == layer or name.startswith(layer + "."):
            return place
    return None


def test_imports_run_one_way() -> None:
    wrong = []
    for name, path in modules().items():
        mine = layer_of(name)
        for imported in imports_of(path):
            if name.startswith("question_bank") and imported.split(".")[0] == "quiz":
                wrong.append(f"{name} uses {imported}")
            theirs = layer_of(imported)
            if imported in ANYWHERE or name in ("quiz.app", "quiz.cli.serve", "wsgi"):
                continue
            if mine is not None and theirs is not None and theirs < mine:
                wrong.append(f"{name} uses {imported}")
    assert wrong == []


def test_rules_and_readers_are_plain_python() -> None:
    wrong = []
    for name, path in modules().items():
        if any(name == pure or name.startswith(pure + ".") for pure in PURE):
            wrong += [f"{name} uses {top}" for top in {i.split(".")[0] for i in imports_of(path)} & NOT_PURE]
            wrong += [f"{name} uses {i}" for i in imports_of(path) if i in SERVING or i == "question_bank.database"]
    assert wrong == []


def test_rules_never_look_at_the_clock() -> None:
    for name, path in modules().items():
        if name.startswith("quiz.rules"):
            assert "datetime.now" not in path.read_text(), name


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_every_route_says_who_may_use_it(kind: str, app_on) -> None:  # type: ignore[no-untyped-def]  # app_on is a fixture that is called
    app = app_on(kind)
    silent = [
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.endpoint != "static" and access_of(app.view_functions[rule.endpoint]) is None
    ]
    assert silent == []
