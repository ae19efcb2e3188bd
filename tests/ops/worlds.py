"""A remote world that answers when the test says so, and a machine whose echo speaks to it."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

from sqlmodel import select

from bot.channels.base import Arrival, Capabilities, Parcel, Reading, Receipt, RemoteFile
from bot.channels.internal import INTERNAL
from bot.pacer import Pacer
from bot.sender import Sender
from handlers.contract import Kind
from models.messages.message import OutboxMessage, OutboxState
from tests.web.room import Room, room_in

SLOW = "slow"


class SlowChannel:
    """Takes a message at once, and says so only when `gate` is open."""

    name = SLOW
    capabilities = Capabilities(text_limit=4096, buttons=True, bundles_files=False, upload_limit=1)

    def __init__(self) -> None:
        self.gate, self.taken = asyncio.Event(), asyncio.Event()
        self.texts: list[str] = []
        self.pacer = Pacer(1000)

    def read(self, payload: str) -> Reading:
        """The payload is the text."""
        return Reading(Kind.TEXT, payload)

    async def send(self, parcel: Parcel) -> Receipt:
        """Taken, then slow."""
        self.texts.append(parcel.text)
        self.taken.set()
        await self.gate.wait()
        return Receipt(f"m{len(self.texts)}")

    async def fetch(self, file: RemoteFile) -> bytes:
        """There is nothing."""
        return b""


@asynccontextmanager
async def slow_room(home: Path) -> AsyncGenerator[tuple[Room, SlowChannel, Sender]]:
    """A room with a slow world beside the web."""
    async with room_in(home) as room:
        channel = SlowChannel()
        room.machine.channels = {**room.machine.channels, SLOW: channel, **{c.name: c for c in INTERNAL}}
        yield room, channel, Sender(room.machine, channel)


async def says(room: Room, text: str, number: int = 1) -> None:
    """Somebody in the slow world writes; the answer is queued."""
    await room.inbox.put([Arrival(SLOW, f"u{number}", "someone", text)])
    await room.dispatcher.drain()


async def outbox_of(room: Room) -> list[OutboxMessage]:
    """Every outbound message."""
    async with room.machine.database.read() as store:
        return list((await store.scalars(select(OutboxMessage))).all())


async def states(room: Room) -> list[OutboxState]:
    """How far every outbound message has come."""
    return [row.state for row in await outbox_of(room)]
