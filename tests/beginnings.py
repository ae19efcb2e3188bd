"""What every office begins with is worked out once in a run: the schema of a new SQLite file, and what the shipped content says.

An office begins several hundred times in the suite. The first file is made by the migrations, the others are written down from it;
whoever finds tables already there, and every other process, runs the migrations themselves. Content is read again as soon as a file changes.
"""

import pickle
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, inspect

from bot.storage import upgrade as product
from models import content

_SCHEMA: list[str] = []
_READ: dict[tuple[str, int, int], bytes] = {}


@pytest.fixture(scope="session", autouse=True)
def begun_once() -> Iterator[None]:
    """Remember schema and content for as long as this process plays tests."""
    with pytest.MonkeyPatch.context() as patch:
        by_migrations, read = product.upgrade, content.read

        def upgrade(connection: Connection) -> None:
            if connection.dialect.name != "sqlite" or inspect(connection).get_table_names():
                by_migrations(connection)
                return
            if not _SCHEMA:
                by_migrations(connection)
                _SCHEMA.extend(_written_down(connection))
                return
            for statement in _SCHEMA:
                connection.exec_driver_sql(statement)

        def remembered(path: Path) -> content.Document:
            try:
                found = path.stat()
            except OSError:
                return read(path)  # it says what is wrong
            key = (str(path), found.st_mtime_ns, found.st_size)
            if key not in _READ:
                _READ[key] = pickle.dumps(read(path))
            said: content.Document = pickle.loads(_READ[key])  # noqa: S301 - our own, and a copy for everybody who asks
            return said

        patch.setattr(product, "upgrade", upgrade)
        patch.setattr(content, "read", remembered)
        yield


def _written_down(connection: Connection) -> Iterator[str]:
    """Every statement that leads here, rows included; tables before what stands on them."""
    made = "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY type <> 'table', rowid"
    yield from connection.exec_driver_sql(made).scalars().all()
    for table in inspect(connection).get_table_names():
        for row in connection.exec_driver_sql(f'SELECT * FROM "{table}"').all():
            yield f'INSERT INTO "{table}" VALUES ({", ".join(map(_literal, row))})'


def _literal(value: object) -> str:
    match value:
        case None:
            return "NULL"
        case int() | float():
            return str(value)
        case _:
            return "'" + str(value).replace("'", "''") + "'"
