"""Running: the lock, the loops, the console socket, the web server – up in that order, down in the other."""

import asyncio
import ctypes
import gc
import signal
from collections.abc import Awaitable, Callable, Collection, Mapping
from contextlib import suppress

from bot.app import PARTS, App, Lock, Occupied, build
from bot.control import Control
from bot.settings import Settings
from bot.watch.metrics import Metrics
from bot.web.app import build as build_web
from bot.web.server import Server

COLLECT = (20_000, 20, 50)  # allocations between two looks at the young, and how many of these before a look at the older

Prepare = Callable[[App], Awaitable[Mapping[str, str]]]
Ready = Callable[[App, Server], Awaitable[None]]


async def _nobody(_app: App) -> Mapping[str, str]:
    return {}


async def _quiet(_app: App, _server: Server) -> None:
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
        host, port = settings.host_port
        server = Server(build_web(app.machine, app.inbox, personas=personas or None), host, port)
        control, metrics = Control(app), Metrics(app.machine)
        try:
            if first:
                await control.start()
            app.start(parts)
            _settle_memory()
            await metrics.start(settings.metrics_listen)
            await (_until_stopped(app, server, ready) if "web" in parts else _until_asked())
        finally:
            await metrics.stop()
            await control.stop()
            await app.stop()
    finally:
        lock.give_back()


def _settle_memory() -> None:
    """What was read at the start stays for good: the collector need not look through it again and again, nor look so often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECT)
    with suppress(OSError, AttributeError):  # glibc alone has it
        ctypes.CDLL(None).malloc_trim(0)  # what reading the content took and gave back goes back to the system


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


async def _until_stopped(app: App, server: Server, ready: Ready) -> None:
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
