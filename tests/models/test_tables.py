"""How rows come to the database."""

from typing import cast

from sqlalchemy import Table
from sqlmodel import SQLModel

from models import tables
from models.evidence.item import Item


def test_parents_are_written_before_children() -> None:
    """For a parent that comes late SQLite reads every table that may hold a child of it from end to end."""
    assert Item.__module__ in {module.__name__ for module in tables.MODULES}
    mappers = {cast("Table", m.local_table): m for m in SQLModel._sa_registry.mappers}  # pyright: ignore[reportPrivateUsage]
    keys = {table: mapper._sort_key for table, mapper in mappers.items()}  # pyright: ignore[reportPrivateUsage]
    pairs = [(table, key.column.table) for table in keys for key in table.foreign_keys if key.column.table is not table]
    assert len(pairs) > 50
    assert not [(child.name, parent.name) for child, parent in pairs if keys[parent] >= keys[child]]
