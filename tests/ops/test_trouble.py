"""A full disk and a locked database: nothing is acknowledged, the page says so kindly, and it passes by itself."""

import asyncio
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

import pytest
from sqlalchemy import ExceptionContext, event
from sqlalchemy.exc import OperationalError

from bot import database
from bot.watch.health import Health
from models.installation import Installation
from models.messages.message import InboxState
from models.store import Store
from tests.ops.worlds import says, slow_room, states
from tests.web.room import Room


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "_SQLITE", ("journal_mode=WAL", "busy_timeout=20", "foreign_keys=ON"))
    monkeypatch.setattr("bot.storage.inline.PATIENCE", 0.02)
    monkeypatch.setattr("bot.watch.health.FRESH", 0.0)


async def fill(room: Room) -> None:
    """No page more than there are: SQLite itself then says that the disk is full."""

    async def work(store: Store) -> None:
        store.add(Installation(instance="x"))

    await room.machine.database.write(work)
    engine = room.machine.database._writer  # pyright: ignore[reportPrivateUsage]
    async with engine.connect() as connection:
        pages = (await connection.exec_driver_sql("PRAGMA page_count")).scalar_one()
        await connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")


async def make_room(room: Room) -> None:
    """Somebody cleared the disk."""
    async with room.machine.database._writer.connect() as connection:  # pyright: ignore[reportPrivateUsage]
        await connection.exec_driver_sql("PRAGMA max_page_count=100000")


def when_it_fails(room: Room) -> asyncio.Event:
    """Set by the first statement the database refuses."""
    failed = asyncio.Event()

    def refused(_context: ExceptionContext) -> None:
        failed.set()

    event.listen(room.machine.database._writer.sync_engine, "handle_error", refused)  # pyright: ignore[reportPrivateUsage]
    return failed


async def test_a_full_disk(tmp_path: Path) -> None:
    """503 and a kind sentence, no message kept or set aside; when there is room again the same message is taken once."""
    async with slow_room(tmp_path) as (room, _, _sender):
        browser = room.browser()
        await browser.open()
        health = Health(room.machine)
        assert (await health.readiness())["ready"]
        await fill(room)
        long = "x" * 60_000
        body = {"id": "a" * 32, "text": long}
        refused = await browser.client.post("/chat/send", json=body, headers=browser.proof)
        assert refused.status_code == 503
        assert refused.json()["key"] == "web.not_stored"
        assert "chưa lưu được" in refused.json()["error"]
        assert await room.stored() == []
        assert (await health.readiness())["problems"] == ["database"]
        await make_room(room)
        for _ in range(2):
            assert (await browser.client.post("/chat/send", json=body, headers=browser.proof)).status_code == 200
        assert len(await room.stored()) == 1
        assert (await health.readiness())["ready"]


async def test_a_message_is_not_set_aside_because_the_disk_is_full(tmp_path: Path) -> None:
    """The dispatcher's loop fails and starts again; the message waits and is handled when it can be."""
    async with slow_room(tmp_path) as (room, _, _sender):
        browser = room.browser()
        await browser.open()
        await browser.say("y" * 30_000)
        await fill(room)
        room.machine.watch.first_pause = 0.001
        failed = when_it_fails(room)
        room.machine.watch.start({"dispatcher": room.dispatcher.run})
        await failed.wait()
        assert [row.state for row in await room.stored()] == [InboxState.READY]
        await make_room(room)
        while (await room.stored())[0].state is not InboxState.DONE:  # noqa: ASYNC110 - nobody is told of it but the database
            await asyncio.sleep(0)
        await room.machine.watch.stop()
        assert room.machine.watch.pulses["dispatcher"].restarts >= 1
        assert room.machine.tally.aside == 0


async def test_a_locked_database(tmp_path: Path) -> None:
    """Another process holds it: 503 meanwhile, readers go on, and afterwards all is as before."""
    async with slow_room(tmp_path) as (room, _, _sender):
        browser = room.browser()
        await browser.open()
        await fill(room)
        await make_room(room)
        health = Health(room.machine)
        with closing(sqlite3.connect(tmp_path / "test.db", isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            assert (await browser.say("có ai không?")).status_code == 503
            assert (await browser.history())["events"] == []
            readiness = await health.readiness()
            assert (readiness["ready"], readiness["database_writable"]) == (False, False)
            other.execute("ROLLBACK")
        assert (await browser.say("có ai không?")).status_code == 200
        assert (await health.readiness())["ready"]


async def test_what_was_sent_is_written_down_when_the_database_is_back(tmp_path: Path) -> None:
    """The message went out while the database was locked: it is recorded as sent, not sent a second time."""
    async with slow_room(tmp_path) as (room, channel, sender):
        await says(room, "chào")
        step = asyncio.create_task(sender.drain())
        await channel.taken.wait()
        failed = when_it_fails(room)
        with closing(sqlite3.connect(tmp_path / "test.db", isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            channel.gate.set()
            await failed.wait()
            other.execute("ROLLBACK")
        with suppress(OperationalError):  # the loop fails, and starts again with what it holds
            await step
        await sender.drain()
        assert [state.value for state in await states(room)] == ["sent"]
        assert len(channel.texts) == 1
