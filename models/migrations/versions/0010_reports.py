"""Activities, imported cases, frozen reports and orders for reports"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import models.store


revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('frozen_report',
    sa.Column('period', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('pack_id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('through', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('sha256', sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
    sa.Column('document', sa.Text(), nullable=False),
    sa.Column('frozen_at', models.store.Instant(), nullable=False),
    sa.PrimaryKeyConstraint('period', name=op.f('pk_frozen_report'))
    )
    op.create_table('activity',
    sa.Column('code', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('kind', sa.Enum('press_conference', 'briefing', 'periodic_information', 'false_report', 'correction_letter', name='activitykind', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('unit_id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('title', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('link', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('about', sqlmodel.sql.sqltypes.AutoString(), nullable=True),
    sa.Column('pack_id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('reference', sqlmodel.sql.sqltypes.AutoString(), nullable=True),
    sa.Column('recorded_at', models.store.Instant(), nullable=False),
    sa.Column('struck_at', models.store.Instant(), nullable=True),
    sa.ForeignKeyConstraint(['about'], ['activity.code'], name=op.f('fk_activity_about_activity'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['title'], ['item.digest'], name=op.f('fk_activity_title_item'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_activity_unit_id_unit'), initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('code', name=op.f('pk_activity')),
    sa.UniqueConstraint('reference', name=op.f('uq_activity_reference'))
    )
    op.create_index(op.f('ix_activity_day'), 'activity', ['day'], unique=False)
    op.create_index(op.f('ix_activity_unit_id'), 'activity', ['unit_id'], unique=False)
    op.create_table('imported_case',
    sa.Column('code', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('reference', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('unit_id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('requester', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('question', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('outcome', sa.Enum('answered', 'refused', 'withdrawn', 'open', name='pastoutcome', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('pack_id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('received_at', models.store.Instant(), nullable=False),
    sa.Column('ended_at', models.store.Instant(), nullable=True),
    sa.Column('due_at', models.store.Instant(), nullable=True),
    sa.Column('form', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('content', sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
    sa.Column('source', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('row', sa.Integer(), nullable=False),
    sa.Column('imported_at', models.store.Instant(), nullable=False),
    sa.ForeignKeyConstraint(['question'], ['item.digest'], name=op.f('fk_imported_case_question_item'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['requester'], ['item.digest'], name=op.f('fk_imported_case_requester_item'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_imported_case_unit_id_unit'), initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('code', name=op.f('pk_imported_case')),
    sa.UniqueConstraint('reference', name=op.f('uq_imported_case_reference'))
    )
    op.create_index(op.f('ix_imported_case_received_at'), 'imported_case', ['received_at'], unique=False)
    op.create_index(op.f('ix_imported_case_unit_id'), 'imported_case', ['unit_id'], unique=False)
    op.create_table('report_order',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('period', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('unit_id', sqlmodel.sql.sqltypes.AutoString(), nullable=True),
    sa.Column('asked_at', models.store.Instant(), nullable=False),
    sa.Column('done_at', models.store.Instant(), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_report_order_account_id_account'), initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_report_order'))
    )
    op.create_index(op.f('ix_report_order_done_at'), 'report_order', ['done_at'], unique=False)


def downgrade() -> None:
    op.drop_index(op.f('ix_report_order_done_at'), table_name='report_order')
    op.drop_table('report_order')
    op.drop_index(op.f('ix_imported_case_unit_id'), table_name='imported_case')
    op.drop_index(op.f('ix_imported_case_received_at'), table_name='imported_case')
    op.drop_table('imported_case')
    op.drop_index(op.f('ix_activity_unit_id'), table_name='activity')
    op.drop_index(op.f('ix_activity_day'), table_name='activity')
    op.drop_table('activity')
    op.drop_table('frozen_report')
