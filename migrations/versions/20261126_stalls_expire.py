"""A stall is open until a moment that was said when it was opened; its attempts are counted by an index."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = 'stalls_expire'
down_revision = 'weighing_signals'
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.INTEGER(), 'sqlite')
MOMENT = sa.String(24).with_variant(postgresql.TIMESTAMP(timezone=True, precision=3), 'postgresql')
AT_STALLS = sa.text('stall_id IS NOT NULL')


def as_it_stands() -> sa.Table:
    """The table whole, for SQLite, which makes it anew: what it would find by itself lacks parts."""
    return sa.Table(
        'stalls', sa.MetaData(),
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('contest_id', sa.Integer(), nullable=False),
        sa.Column('name', sa.Text(), nullable=False),
        sa.Column('token_sha256', sa.Text(), nullable=False),
        sa.Column('opened_by', BIG, nullable=False),
        sa.Column('opened_at', MOMENT, nullable=False),
        sa.Column('closed_at', MOMENT, nullable=True),
        sa.Column('expires_at', MOMENT, nullable=True),
        sa.ForeignKeyConstraint(['contest_id'], ['contests.id'], name='fk_stalls_contest_id_contests'),
        sa.ForeignKeyConstraint(['opened_by'], ['persons.id'], name='fk_stalls_opened_by_persons'),
        sa.PrimaryKeyConstraint('id', name='pk_stalls'),
        sa.UniqueConstraint('token_sha256', name='uq_stalls_token_sha256'),
        sa.Index('ix_stalls_contest_id', 'contest_id'),
    )


def upgrade() -> None:
    op.add_column('stalls', sa.Column('expires_at', MOMENT, nullable=True))
    # Those of before had no end of their own: the contest's.
    op.execute(sa.text('UPDATE stalls SET expires_at = '
                       '(SELECT closes_at FROM contests WHERE contests.id = stalls.contest_id)'))
    with op.batch_alter_table('stalls', copy_from=as_it_stands()) as batch:
        batch.alter_column('expires_at', existing_type=MOMENT, nullable=False)
    op.create_index('attempts_at_stalls', 'attempts', ['stall_id'], unique=False,
                    sqlite_where=AT_STALLS, postgresql_where=AT_STALLS)


def downgrade() -> None:
    op.drop_index('attempts_at_stalls', table_name='attempts', sqlite_where=AT_STALLS, postgresql_where=AT_STALLS)
    op.drop_column('stalls', 'expires_at')
