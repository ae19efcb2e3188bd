"""Which installation this database belongs to, and whether it may send: a copy does everything but send until somebody vouches for it."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Text, exists
from sqlmodel import Field

from models.store import Instant, Row, Store, table_of

ONLY = 1  # the one row


class Installation(Row, table=True):
    """The database's half of the installation's identity; the other half is the file HOME/instance."""

    id: int = Field(default=ONLY, primary_key=True)
    instance: str = Field(max_length=32)
    counter: int = 0
    fenced_at: datetime | None = Field(default=None, sa_type=Instant)
    fenced_why: str | None = None
    probe: str | None = Field(default=None, sa_type=Text)  # filled and emptied to see whether the disk takes anything

    def fence(self, why: str, at: datetime) -> bool:
        """Nothing is sent from now on; returns whether that is news. The first reason stays."""
        if self.fenced_why is not None:
            return False
        self.fenced_why, self.fenced_at = why, at
        return True

    def lift(self) -> dict[str, Any]:
        """It may send again; returns why and since when it did not, for the log."""
        was = {"why": self.fenced_why, "since": self.fenced_at.isoformat() if self.fenced_at else None}
        self.fenced_why = self.fenced_at = None
        return was


def is_fenced() -> ColumnElement[bool]:
    """A condition for the claim itself: no row of a fenced database is ever claimed."""
    return exists().where(table_of(Installation).c.fenced_why.is_not(None))


async def installation(store: Store) -> Installation | None:
    """The one row, if the machine has started here before."""
    return await store.get(Installation, ONLY)


async def fenced_why(store: Store) -> str | None:
    """Why nothing is sent, or None."""
    row = await installation(store)
    return row.fenced_why if row is not None else None
