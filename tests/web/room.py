"""A small machine with an echoing handler behind the real web application, and browsers to ask it with."""

import asyncio
import atexit
import hashlib
import itertools
import re
import shutil
import tempfile
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast
from zoneinfo import ZoneInfo

import httpx
from sqlalchemy import create_engine
from sqlmodel import col, select
from starlette.applications import Starlette

from bot.channels.base import Channel
from bot.channels.web import NAME, WebChannel, chat_of
from bot.compass import Compass
from bot.database import Database
from bot.dispatcher import Dispatcher
from bot.files import Files
from bot.inbox import Inbox
from bot.machine import Machine
from bot.sender import Sender
from bot.settings import Settings
from bot.web.app import build
from handlers.contract import Choice, Context, InboundMessage, Outcome, Screen
from handlers.table import Table
from models.messages.message import InboxMessage, TimelineEvent
from models.office import Office
from models.tables import metadata
from models.texts import Texts
from tests import databases

ORIGIN = "http://phatngon.example.vn"
PERSONAS = {"phongvien": "reporter-token-of-the-demo", "phatngon": "speaker-token-of-the-demo", "canbo": "officer-token-of-the-demo"}


async def echo(message: InboundMessage, context: Context) -> Outcome:
    """Say it back, with the files and two choices."""
    screen = Screen.of(
        "test.echo", Choice("test.yes", "test.yes:1"), Choice("test.no", "test.no:1"), files=message.files, text=message.text
    )
    return Outcome(screens=[context.show(screen)])


@dataclass
class Room:
    """The machine, the application, and the hands that move messages on."""

    machine: Machine
    inbox: Inbox
    app: Starlette
    channel: WebChannel
    running: list[asyncio.Task[None]] = field(default_factory=list[asyncio.Task[None]])

    @property
    def dispatcher(self) -> Dispatcher:
        """The one consumer of the inbox."""
        return Dispatcher(self.machine)

    async def settle(self) -> None:
        """Handle and deliver everything that waits."""
        await self.dispatcher.drain()
        await Sender(self.machine, self.channel).drain()

    def browser(self, **headers: str) -> "Browser":
        """A new browser without cookies."""
        return Browser(self, headers)

    async def stored(self) -> list[InboxMessage]:
        """Everything people said, oldest first."""
        async with self.machine.database.read() as store:
            return list(
                (await store.scalars(select(InboxMessage).where(InboxMessage.channel == NAME).order_by(col(InboxMessage.id)))).all()
            )

    async def timeline(self, chat: str) -> list[TimelineEvent]:
        """The events of a chat."""
        async with self.machine.database.read() as store:
            query = select(TimelineEvent).where(TimelineEvent.chat == chat).order_by(col(TimelineEvent.id))
            return list((await store.scalars(query)).all())


class Browser:
    """One person's browser: keeps cookies, knows the token of the page it opened."""

    def __init__(self, room: Room, headers: dict[str, str]) -> None:
        self.room = room
        self.client = httpx.AsyncClient(
            transport=httpx.ASGITransport(room.app, raise_app_exceptions=False), base_url=ORIGIN, headers=headers
        )
        self.token = ""
        self._keys = itertools.count(1)
        self.name = hashlib.sha256(str(id(self)).encode()).hexdigest()[:8]

    @property
    def chat(self) -> str:
        """The chat of this browser's session."""
        return chat_of(self.client.cookies["phatngon"])

    async def open(self, path: str = "/chat") -> httpx.Response:
        """Open a chat page."""
        page = await self.client.get(path)
        found = re.search(r'data-token="([0-9a-f]+)"', page.text)
        self.token = found[1] if found else ""
        return page

    @property
    def proof(self) -> dict[str, str]:
        """What our own page sends with everything it sends."""
        return {"origin": ORIGIN, "sec-fetch-site": "same-origin", "x-phatngon-token": self.token}

    def key(self) -> str:
        """A fresh message id."""
        return f"{self.name}{next(self._keys):016x}"

    async def say(self, text: str, path: str = "/chat", **more: Any) -> httpx.Response:
        """Send a message."""
        return await self.client.post(f"{path}/send", json={"id": self.key(), "text": text} | more, headers=self.proof)

    async def history(self, **query: Any) -> dict[str, Any]:
        """A page of the chat."""
        answer = await self.client.get("/chat/history", params=query)
        return cast("dict[str, Any]", answer.json())

    async def upload(self, content: Any, name: str = "t%E1%BB%87p.txt") -> httpx.Response:
        """Upload a file."""
        return await self.client.post("/chat/upload", content=content, headers=self.proof | {"x-phatngon-name": name})


@cache
def texts() -> Texts:
    """The real sentences and a few of our own; nobody changes them."""
    zone = ZoneInfo("Asia/Ho_Chi_Minh")
    loaded = Texts.load(zone)
    own = {
        "test.echo": "Bạn nói: {text}",
        "test.yes": "Đúng",
        "test.no": "Không",
        "start.sorry": "Xin lỗi",
        "officer.set_aside": "{number}",
    }
    return Texts({language: {**own, **sentences} for language, sentences in loaded.sentences.items()}, zone)


@cache
def empty() -> Path:
    """A database file with every table and nothing in it."""
    folder = Path(tempfile.mkdtemp(prefix="phatngon-room-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    engine = create_engine(f"sqlite:///{folder / 'empty.db'}")
    metadata.create_all(engine)
    engine.dispose()
    return folder / "empty.db"


@asynccontextmanager
async def room_in(home: Path, *others: Channel) -> AsyncGenerator[Room]:
    """A room on a new database, with `others` beside the web."""
    with databases.copy("") as found:
        url = found.get("database_url", "")
        if not url:
            shutil.copy(empty(), home / "test.db")
        settings = Settings(home=home, public_url=ORIGIN, database_url=url)
        async with _room(settings, url or f"sqlite+aiosqlite:///{home / 'test.db'}", others) as room:
            yield room


@asynccontextmanager
async def _room(settings: Settings, url: str, others: Sequence[Channel]) -> AsyncGenerator[Room]:
    database = Database(url)
    channel = WebChannel()
    office = cast("Office", SimpleNamespace(texts=texts(), topics=(), unit_names={}, public_url=ORIGIN, router=Compass(settings.zone)))
    machine = Machine(
        settings, database, office, Table((), echo, echo), Files(settings.home / "files"), {one.name: one for one in (channel, *others)}
    )
    inbox = Inbox(machine)
    room = Room(machine, inbox, build(machine, inbox, personas=PERSONAS), channel)
    try:
        yield room
    finally:
        for task in room.running:
            task.cancel()
        await asyncio.gather(*room.running, return_exceptions=True)
        await database.dispose()
