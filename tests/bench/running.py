"""Rows 4, 8, 10 and 11: how soon a spokesperson is told, how soon it runs, what it weighs idle, how fast the log verifies."""

import asyncio
import json
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import Any

from bot.database import Database
from tests.bench import broadcasts, furnish
from tests.bench.load import Chat
from tests.bench.stage import PATIENCE, peer, product, running
from tests.bench.table import Row
from tests.botapi import updates
from tests.botapi.client import TelegramServer

EVERY = 0.05  # seconds between two updates: 20 a second


def percentile(values: list[float], share: float) -> float:
    """The value below which that share lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


async def _steady(server: TelegramServer, made: list[dict[str, Any]]) -> None:
    """One update every 50 ms."""
    begun = time.monotonic()
    for number, update in enumerate(made):
        await asyncio.sleep(max(0.0, begun + number * EVERY - time.monotonic()))
        await server.control("raw", update=update)


async def _delays(server: TelegramServer, marks: list[str], least: int) -> list[float]:
    """Milliseconds from each update to the message that repeats its words in a chat of at least this number."""
    lines = await server.record()
    whole = (server.state / "record.jsonl").read_text("utf-8").splitlines()
    queued = [line["t"] for line in map(json.loads, whole) if "update" in line]
    sent: dict[str, float] = {}
    for line in lines:
        if line.get("method") == "sendMessage" and line["ok"] and int(line["chat"]) >= least:
            words = str(line["parameters"].get("text", ""))
            for mark in marks:
                if mark in words:
                    sent.setdefault(mark, line["t"])
    return [1000 * (sent[mark] - at) for mark, at in zip(marks, queued, strict=True) if mark in sent]


async def latency(template: Path, folder: Path, count: int) -> list[Row]:
    """Row 4: from an addition to the spokesperson's notice, minus the echo's round trip on the same server."""
    marks = [f"ý riêng {number:05d}z" for number in range(count)]
    home = furnish.copied(template, folder / "steady")
    async with TelegramServer(home / "botapi") as server:
        await server.crowd(furnish.SPEAKERS, 200)
        async with product(server, home, {}):
            await server.polling(PATIENCE)
            chats = [Chat(number) for number in range(100)]
            await _steady(server, [chats[n % 100].said(f"{chats[n % 100].code} xin bổ sung {mark}.") for n, mark in enumerate(marks)])
            await server.accepted("sendMessage", 2 * count, 60)
        mine = await _delays(server, marks, furnish.SPEAKERS)
    async with TelegramServer(folder / "echo") as server, peer("ptb_echo", server, folder / "echo.log"):
        await server.polling(PATIENCE)
        person = updates.user(9_000_000, "An")
        texts = [updates.message(n + 1, person, updates.private(person), {"text": mark}, int(time.time())) for n, mark in enumerate(marks)]
        await _steady(server, [{"message": text} for text in texts])
        await server.accepted("sendMessage", count, 60)
        echo = percentile(await _delays(server, marks, 0), 0.5)
    rows: list[Row] = []
    for share, must in ((0.95, 100.0), (0.99, 300.0)):
        value = percentile(mine, share) - echo
        told = f"{percentile(mine, share):.0f} ms of {len(mine)}"
        rows.append(Row(f"4 told at 20/s, p{share * 100:.0f}", told, f"PTB echo {echo:.0f} ms", value, must, unit="ms", at_most=True))
    return rows


async def beside(template: Path, folder: Path, count: int) -> Row:
    """Row 8: replies while a broadcast runs at its rate, against replies when nothing else happens."""
    found: list[float] = []
    for name, audience in (("idle", 0), ("busy", int(count * EVERY * 300) + 600)):
        home = furnish.copied(template, folder / name)
        if audience:
            await broadcasts.release(home, audience)
        async with TelegramServer(home / "botapi") as server:
            await server.crowd(furnish.SPEAKERS, 200)
            await server.crowd(broadcasts.AUDIENCE, max(1, audience))
            async with product(server, home, {"PHATNGON_TELEGRAM_RATE": "300"}):
                await server.polling(PATIENCE)
                chats = [Chat(number) for number in range(100)]
                marks = [f"ý riêng {number:05d}z" for number in range(count)]
                await _steady(server, [chats[n % 100].said(f"{chats[n % 100].code} xin bổ sung {mark}.") for n, mark in enumerate(marks)])
                await asyncio.sleep(2)
            found.append(percentile(await _delays(server, marks, furnish.SPEAKERS), 0.99))
    idle, busy = found
    return Row("8 told during a broadcast, p99", f"{busy:.0f} ms", f"idle {idle:.0f} ms", busy / idle, 2.0, at_most=True)


async def start(template: Path, folder: Path) -> list[Row]:
    """Row 10: from the start of the process to its first poll, and its memory when nothing happens."""
    home = furnish.copied(template, folder / "start")
    rows: list[Row] = []
    told: dict[str, tuple[float, float]] = {}
    for name in ("phatngon", "ptb_echo", "aiogram_echo"):
        async with TelegramServer(folder / f"botapi-{name}") as server:
            begun = time.perf_counter()
            context = product(server, home, {}, whole=False) if name == "phatngon" else peer(name, server, folder / f"{name}.log")
            async with context as here:
                await server.polling(PATIENCE)
                seconds = time.perf_counter() - begun
                await asyncio.sleep(2)
                told[name] = seconds, here.memory()
    (seconds, memory), ptb, aiogram = told["phatngon"], told["ptb_echo"], told["aiogram_echo"]
    peers = f"PTB {ptb[0]:.1f} s, aiogram {aiogram[0]:.1f} s"
    rows.append(Row("10 start to first poll", f"{seconds:.2f} s", peers, seconds, 1.5, unit="s", at_most=True))
    peers = f"PTB {ptb[1]:.0f} MB, aiogram {aiogram[1]:.0f} MB"
    rows.append(Row("10 memory when idle", f"{memory:.0f} MB", peers, memory, 130, unit="MB", at_most=True))
    return rows


async def verified(template: Path, folder: Path, entries: int) -> Row:
    """Row 11: `log verify` against the least that checks the chain, over the same rows."""
    home = furnish.copied(template, folder / "verified")
    database = Database(f"sqlite+aiosqlite:///{home / 'phatngon.db'}")
    await database.write(lambda store: furnish.lengthen(store, entries))
    await database.dispose()
    rates: list[float] = []
    for module, given in (("tests.bench.verifying", home), ("tests.bench.peers.bare_verify", home / "phatngon.db")):
        log = folder / f"{module}.log"
        async with running(module, str(given), log=log) as here:
            assert await here.process.wait() == 0, log.read_text("utf-8")
        rates.append(float(log.read_text("utf-8").split()[-1]))
    with closing(sqlite3.connect(home / "phatngon.db")) as held:
        count = held.execute("SELECT count(*) FROM exchange_entry").fetchone()[0]
    return Row(f"11 log verify, {count} entries", f"{rates[0]:.0f}/s", f"sqlite3 + hashlib {rates[1]:.0f}/s", rates[0] / rates[1], 0.3)
