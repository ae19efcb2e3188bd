"""Which role's commands a chat shows"""

import sqlalchemy as sa
from alembic import op


revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('account', sa.Column('menu', sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column('account', 'menu')
