"""The one door in: store once, before anything is acknowledged to the channel; fetch files; hand on in order."""

import logging
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence

from sqlmodel import col, select

from bot.channels.base import Arrival, RemoteChannel, SendError
from bot.machine import Machine
from models.item import Attachment, digest
from models.message import InboxMessage, InboxState
from models.store import Store

log = logging.getLogger(__name__)

Also = Callable[[Store, Sequence[InboxMessage]], Awaitable[None]]


class Inbox:
    """Producers put messages here; the dispatcher takes them out."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine

    async def put(self, arrivals: Sequence[Arrival], also: Also | None = None) -> list[int]:
        """Store what is new and return its ids; when this returns, it is committed and may be acknowledged.

        A second delivery of the same update is recognised by (channel, external_id) and left out. `also` runs in the same
        transaction on the rows that were new.
        """
        now = self.machine.now()

        async def work(store: Store) -> list[int]:
            await self.machine.database.locks.arrive(store, {(a.channel, a.chat) for a in arrivals})
            known = await store.execute(
                select(InboxMessage.channel, InboxMessage.external_id).where(
                    col(InboxMessage.channel).in_({a.channel for a in arrivals}),
                    col(InboxMessage.external_id).in_({a.external_id for a in arrivals}),
                )
            )
            seen = {(channel, external_id) for channel, external_id in known.all()}
            rows: list[InboxMessage] = []
            for arrival in arrivals:
                if (arrival.channel, arrival.external_id) in seen:
                    continue
                seen.add((arrival.channel, arrival.external_id))
                rows.append(
                    InboxMessage(
                        channel=arrival.channel,
                        external_id=arrival.external_id,
                        chat=arrival.chat,
                        message_key=arrival.message_key,
                        payload=arrival.payload,
                        received_at=now,
                        state=InboxState.FETCHING if arrival.fetching else InboxState.READY,
                    )
                )
            store.add_all(rows)
            await store.flush()
            if also is not None:
                await also(store, rows)
            return [row.id for row in rows if row.id is not None]

        ids = await self.machine.database.write(work)
        self.machine.signals.inbox.nudge()
        if any(arrival.fetching for arrival in arrivals):
            self.machine.signals.fetch.nudge()
        return ids


class Fetcher:
    """Downloads the files of messages that wait in `fetching`; only their own chats wait with them."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine

    async def run(self) -> None:
        """Fetch for ever."""
        while True:
            await self.fetch_waiting()
            await self.machine.signals.fetch.wait(5)

    async def fetch_waiting(self) -> int:
        """Fetch everything that waits now; returns how many messages became ready."""
        async with self.machine.database.read() as store:
            rows = (
                await store.scalars(select(InboxMessage).where(InboxMessage.state == InboxState.FETCHING).order_by(col(InboxMessage.id)))
            ).all()
        ready = 0
        for row in rows:
            ready += await self._fetch(row)
        return ready

    async def _fetch(self, row: InboxMessage) -> bool:
        channel = self.machine.channels.get(row.channel)
        files: list[Attachment] = []
        if isinstance(channel, RemoteChannel) and row.payload is not None:
            for remote in channel.read(row.payload).remote:
                try:
                    content = await channel.fetch(remote)
                except SendError as error:
                    log.warning("a file could not be fetched", extra={"action": "fetch", "cause_id": row.id, "problem": error.problem})
                    continue
                files.append(await keep(self.machine, content, remote.name, inbox_id=row.id))

        async def work(store: Store) -> None:
            held = await store.get(InboxMessage, row.id, with_for_update={"key_share": True})
            if held is not None and held.state is InboxState.FETCHING:  # another machine may have been faster
                store.add_all(files)
                held.state = InboxState.READY

        await self.machine.database.write(work)
        self.machine.signals.inbox.nudge()
        return True


async def keep(machine: Machine, content: bytes, name: str | None, *, inbox_id: int | None = None) -> Attachment:
    """Store bytes we hold and describe them; the row is not written yet."""

    async def whole() -> AsyncGenerator[bytes]:
        yield content

    identity, salt = machine.ids.name(), machine.ids.salt()
    kept = await machine.files.keep(identity, whole())
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
