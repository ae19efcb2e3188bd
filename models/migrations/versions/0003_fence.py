"""Which installation a database belongs to, and whether it may send"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import models.store


revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('installation',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('instance', sqlmodel.sql.sqltypes.AutoString(length=32), nullable=False),
    sa.Column('counter', sa.Integer(), nullable=False),
    sa.Column('fenced_at', models.store.Instant(), nullable=True),
    sa.Column('fenced_why', sqlmodel.sql.sqltypes.AutoString(), nullable=True),
    sa.Column('probe', sa.Text(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_installation'))
    )


def downgrade() -> None:
    op.drop_table('installation')
