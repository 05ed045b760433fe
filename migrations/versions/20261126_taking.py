"""Receipts, stalls, turns of questions, practice, certificates, signals of an attempt."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = 'taking'
down_revision = 'living_with_a_bank'
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.INTEGER(), 'sqlite')
MOMENT = sa.String(24).with_variant(postgresql.TIMESTAMP(timezone=True, precision=3), 'postgresql')


def upgrade() -> None:
    op.create_table('stalls',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('contest_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('token_sha256', sa.Text(), nullable=False),
    sa.Column('opened_by', BIG, nullable=False),
    sa.Column('opened_at', MOMENT, nullable=False),
    sa.Column('closed_at', MOMENT, nullable=True),
    sa.ForeignKeyConstraint(['contest_id'], ['contests.id'], name=op.f('fk_stalls_contest_id_contests')),
    sa.ForeignKeyConstraint(['opened_by'], ['persons.id'], name=op.f('fk_stalls_opened_by_persons')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_stalls')),
    sa.UniqueConstraint('token_sha256', name=op.f('uq_stalls_token_sha256'))
    )
    op.create_index(op.f('ix_stalls_contest_id'), 'stalls', ['contest_id'], unique=False)

    # Both databases add a nullable column in place: no table is made anew, so no index can be lost.
    op.add_column('attempts', sa.Column('receipt', sa.Text(), nullable=True))
    # SQLite takes a column that refers to another table only with NULL as its default, as here.
    op.execute(sa.text('ALTER TABLE attempts ADD COLUMN stall_id INTEGER '
                       'CONSTRAINT fk_attempts_stall_id_stalls REFERENCES stalls (id)'))
    op.add_column('answers', sa.Column('away_ms', sa.Integer(), nullable=True))
    op.add_column('banks', sa.Column('opened_for_practice_at', MOMENT, nullable=True))

    op.create_table('question_turns',
    sa.Column('attempt_id', BIG, autoincrement=False, nullable=False),
    sa.Column('position', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('opened_at', MOMENT, nullable=False),
    sa.Column('closes_at', MOMENT, nullable=False),
    sa.ForeignKeyConstraint(['attempt_id'], ['attempts.id'], name=op.f('fk_question_turns_attempt_id_attempts')),
    sa.PrimaryKeyConstraint('attempt_id', 'position', name=op.f('pk_question_turns'))
    )
    op.create_table('practice_records',
    sa.Column('person_id', BIG, autoincrement=False, nullable=False),
    sa.Column('question_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('tried', sa.Integer(), nullable=False),
    sa.Column('right', sa.Integer(), nullable=False),
    sa.Column('last_was_right', sa.Boolean(), nullable=False),
    sa.Column('is_in_book', sa.Boolean(), nullable=False),
    sa.Column('last_at', MOMENT, nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['persons.id'], name=op.f('fk_practice_records_person_id_persons')),
    sa.ForeignKeyConstraint(['question_id'], ['questions.id'], name=op.f('fk_practice_records_question_id_questions')),
    sa.ForeignKeyConstraint(['version_id'], ['question_versions.id'], name=op.f('fk_practice_records_version_id_question_versions')),
    sa.PrimaryKeyConstraint('person_id', 'question_id', name=op.f('pk_practice_records'))
    )
    op.create_index(op.f('ix_practice_records_question_id'), 'practice_records', ['question_id'], unique=False)
    op.create_index('wrong_answer_book', 'practice_records', ['person_id', 'last_at'], unique=False,
                    sqlite_where=sa.text('is_in_book'), postgresql_where=sa.text('is_in_book'))

    op.create_table('certificates',
    sa.Column('id', BIG, nullable=False),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('contest_id', sa.Integer(), nullable=False),
    sa.Column('entry_id', BIG, nullable=True),
    sa.Column('attempt_id', BIG, nullable=True),
    sa.Column('contest_title', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=True),
    sa.Column('masked_name', sa.Text(), nullable=False),
    sa.Column('score', sa.Integer(), nullable=False),
    sa.Column('full', sa.Integer(), nullable=False),
    sa.Column('issued_at', MOMENT, nullable=False),
    sa.Column('revoked_at', MOMENT, nullable=True),
    sa.Column('revoked_reason', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['attempt_id'], ['attempts.id'], name=op.f('fk_certificates_attempt_id_attempts')),
    sa.ForeignKeyConstraint(['contest_id'], ['contests.id'], name=op.f('fk_certificates_contest_id_contests')),
    sa.ForeignKeyConstraint(['entry_id'], ['entries.id'], name=op.f('fk_certificates_entry_id_entries')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_certificates')),
    sa.UniqueConstraint('code', name=op.f('uq_certificates_code')),
    sa.UniqueConstraint('entry_id', name=op.f('uq_certificates_entry_id'))
    )
    op.create_index(op.f('ix_certificates_contest_id'), 'certificates', ['contest_id'], unique=False)

    op.create_table('attempt_traces',
    sa.Column('attempt_id', BIG, autoincrement=False, nullable=False),
    sa.Column('contest_id', sa.Integer(), nullable=False),
    sa.Column('device', sa.Text(), nullable=True),
    sa.Column('address', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['attempt_id'], ['attempts.id'], name=op.f('fk_attempt_traces_attempt_id_attempts')),
    sa.ForeignKeyConstraint(['contest_id'], ['contests.id'], name=op.f('fk_attempt_traces_contest_id_contests')),
    sa.PrimaryKeyConstraint('attempt_id', name=op.f('pk_attempt_traces'))
    )
    op.create_index('traces_by_address', 'attempt_traces', ['contest_id', 'address'], unique=False)
    op.create_index('traces_by_device', 'attempt_traces', ['contest_id', 'device'], unique=False)

    op.create_table('signals',
    sa.Column('id', BIG, nullable=False),
    sa.Column('contest_id', sa.Integer(), nullable=False),
    sa.Column('attempt_id', BIG, nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('evidence', sa.JSON(), nullable=False),
    sa.Column('found_at', MOMENT, nullable=False),
    sa.ForeignKeyConstraint(['attempt_id'], ['attempts.id'], name=op.f('fk_signals_attempt_id_attempts')),
    sa.ForeignKeyConstraint(['contest_id'], ['contests.id'], name=op.f('fk_signals_contest_id_contests')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_signals')),
    sa.UniqueConstraint('attempt_id', 'kind', name=op.f('uq_signals_attempt_id_kind'))
    )
    op.create_index(op.f('ix_signals_contest_id'), 'signals', ['contest_id'], unique=False)


def downgrade() -> None:
    for table in ('signals', 'attempt_traces', 'certificates', 'practice_records', 'question_turns'):
        op.drop_table(table)
    op.drop_column('banks', 'opened_for_practice_at')
    op.drop_column('answers', 'away_ms')
    op.drop_column('attempts', 'stall_id')
    op.drop_column('attempts', 'receipt')
    op.drop_table('stalls')
