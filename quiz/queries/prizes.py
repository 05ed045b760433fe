"""Prize draws, the lists they were fixed on, and their winners."""

from collections.abc import Iterator, Sequence

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import joinedload

from question_bank.database import by_bytes, db
from quiz.models import DrawEntry, DrawWinner, Entry, Person, PrizeDraw, Standing
from quiz.models.prizes import WinnerState
from quiz.rules.contest import Ties
from quiz.rules.prizes import Listed

ROWS_AT_ONCE = 1000


def draws_of(contest_id: int, *, is_public: bool = False) -> list[PrizeDraw]:
    """The draws of a contest, the newest first; the public sees those whose list is fixed."""
    query = select(PrizeDraw).where(PrizeDraw.contest_id == contest_id).order_by(PrizeDraw.number.desc())
    if is_public:
        query = query.where(PrizeDraw.list_sha256.is_not(None))
    return list(db.session.execute(query).scalars())


def draw_numbered(contest_id: int, number: int) -> PrizeDraw | None:
    query = select(PrizeDraw).where(PrizeDraw.contest_id == contest_id, PrizeDraw.number == number)
    return db.session.execute(query).scalar()


def draw_for_change(draw_id: int, contest_id: int) -> PrizeDraw | None:
    """The draw as it stands now, kept from every other step until the transaction ends."""
    query = select(PrizeDraw).where(PrizeDraw.id == draw_id, PrizeDraw.contest_id == contest_id)
    return db.session.execute(query.with_for_update().execution_options(populate_existing=True)).scalar()


def list_is_fixed(contest_id: int) -> bool:
    """Whether a draw that was not abandoned has its list."""
    fixed = select(PrizeDraw.id).where(
        PrizeDraw.contest_id == contest_id, PrizeDraw.list_sha256.is_not(None), PrizeDraw.abandoned_at.is_(None)
    )
    return db.session.execute(fixed.limit(1)).first() is not None


def last_number(contest_id: int) -> int:
    query = select(func.max(PrizeDraw.number)).where(PrizeDraw.contest_id == contest_id)
    return db.session.execute(query).scalar() or 0


# --- the list --------------------------------------------------------------------------------------------------------


def everybody_ranked(draw_id: int, contest_id: int, ties: Ties) -> Select[tuple[int, str, int, int, int]]:
    """Every entry that takes part, with its rank at this moment, as rows of the list."""
    order = [Standing.minus_score, Standing.pace, Standing.finished_at]
    if ties is Ties.NONE:
        order.append(Standing.entry_code)
    rank = func.rank().over(order_by=order)
    number = select(PrizeDraw.id).where(PrizeDraw.id == draw_id).scalar_subquery()
    columns = (number, Standing.entry_code, rank, Standing.score_sum, Standing.counted)
    return select(*columns).where(Standing.contest_id == contest_id)


def lies_in(mark: int, below: int | None) -> ColumnElement[bool]:
    reached = DrawEntry.score_sum >= mark * DrawEntry.counted
    return reached if below is None else reached & (DrawEntry.score_sum < below * DrawEntry.counted)


def count_in(draw_id: int, mark: int, below: int | None) -> int:
    query = select(func.count()).select_from(DrawEntry).where(DrawEntry.draw_id == draw_id, lies_in(mark, below))
    return db.session.execute(query).scalar_one()


def codes_in(draw_id: int, mark: int, below: int | None) -> Iterator[str]:
    query = select(DrawEntry.entry_code).where(DrawEntry.draw_id == draw_id, lies_in(mark, below))
    yield from db.session.execute(query.execution_options(yield_per=ROWS_AT_ONCE)).scalars()


def the_list(draw_id: int) -> Iterator[Listed]:
    """The list in order of rank, then code by its bytes, read part by part."""
    query = select(DrawEntry.entry_code, DrawEntry.rank, DrawEntry.score_sum, DrawEntry.counted)
    query = query.where(DrawEntry.draw_id == draw_id).order_by(DrawEntry.rank, by_bytes(DrawEntry.entry_code))
    for row in db.session.execute(query.execution_options(yield_per=ROWS_AT_ONCE)):
        yield Listed(*row)


# --- winners ---------------------------------------------------------------------------------------------------------


def winners_of(draw_id: int) -> list[DrawWinner]:
    """Winners, substitutes and those who left, tier by tier in order of place."""
    query = _winners().where(DrawWinner.draw_id == draw_id).order_by(DrawWinner.tier, DrawWinner.place)
    return list(db.session.execute(query).scalars())


def winner_for_change(winner_id: int, draw_id: int) -> DrawWinner | None:
    query = _winners().where(DrawWinner.id == winner_id, DrawWinner.draw_id == draw_id)
    locked = query.with_for_update(of=DrawWinner).execution_options(populate_existing=True)
    return db.session.execute(locked).scalar()


def winner_of_code(check_code: str, *, lock: bool = False) -> DrawWinner | None:
    """Whoever holds this check code and still is a winner."""
    query = _winners().where(DrawWinner.check_code == check_code, DrawWinner.state == WinnerState.WINNER)
    if lock:
        query = query.with_for_update(of=DrawWinner).execution_options(populate_existing=True)
    return db.session.execute(query).scalar()


def prizes_of_entry(entry_id: int) -> list[DrawWinner]:
    """What the entry has won and still holds."""
    query = _winners().where(DrawWinner.entry_id == entry_id, DrawWinner.state == WinnerState.WINNER)
    return list(db.session.execute(query.order_by(DrawWinner.id)).scalars())


def names_of_entries(entry_ids: Sequence[int]) -> dict[int, tuple[str, str]]:
    """Name and phone in full, for the judge, by entry; nobody whose data was deleted."""
    query = select(Entry.id, Person.name, Person.phone).join(Person, Person.id == Entry.person_id)
    rows = db.session.execute(query.where(Entry.id.in_(entry_ids)))
    return {row.id: (row.name, row.phone or "") for row in rows}


def entry_ids_of(codes: Sequence[str]) -> dict[str, int]:
    """Entry ids by code."""
    found: dict[str, int] = {}
    for start in range(0, len(codes), ROWS_AT_ONCE):
        part = codes[start : start + ROWS_AT_ONCE]
        query = select(Entry.entry_code, Entry.id).where(Entry.entry_code.in_(part))
        found.update((row.entry_code, row.id) for row in db.session.execute(query))
    return found


def contests_with_draws() -> dict[int, int]:
    """How many draws there are, by contest."""
    query = select(PrizeDraw.contest_id, func.count()).group_by(PrizeDraw.contest_id)
    return {row[0]: row[1] for row in db.session.execute(query)}


def _winners() -> Select[DrawWinner]:
    return select(DrawWinner).options(
        joinedload(DrawWinner.entry, innerjoin=True), joinedload(DrawWinner.draw, innerjoin=True)
    )


def outside(tiers: Sequence[tuple[int, int | None]], most_rank: int | None) -> ColumnElement[bool]:
    """The condition that a listed entry qualifies for none of the tiers (mark and end of each)."""
    qualifies = or_(*(lies_in(mark, below) for mark, below in tiers))
    return ~qualifies if most_rank is None else ~qualifies | (DrawEntry.rank > most_rank)


def in_list(draw_id: int, entry_code: str) -> bool:
    query = select(DrawEntry.rank).where(DrawEntry.draw_id == draw_id, DrawEntry.entry_code == entry_code)
    return db.session.execute(query).first() is not None
