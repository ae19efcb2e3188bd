"""Contacts of posts and outlets, resident reporters, directory calls, proposals, the head's confirmation"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import models.store


revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
TEXT = sqlmodel.sql.sqltypes.AutoString
POSTS = "kind IN ('officer', 'head', 'member', 'press_officer', 'page_admin')"
TEXTS = {
    'post': ('office_phone', 'office_email', 'page'),
    'outlet': ('bureau', 'office_phone', 'office_email', 'website'),
}


def _key(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    target = other.partition('.')[0]
    return sa.ForeignKeyConstraint([column], [other], name=op.f(f'fk_{table}_{column}_{target}'), initially='DEFERRED', deferrable=True)


def upgrade() -> None:
    for table, columns in TEXTS.items():
        for column in columns:
            op.add_column(table, sa.Column(column, TEXT(), nullable=False, server_default=''))
    op.add_column('invitation', sa.Column('invited_by', BIG, nullable=True))
    op.add_column('invitation', sa.Column('to_confirm', sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column('invitation', sa.Column('confirmed_by', BIG, nullable=True))
    op.add_column('invitation', sa.Column('confirmed_at', models.store.Instant(), nullable=True))
    op.add_column('invitation', sa.Column('confirmed', sa.Boolean(), nullable=True))
    if op.get_bind().dialect.name == 'sqlite':  # the table is rebuilt, and its old check is left behind
        with op.batch_alter_table('post', recreate='always') as batch:
            batch.create_check_constraint(op.f('ck_post_postkind'), POSTS)
    else:
        op.drop_constraint(op.f('ck_post_postkind'), 'post', type_='check')
        op.create_check_constraint(op.f('ck_post_postkind'), 'post', POSTS)
    op.create_table('census',
    sa.Column('id', BIG, nullable=False),
    sa.Column('asked_by', sa.Integer(), nullable=False),
    sa.Column('asked_at', models.store.Instant(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('closed_at', models.store.Instant(), nullable=True),
    _key('census', 'asked_by', 'person.id'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_census'))
    )
    op.create_table('census_answer',
    sa.Column('id', BIG, nullable=False),
    sa.Column('census_id', sa.Integer(), nullable=False),
    sa.Column('unit_id', TEXT(), nullable=False),
    sa.Column('reply', sa.Enum('right', 'mend', name='reply', native_enum=False, create_constraint=True, length=32), nullable=True),
    sa.Column('note', TEXT(), nullable=True),
    sa.Column('answered_by', sa.Integer(), nullable=True),
    sa.Column('answered_at', models.store.Instant(), nullable=True),
    _key('census_answer', 'answered_by', 'person.id'),
    _key('census_answer', 'census_id', 'census.id'),
    _key('census_answer', 'note', 'item.digest'),
    _key('census_answer', 'unit_id', 'unit.id'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_census_answer')),
    sa.UniqueConstraint('census_id', 'unit_id', name=op.f('uq_census_answer_census_id_unit_id'))
    )
    op.create_index(op.f('ix_census_answer_census_id'), 'census_answer', ['census_id'])
    op.create_table('resident',
    sa.Column('id', BIG, nullable=False),
    sa.Column('outlet_id', TEXT(), nullable=False),
    sa.Column('name', TEXT(), nullable=False),
    sa.Column('position', TEXT(), nullable=False),
    sa.Column('office_phone', TEXT(), nullable=False),
    sa.Column('office_email', TEXT(), nullable=False),
    sa.Column('phone', TEXT(), nullable=False),
    sa.Column('email', TEXT(), nullable=False),
    _key('resident', 'outlet_id', 'outlet.id'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_resident'))
    )
    op.create_index(op.f('ix_resident_outlet_id'), 'resident', ['outlet_id'])
    op.create_table('proposal',
    sa.Column('id', BIG, nullable=False),
    sa.Column('unit_id', TEXT(), nullable=False),
    sa.Column('item', TEXT(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('proposed_at', models.store.Instant(), nullable=False),
    sa.Column('decided_by', sa.Integer(), nullable=True),
    sa.Column('decided_at', models.store.Instant(), nullable=True),
    sa.Column('taken', sa.Boolean(), nullable=True),
    _key('proposal', 'account_id', 'account.id'),
    _key('proposal', 'decided_by', 'person.id'),
    _key('proposal', 'item', 'item.digest'),
    _key('proposal', 'unit_id', 'unit.id'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_proposal'))
    )


def downgrade() -> None:
    for table in ('proposal', 'resident', 'census_answer', 'census'):
        op.drop_table(table)
    for column in ('invited_by', 'to_confirm', 'confirmed_by', 'confirmed_at', 'confirmed'):
        op.drop_column('invitation', column)
    for table, columns in TEXTS.items():
        for column in columns:
            op.drop_column(table, column)
