"""What the office learns of who answers what; the edition of the directory; dated operations on units"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import models.store


revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None

CAUSES = ('answered', 'transferred', 'corrected', 'replaced', 'undone', 'restored')


def upgrade() -> None:
    op.create_table('lesson',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('case_code', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('concept', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('unit_id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('weight', sa.Integer(), nullable=False),
    sa.Column('cause', sa.Enum(*CAUSES, name='lessoncause', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('learned_at', models.store.Instant(), nullable=False),
    sa.ForeignKeyConstraint(['case_code'], ['inquiry.code'], name=op.f('fk_lesson_case_code_inquiry'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_lesson_unit_id_unit'), initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_lesson'))
    )
    op.create_index('ix_lesson_case_code', 'lesson', ['case_code'])
    op.create_index('ix_lesson_concept', 'lesson', ['concept'])
    op.create_table('restructuring',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.Enum('merge', 'split', 'rename', 'end', name='change', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('units', sa.JSON(), nullable=False),
    sa.Column('into', sa.JSON(), nullable=False),
    sa.Column('name', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('subjects', sa.JSON(), nullable=False),
    sa.Column('effective_at', models.store.Instant(), nullable=False),
    sa.Column('decision_no', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('planned_at', models.store.Instant(), nullable=False),
    sa.Column('done_at', models.store.Instant(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_restructuring'))
    )
    with op.batch_alter_table('unit') as batch:
        batch.add_column(sa.Column('passed_on', sa.JSON(), nullable=False, server_default='{}'))
        batch.add_column(sa.Column('revision', sa.Integer(), nullable=False, server_default='1'))


def downgrade() -> None:
    with op.batch_alter_table('unit') as batch:
        batch.drop_column('revision')
        batch.drop_column('passed_on')
    op.drop_table('restructuring')
    op.drop_table('lesson')
