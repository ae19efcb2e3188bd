"""Our side of row 11 in a process of its own, as `phatngon log verify` is: `python -m tests.bench.verifying HOME`."""

import asyncio
import sys
import time
from pathlib import Path

from bot.database import Database
from models.evidence.verification import verify


async def main(home: Path) -> None:
    """Print how many entries a second."""
    database = Database(f"sqlite+aiosqlite:///{home / 'phatngon.db'}")
    begun = time.perf_counter()
    async with database.read() as store:
        report = await verify(store)
    seconds = time.perf_counter() - begun
    await database.dispose()
    assert report.problem is None, report.problem
    print(report.head.seq / seconds)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
