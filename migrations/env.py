"""How migrations reach the database and the tables."""

from typing import Any

from alembic import context
from flask import current_app

from question_bank.database import Base, UtcDateTime, db

engine = db.engine
config = context.config


def plain_type(type_: str, item: Any, autogen: Any) -> str | bool:
    """A migration names plain types, so that it still runs when our own have moved."""
    if type_ == "type" and isinstance(item, UtcDateTime):
        autogen.imports.add("from sqlalchemy.dialects import postgresql")
        return "sa.String(24).with_variant(postgresql.TIMESTAMP(timezone=True, precision=3), 'postgresql')"
    return False


def run() -> None:
    with engine.connect() as connection:
        # A table that is made anew (SQLite's way to alter) must not drop what points at it.
        is_sqlite = connection.dialect.name == "sqlite"
        if is_sqlite:
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
            connection.commit()
        connection.execution_options(immediate=True)
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_item=plain_type,
            render_as_batch=is_sqlite,
            compare_type=True,
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()
        if is_sqlite:
            connection.exec_driver_sql("PRAGMA foreign_keys=ON")


if context.is_offline_mode():
    raise SystemExit("Migrations need the database; set DATABASE_URL or INSTANCE_PATH.")
assert current_app
run()
