"""Sends what is due, one loop per channel: a local world in one transaction, a remote one call by call."""

import asyncio
import logging
from collections.abc import Sequence

from bot import outbox
from bot.channels.base import Channel, LocalChannel, Parcel, Rejected, RemoteChannel, SendError
from bot.machine import Machine
from bot.pulse import beat
from bot.trouble import passes
from models.message import OutboxState
from models.store import Store

log = logging.getLogger(__name__)

IN_FLIGHT = 32  # calls to one channel at a time
GRACE = 3.0  # seconds calls may still take when the machine stops
AGAIN = 1.0  # seconds until a result that could not be written is tried again


class Sender:
    """The loop of one channel."""

    def __init__(self, machine: Machine, channel: Channel) -> None:
        self.machine = machine
        self.channel = channel
        self._flight: asyncio.Task[int] | None = None
        self._calls: dict[asyncio.Task[outbox.Result], int] = {}  # what is on its way, by outbox row

    async def run(self) -> None:
        """Send for ever."""
        while True:
            beat()
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
            rows = await outbox.due(store, channel.name, self.machine.now())
            if rows:
                parcels = await outbox.parcels(store, self.machine, rows)
                keys = await channel.post(store, parcels)
                chats.extend(parcel.chat for parcel in parcels)
                await outbox.settle(store, [outbox.Result(r, key) for r, key in zip(rows, keys, strict=True)], self.machine.now())
            return len(rows)

        settled = await self.machine.database.write(work)
        if settled:
            self.machine.tally.attempts[channel.name, "sent"] += settled
        channel.posted(chats)
        if settled:
            self.machine.signals.inbox.nudge()
        return settled

    async def _send(self, channel: RemoteChannel) -> int:
        async def claim(store: Store) -> list[Parcel]:
            rows = await outbox.due(store, channel.name, self.machine.now(), IN_FLIGHT)
            made = await outbox.parcels(store, self.machine, rows) if rows else []
            await outbox.mark_sending(store, [r.id for r in rows if r.id is not None])
            return made

        if self._flight is None:  # a loop that was stopped and started again finds its calls still under way
            parcels = await self.machine.database.write(claim)
            if not parcels:
                return 0
            self._flight = asyncio.create_task(self._fly(channel, parcels))
        landed = await asyncio.shield(self._flight)
        self._flight = None
        return landed

    async def _fly(self, channel: RemoteChannel, parcels: Sequence[Parcel]) -> int:
        """Make the calls; what has arrived is written down even when the rest is given up."""
        self._calls = {asyncio.create_task(self._deliver(channel, parcel)): parcel.row.id or 0 for parcel in parcels}
        await asyncio.wait(self._calls)
        results = [call.result() for call in self._calls if not call.cancelled()]
        while True:
            try:
                await self._settle(results)
            except Exception as error:
                if not passes(error):
                    raise
                log.warning("what was sent cannot be written down yet", extra={"action": "settle", "problem": type(error).__name__})
                await asyncio.sleep(AGAIN)
            else:
                self._calls = {}
                return len(results)

    @property
    def under_way(self) -> frozenset[int]:
        """The outbox rows whose calls are being made or written down."""
        return frozenset(self._calls.values())

    async def finish(self) -> None:
        """The machine stops: calls under way may still arrive; what has not is uncertain when it starts again."""
        flight, self._flight = self._flight, None
        if flight is None:
            return
        _, late = await asyncio.wait(self._calls, timeout=GRACE) if self._calls else ((), ())
        for call in late:
            call.cancel()
        await asyncio.wait({flight}, timeout=GRACE)
        if not flight.done():
            flight.cancel()
        await asyncio.gather(flight, return_exceptions=True)

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
        self.machine.tally.attempts.update((self.channel.name, result.kind) for result in results)
        self.machine.signals.inbox.nudge()
