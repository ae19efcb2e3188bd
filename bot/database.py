"""Engines, pragmas, sessions, append-only triggers: the only place that knows which database it is.

SQLite gets two engines: one single-connection writer (`BEGIN IMMEDIATE`) and a pool of readers that cannot write; its
units of work run one after another. On PostgreSQL they run side by side, kept apart by `bot.storage.locks`, and one that lost a
race is begun again. Both run in tasks the writer owns, so that a cancelled caller never leaves one half done.
"""

import asyncio
import logging
import random
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, event, inspect, make_url, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, async_sessionmaker, create_async_engine

from bot.storage.inline import DRIVER, IMPATIENT, InlineStore, begin
from bot.storage.locks import HASTE, STARTING, Locks, PostgresLocks
from models import content, jsontext
from models.store import Overtaken, Store

log = logging.getLogger(__name__)

T = TypeVar("T")
MIGRATIONS = content.SHIPPED.parent / "models" / "migrations"
APPEND_ONLY = ("exchange_entry",)

_SQLITE = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "busy_timeout=5000",
    "temp_store=MEMORY",
    "secure_delete=ON",
    "cache_size=-65536",
)
_ENGINE: dict[str, Any] = {
    "hide_parameters": True,  # tracebacks are kept and logged: they must not repeat what people wrote
    "json_serializer": jsontext.written,
    "json_deserializer": jsontext.read,
}
TRIES = 8  # how often a unit of work is begun before its lost races count as a failure
_LOST = frozenset({"40001", "40P01", "23505"})  # serialization failure, deadlock, somebody else inserted it first
_POSTGRES_REFUSE = """
CREATE OR REPLACE FUNCTION phatngon_append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'append-only: % refused on %', TG_OP, TG_TABLE_NAME; END $$
"""


class Database:
    """One database: `write` for units of work, `read` for queries that never wait for a writer."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.is_sqlite = url.startswith("sqlite")
        if self.is_sqlite:
            inline = make_url(url).set(drivername=DRIVER)
            self._writer = create_async_engine(inline, pool_size=1, max_overflow=0, **_ENGINE)
            self._reader = create_async_engine(url, pool_size=4, max_overflow=4, **_ENGINE)
            _sqlite_pragmas(self._writer, begin, f"busy_timeout={IMPATIENT}")
            _sqlite_pragmas(self._reader, lambda connection: connection.exec_driver_sql("BEGIN"), "query_only=ON")
        else:
            remote: dict[str, Any] = {"pool_size": 8, "max_overflow": 8, "connect_args": dict(HASTE), **_ENGINE}
            self._writer = create_async_engine(url, isolation_level="READ COMMITTED", **remote)
            read_only = {"postgresql_readonly": True}
            self._reader = create_async_engine(url, isolation_level="REPEATABLE READ", execution_options=read_only, **remote)
        self.locks = Locks() if self.is_sqlite else PostgresLocks()
        together = {"shared": not self.is_sqlite}
        writes = InlineStore if self.is_sqlite else Store
        self._write_sessions = async_sessionmaker(self._writer, class_=writes, expire_on_commit=False, info=together)
        self._read_sessions = async_sessionmaker(self._reader, class_=Store, expire_on_commit=False)
        self._turn = asyncio.Lock()
        self._tasks: set[asyncio.Task[Any]] = set()

    @property
    def path(self) -> Path:
        """The SQLite file."""
        return Path(make_url(self.url).database or "")

    async def write(self, work: Callable[[Store], Awaitable[T]]) -> T:
        """Run a unit of work and commit it; any exception rolls it back. One that lost a race is begun again, so `work`
        must change nothing but the store.

        Cancelling the caller does not cancel the work: cancelled is not the same as not committed.
        """
        task = asyncio.ensure_future(self._unit(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return await asyncio.shield(task)

    async def _unit(self, work: Callable[[Store], Awaitable[T]]) -> T:
        if self.is_sqlite:
            async with self._turn, self._write_sessions() as store, store.begin():
                await store.connection()  # here, where waiting is possible: from now on an inline store never waits
                return await work(store)
        for tried in range(1, TRIES):
            try:
                async with self._write_sessions() as store, store.begin():
                    return await work(store)
            except (DBAPIError, Overtaken) as error:
                if not _lost_a_race(error):
                    raise
                log.info("a unit of work is begun again", extra={"action": "again", "problem": type(error).__name__})
            await asyncio.sleep(random.uniform(0, 0.01 * 2**tried))  # noqa: S311 - keeps two losers apart, no secret
        async with self._write_sessions() as store, store.begin():
            return await work(store)

    @asynccontextmanager
    async def read(self) -> AsyncGenerator[Store]:
        """A session that only reads."""
        async with self._read_sessions() as store:
            yield store

    @property
    def address(self) -> str:
        """The address as PostgreSQL's own clients write it."""
        return make_url(self.url).set(drivername="postgresql").render_as_string(hide_password=False)

    async def notify(self, topic: str, payloads: Sequence[str]) -> None:
        """Tell whoever listens on PostgreSQL."""
        async with self._writer.begin() as connection:
            for payload in payloads:
                await connection.execute(text("SELECT pg_notify(:topic, :payload)"), {"topic": topic, "payload": payload})

    async def migrate(self) -> None:
        """Bring the schema up to date and put the append-only triggers back (a rebuilt table loses them)."""
        async with self._writer.begin() as connection:
            if not self.is_sqlite:
                await connection.execute(text(STARTING))  # several machines may start at once
            if await connection.run_sync(_revision) != newest():
                from bot.storage.upgrade import upgrade  # noqa: PLC0415 - a library of a second's weight, for the day of an upgrade

                await connection.run_sync(upgrade)
            if await self._unguarded(connection):  # making them again would stop every other machine for a moment
                for statement in _triggers(self.is_sqlite):
                    await connection.execute(text(statement))
        await self.assert_append_only()

    @asynccontextmanager
    async def one_at_a_time(self) -> AsyncGenerator[None]:
        """What machines that share the database do one after another: nothing on SQLite, where a lock file keeps the others out."""
        if self.is_sqlite:
            yield
            return
        async with self._writer.begin() as connection:
            await connection.execute(text(STARTING))
            yield

    async def is_current(self) -> bool:
        """Whether the schema is there at all."""
        async with self._reader.connect() as connection:
            return await connection.run_sync(lambda c: inspect(c).has_table("exchange_entry"))

    async def assert_append_only(self) -> None:
        """Refuse to start where the log could be changed; a table that does not exist yet cannot.

        Raises:
            RuntimeError: a trigger is missing, or switched off.
        """
        async with self._reader.connect() as connection:
            if await self._unguarded(connection):
                raise RuntimeError("the append-only triggers of the exchange log are missing: run `phatngon migrate`")

    async def _unguarded(self, connection: AsyncConnection) -> bool:
        query = (
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"
            if self.is_sqlite
            else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')"
        )
        there = await connection.run_sync(lambda c: [table for table in APPEND_ONLY if inspect(c).has_table(table)])
        found = {str(name) for name in await connection.scalars(text(query))}
        return any(_trigger(table, verb) not in found for table in there for verb in ("UPDATE", "DELETE"))

    async def dispose(self) -> None:
        """Wait for what is being written, then close every connection."""
        while self._tasks:
            await asyncio.wait(self._tasks)
        await self._writer.dispose()
        await self._reader.dispose()


def _sqlite_pragmas(engine: AsyncEngine, begun: Callable[[Connection], object], last: str) -> None:
    def connected(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver must not open transactions on its own: that forks the chain
        cursor = connection.cursor()
        for pragma in (*_SQLITE, last):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    event.listen(engine.sync_engine, "connect", connected)
    event.listen(engine.sync_engine, "begin", begun)


def _lost_a_race(error: DBAPIError | Overtaken) -> bool:
    return isinstance(error, Overtaken) or getattr(error.orig, "sqlstate", None) in _LOST


def _trigger(table: str, verb: str) -> str:
    return f"{table}_append_only_{verb.lower()}"


def _triggers(is_sqlite: bool) -> list[str]:
    statements = [] if is_sqlite else [_POSTGRES_REFUSE]
    for table in APPEND_ONLY:
        for verb in ("UPDATE", "DELETE"):
            name = _trigger(table, verb)
            if is_sqlite:
                raises = f"SELECT RAISE(ABORT, 'append-only: {verb} refused on {table}');"
                statements.append(f"CREATE TRIGGER IF NOT EXISTS {name} BEFORE {verb} ON {table} BEGIN {raises} END")
            else:
                statements.append(f"DROP TRIGGER IF EXISTS {name} ON {table}")
                refuse = "FOR EACH STATEMENT EXECUTE FUNCTION phatngon_append_only()"
                statements.append(
                    f"CREATE TRIGGER {name} BEFORE {verb} OR TRUNCATE ON {table} {refuse}"
                    if verb == "DELETE"
                    else f"CREATE TRIGGER {name} BEFORE {verb} ON {table} {refuse}"
                )
    return statements


def newest() -> str:
    """The revision this release's schema has: the number its last migration bears."""
    return max(path.name.partition("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
