"""Lost work is found and put back."""

import asyncio
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import SQLModel, select

from bot.clock import Clock
from bot.watch.sweeper import Sweeper
from models.evidence.item import Attachment
from models.messages.message import Alarm, AlarmState, InboxMessage, InboxState, OutboxState
from models.store import Store
from tests.ops.worlds import SLOW, outbox_of, says, slow_room, states
from tests.web.room import Room

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=2)


async def add(room: Room, *rows: SQLModel) -> None:
    """Put rows there."""

    async def work(store: Store) -> None:
        store.add_all(rows)

    await room.machine.database.write(work)


async def one(room: Room, table: type[Any]) -> Any:
    """The only row of a table."""
    async with room.machine.database.read() as store:
        return (await store.scalars(select(table))).one_or_none()


async def test_a_message_whose_files_never_come_goes_without_them(tmp_path: Path) -> None:
    """Its chat waited behind it; a fresh one is left to the fetcher."""
    async with slow_room(tmp_path) as (room, _, sender):
        room.machine.now = lambda: NOW
        sweeper = Sweeper(room.machine, Clock(room.machine), [sender])
        message = InboxMessage(channel=SLOW, external_id="a", chat="c", payload="x", received_at=NOW, state=InboxState.FETCHING)
        await add(room, message)
        assert await sweeper.fetching() == 0
        room.machine.now = lambda: NOW + timedelta(hours=1)
        assert await sweeper.fetching() == 1
        assert (await one(room, InboxMessage)).state is InboxState.READY


async def test_a_message_sent_by_nobody_is_uncertain_and_goes_again(tmp_path: Path) -> None:
    """Seen twice without a call; one under way is left alone."""
    async with slow_room(tmp_path) as (room, _, sender):
        sweeper = Sweeper(room.machine, Clock(room.machine), [sender])
        await says(room, "chào")
        row = (await outbox_of(room))[0]
        row.state = OutboxState.SENDING

        async def lose(store: Store) -> None:
            await store.merge(row)

        await room.machine.database.write(lose)
        assert await sweeper.sending() == 0
        assert await sweeper.sending() == 1
        found = (await outbox_of(room))[0]
        assert (found.state, found.resent) == (OutboxState.QUEUED, True)


async def test_a_message_under_way_is_left_alone(tmp_path: Path) -> None:
    """However often the sweeper looks."""
    async with slow_room(tmp_path) as (room, channel, sender):
        sweeper = Sweeper(room.machine, Clock(room.machine), [sender])
        await says(room, "chào")
        step = asyncio.create_task(sender.drain())
        await channel.taken.wait()
        assert [await sweeper.sending() for _ in range(3)] == [0, 0, 0]
        channel.gate.set()
        assert await step == 1
        assert await states(room) == [OutboxState.SENT]


async def test_a_forgotten_alarm_rings(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """And the log says so."""
    async with slow_room(tmp_path) as (room, _, sender):
        room.machine.now = lambda: NOW
        sweeper = Sweeper(room.machine, Clock(room.machine), [sender])
        await add(room, Alarm(due_at=NOW - timedelta(minutes=10), action="test", subject="YC-1"))
        assert await sweeper.alarms() == 1
        assert (await one(room, Alarm)).state is AlarmState.RUNG
        assert (await one(room, InboxMessage)).channel == "clock"
        assert "an alarm had not rung" in caplog.text


async def test_an_upload_nobody_sent_goes_after_a_day(tmp_path: Path) -> None:
    """Row and bytes; what was sent or is fresh stays, and so do bytes that a row names. Bytes without a row go too."""
    async with slow_room(tmp_path) as (room, _, sender):
        room.machine.now = lambda: NOW
        sweeper = Sweeper(room.machine, Clock(room.machine), [sender])
        kept: dict[str, Any] = {"media_type": "text/plain", "size": 1, "account_id": 1}
        await add(
            room,
            Attachment(id="aa1", digest="1", created_at=LONG_AGO, **kept),
            Attachment(id="aa2", digest="2", created_at=LONG_AGO, inbox_id=7, **kept),
            Attachment(id="aa3", digest="3", created_at=NOW, **kept),
        )
        for name in ("aa1", "aa2", "aa3", "aa4", "aa5.part"):
            path = room.machine.files.folder / "aa" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(b"x")
            os.utime(path, (LONG_AGO.timestamp(), LONG_AGO.timestamp()))
        await sweeper.sweep()
        assert sorted(path.name for path in room.machine.files.folder.glob("*/*")) == ["aa2", "aa3"]
        assert room.machine.tally.swept == {"upload": 1, "stray": 2}
        async with room.machine.database.read() as store:
            assert set((await store.scalars(select(Attachment.id))).all()) == {"aa2", "aa3"}
