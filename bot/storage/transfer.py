"""Everything one database holds into another, empty one: PostgreSQL's way into a backup and out of it, and an office's way from SQLite to PostgreSQL."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from typing import Any, cast

from sqlalchemy import Table, func, insert, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.database import Database
from models.store import Store
from models.tables import metadata

BATCH = 1000  # rows at a time

Rows = Sequence[Mapping[str, Any]]


async def transfer(source: Database, target: Database) -> None:
    """Every row of one moment of `source`, in one transaction of `target`, whose schema is of this version and whose tables are empty."""

    async def work(store: Store) -> None:
        async with source.read() as reading:
            here, there = await reading.connection(), await store.connection()
            for table in metadata.sorted_tables:
                async for rows in _ordered(here, table):
                    await there.execute(insert(table), rows)
                if not target.is_sqlite:
                    await _count_on(there, table)

    await target.write(work)


async def holds_nothing(database: Database) -> bool:
    """Whether no table, if there are any, has a row."""
    if not await database.is_current():
        return True
    async with database.read() as store:
        return all([(await store.execute(select(table).limit(1))).first() is None for table in metadata.sorted_tables])


async def _ordered(connection: AsyncConnection, table: Table) -> AsyncGenerator[Rows]:
    """A table's rows in groups; where rows refer to others of their table, what is referred to comes first."""
    within = [key.parent.name for key in table.foreign_keys if key.column.table is table]
    waiting: list[dict[str, Any]] = []
    async with connection.stream(select(table)) as found:
        async for group in found.mappings().partitions(BATCH):
            rows = [dict(cast("Mapping[str, Any]", row)) for row in group]
            if within:
                waiting += rows
            else:
                yield rows
    (key, *_) = (column.name for column in table.primary_key)
    known: set[object] = {None}
    while waiting:
        ready = [row for row in waiting if all(row[name] in known for name in within)]
        known.update(row[key] for row in ready)
        waiting = [row for row in waiting if row[key] not in known]
        yield ready


async def _count_on(connection: AsyncConnection, table: Table) -> None:
    """PostgreSQL numbers the next row after the last one that was brought."""
    column = table.autoincrement_column
    if column is None:
        return
    sequence = await connection.scalar(text("SELECT pg_get_serial_sequence(:table, :column)"), {"table": table.name, "column": column.name})
    last = await connection.scalar(select(func.max(column)))
    if sequence is not None and last is not None:
        await connection.execute(text("SELECT setval(:sequence, :last)"), {"sequence": sequence, "last": last})
