"""The short lessons (质量大讲堂): one for each domain, teaching only what the bank's questions already stand on."""

import re
from datetime import date
from pathlib import Path

import pytest

from question_bank.bundled.source import questions_of, titles_of

BUNDLED = Path(__file__).resolve().parents[2] / "question_bank" / "bundled"
LESSONS = {"product": "产品", "engineering": "工程", "services": "服务", "environment": "环境"}

STATEMENT = re.compile(r"- (?P<said>[^\[\]]+。)(?P<sources>\[.+)")
SOURCE = re.compile(r"\[(?P<title>[^\[\]]+)\](?P<articles>[^\[\]]*)")
ARTICLE = re.compile(r"第[一二三四五六七八九十百千零]+条")

Cited = set[tuple[str, str]]


@pytest.fixture(params=sorted(LESSONS))
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def lines(name: str) -> list[str]:
    return (BUNDLED / "lessons" / f"{name}.md").read_text("utf-8").splitlines()


@pytest.fixture
def statements(lines: list[str]) -> list[re.Match[str]]:
    found = [(line, STATEMENT.fullmatch(line)) for line in lines if line.startswith("- ")]
    assert [line for line, statement in found if statement is None] == [], "a statement ends with its source"
    return [statement for _, statement in found if statement]


def cited_in(sources: str) -> Cited:
    """Each article with the short name of its law."""
    return {(source["title"], article) for source in SOURCE.finditer(sources) for article in ARTICLE.findall(source[0])}


@pytest.fixture(scope="module")
def cited_by_questions() -> Cited:
    texts = [path.read_text("utf-8") for path in (BUNDLED / "district").glob("*.txt")]
    return {cited for text in texts for line in re.findall(r"(?m)^来源：(.+)$", text) for cited in cited_in(line)}


def test_each_domain_has_one_lesson() -> None:
    assert {path.stem for path in (BUNDLED / "lessons").glob("*.md")} == set(LESSONS)
    assert {question.domain.split("/")[0] for question in questions_of(BUNDLED / "district")} == set(LESSONS.values())


def test_a_lesson_opens_with_its_domain_and_the_day_it_was_checked(name: str, lines: list[str]) -> None:
    assert lines[0].startswith(f"# {LESSONS[name]}：")
    assert date.fromisoformat(lines[2].removeprefix("核对日期："))


def test_a_lesson_is_read_in_a_few_minutes(lines: list[str], statements: list[re.Match[str]]) -> None:
    sections = [line for line in lines if line.startswith("## ")]
    assert 5 <= len(sections) <= 8
    assert 900 <= len("".join(lines)) <= 1800
    assert max(len(statement["said"]) for statement in statements) <= 80


def test_every_source_of_a_lesson_is_a_known_title(statements: list[re.Match[str]]) -> None:
    named = {source["title"] for statement in statements for source in SOURCE.finditer(statement["sources"])}
    assert named <= set(titles_of(BUNDLED / "district"))


def test_a_lesson_cites_no_article_that_no_question_cites(
    statements: list[re.Match[str]], cited_by_questions: Cited
) -> None:
    assert [s["said"] for s in statements if not cited_in(s["sources"])] == [], "a statement names an article"
    assert {cited for s in statements for cited in cited_in(s["sources"])} - cited_by_questions == set()


def test_a_lesson_repeats_no_explanation(statements: list[re.Match[str]]) -> None:
    explained = {
        sentence for q in questions_of(BUNDLED / "district") for sentence in re.findall(r"[^。]+。", q.explanation)
    }
    assert [s["said"] for s in statements if s["said"] in explained] == []
