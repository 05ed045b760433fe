"""A board may stand still for the last hours: the ladders as they were at that moment are kept."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = 'freezing_boards'
down_revision = 'counting_standings'
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.INTEGER(), 'sqlite')
MOMENT = sa.String(24).with_variant(postgresql.TIMESTAMP(timezone=True, precision=3), 'postgresql')
PLACES = ('place', 'place_in_street', 'place_in_unit', 'rank', 'rank_in_street', 'rank_in_unit', 'equals',
          'equals_in_street', 'equals_in_unit')


def upgrade() -> None:
    op.create_table('frozen_boards',
    sa.Column('contest_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('as_of', MOMENT, nullable=False),
    sa.Column('units', sa.JSON(), nullable=False),
    sa.Column('streets', sa.JSON(), nullable=False),
    sa.Column('made_at', MOMENT, nullable=False),
    sa.Column('thawed_at', MOMENT, nullable=True),
    sa.ForeignKeyConstraint(['contest_id'], ['contests.id'], name=op.f('fk_frozen_boards_contest_id_contests')),
    sa.PrimaryKeyConstraint('contest_id', name=op.f('pk_frozen_boards'))
    )
    op.create_table('frozen_rows',
    sa.Column('contest_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('entry_id', BIG, autoincrement=False, nullable=False),
    sa.Column('entry_code', sa.Text(), nullable=False),
    sa.Column('street_id', sa.Integer(), nullable=True),
    sa.Column('unit_id', sa.Integer(), nullable=True),
    sa.Column('score_sum', sa.BigInteger(), nullable=False),
    sa.Column('elapsed_sum', sa.BigInteger(), nullable=False),
    sa.Column('counted', sa.Integer(), nullable=False),
    sa.Column('minus_score', sa.Double(), nullable=False),
    sa.Column('pace', sa.Double(), nullable=False),
    sa.Column('finished_at', MOMENT, nullable=False),
    *(sa.Column(name, sa.Integer(), nullable=False) for name in PLACES),
    sa.ForeignKeyConstraint(['contest_id'], ['contests.id'], name=op.f('fk_frozen_rows_contest_id_contests')),
    sa.ForeignKeyConstraint(['entry_id'], ['entries.id'], name=op.f('fk_frozen_rows_entry_id_entries')),
    sa.PrimaryKeyConstraint('contest_id', 'entry_id', name=op.f('pk_frozen_rows'))
    )
    op.create_index('frozen_ladder', 'frozen_rows', ['contest_id', 'place'], unique=False)
    op.create_index('frozen_ladder_in_street', 'frozen_rows', ['contest_id', 'street_id', 'place_in_street'], unique=False)
    op.create_index('frozen_ladder_in_unit', 'frozen_rows', ['contest_id', 'unit_id', 'place_in_unit'], unique=False)


def downgrade() -> None:
    op.drop_table('frozen_rows')
    op.drop_table('frozen_boards')
