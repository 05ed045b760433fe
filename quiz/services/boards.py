"""The ladders that people see: as they stand now, or, while they are frozen, as they stood at one moment."""

from datetime import datetime
from fractions import Fraction
from typing import Any, Protocol

from sqlalchemy import delete, insert, literal, select, update
from sqlalchemy.orm import Session

from question_bank.database import transaction, upsert, wait_for_turn
from quiz.errors import BoardFrozen, NotFound
from quiz.models import Contest, FrozenBoard, FrozenRow, Standing
from quiz.models.contests import ContestState
from quiz.queries import frozen as find
from quiz.queries import standings as live
from quiz.queries.ladder_counts import Within
from quiz.queries.standings import PersonRow
from quiz.rules.contest import ContestTerms
from quiz.rules.participation import LadderRow, Tally, ladder
from quiz.rules.ranking import counted
from quiz.services import attempts, audit, ladders
from quiz.services.standing_rows import values_of


class Board(Protocol):
    """What a page of the ladders asks for."""

    @property
    def as_of(self) -> datetime | None:
        """None where it is the present."""

    def total(self, within: Within) -> int: ...
    def persons(self, within: Within, first: int, most: int) -> list[PersonRow]: ...
    def person_of_entry(self, entry_id: int, within: Within) -> PersonRow | None: ...
    def around(self, row: PersonRow, each: int, within: Within) -> list[PersonRow]: ...
    def units(self, street: str | None) -> list[LadderRow]: ...
    def streets(self) -> list[LadderRow]: ...


class Live:
    """As they stand at this moment."""

    as_of: datetime | None = None

    def __init__(self, contest: Contest, terms: ContestTerms) -> None:
        self._contest, self._terms = contest, terms

    def total(self, within: Within) -> int:
        return live.persons_total(self._contest.id, within)

    def persons(self, within: Within, first: int, most: int) -> list[PersonRow]:
        return live.persons(self._contest.id, self._terms.ties, within=within, first=first, most=most)

    def person_of_entry(self, entry_id: int, within: Within) -> PersonRow | None:
        return live.person_of_entry(self._contest.id, self._terms.ties, entry_id, within)

    def around(self, row: PersonRow, each: int, within: Within) -> list[PersonRow]:
        return live.around(self._contest.id, self._terms.ties, row, each, within)

    def units(self, street: str | None) -> list[LadderRow]:
        return ladders.units(self._contest, self._terms, street)

    def streets(self) -> list[LadderRow]:
        return ladders.streets(self._contest, self._terms)


class Frozen:
    """As they stood when they froze; nothing that happens since is in it."""

    def __init__(self, contest: Contest, terms: ContestTerms, board: FrozenBoard) -> None:
        self._contest_id, self._terms, self._board = contest.id, terms, board
        self.as_of: datetime | None = board.as_of

    def total(self, within: Within) -> int:
        return find.total(self._contest_id, within)

    def persons(self, within: Within, first: int, most: int) -> list[PersonRow]:
        return find.persons(self._contest_id, within, first, most)

    def person_of_entry(self, entry_id: int, within: Within) -> PersonRow | None:
        return find.person_of_entry(self._contest_id, entry_id, within)

    def around(self, row: PersonRow, each: int, within: Within) -> list[PersonRow]:
        place = find.place_of(self._contest_id, row.standing.entry_id, within)
        first = max(0, place - 1 - each)
        return find.persons(self._contest_id, within, first, place - first + each)

    def units(self, street: str | None) -> list[LadderRow]:
        codes = None if street is None else find.units_of_street(self._contest_id, street)
        tallies = [tally for tally in map(_tally, self._board.units) if codes is None or tally.code in codes]
        return ladder(tallies, self._terms.unit_ladder, full=self._terms.full)

    def streets(self) -> list[LadderRow]:
        return ladder([_tally(each) for each in self._board.streets], self._terms.street_ladder, full=self._terms.full)


def board_of(contest: Contest, terms: ContestTerms, *, now: datetime) -> Board:
    """What everybody sees at this moment. Whoever looks first after the ladders froze keeps them as they stood then."""
    if not is_frozen(contest, terms, now):
        return Live(contest, terms)
    board = find.board(contest.id)
    if board is None or board.as_of != terms.freezes_at:  # a closing time that moved later thaws, and freezes anew
        board = freeze(contest.id, now=now)
    return Live(contest, terms) if board is None or board.thawed_at is not None else Frozen(contest, terms, board)


def is_frozen(contest: Contest, terms: ContestTerms, now: datetime) -> bool:
    """Whether the terms have them frozen, thawed or not; a sealed result is seen by everybody."""
    freezes_at = terms.freezes_at
    return freezes_at is not None and now >= freezes_at and contest.state != ContestState.SEALED


def require_shown(contest: Contest, *, now: datetime) -> None:
    """For what makes ranks public. Raises BoardFrozen while the ladders are frozen and nobody has 揭榜."""
    board = find.board(contest.id)
    if is_frozen(contest, contest.terms, now) and (board is None or board.thawed_at is None):
        raise BoardFrozen


def freeze(contest_id: int, *, now: datetime) -> FrozenBoard | None:
    """封榜: keep the ladders as they stood at the moment the terms say; done once. None where nothing freezes."""
    attempts.submit_expired(contest_id, now=now)
    with transaction() as session:
        wait_for_turn(session, f"freeze {contest_id}")
        contest = session.get_one(Contest, contest_id, populate_existing=True)
        terms = contest.terms
        kept, moment = session.get(FrozenBoard, contest_id, populate_existing=True), terms.freezes_at
        if moment is None or not is_frozen(contest, terms, now) or (kept and kept.as_of == moment):
            return kept
        if kept:
            session.delete(kept)
            session.flush()
        _keep_rows(session, contest_id, terms, moment)
        board = FrozenBoard(
            contest_id=contest_id,
            as_of=moment,
            units=[_stored(t) for t in find.tallies(session, contest_id, terms.unit_ladder, "unit", moment)],
            streets=[_stored(t) for t in find.tallies(session, contest_id, terms.street_ladder, "street", moment)],
            made_at=now,
            thawed_at=None,
        )
        session.add(board)
        session.flush()
        return board


def thaw(contest_id: int, *, actor_id: int | None, now: datetime) -> None:
    """揭榜: from now on everybody sees the ladders as they are. Done twice it ends the same. Raises NotFound."""
    freeze(contest_id, now=now)
    with transaction() as session:
        board = session.get(FrozenBoard, contest_id, populate_existing=True, with_for_update=True)
        if board is None:
            raise NotFound
        if board.thawed_at is None:
            board.thawed_at = now
            audit.record("contest.thawed", f"contest:{contest_id}", actor_id=actor_id, now=now, contest_id=contest_id)


def _keep_rows(session: Session, contest_id: int, terms: ContestTerms, moment: datetime) -> None:
    """The standings as they are, but for entries that ended an attempt since: of these what they had by then.

    Who hands in between the two statements was kept by the first, which is right.
    """
    columns = [column.key for column in FrozenRow.__table__.c]
    session.execute(delete(FrozenRow).where(FrozenRow.contest_id == contest_id))
    standing = Standing.__table__.c
    same = select(*(standing[name] if name in standing else literal(0) for name in columns))
    same = same.where(
        standing.contest_id == contest_id, standing.entry_id.not_in(find.changed_since(contest_id, moment))
    )
    session.execute(insert(FrozenRow.__table__).from_select(columns, same))  # type: ignore[arg-type]  # a table, typed as FromClause
    before = [
        {"contest_id": contest_id, "entry_id": entry.id, **_NO_PLACE, **values_of(entry, found)}
        for entry, ended in find.ended_until(contest_id, moment)
        if (found := counted(ended, terms.counts, terms.zone))
    ]
    if before:
        session.execute(upsert(session, FrozenRow).on_conflict_do_nothing(), before)
    windows = find.windows(terms.ties)
    places = select(FrozenRow.entry_id, *(window.label(name) for name, window in windows.items()))
    table = places.where(FrozenRow.contest_id == contest_id).subquery()
    session.execute(
        update(FrozenRow)
        .where(FrozenRow.contest_id == contest_id, FrozenRow.entry_id == table.c.entry_id)
        .values({name: table.c[name] for name in windows})
        .execution_options(synchronize_session=False)
    )


_NO_PLACE = {f"{what}{where}": 0 for what in ("place", "rank", "equals") for where in ("", "_in_street", "_in_unit")}


def _stored(tally: Tally) -> dict[str, Any]:
    value = tally._asdict()
    value["total"] = str(tally.total)
    value["excellent"] = {str(mark): count for mark, count in tally.excellent.items()}
    value["best"] = {str(n): str(total) for n, total in tally.best.items()}
    return value


def _tally(value: dict[str, Any]) -> Tally:
    return Tally(
        **{
            **value,
            "total": Fraction(value["total"]),
            "excellent": {int(mark): count for mark, count in value["excellent"].items()},
            "best": {int(n): Fraction(total) for n, total in value["best"].items()},
        }
    )
