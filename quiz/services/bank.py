"""Imports, their undoing, revisions: what people do to question banks, put on record in the same transaction."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select

from question_bank import revising, service
from question_bank.check import Choices, Report, check_safely
from question_bank.content import QuestionContent
from question_bank.database import db, transaction
from question_bank.models import ImportBatch, Question, QuestionVersion
from question_bank.pictures import PictureFile
from question_bank.progress import Progress
from question_bank.rest import rest_workbook
from question_bank.tags import LONGEST_TAG, MOST_TAGS
from quiz.errors import ChangedMeanwhile, InUse, Mistakes, NotFound, NotReadable
from quiz.models import PracticeRecord
from quiz.queries.contests import versions_in_pools
from quiz.services import audit

UPLOADS_ARE_KEPT = timedelta(days=7)
_GONE = "这次上传已经过期，文件没有保留。请重新上传。"


def author_of(person_id: int) -> str:
    """How a bank notes who did something: by id, so that the person can be forgotten."""
    return f"person:{person_id}"


def check_upload(
    data: bytes, filename: str, bank_name: str, *, actor_id: int, now: datetime, progress: Progress | None = None
) -> tuple[ImportBatch, Report]:
    """Check a file and keep it until its import; nothing is taken yet. Raises NotReadable, Mistakes."""
    service.forget_stale_uploads(now - UPLOADS_ARE_KEPT)
    try:
        author = author_of(actor_id)
        return service.keep_upload(data, filename, bank_name, author=author, now=now, progress=progress)
    except service.Unreadable as error:
        raise NotReadable(message=error.message) from error
    except service.BadName as error:
        raise Mistakes(problems=[error.message]) from error


def report_of(batch: ImportBatch) -> Report:
    """What the check of a kept upload found. Raises NotReadable when it is kept no longer."""
    if batch.data is None or batch.imported_at is not None:
        raise NotReadable(message=_GONE)
    return check_safely(batch.data, batch.filename, Choices.from_json(batch.choices))


def recheck(batch_id: int, choices: Choices, *, seen: str, now: datetime) -> Report:
    """按这样重新检查: read a kept upload as the organiser says it is; nothing is taken yet.

    ``seen`` is the digest of the report that was corrected. Raises NotFound, NotReadable, ChangedMeanwhile.
    """
    batch = db.session.get(ImportBatch, batch_id)
    if batch is None:
        raise NotFound
    if batch.data is None or batch.imported_at is not None:
        raise NotReadable(message=_GONE)
    report = check_safely(batch.data, batch.filename, choices)
    with transaction() as session:
        batch = session.get(ImportBatch, batch_id, with_for_update=True, populate_existing=True)
        if batch is None or batch.imported_at is not None or batch.report_digest != seen:
            raise ChangedMeanwhile
        service.choose(batch, choices, report, now=now)
    return report


def rest_of(batch: ImportBatch) -> bytes:
    """What cannot be taken, or was not, as a workbook to mend. Raises NotReadable when it is kept no longer."""
    if batch.imported_at is None:
        return rest_workbook(report_of(batch))
    if batch.data is None:
        raise NotReadable(message="没有导入的题已不再保留。请在原文件里改好，再上传一次。")
    return batch.data


def take(batch_id: int, *, skip_problems: bool, actor_id: int, now: datetime, seen: str = "") -> service.Taken:
    """导入: exactly what the check showed. A second time gives the first result again.

    ``seen`` is the digest of the report on the page: somebody may have had the file read otherwise since.
    Raises NotFound, NotReadable, ChangedMeanwhile, Mistakes (there are problems, and nobody chose to skip them).
    """
    kept = db.session.get(ImportBatch, batch_id)
    reading = None
    if kept and kept.data and kept.imported_at is None:
        reading = service.reading_of_batch(kept, skip_problems=skip_problems)
    with transaction() as session:
        batch = session.get(ImportBatch, batch_id, with_for_update=True, populate_existing=True)
        if batch is None or batch.undone_at is not None:
            raise NotFound
        was_imported = batch.imported_at is not None
        if not was_imported and batch.data is None:
            raise NotReadable(message=_GONE)
        if not was_imported and seen and seen != batch.report_digest:
            raise ChangedMeanwhile
        try:
            taken = service.take_batch(batch_id, skip_problems=skip_problems, now=now, reading=reading)
        except service.ReportChanged as error:
            raise ChangedMeanwhile from error
        except service.HasProblems as error:
            raise Mistakes(problems=["文件里有问题行。请改好后重新上传，或选择只导入没有问题的题。"]) from error
        if not was_imported:
            said: dict[str, Any] = {"taken": taken.taken, "left": taken.left, "already": taken.already}
            if batch.choices:
                said["choices"] = batch.choices
            subject = f"bank:{taken.batch.bank_id}"
            audit.record("bank.import", subject, actor_id=actor_id, now=now, batch=batch_id, **said)
        return taken


def discard(batch_id: int) -> None:
    """放弃: the upload goes as if it had never come. What was imported stays."""
    with transaction() as session:
        batch = session.get(ImportBatch, batch_id, with_for_update=True)
        if batch is not None and batch.imported_at is None:
            session.delete(batch)


def undo(batch_id: int, *, actor_id: int, now: datetime) -> int:
    """撤销: while no contest has fixed a question of the import. How many questions left. Raises NotFound, InUse."""
    with transaction() as session:
        batch = session.get(ImportBatch, batch_id)
        if batch is None or batch.imported_at is None:
            raise NotFound
        # Whoever has practised on them forgets that; only a pool keeps an import from being undone.
        of_batch = select(Question.id).where(Question.batch_id == batch_id)
        session.execute(delete(PracticeRecord).where(PracticeRecord.question_id.in_(of_batch)))
        try:
            gone = service.undo_batch(batch_id, used_versions=versions_in_pools, now=now)
        except service.NoSuchBatch as error:
            raise NotFound from error
        except service.BatchInUse as error:
            raise InUse(what="这次导入的试题") from error
        subject = f"bank:{batch.bank_id}"
        audit.record("bank.import_undone", subject, actor_id=actor_id, now=now, batch=batch_id, gone=gone)
        return gone


def revise(
    question_id: int,
    content: QuestionContent,
    *,
    actor_id: int,
    now: datetime,
    pictures: Iterable[PictureFile] = (),
) -> QuestionVersion:
    """Add a version of a question, with the pictures it shows; the same content again adds nothing.

    Raises NotFound, Mistakes.
    """
    with transaction():
        try:
            author = author_of(actor_id)
            version = revising.revise_question(question_id, content, author=author, now=now, pictures=pictures)
        except revising.NoSuchQuestion as error:
            raise NotFound from error
        except revising.AlreadyThere as error:
            raise Mistakes(problems=["题库里已经有一道一样的试题。"]) from error
        if version.created_at == now:
            subject = f"question:{question_id}"
            audit.record("question.revised", subject, actor_id=actor_id, now=now, version=version.id)
        return version


def retire(question_id: int, *, actor_id: int, now: datetime) -> None:
    """停用: out of future papers; contests that have fixed it keep it. Twice ends the same. Raises NotFound."""
    with transaction():
        try:
            revising.retire_question(question_id, now=now)
        except revising.NoSuchQuestion as error:
            raise NotFound from error
        audit.record("question.retired", f"question:{question_id}", actor_id=actor_id, now=now)


def bring_back(question_id: int, *, actor_id: int, now: datetime) -> None:
    """恢复使用: into future papers again. Raises NotFound, Mistakes (an equal question is in use)."""
    with transaction():
        try:
            revising.bring_back_question(question_id)
        except revising.NoSuchQuestion as error:
            raise NotFound from error
        except revising.AlreadyThere as error:
            raise Mistakes(problems=["题库里已经有一道一样的试题在用，不能再恢复这一道。"]) from error
        audit.record("question.brought_back", f"question:{question_id}", actor_id=actor_id, now=now)


def review(question_id: int, state: str, *, note: str, actor_id: int, now: datetime) -> None:
    """审题: pass the current version or send it back. Raises NotFound, Mistakes (one's own work)."""
    with transaction():
        try:
            version = revising.review_question(question_id, state, note=note, reviewer=author_of(actor_id), now=now)
        except revising.NoSuchQuestion as error:
            raise NotFound from error
        except revising.OwnWork as error:
            raise Mistakes(problems=["这一版是您自己写的，请别的审题员来审。"]) from error
        audit.record(
            "question.reviewed", f"question:{question_id}", actor_id=actor_id, now=now, version=version.id, state=state
        )


def tag_several(
    bank_id: int, question_ids: Iterable[int], tag: str, *, is_added: bool, actor_id: int, now: datetime
) -> int:
    """Give questions of a bank a tag, or take it from them; how many changed. Raises NotFound, Mistakes."""
    ids = sorted(set(question_ids))
    if not ids or not tag.strip():
        raise Mistakes(problems=["请先勾选试题，再填写一个标签。"])
    if len(tag) > LONGEST_TAG:
        raise Mistakes(problems=[f"标签最多 {LONGEST_TAG} 个字。"])
    with transaction():
        try:
            changed = revising.change_tag(bank_id, ids, tag, is_added=is_added)
        except revising.NoSuchQuestion as error:
            raise NotFound from error
        except revising.TooManyTags as error:
            full = f"有 {error.count} 道题已经有 {MOST_TAGS} 个标签，放不下了。请先去掉几个。"
            raise Mistakes(problems=[full]) from error
        if changed:
            said: dict[str, Any] = {"tag": tag, "is_added": is_added, "questions": changed}
            audit.record("question.tagged", f"bank:{bank_id}", actor_id=actor_id, now=now, **said)
    return len(changed)


def tag(question_id: int, tags: Iterable[str], *, actor_id: int, now: datetime) -> None:
    """Set a question's tags. Raises NotFound."""
    with transaction():
        try:
            kept = revising.set_tags(question_id, tags)
        except revising.NoSuchQuestion as error:
            raise NotFound from error
        audit.record("question.tagged", f"question:{question_id}", actor_id=actor_id, now=now, tags=kept)
