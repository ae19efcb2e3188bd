"""SQLite in the loop itself: a statement takes microseconds, handing it to a thread and back takes ten times as long.

Only the commit waits for the disk, so only the commit leaves the loop. For the one writer, whose statements are all short;
whoever reads much or for long uses the readers, which have threads of their own.
"""

import asyncio
import sqlite3
import time
from typing import TYPE_CHECKING, Any

from sqlalchemy import URL, Connection, pool
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.util.concurrency import await_, in_greenlet

from models.store import Store

DRIVER = "sqlite+inline"
IMPATIENT = 50  # milliseconds a statement may wait for another process's lock while the loop stands still
PATIENCE = 5.0  # seconds a transaction may wait for it while the loop goes on
AGAIN = 0.02  # seconds

registry.register("sqlite.inline", __name__, "InlineDialect")


class _Cursor(sqlite3.Cursor):
    async def _async_soft_close(self) -> None:
        """SQLAlchemy's asyncio connections ask for it; what is left can be read all the same."""


class _Driver(sqlite3.Connection):
    def cursor(self, factory: Any = _Cursor) -> Any:
        return super().cursor(factory)


class InlineDialect(SQLiteDialect_pysqlite):
    """Python's own driver; for SQLAlchemy's asyncio layer it is one that happens never to wait, except to commit."""

    driver = "inline"
    is_async = True
    supports_statement_cache = True

    def create_connect_args(self, url: URL) -> Any:
        """Where the file is, and which classes to use for it."""
        where, how = super().create_connect_args(url)
        return where, {**how, "factory": _Driver}

    @classmethod
    def get_pool_class(cls, url: URL) -> type[pool.Pool]:
        """A pool whose queue is waited for without stopping the loop."""
        return pool.AsyncAdaptedQueuePool

    def do_execute(self, cursor: Any, statement: str, parameters: Any, context: Any = None) -> None:
        """SQLAlchemy's own asyncio connections insist on something to wait for; an inline store does not come through them."""
        if in_greenlet():
            await_(_nothing())
        cursor.execute(statement, parameters)

    def do_executemany(self, cursor: Any, statement: str, parameters: Any, context: Any = None) -> None:
        """The same for many rows."""
        if in_greenlet():
            await_(_nothing())
        cursor.executemany(statement, parameters)

    def do_commit(self, dbapi_connection: Any) -> None:
        """The disk is waited for in a thread."""
        if in_greenlet() and dbapi_connection.in_transaction:
            await_(asyncio.to_thread(dbapi_connection.commit))
        else:
            dbapi_connection.commit()


async def _nothing() -> None:
    """Already over."""


def begin(connection: Connection) -> None:
    """Begin to write. One process writes in a HOME, so the lock is free, but for a moment while somebody looks in with a tool."""
    driver: Any = connection.connection.driver_connection
    until = time.monotonic() + PATIENCE
    while in_greenlet() and time.monotonic() < until:
        try:
            driver.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                break
            await_(asyncio.sleep(AGAIN))
        else:
            return
    connection.exec_driver_sql("BEGIN IMMEDIATE")  # once more, so that whatever is wrong is told as SQLAlchemy tells it


class InlineStore(Store):
    """A unit of work whose statements never wait: no greenlet is needed between the handler and the database."""

    if not TYPE_CHECKING:  # the signatures are those of the store

        async def execute(self, statement: Any, params: Any = None, **how: Any) -> Any:
            """Run a statement."""
            return self.sync_session.execute(statement, params, **how)

        async def scalars(self, statement: Any, params: Any = None, **how: Any) -> Any:
            """The first column of every row."""
            return self.sync_session.scalars(statement, params, **how)

        async def scalar(self, statement: Any, params: Any = None, **how: Any) -> Any:
            """The first column of the first row."""
            return self.sync_session.scalar(statement, params, **how)

        async def get(self, entity: Any, ident: Any, **how: Any) -> Any:
            """One row by its key, or None."""
            return self.sync_session.get(entity, ident, **how)

        async def get_one(self, entity: Any, ident: Any, **how: Any) -> Any:
            """One row by its key."""
            return self.sync_session.get_one(entity, ident, **how)

        async def flush(self, objects: Any = None) -> None:
            """Write what was changed."""
            self.sync_session.flush(objects)
