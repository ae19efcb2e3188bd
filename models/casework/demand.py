"""One unit asks another for input on a case, with a time by which it is needed (Decree 244/2026 Art 4(2); 09/2017 Art 8(2))."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlmodel import Field, col, select

from models.casework.inquiry import Inquiry
from models.clocks.deadline import Deadline, DeadlineState
from models.errors import Refusal
from models.evidence.exchange import Entry
from models.store import Big, Instant, Logged, Row, Store, one_of

CLOCK = "IN-01"


class DemandState(StrEnum):
    """Whether the input is there."""

    OPEN = "open"
    ANSWERED = "answered"
    CANCELLED = "cancelled"


class Demand(Row, Logged, table=True):
    """A demand; question and input are items. `wanted_by` is the asking unit's own wish, beside the clock of the rules."""

    id: int | None = Field(default=None, primary_key=True, sa_type=Big)
    case_code: str = Field(foreign_key="inquiry.code", index=True)
    asking_unit: str = Field(foreign_key="unit.id")
    unit_id: str = Field(foreign_key="unit.id", index=True)
    question: str = Field(foreign_key="item.digest")
    asked_by: int = Field(foreign_key="person.id")
    asked_at: datetime = Field(sa_type=Instant)
    wanted_by: datetime | None = Field(default=None, sa_type=Instant)
    deadline_id: int | None = Field(default=None, foreign_key="deadline.id", sa_type=Big)
    state: DemandState = Field(default=DemandState.OPEN, sa_type=one_of(DemandState), index=True)
    input: str | None = Field(default=None, foreign_key="item.digest")
    answered_by: int | None = Field(default=None, foreign_key="person.id")
    settled_at: datetime | None = Field(default=None, sa_type=Instant)

    def _entry(self, case: Inquiry, action: str, *also: object, **detail: Any) -> Entry:
        return case.entry(f"demand_{action}", self, *also, unit_asked=self.unit_id, **detail)

    def asked(self, case: Inquiry, clock: Deadline) -> Entry:
        """The other unit is asked; its own clock runs."""
        wanted = self.wanted_by.isoformat() if self.wanted_by else None
        due = clock.due_at.isoformat() if clock.due_at else None
        return self._entry(case, "asked", clock, item=self.question, wanted_by=wanted, due=due)

    def late(self, clock: Deadline | None, at: datetime) -> bool:
        """Past the wish or past the clock."""
        wished = self.wanted_by is not None and at > self.wanted_by
        return wished or (clock is not None and clock.due_at is not None and at >= clock.due_at)

    def answer(
        self, case: Inquiry, item: str, files: Sequence[dict[str, Any]], person_id: int, clock: Deadline | None, at: datetime
    ) -> Entry:
        """The input has come, in time or late."""
        self._open()
        late = self.late(clock, at)
        self.state, self.input, self.answered_by, self.settled_at = DemandState.ANSWERED, item, person_id, at
        return self._entry(case, "answered", *_ended(clock, at, met=True), item=item, files=list(files), late=late)

    def extended(self, case: Inquiry, clock: Deadline) -> Entry:
        """The asking unit gives more time."""
        self._open()
        self.wanted_by = None
        return self._entry(case, "extended", clock, due=clock.due_at.isoformat() if clock.due_at else None)

    def ask_back(self, case: Inquiry, question: str, clock: Deadline | None) -> Entry:
        """The asked unit must know more first (`question`: an item's digest); its clock stands still until the reply."""
        self._open()
        return self._entry(case, "asked_back", *_rows(clock), item=question, remaining=clock.amount if clock is not None else None)

    def clarify(self, case: Inquiry, reply: str, clock: Deadline | None) -> Entry:
        """The asking unit has replied; what was left is counted anew."""
        self._open()
        due = clock.due_at.isoformat() if clock is not None and clock.due_at is not None else None
        return self._entry(case, "clarified", *_rows(clock), item=reply, due=due)

    def cancel(self, case: Inquiry, clock: Deadline | None, at: datetime) -> Entry:
        """The input is no longer needed."""
        self._open()
        self.state, self.settled_at = DemandState.CANCELLED, at
        return self._entry(case, "cancelled", *_ended(clock, at, met=False))

    def _open(self) -> None:
        if self.state is not DemandState.OPEN:
            raise Refusal("demand.settled", code=self.case_code)


def _rows(clock: Deadline | None) -> tuple[Deadline, ...]:
    return () if clock is None else (clock,)


def _ended(clock: Deadline | None, at: datetime, *, met: bool) -> tuple[Deadline, ...]:
    if clock is None or clock.state not in {DeadlineState.RUNNING, DeadlineState.PAUSED}:
        return ()
    (clock.satisfy if met else clock.stop)(at)
    return (clock,)


async def of_case(store: Store, code: str) -> Sequence[Demand]:
    """Every demand on a case, oldest first."""
    return (await store.scalars(select(Demand).where(Demand.case_code == code).order_by(col(Demand.id)))).all()


async def waiting(store: Store, units: Sequence[str], code: str | None = None) -> Sequence[Demand]:
    """What these units are still asked for, on one case or on all, oldest first."""
    query = select(Demand).where(col(Demand.unit_id).in_(units), Demand.state == DemandState.OPEN)
    if code is not None:
        query = query.where(Demand.case_code == code)
    return (await store.scalars(query.order_by(col(Demand.id)))).all()


async def by_clock(store: Store, clock: Deadline) -> Demand | None:
    """The demand a clock runs on."""
    return await store.scalar(select(Demand).where(Demand.deadline_id == clock.id))
