"""HOME/control.sock: commands that write are handed to the running machine; they take the lock themselves only when none runs."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any
from uuid import uuid4

from sqlmodel import select

from bot.app import App, build
from bot.channels.base import Arrival
from bot.office import with_rules, with_units
from bot.settings import Settings
from bot.storage.occupancy import Lock
from models.messages.message import InboxMessage, InboxState
from models.store import Store

Answer = dict[str, Any]
WAIT = 30.0  # seconds a command waits for the machine to handle its message, unless it brings `patience` of its own
_LONGEST = 64 * 1024 * 1024  # bytes of one command: a directory of 20,000 rows fits


class Control:
    """The listening end."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.path = app.machine.settings.home / "control.sock"
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        """Listen; only this account may connect."""
        self.path.unlink(missing_ok=True)
        self._server = await asyncio.start_unix_server(self._serve, self.path, limit=_LONGEST)
        self.path.chmod(0o600)

    async def stop(self) -> None:
        """Stop listening."""
        if self._server is not None:
            self._server.close()
            self.path.unlink(missing_ok=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            answer = await perform(self.app, json.loads(await reader.readline()))
            writer.write(json.dumps(answer).encode() + b"\n")
            await writer.drain()
            writer.close()


async def perform(app: App, wanted: Answer) -> Answer:
    """Do what a command asks: put a console message in and wait for it, or put a set-aside message back."""
    if "retry" in wanted:
        return await _retry(app, int(wanted["retry"]))
    patience = float(wanted.pop("patience", WAIT))
    arrival = Arrival("console", uuid4().hex, "console", json.dumps(wanted, ensure_ascii=False, default=str))
    ids = await app.inbox.put([arrival])
    if not app.alive:
        await app.settle()
    row = await _handled(app, ids[0], patience)
    app.machine.office = with_rules(app.machine.office, app.machine.settings)
    app.machine.office = await with_units(app.machine.office, app.machine.database, app.machine.now())
    app.machine.signals.office.nudge()
    if row.state is InboxState.DONE and row.problem is None:
        return {"ok": True, "id": row.id}
    if row.state not in {InboxState.DONE, InboxState.ASIDE}:
        return {"ok": False, "id": row.id, "pending": True, "problem": "the machine is still at it"}
    return {"ok": False, "id": row.id, "problem": (row.problem or "the machine is busy").strip().splitlines()[-1]}


async def _handled(app: App, row_id: int, patience: float = WAIT) -> InboxMessage:
    """The row once it is settled, or as it stands when the wait is over."""
    end = asyncio.get_running_loop().time() + patience
    while True:
        async with app.machine.database.read() as store:
            row = await store.scalar(select(InboxMessage).where(InboxMessage.id == row_id))
        if row is None:
            raise LookupError(row_id)
        if row.state in {InboxState.DONE, InboxState.ASIDE} or asyncio.get_running_loop().time() > end:
            return row
        await asyncio.sleep(0.02)


async def _retry(app: App, row_id: int) -> Answer:
    async def work(store: Store) -> bool:
        row = await store.get(InboxMessage, row_id)
        if row is None or row.state is not InboxState.ASIDE:
            return False
        row.state = InboxState.READY
        return True

    if not await app.machine.database.write(work):
        return {"ok": False, "id": row_id, "problem": "not set aside"}
    app.machine.signals.inbox.nudge()
    if not app.alive:
        await app.settle()
    row = await _handled(app, row_id)
    return {"ok": row.state is InboxState.DONE, "id": row_id, "problem": (row.problem or "").strip().splitlines()[-1:]}


async def ask(settings: Settings, wanted: Answer) -> Answer:
    """Hand a command to the machine that runs in this HOME, or be that machine for a moment."""
    path = settings.home / "control.sock"
    try:
        reader, writer = await asyncio.open_unix_connection(path, limit=_LONGEST)
    except (FileNotFoundError, ConnectionRefusedError):
        return await alone(settings, lambda app: perform(app, wanted))
    writer.write(json.dumps(wanted, default=str).encode() + b"\n")
    await writer.drain()
    answer: Answer = json.loads(await reader.readline())
    writer.close()
    return answer


async def alone(settings: Settings, work: Callable[[App], Awaitable[Answer]]) -> Answer:
    """Take the lock (where nobody else may write), build the machine without its loops, do the work, go."""
    lock = Lock(settings.home)
    if not settings.shares_database:
        lock.take()
    try:
        app = await build(settings)
        try:
            await app.alongside()
            return await work(app)
        finally:
            await app.stop()
    finally:
        lock.give_back()
