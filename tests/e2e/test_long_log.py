"""A log of a million entries: the first row of the bench with 100,000 inquiries stored, against the same with hardly any (`./run soak`)."""

from pathlib import Path

import pytest

from bot.database import Database
from tests.bench import furnish, throughput
from tests.bench.load import load
from tests.bench.stage import Span

CHATS = 500
INQUIRIES, ENTRIES = 100_000, 1_000_000
LEAST = 0.8


@pytest.mark.soak
@pytest.mark.timeout(3600)
async def test_a_long_log_is_as_quick_as_a_short_one(tmp_path: Path) -> None:
    """Both in one run, one after the other; every update handled and every message sent in both.

    What is compared is the product's processor time for an update: a neighbour on the machine changes the updates in a second, not that.
    """
    wanted, spans = load(CHATS), dict[str, Span]()
    for name, inquiries, entries in (("short", CHATS, 0), ("long", INQUIRIES, ENTRIES - 2 * INQUIRIES)):
        template = tmp_path / name
        await furnish.furnish(template, inquiries)
        if entries:
            await _lengthen(template, entries)
        spans[name] = await throughput.ours(template, tmp_path / f"{name}-run", wanted)
        print(f"{name}: {spans[name].rate:.0f}/s, {1000 * spans[name].cpu / spans[name].count:.2f} ms of processor time each")
    share = spans["short"].cpu / spans["long"].cpu
    print(f"long against short: {share:.2f} ×")
    assert share >= LEAST


async def _lengthen(template: Path, entries: int) -> None:
    database = Database(f"sqlite+aiosqlite:///{template / 'phatngon.db'}")
    try:
        await database.write(lambda store: furnish.lengthen(store, entries))
    finally:
        await database.dispose()
