"""A copy is noticed, and sends nothing."""

import asyncio
import os
import shutil
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import pytest

from bot.app import App, build
from bot.settings import Settings
from bot.storage.fencing import Mark, count, differs, until_admitted
from models.installation import ONLY, Installation, fenced_why
from models.store import Store
from tests.ops.worlds import says, slow_room, states

MARK = Mark("a", 5, 5, "here")


@asynccontextmanager
async def machine(home: Path) -> AsyncGenerator[App]:
    """A machine that starts there."""
    app = await build(Settings(home=home))
    try:
        yield app
    finally:
        await app.stop()


async def why(app: App) -> str | None:
    """Why it is fenced."""
    async with app.machine.database.read() as store:
        return await fenced_why(store)


@pytest.mark.parametrize(
    ("mark", "row", "expected"),
    [
        (None, None, None),
        (MARK, Installation(instance="a", counter=5), None),
        (Mark("a", 5, 6, "here"), Installation(instance="a", counter=5), None),  # killed before the database counted
        (Mark("a", 5, 6, "here"), Installation(instance="a", counter=6), None),  # killed after it did
        (None, Installation(instance="a", counter=5), "another_folder"),
        (MARK, Installation(instance="b", counter=5), "another_folder"),
        (MARK, None, "database_older"),
        (MARK, Installation(instance="a", counter=4), "database_older"),
        (MARK, Installation(instance="a", counter=6), "database_newer"),
        (Mark("a", 5, 5, "there"), Installation(instance="a", counter=5), "copied"),
    ],
)
def test_the_folder_and_the_database_must_agree(mark: Mark | None, row: Installation | None, expected: str | None) -> None:
    """Every way in which they may differ, and the two of a crash that are none."""
    assert differs(mark, row, "here") == expected


async def test_a_copied_folder_and_a_database_put_back_are_noticed(tmp_path: Path) -> None:
    """The original starts as often as it likes; its copy does not send, nor does it after its database is put back."""
    home, copy, older = tmp_path / "home", tmp_path / "copy", tmp_path / "older.db"
    for _ in range(2):
        async with machine(home) as app:
            assert await why(app) is None
    shutil.copytree(home, copy)
    shutil.copy(home / "phatngon.db", older)
    async with machine(copy) as app:
        assert await why(app) == "copied"
    async with machine(home) as app:
        assert await why(app) is None
        await count(home, app.machine.database, app.machine.now())
    with older.open("rb") as old, (home / "phatngon.db").open("wb") as new:  # the same file, older bytes
        shutil.copyfileobj(old, new)
    async with machine(home) as app:
        assert await why(app) == "database_older"


async def test_a_crash_between_the_two_halves_is_no_copy(tmp_path: Path) -> None:
    """The file already names the counter to come; the database never got it."""
    async with machine(tmp_path) as app:
        mark = Mark.read(tmp_path)
        assert mark is not None
        assert await why(app) is None
    Mark(mark.instance, mark.counter, mark.coming + 1, mark.place).write(tmp_path)
    async with machine(tmp_path) as app:
        assert await why(app) is None
    os.truncate(tmp_path / "instance", 0)  # half a file is none
    async with machine(tmp_path) as app:
        assert await why(app) == "another_folder"


async def test_the_claim_itself_stops_at_the_fence(tmp_path: Path) -> None:
    """A fence put up while the sender runs holds the very next claim."""
    async with slow_room(tmp_path) as (room, channel, sender):
        row = Installation(instance="x", fenced_why="restored")
        await room.machine.database.write(lambda store: _add(store, row))
        await says(room, "một câu hỏi")
        assert await sender.drain() == 0
        assert channel.texts == []
        assert {state.value for state in await states(room)} == {"queued"}


async def _add(store: Store, row: Installation) -> None:
    store.add(row)


async def test_a_fenced_machine_asks_no_channel_for_its_messages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a copy polled, the original would never see: the loop waits for `unfence`, then begins by itself."""
    monkeypatch.setattr("bot.storage.fencing.LOOK", 0.001)
    async with machine(tmp_path) as app:
        database, looked = app.machine.database, asyncio.Event()
        await database.write(partial(_fence, app))
        monkeypatch.setattr("bot.storage.fencing.beat", looked.set)
        waiting = asyncio.create_task(until_admitted(database))
        for _ in range(3):
            looked.clear()
            await looked.wait()
        assert not waiting.done()
        await database.write(_lift)
        await waiting


async def _fence(app: App, store: Store) -> None:
    row = await store.get_one(Installation, ONLY)
    row.fence("restored", app.machine.now())


async def _lift(store: Store) -> None:
    (await store.get_one(Installation, ONLY)).lift()
