"""Row 13: the first row on PostgreSQL, with one dispatcher and with two; what is written is kept, as an office's server keeps it."""

from contextlib import AsyncExitStack
from pathlib import Path
from statistics import median

import psycopg

from tests import databases
from tests.bench import furnish, throughput
from tests.bench.load import Load, load
from tests.bench.stage import PATIENCE, Span, Stopwatch, free_port, product, running, surroundings
from tests.bench.table import Row
from tests.botapi.client import TelegramServer

KEPT = {"shared_buffers": "128MB"}


async def dispatchers(folder: Path, size: throughput.Size) -> list[Row]:
    """One process that does everything, and a second that dispatches beside it."""
    wanted = load(size.chats)
    found: dict[int, list[Span]] = {1: [], 2: []}
    with databases.server(KEPT) as server:
        template = server.copy(None)
        await furnish.furnish(folder / "template", size.chats, template)
        with psycopg.connect(template.replace("+psycopg", ""), autocommit=True) as database:
            database.execute("DELETE FROM installation")  # each run is an installation of its own
        for turn in range(size.repeats):
            for number, spans in found.items():
                url = server.copy(template)
                spans.append(await _run(folder / f"{number}-{turn}", url, wanted, number))
                server.drop(url)
    one, two = (median(span.rate for span in found[number]) for number in (1, 2))
    behind = {str(number): [span.told() for span in spans] for number, spans in found.items()}
    return [
        Row("13 updates/s, PostgreSQL, one dispatcher", f"{one:.0f}/s", "–", behind=behind),
        Row("13 updates/s, PostgreSQL, two / one", f"{two:.0f}/s", f"one {one:.0f}/s", two / one, None, 1.5),
    ]


async def _run(home: Path, url: str, wanted: Load, number: int) -> Span:
    home.mkdir(parents=True)  # noqa: ASYNC240 - nothing else runs in this loop yet
    there = {"PHATNGON_DATABASE_URL": url}
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(TelegramServer(home / "botapi", *throughput.SERVER))
        await server.crowd(furnish.SPEAKERS, 200)
        for _ in range(number - 1):  # the first to begin: it has less to read at the start, and is up when the other polls
            env = surroundings(server, home, free_port()) | there
            beside = running("bot", "run", "--only", "dispatch", log=home / "beside.log", **env)
            await stack.enter_async_context(beside)
        first = await stack.enter_async_context(product(server, home, there))
        await server.polling(PATIENCE)
        watch = Stopwatch(first, server)
        await server.control("bulk", updates=wanted.updates, timeout=60)
        await server.accepted("sendMessage", wanted.sends, PATIENCE)
        span = watch.stop(len(wanted.updates))
    with psycopg.connect(url.replace("+psycopg", "")) as database:
        throughput.examine(lambda query: int((database.execute(query.encode()).fetchone() or (0,))[0]), wanted)
    return span
