"""The judges' desk: marking anew, appeals, usual times, and what came of looking at an attempt."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = 'judging'
down_revision = 'prepared_files'
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.INTEGER(), 'sqlite')
MOMENT = sa.String(24).with_variant(postgresql.TIMESTAMP(timezone=True, precision=3), 'postgresql')


def upgrade() -> None:
    # What was noted until now was seen, and nothing came of it. Both databases add such a column in place.
    op.add_column('signal_notes', sa.Column('outcome', sa.Text(), server_default=sa.text("'kept'"), nullable=False))
    op.create_table('remarkings',
    sa.Column('id', BIG, nullable=False),
    sa.Column('contest_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('ruling_id', sa.Integer(), nullable=False),
    sa.Column('versions', sa.JSON(), nullable=False),
    sa.Column('figures', sa.JSON(), nullable=False),
    sa.Column('made_by', sa.Integer(), nullable=True),
    sa.Column('made_at', MOMENT, nullable=False),
    sa.Column('began_by', sa.Integer(), nullable=True),
    sa.Column('began_at', MOMENT, nullable=True),
    sa.Column('done_at', MOMENT, nullable=True),
    sa.ForeignKeyConstraint(['contest_id'], ['contests.id'], name=op.f('fk_remarkings_contest_id_contests')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_remarkings'))
    )
    op.create_index(op.f('ix_remarkings_contest_id'), 'remarkings', ['contest_id'], unique=False)
    op.create_table('remarking_rows',
    sa.Column('remarking_id', BIG, autoincrement=False, nullable=False),
    sa.Column('attempt_id', BIG, autoincrement=False, nullable=False),
    sa.Column('marking_number', sa.Integer(), nullable=False),
    sa.Column('score_before', sa.Integer(), nullable=False),
    sa.Column('full_before', sa.Integer(), nullable=False),
    sa.Column('score', sa.Integer(), nullable=False),
    sa.Column('full', sa.Integer(), nullable=False),
    sa.Column('points', sa.JSON(), nullable=False),
    sa.Column('worth', sa.JSON(), nullable=False),
    sa.Column('made_from', sa.Text(), nullable=False),
    sa.Column('applied_at', MOMENT, nullable=True),
    sa.ForeignKeyConstraint(['attempt_id'], ['attempts.id'], name=op.f('fk_remarking_rows_attempt_id_attempts')),
    sa.ForeignKeyConstraint(['remarking_id'], ['remarkings.id'], name=op.f('fk_remarking_rows_remarking_id_remarkings')),
    sa.PrimaryKeyConstraint('remarking_id', 'attempt_id', name=op.f('pk_remarking_rows'))
    )
    op.create_index('remarking_rows_to_do', 'remarking_rows', ['remarking_id', 'attempt_id'], unique=False,
                    sqlite_where=sa.text('applied_at IS NULL'), postgresql_where=sa.text('applied_at IS NULL'))
    op.create_table('appeals',
    sa.Column('attempt_id', BIG, autoincrement=False, nullable=False),
    sa.Column('contest_id', sa.Integer(), nullable=False),
    sa.Column('entry_id', BIG, nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('created_at', MOMENT, nullable=False),
    sa.Column('outcome', sa.Text(), nullable=False),
    sa.Column('answer', sa.Text(), nullable=False),
    sa.Column('answered_by', sa.Integer(), nullable=True),
    sa.Column('answered_at', MOMENT, nullable=True),
    sa.ForeignKeyConstraint(['attempt_id'], ['attempts.id'], name=op.f('fk_appeals_attempt_id_attempts')),
    sa.ForeignKeyConstraint(['contest_id'], ['contests.id'], name=op.f('fk_appeals_contest_id_contests')),
    sa.ForeignKeyConstraint(['entry_id'], ['entries.id'], name=op.f('fk_appeals_entry_id_entries')),
    sa.PrimaryKeyConstraint('attempt_id', name=op.f('pk_appeals'))
    )
    op.create_index(op.f('ix_appeals_contest_id'), 'appeals', ['contest_id'], unique=False)
    op.create_index(op.f('ix_appeals_entry_id'), 'appeals', ['entry_id'], unique=False)
    op.create_index('open_appeals', 'appeals', ['created_at'], unique=False,
                    sqlite_where=sa.text('answered_at IS NULL'), postgresql_where=sa.text('answered_at IS NULL'))
    op.create_table('usual_times',
    sa.Column('contest_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('version_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('quick_ms', sa.Integer(), nullable=False),
    sa.Column('usual_ms', sa.Integer(), nullable=False),
    sa.Column('slow_ms', sa.Integer(), nullable=False),
    sa.Column('answers', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['contest_id'], ['contests.id'], name=op.f('fk_usual_times_contest_id_contests')),
    sa.ForeignKeyConstraint(['version_id'], ['question_versions.id'], name=op.f('fk_usual_times_version_id_question_versions')),
    sa.PrimaryKeyConstraint('contest_id', 'version_id', name=op.f('pk_usual_times'))
    )


def downgrade() -> None:
    op.drop_table('usual_times')
    op.drop_table('appeals')
    op.drop_table('remarking_rows')
    op.drop_table('remarkings')
    op.drop_column('signal_notes', 'outcome')
