"""Sealed results and their public bundles."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = 'seals'
down_revision = 'prizes_and_stages'
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.INTEGER(), 'sqlite')
MOMENT = sa.String(24).with_variant(postgresql.TIMESTAMP(timezone=True, precision=3), 'postgresql')


def upgrade() -> None:
    op.create_table('seals',
    sa.Column('id', BIG, nullable=False),
    sa.Column('contest_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('digest', sa.Text(), nullable=False),
    sa.Column('previous', sa.Text(), nullable=True),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('sealed_at', MOMENT, nullable=False),
    sa.Column('sealed_by', sa.Integer(), nullable=True),
    sa.Column('counts', sa.JSON(), nullable=False),
    sa.Column('size', BIG, nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('difference', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['contest_id'], ['contests.id'], name=op.f('fk_seals_contest_id_contests')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_seals')),
    sa.UniqueConstraint('contest_id', 'number', name=op.f('uq_seals_contest_id_number'))
    )
    op.create_table('seal_parts',
    sa.Column('seal_id', BIG, autoincrement=False, nullable=False),
    sa.Column('number', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['seal_id'], ['seals.id'], name=op.f('fk_seal_parts_seal_id_seals')),
    sa.PrimaryKeyConstraint('seal_id', 'number', name=op.f('pk_seal_parts'))
    )


def downgrade() -> None:
    op.drop_table('seal_parts')
    op.drop_table('seals')
