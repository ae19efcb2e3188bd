"""Composition root: build the parts from the settings, start the loops, stop cleanly."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress

from bot.channels.base import Channel, LocalChannel, Loop, Menu, MenuChannel, Receiver, RemoteChannel
from bot.clock import Clock
from bot.dispatcher import Dispatcher
from bot.entrance import Entrance
from bot.files import Files
from bot.inbox import Fetcher, Inbox
from bot.machine import PARTS, Chance, Machine, Now, wall_clock
from bot.office import load_office, with_rules, with_units
from bot.outbox import recover
from bot.reporting import Reports
from bot.sender import Sender
from bot.settings import Settings
from bot.storage.fencing import when_admitted
from bot.storage.notices import Notices
from bot.tickets import Tickets
from bot.watch.heads import Heads, key_of
from bot.watch.pulse import Run
from bot.watch.sweeper import Sweeper
from handlers.contract import Ids
from handlers.routes import COMMANDS, MENUS, TABLE
from handlers.table import Table
from models.store import Store
from models.texts import LANGUAGES

REFRESH = 60.0  # seconds between two looks at units another machine may have changed


class App:
    """One installation's machine and its loops."""

    def __init__(self, machine: Machine, arriving: Mapping[str, Run] | None = None) -> None:
        self.machine = machine
        self._arriving = arriving or {}  # what the entrance has not begun with
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
        told = {n: run for receiver in self.receivers for n, run in receiver.startup(self.menu).items()}
        receiving = {**self._arriving, **{n: when_admitted(machine.database, run) for n, run in told.items()}}
        loops: dict[str, Mapping[str, Run]] = {
            "receive": {
                "fetcher": sole("fetch", self.fetcher.run),
                **{n: sole("menus", run) for n, run in self._menus().items()},
                **{n: sole("receive", run) for n, run in receiving.items()},
            },
            "dispatch": {"dispatcher": self.dispatcher.run},
            "clock": {name: sole(name, run) for name, run in self._by_the_clock().items()},
            "send": {f"sender-{s.channel.name}": s.run for s in self.senders},
        }
        chosen = {name: run for part in parts for name, run in loops.get(part, {}).items()}
        if not machine.database.is_sqlite:
            machine.duties.join()
            chosen |= {"duties": machine.duties.run, "notices": self.notices.run, "office": self.refresh}
        machine.watch.start(chosen)

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
            self.machine.office = await with_units(self.machine.office, self.machine.database, self.machine.now())

    def _menus(self) -> Mapping[str, Loop]:
        showing = {name: c for name, c in self.machine.channels.items() if isinstance(c, MenuChannel)}
        menus = {role: self._menu(names) for role, names in MENUS.items()}
        return {"menus": lambda: self.machine.menus.run(self.machine.database, showing, menus)} if showing else {}

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


async def build(
    settings: Settings,
    *,
    now: Now = wall_clock,
    ids: Ids | None = None,
    channels: Mapping[str, Channel] | None = None,
    routes: Table = TABLE,
    entrance: Entrance | None = None,
) -> App:
    """Everything, ready but not started: the schema is current, the content is read, the directory is known.

    An `entrance` that is open already brings its own time and channels, and is closed again where the rest cannot be built.
    """
    entrance = entrance or await Entrance.open(settings, now=now, channels=channels)
    try:
        app = App(await _machine(entrance, ids or Chance(), routes), entrance.arriving)
        with suppress(FileNotFoundError):
            await app.recover()
    except BaseException:
        await entrance.close()
        raise
    return app


async def _machine(entrance: Entrance, ids: Ids, routes: Table) -> Machine:
    settings = entrance.settings
    tickets = Tickets(key_of(settings.home).derived("links"))
    return Machine(
        settings=settings,
        database=entrance.database,
        office=await load_office(settings, entrance.database, entrance.now(), tickets),
        tickets=tickets,
        routes=routes,
        files=Files(settings.home / "files"),
        channels=entrance.channels,
        now=entrance.now,
        ids=ids,
        signals=entrance.signals,
        watch=entrance.watch,
    )
