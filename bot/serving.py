"""Running: the lock, the entrance, everything behind it, the loops, the web server – up in that order, down in the other.

The entrance opens before the rest is read: a machine that starts again after a night has messages waiting for it, and what they wait for is to be stored.
"""

import asyncio
import importlib
import signal
from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import TYPE_CHECKING

from bot import memory
from bot.entrance import Entrance
from bot.machine import PARTS
from bot.settings import Settings
from bot.storage.occupancy import Lock, Occupied

if TYPE_CHECKING:
    from bot.app import App
    from bot.web.server import Server

Prepare = Callable[["App"], Awaitable[Mapping[str, str]]]
Ready = Callable[["App", "Server"], Awaitable[None]]


async def _nobody(_app: object) -> Mapping[str, str]:
    return {}


async def _quiet(_app: object, _server: object) -> None:
    return


async def serve(settings: Settings, *, parts: Collection[str] = PARTS, prepare: Prepare = _nobody, ready: Ready = _quiet) -> None:
    """Serve one installation, or some parts of it, until the process is asked to stop.

    `prepare` runs before anything starts and returns the demo's personas; `ready` runs once the web server listens.
    Raises `Occupied` where another process already writes in this HOME. On PostgreSQL several may; the first one answers commands.
    """
    lock = Lock(settings.home)
    first = _first(lock, settings)
    try:
        entrance = await Entrance.open(settings)
        if "receive" in parts:
            entrance.receive()
        app = await _behind(entrance)
        try:
            personas = await prepare(app)
            await _run(app, parts, personas, ready, first=first)
        finally:
            await app.stop()
    finally:
        lock.give_back()


async def _behind(entrance: Entrance) -> "App":
    """Everything the entrance leads to. It is imported in a thread, so that what arrives meanwhile is stored."""
    composition = await asyncio.to_thread(importlib.import_module, "bot.app")
    return await composition.build(entrance.settings, entrance=entrance)


async def _run(app: "App", parts: Collection[str], personas: Mapping[str, str], ready: Ready, *, first: bool) -> None:
    from bot.control import Control  # noqa: PLC0415 - imported by now, with what it knows
    from bot.watch.metrics import Metrics  # noqa: PLC0415

    control, metrics = Control(app), Metrics(app.machine)
    try:
        if first:
            await control.start()
        server = await _web(app, personas) if "web" in parts else None
        memory.settle()
        app.start(parts)  # last: a loop that keeps a pace must not share its time with imports
        await metrics.start(app.machine.settings.metrics_listen)
        await (_until_stopped(app, server, ready) if server is not None else _until_asked())
    finally:
        await metrics.stop()
        await control.stop()


async def _web(app: "App", personas: Mapping[str, str]) -> "Server":
    """The pages; their libraries are read in a thread too."""
    pages, server = [await asyncio.to_thread(importlib.import_module, f"bot.web.{name}") for name in ("app", "server")]
    return server.Server(pages.build(app.machine, app.inbox, personas=personas or None), *app.machine.settings.host_port)


def _first(lock: Lock, settings: Settings) -> bool:
    try:
        lock.take()
    except Occupied:
        if settings.shares_database:
            return False
        raise
    return True


async def _until_asked() -> None:
    """Without pages: only a signal ends it."""
    asked = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, asked.set)
    await asked.wait()


async def _until_stopped(app: "App", server: "Server", ready: Ready) -> None:
    """Serve; the first signal ends it politely."""

    def stop() -> None:
        server.should_exit = True

    serving = asyncio.create_task(server.serve())
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop)
    listening = asyncio.create_task(server.listening.wait())
    await asyncio.wait({serving, listening}, return_when=asyncio.FIRST_COMPLETED)
    if listening.done():
        await ready(app, server)
    listening.cancel()
    await serving
