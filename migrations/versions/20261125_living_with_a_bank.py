"""Choices of an import, pictures, tags, reviews of questions, reports about them, progress of long acts."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = 'living_with_a_bank'
down_revision = 'first_tables'
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.INTEGER(), 'sqlite')
MOMENT = sa.String(24).with_variant(postgresql.TIMESTAMP(timezone=True, precision=3), 'postgresql')


def upgrade() -> None:
    # Both databases add a column with a default in place: no table is made anew, so no index can be lost.
    op.add_column('import_batches', sa.Column('choices', sa.JSON(), server_default=sa.text("'{}'"), nullable=False))
    op.add_column('question_versions', sa.Column('pictures', sa.JSON(), server_default=sa.text("'[]'"), nullable=False))

    op.create_table('pictures',
    sa.Column('sha256', sa.Text(), nullable=False),
    sa.Column('media_type', sa.Text(), nullable=False),
    sa.Column('width', sa.Integer(), nullable=False),
    sa.Column('height', sa.Integer(), nullable=False),
    sa.Column('data', sa.LargeBinary(), nullable=False),
    sa.Column('created_at', MOMENT, nullable=False),
    sa.PrimaryKeyConstraint('sha256', name=op.f('pk_pictures'))
    )
    op.create_table('question_tags',
    sa.Column('question_id', sa.Integer(), nullable=False),
    sa.Column('tag', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['question_id'], ['questions.id'], name=op.f('fk_question_tags_question_id_questions')),
    sa.PrimaryKeyConstraint('question_id', 'tag', name=op.f('pk_question_tags'))
    )
    op.create_index(op.f('ix_question_tags_tag'), 'question_tags', ['tag'], unique=False)

    op.create_table('question_reviews',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('reviewer', sa.Text(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('at', MOMENT, nullable=False),
    sa.ForeignKeyConstraint(['version_id'], ['question_versions.id'], name=op.f('fk_question_reviews_version_id_question_versions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_question_reviews'))
    )
    op.create_index(op.f('ix_question_reviews_version_id'), 'question_reviews', ['version_id'], unique=False)

    op.create_table('question_reports',
    sa.Column('id', BIG, nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('contest_id', sa.Integer(), nullable=False),
    sa.Column('entry_id', BIG, nullable=False),
    sa.Column('attempt_id', BIG, nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('created_at', MOMENT, nullable=False),
    sa.Column('outcome', sa.Text(), nullable=False),
    sa.Column('answer', sa.Text(), nullable=False),
    sa.Column('answered_by', sa.Integer(), nullable=True),
    sa.Column('answered_at', MOMENT, nullable=True),
    sa.ForeignKeyConstraint(['attempt_id'], ['attempts.id'], name=op.f('fk_question_reports_attempt_id_attempts')),
    sa.ForeignKeyConstraint(['contest_id'], ['contests.id'], name=op.f('fk_question_reports_contest_id_contests')),
    sa.ForeignKeyConstraint(['entry_id'], ['entries.id'], name=op.f('fk_question_reports_entry_id_entries')),
    sa.ForeignKeyConstraint(['version_id'], ['question_versions.id'], name=op.f('fk_question_reports_version_id_question_versions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_question_reports')),
    sa.UniqueConstraint('entry_id', 'version_id', name=op.f('uq_question_reports_entry_id_version_id'))
    )
    op.create_index(op.f('ix_question_reports_contest_id'), 'question_reports', ['contest_id'], unique=False)
    op.create_index(op.f('ix_question_reports_version_id'), 'question_reports', ['version_id'], unique=False)
    op.create_index('open_question_reports', 'question_reports', ['created_at'], unique=False,
                    sqlite_where=sa.text('answered_at IS NULL'), postgresql_where=sa.text('answered_at IS NULL'))

    op.create_table('long_works',
    sa.Column('token', sa.Text(), nullable=False),
    sa.Column('stage', sa.Text(), nullable=False),
    sa.Column('done', sa.Integer(), nullable=False),
    sa.Column('total', sa.Integer(), nullable=False),
    sa.Column('at', MOMENT, nullable=False),
    sa.PrimaryKeyConstraint('token', name=op.f('pk_long_works'))
    )


def downgrade() -> None:
    for table in ('long_works', 'question_reports', 'question_reviews', 'question_tags', 'pictures'):
        op.drop_table(table)
    op.drop_column('question_versions', 'pictures')
    op.drop_column('import_batches', 'choices')
