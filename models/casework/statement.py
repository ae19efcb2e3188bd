"""Words on a matter that the unit's head approves: before they are spoken, or, where they were spoken already, afterwards (F24).

Only units that want approval have such rows; without it a statement goes straight on the matter's record.
"""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlmodel import Field, col, or_, select

from models.casework.matter import LIVE, Matter
from models.evidence.exchange import Entry
from models.store import Big, Instant, Logged, Row, Store, one_of


class StatementState(StrEnum):
    """How far the approval has come."""

    ASKED = "asked"
    APPROVED = "approved"  # its author may speak now
    RETURNED = "returned"
    UNDONE = "undone"  # taken back by its author
    SPOKEN = "spoken"  # approved, then spoken
    OWED = "owed"  # spoken first
    GIVEN_LATER = "given_later"
    OBJECTED = "objected"


WAITING = frozenset({StatementState.ASKED, StatementState.OWED})


class Statement(Row, Logged, table=True):
    """One statement, its author, and what the head made of it; every text is kept, so each attempt stays on record."""

    id: int | None = Field(default=None, primary_key=True, sa_type=Big)
    matter_code: str = Field(foreign_key="matter.code", index=True)
    item: str = Field(foreign_key="item.digest")
    form: str
    person_id: int = Field(foreign_key="person.id")
    asked_at: datetime = Field(sa_type=Instant)
    state: StatementState = Field(sa_type=one_of(StatementState), index=True)
    decided_by: int | None = Field(default=None, foreign_key="person.id")
    decided_at: datetime | None = Field(default=None, sa_type=Instant)

    def asked(self, matter: Matter, files: Sequence[dict[str, Any]]) -> Entry:
        """The words wait for the head; nothing has been spoken."""
        return matter.entry("statement_asked", self, item=self.item, form=self.form, files=list(files), author=self.person_id)

    def decide(self, matter: Matter, state: StatementState, by: int, at: datetime, reason: str | None = None) -> Entry:
        """What the head, or the author who takes it back, decided."""
        self.state, self.decided_by, self.decided_at = state, by, at
        return matter.entry(f"statement_{state.value}", self, item=self.item, by=by, reason=reason)


async def waiting(store: Store) -> Sequence[tuple[Statement, Matter]]:
    """Statements that wait for a head, or were spoken before one approved; the oldest first."""
    rows = await store.execute(
        select(Statement, Matter)
        .join(Matter, col(Matter.code) == col(Statement.matter_code))
        .where(col(Statement.state).in_(WAITING), or_(Statement.state == StatementState.OWED, col(Matter.state).in_(LIVE)))
        .order_by(col(Statement.asked_at), col(Statement.id))
    )
    return [(one, about) for one, about in rows.all()]
