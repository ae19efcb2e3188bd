"""Running: the lock, the console socket, the loops, the web server – up in that order, down in the other."""

import asyncio
import importlib
import signal
from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import TYPE_CHECKING

from bot import memory
from bot.app import PARTS, App, Lock, Occupied, build
from bot.control import Control
from bot.settings import Settings
from bot.watch.metrics import Metrics

if TYPE_CHECKING:
    from bot.web.server import Server

Prepare = Callable[[App], Awaitable[Mapping[str, str]]]
Ready = Callable[[App, "Server"], Awaitable[None]]


async def _nobody(_app: App) -> Mapping[str, str]:
    return {}


async def _quiet(_app: App, _server: object) -> None:
    return


async def serve(settings: Settings, *, parts: Collection[str] = PARTS, prepare: Prepare = _nobody, ready: Ready = _quiet) -> None:
    """Serve one installation, or some parts of it, until the process is asked to stop.

    `prepare` runs before anything starts and returns the demo's personas; `ready` runs once the web server listens.
    Raises `Occupied` where another process already writes in this HOME. On PostgreSQL several may; the first one answers commands.
    """
    lock = Lock(settings.home)
    first = _first(lock, settings)
    try:
        app = await build(settings)
        personas = await prepare(app)
        control, metrics = Control(app), Metrics(app.machine)
        try:
            if first:
                await control.start()
            app.start(parts)
            server = await _web(app, personas) if "web" in parts else None
            memory.settle()
            await metrics.start(settings.metrics_listen)
            await (_until_stopped(app, server, ready) if server is not None else _until_asked())
        finally:
            await metrics.stop()
            await control.stop()
            await app.stop()
    finally:
        lock.give_back()


async def _web(app: App, personas: Mapping[str, str]) -> "Server":
    """The pages. Their libraries are read in a thread, when the chats are served already."""
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


async def _until_stopped(app: App, server: "Server", ready: Ready) -> None:
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
