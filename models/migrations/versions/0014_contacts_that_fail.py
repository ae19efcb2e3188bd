"""Accounts that do not work any more, and plans for units that are taken back"""

import sqlalchemy as sa
from alembic import op

import models.store


revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None


def upgrade() -> None:
    values = "'blocked', 'bounced', 'silent'"
    op.execute(f'ALTER TABLE account ADD COLUMN trouble VARCHAR(32) CONSTRAINT ck_account_trouble CHECK (trouble IN ({values}))')
    op.add_column('account', sa.Column('trouble_at', models.store.Instant(), nullable=True))
    op.add_column('account', sa.Column('called_at', models.store.Instant(), nullable=True))
    op.add_column('restructuring', sa.Column('cancelled_at', models.store.Instant(), nullable=True))


def downgrade() -> None:
    op.drop_column('restructuring', 'cancelled_at')
    for column in ('called_at', 'trouble_at', 'trouble'):
        op.drop_column('account', column)
