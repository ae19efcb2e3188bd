"""Authorisations, approvals, brakes, holds and masks"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import models.store


revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
TEXT = sqlmodel.sql.sqltypes.AutoString
ADDED = {
    'mandate': [
        sa.Column('granted_by', BIG, nullable=True),
        sa.Column('recorded_by', BIG, nullable=True),
        sa.Column('on_paper', sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column('signed_at', models.store.Instant(), nullable=True),
        sa.Column('document', TEXT(length=64), nullable=True),
        sa.Column('revoked_at', models.store.Instant(), nullable=True),
        sa.Column('revoked_by', BIG, nullable=True),
        sa.Column('published_at', models.store.Instant(), nullable=True),
        sa.Column('published_url', TEXT(), nullable=False, server_default=''),
    ],
    'answer': [
        sa.Column('drafted_by', BIG, nullable=True),
        sa.Column('approval', TEXT(), nullable=False, server_default=''),
        sa.Column('approved_by', BIG, nullable=True),
        sa.Column('approved_at', models.store.Instant(), nullable=True),
    ],
    'inquiry': [sa.Column('document_no', TEXT(), nullable=False, server_default='')],
    'item': [sa.Column('masked', sa.JSON(), nullable=True)],
}


def _key(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    target, _, name = other.partition('.')
    return sa.ForeignKeyConstraint([column], [f'{target}.{name}'], name=op.f(f'fk_{table}_{column}_{target}'), initially='DEFERRED', deferrable=True)


def upgrade() -> None:
    for table, columns in ADDED.items():
        for column in columns:
            op.add_column(table, column)
    op.create_index('ix_answer_approval', 'answer', ['approval'])
    op.create_table('unit_setting',
    sa.Column('unit_id', TEXT(), nullable=False),
    sa.Column('approval', sa.Boolean(), nullable=False),
    sa.Column('set_by', sa.Integer(), nullable=False),
    sa.Column('set_at', models.store.Instant(), nullable=False),
    _key('unit_setting', 'unit_id', 'unit.id'),
    _key('unit_setting', 'set_by', 'person.id'),
    sa.PrimaryKeyConstraint('unit_id', name=op.f('pk_unit_setting'))
    )
    op.create_table('brake',
    sa.Column('id', BIG, nullable=False),
    sa.Column('kind', TEXT(), nullable=False),
    sa.Column('case_code', TEXT(), nullable=True),
    sa.Column('digest', TEXT(length=64), nullable=False),
    sa.Column('marks', sa.JSON(), nullable=False),
    sa.Column('files', sa.JSON(), nullable=False),
    sa.Column('resume', sa.JSON(), nullable=False),
    sa.Column('asked_by', BIG, nullable=True),
    sa.Column('asked_at', models.store.Instant(), nullable=False),
    sa.Column('decided_by', sa.Integer(), nullable=True),
    sa.Column('decided_at', models.store.Instant(), nullable=True),
    sa.Column('allowed', sa.Boolean(), nullable=False),
    sa.Column('reason', TEXT(length=64), nullable=True),
    _key('brake', 'decided_by', 'person.id'),
    _key('brake', 'reason', 'item.digest'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_brake'))
    )
    op.create_index('ix_brake_case_code', 'brake', ['case_code'])
    op.create_index('ix_brake_digest', 'brake', ['digest'])
    op.create_index('ix_brake_decided_at', 'brake', ['decided_at'])
    op.create_table('legal_hold',
    sa.Column('id', BIG, nullable=False),
    sa.Column('case_code', TEXT(), nullable=False),
    sa.Column('reason', TEXT(), nullable=False),
    sa.Column('placed_by', sa.Integer(), nullable=False),
    sa.Column('placed_at', models.store.Instant(), nullable=False),
    sa.Column('lift_reason', TEXT(), nullable=True),
    sa.Column('lifted_by', sa.Integer(), nullable=True),
    sa.Column('lifted_at', models.store.Instant(), nullable=True),
    _key('legal_hold', 'reason', 'item.digest'),
    _key('legal_hold', 'placed_by', 'person.id'),
    _key('legal_hold', 'lift_reason', 'item.digest'),
    _key('legal_hold', 'lifted_by', 'person.id'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_legal_hold'))
    )
    op.create_index('ix_legal_hold_case_code', 'legal_hold', ['case_code'])
    op.create_table('mask',
    sa.Column('id', BIG, nullable=False),
    sa.Column('digest', TEXT(), nullable=False),
    sa.Column('case_code', TEXT(), nullable=False),
    sa.Column('spans', sa.JSON(), nullable=False),
    sa.Column('reason', TEXT(), nullable=False),
    sa.Column('asked_by', sa.Integer(), nullable=False),
    sa.Column('asked_at', models.store.Instant(), nullable=False),
    sa.Column('approved_by', sa.Integer(), nullable=True),
    sa.Column('done_at', models.store.Instant(), nullable=True),
    _key('mask', 'digest', 'item.digest'),
    _key('mask', 'reason', 'item.digest'),
    _key('mask', 'asked_by', 'person.id'),
    _key('mask', 'approved_by', 'person.id'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mask'))
    )
    op.create_index('ix_mask_case_code', 'mask', ['case_code'])


def downgrade() -> None:
    for table in ('mask', 'legal_hold', 'brake', 'unit_setting'):
        op.drop_table(table)
    op.drop_index('ix_answer_approval', 'answer')
    for table, columns in ADDED.items():
        for column in columns:
            op.drop_column(table, column.name)
