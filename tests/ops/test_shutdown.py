"""Asked to stop, the machine is gone within ten seconds, whatever hangs on it."""

import asyncio
import os
import signal
import time
from pathlib import Path

import pytest
from sqlmodel import select

from bot import app as composition
from bot.app import App
from bot.channels.base import Arrival, Channel
from bot.channels.internal import INTERNAL
from bot.channels.web import WebChannel
from bot.database import Database
from bot.serving import serve
from bot.settings import Settings
from bot.web.server import Server
from models.messages.message import OutboxMessage, OutboxState
from tests.ops.worlds import SLOW, SlowChannel

COOKIE = "phatngon=a-browser-that-keeps-its-stream-open"


async def streaming(port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """An open page."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"GET /chat/events HTTP/1.1\r\nHost: x\r\nCookie: {COOKIE}\r\n\r\n".encode())
    assert b"200" in await reader.readline()
    await reader.readuntil(b"retry: 2000")
    return reader, writer


async def outcome(home: Path) -> list[OutboxState]:
    """What became of the messages to the slow world."""
    database = Database(Settings(home=home).database)
    async with database.read() as store:
        states = (await store.scalars(select(OutboxMessage.state).where(OutboxMessage.channel == SLOW))).all()
    await database.dispose()
    return [OutboxState(state) for state in states]


@pytest.mark.parametrize("answers", [True, False])
async def test_with_open_streams_and_a_slow_send(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, answers: bool) -> None:
    """A send that answers in time is recorded; one that does not is uncertain at the next start; streams end by themselves."""
    channel = SlowChannel()
    every: list[Channel] = [*INTERNAL, WebChannel(), channel]

    def channels(_settings: Settings) -> dict[str, Channel]:
        return {each.name: each for each in every}

    monkeypatch.setattr("bot.entrance.channels_of", channels)
    monkeypatch.setattr("bot.flight.GRACE", 5.0 if answers else 0.05)
    asked = 0.0
    streams: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def ready(app: App, server: Server) -> None:
        nonlocal asked
        streams.extend([await streaming(server.port) for _ in range(3)])
        await app.inbox.put([Arrival(SLOW, "u1", "someone", "/start")])
        await channel.taken.wait()
        if answers:
            asyncio.get_running_loop().call_later(0.05, channel.gate.set)
        asked = time.monotonic()
        os.kill(os.getpid(), signal.SIGTERM)

    await serve(Settings(home=tmp_path, listen="127.0.0.1:0", metrics_listen=""), ready=ready)
    assert time.monotonic() - asked < 10
    for reader, writer in streams:
        assert b"0\r\n\r\n" in await reader.read()  # the last chunk: it ended, it was not cut
        writer.close()
    assert (await outcome(tmp_path))[0] is (OutboxState.SENT if answers else OutboxState.SENDING)
    if not answers:
        started = await composition.build(Settings(home=tmp_path))
        await started.stop()
        assert (await outcome(tmp_path))[0] is OutboxState.QUEUED
