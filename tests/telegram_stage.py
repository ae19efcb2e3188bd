"""Stories played through Telegram: the people are those of the strict local server, the bot is the real one.

`await play_on_telegram(home, lines, cast=…, files=…, show=print)` serves `demo --script --channel telegram` and the tests.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from aiohttp import web
from pydantic import SecretStr

from bot import seeding
from bot.app import App, build
from bot.channels.base import Loop
from bot.channels.telegram import TelegramChannel
from bot.machine import wall_clock
from bot.settings import Settings
from bot.story import Cast, Story, Timepiece, Told
from handlers.contract import Ids
from models.evidence.verification import Report, verify
from tests.botapi.client import Person, TelegramServer

SECRET = "strict-hook_secret"
FIRST = 5001
UNPACED: Mapping[str, Any] = {"telegram_rate": 10_000, "telegram_chat_rate": 0}


class TelegramStory(Story):
    """A story whose people write, tap and read in Telegram."""

    def __init__(
        self, app: App, time: Timepiece, files: Callable[[str], bytes], show: Callable[[str], None], server: TelegramServer
    ) -> None:
        super().__init__(app, time, files, show)
        self.server = server
        self.people: dict[str, Person] = {}
        self.channel = channel_of(app)

    def someone(self, who: Cast) -> Person:
        """The person of the server who plays a part."""
        if who.chat not in self.people:
            self.people[who.chat] = self.server.person(FIRST + len(self.people), who.name)
        return self.people[who.chat]

    async def _file(self, who: Cast, name: str) -> str:
        return name

    async def _put(self, who: Cast, payload: dict[str, Any], text: str) -> None:
        person = self.someone(who)
        who.seen = len(who.told)
        more: dict[str, Any] = {"reply_to": int(payload["reply_to"])} if payload.get("reply_to") else {}
        if payload["kind"] == "choice":
            message, _, data = payload["choice"].partition(" ")
            tap = await person.act("tap", message_id=int(message), data=data)
            await self._settle()
            await person.answered(tap)
            return
        if payload["kind"] == "edit":
            number = int(payload["edits"])
            await person.edit(number, text=text)
        elif payload.get("files"):
            number = await self._send(person, payload["files"], text, more)
        else:
            number = await person.write(text, **more)
        who.said.append((str(number), text))
        await self._settle()

    async def _send(self, person: Person, names: list[str], text: str, more: dict[str, Any]) -> int:
        number = 0
        for name in names:
            caption = {"caption": text} if text and not number else {}
            kind = "photo" if name.endswith((".png", ".jpg")) else "document"
            number = await person.send(kind, self.files(name), file_name=name, **caption, **more)
        return number

    async def settle(self) -> None:
        """Whatever is to be done now is done."""
        await self._settle()

    async def _settle(self) -> None:
        """Whatever people did has come in, and everything it causes has gone out."""
        if self.channel.poller is None:
            await self.server.drained()
        while self.channel.poller is not None and await self.channel.poller.step():
            pass
        await self.app.settle()
        await self._read()

    async def _read(self) -> None:
        async with self.app.machine.database.read() as store:
            await self._nothing_aside(store)
        for who in self.cast.values():
            files: list[str] = []
            for seen in await self.someone(who).messages() if who.chat in self.people else []:
                if seen.id <= who.last:
                    continue
                who.last = seen.id
                files += [kind for kind in ("photo", "document", "voice") if kind in seen.message]
                if "text" not in seen.message:
                    continue  # files go first, the text of the same screen follows
                rows = seen.message.get("reply_markup", {}).get("inline_keyboard", [])
                choices = [{"label": key["text"], "action": f"{seen.id} {key['callback_data']}"} for row in rows for key in row]
                self._take(who, Told(seen.text, choices, files, str(seen.id)))
                files = []


def channel_of(app: App) -> TelegramChannel:
    """The app's Telegram channel."""
    channel = app.machine.channels["telegram"]
    assert isinstance(channel, TelegramChannel)
    return channel


@asynccontextmanager
async def hook() -> AsyncGenerator[tuple[str, list[TelegramChannel]]]:
    """A web server with nothing but the webhook; its address, and where to put the channel."""
    behind: list[TelegramChannel] = []

    async def receive(request: web.Request) -> web.Response:
        secret = request.headers.get("X-Telegram-Bot-Api-Secret-Token")
        return web.Response(status=await behind[0].receive(await request.read(), secret))

    routes = web.Application()
    routes.router.add_post("/hooks/telegram", receive)
    runner = web.AppRunner(routes)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}", behind
    finally:
        await runner.cleanup()


def settings_for(server: TelegramServer, home: Path, **more: Any) -> Settings:
    """Settings of a bot that knows the strict server as Telegram."""
    values: dict[str, Any] = {"telegram_api": server.url, "telegram_token": SecretStr(server.token), **UNPACED, **more}
    return Settings(home=home, **values)


@asynccontextmanager
async def telegram_office(
    home: Path,
    server: TelegramServer,
    *,
    files: Callable[[str], bytes],
    show: Callable[[str], None] = lambda _line: None,
    at: datetime | None = None,
    ids: Ids | None = None,
    webhook: bool = False,
    seed: bool = True,
    **settings: Any,
) -> AsyncGenerator[TelegramStory]:
    """An office on Telegram, with the shipped directory, ready for a story."""
    async with AsyncExitStack() as stack:
        more: dict[str, Any] = {}
        behind: list[TelegramChannel] = []
        if webhook:
            address, behind = await stack.enter_async_context(hook())
            more = {"public_url": address, "telegram_webhook_secret": SECRET}
        time = Timepiece(at or wall_clock())
        app = await build(settings_for(server, home, **settings, **more), now=time, ids=ids)
        stack.push_async_callback(app.stop)
        behind.append(channel_of(app))
        loops = channel_of(app).startup(app.menu)
        stack.push_async_callback(_ended, _begun(loops["telegram-startup"]))
        if seed:
            await seeding.seed(app, people=True)
        if webhook:
            await server.accepted("setWebhook", 1)
        yield TelegramStory(app, time, files, show, server)


def _begun(loop: Loop) -> asyncio.Future[None]:
    return asyncio.ensure_future(loop())


async def _ended(task: asyncio.Future[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def play_on_telegram(
    home: Path,
    lines: Iterable[str],
    *,
    cast: Mapping[str, Mapping[str, Any]],
    files: Callable[[str], bytes],
    show: Callable[[str], None] = print,
    webhook: bool = False,
    **settings: Any,
) -> Report:
    """Play a whole story through a strict Bot API server of its own; what verifying the log found at the end.

    Raises:
        StoryError: the story went another way than it is told.
    """
    async with (
        TelegramServer(home / "botapi") as server,
        telegram_office(home / "home", server, files=files, show=show, webhook=webhook, **settings) as story,
    ):
        for name, person in cast.items():
            invited: dict[str, Any] = {"unit": None} | dict(person)
            code = await seeding.invite(story.app, **invited)
            await story.say(story.person(name), code)
        await story.play(lines)
        async with story.app.machine.database.read() as store:
            return await verify(store)
