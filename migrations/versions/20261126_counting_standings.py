"""Ladders keep how many stand where, so that a rank is read without a look at everybody."""

import sqlalchemy as sa
from alembic import op

revision = 'counting_standings'
down_revision = 'stalls_expire'
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.INTEGER(), 'sqlite')
PARTS = (('0', '0', ''), ('1', 'street_id', 'street_id IS NOT NULL'), ('2', 'unit_id', 'unit_id IS NOT NULL'))
TABLES = ('standing_points', 'standing_paces', 'standing_tallies')


def key_columns() -> list[sa.Column]:
    return [sa.Column(name, sa.Integer(), autoincrement=False, nullable=False)
            for name in ('contest_id', 'part', 'place_id')]


def upgrade() -> None:
    op.create_table('standing_points',
    *key_columns(),
    sa.Column('minus_score', sa.Double(), autoincrement=False, nullable=False),
    sa.Column('people', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('contest_id', 'part', 'place_id', 'minus_score', name='pk_standing_points')
    )
    op.create_table('standing_paces',
    *key_columns(),
    sa.Column('minus_score', sa.Double(), autoincrement=False, nullable=False),
    sa.Column('pace_cell', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('people', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('contest_id', 'part', 'place_id', 'minus_score', 'pace_cell', name='pk_standing_paces')
    )
    op.create_table('standing_tallies',
    *key_columns(),
    sa.Column('counted', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('people', sa.Integer(), nullable=False),
    sa.Column('nonzero', sa.Integer(), nullable=False),
    sa.Column('entries', sa.Integer(), nullable=False),
    sa.Column('score_sum', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('contest_id', 'part', 'place_id', 'counted', name='pk_standing_tallies')
    )
    op.create_table('standing_deltas',
    sa.Column('id', BIG, nullable=False),
    sa.Column('contest_id', sa.Integer(), nullable=False),
    sa.Column('street_id', sa.Integer(), nullable=True),
    sa.Column('unit_id', sa.Integer(), nullable=True),
    sa.Column('people', sa.Integer(), nullable=False),
    sa.Column('entries', sa.Integer(), nullable=False),
    sa.Column('minus_score', sa.Double(), nullable=False),
    sa.Column('pace_cell', sa.Integer(), nullable=False),
    sa.Column('counted', sa.Integer(), nullable=False),
    sa.Column('score_sum', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_standing_deltas'))
    )
    op.create_index(op.f('ix_standing_deltas_contest_id'), 'standing_deltas', ['contest_id'], unique=False)
    op.create_table('standing_folds',
    sa.Column('contest_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['contest_id'], ['contests.id'], name=op.f('fk_standing_folds_contest_id_contests')),
    sa.PrimaryKeyConstraint('contest_id', name=op.f('pk_standing_folds'))
    )
    for part in PARTS:
        for statement in counts(*part):
            op.execute(sa.text(statement))
    op.execute(sa.text('INSERT INTO standing_folds (contest_id, number) SELECT DISTINCT contest_id, 1 FROM entries'))


def counts(part: str, place: str, condition: str) -> list[str]:
    """What the standings and entries that are there add up to."""
    where = f' WHERE {condition}' if condition else ''
    cell = 'elapsed_sum / counted / 4000' + (' / 16' if part == '2' else '')
    also = f', {place}' if part != '0' else ''
    return [
        'INSERT INTO standing_points (contest_id, part, place_id, minus_score, people) '
        f'SELECT contest_id, {part}, {place}, minus_score, count(*) FROM standings{where} '
        f'GROUP BY contest_id{also}, minus_score',
        'INSERT INTO standing_paces (contest_id, part, place_id, minus_score, pace_cell, people) '
        f'SELECT contest_id, {part}, {place}, minus_score, {cell}, count(*) FROM standings{where} '
        f'GROUP BY contest_id{also}, minus_score, {cell}',
        'INSERT INTO standing_tallies (contest_id, part, place_id, counted, people, nonzero, entries, score_sum) '
        f'SELECT contest_id, {part}, {place}, counted, count(*), sum(CASE WHEN score_sum > 0 THEN 1 ELSE 0 END), 0, '
        f'sum(score_sum) FROM standings{where} GROUP BY contest_id{also}, counted',
        'INSERT INTO standing_tallies (contest_id, part, place_id, counted, people, nonzero, entries, score_sum) '
        f'SELECT contest_id, {part}, {place}, 0, 0, 0, count(*), 0 FROM entries{where} GROUP BY contest_id{also}',
    ]


def downgrade() -> None:
    op.drop_table('standing_folds')
    op.drop_table('standing_deltas')
    for table in reversed(TABLES):
        op.drop_table(table)
