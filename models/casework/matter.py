"""A matter (vụ việc): something that happened, with its own four times, units and clocks; many inquiries hang on one.

The 24-hour duties start at its times, whether anybody asks or not: Decree 09/2017 Art 6(3)(a) at the occurrence, Decree 244/2026
Art 7(3) at “received and handled”, Art 7(4) at the determination that opinion is divided. Which of them exist, the packs say.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlmodel import Field, col, or_, select

from models.casework.inquiry import Inquiry
from models.clocks.deadline import Deadline, DeadlineState
from models.errors import Refusal
from models.evidence.exchange import Entry
from models.law.pack_file import InquiryKind, LawPack
from models.law.packs import LawBook, NoPack
from models.law.terms import Trigger
from models.store import Instant, Logged, Row, Store, one_of
from models.texts import Words

ORDINARY = "plain"  # a matter without a duty to speak within hours; it only gathers inquiries
OCCURRED, RECEIVED, DETERMINED = Trigger.OCCURRED_AT, Trigger.RECEIVED_HANDLED_AT, Trigger.IMPACT_DETERMINED_AT
TIMES = (OCCURRED, RECEIVED, DETERMINED)


class MatterState(StrEnum):
    """How far a matter has come."""

    OPEN = "open"  # nobody has spoken yet
    SPOKEN = "spoken"  # the first statement is on record
    CLOSED = "closed"


class MatterOutcome(StrEnum):
    """How a matter ended."""

    SPOKEN = "spoken"
    NOT_NEEDED = "not_needed"
    HANDED_ON = "handed_on"  # another body speaks


S = MatterState
LIVE = frozenset({S.OPEN, S.SPOKEN})
GRAPH: dict[MatterState, frozenset[MatterState]] = {
    S.OPEN: frozenset({S.SPOKEN, S.CLOSED}),
    S.SPOKEN: frozenset({S.CLOSED}),
    S.CLOSED: frozenset({S.OPEN, S.SPOKEN}),  # re-opened: to where it stood
}


class Matter(Row, Logged, table=True):
    """One matter. Its title is an item; `unit_id` is the unit that must speak."""

    code: str = Field(primary_key=True)
    title: str = Field(foreign_key="item.digest")
    kind: str = ORDINARY  # or the id of an inquiry kind of its pack, whose clock says what is owed
    pack_id: str
    unit_id: str = Field(foreign_key="unit.id", index=True)
    state: MatterState = Field(default=MatterState.OPEN, sa_type=one_of(MatterState), index=True)
    opened_by: int = Field(foreign_key="person.id")
    opened_at: datetime = Field(sa_type=Instant)
    occurred_at: datetime | None = Field(default=None, sa_type=Instant)
    received_handled_at: datetime | None = Field(default=None, sa_type=Instant)
    impact_determined_at: datetime | None = Field(default=None, sa_type=Instant)
    impact_determined_by: int | None = Field(default=None, foreign_key="person.id")
    first_statement_at: datetime | None = Field(default=None, sa_type=Instant)
    joint: bool = False  # the units named must agree before anybody speaks (Decree 244/2026 Art 7(2))
    outcome: MatterOutcome | None = Field(default=None, sa_type=one_of(MatterOutcome))
    closed_at: datetime | None = Field(default=None, sa_type=Instant)

    def entry(self, action: str, *also: object, **detail: Any) -> Entry:
        """An entry of this matter, explaining this row and `also`."""
        return Entry(f"matter.{action}", (self, *also), case=self.code, detail=detail, unit_id=self.unit_id, pack=self.pack_id)

    @property
    def times(self) -> dict[Trigger, datetime]:
        """The moments that are known and may start a clock."""
        return {which: at for which in TIMES if (at := getattr(self, which.value)) is not None}

    def opened(self, units: Sequence["MatterUnit"], clocks: Sequence[Deadline], inquiry: str | None) -> Entry:
        """The matter is on record, with what was known when it was opened."""
        return self.entry(
            "opened",
            *units,
            *clocks,
            item=self.title,
            kind=self.kind,
            joint=self.joint,
            units=[row.unit_id for row in units],
            inquiry=inquiry,
            **{which.value: at.isoformat() for which, at in self.times.items()},
            determined_by=self.impact_determined_by,
            **owed(clocks),
        )

    def time(self, which: Trigger, at: datetime, now: datetime, *, by: int, clocks: Sequence[Deadline], reason: str | None) -> Entry:
        """One of the times is recorded, or corrected with a reason; clocks that hung on the old one are among `clocks`."""
        self._live()
        check_times({**self.times, which: at}, now)
        before = getattr(self, which.value)
        setattr(self, which.value, at)
        if which is DETERMINED:
            self.impact_determined_by = by
        known = before.isoformat() if before else None
        return self.entry("timed", *clocks, which=which.value, at=at.isoformat(), before=known, by=by, reason=reason, **owed(clocks))

    def spoke(self, at: datetime, clocks: Sequence[Deadline], **detail: Any) -> Entry:
        """Somebody spoke: the first statement is a time of its own; every clock that ran then has got what it wanted."""
        self._live()
        first = self.first_statement_at is None
        if first:
            self.first_statement_at = at
            self._go(S.SPOKEN)
        met = [clock for clock in clocks if clock.state is DeadlineState.RUNNING and clock.started_at <= at]
        for clock in met:
            clock.satisfy(at)
        late = [clock.clock_id for clock in met if clock.due_at is not None and at >= clock.due_at]
        return self.entry("spoken", *met, at=at.isoformat(), first=first, met=[clock.clock_id for clock in met], late=late, **detail)

    def close(self, outcome: MatterOutcome, reason: str | None, clocks: Sequence[Deadline], at: datetime) -> Entry:
        """Nothing more is to be said; what was still owed stops, unless nobody ever spoke although that is the outcome."""
        if outcome is MatterOutcome.SPOKEN and self.first_statement_at is None:
            raise Refusal("matter.nobody_spoke", code=self.code)
        self._go(S.CLOSED)
        self.outcome, self.closed_at = outcome, at
        left = [clock for clock in clocks if clock.state is DeadlineState.RUNNING]
        for clock in left:
            clock.stop(at)
        return self.entry("closed", *left, outcome=outcome.value, reason=reason, stopped=[clock.clock_id for clock in left])

    def reopen(self, reason: str) -> Entry:
        """It goes on after all; clocks that were stopped stay stopped, a new time starts new ones."""
        self._go(S.OPEN if self.first_statement_at is None else S.SPOKEN)
        self.outcome, self.closed_at = None, None
        return self.entry("reopened", reason=reason)

    def attach(self, inquiry: Inquiry) -> list[Entry]:
        """An inquiry is about this matter: one entry in each of the two files."""
        self._live()
        if inquiry.matter_code is not None:
            raise Refusal("matter.attached_already", code=inquiry.code, matter=inquiry.matter_code)
        inquiry.matter_code = self.code
        return [inquiry.entry("attached", matter=self.code), self._aside("inquiry_attached", inquiry=inquiry.code)]

    def detach(self, inquiry: Inquiry) -> list[Entry]:
        """It was about something else after all."""
        if inquiry.matter_code != self.code:
            raise Refusal("matter.not_attached", code=inquiry.code)
        inquiry.matter_code = None
        return [inquiry.entry("detached", matter=self.code), self._aside("inquiry_detached", inquiry=inquiry.code)]

    def concern(self, row: "MatterUnit", *, joint: bool) -> Entry:
        """Another unit is concerned; from then on it may have to agree."""
        self._live()
        self.joint = joint
        return self.entry("unit_added", row, unit=row.unit_id, joint=joint)

    def _aside(self, action: str, **detail: Any) -> Entry:
        return Entry(f"matter.{action}", case=self.code, detail=detail, unit_id=self.unit_id, pack=self.pack_id)

    def _live(self) -> None:
        if self.state not in LIVE:
            raise Refusal("matter.closed", code=self.code, state=Words.of(f"matter.state_{self.state.value}"))

    def _go(self, state: MatterState) -> None:
        if state not in GRAPH[self.state]:
            raise Refusal("matter.closed" if self.state is S.CLOSED else "matter.not_now", code=self.code)
        self.state = state


class MatterUnit(Row, Logged, table=True):
    """A unit a matter concerns beside the one that speaks."""

    __tablename__ = "matter_unit"  # pyright: ignore[reportAssignmentType]

    matter_code: str = Field(primary_key=True, foreign_key="matter.code")
    unit_id: str = Field(primary_key=True, foreign_key="unit.id")
    added_at: datetime = Field(sa_type=Instant)


def check_times(times: Mapping[Trigger, datetime], now: datetime) -> None:
    """Nothing lies ahead, and nothing is known before it happens."""
    for at in times.values():
        if at > now:
            raise Refusal("matter.time_ahead", at=at)
    if OCCURRED in times:
        for which in (RECEIVED, DETERMINED):
            if which in times and times[which] < times[OCCURRED]:
                raise Refusal("matter.time_before", at=times[which], occurred=times[OCCURRED])


def urgent_kinds(pack: LawPack) -> Iterator[InquiryKind]:
    """The kinds of matter a pack sets a clock for that no question starts."""
    for kind in pack.inquiry_kinds:
        clock = pack.clock(kind.clock) if kind.asker == "nobody" else None
        if clock is not None and clock.trigger in TIMES:
            yield kind


def starts_at(pack: LawPack, kind: str) -> Trigger | None:
    """The time a matter of some kind must know, because its clock starts there."""
    clock = pack.clock_for(kind)
    return clock.trigger if clock is not None and clock.trigger in TIMES else None


def duties(law: LawBook, kind: str, pack_id: str, times: Mapping[Trigger, datetime]) -> list[tuple[str, datetime]]:
    """The clocks that known times start, each by the pack in force at its own trigger.

    A determination is a duty by itself; the other times start one only where the matter is of an urgent kind.
    """
    urgent = starts_at(law.pack(pack_id), kind) in {OCCURRED, RECEIVED}
    found: list[tuple[str, datetime]] = []
    for which, at in times.items():
        if which is not DETERMINED and not urgent:
            continue
        try:
            pack = law.at(at)
        except NoPack:
            continue
        wanted = {k.clock for k in urgent_kinds(pack)}
        found += [(clock.id, at) for clock in pack.clocks if clock.id in wanted and clock.trigger is which]
    return found


def owed(clocks: Iterable[Deadline]) -> dict[str, Any]:
    """What an entry says of clocks that run: until when."""
    due = {clock.clock_id: clock.due_at.isoformat() for clock in clocks if clock.state is DeadlineState.RUNNING and clock.due_at}
    return {"clocks": due} if due else {}


async def by_code(store: Store, code: str) -> Matter | None:
    """One matter by its code."""
    return await store.get(Matter, code)


async def units_of(store: Store, code: str) -> Sequence[MatterUnit]:
    """The other units a matter concerns, in the order they were named."""
    found = await store.scalars(
        select(MatterUnit).where(MatterUnit.matter_code == code).order_by(col(MatterUnit.added_at), col(MatterUnit.unit_id))
    )
    return found.all()


async def clocks_of(store: Store, code: str) -> Sequence[Deadline]:
    """Every clock a matter has or had, in the order they were started."""
    return (await store.scalars(select(Deadline).where(Deadline.case_code == code).order_by(col(Deadline.id)))).all()


async def inquiries_of(store: Store, code: str) -> Sequence[Inquiry]:
    """The inquiries that hang on a matter, oldest first."""
    return (await store.scalars(select(Inquiry).where(Inquiry.matter_code == code).order_by(col(Inquiry.received_at)))).all()


async def live(store: Store, units: Sequence[str] | None = None, limit: int = 20) -> Sequence[Matter]:
    """Matters that are not closed, newest first: all of them, or those some units speak on or are concerned by."""
    query = select(Matter).where(col(Matter.state).in_(LIVE))
    if units is not None:
        concerned = select(MatterUnit.matter_code).where(col(MatterUnit.unit_id).in_(units))
        query = query.where(or_(col(Matter.unit_id).in_(units), col(Matter.code).in_(concerned)))
    return (await store.scalars(query.order_by(col(Matter.opened_at).desc()).limit(limit))).all()
