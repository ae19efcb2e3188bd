"""How concurrent units of work keep out of each other's way. SQLite runs one at a time and needs none of it.

PostgreSQL's advisory locks end with the transaction that took them, and what is read after one is taken is read as it is
then (`READ COMMITTED`). Whoever holds several kinds takes them in the order of this file, `ledger` last; see
`docs/decisions/0006-order-on-postgresql.md`.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import text

from models.store import Store

Chat = tuple[str, str]  # channel and the chat's identity there

# The first number of two-number locks; chats use the one-number space, which never meets this one.
_FAMILY = 1885863936
_LEDGER, _RUNNING, _STARTING = 1, 2, 3
_BROADCASTS = _FAMILY + 1  # a first number too; the second is the broadcast's

_ARRIVE = text(
    "SELECT pg_advisory_xact_lock(key) FROM (SELECT DISTINCT hashtextextended(chat, 1) AS key FROM unnest(CAST(:chats AS text[])) AS chat"
    " ORDER BY key) AS keys"
)
# The oldest messages are looked through for chats nobody holds; what another dispatcher holds is left to it.
_FREE = text(
    "WITH oldest AS MATERIALIZED (SELECT channel, chat, id FROM inbox WHERE state = 'ready' ORDER BY id LIMIT :window),"
    " chats AS MATERIALIZED (SELECT channel, chat FROM oldest GROUP BY channel, chat ORDER BY min(id))"
    " SELECT channel, chat FROM chats WHERE pg_try_advisory_xact_lock(hashtextextended(channel || chr(31) || chat, 0)) LIMIT :most"
)
_CHAT = text("SELECT pg_try_advisory_xact_lock(hashtextextended(:channel || chr(31) || :chat, 0))")
_LOCK = text("SELECT pg_advisory_xact_lock(:family, :lock)")
_TRY = text("SELECT pg_try_advisory_xact_lock(:family, :lock)")

CHATS = 32  # chats one dispatcher takes at a time; the others are left to other dispatchers
WINDOW = 512  # ready messages looked through for them


class Locks:
    """One writer at a time: everything is free."""

    async def arrive(self, store: Store, chats: Collection[Chat]) -> None:
        """Before rows of these chats get their ids: ids of one chat are committed in their order."""

    async def free_chats(self, store: Store) -> Sequence[Chat] | None:
        """The chats with work that are now held by this unit alone; None stands for every chat."""
        return None

    async def chat(self, store: Store, chat: Chat) -> bool:
        """Hold one chat until the commit; False where another unit holds it."""
        return True

    async def ledger(self, store: Store) -> None:
        """Hold the end of the exchange log; taken last, and read only after."""

    async def starting(self, store: Store) -> None:
        """One machine after another."""

    async def alone(self, store: Store) -> bool:
        """Whether no other machine runs, so that what is in flight is nobody's."""
        return True


class PostgresLocks(Locks):
    """Several units at a time, on any number of machines."""

    async def arrive(self, store: Store, chats: Collection[Chat]) -> None:
        """Sorted, so that two units that want the same chats wait for each other in one direction only."""
        if chats:
            await store.execute(_ARRIVE, {"chats": [f"{channel}\x1f{chat}" for channel, chat in chats]})

    async def free_chats(self, store: Store) -> Sequence[Chat] | None:
        """The chats of the oldest ready messages, without waiting for any."""
        found = await store.execute(_FREE, {"window": WINDOW, "most": CHATS})
        return [(channel, chat) for channel, chat in found.all()]

    async def chat(self, store: Store, chat: Chat) -> bool:
        """Without waiting: who holds the chat handles its messages."""
        return bool(await store.scalar(_CHAT, {"channel": chat[0], "chat": chat[1]}))

    async def ledger(self, store: Store) -> None:
        """Waits for the commit of whoever writes now."""
        await store.execute(_LOCK, {"family": _FAMILY, "lock": _LEDGER})

    async def starting(self, store: Store) -> None:
        """What only the first machine does, the next one finds done."""
        await store.execute(_LOCK, {"family": _FAMILY, "lock": _STARTING})

    async def alone(self, store: Store) -> bool:
        """Every machine that runs holds its share of this lock while it lives (`RUNNING`)."""
        return bool(await store.scalar(_TRY, {"family": _FAMILY, "lock": _RUNNING}))


# For connections of their own, with the same numbers: families 1885863936 and, for duties, 1885863938.
RUNNING: Final = "SELECT pg_advisory_lock_shared(1885863936, 2)"
STARTING: Final = "SELECT pg_advisory_xact_lock(1885863936, 3)"
TAKE: Final = "SELECT duty FROM unnest(CAST(%(duties)s AS text[])) AS duty WHERE pg_try_advisory_lock(1885863938, hashtext(duty))"
GIVE_BACK: Final = "SELECT pg_advisory_unlock_all()"
# The server gives locks back when it notices that a machine is gone; unless told otherwise that may take hours.
HASTE: Mapping[str, Any] = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "options": "-c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3",
}


async def settle_broadcast(store: Store, broadcast: int) -> None:
    """Senders that finish the last rows of a broadcast side by side do so one after another: the last one sees that it is."""
    if store.shared:
        await store.execute(_LOCK, {"family": _BROADCASTS, "lock": broadcast})
