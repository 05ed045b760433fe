"""封存: freeze the result of a contest that is over as a public bundle, and again after a later change."""

import re
import tempfile
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import insert

from question_bank.database import let_go, snapshot, transaction
from quiz.errors import ChangedMeanwhile, Mistakes, NotFound, StandingsDiffer, StillAnswering, WrongState
from quiz.models import Contest, Seal, SealPart
from quiz.models.contests import ContestState
from quiz.queries import seals as find
from quiz.queries.contests import contest_by_id, contest_for_change
from quiz.rules.bundle_check import Misfit
from quiz.rules.bundle_difference import difference
from quiz.rules.bundle_file import Verifying
from quiz.services import attempts, audit
from quiz.services.bundles import Pieces, Progress, Sealing, bundle_of, json_of, lines_in

TRIES = 3
_PHONE = re.compile(r"1[3-9]\d{9}")
LONGEST_REASON = 200


def seal(
    contest_id: int,
    *,
    actor_id: int | None,
    now: datetime,
    reason: str = "",
    seen: int | None = None,
    progress: Progress | None = None,
) -> Seal:
    """封存 as of one moment; where nothing has changed since the last seal, that one.

    What is overdue is handed in first. The bundle is made and verified before anything is kept, and made anew where
    somebody changed something meanwhile. Sealing again needs a reason, which is published with what is different.
    ``seen`` is the number of the last seal on the page, 0 without one.
    Raises NotFound, WrongState, StillAnswering, StandingsDiffer, ChangedMeanwhile, Mistakes.
    """
    attempts.submit_expired(contest_id, now=now)
    for _again in range(TRIES):
        with tempfile.TemporaryFile(prefix="quiz-bundle-") as file:
            with snapshot():
                contest = _sealable(contest_by_id(contest_id), now)
                last = find.last_seal(contest_id)
                asof = (find.state_of(contest_id), find.last_act(contest_id))
                if last and last.state == asof[0]:
                    return last
                if seen is not None and seen != (last.number if last else 0):
                    raise ChangedMeanwhile
                sealing = _sealing(last, reason, now)
                pieces = bundle_of(contest, sealing, file, progress)
                row = Seal(
                    contest_id=contest_id, number=sealing.number, digest=pieces.digest, previous=sealing.previous,
                    reason=sealing.reason, sealed_at=now, sealed_by=actor_id, counts=_verified(pieces),
                    size=pieces.size, state=asof[0], difference=_difference(last, pieces),
                )  # fmt: skip
            if _keep(row, asof, pieces, now):
                return row
    raise ChangedMeanwhile


def _sealable(contest: Contest | None, now: datetime) -> Contest:
    """The contest, if it is over and nobody is answering any more."""
    if contest is None or contest.state == ContestState.DRAFT:
        raise NotFound
    state = contest.state_at(now)
    if state not in (ContestState.CLOSED, ContestState.SEALED):
        raise WrongState(state=state.label, wanted=ContestState.CLOSED.label)
    if find.answering(contest.id):
        raise StillAnswering
    return contest


def _sealing(last: Seal | None, reason: str, now: datetime) -> Sealing:
    reason = " ".join(reason.split())
    if last and not reason:
        raise Mistakes(problems=["请写明为什么再次封存，它会和新的校验码一起公布。"])
    if len(reason) > LONGEST_REASON:
        raise Mistakes(problems=[f"原因请写在 {LONGEST_REASON} 字以内。"])
    if _PHONE.search(reason):
        raise Mistakes(problems=["原因会公布，请不要写手机号。"])
    return Sealing(last.number + 1 if last else 1, now, last.digest if last else None, reason if last else "")


def _verified(pieces: Pieces) -> dict[str, Any]:
    """How many records of each kind there are, once everything was worked out again from the lines alone."""
    verifying = Verifying()
    try:
        for line in lines_in(pieces):
            verifying.take(line)
        return verifying.end(pieces.digest, None).counts
    except Misfit as misfit:
        raise StandingsDiffer(what=f"{misfit.where}：{misfit.why}") from misfit


def _difference(last: Seal | None, pieces: Pieces) -> dict[str, Any]:
    if last is None:
        return {}
    entries = max(last.counts["entry"], find.amounts_of(last.contest_id).entries)
    return difference(lambda: lines_in(find.parts_of(last.id)), lambda: lines_in(pieces), entries)


def _keep(row: Seal, asof: tuple[str, int], pieces: Pieces, now: datetime) -> bool:
    """Keep the seal for good, unless something was changed since the moment it was made from."""
    with transaction() as session:
        contest = _sealable(contest_for_change(row.contest_id), now)
        if (find.state_of(contest.id), find.last_act(contest.id)) != asof:
            return False  # somebody else's seal, too, is an act on record
        session.add(row)
        session.flush()
        for number, content in enumerate(pieces, 1):
            session.execute(insert(SealPart).values(seal_id=row.id, number=number, content=content))
        contest.state = ContestState.SEALED.value
        audit.record(
            "results.sealed", f"contest:{contest.id}", actor_id=row.sealed_by, now=now, contest_id=contest.id,
            seal=row.number, digest=row.digest, reason=row.reason,
        )  # fmt: skip
    return True


# --- reading it ------------------------------------------------------------------------------------------------------


def bundle_as_json(sealed: Seal) -> Iterator[bytes]:
    """result.json as it was sealed, piece by piece; nobody's connection is kept while a slow phone takes a piece."""
    for piece in json_of(sealed.digest, find.parts_of(sealed.id)):
        let_go()
        yield piece


def bundle_lines(sealed: Seal) -> Iterator[str]:
    """The same as lines, one for each record."""
    return lines_in(find.parts_of(sealed.id))


def is_changed_since(sealed: Seal) -> bool:
    """Whether something that a bundle holds was changed after the seal."""
    return find.state_of(sealed.contest_id) != sealed.state
