"""Composition root: build the parts from the settings, start the loops, stop cleanly."""

import asyncio
import fcntl
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO

from bot.channels.base import Channel, LocalChannel, RemoteChannel
from bot.channels.internal import INTERNAL
from bot.channels.web import WebChannel
from bot.clock import Clock
from bot.database import Database
from bot.dispatcher import Dispatcher
from bot.files import Files
from bot.heads import Heads
from bot.inbox import Fetcher, Inbox
from bot.machine import Chance, Machine, Now, wall_clock
from bot.notices import Notices
from bot.office import load_office
from bot.outbox import recover
from bot.sender import Sender
from bot.settings import Settings
from handlers.contract import Ids
from handlers.routes import TABLE
from handlers.table import Table
from models.store import Store

log = logging.getLogger(__name__)

SWEEP = 60.0  # seconds between two looks for messages nobody is sending any more


class Occupied(RuntimeError):  # noqa: N818 - what is the case
    """Another process already writes in this HOME."""


class Lock:
    """HOME/phatngon.lock: one writing process per HOME."""

    def __init__(self, home: Path) -> None:
        self.path = home / "phatngon.lock"
        self._file: IO[str] | None = None

    def take(self) -> None:
        """Take it, or raise `Occupied`. The system gives it back when the process ends, however it ends."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        file = self.path.open("w")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.close()
            raise Occupied(str(self.path)) from error
        self._file = file

    def give_back(self) -> None:
        """Give it back."""
        if self._file is not None:
            self._file.close()
            self._file = None


class App:
    """One installation's machine and its loops."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.inbox = Inbox(machine)
        self.fetcher = Fetcher(machine)
        self.dispatcher = Dispatcher(machine)
        self.clock = Clock(machine)
        self.heads = Heads(machine, self.inbox)
        self.notices = Notices(machine)
        self.senders = [Sender(machine, c) for c in machine.channels.values() if isinstance(c, LocalChannel | RemoteChannel)]
        self._loops: list[asyncio.Task[None]] = []

    async def recover(self) -> int:
        """What an earlier process left behind: messages in flight are uncertain, erased files go, the morning's alarm is set."""

        async def work(store: Store) -> int:
            return await recover(store, self.machine.now(), alone=await self.machine.database.locks.no_sender(store))

        uncertain = await self.machine.database.write(work)
        await self.machine.files.sweep(self.machine.database)
        await self.clock.wind()
        return uncertain

    async def sweep(self) -> None:
        """For ever: what another machine was sending when it fell over is uncertain too."""
        while True:
            await asyncio.sleep(SWEEP)
            await self.machine.database.write(lambda store: recover(store, self.machine.now(), alone=False))
            self.machine.signals.outbox.nudge()

    async def settle(self) -> None:
        """Work until nothing is left to do at this moment; for demos, tests and commands that run alone."""
        busy = True
        while busy:
            busy = bool(await self.clock.ring())
            busy |= bool(await self.heads.publish_due())
            busy |= bool(await self.fetcher.fetch_waiting())
            busy |= bool(await self.dispatcher.drain())
            for sender in self.senders:
                busy |= bool(await sender.drain())

    def start(self) -> None:
        """Start every loop."""
        loops: Mapping[str, Callable[[], Awaitable[None]]] = {
            "fetcher": self.fetcher.run,
            "dispatcher": self.dispatcher.run,
            "clock": self.clock.run,
            "heads": self.heads.run,
            "sweep": self.sweep,
            **({} if self.machine.database.is_sqlite else {"notices": self.notices.run}),
            **{f"sender-{s.channel.name}": s.run for s in self.senders},
        }
        for name, run in loops.items():
            self._loops.append(asyncio.create_task(_watched(name, run), name=name))

    @property
    def alive(self) -> bool:
        """Whether every loop runs."""
        return bool(self._loops) and not any(task.done() for task in self._loops)

    async def stop(self) -> None:
        """Stop the loops; what was being written is finished first."""
        for task in self._loops:
            task.cancel()
        await asyncio.gather(*self._loops, return_exceptions=True)
        self._loops.clear()
        await self.machine.database.dispose()


async def _watched(name: str, run: Callable[[], Awaitable[None]]) -> None:
    """A loop that fails starts again: a full disk or a lost database passes, and nothing was acknowledged meanwhile."""
    while True:
        try:
            await run()
        except asyncio.CancelledError:
            raise
        except Exception:
            log.exception("a loop failed and starts again", extra={"action": "loop", "loop": name})
            await asyncio.sleep(1)


def channels_of(_settings: Settings) -> dict[str, Channel]:
    """The channels these settings switch on."""
    return {channel.name: channel for channel in (*INTERNAL, WebChannel())}


async def build(
    settings: Settings,
    *,
    now: Now = wall_clock,
    ids: Ids | None = None,
    channels: Mapping[str, Channel] | None = None,
    routes: Table = TABLE,
) -> App:
    """Everything, ready but not started: the schema is current, the content is read, the directory is known."""
    settings.home.mkdir(parents=True, exist_ok=True)
    database = Database(settings.database)
    try:
        await database.assert_append_only()
        await database.migrate()
        office = await load_office(settings, database, now())
    except BaseException:
        await database.dispose()
        raise
    machine = Machine(
        settings=settings,
        database=database,
        office=office,
        routes=routes,
        files=Files(settings.home / "files"),
        channels=channels if channels is not None else channels_of(settings),
        now=now,
        ids=ids or Chance(),
    )
    app = App(machine)
    with suppress(FileNotFoundError):
        await app.recover()
    return app
