"""Units and streets that a contest does not know yet join it with their first entry (CONTRACT §5)."""

from sqlalchemy.orm import Session

from question_bank.database import upsert
from quiz.models import Area, ContestArea, ContestUnit, Unit


def ensure_contest_unit(session: Session, contest_id: int, unit_id: int) -> None:
    """Count the unit in this contest, with the headcount and class it has now; one that is there stays as it is."""
    unit = session.get_one(Unit, unit_id)
    insert = upsert(session, ContestUnit).values(
        contest_id=contest_id,
        unit_id=unit.id,
        code=unit.code,
        name=unit.name,
        unit_class=unit.unit_class,
        street_code=unit.street.code if unit.street else None,
        headcount=unit.headcount,
    )
    session.execute(insert.on_conflict_do_nothing())


def ensure_contest_area(session: Session, contest_id: int, area_id: int) -> None:
    """The same for a street or a community."""
    area = session.get_one(Area, area_id)
    insert = upsert(session, ContestArea).values(
        contest_id=contest_id,
        area_id=area.id,
        code=area.code,
        name=area.name,
        kind=area.kind,
        parent_code=area.parent.code if area.parent else None,
        headcount=area.headcount,
    )
    session.execute(insert.on_conflict_do_nothing())
