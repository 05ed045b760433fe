"""The first tables: questions, people, contests, entries, papers, attempts, markings, standings, the record."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = 'first_tables'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('areas',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('parent_id', sa.Integer(), nullable=True),
    sa.Column('headcount', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['parent_id'], ['areas.id'], name=op.f('fk_areas_parent_id_areas')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_areas')),
    sa.UniqueConstraint('code', name=op.f('uq_areas_code'))
    )
    with op.batch_alter_table('areas', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_areas_parent_id'), ['parent_id'], unique=False)

    op.create_table('audit_entries',
    sa.Column('id', sa.BigInteger().with_variant(sa.INTEGER(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('at', sa.String(24).with_variant(postgresql.TIMESTAMP(timezone=True, precision=3), 'postgresql'), nullable=False),
    sa.Column('actor_id', sa.Integer(), nullable=True),
    sa.Column('act', sa.Text(), nullable=False),
    sa.Column('subject', sa.Text(), nullable=False),
    sa.Column('contest_id', sa.Integer(), nullable=True),
    sa.Column('details', sa.JSON(), nullable=False),
    sa.Column('previous', sa.Text(), nullable=False),
    sa.Column('hash', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit_entries'))
    )
    with op.batch_alter_table('audit_entries', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_audit_entries_contest_id'), ['contest_id'], unique=False)

    op.create_table('banks',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('created_at', sa.String(24).with_variant(postgresql.TIMESTAMP(timezone=True, precision=3), 'postgresql'), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_banks')),
    sa.UniqueConstraint('name', name=op.f('uq_banks_name'))
    )
    op.create_table('domains',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('path', sa.Text(), nullable=False),
    sa.Column('parent_id', sa.Integer(), nullable=True),
    sa.Column('lead_department', sa.Text(), nullable=False),
    sa.Column('place', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['parent_id'], ['domains.id'], name=op.f('fk_domains_parent_id_domains')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_domains')),
    sa.UniqueConstraint('path', name=op.f('uq_domains_path'))
    )
    op.create_table('pools',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('digest', sa.Text(), nullable=False),
    sa.Column('versions', sa.JSON(), nullable=False),
    sa.Column('fixed_at', sa.String(24).with_variant(postgresql.TIMESTAMP(timezone=True, precision=3), 'postgresql'), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_pools'))
    )
    op.create_table('sign_in_failures',
    sa.Column('id', sa.BigInteger().with_variant(sa.INTEGER(), 'sqlite'), nullable=False),
    sa.Column('counted_by', sa.Text(), nullable=False),
    sa.Column('at', sa.String(24).with_variant(postgresql.TIMESTAMP(timezone=True, precision=3), 'postgresql'), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sign_in_failures'))
    )
    with op.batch_alter_table('sign_in_failures', schema=None) as batch_op:
        batch_op.create_index('failures_of', ['counted_by', 'at'], unique=False)

    op.create_table('contests',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('slug', sa.Text(), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('bank_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('opens_at', sa.String(24).with_variant(postgresql.TIMESTAMP(timezone=True, precision=3), 'postgresql'), nullable=False),
    sa.Column('closes_at', sa.String(24).with_variant(postgresql.TIMESTAMP(timezone=True, precision=3), 'postgresql'), nullable=False),
    sa.Column('forget_on', sa.Date(), nullable=False),
    sa.Column('forgotten_at', sa.String(24).with_variant(postgresql.TIMESTAMP(timezone=True, precision=3), 'postgresql'), nullable=True),
    sa.Column('created_at', sa.String(24).with_variant(postgresql.TIMESTAMP(timezone=True, precision=3), 'postgresql'), nullable=False),
    sa.Column('published_at', sa.String(24).with_variant(postgresql.TIMESTAMP(timezone=True, precision=3), 'postgresql'), nullable=True),
    sa.Column('pool_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['bank_id'], ['banks.id'], name=op.f('fk_contests_bank_id_banks')),
    sa.ForeignKeyConstraint(['pool_id'], ['pools.id'], name=op.f('fk_contests_pool_id_pools')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_contests')),
    sa.UniqueConstraint('slug', name=op.f('uq_contests_slug'))
    )
    op.create_table('import_batches',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('bank_id', sa.Integer(), nullable=True),
    sa.Column('bank_name', sa.Text(), nullable=False),
    sa.Column('filename', sa.Text(), nullable=False),
    sa.Column('sha256', sa.Text(), nullable=False),
    sa.Column('author', sa.Text(), nullable=False),
    sa.Column('data', sa.LargeBinary(), nullable=True),
    sa.Column('report_digest', sa.Text(), nullable=False),
    sa.Column('checked_at', sa.String(24).with_variant(postgresql.TIMESTAMP(timezone=True, precision=3), 'postgresql'), nullable=False),
    sa.Column('imported_at', sa.String(24).with_variant(postgresql.TIMESTAMP(timezone=True, precision=3), 'postgresql'), nullable=True),
    sa.Column('undone_at', sa.String(24).with_variant(postgresql.TIMESTAMP(timezone=True, precision=3), 'postgresql'), nullable=True),
    sa.Column('taken', sa.Integer(), nullable=False),
    sa.Column('left', sa.Integer(), nullable=False),
    sa.Column('already', sa.Integer(), nullable=False),
    sa.Column('duplicates', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['bank_id'], ['banks.id'], name=op.f('fk_import_batches_bank_id_banks')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_import_batches'))
    )
    op.create_table('units',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('unit_class', sa.Text(), nullable=False),
    sa.Column('street_id', sa.Integer(), nullable=True),
    sa.Column('headcount', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['street_id'], ['areas.id'], name=op.f('fk_units_street_id_areas')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_units')),
    sa.UniqueConstraint('code', name=op.f('uq_units_code'))
    )
    with op.batch_alter_table('units', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_units_street_id'), ['street_id'], unique=False)

    op.create_table('contest_areas',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('contest_id', sa.Integer(), nullable=False),
    sa.Column('area_id', sa.Integer(), nullable=False),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('parent_code', sa.Text(), nullable=True),
    sa.Column('headcount', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['area_id'], ['areas.id'], name=op.f('fk_contest_areas_area_id_areas')),
    sa.ForeignKeyConstraint(['contest_id'], ['contests.id'], name=op.f('fk_contest_areas_contest_id_contests')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_contest_areas')),
    sa.UniqueConstraint('contest_id', 'area_id', name=op.f('uq_contest_areas_contest_id_area_id')),
    sa.UniqueConstraint('contest_id', 'code', name=op.f('uq_contest_areas_contest_id_code'))
    )
    op.create_table('contest_terms',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('contest_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('schema', sa.Integer(), nullable=False),
    sa.Column('value', sa.Text(), nullable=False),
    sa.Column('sha256', sa.Text(), nullable=False),
    sa.Column('changed_at', sa.String(24).with_variant(postgresql.TIMESTAMP(timezone=True, precision=3), 'postgresql'), nullable=False),
    sa.Column('changed_by', sa.Integer(), nullable=True),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['contest_id'], ['contests.id'], name=op.f('fk_contest_terms_contest_id_contests')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_contest_terms')),
    sa.UniqueConstraint('contest_id', 'number', name=op.f('uq_contest_terms_contest_id_number'))
    )
    op.create_table('contest_units',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('contest_id', sa.Integer(), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('unit_class', sa.Text(), nullable=False),
    sa.Column('street_code', sa.Text(), nullable=True),
    sa.Column('headcount', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['contest_id'], ['contests.id'], name=op.f('fk_contest_units_contest_id_contests')),
    sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name=op.f('fk_contest_units_unit_id_units')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_contest_units')),
    sa.UniqueConstraint('contest_id', 'code', name=op.f('uq_contest_units_contest_id_code')),
    sa.UniqueConstraint('contest_id', 'unit_id', name=op.f('uq_contest_units_contest_id_unit_id'))
    )
    op.create_table('papers',
    sa.Column('id', sa.BigInteger().with_variant(sa.INTEGER(), 'sqlite'), nullable=False),
    sa.Column('contest_id', sa.Integer(), nullable=False),
    sa.Column('pool_id', sa.Integer(), nullable=False),
    sa.Column('seed', sa.Text(), nullable=False),
    sa.Column('algorithm', sa.Integer(), nullable=False),
    sa.Column('layout', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['contest_id'], ['contests.id'], name=op.f('fk_papers_contest_id_contests')),
    sa.ForeignKeyConstraint(['pool_id'], ['pools.id'], name=op.f('fk_papers_pool_id_pools')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_papers'))
    )
    with op.batch_alter_table('papers', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_papers_contest_id'), ['contest_id'], unique=False)

    op.create_table('persons',
    sa.Column('id', sa.BigInteger().with_variant(sa.INTEGER(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('masked_name', sa.Text(), nullable=False),
    sa.Column('phone', sa.Text(), nullable=True),
    sa.Column('street_id', sa.Integer(), nullable=True),
    sa.Column('community_id', sa.Integer(), nullable=True),
    sa.Column('unit_id', sa.Integer(), nullable=True),
    sa.Column('unit_name', sa.Text(), nullable=True),
    sa.Column('consent_version', sa.Text(), nullable=True),
    sa.Column('consented_at', sa.String(24).with_variant(postgresql.TIMESTAMP(timezone=True, precision=3), 'postgresql'), nullable=True),
    sa.Column('created_at', sa.String(24).with_variant(postgresql.TIMESTAMP(timezone=True, precision=3), 'postgresql'), nullable=False),
    sa.Column('session_epoch', sa.Integer(), nullable=False),
    sa.Column('forgotten_at', sa.String(24).with_variant(postgresql.TIMESTAMP(timezone=True, precision=3), 'postgresql'), nullable=True),
    sa.Column('is_sample', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['community_id'], ['areas.id'], name=op.f('fk_persons_community_id_areas')),
    sa.ForeignKeyConstraint(['street_id'], ['areas.id'], name=op.f('fk_persons_street_id_areas')),
    sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name=op.f('fk_persons_unit_id_units')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_persons')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('persons', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_persons_phone'), ['phone'], unique=False)
        batch_op.create_index(batch_op.f('ix_persons_street_id'), ['street_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_persons_unit_id'), ['unit_id'], unique=False)
        batch_op.create_index('typed_units', ['unit_name'], unique=False)

    op.create_table('questions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('bank_id', sa.Integer(), nullable=False),
    sa.Column('batch_id', sa.Integer(), nullable=True),
    sa.Column('fingerprint', sa.Text(), nullable=False),
    sa.Column('created_at', sa.String(24).with_variant(postgresql.TIMESTAMP(timezone=True, precision=3), 'postgresql'), nullable=False),
    sa.Column('retired_at', sa.String(24).with_variant(postgresql.TIMESTAMP(timezone=True, precision=3), 'postgresql'), nullable=True),
    sa.ForeignKeyConstraint(['bank_id'], ['banks.id'], name=op.f('fk_questions_bank_id_banks')),
    sa.ForeignKeyConstraint(['batch_id'], ['import_batches.id'], name=op.f('fk_questions_batch_id_import_batches')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_questions'))
    )
    with op.batch_alter_table('questions', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_questions_bank_id'), ['bank_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_questions_batch_id'), ['batch_id'], unique=False)
        batch_op.create_index('one_live_question', ['bank_id', 'fingerprint'], unique=True, sqlite_where=sa.text('retired_at IS NULL'), postgresql_where=sa.text('retired_at IS NULL'))

    op.create_table('credentials',
    sa.Column('id', sa.BigInteger().with_variant(sa.INTEGER(), 'sqlite'), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.INTEGER(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('lookup', sa.Text(), nullable=False),
    sa.Column('secret', sa.Text(), nullable=True),
    sa.Column('changed_at', sa.String(24).with_variant(postgresql.TIMESTAMP(timezone=True, precision=3), 'postgresql'), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['persons.id'], name=op.f('fk_credentials_person_id_persons')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_credentials')),
    sa.UniqueConstraint('kind', 'lookup', name=op.f('uq_credentials_kind_lookup'))
    )
    with op.batch_alter_table('credentials', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_credentials_person_id'), ['person_id'], unique=False)

    op.create_table('entries',
    sa.Column('id', sa.BigInteger().with_variant(sa.INTEGER(), 'sqlite'), nullable=False),
    sa.Column('contest_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.INTEGER(), 'sqlite'), nullable=True),
    sa.Column('entry_code', sa.Text(), nullable=False),
    sa.Column('masked_name', sa.Text(), nullable=False),
    sa.Column('street_id', sa.Integer(), nullable=True),
    sa.Column('unit_id', sa.Integer(), nullable=True),
    sa.Column('unit_name', sa.Text(), nullable=True),
    sa.Column('unit_class', sa.Text(), nullable=False),
    sa.Column('consent_version', sa.Text(), nullable=False),
    sa.Column('consented_at', sa.String(24).with_variant(postgresql.TIMESTAMP(timezone=True, precision=3), 'postgresql'), nullable=False),
    sa.Column('came_from', sa.Text(), nullable=False),
    sa.Column('joined_at', sa.String(24).with_variant(postgresql.TIMESTAMP(timezone=True, precision=3), 'postgresql'), nullable=False),
    sa.ForeignKeyConstraint(['contest_id'], ['contests.id'], name=op.f('fk_entries_contest_id_contests')),
    sa.ForeignKeyConstraint(['person_id'], ['persons.id'], name=op.f('fk_entries_person_id_persons')),
    sa.ForeignKeyConstraint(['street_id'], ['areas.id'], name=op.f('fk_entries_street_id_areas')),
    sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name=op.f('fk_entries_unit_id_units')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_entries')),
    sa.UniqueConstraint('contest_id', 'person_id', name=op.f('uq_entries_contest_id_person_id')),
    sa.UniqueConstraint('entry_code', name=op.f('uq_entries_entry_code'))
    )
    with op.batch_alter_table('entries', schema=None) as batch_op:
        batch_op.create_index('entries_by_street', ['contest_id', 'street_id'], unique=False)
        batch_op.create_index('entries_by_unit', ['contest_id', 'unit_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_entries_person_id'), ['person_id'], unique=False)

    op.create_table('question_versions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('question_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('stem', sa.Text(), nullable=False),
    sa.Column('options', sa.JSON(), nullable=False),
    sa.Column('choices', sa.JSON(), nullable=False),
    sa.Column('blanks', sa.JSON(), nullable=False),
    sa.Column('model_answer', sa.Text(), nullable=False),
    sa.Column('explanation', sa.Text(), nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('domain_id', sa.Integer(), nullable=True),
    sa.Column('domain_path', sa.Text(), nullable=False),
    sa.Column('difficulty', sa.Text(), nullable=False),
    sa.Column('checked_on', sa.Date(), nullable=True),
    sa.Column('valid_until', sa.Date(), nullable=True),
    sa.Column('digest', sa.Text(), nullable=False),
    sa.Column('created_at', sa.String(24).with_variant(postgresql.TIMESTAMP(timezone=True, precision=3), 'postgresql'), nullable=False),
    sa.Column('author', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['domain_id'], ['domains.id'], name=op.f('fk_question_versions_domain_id_domains')),
    sa.ForeignKeyConstraint(['question_id'], ['questions.id'], name=op.f('fk_question_versions_question_id_questions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_question_versions')),
    sa.UniqueConstraint('question_id', 'number', name=op.f('uq_question_versions_question_id_number'))
    )
    with op.batch_alter_table('question_versions', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_question_versions_domain_id'), ['domain_id'], unique=False)

    op.create_table('staff_roles',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.INTEGER(), 'sqlite'), nullable=False),
    sa.Column('role', sa.Text(), nullable=False),
    sa.Column('street_id', sa.Integer(), nullable=True),
    sa.Column('unit_id', sa.Integer(), nullable=True),
    sa.Column('domain_id', sa.Integer(), nullable=True),
    sa.Column('granted_at', sa.String(24).with_variant(postgresql.TIMESTAMP(timezone=True, precision=3), 'postgresql'), nullable=False),
    sa.Column('revoked_at', sa.String(24).with_variant(postgresql.TIMESTAMP(timezone=True, precision=3), 'postgresql'), nullable=True),
    sa.ForeignKeyConstraint(['domain_id'], ['domains.id'], name=op.f('fk_staff_roles_domain_id_domains')),
    sa.ForeignKeyConstraint(['person_id'], ['persons.id'], name=op.f('fk_staff_roles_person_id_persons')),
    sa.ForeignKeyConstraint(['street_id'], ['areas.id'], name=op.f('fk_staff_roles_street_id_areas')),
    sa.ForeignKeyConstraint(['unit_id'], ['units.id'], name=op.f('fk_staff_roles_unit_id_units')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_staff_roles'))
    )
    with op.batch_alter_table('staff_roles', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_staff_roles_person_id'), ['person_id'], unique=False)

    op.create_table('attempts',
    sa.Column('id', sa.BigInteger().with_variant(sa.INTEGER(), 'sqlite'), nullable=False),
    sa.Column('contest_id', sa.Integer(), nullable=False),
    sa.Column('entry_id', sa.BigInteger().with_variant(sa.INTEGER(), 'sqlite'), nullable=False),
    sa.Column('paper_id', sa.BigInteger().with_variant(sa.INTEGER(), 'sqlite'), nullable=False),
    sa.Column('period', sa.Text(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('started_at', sa.String(24).with_variant(postgresql.TIMESTAMP(timezone=True, precision=3), 'postgresql'), nullable=False),
    sa.Column('deadline', sa.String(24).with_variant(postgresql.TIMESTAMP(timezone=True, precision=3), 'postgresql'), nullable=False),
    sa.Column('accepts_until', sa.String(24).with_variant(postgresql.TIMESTAMP(timezone=True, precision=3), 'postgresql'), nullable=False),
    sa.Column('extra_ms', sa.Integer(), nullable=False),
    sa.Column('ended_at', sa.String(24).with_variant(postgresql.TIMESTAMP(timezone=True, precision=3), 'postgresql'), nullable=True),
    sa.Column('ended_by', sa.Text(), nullable=True),
    sa.Column('elapsed_ms', sa.BigInteger(), nullable=True),
    sa.Column('answered', sa.Integer(), nullable=True),
    sa.Column('score', sa.Integer(), nullable=True),
    sa.Column('full', sa.Integer(), nullable=True),
    sa.Column('is_set_aside', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['contest_id'], ['contests.id'], name=op.f('fk_attempts_contest_id_contests')),
    sa.ForeignKeyConstraint(['entry_id'], ['entries.id'], name=op.f('fk_attempts_entry_id_entries')),
    sa.ForeignKeyConstraint(['paper_id'], ['papers.id'], name=op.f('fk_attempts_paper_id_papers')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attempts')),
    sa.UniqueConstraint('entry_id', 'period', 'number', name=op.f('uq_attempts_entry_id_period_number'))
    )
    with op.batch_alter_table('attempts', schema=None) as batch_op:
        batch_op.create_index('one_open_attempt', ['entry_id'], unique=True, sqlite_where=sa.text('ended_at IS NULL'), postgresql_where=sa.text('ended_at IS NULL'))
        batch_op.create_index('overdue_attempts', ['contest_id', 'accepts_until'], unique=False, sqlite_where=sa.text('ended_at IS NULL'), postgresql_where=sa.text('ended_at IS NULL'))

    op.create_table('one_time_links',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('token_sha256', sa.Text(), nullable=False),
    sa.Column('credential_id', sa.BigInteger().with_variant(sa.INTEGER(), 'sqlite'), nullable=False),
    sa.Column('created_at', sa.String(24).with_variant(postgresql.TIMESTAMP(timezone=True, precision=3), 'postgresql'), nullable=False),
    sa.Column('expires_at', sa.String(24).with_variant(postgresql.TIMESTAMP(timezone=True, precision=3), 'postgresql'), nullable=False),
    sa.Column('used_at', sa.String(24).with_variant(postgresql.TIMESTAMP(timezone=True, precision=3), 'postgresql'), nullable=True),
    sa.ForeignKeyConstraint(['credential_id'], ['credentials.id'], name=op.f('fk_one_time_links_credential_id_credentials')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_one_time_links')),
    sa.UniqueConstraint('token_sha256', name=op.f('uq_one_time_links_token_sha256'))
    )
    with op.batch_alter_table('one_time_links', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_one_time_links_credential_id'), ['credential_id'], unique=False)

    op.create_table('standings',
    sa.Column('entry_id', sa.BigInteger().with_variant(sa.INTEGER(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('contest_id', sa.Integer(), nullable=False),
    sa.Column('street_id', sa.Integer(), nullable=True),
    sa.Column('unit_id', sa.Integer(), nullable=True),
    sa.Column('entry_code', sa.Text(), nullable=False),
    sa.Column('score_sum', sa.BigInteger(), nullable=False),
    sa.Column('elapsed_sum', sa.BigInteger(), nullable=False),
    sa.Column('counted', sa.Integer(), nullable=False),
    sa.Column('minus_score', sa.Double(), nullable=False),
    sa.Column('pace', sa.Double(), nullable=False),
    sa.Column('finished_at', sa.String(24).with_variant(postgresql.TIMESTAMP(timezone=True, precision=3), 'postgresql'), nullable=False),
    sa.ForeignKeyConstraint(['contest_id'], ['contests.id'], name=op.f('fk_standings_contest_id_contests')),
    sa.ForeignKeyConstraint(['entry_id'], ['entries.id'], name=op.f('fk_standings_entry_id_entries')),
    sa.PrimaryKeyConstraint('entry_id', name=op.f('pk_standings'))
    )
    with op.batch_alter_table('standings', schema=None) as batch_op:
        batch_op.create_index('person_ladder', ['contest_id', 'minus_score', 'pace', 'finished_at', 'entry_code'], unique=False)
        batch_op.create_index('person_ladder_in_street', ['contest_id', 'street_id', 'minus_score', 'pace', 'finished_at', 'entry_code'], unique=False)
        batch_op.create_index('person_ladder_in_unit', ['contest_id', 'unit_id', 'minus_score', 'pace', 'finished_at', 'entry_code'], unique=False)

    op.create_table('answers',
    sa.Column('attempt_id', sa.BigInteger().with_variant(sa.INTEGER(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('position', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('chosen', sa.Text(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('device', sa.Text(), nullable=True),
    sa.Column('seq', sa.BigInteger(), nullable=True),
    sa.Column('first_at', sa.String(24).with_variant(postgresql.TIMESTAMP(timezone=True, precision=3), 'postgresql'), nullable=False),
    sa.Column('last_at', sa.String(24).with_variant(postgresql.TIMESTAMP(timezone=True, precision=3), 'postgresql'), nullable=False),
    sa.ForeignKeyConstraint(['attempt_id'], ['attempts.id'], name=op.f('fk_answers_attempt_id_attempts')),
    sa.PrimaryKeyConstraint('attempt_id', 'position', name=op.f('pk_answers'))
    )
    op.create_table('markings',
    sa.Column('id', sa.BigInteger().with_variant(sa.INTEGER(), 'sqlite'), nullable=False),
    sa.Column('attempt_id', sa.BigInteger().with_variant(sa.INTEGER(), 'sqlite'), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('points', sa.JSON(), nullable=False),
    sa.Column('worth', sa.JSON(), nullable=False),
    sa.Column('score', sa.Integer(), nullable=False),
    sa.Column('full', sa.Integer(), nullable=False),
    sa.Column('made_from', sa.Text(), nullable=False),
    sa.Column('made_at', sa.String(24).with_variant(postgresql.TIMESTAMP(timezone=True, precision=3), 'postgresql'), nullable=False),
    sa.ForeignKeyConstraint(['attempt_id'], ['attempts.id'], name=op.f('fk_markings_attempt_id_attempts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_markings')),
    sa.UniqueConstraint('attempt_id', 'number', name=op.f('uq_markings_attempt_id_number'))
    )
    op.create_table('rulings',
    sa.Column('id', sa.BigInteger().with_variant(sa.INTEGER(), 'sqlite'), nullable=False),
    sa.Column('contest_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('attempt_id', sa.BigInteger().with_variant(sa.INTEGER(), 'sqlite'), nullable=True),
    sa.Column('entry_id', sa.BigInteger().with_variant(sa.INTEGER(), 'sqlite'), nullable=True),
    sa.Column('version_id', sa.Integer(), nullable=True),
    sa.Column('value', sa.JSON(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('made_by', sa.Integer(), nullable=True),
    sa.Column('made_at', sa.String(24).with_variant(postgresql.TIMESTAMP(timezone=True, precision=3), 'postgresql'), nullable=False),
    sa.Column('undoes_id', sa.BigInteger().with_variant(sa.INTEGER(), 'sqlite'), nullable=True),
    sa.ForeignKeyConstraint(['attempt_id'], ['attempts.id'], name=op.f('fk_rulings_attempt_id_attempts')),
    sa.ForeignKeyConstraint(['contest_id'], ['contests.id'], name=op.f('fk_rulings_contest_id_contests')),
    sa.ForeignKeyConstraint(['entry_id'], ['entries.id'], name=op.f('fk_rulings_entry_id_entries')),
    sa.ForeignKeyConstraint(['undoes_id'], ['rulings.id'], name=op.f('fk_rulings_undoes_id_rulings')),
    sa.ForeignKeyConstraint(['version_id'], ['question_versions.id'], name=op.f('fk_rulings_version_id_question_versions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rulings'))
    )
    with op.batch_alter_table('rulings', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_rulings_attempt_id'), ['attempt_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_rulings_contest_id'), ['contest_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_rulings_entry_id'), ['entry_id'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('rulings', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_rulings_entry_id'))
        batch_op.drop_index(batch_op.f('ix_rulings_contest_id'))
        batch_op.drop_index(batch_op.f('ix_rulings_attempt_id'))

    op.drop_table('rulings')
    op.drop_table('markings')
    op.drop_table('answers')
    with op.batch_alter_table('standings', schema=None) as batch_op:
        batch_op.drop_index('person_ladder_in_unit')
        batch_op.drop_index('person_ladder_in_street')
        batch_op.drop_index('person_ladder')

    op.drop_table('standings')
    with op.batch_alter_table('one_time_links', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_one_time_links_credential_id'))

    op.drop_table('one_time_links')
    with op.batch_alter_table('attempts', schema=None) as batch_op:
        batch_op.drop_index('overdue_attempts', sqlite_where=sa.text('ended_at IS NULL'), postgresql_where=sa.text('ended_at IS NULL'))
        batch_op.drop_index('one_open_attempt', sqlite_where=sa.text('ended_at IS NULL'), postgresql_where=sa.text('ended_at IS NULL'))

    op.drop_table('attempts')
    with op.batch_alter_table('staff_roles', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_staff_roles_person_id'))

    op.drop_table('staff_roles')
    with op.batch_alter_table('question_versions', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_question_versions_domain_id'))

    op.drop_table('question_versions')
    with op.batch_alter_table('entries', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_entries_person_id'))
        batch_op.drop_index('entries_by_unit')
        batch_op.drop_index('entries_by_street')

    op.drop_table('entries')
    with op.batch_alter_table('credentials', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_credentials_person_id'))

    op.drop_table('credentials')
    with op.batch_alter_table('questions', schema=None) as batch_op:
        batch_op.drop_index('one_live_question', sqlite_where=sa.text('retired_at IS NULL'), postgresql_where=sa.text('retired_at IS NULL'))
        batch_op.drop_index(batch_op.f('ix_questions_batch_id'))
        batch_op.drop_index(batch_op.f('ix_questions_bank_id'))

    op.drop_table('questions')
    with op.batch_alter_table('persons', schema=None) as batch_op:
        batch_op.drop_index('typed_units')
        batch_op.drop_index(batch_op.f('ix_persons_unit_id'))
        batch_op.drop_index(batch_op.f('ix_persons_street_id'))
        batch_op.drop_index(batch_op.f('ix_persons_phone'))

    op.drop_table('persons')
    with op.batch_alter_table('papers', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_papers_contest_id'))

    op.drop_table('papers')
    op.drop_table('contest_units')
    op.drop_table('contest_terms')
    op.drop_table('contest_areas')
    with op.batch_alter_table('units', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_units_street_id'))

    op.drop_table('units')
    op.drop_table('import_batches')
    op.drop_table('contests')
    with op.batch_alter_table('sign_in_failures', schema=None) as batch_op:
        batch_op.drop_index('failures_of')

    op.drop_table('sign_in_failures')
    op.drop_table('pools')
    op.drop_table('domains')
    op.drop_table('banks')
    with op.batch_alter_table('audit_entries', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_audit_entries_contest_id'))

    op.drop_table('audit_entries')
    with op.batch_alter_table('areas', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_areas_parent_id'))

    op.drop_table('areas')
