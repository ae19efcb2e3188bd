"""The entrance opens before the rest is read: what waits in Telegram is stored at once, and whatever goes wrong behind it loses nothing."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from sqlmodel import col, select

from bot.app import build
from bot.entrance import Entrance
from bot.serving import serve
from models.content import ContentProblem
from models.installation import ONLY, Installation
from models.messages.message import InboxMessage, InboxState
from models.store import Store
from tests.botapi.client import TelegramServer
from tests.telegram_stage import settings_for
from tests.waiting import until

pytestmark = pytest.mark.asyncio(loop_scope="session")


@asynccontextmanager
async def receiving(home: Path, server: TelegramServer) -> AsyncGenerator[Entrance]:
    """An entrance with nothing behind it."""
    entrance = await Entrance.open(settings_for(server, home))
    entrance.receive()
    try:
        yield entrance
    finally:
        await entrance.close()


async def stored(entrance: Entrance) -> list[InboxState]:
    """What has come in by Telegram, in order."""
    async with entrance.database.read() as store:
        query = select(InboxMessage.state).where(InboxMessage.channel == "telegram").order_by(col(InboxMessage.id))
        return [InboxState(state) for state in (await store.scalars(query)).all()]


async def test_what_waits_is_stored_first_and_answered_once(server: TelegramServer, tmp_path: Path) -> None:
    """The machine is built around the open entrance, does not poll a second time, and answers what came before it was there."""
    person = server.person(7001, "Người hỏi")
    await person.write("/start")
    async with receiving(tmp_path, server) as entrance:
        await until(lambda: stored(entrance), "the update is stored")
        app = await build(entrance.settings, entrance=entrance)
        app.start()
        assert [name for name in entrance.watch.pulses if "poll" in name] == ["telegram-poll"]
        await person.received(1)
        assert await stored(entrance) == [InboxState.DONE]
        await app.stop()
    assert len(await server.record("sendMessage")) == 1


async def test_broken_content_ends_the_start_and_loses_nothing(server: TelegramServer, tmp_path: Path) -> None:
    """The start says which file; what was stored is answered by the start after it is mended."""
    person = server.person(7002, "Người hỏi")
    await person.write("/start")
    async with receiving(tmp_path, server) as entrance:
        await until(lambda: stored(entrance), "the update is stored")
    broken = tmp_path / "content" / "topics.yaml"
    broken.parent.mkdir()
    broken.write_text("topics: [", encoding="utf-8")
    with pytest.raises(ContentProblem, match=r"topics\.yaml"):
        await serve(settings_for(server, tmp_path, metrics_listen=""))
    broken.unlink()
    app = await build(settings_for(server, tmp_path))
    await app.settle()
    await app.stop()
    assert len(await server.record("sendMessage")) == 1


async def test_a_fenced_machine_does_not_ask_for_messages(server: TelegramServer, tmp_path: Path) -> None:
    """They belong to the original; once somebody vouches for it, it asks."""
    settings = settings_for(server, tmp_path)
    entrance = await Entrance.open(settings)

    async def fence(store: Store, *, fenced: bool) -> None:
        row = await store.get_one(Installation, ONLY)
        row.fenced_why = "restored" if fenced else None

    await entrance.database.write(lambda store: fence(store, fenced=True))
    entrance.receive()
    app = await build(settings, entrance=entrance)
    await app.settle()
    assert await server.record("getUpdates") == []
    await app.machine.database.write(lambda store: fence(store, fenced=False))
    await server.polling()
    await app.stop()
