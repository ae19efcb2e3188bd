"""Updates reach the bot by polling or by webhook, and again until it has said that it has them."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import aiohttp
import pytest
from aiohttp import web

from tests.botapi.client import TelegramServer
from tests.botapi.common import Json

pytestmark = pytest.mark.asyncio(loop_scope="session")


def numbers(answer: Json) -> list[int]:
    """Numbers of the updates in an answer, counted from the first there is."""
    return [update["update_id"] - 500_000_000 for update in answer["result"]]


async def test_unconfirmed_updates_come_again(server: TelegramServer) -> None:
    """Only an offset confirms; limit and negative offsets work as published."""
    await server.control("bulk", count=5, chats=2)
    assert numbers(await server.call("getUpdates")) == [1, 2, 3, 4, 5]
    assert numbers(await server.call("getUpdates", limit=2)) == [1, 2]
    assert numbers(await server.call("getUpdates", offset=500_000_003)) == [3, 4, 5]
    assert numbers(await server.call("getUpdates", offset=500_000_001)) == [3, 4, 5]
    assert numbers(await server.call("getUpdates", offset=-1)) == [5]
    assert numbers(await server.call("getUpdates")) == [5]
    assert numbers(await server.call("getUpdates", offset=500_000_006)) == []
    await server.drained()


async def test_a_long_poll_ends_with_the_update(server: TelegramServer) -> None:
    """A poll waits, and returns as soon as somebody writes."""
    poll = asyncio.create_task(server.call("getUpdates", timeout=20))
    await server.polling()
    await server.person(4001).write("chào")
    assert numbers(await asyncio.wait_for(poll, 2)) == [1]


async def test_two_polls_at_once(server: TelegramServer) -> None:
    """The older one is ended with 409."""
    older = asyncio.create_task(server.call("getUpdates", timeout=20))
    await server.polling()
    newer = await server.call("getUpdates", timeout=0)
    assert newer["ok"]
    answer = await older
    assert answer["error_code"] == 409
    assert "terminated by other getUpdates" in answer["description"]


async def test_allowed_updates(server: TelegramServer) -> None:
    """What the bot did not ask for is not kept for it; kinds that do not exist yet are."""
    await server.call("getUpdates", allowed_updates=["callback_query"])
    person = server.person(4001)
    await person.write("không đến")
    await server.control("unknown")
    assert [sorted(u) for u in (await server.call("getUpdates"))["result"]] == [["telepathy", "update_id"]]


async def test_replayed_updates(server: TelegramServer) -> None:
    """Confirmed updates can be made to come again, out of order."""
    await server.control("bulk", count=3)
    await server.call("getUpdates", offset=500_000_004)
    await server.control("replay", update_ids=[500_000_003, 500_000_001])
    assert numbers(await server.call("getUpdates", offset=500_000_004)) == [3, 1]
    assert numbers(await server.call("getUpdates", offset=500_000_004)) == []


@dataclass
class Receiver:
    """A bot's web server that can be told to refuse."""

    url: str = ""
    got: list[Json] = field(default_factory=list[Json])
    secrets: set[str] = field(default_factory=set[str])
    refuse: int = 0
    together: int = 0  # pushes are held until so many are there at once
    held: asyncio.Event = field(default_factory=asyncio.Event)
    busy: int = 0
    busiest: int = 0
    reply: Json | None = None

    async def take(self, request: web.Request) -> web.Response:
        """One push."""
        self.busy += 1
        self.busiest = max(self.busiest, self.busy)
        update: Json = await request.json()
        if self.busy >= self.together:
            self.held.set()
        await self.held.wait()
        self.busy -= 1
        if self.refuse:
            self.refuse -= 1
            return web.Response(status=503)
        self.secrets.add(request.headers.get("X-Telegram-Bot-Api-Secret-Token", ""))
        self.got.append(update)
        return web.json_response(self.reply) if self.reply else web.Response()


@asynccontextmanager
async def receiver() -> AsyncGenerator[Receiver]:
    """A running receiver."""
    found = Receiver()
    application = web.Application()
    application.router.add_post("/hook", found.take)
    runner = web.AppRunner(application)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    found.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    try:
        yield found
    finally:
        await runner.cleanup()


async def test_a_webhook_gets_everything(server: TelegramServer) -> None:
    """Pushes carry the secret, keep each chat's order, respect max_connections, and polling is refused meanwhile."""
    await server.control("bulk", count=20, chats=4)
    async with receiver() as bot:
        bot.together = 3
        assert (await server.call("setWebhook", url=bot.url, secret_token="bi_mat", max_connections=3))["ok"]
        assert (await server.call("getUpdates"))["error_code"] == 409
        await server.drained()
        assert bot.secrets == {"bi_mat"}
        assert bot.busiest == 3
        for chat in range(10_000, 10_004):
            mine = [u["update_id"] for u in bot.got if u["message"]["chat"]["id"] == chat]
            assert len(mine) == 5
            assert mine == sorted(mine)
        about = (await server.call("getWebhookInfo"))["result"]
        assert (about["url"], about["max_connections"], about["pending_update_count"]) == (bot.url, 3, 0)
        await server.call("deleteWebhook")


async def test_a_refused_push_comes_again(server: TelegramServer) -> None:
    """503 twice, then taken; the error is told; the answer may carry a call."""
    async with receiver() as bot:
        bot.refuse, bot.reply = 2, {"method": "sendMessage", "chat_id": 4001, "text": "Từ câu trả lời"}
        await server.call("setWebhook", url=bot.url)
        person = server.person(4001)
        await person.write("chào")
        await person.sees("Từ câu trả lời")
        await server.drained()
        assert len(bot.got) == 1
        assert "503" in (await server.call("getWebhookInfo"))["result"]["last_error_message"]
        await server.call("deleteWebhook")


async def test_what_a_webhook_left_is_polled(server: TelegramServer) -> None:
    """An update nobody acknowledged is still there after deleteWebhook, unless it is dropped."""
    await server.call("setWebhook", url="http://127.0.0.1:9/hook")
    await server.person(4001).write("còn đây")
    await server.call("deleteWebhook")
    assert numbers(await server.call("getUpdates")) == [1]
    await server.call("deleteWebhook", drop_pending_updates=True)
    assert numbers(await server.call("getUpdates")) == []


async def test_a_broken_poll_loses_nothing(server: TelegramServer) -> None:
    """A connection cut after the answer was made: the same updates come with the next poll."""
    await server.control("bulk", count=2)
    await server.fault("reset_after", "getUpdates", times=1)
    with pytest.raises((aiohttp.ClientError, ConnectionError)):
        await server.call("getUpdates")
    assert numbers(await server.call("getUpdates")) == [1, 2]
