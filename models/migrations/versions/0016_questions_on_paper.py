"""Questions that came by letter or phone and were written down by an officer"""

import sqlalchemy as sa
import sqlmodel
from alembic import op


revision = '0016'
down_revision = '0015'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('inquiry') as batch:
        batch.add_column(sa.Column('came_by', sqlmodel.sql.sqltypes.AutoString(), nullable=False, server_default='chat'))
        batch.add_column(sa.Column('recorded_by', sa.Integer(), nullable=True))
        batch.create_foreign_key(
            op.f('fk_inquiry_recorded_by_person'), 'person', ['recorded_by'], ['id'], deferrable=True, initially='DEFERRED'
        )


def downgrade() -> None:
    with op.batch_alter_table('inquiry') as batch:
        batch.drop_constraint(op.f('fk_inquiry_recorded_by_person'), type_='foreignkey')
        batch.drop_column('recorded_by')
        batch.drop_column('came_by')
