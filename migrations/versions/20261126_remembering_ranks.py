"""People see how their rank went from day to day."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = 'remembering_ranks'
down_revision = 'freezing_boards'
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.INTEGER(), 'sqlite')
MOMENT = sa.String(24).with_variant(postgresql.TIMESTAMP(timezone=True, precision=3), 'postgresql')


def upgrade() -> None:
    op.create_table('ranks_seen',
    sa.Column('entry_id', BIG, autoincrement=False, nullable=False),
    sa.Column('day', sa.Date(), autoincrement=False, nullable=False),
    sa.Column('rank', sa.Integer(), nullable=False),
    sa.Column('total', sa.Integer(), nullable=False),
    sa.Column('seen_at', MOMENT, nullable=False),
    sa.ForeignKeyConstraint(['entry_id'], ['entries.id'], name=op.f('fk_ranks_seen_entry_id_entries')),
    sa.PrimaryKeyConstraint('entry_id', 'day', name=op.f('pk_ranks_seen'))
    )


def downgrade() -> None:
    op.drop_table('ranks_seen')
