"""Agreements, transfers to be taken, shared cases, internal demands, reviews, reports of obstruction"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import models.store


revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('obstruction',
    sa.Column('code', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('reporter_id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('unit_id', sqlmodel.sql.sqltypes.AutoString(), nullable=True),
    sa.Column('words', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('reported_at', models.store.Instant(), nullable=False),
    sa.Column('state', sa.Enum('reported', 'taken', 'shared', 'explained', 'closed', name='obstructionstate', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('taken_by', sa.Integer(), nullable=True),
    sa.Column('outcome', sa.Enum('settled', 'unfounded', 'handed_on', name='obstructionoutcome', native_enum=False, create_constraint=True, length=32), nullable=True),
    sa.Column('closed_at', models.store.Instant(), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_obstruction_account_id_account'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['reporter_id'], ['person.id'], name=op.f('fk_obstruction_reporter_id_person'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['taken_by'], ['person.id'], name=op.f('fk_obstruction_taken_by_person'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_obstruction_unit_id_unit'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['words'], ['item.digest'], name=op.f('fk_obstruction_words_item'), initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('code', name=op.f('pk_obstruction'))
    )
    with op.batch_alter_table('obstruction', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_obstruction_reporter_id'), ['reporter_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_obstruction_state'), ['state'], unique=False)
        batch_op.create_index(batch_op.f('ix_obstruction_unit_id'), ['unit_id'], unique=False)

    op.create_table('co_assignment',
    sa.Column('case_code', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('unit_id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('reason', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('given_by', sa.Integer(), nullable=False),
    sa.Column('given_at', models.store.Instant(), nullable=False),
    sa.ForeignKeyConstraint(['case_code'], ['inquiry.code'], name=op.f('fk_co_assignment_case_code_inquiry'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['given_by'], ['person.id'], name=op.f('fk_co_assignment_given_by_person'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['reason'], ['item.digest'], name=op.f('fk_co_assignment_reason_item'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_co_assignment_unit_id_unit'), initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('case_code', 'unit_id', name=op.f('pk_co_assignment'))
    )
    with op.batch_alter_table('co_assignment', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_co_assignment_unit_id'), ['unit_id'], unique=False)

    op.create_table('demand',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('case_code', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('asking_unit', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('unit_id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('question', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('asked_by', sa.Integer(), nullable=False),
    sa.Column('asked_at', models.store.Instant(), nullable=False),
    sa.Column('wanted_by', models.store.Instant(), nullable=True),
    sa.Column('deadline_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('state', sa.Enum('open', 'answered', 'cancelled', name='demandstate', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('input', sqlmodel.sql.sqltypes.AutoString(), nullable=True),
    sa.Column('answered_by', sa.Integer(), nullable=True),
    sa.Column('settled_at', models.store.Instant(), nullable=True),
    sa.ForeignKeyConstraint(['answered_by'], ['person.id'], name=op.f('fk_demand_answered_by_person'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['asked_by'], ['person.id'], name=op.f('fk_demand_asked_by_person'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['asking_unit'], ['unit.id'], name=op.f('fk_demand_asking_unit_unit'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['case_code'], ['inquiry.code'], name=op.f('fk_demand_case_code_inquiry'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['deadline_id'], ['deadline.id'], name=op.f('fk_demand_deadline_id_deadline'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['input'], ['item.digest'], name=op.f('fk_demand_input_item'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['question'], ['item.digest'], name=op.f('fk_demand_question_item'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_demand_unit_id_unit'), initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_demand'))
    )
    with op.batch_alter_table('demand', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_demand_case_code'), ['case_code'], unique=False)
        batch_op.create_index(batch_op.f('ix_demand_state'), ['state'], unique=False)
        batch_op.create_index(batch_op.f('ix_demand_unit_id'), ['unit_id'], unique=False)

    op.create_table('review',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('case_code', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('cause', sa.Enum('refused', 'partial', 'late', name='reviewcause', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('words', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('asked_at', models.store.Instant(), nullable=False),
    sa.Column('deadline_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('outcome', sa.Enum('upheld', 'anew', 'lifted', name='reviewoutcome', native_enum=False, create_constraint=True, length=32), nullable=True),
    sa.Column('reason', sqlmodel.sql.sqltypes.AutoString(), nullable=True),
    sa.Column('decided_by', sa.Integer(), nullable=True),
    sa.Column('decided_at', models.store.Instant(), nullable=True),
    sa.ForeignKeyConstraint(['case_code'], ['inquiry.code'], name=op.f('fk_review_case_code_inquiry'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['deadline_id'], ['deadline.id'], name=op.f('fk_review_deadline_id_deadline'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['decided_by'], ['person.id'], name=op.f('fk_review_decided_by_person'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['reason'], ['item.digest'], name=op.f('fk_review_reason_item'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['words'], ['item.digest'], name=op.f('fk_review_words_item'), initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_review'))
    )
    with op.batch_alter_table('review', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_review_case_code'), ['case_code'], unique=False)

    op.create_table('agreement',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('matter_code', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('case_code', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('answer_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('unit_id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('asked_at', models.store.Instant(), nullable=False),
    sa.Column('settled_at', models.store.Instant(), nullable=True),
    sa.Column('settled_by', sa.Integer(), nullable=True),
    sa.Column('waived', sa.Boolean(), nullable=False),
    sa.Column('objection', sqlmodel.sql.sqltypes.AutoString(), nullable=True),
    sa.ForeignKeyConstraint(['answer_id'], ['answer.id'], name=op.f('fk_agreement_answer_id_answer'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['case_code'], ['inquiry.code'], name=op.f('fk_agreement_case_code_inquiry'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['matter_code'], ['matter.code'], name=op.f('fk_agreement_matter_code_matter'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['objection'], ['item.digest'], name=op.f('fk_agreement_objection_item'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['settled_by'], ['person.id'], name=op.f('fk_agreement_settled_by_person'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_agreement_unit_id_unit'), initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_agreement'))
    )
    with op.batch_alter_table('agreement', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_agreement_answer_id'), ['answer_id'], unique=False)

    op.add_column('inquiry', sa.Column('transferred_from', sqlmodel.sql.sqltypes.AutoString(), nullable=True))


def downgrade() -> None:
    op.drop_column('inquiry', 'transferred_from')
    with op.batch_alter_table('agreement', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_agreement_answer_id'))

    op.drop_table('agreement')
    with op.batch_alter_table('review', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_review_case_code'))

    op.drop_table('review')
    with op.batch_alter_table('demand', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_demand_unit_id'))
        batch_op.drop_index(batch_op.f('ix_demand_state'))
        batch_op.drop_index(batch_op.f('ix_demand_case_code'))

    op.drop_table('demand')
    with op.batch_alter_table('co_assignment', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_co_assignment_unit_id'))

    op.drop_table('co_assignment')
    with op.batch_alter_table('obstruction', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_obstruction_unit_id'))
        batch_op.drop_index(batch_op.f('ix_obstruction_state'))
        batch_op.drop_index(batch_op.f('ix_obstruction_reporter_id'))

    op.drop_table('obstruction')
