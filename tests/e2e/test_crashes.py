"""Crashes at statement boundaries, reopened each time: whatever was acknowledged is handled once and answered once or shown as uncertain."""

import os
import random
from collections import Counter
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from sqlalchemy import event
from sqlmodel import col, select

from bot.channels.base import Arrival, Capabilities, Parcel, Reading, Receipt, RemoteFile
from bot.channels.internal import INTERNAL
from bot.compass import Compass
from bot.database import Database
from bot.dispatcher import Dispatcher
from bot.files import Files
from bot.inbox import Inbox
from bot.machine import Machine
from bot.outbox import recover
from bot.pacer import Pacer
from bot.sender import Sender
from bot.settings import Settings
from handlers.contract import Kind
from handlers.rows import machine
from handlers.start import nothing
from handlers.table import Table
from models.evidence.exchange import ExchangeEntry
from models.evidence.verification import verify
from models.messages.message import InboxMessage, InboxState, OutboxMessage, OutboxState, Priority
from models.office import Office
from models.people.person import Account
from models.store import Store
from tests.web.room import echo, texts

SEED = int(os.environ.get("PHATNGON_TEST_SEED", "20261122"))
CHATS = 7
TABLE = Table((machine(Kind.DELIVERY, nothing),), echo, echo)
BULK = 300


class Crash(BaseException):
    """The machine is gone: nothing that catches errors may catch this."""


class Fuse:
    """Burns one statement at a time; when it has burnt down, no statement is carried out any more."""

    def __init__(self, length: int) -> None:
        self.left = length

    def burn(self, *_statement: object) -> None:
        """One statement less."""
        self.left -= 1
        if self.left < 0:
            raise Crash


class Outside:
    """A world behind a network that outlives every machine: what it has accepted stays accepted."""

    name = "outside"
    capabilities = Capabilities(text_limit=4096, buttons=True, bundles_files=False, upload_limit=1)

    def __init__(self) -> None:
        self.accepted: list[int] = []
        self.pacer = Pacer(10_000)

    def read(self, payload: str) -> Reading:
        """The payload is the text."""
        return Reading(Kind.TEXT, payload)

    async def send(self, parcel: Parcel) -> Receipt:
        """Accepted."""
        self.accepted.append(parcel.row.id or 0)
        return Receipt(f"m{len(self.accepted)}")

    async def fetch(self, file: RemoteFile) -> bytes:
        """There is nothing."""
        return b""


class Life:
    """One life of the machine on the same home."""

    def __init__(self, home: Path, outside: Outside, office: Office) -> None:
        self.database = Database(f"sqlite+aiosqlite:///{home / 'phatngon.db'}")
        channels: dict[str, Any] = {outside.name: outside, **{c.name: c for c in INTERNAL}}
        machine = Machine(Settings(home=home), self.database, office, TABLE, Files(home / "files"), channels)
        self.machine, self.inbox, self.dispatcher = machine, Inbox(machine), Dispatcher(machine)
        self.sender = Sender(machine, outside)

    def light(self, length: int) -> None:
        """From now on only so many statements."""
        fuse = Fuse(length)
        for engine in {self.database._writer, self.database._reader}:  # pyright: ignore[reportPrivateUsage]
            event.listen(engine.sync_engine, "before_cursor_execute", fuse.burn)

    async def settle(self) -> None:
        """Handle and send everything that waits."""
        while await self.dispatcher.drain() + await self.sender.drain():
            pass

    async def end(self) -> None:
        """Nothing it still tries is carried out."""
        with suppress(Crash):
            await self.sender.finish()
        await self.database.dispose()


async def uncertain(store: Store) -> int:
    """How many calls were under way when the last life ended."""
    found = await store.scalars(select(OutboxMessage.id).where(OutboxMessage.state == OutboxState.SENDING))
    return len(found.all())


async def bulk(store: Store, at: Any) -> None:
    """A release to everybody, in the outbox."""
    for account in (await store.scalars(select(Account))).all():
        for number in range(BULK // CHATS):
            text = f"thông cáo {number}"
            store.add(
                OutboxMessage(account_id=account.id or 0, channel="outside", text=text, priority=Priority.BULK, due_at=at, created_at=at)
            )


async def live(home: Path, crashes: int, dice: random.Random) -> tuple[Life, Outside, list[str], int]:
    """Life after life; returns the last, still open, with what was acknowledged and how many calls were ever in flight at a crash."""
    outside, office = (
        Outside(),
        cast("Office", SimpleNamespace(texts=texts(), topics=(), unit_names={}, public_url="", router=Compass(Settings(home=home).zone))),
    )
    acknowledged: list[str] = []
    in_flight = 0
    life = Life(home, outside, office)
    await life.database.migrate()
    await life.inbox.put([Arrival("outside", f"hello-{chat}", f"c{chat}", "xin chào") for chat in range(CHATS)])
    await life.settle()
    await life.database.write(lambda store: bulk(store, life.machine.now()))
    for _ in range(crashes):
        life.light(dice.randrange(1, 90))
        with suppress(Crash):
            while True:
                number = len(acknowledged)
                arrivals = [Arrival("outside", f"u{number + n}", f"c{dice.randrange(CHATS)}", f"câu {number + n}") for n in range(3)]
                await life.inbox.put(arrivals)  # until this returns nothing is acknowledged: the same come again after the crash
                acknowledged += [arrival.external_id for arrival in arrivals]
                await life.settle()
        await life.end()
        life = Life(home, outside, office)
        async with life.database.read() as store:
            in_flight += await uncertain(store)
        await life.database.write(lambda store, life=life: recover(store, life.machine.now()))
    await life.settle()
    return life, outside, acknowledged, in_flight


async def examine(life: Life, outside: Outside, acknowledged: list[str], in_flight: int) -> None:
    """Nothing lost, nothing doubled that was not in flight, the chain verifies."""
    async with life.database.read() as store:
        received = (await store.scalars(select(InboxMessage).where(col(InboxMessage.channel) == "outside"))).all()
        names = Counter(row.external_id for row in received)
        assert set(names) >= set(acknowledged)
        assert max(names.values()) == 1
        assert not [row.problem for row in received if row.problem]
        assert {row.state for row in received} == {InboxState.DONE}
        rows = (await store.scalars(select(OutboxMessage))).all()
        assert {row.state for row in rows} == {OutboxState.SENT}
        replies = Counter(row.cause_id for row in rows if row.priority != Priority.BULK)
        assert replies == Counter({row.id: 1 for row in received})
        times = Counter(outside.accepted)
        assert set(times) == {row.id for row in rows}
        again = {row.id for row in rows if times[row.id or 0] > 1}
        assert again <= {row.id for row in rows if row.resent or row.attempts > 1}
        assert sum(times.values()) - len(times) <= in_flight
        opened = (await store.scalars(select(ExchangeEntry.action))).all()
        assert Counter(opened) == Counter({"account.opened": CHATS})
        assert (await verify(store)).problem is None
    await life.end()


async def test_fifty_crashes(tmp_path: Path) -> None:
    """Updates arrive and a release runs while the machine dies fifty times."""
    print(f"seed {SEED}")
    await examine(*await live(tmp_path, 50, random.Random(SEED)))


@pytest.mark.soak
@pytest.mark.timeout(3600)
async def test_a_thousand_crashes(tmp_path: Path) -> None:
    """Twenty offices, fifty crashes each, a new seed for every one."""
    for seed in range(SEED, SEED + 20):
        print(f"seed {seed}")
        (home := tmp_path / str(seed)).mkdir()
        await examine(*await live(home, 50, random.Random(seed)))
