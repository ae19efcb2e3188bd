"""Composition root: build the parts from the settings, start the loops, stop cleanly."""

import asyncio
import fcntl
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

from bot.channels.base import Channel, LocalChannel, Loop, Menu, MenuChannel, Receiver, RemoteChannel
from bot.channels.internal import INTERNAL
from bot.channels.web import WebChannel
from bot.clock import Clock
from bot.database import Database
from bot.dispatcher import Dispatcher
from bot.files import Files
from bot.inbox import Fetcher, Inbox
from bot.machine import Chance, Machine, Now, wall_clock
from bot.office import load_office, with_rules, with_units
from bot.outbox import recover
from bot.reporting import Reports
from bot.sender import Sender
from bot.settings import Settings
from bot.storage.fencing import admit, until_admitted
from bot.storage.notices import Notices
from bot.tickets import Tickets
from bot.watch.heads import Heads, key_of
from bot.watch.sweeper import Sweeper
from handlers.contract import Ids
from handlers.routes import COMMANDS, MENUS, TABLE
from handlers.table import Table
from models.store import Store
from models.texts import LANGUAGES

Run = Callable[[], Awaitable[None]]
REFRESH = 60.0  # seconds between two looks at units another machine may have changed
PARTS = ("receive", "dispatch", "send", "clock", "web")


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
        self.reports = Reports(machine, self.inbox)
        remote = [c for c in machine.channels.values() if isinstance(c, LocalChannel | RemoteChannel)]
        self.senders: Sequence[Sender] = [Sender(machine, c) for c in remote]
        self.receivers: Sequence[Receiver] = [c for c in machine.channels.values() if isinstance(c, Receiver)]
        self.sweeper = Sweeper(machine, self.clock, self.senders)

    async def recover(self) -> int:
        """What an earlier process left behind: messages in flight are uncertain, erased files go, the morning's alarm is set."""

        async def work(store: Store) -> int:
            return await recover(store, self.machine.now(), alone=await self.machine.database.locks.alone(store))

        uncertain = await self.machine.database.write(work)
        await self.machine.files.sweep(self.machine.database)
        await self.clock.wind()
        return uncertain

    async def settle(self) -> None:
        """Work until nothing is left to do at this moment; for demos, tests and commands that run alone."""
        busy = True
        while busy:
            busy = bool(await self.clock.ring())
            busy |= bool(await self.heads.publish_due())
            busy |= bool(await self.reports.work())
            busy |= bool(await self.fetcher.fetch_waiting())
            busy |= bool(await self.dispatcher.drain())
            for sender in self.senders:
                busy |= bool(await sender.drain())

    def start(self, parts: Collection[str] = PARTS) -> None:
        """Start every loop of these parts; what one machine does for all has one leader (`bot.storage.duties`)."""
        machine, sole = self.machine, self.machine.duties.sole
        receiving = {n: run for receiver in self.receivers for n, run in receiver.receivers(self.inbox.put, self.menu).items()}
        loops: dict[str, Mapping[str, Run]] = {
            "receive": {
                "fetcher": sole("fetch", self.fetcher.run),
                **{n: sole("menus", run) for n, run in self._menus().items()},
                **{n: sole("receive", self._admitted(run)) for n, run in receiving.items()},
            },
            "dispatch": {"dispatcher": self._dispatch},
            "clock": {name: sole(name, run) for name, run in self._by_the_clock().items()},
            "send": {f"sender-{s.channel.name}": s.run for s in self.senders},
        }
        chosen = {name: run for part in parts for name, run in loops.get(part, {}).items()}
        if not machine.database.is_sqlite:
            machine.duties.join()
            chosen |= {"duties": machine.duties.run, "notices": self.notices.run, "office": self.refresh}
        machine.watch.start(chosen)

    async def _dispatch(self) -> None:
        """The directory is indexed before the first message: later it would be somebody's question that waits for it."""
        await self._read_directory()
        await self.dispatcher.run()

    async def _read_directory(self) -> None:
        self.machine.office = await with_units(self.machine.office, self.machine.database, self.machine.now())

    def _by_the_clock(self) -> Mapping[str, Run]:
        return {"clock": self.clock.run, "heads": self.heads.run, "reports": self.reports.run, "sweeper": self.sweeper.run}

    async def alongside(self) -> None:
        """Before a command works without loops: what another machine leads is left to it."""
        if not self.machine.database.is_sqlite:
            for sender in self.senders:
                self.machine.duties.want(sender.duty)
            await self.machine.duties.ask()

    async def refresh(self) -> None:
        """For ever: units, people and rules that another machine has changed are known here too."""
        while True:
            await self.machine.signals.office.wait(REFRESH)
            self.machine.office = with_rules(self.machine.office, self.machine.settings)
            await self._read_directory()

    def _menus(self) -> Mapping[str, Loop]:
        showing = {name: c for name, c in self.machine.channels.items() if isinstance(c, MenuChannel)}
        menus = {role: self._menu(names) for role, names in MENUS.items()}
        return {"menus": lambda: self.machine.menus.run(self.machine.database, showing, menus)} if showing else {}

    def _admitted(self, run: Loop) -> Loop:
        async def when_admitted() -> None:
            await until_admitted(self.machine.database)
            await run()

        return when_admitted

    @property
    def menu(self) -> Menu:
        """The commands channels may list, with what they do, in every language."""
        return self._menu(COMMANDS)

    def _menu(self, names: Sequence[str]) -> Menu:
        texts = self.machine.office.texts
        return {language: [(name, texts.say(language, f"command.{name}")) for name in names] for language in LANGUAGES}

    @property
    def alive(self) -> bool:
        """Whether every loop runs."""
        return self.machine.watch.running

    async def stop(self) -> None:
        """Stop the loops; what is on its way may still arrive, what was being written is finished."""
        await self.machine.watch.stop()
        await asyncio.gather(*(sender.finish() for sender in self.senders))
        for receiver in self.receivers:
            await receiver.close()
        await self.machine.duties.lay_down()
        await self.machine.database.dispose()


def channels_of(settings: Settings) -> dict[str, Channel]:
    """The channels these settings switch on."""
    channels: list[Channel] = [*INTERNAL, WebChannel()]
    if settings.telegram_token.get_secret_value():
        from bot.channels.telegram import TelegramChannel  # noqa: PLC0415 - half a second nobody without a token should wait

        channels.append(TelegramChannel(settings))
    return {channel.name: channel for channel in channels}


async def _channels(settings: Settings, given: Mapping[str, Channel] | None) -> Mapping[str, Channel]:
    """In a thread, beside the reading of the content: to read the certificates of the web takes a tenth of a second."""
    return given if given is not None else await asyncio.to_thread(channels_of, settings)


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
        await admit(settings.home, database, now())
        tickets = Tickets(key_of(settings.home).derived("links"))
        known, office = await asyncio.gather(_channels(settings, channels), load_office(settings, database, now(), tickets))
    except BaseException:
        await database.dispose()
        raise
    machine = Machine(
        settings=settings,
        database=database,
        office=office,
        tickets=tickets,
        routes=routes,
        files=Files(settings.home / "files"),
        channels=known,
        now=now,
        ids=ids or Chance(),
    )
    app = App(machine)
    for receiver in app.receivers:
        await receiver.open()
    with suppress(FileNotFoundError):
        await app.recover()
    return app
