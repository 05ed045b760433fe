"""重新阅卷: look at what the rulings change in marks that were given, then change exactly that, in batches.

A look writes its rows and changes nothing. Applying it appends markings, lets scores and standings follow, and goes on
wherever it stopped; it refuses where a ruling came after the look. Whoever hands in meanwhile is marked by the rulings
that stand and needs no row.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from question_bank.database import db, transaction, wait_for_turn
from quiz.errors import Mistakes, NotFound
from quiz.models import Contest, Marking, Remarking, RemarkingRow
from quiz.models.contests import ContestState
from quiz.models.judging import RemarkingState
from quiz.queries import remarking as find
from quiz.queries.attempts import question_rulings
from quiz.queries.contests import contest_for_change
from quiz.queries.remarking import Looked
from quiz.queries.rulings import last_about_questions, versions_ruled_about
from quiz.services import attempts, audit, standings
from quiz.services.remarking_ladder import ladder_moves

AT_ONCE = 500
OUT_OF_DATE = "预览之后又作了新的裁定。没有改动任何成绩，请重新预览。"
MARKED_SINCE = "预览之后有 {count} 份答卷又改过分。没有改动任何成绩，请重新预览。"

Told = Callable[[int, int], None]
"""Hears how many of how many are done, inside the transaction of each batch."""


# --- look ------------------------------------------------------------------------------------------------------------


def preview(
    contest_id: int, *, versions: Sequence[int] = (), actor_id: int | None, now: datetime, told: Told | None = None
) -> int:
    """预览: keep what marking anew would change as a look, in place of an earlier one; its id. No mark changes.

    ``versions``: only attempts that show one of these questions. Raises NotFound, Mistakes.
    """
    attempts.submit_expired(contest_id, now=now)
    job_id, asked = _begin_look(contest_id, versions, actor_id=actor_id, now=now)
    contest = db.session.get_one(Contest, contest_id)
    rulings, multiple = question_rulings(contest_id), contest.terms.multiple_choice
    looked_at, last, up, down = 0, 0, 0, 0
    while asked and (looked := find.look_at(contest_id, asked, rulings, multiple, after=last)):
        last, looked_at = looked[-1].attempt_id, looked_at + len(looked)
        changed = [each for each in looked if each.changes]
        up += sum(each.now.score > each.score for each in changed)
        down += sum(each.now.score < each.score for each in changed)
        _keep(job_id, changed)
        if told:
            told(looked_at, 0)
    _end_look(job_id, contest_id, {"looked_at": looked_at, "up": up, "down": down})
    return job_id


def _begin_look(
    contest_id: int, versions: Sequence[int], *, actor_id: int | None, now: datetime
) -> tuple[int, Sequence[int]]:
    with transaction() as session:
        contest = contest_for_change(contest_id)
        if contest is None or contest.state == ContestState.DRAFT:
            raise NotFound
        if find.job_under_way(contest_id):
            raise Mistakes(problems=["上一次重新阅卷还没有做完，请先把它做完。"])
        for old in find.unfinished_looks(contest_id):
            session.execute(delete(RemarkingRow).where(RemarkingRow.remarking_id == old.id))
            old.state = RemarkingState.DROPPED.value
        job = Remarking(
            contest_id=contest_id,
            state=RemarkingState.LOOKING.value,
            ruling_id=last_about_questions(contest_id),
            versions=sorted(versions),
            figures={},
            made_by=actor_id,
            made_at=now,
        )
        session.add(job)
        session.flush()
        ruled = versions_ruled_about(contest_id)
    return job.id, [version for version in ruled if not versions or version in versions]


def _keep(job_id: int, changed: Sequence[Looked]) -> None:
    with transaction() as session:
        job = find.job_for_change(job_id)
        if job is None or job.state != RemarkingState.LOOKING:
            raise Mistakes(problems=["另有人开始了一次新的预览，这一次停下了。"])
        if changed:
            session.execute(insert(RemarkingRow), [_row(job_id, each) for each in changed])


def _row(job_id: int, looked: Looked) -> dict[str, object]:
    return {
        "remarking_id": job_id,
        "attempt_id": looked.attempt_id,
        "marking_number": looked.number,
        "score_before": looked.score,
        "full_before": looked.full,
        "score": looked.now.score,
        "full": looked.now.full,
        "points": list(looked.now.points),
        "worth": list(looked.now.worth),
        "made_from": looked.now.made_from,
    }


def _end_look(job_id: int, contest_id: int, counts: dict[str, int]) -> None:
    moves = ladder_moves(job_id, db.session.get_one(Contest, contest_id))
    with transaction():
        job = find.job_for_change(job_id)
        if job is None or job.state != RemarkingState.LOOKING:
            raise Mistakes(problems=["另有人开始了一次新的预览，这一次停下了。"])
        job.figures = {**counts, "changed": find.count_rows(job_id), **moves}
        job.state = RemarkingState.PREVIEWED.value


# --- apply -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Progress:
    """How far a marking anew has come."""

    done: int
    total: int

    @property
    def is_done(self) -> bool:
        return self.done == self.total


def apply(
    remarking_id: int,
    contest_id: int,
    *,
    actor_id: int | None,
    now: datetime,
    at_once: int = AT_ONCE,
    most_batches: int | None = None,
    told: Told | None = None,
) -> Progress:
    """Change exactly what the look showed, so many attempts in a transaction, from wherever an earlier try stopped.

    Twice ends the same. Raises NotFound, Mistakes (a ruling or another marking came after the look: nothing changed).
    """
    total = _begin(remarking_id, contest_id, actor_id=actor_id, now=now)
    batches, is_more = 0, total > 0
    while is_more and (most_batches is None or batches < most_batches):
        is_more = _apply_batch(remarking_id, at_once, total, now=now, told=told)
        batches += 1
    progress = Progress(find.count_rows(remarking_id, applied=True), total)
    if progress.is_done:
        _finish(remarking_id, progress, now=now)
    return progress


def _begin(remarking_id: int, contest_id: int, *, actor_id: int | None, now: datetime) -> int:
    """Hold the look against what stands, once; how many rows it has."""
    with transaction():
        contest_for_change(contest_id)  # no ruling comes between
        job = find.job_for_change(remarking_id)
        if job is None or job.contest_id != contest_id or job.state in (RemarkingState.LOOKING, RemarkingState.DROPPED):
            raise NotFound
        total = find.count_rows(remarking_id)
        if job.state != RemarkingState.PREVIEWED:
            return total
        if job.ruling_id != last_about_questions(contest_id):
            raise Mistakes(problems=[OUT_OF_DATE])
        if count := find.count_marked_since(remarking_id):
            raise Mistakes(problems=[MARKED_SINCE.format(count=count)])
        job.state = RemarkingState.APPLYING.value
        job.began_by, job.began_at = actor_id, now
        audit.record(
            "results.remarking_begun",
            f"contest:{contest_id}",
            actor_id=actor_id,
            now=now,
            contest_id=contest_id,
            remarking=remarking_id,
            ruling=job.ruling_id,
            attempts=total,
        )
    return total


def _apply_batch(remarking_id: int, most: int, total: int, *, now: datetime, told: Told | None) -> bool:
    """The next rows in one transaction; whether there may be more."""
    with transaction() as session:
        wait_for_turn(session, f"remarking {remarking_id}")
        rows = find.rows_to_do(remarking_id, most)
        if rows:
            _change(session, rows, now=now)
        if told:
            told(find.count_rows(remarking_id, applied=True), total)
    return len(rows) == most


def _change(session: Session, rows: Sequence[RemarkingRow], *, now: datetime) -> None:
    """Append the markings, copy the scores, and let the standings follow."""
    ids = [row.attempt_id for row in rows]
    held, numbers = find.attempts_held(ids), find.last_numbers(ids)
    terms = session.get_one(Contest, held[ids[0]].contest_id).terms
    for row in rows:
        # While this goes on no ruling is taken and ended attempts are marked by nothing else.
        assert numbers[row.attempt_id] == row.marking_number
        session.add(_marking(row, now))
        attempt = held[row.attempt_id]
        attempt.score, attempt.full = row.score, row.full
        row.applied_at = now
    session.flush()
    for entry_id in sorted({attempt.entry_id for attempt in held.values()}):
        standings.keep_up(session, entry_id, terms)
    session.flush()


def _marking(row: RemarkingRow, now: datetime) -> Marking:
    return Marking(
        attempt_id=row.attempt_id,
        number=row.marking_number + 1,
        points=row.points,
        worth=row.worth,
        score=row.score,
        full=row.full,
        made_from=row.made_from,
        made_at=now,
    )


def _finish(remarking_id: int, progress: Progress, *, now: datetime) -> None:
    with transaction():
        job = find.job_for_change(remarking_id)
        assert job
        if job.state == RemarkingState.DONE:
            return
        job.state, job.done_at = RemarkingState.DONE.value, now
        audit.record(
            "results.remarked",
            f"contest:{job.contest_id}",
            actor_id=job.began_by,
            now=now,
            contest_id=job.contest_id,
            remarking=job.id,
            attempts=progress.total,
        )
