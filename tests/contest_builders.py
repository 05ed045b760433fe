"""A bank, a register and contests for tests: valid until told otherwise."""

from datetime import datetime
from itertools import count
from typing import Any

from question_bank.content import QuestionContent
from question_bank.database import transaction
from question_bank.kinds import QuestionKind
from question_bank.models import Bank, Question, QuestionVersion
from quiz.models import Area, AreaKind, Attempt, Contest, Entry, Paper, Person, Unit
from quiz.services import contests

_numbers = count(1)

SINGLE, MULTIPLE = QuestionKind.SINGLE_CHOICE, QuestionKind.MULTIPLE_CHOICE
TRUE_FALSE, FILL = QuestionKind.TRUE_FALSE, QuestionKind.FILL_BLANK
SMALL_PLAN = [
    {"kind": "single_choice", "domain": "产品", "count": 2, "points": 5},
    {"kind": "true_false", "count": 1, "points": 2.5},
]


def a_question(kind: QuestionKind = SINGLE, *, domain: str = "产品", **more: Any) -> QuestionContent:
    """One question that says nothing but its number."""
    number = next(_numbers)
    options = ("甲", "乙", "丙", "以上都对") if kind.has_options else ()
    key = {SINGLE: {1}, MULTIPLE: {1, 2}, TRUE_FALSE: {1}}.get(kind, set())
    values: dict[str, Any] = {
        "kind": kind,
        "stem": f"第 {number} 道{kind.label}",
        "options": options,
        "choices": frozenset(key),
        "blanks": (("12315",),) if kind is FILL else (),
        "explanation": "见条文。",
        "source": "《产品质量法》",
        "domain": domain,
    }
    return QuestionContent(**{**values, **more})


def a_bank(now: datetime, *contents: QuestionContent, name: str = "质量题库") -> Bank:
    """A bank with these questions; without any: enough for SMALL_PLAN and the standard preset."""
    with transaction() as session:
        bank = Bank(name=name, created_at=now)
        session.add(bank)
        session.flush()
        for content in contents or enough():
            session.add(_question(bank.id, content, now))
        return bank


def enough() -> list[QuestionContent]:
    singles = [a_question(domain=domain) for domain in ("产品", "工程", "服务", "环境/卫生") for _ in range(4)]
    return [*singles, *(a_question(MULTIPLE) for _ in range(5)), *(a_question(TRUE_FALSE) for _ in range(5))]


def add_questions(bank_id: int, now: datetime, *contents: QuestionContent) -> list[int]:
    """More questions for a bank; their version ids."""
    with transaction() as session:
        questions = [_question(bank_id, content, now) for content in contents]
        session.add_all(questions)
        session.flush()
        return [question.current.id for question in questions]


def _question(bank_id: int, content: QuestionContent, now: datetime) -> Question:
    version = QuestionVersion(
        number=1,
        kind=content.kind.value,
        stem=content.stem,
        options=list(content.options),
        choices=sorted(content.choices),
        blanks=[list(texts) for texts in content.blanks],
        explanation=content.explanation,
        source=content.source,
        domain_path=content.domain,
        difficulty=content.difficulty,
        valid_until=content.valid_until,
        pictures=[list(pair) for pair in content.pictures],
        digest=content.digest,
        created_at=now,
    )
    return Question(bank_id=bank_id, fingerprint=content.fingerprint, created_at=now, versions=[version])


def a_register() -> None:
    """One street with a community, a unit in it, and a department in no street."""
    with transaction() as session:
        street = Area(code="S1", name="东门街道", kind=AreaKind.STREET.value, headcount=800)
        session.add_all([street, Area(code="DEPT", name="全区", kind=AreaKind.DISTRICT.value)])
        session.flush()
        session.add(Area(code="S1-1", name="湖贝社区", kind=AreaKind.COMMUNITY.value, parent_id=street.id))
        session.add(Unit(code="U1", name="市场监管局", unit_class="机关", headcount=80))
        session.add(Unit(code="U2", name="东门小学", unit_class="学校", street_id=street.id, headcount=60))


def a_contest_value(**changes: Any) -> dict[str, Any]:
    value = {
        "slug": "quality-2026",
        "title": "质量知识竞赛",
        "bank": "质量题库",
        "opens_at": "2026-06-20T09:00",
        "closes_at": "2026-07-20T18:00",
        "terms": {"plan": SMALL_PLAN},
    }
    return {**value, **changes}


def a_draft(now: datetime, **changes: Any) -> Contest:
    return contests.create_contest(a_contest_value(**changes), actor_id=None, now=now)


def a_published(now: datetime, **changes: Any) -> Contest:
    contest = a_draft(now, **changes)
    return contests.publish(contest.id, actor_id=None, now=now)


def an_open_attempt(contest: Contest, *, started_at: datetime, deadline: datetime, accepts_until: datetime) -> int:
    """A running attempt of a new person, with an empty paper; its id."""
    with transaction() as session:
        number = next(_numbers)
        person = Person(kind="resident", name="王芳", masked_name="王*", created_at=started_at)
        session.add(person)
        session.flush()
        entry = Entry(
            contest_id=contest.id,
            person_id=person.id,
            entry_code=f"E{number}",
            masked_name="王*",
            consent_version="1",
            consented_at=started_at,
            joined_at=started_at,
        )
        assert contest.pool_id
        paper = Paper(contest_id=contest.id, pool_id=contest.pool_id, seed="0" * 32, layout=[])
        session.add_all([entry, paper])
        session.flush()
        attempt = Attempt(
            contest_id=contest.id,
            entry_id=entry.id,
            paper_id=paper.id,
            number=1,
            started_at=started_at,
            deadline=deadline,
            accepts_until=accepts_until,
        )
        session.add(attempt)
        session.flush()
        return attempt.id
