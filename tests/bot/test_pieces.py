"""A log is looked through by processes of its own: they say what we would have found, and if they cannot, we find it ourselves."""

import asyncio
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest

from bot.database import Database
from bot.watch import pieces
from models.evidence import verification
from models.evidence.verification import Report
from tests.bot.log_story import Told, settings
from tests.bot.test_log_verify import sql
from tests.waiting import until


async def looked(home: Path, wanted: dict[int, str]) -> Report:
    """Verified by three processes."""
    database = Database(settings(home).database)
    try:
        return await pieces.verify(database, wanted, pieces=3)
    finally:
        await database.dispose()


@pytest.fixture
def merged(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How far each report that was merged went."""
    ends, merge = list[int](), verification.merge

    def noted(chain: verification.Chain, found: dict[str, object]) -> bool:
        fits = merge(chain, found)
        ends.extend([chain.seq] if fits else [])
        return fits

    monkeypatch.setattr(verification, "merge", noted)
    return ends


async def test_three_processes_say_what_one_finds(told: Told, tmp_path: Path, merged: list[int]) -> None:
    """Everything is taken from them, up to the head somebody kept; then an entry in the middle is another."""
    copy, head = told.copy(tmp_path), told.head
    report = await looked(copy.home, {head.seq: head.hash})
    size = -(-head.seq // 3)
    assert (report.problem, report.head.hash) == (None, head.hash)
    assert merged == [size, 2 * size, head.seq]
    assert report.files
    assert (await looked(copy.home, {head.seq: "0" * 64})).problem == verification.Problem(head.seq, "head_differs")
    del merged[:]
    copy.change(sql(f"UPDATE exchange_entry SET channel = 'zalo' WHERE seq = {size + 2}"))
    report = await looked(copy.home, {})
    assert report.problem == verification.Problem(size + 2, "column", {"column": "channel"})
    assert (report.head.seq, merged) == (size + 1, [size, size + 1])


@pytest.mark.parametrize(
    "run", [("/nowhere/python",), (sys.executable, "-c", ""), (sys.executable, "-c", "print('[')"), (sys.executable, "-c", "print('{}')")]
)
async def test_without_them_nothing_is_lost(
    told: Told, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, merged: list[int], run: tuple[str, ...]
) -> None:
    """They cannot be started, die, or talk nonsense."""
    monkeypatch.setattr(pieces, "_RUN", run)
    report = await looked(told.copy(tmp_path).home, {})
    assert (report.problem, report.head.seq, merged) == (None, told.head.seq, [])


async def test_a_short_log_starts_no_process(told: Told, tmp_path: Path, merged: list[int]) -> None:
    """It would take longer."""
    database = Database(settings(told.copy(tmp_path).home).database)
    assert (await pieces.verify(database, {})).problem is None
    await database.dispose()
    assert merged == []


def test_it_ends_with_whoever_asked() -> None:
    """Its standard input is closed when its parent is gone, however that came about."""
    order = b'{"uri": "file:///dev/null?mode=ro", "first": 1, "last": 2, "wanted": {}}\n'
    waiting = "from models.evidence import piece; piece.read = lambda *_: __import__('threading').Event().wait(); piece.main()"
    with subprocess.Popen([sys.executable, "-c", waiting], stdin=subprocess.PIPE, cwd=Path(__file__).parents[2]) as process:
        assert process.stdin
        process.stdin.write(order)
        process.stdin.flush()
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(0.3)
        process.stdin.close()
        assert process.wait(20) == 1


async def test_whoever_stops_waiting_leaves_none_behind(told: Told, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command is interrupted while they are at work."""
    started, popen = list[subprocess.Popen[bytes]](), cast("Callable[..., subprocess.Popen[bytes]]", subprocess.Popen)

    def noted(*args: Any, **how: Any) -> subprocess.Popen[bytes]:
        process = popen([sys.executable, "-c", "__import__('threading').Event().wait()"], **how)
        started.append(process)
        return process

    monkeypatch.setattr(pieces, "Popen", noted)
    task = asyncio.create_task(looked(told.copy(tmp_path).home, {}))

    async def all_started() -> bool:
        return len(started) == 3

    await until(all_started, "three processes are at work")
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert [process.wait(20) for process in started] == [-9, -9, -9]


def test_such_a_process_starts_at_once() -> None:
    """It reads in no library but one for JSON."""
    show = "import sys, models.evidence.piece; print(*{'sqlalchemy', 'pydantic', 'asyncio', 'sqlmodel'} & {*sys.modules})"
    said = subprocess.run([sys.executable, "-c", show], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2])
    assert said.stdout.strip() == ""
