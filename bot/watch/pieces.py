"""A long log is looked through in pieces, by a process for each processor. Each only saves work: what one cannot say we find out ourselves."""

import asyncio
import logging
import os
import sys
from collections.abc import AsyncGenerator, Awaitable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from subprocess import DEVNULL, PIPE, Popen
from typing import IO, Any, cast

import orjson
from sqlmodel import func, select

from bot.database import Database
from models import content
from models.evidence import verification
from models.evidence.exchange import ExchangeEntry
from models.evidence.verification import Report
from models.store import Store

log = logging.getLogger(__name__)

LONG = 20_000  # entries from which on it takes longer to look through them than to start processes
PROCESSES = 8  # at most: merging what they say is for one alone
_RUN = (sys.executable, "-P", "-m", "models.evidence.piece")
Pieces = Sequence[tuple[int, Awaitable[Mapping[str, Any] | None]]]


async def verify(database: Database, wanted: Mapping[int, str], *, pieces: int | None = None) -> Report:
    """Verify the log of a database, in as many pieces as there are processors if it is long."""
    async with database.read() as store:
        last = await _last(store) if database.is_sqlite else 0
        count = (_processors() if last >= LONG else 1) if pieces is None else pieces
        async with _at_work(_uri(database.path), last, count if last else 1, wanted) as working:
            return await verification.verify(store, wanted, working)


async def _last(store: Store) -> int:
    return (await store.scalar(select(func.max(ExchangeEntry.seq)))) or 0


def _uri(path: Path) -> str:
    """To read and never to write; where it lies was resolved when the database was opened."""
    return f"{path.absolute().as_uri()}?mode=ro"


def _processors() -> int:
    """How many are ours."""
    ours = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(ours, PROCESSES)


@asynccontextmanager
async def _at_work(uri: str, last: int, count: int, wanted: Mapping[int, str]) -> AsyncGenerator[Pieces]:
    """The pieces, each being looked through; whoever is not needed any more is stopped."""
    if count < 2:
        yield ()
        return
    size = -(-last // count)
    tasks: list[tuple[int, asyncio.Task[Mapping[str, Any] | None]]] = []
    for first in range(1, last + 1, size):
        end = min(last, first + size - 1)
        known = {str(seq): here for seq, here in wanted.items() if first <= seq <= end}
        order = {"uri": uri, "first": first, "last": end, "wanted": known}
        tasks.append((end, asyncio.create_task(_report(orjson.dumps(order)))))
    try:
        yield tasks
    finally:
        for _, task in tasks:
            task.cancel()
        await asyncio.gather(*(task for _, task in tasks), return_exceptions=True)


async def _report(order: bytes) -> Mapping[str, Any] | None:
    """What one process says, or None. It ends with its standard input, so not even our sudden death leaves one behind."""
    paths = [str(content.SHIPPED.parent), *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(paths)}
    try:
        process = Popen(_RUN, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, env=environment)  # noqa: ASYNC220, S603 - started at once, waited for in a thread
    except OSError as error:
        return _untold(error)
    try:
        return await asyncio.to_thread(_answer, process, order)
    except (OSError, ValueError) as error:
        return _untold(error)
    finally:
        process.kill()  # it is over, unless nobody waits for it any more


def _answer(process: Popen[bytes], order: bytes) -> Mapping[str, Any]:
    """Its standard input stays open until it has answered: that is how it knows that somebody waits."""
    with process:
        asked, told = cast("IO[bytes]", process.stdin), cast("IO[bytes]", process.stdout)
        asked.write(order + b"\n")
        asked.flush()
        return orjson.loads(told.read())


def _untold(error: Exception) -> None:
    log.warning("a piece of the log was not looked through elsewhere", extra={"action": "log.piece", "problem": str(error)})
