"""Files of results that are made beside the page, and how far they have come."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = 'prepared_files'
down_revision = 'announcements'
branch_labels = None
depends_on = None

MOMENT = sa.String(24).with_variant(postgresql.TIMESTAMP(timezone=True, precision=3), 'postgresql')


def upgrade() -> None:
    op.create_table('prepared_files',
    sa.Column('token', sa.Text(), nullable=False),
    sa.Column('contest_id', sa.Integer(), nullable=False),
    sa.Column('form', sa.Text(), nullable=False),
    sa.Column('by', sa.Text(), nullable=False),
    sa.Column('asked_by', sa.Integer(), nullable=True),
    sa.Column('asked_at', MOMENT, nullable=False),
    sa.Column('stage', sa.Text(), nullable=False),
    sa.Column('done', sa.Integer(), nullable=False),
    sa.Column('total', sa.Integer(), nullable=False),
    sa.Column('told_at', MOMENT, nullable=False),
    sa.Column('ended_at', MOMENT, nullable=True),
    sa.Column('size', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['contest_id'], ['contests.id'], name=op.f('fk_prepared_files_contest_id_contests')),
    sa.PrimaryKeyConstraint('token', name=op.f('pk_prepared_files'))
    )
    op.create_index(op.f('ix_prepared_files_contest_id'), 'prepared_files', ['contest_id'], unique=False)


def downgrade() -> None:
    op.drop_table('prepared_files')
