"""Uploads known to channels, linking codes, and indexes for sending in order"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import models.store


revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    op.create_table('upload',
    sa.Column('attachment_id', sqlmodel.sql.sqltypes.AutoString(length=32), nullable=False),
    sa.Column('channel', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('reference', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['attachment_id'], ['attachment.id'], name=op.f('fk_upload_attachment_id_attachment'), initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('attachment_id', 'channel', name=op.f('pk_upload'))
    )
    op.create_table('link_code',
    sa.Column('id', BIG, nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('salt', sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
    sa.Column('code_hash', sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
    sa.Column('created_at', models.store.Instant(), nullable=False),
    sa.Column('expires_at', models.store.Instant(), nullable=False),
    sa.Column('used_at', models.store.Instant(), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_link_code_account_id_account'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_link_code_person_id_person'), initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_link_code'))
    )
    op.create_index('ix_link_code_account_id', 'link_code', ['account_id'])
    op.create_index('ix_link_code_person_id', 'link_code', ['person_id'])
    op.create_index('ix_link_code_expires_at', 'link_code', ['expires_at'])
    op.create_table('link_try',
    sa.Column('account_id', BIG, nullable=False),
    sa.Column('since', models.store.Instant(), nullable=False),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_link_try_account_id_account'), initially='DEFERRED', deferrable=True),
    sa.PrimaryKeyConstraint('account_id', name=op.f('pk_link_try'))
    )
    op.drop_index('ix_outbox_state_due', 'outbox')
    op.drop_index('ix_outbox_broadcast_id', 'outbox')
    op.create_index('ix_outbox_next', 'outbox', ['channel', 'state', 'priority', 'id'])
    op.create_index('ix_outbox_broadcast_state', 'outbox', ['broadcast_id', 'state'])


def downgrade() -> None:
    op.drop_index('ix_outbox_broadcast_state', 'outbox')
    op.drop_index('ix_outbox_next', 'outbox')
    op.create_index('ix_outbox_broadcast_id', 'outbox', ['broadcast_id'])
    op.create_index('ix_outbox_state_due', 'outbox', ['state', 'priority', 'due_at', 'id'])
    op.drop_table('link_try')
    op.drop_table('link_code')
    op.drop_table('upload')
