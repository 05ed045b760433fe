"""What people do with question files: import them, undo that. Each act is one transaction."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from question_bank.check import AS_UNDERSTOOD, Choices, FoundQuestion, Report, Unreadable, check_safely
from question_bank.database import transaction, wait_for_turn
from question_bank.models import Bank, ImportBatch, Question, QuestionReview, QuestionTag, QuestionVersion
from question_bank.progress import Progress
from question_bank.queries import live_fingerprints
from question_bank.rest import rest_workbook
from question_bank.storing_pictures import drop_unshown, pictures_shown, store_pictures
from question_bank.versions import domain_ids_of, version_row

__all__ = [
    "BadName", "BatchInUse", "HasProblems", "NoSuchBatch", "Reading", "ReportChanged", "Taken", "Unreadable", "choose",
    "import_file", "keep_upload", "reading_of", "reading_of_batch", "take_batch", "undo_batch",
]  # fmt: skip

LONGEST_NAME = 100
ROWS_AT_ONCE = 1_000


class NoSuchBatch(Exception):
    """The import is not there, or was undone."""


class BatchInUse(Exception):
    """A pool has used questions of the import: it cannot be undone any more."""


class ReportChanged(Exception):
    """The file now reads differently from what was seen at its check."""

    def __init__(self, report: Report) -> None:
        super().__init__(report.file)
        self.report = report


class HasProblems(Exception):
    """The file has problems, and nobody chose to leave those rows out, or nothing in it can be taken."""

    def __init__(self, report: Report) -> None:
        super().__init__(report.file)
        self.report = report


class BadName(Exception):
    """A bank's name that cannot be one. ``message`` says what to do."""

    message = f"题库名称要有 1 到 {LONGEST_NAME} 个字，不含控制字符。"


@dataclass(frozen=True)
class Taken:
    """What an import did."""

    batch: ImportBatch
    bank_name: str
    taken: int
    left: int
    already: int
    duplicates: int


def keep_upload(
    data: bytes, filename: str, bank_name: str, *, author: str, now: datetime, progress: Progress | None = None
) -> tuple[ImportBatch, Report]:
    """Check a file and keep it between its check page and its import. ``Unreadable`` keeps nothing."""
    name = _bank_name(bank_name)
    report = check_safely(data, filename, progress=progress)
    if not report.may_be_corrected:
        _require_questions(report)
    return _kept(data, report, name, author=author, now=now), report


@dataclass(frozen=True)
class Reading:
    """What a file gives, worked out before the act that takes it: whoever saves meanwhile does not wait for it.

    ``rest`` is what an import that skips problems will leave behind.
    """

    report: Report
    rest: bytes | None


def reading_of(
    data: bytes,
    filename: str,
    choices: Choices = AS_UNDERSTOOD,
    *,
    skip_problems: bool,
    progress: Progress | None = None,
) -> Reading:
    report = check_safely(data, filename, choices, progress=progress)
    return Reading(report, rest_workbook(report) if report.problems and skip_problems else None)


def reading_of_batch(batch: ImportBatch, *, skip_problems: bool) -> Reading:
    """The same of a file that is kept, read as somebody chose."""
    choices = Choices.from_json(batch.choices)
    return reading_of(batch.data or b"", batch.filename, choices, skip_problems=skip_problems)


def choose(batch: ImportBatch, choices: Choices, report: Report, *, now: datetime) -> None:
    """Keep how somebody says a kept file is to be read; its import will do what ``report`` shows."""
    batch.choices, batch.report_digest = choices.as_json(), report.digest
    batch.checked_at, batch.duplicates = now, report.duplicates


def _kept(
    data: bytes, report: Report, bank_name: str, *, author: str, now: datetime, choices: Choices = AS_UNDERSTOOD
) -> ImportBatch:
    with transaction() as session:
        batch = ImportBatch(
            bank_name=bank_name,
            filename=report.file,
            sha256=hashlib.sha256(data).hexdigest(),
            author=author,
            data=data,
            report_digest=report.digest,
            choices=choices.as_json(),
            checked_at=now,
            duplicates=report.duplicates,
        )
        session.add(batch)
        session.flush()
    return batch


def take_batch(batch_id: int, *, skip_problems: bool, now: datetime, reading: Reading | None = None) -> Taken:
    """Take what the check showed, all in one transaction. A second time gives the first result again.

    ``reading`` is the kept file's, if it has been read already.
    """
    with transaction() as session:
        batch = _batch(session, batch_id)
        if batch.imported_at is not None:
            return _taken(batch)
        reading = reading or reading_of_batch(batch, skip_problems=skip_problems)
        if reading.report.digest != batch.report_digest:
            raise ReportChanged(reading.report)
        return _take(session, batch, reading, skip_problems=skip_problems, now=now)


def import_file(
    data: bytes,
    filename: str,
    bank_name: str,
    *,
    skip_problems: bool,
    author: str,
    now: datetime,
    choices: Choices = AS_UNDERSTOOD,
    reading: Reading | None = None,
) -> tuple[Taken, Report]:
    """Check and take in one go, as the command does. ``reading`` is the file's, if it has been read already."""
    name = _bank_name(bank_name)
    reading = reading or reading_of(data, filename, choices, skip_problems=skip_problems)
    _require_questions(reading.report)
    with transaction() as session:
        batch = _kept(data, reading.report, name, author=author, now=now, choices=choices)
        return _take(session, batch, reading, skip_problems=skip_problems, now=now), reading.report


def undo_batch(batch_id: int, *, used_versions: Callable[[Session], set[int]], now: datetime) -> int:
    """Take an import back, while no pool has used a version of it. Gives how many questions left the bank."""
    with transaction() as session:
        wait_for_turn(session, "bank import")
        batch = _batch(session, batch_id)
        ours = select(Question.id).where(Question.batch_id == batch.id)
        versions = set(session.scalars(select(QuestionVersion.id).where(QuestionVersion.question_id.in_(ours))))
        if versions & used_versions(session):
            raise BatchInUse(batch.id)
        pictures = pictures_shown(session, QuestionVersion.question_id.in_(ours))
        theirs = select(QuestionVersion.id).where(QuestionVersion.question_id.in_(ours))
        session.execute(delete(QuestionReview).where(QuestionReview.version_id.in_(theirs)))
        session.execute(delete(QuestionTag).where(QuestionTag.question_id.in_(ours)))
        session.execute(delete(QuestionVersion).where(QuestionVersion.question_id.in_(ours)))
        gone = session.execute(delete(Question).where(Question.batch_id == batch.id).returning(Question.id)).all()
        drop_unshown(session, pictures)
        batch.undone_at, batch.data = now, None
    return len(gone)


# --- parts -----------------------------------------------------------------------------------------------------------


def _bank_name(name: str) -> str:
    name = name.strip()
    if not 1 <= len(name) <= LONGEST_NAME or not name.isprintable():
        raise BadName(name)
    return name


def _require_questions(report: Report) -> None:
    """Refuse a file that cannot be read, or whose only fault is that nothing in it can be taken."""
    if not report.total and all(problem.row is None for problem in report.problems):
        raise Unreadable(report.problems[0].code, report.problems[0].message)


def _batch(session: Session, batch_id: int) -> ImportBatch:
    batch = session.get(ImportBatch, batch_id, with_for_update=True)
    if batch is None or batch.undone_at is not None:
        raise NoSuchBatch(batch_id)
    return batch


def _taken(batch: ImportBatch) -> Taken:
    return Taken(batch, batch.bank_name, batch.taken, batch.left, batch.already, batch.duplicates)


def _take(session: Session, batch: ImportBatch, reading: Reading, *, skip_problems: bool, now: datetime) -> Taken:
    report = reading.report
    if not report.total or (report.problems and not skip_problems):
        raise HasProblems(report)
    wait_for_turn(session, "bank import")
    bank = _bank(session, batch.bank_name, now)
    held = live_fingerprints(session, bank.id)
    new = [question for question in report.questions if question.content.fingerprint not in held]
    _insert(session, bank.id, batch, new, now)
    shown = {sha256 for question in new for _, sha256 in question.content.pictures}
    store_pictures(session, [report.pictures[sha256] for sha256 in sorted(shown)], now=now)
    batch.bank_id, batch.imported_at = bank.id, now
    batch.data = reading.rest
    batch.taken, batch.already = len(new), report.total - len(new)
    batch.left, batch.duplicates = len(report.problems), report.duplicates
    session.flush()
    return _taken(batch)


def _bank(session: Session, name: str, now: datetime) -> Bank:
    bank = session.scalar(select(Bank).where(Bank.name == name))
    if bank is None:
        bank = Bank(name=name, created_at=now)
        session.add(bank)
        session.flush()
    return bank


def _insert(session: Session, bank_id: int, batch: ImportBatch, new: list[FoundQuestion], now: datetime) -> None:
    """Questions, their first versions and their tags, a thousand rows at a time, in the order of the file."""
    domain_ids = domain_ids_of(session, {question.content.domain for question in new})
    rows = [
        {
            "bank_id": bank_id,
            "batch_id": batch.id,
            "fingerprint": question.content.fingerprint,
            "created_at": now,
            "retired_at": None,
        }
        for question in new
    ]
    for start in range(0, len(rows), ROWS_AT_ONCE):
        session.execute(insert(Question), rows[start : start + ROWS_AT_ONCE])
    ours = select(Question.fingerprint, Question.id).where(Question.batch_id == batch.id)
    ids = dict(session.execute(ours).all())
    versions = [
        version_row(ids[q.content.fingerprint], 1, q.content, domain_ids, author=batch.author, now=now) for q in new
    ]
    for start in range(0, len(versions), ROWS_AT_ONCE):
        session.execute(insert(QuestionVersion), versions[start : start + ROWS_AT_ONCE])
    tags = [{"question_id": ids[q.content.fingerprint], "tag": tag} for q in new for tag in q.tags]
    for start in range(0, len(tags), ROWS_AT_ONCE):
        session.execute(insert(QuestionTag), tags[start : start + ROWS_AT_ONCE])


def forget_stale_uploads(before: datetime) -> int:
    """Drop the bytes of files that were checked and never imported, and of what imports left behind."""
    with transaction() as session:
        stale = update(ImportBatch).where(ImportBatch.data.is_not(None), ImportBatch.checked_at < before)
        return len(session.execute(stale.values(data=None).returning(ImportBatch.id)).all())
