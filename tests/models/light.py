"""A store in memory for tests of queries: every table, nothing in them, nothing migrated."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import StaticPool

from models import tables
from models.store import Store


@asynccontextmanager
async def light_store() -> AsyncGenerator[Store]:
    """The store of one test."""
    engine = create_async_engine("sqlite+aiosqlite://", poolclass=StaticPool)
    try:
        async with engine.begin() as connection:
            await connection.run_sync(tables.metadata.create_all)
        async with Store(engine, expire_on_commit=False) as store:
            yield store
    finally:
        await engine.dispose()
