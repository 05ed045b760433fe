"""A version of a question as its row, and the domains that versions name."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from question_bank.content import QuestionContent
from question_bank.models import Domain


def version_row(
    question_id: int, number: int, content: QuestionContent, domain_ids: dict[str, int], *, author: str, now: datetime
) -> dict[str, object]:
    return {
        "question_id": question_id,
        "number": number,
        "kind": content.kind.value,
        "stem": content.stem,
        "options": list(content.options),
        "choices": sorted(content.choices),
        "blanks": [list(texts) for texts in content.blanks],
        "model_answer": content.model_answer,
        "explanation": content.explanation,
        "source": content.source,
        "domain_id": domain_ids.get(content.domain),
        "domain_path": content.domain,
        "difficulty": content.difficulty,
        "pictures": [list(pair) for pair in content.pictures],
        "checked_on": content.checked_on,
        "valid_until": content.valid_until,
        "digest": content.digest,
        "created_at": now,
        "author": author,
    }


def domain_ids_of(session: Session, paths: Iterable[str]) -> dict[str, int]:
    """Domains by the way questions name them; those that are not there yet are made, the first level first."""
    ids = dict(session.execute(select(Domain.path, Domain.id)).all())
    place = session.scalar(select(func.coalesce(func.max(Domain.place), 0))) or 0
    for path in sorted(filter(None, paths)):
        for level in _levels(path):
            if level not in ids:
                place += 1
                domain = Domain(path=level, parent_id=ids.get(level.rpartition("/")[0]), place=place)
                session.add(domain)
                session.flush()
                ids[level] = domain.id
    return ids


def _levels(path: str) -> list[str]:
    """产品/食品 → 产品, 产品/食品."""
    first, slash, second = path.partition("/")
    return [first, path] if slash and first and second else [path]
