"""The webhook's address over HTTP: who may push, what is kept of it, and bodies that are too large or never end."""

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import SecretStr
from sqlmodel import col, select

from bot.channels.telegram import TelegramChannel
from bot.settings import Settings
from bot.web.hooks import LARGEST
from models.messages.message import InboxMessage, InboxState, OutboxMessage
from tests.web.room import ORIGIN, Room, room_in

SECRET = "strict-hook_secret"
PERSON = {"id": 4001, "is_bot": False, "first_name": "Hà"}
CHAT = {"id": 4001, "type": "private", "first_name": "Hà"}


@dataclass
class Hook:
    """The room, and Telegram on the other side."""

    room: Room
    client: httpx.AsyncClient

    async def push(self, content: Any, secret: str | None = SECRET) -> int:
        """One push; the status of its answer."""
        headers = {"content-type": "application/json"} | ({"x-telegram-bot-api-secret-token": secret} if secret is not None else {})
        return (await self.client.post("/hooks/telegram", content=content, headers=headers)).status_code

    async def kept(self) -> list[InboxMessage]:
        """What was stored of it, in the order it came."""
        async with self.room.machine.database.read() as store:
            query = select(InboxMessage).where(InboxMessage.channel == "telegram").order_by(col(InboxMessage.id))
            return list((await store.scalars(query)).all())


@pytest.fixture
async def hook(tmp_path: Path) -> AsyncGenerator[Hook]:
    """A bot that is pushed to; nothing of it speaks to the outside."""
    settings = Settings(
        home=tmp_path, public_url=ORIGIN, telegram_token=SecretStr("1:a-token-of-nobody"), telegram_webhook_secret=SecretStr(SECRET)
    )
    channel = TelegramChannel(settings)
    async with room_in(tmp_path, channel) as room:
        channel.receivers(room.inbox.put)
        async with httpx.AsyncClient(transport=httpx.ASGITransport(room.app, raise_app_exceptions=False), base_url=ORIGIN) as client:
            yield Hook(room, client)


def update(number: int, text: str = "xin chào", **more: Any) -> bytes:
    """A text of one person."""
    message = {"message_id": number, "date": 1, "from": PERSON, "chat": CHAT, "text": text}
    return json.dumps({"update_id": number, "message": message | more}).encode()


@pytest.mark.parametrize("secret", [None, "", "strict-hook_secre", "strict-hook_secret ", "STRICT-HOOK_SECRET", SECRET * 2])
async def test_only_who_knows_the_secret_may_push(hook: Hook, secret: str | None) -> None:
    """A missing or wrong one is refused, and nothing of the push is kept; the right one is taken."""
    assert await hook.push(update(1), secret) == 401
    assert await hook.kept() == []
    assert await hook.push(update(1)) == 200
    assert len(await hook.kept()) == 1


async def test_doubled_disordered_and_replayed_pushes(hook: Hook) -> None:
    """Each update is kept and answered once, however often and in whatever order it comes, also long after it was handled."""
    for number in (3, 1, 2, 3, 1):
        assert await hook.push(update(number, f"câu {number}")) == 200
    together = await asyncio.gather(*(hook.push(update(4, "câu 4")) for _ in range(5)))
    assert together == [200] * 5
    await hook.room.dispatcher.drain()
    for number in (2, 4):
        assert await hook.push(update(number, "chữ khác của số cũ")) == 200
    await hook.room.dispatcher.drain()
    kept = await hook.kept()
    assert [row.external_id for row in kept] == ["3", "1", "2", "4"]
    assert {row.state for row in kept} == {InboxState.DONE}
    async with hook.room.machine.database.read() as store:
        said = (await store.scalars(select(OutboxMessage.text).order_by(col(OutboxMessage.id)))).all()
    assert said == ["Bạn nói: câu 3", "Bạn nói: câu 1", "Bạn nói: câu 2", "Bạn nói: câu 4"]


async def endless(first: bytes, more: asyncio.Event) -> AsyncIterator[bytes]:
    """A body that begins, and goes on when it is too late."""
    yield first
    await more.wait()


async def flood() -> AsyncIterator[bytes]:
    """A body that does not say how large it is."""
    for _ in range(LARGEST // 65_536 + 1):
        yield b" " * 65_536


async def test_a_body_that_is_too_large_is_given_up(hook: Hook) -> None:
    """Whether it says so or not; what is no update is refused, and the next one is taken."""
    assert await hook.push(b" " * (LARGEST + 1)) == 413
    assert await hook.push(flood()) == 413
    assert [await hook.push(body) for body in (b"", b"{", b"[]", b'{"update_id": "x"}')] == [400] * 4
    assert await hook.push(update(1)) == 200
    assert len(await hook.kept()) == 1


@pytest.mark.parametrize("limit", ["IDLE", "WHOLE"])
async def test_a_body_that_does_not_end_holds_nobody_up(hook: Hook, monkeypatch: pytest.MonkeyPatch, limit: str) -> None:
    """It is not waited for; others are served meanwhile, and its update, sent whole, is taken."""
    never = asyncio.Event()
    slow = asyncio.create_task(hook.push(endless(update(1)[:20], never)))
    assert await hook.push(update(2)) == 200
    assert not slow.done()
    slow.cancel()
    monkeypatch.setattr(f"bot.web.guard.{limit}", 0.01)
    assert await hook.push(endless(update(1)[:20], never)) == 408
    assert [row.external_id for row in await hook.kept()] == ["2"]
    assert await hook.push(update(1)) == 200
