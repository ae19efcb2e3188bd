"""A reporter asks for review of a refusal, a partial answer or a late one; somebody else than who answered decides (F12)."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlmodel import Field, col, select

from models.casework.inquiry import Inquiry
from models.clocks.deadline import Deadline, DeadlineState
from models.errors import Refusal
from models.evidence.exchange import Entry, ExchangeEntry
from models.store import Big, Instant, Logged, Row, Store, one_of

CLOCK = "RV-01"  # a local rule: neither decree sets a time for it


class ReviewCause(StrEnum):
    """What the reporter is not content with."""

    REFUSED = "refused"
    PARTIAL = "partial"
    LATE = "late"


class ReviewOutcome(StrEnum):
    """What the reviewer decided."""

    UPHELD = "upheld"
    ANEW = "anew"  # the unit answers anew, or at last
    LIFTED = "lifted"  # the refusal no longer stands
    WITHDRAWN = "withdrawn"  # the reporter no longer asks


DECIDED = (ReviewOutcome.UPHELD, ReviewOutcome.ANEW, ReviewOutcome.LIFTED)  # what a reviewer may choose


class Review(Row, Logged, table=True):
    """One review of one case."""

    id: int | None = Field(default=None, primary_key=True, sa_type=Big)
    case_code: str = Field(foreign_key="inquiry.code", index=True)
    cause: ReviewCause = Field(sa_type=one_of(ReviewCause))
    words: str = Field(foreign_key="item.digest")
    asked_at: datetime = Field(sa_type=Instant)
    deadline_id: int | None = Field(default=None, foreign_key="deadline.id", sa_type=Big)
    outcome: ReviewOutcome | None = Field(default=None, sa_type=one_of(ReviewOutcome))
    reason: str | None = Field(default=None, foreign_key="item.digest")
    decided_by: int | None = Field(default=None, foreign_key="person.id")
    decided_at: datetime | None = Field(default=None, sa_type=Instant)

    def asked(self, case: Inquiry, clock: Deadline) -> Entry:
        """The reporter asks; the review has a clock of its own."""
        due = clock.due_at.isoformat() if clock.due_at else None
        return case.entry("review_asked", self, clock, cause=self.cause.value, item=self.words, due=due)

    def decide(
        self, case: Inquiry, outcome: ReviewOutcome, reason: str, by: int, spoke: int | None, clock: Deadline | None, at: datetime
    ) -> Entry:
        """Decided with a reason, never by the person who answered or refused."""
        if self.outcome is not None:
            raise Refusal("review.decided", code=self.case_code)
        if by == spoke:
            raise Refusal("review.own", code=self.case_code)
        if outcome is ReviewOutcome.LIFTED and self.cause is not ReviewCause.REFUSED:
            raise Refusal("form.please_choose")
        self.outcome, self.reason, self.decided_by, self.decided_at = outcome, reason, by, at
        met: tuple[Deadline, ...] = ()
        if clock is not None and clock.state is DeadlineState.RUNNING:
            clock.satisfy(at)
            met = (clock,)
        detail: dict[str, Any] = {"outcome": outcome.value, "reason": reason}
        return case.entry("review_decided", self, *met, **detail)

    def withdraw(self, case: Inquiry, by: int, clock: Deadline | None, at: datetime) -> Entry:
        """The reporter takes it back before anybody has decided."""
        if self.outcome is not None:
            raise Refusal("review.decided", code=self.case_code)
        self.outcome, self.decided_by, self.decided_at = ReviewOutcome.WITHDRAWN, by, at
        stopped: tuple[Deadline, ...] = ()
        if clock is not None and clock.state is DeadlineState.RUNNING:
            clock.stop(at)
            stopped = (clock,)
        return case.entry("review_withdrawn", self, *stopped)


async def pending(store: Store, code: str) -> Review | None:
    """The review of a case nobody has decided yet."""
    return await store.scalar(select(Review).where(Review.case_code == code, col(Review.outcome).is_(None)))


async def by_clock(store: Store, clock: Deadline) -> Review | None:
    """The review a clock runs on."""
    return await store.scalar(select(Review).where(Review.deadline_id == clock.id))


async def spoke_last(store: Store, code: str) -> int | None:
    """Who answered or refused a case last: not the one to review it."""
    ends = ("inquiry.answered", "inquiry.refused")
    query = select(ExchangeEntry.person_id).where(ExchangeEntry.case_code == code, col(ExchangeEntry.action).in_(ends))
    return await store.scalar(query.order_by(col(ExchangeEntry.seq).desc()).limit(1))
