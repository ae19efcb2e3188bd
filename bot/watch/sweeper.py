"""Finds work that was lost on the way and puts it back: at start and every few minutes, each action logged.

Nothing here is needed while every part does its duty; each rule is for a part that failed without saying so.
"""

import asyncio
import logging
from collections.abc import Iterable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Protocol

from sqlmodel import col, select

from bot import outbox
from bot.clock import Clock
from bot.machine import Machine
from bot.storage import fencing
from bot.watch.pulse import beat
from models.evidence.item import Attachment
from models.messages.message import Alarm, AlarmState, InboxMessage, InboxState, OutboxMessage, OutboxState
from models.store import Store

log = logging.getLogger(__name__)

EVERY = 300.0  # seconds
BEATS = 30.0  # seconds between signs of life
FETCH = timedelta(minutes=15)  # a message waits this long for its files; then it goes without them
LATE = timedelta(minutes=5)  # an alarm that is due this long has been forgotten
UNSENT = timedelta(days=1)  # an upload nobody sent
MOST = 500  # rows of one transaction


class Sends(Protocol):
    """What the sweeper asks of a sender."""

    @property
    def under_way(self) -> frozenset[int]:
        """The outbox rows whose calls are being made or written down."""
        ...


class Sweeper:
    """The loop."""

    def __init__(self, machine: Machine, clock: Clock, senders: Sequence[Sends]) -> None:
        self.machine, self.clock, self.senders = machine, clock, senders
        self._suspects: frozenset[tuple[int, int]] = frozenset()  # rows `sending` without a call when last looked: id, attempts

    async def run(self) -> None:
        """Sweep for ever."""
        while True:
            await self.sweep()
            for _ in range(int(EVERY / BEATS)):
                beat()
                await asyncio.sleep(BEATS)
                await self.leases()

    async def sweep(self) -> None:
        """Look everywhere once."""
        await fencing.count(self.machine.settings.home, self.machine.database, self.machine.now())
        await self.fetching()
        await (self.sending() if self.machine.database.is_sqlite else self.leases())
        await self.alarms()
        await self.uploads()
        await self.strays()

    async def fetching(self) -> int:
        """Messages whose files never came: their chats wait behind them, so they go without."""
        before = self.machine.now() - FETCH

        async def work(store: Store) -> list[int]:
            stuck = (
                select(InboxMessage).where(InboxMessage.state == InboxState.FETCHING, col(InboxMessage.received_at) < before).limit(MOST)
            )
            rows = (await store.scalars(stuck)).all()
            for row in rows:
                row.state = InboxState.READY
            return [row.id or 0 for row in rows]

        freed = await self.machine.database.write(work)
        self._tell("a message goes without its files", "fetching", freed)
        if freed:
            self.machine.signals.inbox.nudge()
        return len(freed)

    async def sending(self) -> int:
        """Messages whose call nobody makes any more: uncertain, as after a crash.

        Twice seen, so that one claimed this very moment is not mistaken.
        """

        async def work(store: Store) -> list[int]:
            rows = (await store.scalars(select(OutboxMessage).where(OutboxMessage.state == OutboxState.SENDING))).all()
            flying = frozenset[int]().union(*(sender.under_way for sender in self.senders))
            lost = {(row.id or 0, row.attempts): row for row in rows if row.id not in flying}
            again = [row for key, row in lost.items() if key in self._suspects]
            self._suspects = frozenset(lost)
            for row in again:
                outbox.uncertain(row, self.machine.now())
                failure = {"outbox": row.id, "failure": "uncertain"}
                outbox.report(store, f"swept-{row.id}-{row.attempts}", failure, self.machine.now())
                row.attempts += 1
            return [row.id or 0 for row in again]

        swept = await self.machine.database.write(work)
        self._tell("a message was being sent by nobody", "sending", swept)
        if swept:
            self.machine.signals.inbox.nudge()
            self.machine.signals.outbox.nudge()
        return len(swept)

    async def leases(self) -> int:
        """The same where other machines send too: messages whose sender has not said for too long what became of them."""
        if self.machine.database.is_sqlite:
            return 0
        swept = await self.machine.database.write(lambda store: outbox.recover(store, self.machine.now(), alone=False))
        self._tell("a machine stopped while it was sending", "sending", range(swept))
        if swept:
            self.machine.signals.inbox.nudge()
            self.machine.signals.outbox.nudge()
        return swept

    async def alarms(self) -> int:
        """Alarms the clock forgot."""
        due = select(Alarm.id).where(Alarm.state == AlarmState.SET, col(Alarm.due_at) < self.machine.now() - LATE).limit(MOST)
        async with self.machine.database.read() as store:
            late = [alarm or 0 for alarm in (await store.scalars(due)).all()]
        if late:
            self._tell("an alarm had not rung", "alarm", late)
            await self.clock.ring()
        return len(late)

    async def uploads(self) -> int:
        """Files somebody attached and never sent: rows first, then bytes; an entry never names them."""
        before = self.machine.now() - UNSENT

        async def work(store: Store) -> list[str]:
            unsent = select(Attachment).where(
                col(Attachment.account_id).is_not(None),
                col(Attachment.inbox_id).is_(None),
                col(Attachment.case_code).is_(None),
                col(Attachment.item_digest).is_(None),
                col(Attachment.erased_at).is_(None),
                col(Attachment.created_at) < before,
            )
            rows = (await store.scalars(unsent.limit(MOST))).all()
            for row in rows:
                await store.delete(row)
            return [row.id for row in rows]

        names = await self.machine.database.write(work)
        for name in names:
            self.machine.files.erase(name)
        self._tell("a file was attached and never sent", "upload", names)
        return len(names)

    async def strays(self) -> int:
        """Bytes without a row: a crash came between the two, or stopped an upload half way."""
        before = (self.machine.now() - UNSENT).timestamp()
        old = await asyncio.to_thread(_older, self.machine.files.folder, before)
        stray: list[Path] = []
        for start in range(0, len(old), MOST):
            part = old[start : start + MOST]
            async with self.machine.database.read() as store:
                known = set((await store.scalars(select(Attachment.id).where(col(Attachment.id).in_([p.name for p in part])))).all())
            stray += [path for path in part if path.name not in known]
            beat()
        for path in stray:
            path.unlink(missing_ok=True)
        self._tell("a file belonged to nobody", "stray", [path.name for path in stray])
        return len(stray)

    def _tell(self, what: str, kind: str, which: Iterable[object]) -> None:
        for one in which:
            self.machine.tally.swept[kind] += 1
            log.warning(what, extra={"action": "sweep", "subject": one, "problem": kind})


def _older(folder: Path, before: float) -> list[Path]:
    """Files last written before a moment."""
    if not folder.is_dir():
        return []
    return [path for path in folder.glob("*/*") if path.is_file() and path.stat().st_mtime < before]
