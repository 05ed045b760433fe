"""How strong a signal is, and what a judge noted about an attempt."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = 'weighing_signals'
down_revision = 'taking'
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.INTEGER(), 'sqlite')
MOMENT = sa.String(24).with_variant(postgresql.TIMESTAMP(timezone=True, precision=3), 'postgresql')


def upgrade() -> None:
    # Both databases add a column with a default in place: no table is made anew, so no index can be lost.
    op.add_column('signals', sa.Column('strength', sa.Text(), server_default=sa.text("'weak'"), nullable=False))
    op.create_table('signal_notes',
    sa.Column('attempt_id', BIG, autoincrement=False, nullable=False),
    sa.Column('contest_id', sa.Integer(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('noted_by', sa.Integer(), nullable=True),
    sa.Column('noted_at', MOMENT, nullable=False),
    sa.ForeignKeyConstraint(['attempt_id'], ['attempts.id'], name=op.f('fk_signal_notes_attempt_id_attempts')),
    sa.ForeignKeyConstraint(['contest_id'], ['contests.id'], name=op.f('fk_signal_notes_contest_id_contests')),
    sa.PrimaryKeyConstraint('attempt_id', name=op.f('pk_signal_notes'))
    )
    op.create_index(op.f('ix_signal_notes_contest_id'), 'signal_notes', ['contest_id'], unique=False)


def downgrade() -> None:
    op.drop_table('signal_notes')
    op.drop_column('signals', 'strength')
