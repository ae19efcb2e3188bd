"""`./run bench`: every measurement as one table with its peers, or one with `--only NAME`; figures are ratios within one run."""

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

from tests.bench import broadcasts, routing, running, shared, throughput
from tests.bench.furnish import furnish
from tests.bench.table import Row, printed, write

OUT = Path(__file__).resolve().parents[2] / "build" / "bench.json"

Measured = Callable[[Path, Path, bool], Awaitable[list[Row]]]


def _size(quick: bool) -> throughput.Size:
    return throughput.QUICK if quick else throughput.FULL


async def polling(template: Path, folder: Path, quick: bool) -> list[Row]:
    """Row 1."""
    return [await throughput.polled(template, folder, _size(quick))]


async def webhook(template: Path, folder: Path, quick: bool) -> list[Row]:
    """Row 2."""
    return [await throughput.pushed(template, folder, _size(quick))]


async def crowded(template: Path, folder: Path, quick: bool) -> list[Row]:
    """Row 3."""
    return [await throughput.crowded(template, folder, _size(quick))]


async def latency(template: Path, folder: Path, quick: bool) -> list[Row]:
    """Row 4."""
    return await running.latency(template, folder, 100 if quick else 600)


async def broadcast(template: Path, folder: Path, quick: bool) -> list[Row]:
    """Rows 5 and 6."""
    seconds = 3 if quick else 10
    rates = [(rate, rate * seconds) for rate in ((30, 300) if quick else (30, 300, 1000))]
    return [*await broadcasts.limited(template, folder, rates), await broadcasts.faulty(template, folder, 300, 900 if quick else 9000)]


async def unlimited(template: Path, folder: Path, quick: bool) -> list[Row]:
    """Row 7."""
    return [await broadcasts.unlimited(template, folder, 1000 if quick else 5000)]


async def beside(template: Path, folder: Path, quick: bool) -> list[Row]:
    """Row 8."""
    return [await running.beside(template, folder, 100 if quick else 400)]


async def document(template: Path, folder: Path, quick: bool) -> list[Row]:
    """Row 9."""
    return [await broadcasts.document(template, folder, 100)]


async def start(template: Path, folder: Path, quick: bool) -> list[Row]:
    """Row 10."""
    return await running.start(template, folder)


async def verify(template: Path, folder: Path, quick: bool) -> list[Row]:
    """Row 11."""
    return [await running.verified(template, folder, 5_000 if quick else 100_000)]


async def postgres(template: Path, folder: Path, quick: bool) -> list[Row]:
    """Row 13."""
    return await shared.dispatchers(folder, _size(quick))


MEASURED: tuple[Measured, ...] = (polling, webhook, crowded, latency, broadcast, unlimited, beside, document, start, verify, postgres)
ROWS: dict[str, Measured] = {row.__name__: row for row in MEASURED}  # pyright: ignore[reportFunctionMemberAccess, reportUnknownMemberType, reportAttributeAccessIssue]


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
