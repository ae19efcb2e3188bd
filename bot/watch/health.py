"""How the machine is: whether its loops beat, whether the database takes anything, how long the oldest work has waited."""

import asyncio
import shutil
import time
from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, runtime_checkable

from sqlalchemy import func, select
from sqlmodel import col

from bot.machine import Machine
from models.installation import fenced_why, installation
from models.messages.message import InboxMessage, InboxState, OutboxMessage, OutboxState, Priority
from models.store import Store

FRESH = 2.0  # seconds an answer is good for: /readyz is public and must not be a way to wear out the disk
LONGEST = 3.0  # seconds the database may take
PAD = "·" * 32768  # written and taken away again: a full disk shows with a page that is new
STUCK = 120.0  # seconds a message may wait to be handled
OVERDUE = 600.0  # seconds a reply may wait to be sent
UNPOLLED = 120.0  # seconds between two answers of a polled channel
SPACE = 100 * 2**20  # bytes the disk must have left


@runtime_checkable
class Polled(Protocol):
    """A channel that asks for its messages."""

    @property
    def last_poll(self) -> float | None:
        """When it last had an answer (`time.monotonic`), or None before the first."""
        ...


@dataclass(frozen=True)
class Waiting:
    """What waits, and since when."""

    fenced: str | None
    inbox: dict[str, int]
    outbox: dict[tuple[str, str], int]
    oldest_ready: float | None
    oldest_due: float | None
    oldest_reply: float | None


class Health:
    """Asks the machine how it is."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self._writable: asyncio.Task[bool] | None = None
        self._asked = 0.0

    def vitals(self) -> dict[str, Any]:
        """Every loop, when it last beat and how often it was started again; alive unless one is silent."""
        watch, now = self.machine.watch, time.monotonic()
        loops = {p.name: {"silent_seconds": round(now - p.last, 1), "restarts": p.restarts} for p in watch.pulses.values()}
        return {"alive": not watch.silent(), "silent": watch.silent(), "loops": loops}

    async def readiness(self) -> dict[str, Any]:
        """Everything that must be well for people to be served, and what is not."""
        writable = await self.writable()
        waiting = await _in_time(self.waiting())
        polls, free = self.polls(), self.disk_free()
        problems = [
            *(["database"] if not writable or waiting is None else []),
            *(["disk"] if free < SPACE else []),
            *(f"poll_{name}" for name, age in polls.items() if age is not None and age > UNPOLLED),
            *(_late(waiting) if waiting else []),
        ]
        return {
            "ready": not problems,
            "problems": problems,
            "database_writable": writable,
            "disk_free_bytes": free,
            "poll_age_seconds": polls,
            "oldest_ready_inbox_seconds": waiting and waiting.oldest_ready,
            "oldest_due_outbox_seconds": waiting and waiting.oldest_due,
            "set_aside": waiting and waiting.inbox.get("aside", 0),
            "fenced": waiting and waiting.fenced,
        }

    async def writable(self) -> bool:
        """Whether the database takes a page; asked at most every `FRESH` seconds, and never twice at once."""
        if self._writable is None or (self._writable.done() and time.monotonic() - self._asked > FRESH):
            self._asked = time.monotonic()
            self._writable = asyncio.create_task(self._probe())
        done, _ = await asyncio.wait({self._writable}, timeout=LONGEST)
        return bool(done) and self._writable.result()

    async def _probe(self) -> bool:
        async def work(store: Store) -> None:
            row = await installation(store)
            if row is not None:
                row.probe = PAD
                await store.flush()
                row.probe = None

        try:
            await self.machine.database.write(work)
        except Exception:  # noqa: BLE001 - whatever it is, the database does not take what is said
            return False
        return True

    async def waiting(self) -> Waiting:
        """What waits; only rows that are not finished are counted, from indexes."""
        now = self.machine.now()
        async with self.machine.database.read() as store:
            open_inbox = [InboxState.FETCHING, InboxState.READY, InboxState.ASIDE]
            open_outbox = [OutboxState.QUEUED, OutboxState.SENDING, OutboxState.UNCERTAIN, OutboxState.FAILED]
            inbox = await store.execute(
                select(col(InboxMessage.state), func.count())
                .where(col(InboxMessage.state).in_(open_inbox))
                .group_by(col(InboxMessage.state))
            )
            outbox = await store.execute(
                select(col(OutboxMessage.channel), col(OutboxMessage.state), func.count())
                .where(col(OutboxMessage.state).in_(open_outbox))
                .group_by(col(OutboxMessage.channel), col(OutboxMessage.state))
            )
            ready = select(func.min(InboxMessage.received_at)).where(col(InboxMessage.state) == InboxState.READY)
            due = select(func.min(OutboxMessage.due_at)).where(
                col(OutboxMessage.state) == OutboxState.QUEUED, col(OutboxMessage.due_at) <= now
            )
            return Waiting(
                await fenced_why(store),
                {state.value: count for state, count in inbox.all()},
                {(channel, state.value): count for channel, state, count in outbox.all()},
                _age(await store.scalar(ready), now),
                _age(await store.scalar(due), now),
                _age(await store.scalar(due.where(col(OutboxMessage.priority) < Priority.BULK)), now),
            )

    def polls(self) -> dict[str, float | None]:
        """Seconds since each polled channel last had an answer."""
        now = time.monotonic()
        polled = {name: c.last_poll for name, c in self.machine.channels.items() if isinstance(c, Polled)}
        return {name: None if last is None else round(now - last, 1) for name, last in polled.items()}

    def disk_free(self) -> int:
        """Bytes left where this installation lives."""
        return shutil.disk_usage(self.machine.settings.home).free


def _late(waiting: Waiting) -> list[str]:
    return [
        *(["fenced"] if waiting.fenced else []),
        *(["inbox"] if (waiting.oldest_ready or 0) > STUCK else []),
        *(["outbox"] if (waiting.oldest_reply or 0) > OVERDUE and not waiting.fenced else []),
    ]


async def _in_time(asked: Awaitable[Waiting]) -> Waiting | None:
    """The answer, or None where the database does not give one in time."""
    try:
        async with asyncio.timeout(LONGEST):
            return await asked
    except Exception:  # noqa: BLE001 - any failure to read is the same news to whoever watches
        return None


def _age(since: datetime | None, now: datetime) -> float | None:
    return None if since is None else round(max(0.0, (now - since).total_seconds()), 1)
