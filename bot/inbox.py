"""The one door in: store once, before anything is acknowledged to the channel; fetch files; hand on in order."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import bindparam, insert
from sqlmodel import col, select

from bot.channels.base import Arrival, Rejected, RemoteChannel, SendError, Unreachable
from bot.database import Database
from bot.files import TooLarge
from bot.machine import Machine, Now
from bot.signals import Signals
from models.evidence.item import Attachment, digest
from models.messages.message import InboxMessage, InboxState
from models.store import Store, table_of

log = logging.getLogger(__name__)

AT_ONCE = 4  # downloads side by side
WAITING = 200  # messages looked at together
TRIES = 6  # about two minutes; then the message is handled without its file, and the person is told

Also = Callable[[Store, Sequence[InboxMessage]], Awaitable[None]]


_ARRIVE = insert(table_of(InboxMessage))  # asks for no ids: SQLite would be given one row at a time, to tell them in order

_STORED = select(InboxMessage.id, InboxMessage.channel, InboxMessage.external_id).where(
    col(InboxMessage.channel).in_(bindparam("channels", expanding=True)),
    col(InboxMessage.external_id).in_(bindparam("names", expanding=True)),
)


def _columns(arrival: Arrival, at: datetime) -> dict[str, Any]:
    return {
        "channel": arrival.channel,
        "external_id": arrival.external_id,
        "chat": arrival.chat,
        "message_key": arrival.message_key,
        "payload": arrival.payload,
        "received_at": at,
        "state": InboxState.FETCHING if arrival.fetching else InboxState.READY,
    }


async def _stored(store: Store, arrivals: Sequence[Arrival]) -> dict[tuple[str, str], int]:
    """Which of these the inbox has, and their ids."""
    channels, names = {a.channel for a in arrivals}, {a.external_id for a in arrivals}
    found = await store.execute(_STORED, {"channels": [*channels], "names": [*names]})
    return {(channel, name): row for row, channel, name in found.all()}


class Doorway(Protocol):
    """What storing a message takes; a `Machine` has it, and so has the entrance before there is one."""

    now: Now
    database: Database
    signals: Signals


class Inbox:
    """Producers put messages here; the dispatcher takes them out."""

    def __init__(self, machine: Doorway) -> None:
        self.machine = machine

    async def put(self, arrivals: Sequence[Arrival], also: Also | None = None) -> list[int]:
        """Store what is new and return its ids; when this returns, it is committed and may be acknowledged.

        A second delivery of the same update is recognised by (channel, external_id) and left out. `also` runs in the same
        transaction on the rows that were new.
        """
        now = self.machine.now()

        async def work(store: Store) -> list[int]:
            await self.machine.database.locks.arrive(store, {(a.channel, a.chat) for a in arrivals})
            seen = {*await _stored(store, arrivals)}
            fresh: list[dict[str, Any]] = []
            for arrival in arrivals:
                if (arrival.channel, arrival.external_id) not in seen:
                    seen.add((arrival.channel, arrival.external_id))
                    fresh.append(_columns(arrival, now))
            if not fresh:
                return []
            await store.execute(_ARRIVE, fresh)
            stored = await _stored(store, arrivals)
            ids = [stored[columns["channel"], columns["external_id"]] for columns in fresh]
            if also is not None:
                await also(store, [InboxMessage(id=row, **columns) for row, columns in zip(ids, fresh, strict=True)])
            return ids

        ids = await self.machine.database.write(work)
        self.machine.signals.inbox.nudge()
        if any(arrival.fetching for arrival in arrivals):
            self.machine.signals.fetch.nudge()
        return ids


class Fetcher:
    """Downloads the files of messages that wait in `fetching`; only their own chats wait with them."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self._failed: dict[int, tuple[int, datetime]] = {}  # row → how often in vain, and when again

    async def run(self) -> None:
        """Fetch for ever."""
        while True:
            await self.fetch_waiting()
            await self.machine.signals.fetch.wait(1 if self._failed else 5)

    async def fetch_waiting(self) -> int:
        """Fetch everything that waits now, chat by chat and chats side by side; returns how many messages became ready."""
        async with self.machine.database.read() as store:
            query = select(InboxMessage).where(InboxMessage.state == InboxState.FETCHING).order_by(col(InboxMessage.id)).limit(WAITING)
            rows = (await store.scalars(query)).all()
        chats: dict[tuple[str, str], list[InboxMessage]] = defaultdict(list)
        for row in rows:
            chats[row.channel, row.chat].append(row)
        room = asyncio.Semaphore(AT_ONCE)
        return sum(await asyncio.gather(*(self._fetch_chat(waiting, room) for waiting in chats.values())))

    async def _fetch_chat(self, rows: Sequence[InboxMessage], room: asyncio.Semaphore) -> int:
        ready = 0
        for row in rows:
            async with room:
                if not await self._fetch(row):
                    break
            ready += 1
        return ready

    async def _fetch(self, row: InboxMessage) -> bool:
        """The files of one message; False if they are to be tried again later."""
        tried, again = self._failed.get(row.id or 0, (0, row.received_at))
        if again > self.machine.now():
            return False
        channel = self.machine.channels.get(row.channel)
        files: list[Attachment] = []
        if isinstance(channel, RemoteChannel) and row.payload is not None:
            for remote in channel.read(row.payload).remote:
                try:
                    files.append(await stream(self.machine, channel.fetch(remote), remote.name, inbox_id=row.id))
                except (Rejected, Unreachable, TooLarge) as error:
                    self._missed(row, error)
                except SendError as error:
                    self._missed(row, error)
                    if tried + 1 < TRIES:
                        self._failed[row.id or 0] = (tried + 1, self.machine.now() + timedelta(seconds=2 ** (tried + 1)))
                        return False
        self._failed.pop(row.id or 0, None)
        await self._ready(row, files)
        return True

    def _missed(self, row: InboxMessage, error: Exception) -> None:
        log.warning("a file could not be fetched", extra={"action": "fetch", "cause_id": row.id, "problem": type(error).__name__})

    async def _ready(self, row: InboxMessage, files: Sequence[Attachment]) -> None:
        async def work(store: Store) -> None:
            held = await store.get(InboxMessage, row.id, with_for_update={"key_share": True})
            if held is not None and held.state is InboxState.FETCHING:  # another machine may have been faster
                store.add_all(files)
                held.state = InboxState.READY

        await self.machine.database.write(work)
        self.machine.signals.inbox.nudge()


async def keep(machine: Machine, content: bytes, name: str | None, *, inbox_id: int | None = None) -> Attachment:
    """Store bytes we hold and describe them; the row is not written yet."""

    async def whole() -> AsyncGenerator[bytes]:
        yield content

    return await stream(machine, whole(), name, inbox_id=inbox_id)


async def stream(machine: Machine, pieces: AsyncIterator[bytes], name: str | None, *, inbox_id: int | None = None) -> Attachment:
    """Store bytes as they come and describe them; the row is not written yet."""
    identity, salt = machine.ids.name(), machine.ids.salt()
    kept = await machine.files.keep(identity, pieces)
    return Attachment(
        id=identity,
        digest=digest(salt, bytes.fromhex(kept.sha256)),
        salt=salt,
        sha256=kept.sha256,
        name=name,
        media_type=kept.media_type,
        size=kept.size,
        created_at=machine.now(),
        inbox_id=inbox_id,
    )
