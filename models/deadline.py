"""A clock that runs on a case: started, paused, extended, satisfied. How it counts is `models.counting`."""

from datetime import datetime
from enum import StrEnum

from sqlmodel import Field, SQLModel, col, select

from models.store import Big, Instant, Logged, Store, one_of


class DeadlineState(StrEnum):
    """Whether a clock runs."""

    RUNNING = "running"
    PAUSED = "paused"
    SATISFIED = "satisfied"
    STOPPED = "stopped"  # withdrawn: nothing is owed any more


class Deadline(SQLModel, Logged, table=True):
    """One clock of one case, under the rule pack in force at its trigger."""

    id: int | None = Field(default=None, primary_key=True, sa_type=Big)
    case_code: str = Field(index=True)
    pack_id: str
    clock_id: str
    started_at: datetime = Field(sa_type=Instant)
    due_at: datetime | None = Field(default=None, sa_type=Instant, index=True)
    state: DeadlineState = Field(default=DeadlineState.RUNNING, sa_type=one_of(DeadlineState))
    remaining: float | None = None  # in the clock's own measure, while paused
    extended: bool = False
    ended_at: datetime | None = Field(default=None, sa_type=Instant)

    def satisfy(self, at: datetime) -> None:
        """What was owed is done."""
        self.state, self.ended_at = DeadlineState.SATISFIED, at

    def stop(self, at: datetime) -> None:
        """Nothing is owed any more."""
        self.state, self.ended_at = DeadlineState.STOPPED, at

    def is_overdue(self, at: datetime) -> bool:
        """Still owed, and past the due moment (which itself is no longer in time: it is exclusive)."""
        return self.state is DeadlineState.RUNNING and self.due_at is not None and at >= self.due_at


async def of_case(store: Store, code: str, clock_id: str) -> Deadline | None:
    """The latest clock of a kind on a case."""
    return await store.scalar(
        select(Deadline).where(Deadline.case_code == code, Deadline.clock_id == clock_id).order_by(col(Deadline.id).desc()).limit(1)
    )
