"""Rows 5–7 and 9: broadcasts under three limit models, with faults, without a limit, and with a file."""

import asyncio
import json
import sqlite3
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from bot.database import Database
from bot.files import Files
from bot.machine import Chance, wall_clock
from models.evidence.item import Attachment, Item, ItemKind, digest
from models.messages.press_release import Broadcast, PressRelease, fan_out
from models.messages.subscription import Subscription
from models.people.person import Account
from models.store import Store
from tests.bench import furnish
from tests.bench.stage import PATIENCE, peer, product
from tests.bench.table import Row
from tests.botapi.client import TelegramServer

AUDIENCE = 4_000_000
BEHIND = timedelta(seconds=1)
FAULTS = ({"kind": "blocked", "probability": 0.02}, {"kind": "bad_gateway", "probability": 0.01},
          {"kind": "reset_before", "probability": 0.005}, {"kind": "reset_after", "probability": 0.005})  # fmt: skip


@dataclass(frozen=True)
class Sent:
    """How a broadcast went: from the first call to the last, by the server's own record."""

    seconds: float
    accepted: int
    limited: int
    twice: int
    states: Mapping[str, int]
    cut_after: int = 0


async def release(home: Path, count: int, document: bytes = b"") -> None:
    """An audience, and a release that is due to all of it as soon as the machine runs."""
    database, ids, now = Database(f"sqlite+aiosqlite:///{home / 'phatngon.db'}"), Chance(), wall_clock() - BEHIND

    async def work(store: Store) -> None:
        accounts = [Account(channel="telegram", external_id=str(AUDIENCE + n), created_at=now, opened_by=0) for n in range(count)]
        store.add_all(accounts)
        await store.flush()
        store.add_all(Subscription(account_id=account.id or 0, since=now) for account in accounts)
        text = Item.of(ItemKind.RELEASE, "Thông cáo báo chí: kết quả kiểm tra.", ids.salt(), now, case_code="TC-0000000")
        news = PressRelease(code="TC-0000000", title="Thông cáo", item=text.digest, author_id=1, published_at=now)
        sending = Broadcast(release_code=news.code, recipients=count, unreachable=0, confirmed_by=1, confirmed_at=now)
        store.add_all([text, news, sending])
        files = [await _kept(store, home, ids, document)] if document else []
        await store.flush()
        await fan_out(store, sending, news, files, 1, now)

    await database.write(work)
    await database.dispose()


async def _whole(content: bytes) -> AsyncGenerator[bytes]:
    yield content


async def _kept(store: Store, home: Path, ids: Chance, content: bytes) -> str:
    name, salt = ids.name(), ids.salt()
    kept = await Files(home / "files").keep(name, _whole(content))
    file = Attachment(
        id=name,
        digest=digest(salt, bytes.fromhex(kept.sha256)),
        salt=salt,
        sha256=kept.sha256,
        name="thong-cao.pdf",
        media_type="application/pdf",
        size=len(content),
        case_code="TC-0000000",
        created_at=wall_clock(),
    )
    store.add(file)
    return name


async def ours(template: Path, home: Path, count: int, rate: int, model: str, *, faults: bool = False, document: bytes = b"") -> Sent:
    """The product sends to everybody."""
    furnish.copied(template, home)
    await release(home, count, document)
    options = ("--limit", model, "--rate", str(rate or 30))
    async with TelegramServer(home / "botapi", *options) as server:
        await server.crowd(AUDIENCE, count)
        if faults:
            await server.control("faults", orders=[{"method": "sendMessage", **order} for order in FAULTS])
        async with product(server, home, {"PHATNGON_TELEGRAM_RATE": str(rate or 1_000_000)}):
            await _settled(home, count)
        return await _found(server, home)


async def _settled(home: Path, count: int) -> None:
    """Until no row is to be sent any more."""
    waiting = "SELECT count(*) FROM outbox WHERE broadcast_id IS NOT NULL AND state IN ('queued', 'sending')"
    with closing(sqlite3.connect(home / "phatngon.db", timeout=20)) as database:
        async with asyncio.timeout(PATIENCE):
            while database.execute(waiting).fetchone()[0]:  # noqa: ASYNC110 - nobody tells us
                await asyncio.sleep(0.1)  # the product is another process


async def _found(server: TelegramServer, home: Path | None) -> Sent:
    calls = [line for line in await server.record() if line.get("method") in {"sendMessage", "sendDocument"}]
    good = [line for line in calls if line["ok"]]
    stats = await server.stats()
    to = [line["chat"] for line in good if line["chat"] >= AUDIENCE and line["chat"] < furnish.SPEAKERS]
    states: dict[str, int] = {}
    if home is not None:
        with closing(sqlite3.connect(home / "phatngon.db")) as database:
            counted = database.execute("SELECT state, count(*) FROM outbox WHERE broadcast_id IS NOT NULL GROUP BY state")
            states = {str(state): int(number) for state, number in counted}
    cut = sum(line.get("fault") == "reset_after" for line in good)
    return Sent(good[-1]["t"] - good[0]["t"], len(to), stats["limited"], len(to) - len(set(to)), states, cut)


async def theirs(name: str, folder: Path, count: int, rate: int, model: str) -> Sent:
    """A peer sends to as many."""
    async with TelegramServer(folder / "botapi", "--limit", model, "--rate", str(rate or 30)) as server:
        await server.crowd(AUDIENCE, count)
        async with peer(name, server, folder / f"{name}.log", str(AUDIENCE), str(count), str(rate)) as running:
            await asyncio.wait_for(running.process.wait(), PATIENCE)
        return await _found(server, None)


async def limited(template: Path, folder: Path, rates: Sequence[tuple[int, int]]) -> list[Row]:
    """Row 5: each rate under each model, and the peers under the bucket."""
    rows: list[Row] = []
    for rate, count in rates:
        for model in ("bucket", "window", "growing"):
            found = await ours(template, folder / f"{model}-{rate}", count, rate, model)
            wrong = found.limited + found.twice + count - found.accepted
            rows.append(_paced(f"5 broadcast {rate}/s, {model}", found, rate, count, must=1.05, wrong=wrong))
        for name in ("ptb_broadcast", "aiogram_broadcast") if rate == rates[0][0] else ():
            found = await theirs(name, folder / f"{name}-{rate}", count, rate, "bucket")
            rows.append(Row(f"5 broadcast {rate}/s, bucket", OTHERS, _told(found, name), found.seconds / ideal(rate, count)))
    return rows


OTHERS = "(peer)"


def ideal(rate: int, count: int) -> float:
    """Seconds from the first message to the last at exactly the rate allowed."""
    return (count - 1) / rate


def _told(found: Sent, name: str) -> str:
    return f"{name}: {found.limited} × 429, {found.twice} twice"


def _paced(name: str, found: Sent, rate: int, count: int, must: float, wrong: int) -> Row:
    value = found.seconds / ideal(rate, count) if not wrong else 99.0
    here = f"{found.accepted} of {count}, {found.limited} × 429, {found.twice} twice"
    return Row(name, here, "ideal", value, must, unit="× ideal", at_most=True, behind=vars(found) | {"states": dict(found.states)})


async def faulty(template: Path, folder: Path, rate: int, count: int) -> Row:
    """Row 6: what is not delivered is known by name, and nothing comes twice that the server had not cut off."""
    found = await ours(template, folder / "faulty", count, rate, "bucket", faults=True)
    lost = count - sum(found.states.values())
    return _paced(f"6 broadcast {rate}/s with faults", found, rate, count, 1.10, lost + max(0, found.twice - found.cut_after))


async def unlimited(template: Path, folder: Path, count: int) -> Row:
    """Row 7: no limit, every delivery recorded, against aiogram's loop that records nothing; and what the server could take."""
    mine = await ours(template, folder / "mine", count, 0, "none")
    loop = await theirs("aiogram_broadcast", folder / "loop", count, 0, "none")
    raw = await theirs("aiohttp_sends", folder / "raw", count, 0, "none")
    here, there = count / mine.seconds, count / loop.seconds
    behind = {"server ceiling, raw aiohttp": round(count / raw.seconds), "twice": mine.twice, "accepted": mine.accepted}
    peers = f"aiogram loop {there:.0f}/s; raw aiohttp {count / raw.seconds:.0f}/s"
    return Row("7 broadcast without a limit", f"{here:.0f}/s", peers, here / there, 1.0, behind=behind)


async def document(template: Path, folder: Path, count: int) -> Row:
    """Row 9: one file to many chats crosses the wire once."""
    content = b"%PDF-1.7\n" + b"0" * 1_000_000
    home = folder / "document"
    found = await ours(template, home, count, 0, "none", document=content)
    lines = [json.loads(line) for line in (home / "botapi" / "record.jsonl").read_text("utf-8").splitlines()]
    uploads = sum("files" in line for line in lines)
    here = f"{found.states.get('sent', 0)} of {count} sent"
    return Row("9 uploads of one document", here, "1", float(uploads), 1, unit="uploads", at_most=True)
