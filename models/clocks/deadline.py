"""A clock that runs on a case or another subject: started, paused, extended, satisfied. How it counts is `models.law.counting`."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from fractions import Fraction
from typing import ClassVar

from sqlalchemy import JSON, bindparam
from sqlmodel import Field, col, select

from models.clocks import ladder
from models.clocks.ladder import Ring
from models.errors import Refusal
from models.law import counting
from models.law.calendar import Calendar
from models.law.pack_file import Clock
from models.law.packs import LawBook
from models.law.terms import Measure
from models.recall import lists, recalled
from models.store import Big, Instant, Logged, Row, Store, one_of

ORDINARY = "RQ-02"  # the clock of an ordinary inquiry (LAW.md, clocks)


class DeadlineState(StrEnum):
    """Whether a clock runs."""

    RUNNING = "running"
    PAUSED = "paused"
    SATISFIED = "satisfied"
    STOPPED = "stopped"  # withdrawn: nothing is owed any more


class Target(StrEnum):
    """Which of the moments of a case a clock measures (F55); the final one is what the case owes."""

    FINAL = "final"
    ACKNOWLEDGE = "acknowledge"
    FIRST_SUBSTANCE = "first_substance"
    ASIDE = "aside"  # hangs on the case without being its deadline: an internal demand, a review


class Deadline(Row, Logged, table=True):
    """One clock of one case (or of another subject: `case_code`), under the rule pack in force at its trigger.

    `running_since` and `amount` say from where and how much is counted now; a pause keeps what is left in `amount`.
    `told_until` and `rings_at` wind it: up to when people were told, and for when its alarm is set.
    """

    unlogged: ClassVar[frozenset[str]] = frozenset({"told_until", "rings_at"})

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
    target: Target = Field(default=Target.FINAL, sa_type=one_of(Target))
    unit_id: str | None = None  # whose office hours it counts by and rings in
    urgent: bool = False  # rings at night and on days off, too
    told_until: datetime | None = Field(default=None, sa_type=Instant)
    rings_at: datetime | None = Field(default=None, sa_type=Instant)
    history: list[list[str]] = Field(default_factory=list[list[str]], sa_type=JSON)  # pauses, resumptions, extensions, moves

    def satisfy(self, at: datetime) -> None:
        """What was owed is done."""
        self.state, self.ended_at = DeadlineState.SATISFIED, at

    def stop(self, at: datetime) -> None:
        """Nothing is owed any more."""
        self.state, self.ended_at = DeadlineState.STOPPED, at

    def is_overdue(self, at: datetime) -> bool:
        """Still owed, and past the due moment (which itself is no longer in time: it is exclusive)."""
        return self.state is DeadlineState.RUNNING and self.due_at is not None and at >= self.due_at


lists("clocks", Deadline, "case_code")
_OF_CASES = select(Deadline).where(col(Deadline.case_code).in_(bindparam("codes", expanding=True))).order_by(col(Deadline.id))


@dataclass(frozen=True)
class Rules:
    """The law and the calendar a clock counts by."""

    law: LawBook
    calendar: Calendar

    def start(
        self, subject: str, clock_id: str, at: datetime, *, unit_id: str | None = None, target: Target = Target.FINAL, urgent: bool = False
    ) -> Deadline:
        """A clock of the pack in force at its trigger begins to run, on a case or any other subject with a code.

        A clock the pack does not have, or one no calendar knows the end of (the next issue), has no due moment.
        """
        pack = self.law.at(at)
        started = Deadline(case_code=subject, pack_id=pack.id, clock_id=clock_id, started_at=at, running_since=at)
        started.unit_id, started.target, started.urgent = unit_id, target, urgent
        counted = self._count(started, at)
        started.due_at = counted.due if counted else None
        return started

    def asked(self, case_code: str, kind: str | None, at: datetime, *, unit_id: str | None = None) -> Deadline:
        """The clock of a question begins, or begins anew: the one the pack in force names for who asks what (F54), else the ordinary one."""
        clock = self.law.at(at).clock_for(kind) if kind is not None else None
        return self.start(case_code, clock.id if clock is not None else ORDINARY, at, unit_id=unit_id)

    def _count(self, deadline: Deadline, at: datetime) -> counting.Counted | None:
        clock = self.clock(deadline)
        if clock is None or clock.measure is Measure.NEXT_ISSUE:
            return None
        return counting.count(clock, at, self.calendar, self.calendar.office_hours(deadline.unit_id))

    def rings(self, deadline: Deadline) -> list[Ring]:
        """When a running clock rings, why and for whom; at night only for urgent classes."""
        clock = self.clock(deadline)
        if clock is None or deadline.due_at is None or deadline.state is not DeadlineState.RUNNING:
            return []
        steps = self.law.pack(deadline.pack_id).ladder(clock.ladder)
        loud = deadline.urgent or (steps is not None and steps.night)
        quiet = ladder.at_once if loud else ladder.waiting(self.calendar, self.calendar.office_hours(deadline.unit_id))
        return ladder.rings(steps, deadline.running_since, deadline.due_at, quiet)

    def clock(self, deadline: Deadline) -> Clock | None:
        """The rule a deadline runs under, for ever the one of its pack."""
        return self.law.pack(deadline.pack_id).clock(deadline.clock_id)

    def counted(self, deadline: Deadline) -> counting.Counted | None:
        """How the present due moment comes about, with every pause, extension and notice as they happened.

        Of a paused clock: how it stood when it was paused. The list adds up to the stored moment exactly (F60).
        """
        counted = self._replayed(deadline)
        if counted is None or deadline.due_at is None:
            return counted
        return counting.kept(counted, deadline.due_at)

    def later(self, deadline: Deadline) -> datetime | None:
        """When a running clock is due by these rules, where that is later than what was promised; None where nothing moves (F63)."""
        if deadline.state is not DeadlineState.RUNNING or deadline.due_at is None:
            return None
        counted = self._replayed(deadline)
        return counted.due if counted is not None and counted.due > deadline.due_at else None

    def _replayed(self, deadline: Deadline) -> counting.Counted | None:
        clock, hours = self.clock(deadline), self.calendar.office_hours(deadline.unit_id)
        counted = self._count(deadline, deadline.started_at)
        if clock is None or counted is None:
            return None
        paused_at, left = deadline.started_at, Fraction(0)
        for step in _steps(deadline):
            match step:
                case ["since", at, amount]:
                    counted = counting.resume(clock, Fraction(amount), datetime.fromisoformat(at), self.calendar, hours)
                case ["pause", at, amount]:
                    paused_at, left = datetime.fromisoformat(at), Fraction(amount)
                case ["resume", at]:
                    rest = counting.resume(clock, left, datetime.fromisoformat(at), self.calendar, hours)
                    counted = counting.joined(counted, paused_at, rest)
                case ["extend", amount]:
                    counted = counting.extend(counted, Fraction(amount), self.calendar, hours)
                case _:
                    raise ValueError(f"unknown step of a clock: {step}")
        return counted

    def pause(self, deadline: Deadline, at: datetime) -> bool:
        """Stop a clock that may be stopped, keeping what is left; a clock that never stops, or has run out, goes on."""
        counted = self.counted(deadline)
        if counted is None or deadline.state is not DeadlineState.RUNNING:
            return False
        try:
            left = str(counting.paused_remaining(counted, at))
        except counting.Uncountable:
            return False
        deadline.history = [*_steps(deadline), ["pause", at.isoformat(), left]]
        deadline.amount, deadline.state, deadline.due_at = left, DeadlineState.PAUSED, None
        return True

    def resume(self, deadline: Deadline, at: datetime) -> bool:
        """Run again: what was left is counted anew from now."""
        clock = self.clock(deadline)
        if clock is None or deadline.state is not DeadlineState.PAUSED or deadline.amount is None:
            return False
        hours = self.calendar.office_hours(deadline.unit_id)
        deadline.history = [*_steps(deadline), ["resume", at.isoformat()]]
        deadline.running_since, deadline.state = at, DeadlineState.RUNNING
        deadline.due_at = counting.resume(clock, Fraction(deadline.amount), at, self.calendar, hours).due
        return True

    def extend(self, deadline: Deadline, amount: int) -> None:
        """More time, once, where the pack allows it (F57)."""
        counted = self.counted(deadline)
        if deadline.extended or deadline.state is not DeadlineState.RUNNING or counted is None:
            raise Refusal("extend.not_possible", code=deadline.case_code)
        try:
            longer = counting.extend(counted, Fraction(amount), self.calendar, self.calendar.office_hours(deadline.unit_id))
        except counting.Uncountable as error:
            raise Refusal("extend.not_possible", code=deadline.case_code) from error
        deadline.history = [*_steps(deadline), ["extend", str(amount)]]
        deadline.due_at, deadline.extended = longer.due, True


def _steps(deadline: Deadline) -> list[list[str]]:
    """What happened to a clock since it began; one changed by an earlier release knows only from where it counts now."""
    if deadline.history or deadline.amount is None:
        return deadline.history or []
    if deadline.state is DeadlineState.PAUSED:
        return [["pause", deadline.running_since.isoformat(), deadline.amount]]
    return [["since", deadline.running_since.isoformat(), deadline.amount]]


async def of_case(store: Store, code: str, target: Target = Target.FINAL) -> Deadline | None:
    """The latest clock of a case that measures a target: what the case owes, unless another is asked for."""
    return next((clock for clock in reversed(await every(store, code)) if clock.target is target), None)


async def recall(store: Store, codes: Collection[str]) -> None:
    """Read the clocks of many cases at once; `every` and `of_case` then know them."""
    known = recalled(store, "clocks")
    known.update({code: list[Deadline]() for code in codes})
    for clock in (await store.scalars(_OF_CASES, {"codes": [*codes]})).all() if codes else ():
        known[clock.case_code].append(clock)


def opened(store: Store, code: str) -> None:
    """A case that has just been given its code has no clocks yet: nobody need look."""
    recalled(store, "clocks")[code] = list[Deadline]()


async def every(store: Store, code: str) -> Sequence[Deadline]:
    """All clocks a case ever had, in the order they began."""
    known = recalled(store, "clocks")
    if code not in known:
        await recall(store, [code])
    return [*known[code]]


async def all_running(store: Store) -> Sequence[Deadline]:
    """Every clock that runs towards a moment, on whatever it runs, in the order they began."""
    query = select(Deadline).where(Deadline.state == DeadlineState.RUNNING, col(Deadline.due_at).is_not(None))
    return (await store.scalars(query.order_by(col(Deadline.id)))).all()


async def running(store: Store, subject: str, clock_id: str | None = None) -> Sequence[Deadline]:
    """The clocks of a subject that are neither satisfied nor stopped, of one kind or all, in the order they began."""
    query = select(Deadline).where(Deadline.case_code == subject, col(Deadline.state).in_([DeadlineState.RUNNING, DeadlineState.PAUSED]))
    if clock_id is not None:
        query = query.where(Deadline.clock_id == clock_id)
    return (await store.scalars(query.order_by(col(Deadline.id)))).all()
