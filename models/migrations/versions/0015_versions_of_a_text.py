"""Find the versions of a text without reading every text"""

from alembic import op


revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f('ix_item_replaces'), 'item', ['replaces'])


def downgrade() -> None:
    op.drop_index(op.f('ix_item_replaces'), 'item')
