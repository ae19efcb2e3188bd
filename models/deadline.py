"""A clock that runs on a case: started, paused, extended, satisfied. How it counts is `models.counting`."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from fractions import Fraction

from sqlmodel import Field, SQLModel, col, select

from models import counting
from models.calendar import Calendar
from models.errors import Refusal
from models.law import LawBook
from models.law_file import Clock
from models.store import Big, Instant, Logged, Store, one_of

ORDINARY = "RQ-02"  # the clock of an ordinary inquiry (LAW.md, clocks)


class DeadlineState(StrEnum):
    """Whether a clock runs."""

    RUNNING = "running"
    PAUSED = "paused"
    SATISFIED = "satisfied"
    STOPPED = "stopped"  # withdrawn: nothing is owed any more


class Deadline(SQLModel, Logged, table=True):
    """One clock of one case, under the rule pack in force at its trigger.

    `running_since` and `amount` say from where and how much is counted now; a pause keeps what is left in `amount`.
    """

    id: int | None = Field(default=None, primary_key=True, sa_type=Big)
    case_code: str = Field(index=True)
    pack_id: str
    clock_id: str
    started_at: datetime = Field(sa_type=Instant)
    running_since: datetime = Field(sa_type=Instant)
    amount: str | None = None  # a fraction in the clock's measure; None: the whole limit
    due_at: datetime | None = Field(default=None, sa_type=Instant, index=True)
    state: DeadlineState = Field(default=DeadlineState.RUNNING, sa_type=one_of(DeadlineState))
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


@dataclass(frozen=True)
class Rules:
    """The law and the calendar a clock counts by."""

    law: LawBook
    calendar: Calendar

    def start(self, case_code: str, clock_id: str, at: datetime) -> Deadline:
        """A clock of the pack in force at its trigger begins to run."""
        pack = self.law.at(at)
        clock = pack.clock(clock_id)
        due = counting.count(clock, at, self.calendar).due if clock else None
        return Deadline(case_code=case_code, pack_id=pack.id, clock_id=clock_id, started_at=at, running_since=at, due_at=due)

    def clock(self, deadline: Deadline) -> Clock | None:
        """The rule a deadline runs under, for ever the one of its pack."""
        return self.law.pack(deadline.pack_id).clock(deadline.clock_id)

    def counted(self, deadline: Deadline) -> counting.Counted | None:
        """How the present due moment comes about."""
        clock = self.clock(deadline)
        if clock is None or deadline.due_at is None:
            return None
        if deadline.amount is None:
            return counting.count(clock, deadline.running_since, self.calendar)
        return counting.resume(clock, Fraction(deadline.amount), deadline.running_since, self.calendar)

    def pause(self, deadline: Deadline, at: datetime) -> bool:
        """Stop a clock that may be stopped, keeping what is left; a clock that never stops, or has run out, goes on."""
        counted = self.counted(deadline)
        if counted is None or deadline.state is not DeadlineState.RUNNING:
            return False
        try:
            deadline.amount = str(counting.paused_remaining(counted, at))
        except counting.Uncountable:
            return False
        deadline.state, deadline.due_at = DeadlineState.PAUSED, None
        return True

    def resume(self, deadline: Deadline, at: datetime) -> bool:
        """Run again: what was left is counted anew from now."""
        clock = self.clock(deadline)
        if clock is None or deadline.state is not DeadlineState.PAUSED or deadline.amount is None:
            return False
        deadline.running_since, deadline.state = at, DeadlineState.RUNNING
        deadline.due_at = counting.resume(clock, Fraction(deadline.amount), at, self.calendar).due
        return True

    def extend(self, deadline: Deadline, amount: int) -> None:
        """More time, once, where the pack allows it (F57)."""
        counted = self.counted(deadline)
        if deadline.extended or deadline.state is not DeadlineState.RUNNING or counted is None:
            raise Refusal("extend.not_possible", code=deadline.case_code)
        try:
            longer = counting.extend(counted, Fraction(amount), self.calendar)
        except counting.Uncountable as error:
            raise Refusal("extend.not_possible", code=deadline.case_code) from error
        deadline.amount, deadline.due_at, deadline.extended = str(longer.amount), longer.due, True


async def of_case(store: Store, code: str, clock_id: str = ORDINARY) -> Deadline | None:
    """The latest clock of a kind on a case."""
    return await store.scalar(
        select(Deadline).where(Deadline.case_code == code, Deadline.clock_id == clock_id).order_by(col(Deadline.id).desc()).limit(1)
    )
