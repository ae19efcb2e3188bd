"""Statements on a matter that a unit's head approves"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import models.store


revision = '0018'
down_revision = '0017'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('statement',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('matter_code', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('item', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('form', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('asked_at', models.store.Instant(), nullable=False),
    sa.Column('state', sa.Enum('asked', 'approved', 'returned', 'undone', 'spoken', 'owed', 'given_later', 'objected', name='statementstate', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('decided_by', sa.Integer(), nullable=True),
    sa.Column('decided_at', models.store.Instant(), nullable=True),
    sa.ForeignKeyConstraint(['decided_by'], ['person.id'], name=op.f('fk_statement_decided_by_person'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['item'], ['item.digest'], name=op.f('fk_statement_item_item'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['matter_code'], ['matter.code'], name=op.f('fk_statement_matter_code_matter'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_statement_person_id_person'), initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_statement'))
    )
    with op.batch_alter_table('statement', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_statement_matter_code'), ['matter_code'], unique=False)
        batch_op.create_index(batch_op.f('ix_statement_state'), ['state'], unique=False)


def downgrade() -> None:
    op.drop_table('statement')
