"""Who is on duty, and who stands in for somebody away"""

import sqlalchemy as sa
from alembic import op

import models.store


revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    op.create_table('shift',
    sa.Column('id', BIG, nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('starts_at', models.store.Instant(), nullable=False),
    sa.Column('ends_at', models.store.Instant(), nullable=False),
    sa.Column('set_by', sa.Integer(), nullable=False),
    sa.Column('set_at', models.store.Instant(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_shift_person_id_person'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['set_by'], ['person.id'], name=op.f('fk_shift_set_by_person'), initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_shift'))
    )
    with op.batch_alter_table('shift', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_shift_ends_at'), ['ends_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_shift_person_id'), ['person_id'], unique=False)

    op.create_table('absence',
    sa.Column('id', BIG, nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('stand_in_id', sa.Integer(), nullable=False),
    sa.Column('starts_at', models.store.Instant(), nullable=False),
    sa.Column('ends_at', models.store.Instant(), nullable=False),
    sa.Column('set_by', sa.Integer(), nullable=False),
    sa.Column('set_at', models.store.Instant(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_absence_person_id_person'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['set_by'], ['person.id'], name=op.f('fk_absence_set_by_person'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['stand_in_id'], ['person.id'], name=op.f('fk_absence_stand_in_id_person'), initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_absence'))
    )
    with op.batch_alter_table('absence', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_absence_ends_at'), ['ends_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_absence_person_id'), ['person_id'], unique=False)


def downgrade() -> None:
    for table in ('absence', 'shift'):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_index(batch_op.f(f'ix_{table}_person_id'))
            batch_op.drop_index(batch_op.f(f'ix_{table}_ends_at'))
        op.drop_table(table)
