"""`./run bench`: every measurement as one table with its peers, or one with `--only NAME`; figures are ratios within one run."""

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

from tests.bench import routing, throughput
from tests.bench.furnish import furnish
from tests.bench.table import Row, printed, write

OUT = Path(__file__).resolve().parents[2] / "build" / "bench.json"

Measured = Callable[[Path, Path, bool], Awaitable[list[Row]]]


async def polling(template: Path, folder: Path, quick: bool) -> list[Row]:
    """Row 1."""
    return [await throughput.polled(template, folder, throughput.QUICK if quick else throughput.FULL)]


ROWS: dict[str, Measured] = {"polling": polling}


async def measure(names: list[str], *, quick: bool) -> list[Row]:
    """Every row asked for, one after another: nothing else shall run meanwhile."""
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="phatngon-bench-") as folder:
        template = Path(folder) / "template"
        await furnish(template, (throughput.QUICK if quick else throughput.FULL).chats)
        for name in names:
            here = Path(folder) / name
            here.mkdir()
            print(f"… {name}", file=sys.stderr, flush=True)
            rows += await ROWS[name](template, here, quick)
    return rows


def main() -> int:
    """Run what is asked for."""
    parser = argparse.ArgumentParser(prog="./run bench", description=__doc__)
    parser.add_argument("--only", choices=["routing", *ROWS])
    parser.add_argument("--quick", action="store_true", help="small sizes: the whole table in two minutes, for a first look")
    parser.add_argument("--out", type=Path, default=OUT, help="where the figures are written as JSON")
    parser.add_argument("--cases", type=Path, help="routing: the folder of the question files, or one such file")
    parser.add_argument("--no-semantic", action="store_true", help="routing: words alone")
    given = parser.parse_args()
    if given.only == "routing":
        return routing.main(given.cases, with_semantic=False if given.no_semantic else None)
    rows = asyncio.run(measure([given.only] if given.only else list(ROWS), quick=given.quick))
    print(printed(rows))
    write(rows, given.out, quick=given.quick)
    return int(any(row.verdict == "MISSED" for row in rows))


if __name__ == "__main__":
    sys.exit(main())
