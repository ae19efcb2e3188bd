"""Sending through a remote channel: rows become `sending` when their slot is near, each goes at its slot, results settle together.

One beat is one transaction: it settles what has arrived since the last, and claims as many rows as slots begin within
a horizon that covers one commit. So a row is never `sending` long before its call, a crash leaves few uncertain, a reply waits behind at most a
few bulk messages already claimed – and a thousand messages a second need fifty commits, not two thousand.
"""

import asyncio
import functools
import logging
import time
from collections import deque

from bot import outbox
from bot.channels.base import Channel, Parcel, Rejected, RemoteChannel, Retry, SendError
from bot.machine import Machine
from bot.signals import Signal
from models.messages.message import Priority, Queued
from models.store import Store

log = logging.getLogger(__name__)

HORIZON = 0.025  # seconds a claim looks ahead at least: one commit of a good disk
FARTHEST = 0.25  # seconds a claim looks ahead at most, however slow the disk
IN_FLIGHT = 256  # calls at a time
GROUP = 128  # rows claimed by one transaction
GATHER = 0.02  # seconds results of bulk may wait for company
GRACE = 3.0  # seconds calls may still take when the machine stops


def duty_of(channel: Channel) -> str:
    """The duty to claim what goes out through a channel."""
    return f"send-{channel.name}"


class Flight:
    """What one remote channel is sending right now."""

    def __init__(self, machine: Machine, channel: RemoteChannel, woken: Signal) -> None:
        self.machine, self.channel, self.woken = machine, channel, woken
        self._duty = duty_of(channel)
        self.rows: set[int] = set()  # everything claimed and not yet written down, by outbox row
        self._claimed: deque[Parcel] = deque()  # `sending`, waiting for their slots
        self._calls: set[asyncio.Task[None]] = set()
        self._results: list[outbox.Result] = []
        self._launcher: asyncio.Task[None] | None = None
        self._horizon = HORIZON  # follows what commits take, so that a slow disk does not cost slots
        self._beaten = 0.0
        self._wait = 0.0  # until a chat is free again; 0: nothing is held back
        self._idle = False  # the last look found nothing to claim

    @property
    def under_way(self) -> int:
        """How many rows are claimed or being sent."""
        return len(self._claimed) + len(self._calls)

    async def run(self) -> None:
        """Send for ever."""
        self.machine.duties.want(self._duty)
        while True:
            if self._due():
                await self._beat()
            await self.woken.wait(self._pause())
            self._idle = False

    async def drain(self) -> int:
        """Send everything that is due now, at the pace allowed; returns how many rows were settled."""
        total = 0
        while True:
            settled, claimed = await self._beat()
            total += settled
            if not claimed and not self.under_way and not self._results and not self._wait and (self._room() or not self._leads()):
                return total
            if not claimed and not self._results:
                await self.woken.wait(self._pause())

    async def finish(self) -> None:
        """Stop: what has not begun is queued again, calls under way may still arrive, and all results are kept."""
        if self._launcher is not None:
            self._launcher.cancel()
            await asyncio.gather(self._launcher, return_exceptions=True)
        unsent = [self._claimed.popleft() for _ in range(len(self._claimed))]
        if self._calls:
            _, late = await asyncio.wait(self._calls, timeout=GRACE)
            for call in late:
                call.cancel()  # stays `sending`: uncertain when the machine starts again
        results, self._results = self._results, []

        async def work(store: Store) -> None:
            await outbox.unclaim(store, [p.row.id for p in unsent], self.machine.now())
            await outbox.settle(store, results, self.machine.now())

        if unsent or results:
            await self.machine.database.write(work)

    def _leads(self) -> bool:
        return self.machine.duties.has(self._duty)

    def _room(self) -> int:
        if not self._leads():
            return 0  # another machine claims; what this one has begun it still writes down
        return min(GROUP, IN_FLIGHT - self.under_way, self.channel.pacer.room(self._horizon))

    def _due(self) -> bool:
        """Whether a transaction is worth it: somebody's next message waits for a result, or enough has gathered."""
        if any(r.row.priority != Priority.BULK for r in self._results):
            return True
        since = time.monotonic() - self._beaten
        if self._results and since >= GATHER:
            return True
        return not self._idle and self._room() > 0 and (not self.under_way or since >= self._horizon / 2)

    def _pause(self) -> float:
        """Seconds until there may be something to do, unless somebody calls."""
        since = time.monotonic() - self._beaten
        gather = GATHER - since if self._results else 1.0
        slot = 1.0
        if not self._idle and self._leads():
            slot = max(self.channel.pacer.until_room(self._horizon), self._horizon / 2 - since if self.under_way else 0.0)
        return max(0.0005, min(1.0, gather, slot, self._wait or 1.0))

    async def _beat(self) -> tuple[int, int]:
        """Settle, claim, launch; returns how many rows were settled and claimed."""
        results, self._results = self._results, []
        self._beaten = time.monotonic()
        if not results and not await self._any():
            return 0, 0

        async def work(store: Store) -> tuple[list[Parcel], bool]:
            reported = await outbox.settle(store, results, self.machine.now())
            return await self._claim(store), reported

        claim = asyncio.ensure_future(self.machine.database.write(work))
        try:
            claimed, reported = await asyncio.shield(claim)
        except asyncio.CancelledError:
            self._claimed.extend((await claim)[0])  # committed all the same: `finish` puts them back
            raise
        except Exception:
            self._results[:0] = results
            raise
        self.rows.difference_update(result.row.id for result in results)
        self.machine.tally.attempts.update((self.channel.name, result.kind) for result in results)
        took = time.monotonic() - self._beaten
        self._horizon = min(FARTHEST, max(HORIZON, 0.7 * self._horizon + 0.6 * took))  # settles at twice what a beat takes
        if reported:
            self.machine.signals.inbox.nudge()
        self._launch(claimed)
        return len(results), len(claimed)

    async def _any(self) -> bool:
        if self._room() <= 0:
            return False
        async with self.machine.database.read() as store:
            found = bool(await outbox.due(store, self.channel.name, self.machine.now(), 1))
        if not found:
            self._idle, self._wait = True, 0.0
        return found

    async def _claim(self, store: Store) -> list[Parcel]:
        """As many rows as there is room for, whose chats may be written to now; a chat that must wait does not hold up the rest."""
        room, held, granted = self._room(), dict[int, float](), list[Parcel]()
        pacer, now = self.channel.pacer, self.machine.now()
        while room > len(granted):
            wanted = room - len(granted) + 8
            rows = await outbox.due(store, self.channel.name, now, wanted, held)
            fresh = [row for row in rows if row.account_id not in held]
            if not fresh:
                break
            for parcel in await outbox.parcels(store, self.machine, fresh):
                wait = pacer.free_in(parcel.chat) - self._horizon
                held[parcel.row.account_id] = max(0.0, wait)
                if wait <= 0 and len(granted) < room:
                    granted.append(parcel)
            if len(rows) < wanted:
                break  # that was all there is
        self._idle = not granted and room > 0  # with no room, nobody has looked
        mine = {p.row.account_id for p in granted}
        self._wait = min((wait for account, wait in held.items() if account not in mine and wait > 0), default=0.0)
        if granted:
            await outbox.mark_sending(store, [p.row.id for p in granted], now)
        return granted

    def _launch(self, parcels: list[Parcel]) -> None:
        for parcel in parcels:
            self.channel.pacer.grant(parcel.chat)
        self.rows.update(parcel.row.id for parcel in parcels)
        self._claimed.extend(parcels)
        if self._claimed and (self._launcher is None or self._launcher.done()):
            self._launcher = asyncio.create_task(self._launch_all())

    async def _launch_all(self) -> None:
        """Each at its slot, in the order claimed."""
        pacer = self.channel.pacer
        while self._claimed:
            begun = await pacer.turn()
            parcel = self._claimed.popleft()
            pacer.sent(parcel.chat)
            call = asyncio.create_task(self._call(parcel))
            self._calls.add(call)
            call.add_done_callback(functools.partial(self._over, begun))

    def _over(self, begun: float, call: asyncio.Task[None]) -> None:
        self._calls.discard(call)
        self.channel.pacer.over(begun)

    async def _call(self, parcel: Parcel) -> None:
        result = await self._deliver(parcel)
        self._results.append(result)  # not in one line: a beat replaces the list meanwhile
        self.woken.nudge()

    async def _deliver(self, parcel: Parcel) -> outbox.Result:
        try:
            receipt = await self.channel.send(parcel)
        except SendError as error:
            log.info("a message was not delivered", extra=self._told(parcel.row, error.problem))
            if isinstance(error, Retry) and error.after:
                self.channel.pacer.pause(error.after)
            return outbox.Result(parcel.row, error=error)
        except FileNotFoundError:
            return outbox.Result(parcel.row, error=Rejected("the file is gone"))
        except Exception as error:
            log.exception("a channel failed in a way it does not declare", extra=self._told(parcel.row, type(error).__name__))
            return outbox.Result(parcel.row, error=Rejected(type(error).__name__))
        return outbox.Result(parcel.row, receipt.key, uploaded=receipt.uploaded)

    def _told(self, row: Queued, problem: str) -> dict[str, object]:
        return {"action": "send", "cause_id": row.cause_id, "channel": self.channel.name, "problem": problem}
