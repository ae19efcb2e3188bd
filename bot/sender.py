"""Sends what is due, one loop per channel: a local world in one transaction, a remote one by `bot.flight`."""

from bot import outbox
from bot.channels.base import Channel, LocalChannel, RemoteChannel
from bot.flight import Flight, duty_of
from bot.machine import Machine
from bot.watch.pulse import beat
from models.store import Store


class Sender:
    """The loop of one channel."""

    def __init__(self, machine: Machine, channel: Channel) -> None:
        self.machine = machine
        self.channel = channel
        self.woken = machine.signals.outbox.listen()
        self.flight = Flight(machine, channel, self.woken) if isinstance(channel, RemoteChannel) else None

    async def run(self) -> None:
        """Send for ever."""
        if self.flight is not None:
            await self.flight.run()
        while True:
            beat()
            if not await self._post():
                await self.woken.wait(1)

    async def drain(self) -> int:
        """Send everything that is due now; returns how many rows were settled."""
        if self.flight is not None:
            return await self.flight.drain()
        total = 0
        while sent := await self._post():
            total += sent
        return total

    @property
    def under_way(self) -> frozenset[int]:
        """The outbox rows that are claimed, being sent or to be written down."""
        return frozenset() if self.flight is None else frozenset(self.flight.rows)

    @property
    def duty(self) -> str:
        """What one machine has that claims for this channel: the pace is kept by one process, not by several."""
        return duty_of(self.channel)

    async def finish(self) -> None:
        """Let what is under way arrive, and put back what was not begun."""
        if self.flight is not None:
            await self.flight.finish()

    async def _post(self) -> int:
        channel = self.channel
        if not isinstance(channel, LocalChannel):
            return 0
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
        if settled:
            self.machine.tally.attempts[channel.name, "sent"] += settled
        self.machine.posted(channel, chats)
        if settled:
            self.machine.signals.inbox.nudge()
        return settled
