"""Our side of row 11 in a process of its own, as `phatngon log verify` is: `python -m tests.bench.verifying HOME`."""

import asyncio
import sys
import time
from pathlib import Path

from bot import memory
from bot.database import Database
from bot.watch import pieces


async def main(home: Path) -> None:
    """Print how many entries a second."""
    memory.collect_seldom()
    database = Database(f"sqlite+aiosqlite:///{home / 'phatngon.db'}")
    begun = time.perf_counter()
    report = await pieces.verify(database, {})
    seconds = time.perf_counter() - begun
    await database.dispose()
    assert report.problem is None, report.problem
    print(report.head.seq / seconds)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
