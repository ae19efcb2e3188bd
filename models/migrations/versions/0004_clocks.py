"""Clocks that ring step by step, and who asks"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import models.store


revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None

TARGET = sa.Enum('final', 'acknowledge', 'first_substance', 'aside', name='target', native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    with op.batch_alter_table('deadline') as batch:
        batch.add_column(sa.Column('target', TARGET, nullable=False, server_default='final'))
        batch.add_column(sa.Column('unit_id', sqlmodel.sql.sqltypes.AutoString(), nullable=True))
        batch.add_column(sa.Column('urgent', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch.add_column(sa.Column('told_until', models.store.Instant(), nullable=True))
        batch.add_column(sa.Column('rings_at', models.store.Instant(), nullable=True))
        batch.add_column(sa.Column('history', sa.JSON(), nullable=False, server_default='[]'))
    op.add_column('inquiry', sa.Column('kind', sqlmodel.sql.sqltypes.AutoString(), nullable=False, server_default='ordinary'))
    op.add_column('reporter', sa.Column('asker', sqlmodel.sql.sqltypes.AutoString(), nullable=False, server_default='press'))


def downgrade() -> None:
    op.drop_column('reporter', 'asker')
    op.drop_column('inquiry', 'kind')
    with op.batch_alter_table('deadline') as batch:
        for name in ('history', 'rings_at', 'told_until', 'urgent', 'unit_id', 'target'):
            batch.drop_column(name)
