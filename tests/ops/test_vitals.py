"""Loops are watched, and the figures say what is the case."""

import asyncio
from pathlib import Path

import pytest

from bot.watch.metrics import Metrics
from bot.watch.pulse import Watch, beat
from models.messages.message import InboxMessage, InboxState
from models.store import Store
from tests.ops.worlds import says, slow_room


async def test_a_loop_that_fails_or_hangs_starts_again() -> None:
    """Counted, and alive again after it."""
    watch, lives = Watch(patience=0.02, look=0.005, first_pause=0.001), {"fails": 0, "hangs": 0}
    well = {"fails": asyncio.Event(), "hangs": asyncio.Event()}

    async def fails() -> None:
        lives["fails"] += 1
        if lives["fails"] < 3:
            raise ValueError
        well["fails"].set()
        await asyncio.Event().wait()

    async def hangs() -> None:
        lives["hangs"] += 1
        if lives["hangs"] == 2:
            well["hangs"].set()
        else:
            beat()
        await asyncio.Event().wait()

    watch.start({"fails": fails, "hangs": hangs})
    await asyncio.gather(*(event.wait() for event in well.values()))
    assert (watch.pulses["fails"].restarts, watch.pulses["hangs"].restarts) == (2, 1)
    await watch.stop()


async def test_a_silent_loop_is_told(tmp_path: Path) -> None:
    """/healthz is 503 and names it."""
    async with slow_room(tmp_path) as (room, _, _sender):
        room.machine.watch.patience = 1000.0
        ran = asyncio.Event()

        async def once() -> None:
            beat()
            ran.set()
            await asyncio.Event().wait()

        room.machine.watch.start({"clock": once})
        await ran.wait()
        browser = room.browser()
        assert (await browser.client.get("/healthz")).status_code == 200
        room.machine.watch.pulses["clock"].last -= 2000
        silent = await browser.client.get("/healthz")
        assert (silent.status_code, silent.json()["silent"]) == (503, ["clock"])
        await room.machine.watch.stop()


async def test_metrics_count_what_was_done(tmp_path: Path) -> None:
    """Over a real socket, as a scraper reads it."""
    async with slow_room(tmp_path) as (room, channel, sender):
        dispatcher = room.dispatcher
        await says(room, "chào")
        channel.gate.set()
        await sender.drain()
        await says(room, "chào", 2)

        async def aside(store: Store) -> None:
            now = room.machine.now()
            store.add(InboxMessage(channel="web", external_id="z", chat="z", payload="", received_at=now, state=InboxState.ASIDE))

        await room.machine.database.write(aside)
        await dispatcher.drain()
        metrics = Metrics(room.machine)
        await metrics.start("127.0.0.1:0")
        reader, writer = await asyncio.open_connection("127.0.0.1", metrics.port)
        writer.write(b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n")
        head, _, body = (await reader.read()).decode().partition("\r\n\r\n")
        writer.close()
        await metrics.stop()
    assert head.startswith("HTTP/1.1 200 OK")
    for line in (
        "phatngon_handled_total 2",
        'phatngon_send_attempts_total{channel="slow",result="sent"} 1',
        'phatngon_inbox_messages{state="aside"} 1',
        'phatngon_outbox_messages{channel="slow",state="queued"} 1',
        "phatngon_fenced 0",
        "# TYPE phatngon_loop_restarts_total counter",
    ):
        assert line in body.splitlines()


async def test_a_taken_metrics_port_does_not_stop_the_service(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """The second machine on a host goes without figures."""
    async with slow_room(tmp_path) as (room, _, _sender):
        first, second = Metrics(room.machine), Metrics(room.machine)
        await first.start("127.0.0.1:0")
        await second.start(f"127.0.0.1:{first.port}")
        assert second.port is None
        assert "the metrics port cannot be opened" in caplog.text
        await first.stop()
