"""Matters, the units they concern, and texts of more kinds"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import models.store
from models import widening
from models.evidence.item import ItemKind


revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    widening.widen('item', 'kind', ItemKind)
    op.create_table('matter',
    sa.Column('code', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('title', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('kind', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('pack_id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('unit_id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('state', sa.Enum('open', 'spoken', 'closed', name='matterstate', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('opened_by', sa.Integer(), nullable=False),
    sa.Column('opened_at', models.store.Instant(), nullable=False),
    sa.Column('occurred_at', models.store.Instant(), nullable=True),
    sa.Column('received_handled_at', models.store.Instant(), nullable=True),
    sa.Column('impact_determined_at', models.store.Instant(), nullable=True),
    sa.Column('impact_determined_by', sa.Integer(), nullable=True),
    sa.Column('first_statement_at', models.store.Instant(), nullable=True),
    sa.Column('joint', sa.Boolean(), nullable=False),
    sa.Column('outcome', sa.Enum('spoken', 'not_needed', 'handed_on', name='matteroutcome', native_enum=False, create_constraint=True, length=32), nullable=True),
    sa.Column('closed_at', models.store.Instant(), nullable=True),
    sa.ForeignKeyConstraint(['impact_determined_by'], ['person.id'], name=op.f('fk_matter_impact_determined_by_person'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['opened_by'], ['person.id'], name=op.f('fk_matter_opened_by_person'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['title'], ['item.digest'], name=op.f('fk_matter_title_item'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_matter_unit_id_unit'), initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('code', name=op.f('pk_matter'))
    )
    with op.batch_alter_table('matter', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_matter_state'), ['state'], unique=False)
        batch_op.create_index(batch_op.f('ix_matter_unit_id'), ['unit_id'], unique=False)

    op.create_table('matter_unit',
    sa.Column('matter_code', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('unit_id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('added_at', models.store.Instant(), nullable=False),
    sa.ForeignKeyConstraint(['matter_code'], ['matter.code'], name=op.f('fk_matter_unit_matter_code_matter'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_matter_unit_unit_id_unit'), initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('matter_code', 'unit_id', name=op.f('pk_matter_unit'))
    )
    with op.batch_alter_table('inquiry', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_inquiry_matter_code'), ['matter_code'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('inquiry', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_inquiry_matter_code'))

    op.drop_table('matter_unit')
    with op.batch_alter_table('matter', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_matter_unit_id'))
        batch_op.drop_index(batch_op.f('ix_matter_state'))

    op.drop_table('matter')
