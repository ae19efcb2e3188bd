"""Sends what is due, one loop per channel: a local world in one transaction, a remote one call by call."""

import asyncio
import logging
from collections.abc import Sequence

from bot import outbox
from bot.channels.base import Channel, LocalChannel, Parcel, Rejected, RemoteChannel, SendError
from bot.machine import Machine
from models.message import OutboxState
from models.store import Store

log = logging.getLogger(__name__)

IN_FLIGHT = 32  # calls to one channel at a time


class Sender:
    """The loop of one channel."""

    def __init__(self, machine: Machine, channel: Channel) -> None:
        self.machine = machine
        self.channel = channel

    async def run(self) -> None:
        """Send for ever."""
        while True:
            if not await self.step():
                await self.machine.signals.outbox.wait(1)

    async def drain(self) -> int:
        """Send everything that is due now; returns how many rows were settled."""
        total = 0
        while sent := await self.step():
            total += sent
        return total

    async def step(self) -> int:
        """Send one batch; returns how many rows were settled."""
        if isinstance(self.channel, LocalChannel):
            return await self._post(self.channel)
        if isinstance(self.channel, RemoteChannel):
            return await self._send(self.channel)
        return 0

    async def _post(self, channel: LocalChannel) -> int:
        chats: list[str] = []

        async def work(store: Store) -> int:
            chats.clear()
            rows = await outbox.due(store, channel.name, self.machine.now())
            if rows:
                parcels = await outbox.parcels(store, self.machine, rows)
                chats.extend(parcel.chat for parcel in parcels)
                await self.machine.database.locks.arrive(store, {(channel.name, chat) for chat in chats})
                keys = await channel.post(store, parcels)
                await outbox.settle(store, [outbox.Result(r, key) for r, key in zip(rows, keys, strict=True)], self.machine.now())
            return len(rows)

        settled = await self.machine.database.write(work)
        self.machine.posted(channel, chats)
        if settled:
            self.machine.signals.inbox.nudge()
        return settled

    async def _send(self, channel: RemoteChannel) -> int:
        async def claim(store: Store) -> list[Parcel]:
            rows = await outbox.due(store, channel.name, self.machine.now(), IN_FLIGHT)
            made = await outbox.parcels(store, self.machine, rows) if rows else []
            await outbox.mark_sending(store, [r.id for r in rows if r.id is not None], self.machine.now())
            return made

        parcels = await self.machine.database.write(claim)
        if not parcels:
            return 0
        results = await asyncio.gather(*(self._deliver(channel, parcel) for parcel in parcels))
        await self._settle(results)
        return len(results)

    async def _deliver(self, channel: RemoteChannel, parcel: Parcel) -> outbox.Result:
        parcel.row.state = OutboxState.SENDING
        try:
            return outbox.Result(parcel.row, await channel.send(parcel))
        except SendError as error:
            log.info("a message was not delivered", extra={"action": "send", "cause_id": parcel.row.cause_id, "problem": error.problem})
            return outbox.Result(parcel.row, error=error)
        except Exception as error:
            log.exception("a channel failed in a way it does not declare", extra={"action": "send", "cause_id": parcel.row.cause_id})
            return outbox.Result(parcel.row, error=Rejected(type(error).__name__))

    async def _settle(self, results: Sequence[outbox.Result]) -> None:
        await self.machine.database.write(lambda store: outbox.settle(store, results, self.machine.now()))
        self.machine.signals.inbox.nudge()
