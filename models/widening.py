"""A text column that may hold more values than before: its CHECK is written anew, without rebuilding the table."""

import re
from enum import Enum

from alembic import op


def widen(table: str, column: str, enum: type[Enum]) -> None:
    """Let `column` hold every present value of `enum`.

    SQLite cannot alter a constraint, and rebuilding a table others refer to breaks their deferred keys; a CHECK is no part of
    what is on the disk, so its text may be replaced in place (sqlite.org/lang_altertable.html, section 7).
    """
    name = f"ck_{table}_{enum.__name__.lower()}"
    values = ", ".join(f"'{member.value}'" for member in enum)
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        op.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        op.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({column} IN ({values}))")
        return
    written = str(connection.exec_driver_sql("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?", (table,)).scalar_one())
    wider, count = re.subn(rf"(CONSTRAINT {name} CHECK \({column} IN )\([^)]*\)", rf"\g<1>({values})", written)
    if count != 1:
        raise RuntimeError(f"{table} has no constraint {name} as we write it")
    connection.exec_driver_sql("PRAGMA writable_schema=ON")
    connection.exec_driver_sql("UPDATE sqlite_master SET sql = ? WHERE type = 'table' AND name = ?", (wider, table))
    connection.exec_driver_sql("PRAGMA writable_schema=RESET")
