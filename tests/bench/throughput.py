"""Rows 1–3: updates a second through inbox, handler, exchange entry, outbox and reply, against python-telegram-bot's plain echo."""

import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from tests.bench import furnish
from tests.bench.load import Load, load
from tests.bench.stage import PATIENCE, Span, Stopwatch, free_port, peer, product
from tests.bench.table import Row
from tests.botapi.client import TelegramServer

SERVER = ("--record", "none")


@dataclass(frozen=True)
class Size:
    """How much a row does."""

    chats: int
    repeats: int


FULL, QUICK = Size(500, 3), Size(100, 1)


async def ours(
    template: Path, folder: Path, wanted: Load, settings: Mapping[str, str] | None = None, *, port: int = 0, in_flight: int = 0
) -> Span:
    """The product, from the moment the updates wait to the last message accepted; everything must be right afterwards."""
    home = furnish.copied(template, folder)
    async with TelegramServer(home / "botapi", *SERVER) as server:
        await server.crowd(furnish.SPEAKERS, 200)  # reporters start the bot by writing, spokespersons did so before
        async with product(server, home, settings or {}, port=port, in_flight=in_flight) as running:
            await (server.accepted("setWebhook", 1, PATIENCE) if port else server.polling(PATIENCE))
            watch = Stopwatch(running, server)
            await server.control("bulk", updates=wanted.updates, timeout=60)
            await server.accepted("sendMessage", wanted.sends, PATIENCE)
            span = watch.stop(len(wanted.updates))
    with closing(sqlite3.connect(home / "phatngon.db")) as database:
        examine(lambda query: int(database.execute(query).fetchone()[0]), wanted)
    return span


def examine(count: Callable[[str], int], wanted: Load) -> None:
    """Every update handled, nothing set aside, every message sent once, every case opened.

    Raises:
        AssertionError: the figure would be of something else.
    """
    done = count("SELECT count(*) FROM inbox WHERE channel = 'telegram' AND state = 'done'")
    sent = count("SELECT count(*) FROM outbox WHERE state = 'sent' AND attempts = 1")
    opened = count("SELECT count(*) FROM exchange_entry WHERE action = 'inquiry.received' AND cause_id > 1")
    assert (done, sent, opened) == (len(wanted.updates), wanted.sends, wanted.opened), (done, sent, opened)


async def theirs(name: str, folder: Path, count: int, chats: int) -> Span:
    """A peer's echo of as many texts."""
    async with TelegramServer(folder / "botapi", *SERVER) as server, peer(name, server, folder / f"{name}.log") as running:
        await server.polling(PATIENCE)
        watch = Stopwatch(running, server)
        await server.control("bulk", count=count, chats=chats, timeout=60)
        await server.accepted("sendMessage", count, PATIENCE)
        return watch.stop(count)


async def pushed(template: Path, folder: Path, size: Size) -> Row:
    """Row 2: the same by webhook."""
    wanted = load(size.chats)
    mine: list[Span] = []
    echo: list[Span] = []
    for turn in range(size.repeats):
        port = free_port()
        hook = {"PHATNGON_PUBLIC_URL": f"http://127.0.0.1:{port}", "PHATNGON_TELEGRAM_WEBHOOK_SECRET": "bench-secret"}
        echo.append(await theirs("ptb_echo", folder / f"echo-{turn}", len(wanted.updates), size.chats))
        mine.append(await ours(template, folder / f"hook-{turn}", wanted, hook, port=port))
    return compared("2 updates/s, webhook", mine, echo, 0.6, 1.2)


async def crowded(template: Path, folder: Path, size: Size) -> Row:
    """Row 3: 256 calls in flight are never worse than fewer; in turn, medians."""
    wanted = load(size.chats)
    spans: dict[int, list[Span]] = {256: [], 64: [], 16: []}
    for turn in range(size.repeats):
        for n, taken in spans.items():
            taken.append(await ours(template, folder / f"flight-{n}-{turn}", wanted, in_flight=n))
    rates = {n: median(span.rate for span in taken) for n, taken in spans.items()}
    best = max(rates.values())
    told = ", ".join(f"{n}: {rate:.0f}/s" for n, rate in rates.items() if n != 256)
    return Row("3 256 in flight / the best", f"{rates[256]:.0f}/s", told, rates[256] / best, 0.9)


async def polled(template: Path, folder: Path, size: Size) -> Row:
    """Row 1: in turn with the peer, as often as the size says; medians."""
    wanted = load(size.chats)
    mine: list[Span] = []
    echo: list[Span] = []
    for turn in range(size.repeats):
        echo.append(await theirs("ptb_echo", folder / f"echo-{turn}", len(wanted.updates), size.chats))
        mine.append(await ours(template, folder / f"poll-{turn}", wanted))
    return compared("1 updates/s, polling", mine, echo, 0.7, 1.5)


def compared(name: str, mine: list[Span], echo: list[Span], must: float, aim: float) -> Row:
    """A row of rates."""
    here, there = median(s.rate for s in mine), median(s.rate for s in echo)
    behind: Mapping[str, Any] = {"ours": [s.told() for s in mine], "peer": [s.told() for s in echo]}
    return Row(name, f"{here:.0f}/s", f"PTB echo {there:.0f}/s", here / there, must, aim, behind=behind)
