"""Leaders on PostgreSQL: one machine has a duty, another takes over; a copy is fenced, a foreign folder refused, a lost server survived."""

import asyncio
import shutil
from pathlib import Path
from typing import LiteralString

import pytest
from psycopg import sql
from sqlalchemy import make_url, text
from sqlalchemy.exc import DBAPIError

from bot.app import build
from bot.channels.base import Arrival
from bot.database import Database
from bot.settings import Settings
from bot.storage.duties import Duties
from bot.storage.fencing import Elsewhere
from bot.watch.health import Health
from bot.watch.trouble import passes
from models.installation import fenced_why
from tests.databases import Server


async def test_one_machine_leads_until_it_dies(postgres: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its loop runs there alone; when its connection is cut the other one's begins, and its own has ended."""
    monkeypatch.setattr("bot.storage.duties.EVERY", 0.02)
    database = Database(postgres)
    running, told = list[str](), asyncio.Queue[list[str]]()

    def machine(name: str) -> tuple[Duties, asyncio.Future[None]]:
        async def work() -> None:
            running.append(name)
            told.put_nowait([*running])
            try:
                await asyncio.Event().wait()
            finally:
                running.remove(name)
                told.put_nowait([*running])

        duties = Duties(database)
        duties.join()
        return duties, asyncio.ensure_future(duties.sole("clock", work)())

    async def leads(name: str) -> None:
        async with asyncio.timeout(20):
            while await told.get() != [name]:
                pass

    (first, one), (second, other) = machine("first"), machine("second")
    keeping = asyncio.create_task(first.run())
    await leads("first")
    looks = watched(second)
    waiting = asyncio.create_task(second.run())
    for _ in range(3):
        await looks.acquire()
    assert running == ["first"]
    assert (first.has("clock"), second.has("clock")) == (True, False)
    leading = (
        "FROM pg_locks WHERE locktype = 'advisory' AND classid = 1885863938 AND database = (SELECT oid FROM pg_database WHERE datname ="
    )
    async with database._writer.begin() as connection:  # pyright: ignore[reportPrivateUsage]
        await connection.execute(text(f"SELECT pg_terminate_backend(pid) {leading} current_database())"))
    await leads("second")
    assert not first.has("clock")
    for task in (keeping, waiting, one, other):
        task.cancel()
    await asyncio.gather(keeping, waiting, one, other, return_exceptions=True)
    await database.dispose()


def watched(duties: Duties) -> asyncio.Semaphore:
    """Released each time these duties have asked for what is free."""
    looks, look = asyncio.Semaphore(0), duties._look  # pyright: ignore[reportPrivateUsage]

    async def counted() -> None:
        await look()
        looks.release()

    duties._look = counted  # pyright: ignore[reportPrivateUsage]
    return looks


async def why(home: Path, url: str) -> str | None:
    """Start there: why it is fenced."""
    app = await build(Settings(home=home, database_url=url))
    try:
        async with app.machine.database.read() as store:
            return await fenced_why(store)
    finally:
        await app.stop()


async def test_a_copy_is_fenced_and_a_foreign_folder_refused(tmp_path: Path, postgres_server: Server) -> None:
    """What `pg_restore` makes has other numbers; while machines run, only their own folder is let in."""
    home, copied = tmp_path / "home", tmp_path / "copied"
    with postgres_server.fresh() as url:
        assert [await why(home, url) for _ in range(2)] == [None, None]
        shutil.copytree(home, copied)
        copy = postgres_server.copy(url)
        assert await why(copied, copy) == "copied"
        postgres_server.drop(copy)
        running = Duties(Database(url))
        await running.ask()
        assert await why(home, url) is None
        with pytest.raises(Elsewhere):
            await why(tmp_path / "foreign", url)
        await running.lay_down()
        await running.database.dispose()
        assert await why(home, url) is None


async def test_a_lost_database_is_survived(tmp_path: Path, postgres_server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every connection is cut and none is let in: nothing is acknowledged, /readyz says so, and afterwards all goes on by itself."""
    monkeypatch.setattr("bot.watch.health.FRESH", 0.0)
    with postgres_server.fresh() as url:
        app = await build(Settings(home=tmp_path, database_url=url))
        health = Health(app.machine)
        arrival = Arrival("console", "one", "console", "{}")
        assert await health.writable()
        allow(postgres_server, url, "false")
        with pytest.raises(DBAPIError) as refused:
            await app.inbox.put([arrival])
        assert passes(refused.value)
        assert "database" in (await health.readiness())["problems"]
        allow(postgres_server, url, "true")
        assert len(await app.inbox.put([arrival])) == 1
        assert await app.inbox.put([arrival]) == []
        assert await health.writable()
        assert "database" not in (await health.readiness())["problems"]
        await app.stop()


def allow(server: Server, url: str, whether: LiteralString) -> None:
    """Let connections in again, or cut all there are and let none in."""
    name = make_url(url).database or ""
    with server.connect() as connection:
        connection.execute(sql.SQL("ALTER DATABASE {} WITH ALLOW_CONNECTIONS " + whether).format(sql.Identifier(name)))
        connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,))
