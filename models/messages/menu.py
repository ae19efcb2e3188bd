"""The last menu a chat was shown: what a number or a label typed there means (decision 0002: read from the outbox)."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select

from models.messages.message import OutboxMessage
from models.people.person import Account
from models.recall import recalled
from models.store import Store, table_of

LIFE = timedelta(hours=24)  # how long a number counts for the last menu
LONGEST = 60  # characters: a longer text is never a label typed by hand
_LOOKED_AT = 8  # messages without choices may have come since

Menu = tuple[list[dict[str, Any]], datetime]  # its choices, and when it was shown


async def last(store: Store, account_id: int) -> Menu | None:
    """The newest choices sent to a chat, and when; None where the last messages offered none."""
    known: dict[int, Menu | None] = recalled(store, "menus")
    if account_id not in known:
        await recall(store, [account_id])
    return known[account_id]


async def recall(store: Store, accounts: Collection[int]) -> None:
    """Read the last menus of many chats at once; what the present messages show is written after all of them were handled."""
    known: dict[int, Menu | None] = recalled(store, "menus")
    known.update(dict.fromkeys(accounts))
    for account_id, choices, shown_at in (await store.execute(_NEWEST, {"accounts": [*accounts]})).all() if accounts else ():
        if choices:
            known[account_id] = (choices, shown_at)


_CHAT, _SENT, _LATEST = table_of(Account), table_of(OutboxMessage), table_of(OutboxMessage).alias("latest")
_OF_CHAT = (
    select(_LATEST.c.id)
    .where(_LATEST.c.account_id == _CHAT.c.id, _LATEST.c.broadcast_id.is_(None))
    .order_by(_LATEST.c.id.desc())
    .limit(_LOOKED_AT)
    .correlate(_CHAT)
)
_NEWEST = (
    select(_CHAT.c.id, _SENT.c.choices, _SENT.c.created_at)
    .where(_CHAT.c.id.in_(bindparam("accounts", expanding=True)), _SENT.c.account_id == _CHAT.c.id, _SENT.c.id.in_(_OF_CHAT))
    .order_by(_SENT.c.id)  # of several the newest comes last, and stays
)
