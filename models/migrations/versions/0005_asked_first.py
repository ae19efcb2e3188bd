"""Who of a unit was asked first"""

import sqlalchemy as sa
from alembic import op


revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('inquiry', sa.Column('brought_to', sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column('inquiry', 'brought_to')
