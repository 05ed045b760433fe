"""Prize draws with their lists and winners; cuts from one contest into the next, and who is admitted."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = 'prizes_and_stages'
down_revision = 'remembering_ranks'
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.INTEGER(), 'sqlite')
MOMENT = sa.String(24).with_variant(postgresql.TIMESTAMP(timezone=True, precision=3), 'postgresql')


def upgrade() -> None:
    # Both databases add a column with a default in place: no table is made anew, so no index can be lost.
    op.add_column('contests', sa.Column('admits_only', sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_table('prize_draws',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('contest_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('plan', sa.JSON(), nullable=False),
    sa.Column('claim_until', sa.Date(), nullable=True),
    sa.Column('claim_where', sa.Text(), nullable=False),
    sa.Column('set_up_at', MOMENT, nullable=False),
    sa.Column('set_up_by', sa.Integer(), nullable=True),
    sa.Column('fixed_at', MOMENT, nullable=True),
    sa.Column('fixed_by', sa.Integer(), nullable=True),
    sa.Column('marks', sa.JSON(), nullable=True),
    sa.Column('listed', sa.Integer(), nullable=True),
    sa.Column('list_sha256', sa.Text(), nullable=True),
    sa.Column('announced_at', MOMENT, nullable=True),
    sa.Column('announced_by', sa.Integer(), nullable=True),
    sa.Column('seed', sa.Text(), nullable=True),
    sa.Column('seed_sha256', sa.Text(), nullable=True),
    sa.Column('public_source', sa.Text(), nullable=True),
    sa.Column('public_at', MOMENT, nullable=True),
    sa.Column('public_number', sa.Text(), nullable=True),
    sa.Column('drawn_at', MOMENT, nullable=True),
    sa.Column('drawn_by', sa.Integer(), nullable=True),
    sa.Column('abandoned_at', MOMENT, nullable=True),
    sa.Column('abandoned_by', sa.Integer(), nullable=True),
    sa.Column('abandoned_reason', sa.Text(), nullable=False),
    sa.CheckConstraint('seed_sha256 IS NULL OR list_sha256 IS NOT NULL', name=op.f('ck_prize_draws_seed_after_list')),
    sa.CheckConstraint('public_at IS NULL OR public_at > announced_at', name=op.f('ck_prize_draws_moment_to_come')),
    sa.CheckConstraint('public_number IS NULL OR seed_sha256 IS NOT NULL', name=op.f('ck_prize_draws_number_after_seed')),
    sa.CheckConstraint('public_number IS NULL OR drawn_at >= public_at', name=op.f('ck_prize_draws_number_after_its_moment')),
    sa.CheckConstraint('drawn_at IS NULL OR list_sha256 IS NOT NULL', name=op.f('ck_prize_draws_winners_after_list')),
    sa.CheckConstraint('drawn_at IS NULL OR abandoned_at IS NULL', name=op.f('ck_prize_draws_drawn_or_abandoned')),
    sa.ForeignKeyConstraint(['contest_id'], ['contests.id'], name=op.f('fk_prize_draws_contest_id_contests')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_prize_draws')),
    sa.UniqueConstraint('contest_id', 'number', name=op.f('uq_prize_draws_contest_id_number'))
    )
    op.create_table('draw_entries',
    sa.Column('draw_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('entry_code', sa.Text(), nullable=False),
    sa.Column('rank', sa.Integer(), nullable=False),
    sa.Column('score_sum', sa.BigInteger(), nullable=False),
    sa.Column('counted', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['draw_id'], ['prize_draws.id'], name=op.f('fk_draw_entries_draw_id_prize_draws')),
    sa.PrimaryKeyConstraint('draw_id', 'entry_code', name=op.f('pk_draw_entries'))
    )
    op.create_table('draw_winners',
    sa.Column('id', BIG, nullable=False),
    sa.Column('draw_id', sa.Integer(), nullable=False),
    sa.Column('tier', sa.Integer(), nullable=False),
    sa.Column('place', sa.Integer(), nullable=False),
    sa.Column('entry_id', BIG, nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('stepped_in', sa.Boolean(), nullable=False),
    sa.Column('check_code', sa.Text(), nullable=True),
    sa.Column('change', sa.Integer(), nullable=True),
    sa.Column('left_at', MOMENT, nullable=True),
    sa.Column('left_by', sa.Integer(), nullable=True),
    sa.Column('left_why', sa.Text(), nullable=True),
    sa.Column('left_note', sa.Text(), nullable=False),
    sa.Column('successor_id', BIG, nullable=True),
    sa.Column('handed_over_at', MOMENT, nullable=True),
    sa.Column('handed_over_by', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['draw_id'], ['prize_draws.id'], name=op.f('fk_draw_winners_draw_id_prize_draws')),
    sa.ForeignKeyConstraint(['entry_id'], ['entries.id'], name=op.f('fk_draw_winners_entry_id_entries')),
    sa.ForeignKeyConstraint(['successor_id'], ['draw_winners.id'], name=op.f('fk_draw_winners_successor_id_draw_winners')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_draw_winners')),
    sa.UniqueConstraint('check_code', name=op.f('uq_draw_winners_check_code')),
    sa.UniqueConstraint('draw_id', 'change', name=op.f('uq_draw_winners_draw_id_change')),
    sa.UniqueConstraint('draw_id', 'tier', 'entry_id', name=op.f('uq_draw_winners_draw_id_tier_entry_id')),
    sa.UniqueConstraint('draw_id', 'tier', 'place', name=op.f('uq_draw_winners_draw_id_tier_place'))
    )
    op.create_index(op.f('ix_draw_winners_entry_id'), 'draw_winners', ['entry_id'], unique=False)
    op.create_index('one_prize_each', 'draw_winners', ['draw_id', 'entry_id'], unique=True,
                    sqlite_where=sa.text("state = 'winner'"), postgresql_where=sa.text("state = 'winner'"))
    op.create_table('stage_cuts',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('contest_id', sa.Integer(), nullable=False),
    sa.Column('from_contest_id', sa.Integer(), nullable=False),
    sa.Column('value', sa.JSON(), nullable=False),
    sa.Column('digest', sa.Text(), nullable=False),
    sa.Column('admitted', sa.Integer(), nullable=False),
    sa.Column('applied_at', MOMENT, nullable=False),
    sa.Column('applied_by', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['contest_id'], ['contests.id'], name=op.f('fk_stage_cuts_contest_id_contests')),
    sa.ForeignKeyConstraint(['from_contest_id'], ['contests.id'], name=op.f('fk_stage_cuts_from_contest_id_contests')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_stage_cuts')),
    sa.UniqueConstraint('contest_id', 'from_contest_id', name=op.f('uq_stage_cuts_contest_id_from_contest_id'))
    )
    op.create_table('admissions',
    sa.Column('id', BIG, nullable=False),
    sa.Column('contest_id', sa.Integer(), nullable=False),
    sa.Column('person_id', BIG, nullable=True),
    sa.Column('masked_name', sa.Text(), nullable=False),
    sa.Column('cut_id', sa.Integer(), nullable=True),
    sa.Column('entry_code', sa.Text(), nullable=True),
    sa.Column('rank', sa.Integer(), nullable=True),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('added_at', MOMENT, nullable=False),
    sa.Column('added_by', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['contest_id'], ['contests.id'], name=op.f('fk_admissions_contest_id_contests')),
    sa.ForeignKeyConstraint(['cut_id'], ['stage_cuts.id'], name=op.f('fk_admissions_cut_id_stage_cuts')),
    sa.ForeignKeyConstraint(['person_id'], ['persons.id'], name=op.f('fk_admissions_person_id_persons')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_admissions')),
    sa.UniqueConstraint('contest_id', 'person_id', name=op.f('uq_admissions_contest_id_person_id'))
    )
    op.create_index(op.f('ix_admissions_cut_id'), 'admissions', ['cut_id'], unique=False)
    op.create_index(op.f('ix_admissions_person_id'), 'admissions', ['person_id'], unique=False)


def downgrade() -> None:
    for table in ('admissions', 'stage_cuts', 'draw_winners', 'draw_entries', 'prize_draws'):
        op.drop_table(table)
    op.drop_column('contests', 'admits_only')
