"""A reporter was hindered in their work: reported to the press office, looked into, and its end told to the reporter (F13)."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlmodel import Field, col, select

from models.errors import Refusal
from models.evidence.exchange import Entry
from models.store import Instant, Logged, Row, Store, one_of


class ObstructionState(StrEnum):
    """How far the press office has come."""

    REPORTED = "reported"
    TAKEN = "taken"
    SHARED = "shared"  # an officer has shown the unit what is said of it
    EXPLAINED = "explained"
    CLOSED = "closed"


class ObstructionOutcome(StrEnum):
    """How it ended."""

    SETTLED = "settled"
    UNFOUNDED = "unfounded"
    HANDED_ON = "handed_on"


S = ObstructionState
GRAPH: dict[ObstructionState, frozenset[ObstructionState]] = {
    S.REPORTED: frozenset({S.TAKEN, S.SHARED, S.CLOSED}),
    S.TAKEN: frozenset({S.SHARED, S.CLOSED}),
    S.SHARED: frozenset({S.EXPLAINED, S.CLOSED}),
    S.EXPLAINED: frozenset({S.EXPLAINED, S.CLOSED}),
    S.CLOSED: frozenset(),
}


class Obstruction(Row, Logged, table=True):
    """One report. Its file is its own, so that the unit it speaks of reads nothing before an officer decides."""

    code: str = Field(primary_key=True)
    reporter_id: int = Field(foreign_key="person.id", index=True)
    account_id: int = Field(foreign_key="account.id")
    unit_id: str | None = Field(default=None, foreign_key="unit.id", index=True)
    words: str = Field(foreign_key="item.digest")
    reported_at: datetime = Field(sa_type=Instant)
    state: ObstructionState = Field(default=ObstructionState.REPORTED, sa_type=one_of(ObstructionState), index=True)
    taken_by: int | None = Field(default=None, foreign_key="person.id")
    outcome: ObstructionOutcome | None = Field(default=None, sa_type=one_of(ObstructionOutcome))
    closed_at: datetime | None = Field(default=None, sa_type=Instant)

    def _entry(self, action: str, **detail: Any) -> Entry:
        return Entry(f"obstruction.{action}", (self,), case=self.code, detail=detail, unit_id=self.unit_id)

    def reported(self, files: Sequence[dict[str, Any]]) -> Entry:
        """It is on record."""
        return self._entry("reported", item=self.words, files=list(files))

    def take(self, officer: int) -> Entry:
        """An officer looks into it."""
        self._go(S.TAKEN)
        self.taken_by = officer
        return self._entry("taken")

    def share(self, unit_id: str) -> Entry:
        """An officer decides that the unit reads it and explains."""
        self._go(S.SHARED)
        self.unit_id = unit_id
        return self._entry("shared", unit=unit_id)

    def explain(self, item: str) -> Entry:
        """The unit's side."""
        self._go(S.EXPLAINED)
        return self._entry("explained", item=item)

    def close(self, outcome: ObstructionOutcome, reason: str, at: datetime) -> Entry:
        """The end, in words the reporter reads."""
        self._go(S.CLOSED)
        self.outcome, self.closed_at = outcome, at
        return self._entry("closed", outcome=outcome.value, reason=reason)

    def _go(self, state: ObstructionState) -> None:
        if state not in GRAPH[self.state]:
            raise Refusal("obstruction.not_now", code=self.code)
        self.state = state


async def live(store: Store, limit: int = 10) -> Sequence[Obstruction]:
    """Reports that are not closed, oldest first."""
    query = select(Obstruction).where(Obstruction.state != S.CLOSED).order_by(col(Obstruction.reported_at)).limit(limit)
    return (await store.scalars(query)).all()
