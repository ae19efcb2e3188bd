"""An exchange log of 10,000 entries is verified in less than two seconds."""

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from bot.database import Database
from models.evidence import exchange, verification
from models.evidence.exchange import Actor, Circumstances, Entry
from models.evidence.item import Item, ItemKind
from models.store import Store

ENTRIES = 10_000
START = datetime(2026, 11, 23, 1, tzinfo=UTC)


def rows() -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Entries of 2,000 cases taking turns, every one naming a text of its own."""
    head, cases = exchange.Head(0, exchange.GENESIS), dict[str, tuple[int, str | None]]()
    entries, items = list[dict[str, Any]](), list[dict[str, Any]]()
    for number in range(ENTRIES):
        at = START + timedelta(seconds=number)
        kept = Item.of(ItemKind.QUESTION, f"Bao nhiêu người nhập viện? {number}" * 4, f"{number:064x}", at)
        items.append({name: getattr(kept, name) for name in ("digest", "salt", "kind", "text", "created_at")})
        code = f"YC-{number % 2000:07}"
        draft = Entry("inquiry.followed_up", (), code, {"item": kept.digest, "files": [], "due": "2026-11-28T00:00:00+07:00"}, "so_y_te")
        around = Circumstances(at, Actor(7, "reporter", 9, "web"), number, f"{number:032x}", {"id": "so_y_te", "name": "Sở Y tế"})
        seq, last = cases.get(code, (0, None))
        row = exchange.columns(exchange.build(draft, head.seq + 1, (seq + 1, last), around), head.hash)
        head, cases[code] = exchange.Head(row["seq"], row["hash"]), (seq + 1, row["digest"])
        entries.append(row)
    return entries, items


async def test_ten_thousand_entries_in_two_seconds(tmp_path: Path) -> None:
    """Chain, columns, canonical form, cases and texts."""
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'log.db'}")
    await database.migrate()
    entries, items = rows()

    async def work(store: Store) -> None:
        await store.execute(insert(Item), items)
        await store.execute(insert(exchange.ExchangeEntry), entries)

    await database.write(work)
    took: list[float] = []  # of this process alone: others may be busy on the same machine
    async with database.read() as store:
        for _ in range(2):
            started = time.process_time()
            report = await verification.verify(store)
            took.append(time.process_time() - started)
            assert (report.problem, report.head.seq) == (None, ENTRIES)
    await database.dispose()
    print(f"{ENTRIES} entries in {min(took):.2f} s")
    assert min(took) < 2
