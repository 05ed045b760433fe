"""操作记录: every act of staff goes on record in its own transaction; the chain shows any later change."""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select

from question_bank.database import db, transaction, wait_for_turn
from quiz.models import AuditEntry

FIRST = "0" * 64


@dataclass(frozen=True)
class Break:
    """Where the chain does not hold: the first entry that does not fit what stands before it."""

    entry_id: int
    why: str


def record(
    act: str,
    subject: str,
    *,
    actor_id: int | None,
    now: datetime,
    contest_id: int | None = None,
    **details: Any,
) -> AuditEntry:
    """Put one act on record, in the transaction of the act itself.

    ``subject`` is "contest:12", "person:7" …; ``details`` hold ids and values, never a name or a phone.
    """
    with transaction() as session:
        wait_for_turn(session, "audit")
        last = session.execute(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).scalar()
        entry = AuditEntry(
            id=last.id + 1 if last else 1,
            at=now,
            actor_id=actor_id,
            act=act,
            subject=subject,
            contest_id=contest_id,
            details=details,
            previous=last.hash if last else FIRST,
        )
        entry.hash = hash_of(entry)
        session.add(entry)
        session.flush()
    return entry


def hash_of(entry: AuditEntry) -> str:
    """SHA-256 over the entry before and everything in this one, as JSON with sorted keys."""
    value = [
        entry.previous,
        entry.id,
        entry.at.astimezone(UTC).isoformat(timespec="milliseconds"),
        entry.actor_id,
        entry.act,
        entry.subject,
        entry.contest_id,
        entry.details,
    ]
    return hashlib.sha256(json.dumps(value, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def first_break() -> Break | None:
    """Walk the chain from its first entry; None when it holds."""
    previous = FIRST
    entries = db.session.execute(select(AuditEntry).order_by(AuditEntry.id).execution_options(yield_per=1000))
    for number, entry in enumerate(entries.scalars(), 1):
        if entry.id != number:
            return Break(number, "missing")
        if entry.previous != previous:
            return Break(entry.id, "does not follow the entry before it")
        if entry.hash != hash_of(entry):
            return Break(entry.id, "was changed")
        previous = entry.hash
    return None
