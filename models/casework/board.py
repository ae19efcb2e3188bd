"""What is open: the province at a glance (F33), and the cases that lie with a unit or wait at the press office."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlmodel import col, or_, select

from models.casework.inquiry import OPEN, Inquiry, InquiryState
from models.casework.sharing import CoAssignment
from models.clocks.deadline import Deadline, DeadlineState, Target
from models.store import Store

# Each case with the clock that runs towards what it owes.
_CLOCKED = select(Inquiry, Deadline).outerjoin(
    Deadline,
    (col(Deadline.case_code) == col(Inquiry.code))
    & (col(Deadline.target) == Target.FINAL)
    & col(Deadline.state).in_([DeadlineState.RUNNING, DeadlineState.PAUSED]),
)


@dataclass(frozen=True)
class UnitLoad:
    """What lies with one unit."""

    unit_id: str
    open: int
    overdue: int


@dataclass(frozen=True)
class Board:
    """Counts over every open case; `desk` waits for the press office itself."""

    open: int
    today: int
    overdue: int
    desk: int
    units: Sequence[UnitLoad]


async def board(store: Store, at: datetime, end_of_day: datetime) -> Board:
    """Count the open cases as they stand at a moment; due today is due no later than `end_of_day`."""
    found = await store.execute(_CLOCKED.where(col(Inquiry.state).in_(OPEN)))
    opened, late, total, today, desk = Counter[str](), Counter[str](), 0, 0, 0
    for case, clock in cast("Sequence[tuple[Inquiry, Deadline | None]]", found.all()):
        total += 1
        if case.state is InquiryState.RECEIVED:
            desk += 1
        else:
            opened[case.unit_id or ""] += 1
        if clock is not None and clock.due_at is not None:
            if clock.is_overdue(at):
                late[case.unit_id or ""] += 1
            elif clock.due_at <= end_of_day:
                today += 1
    return Board(total, today, late.total(), desk, [UnitLoad(unit, number, late[unit]) for unit, number in sorted(opened.items())])


async def open_of_units(store: Store, unit_ids: Sequence[str], limit: int = 50) -> Sequence[tuple[Inquiry, Deadline | None]]:
    """What lies with these units, or is shared with them, and is not ended; the most urgent first."""
    beside = select(CoAssignment.case_code).where(col(CoAssignment.unit_id).in_(unit_ids))
    found = await store.execute(
        _CLOCKED.where(
            or_(col(Inquiry.unit_id).in_(unit_ids), col(Inquiry.code).in_(beside)), col(Inquiry.state).in_(OPEN - {InquiryState.RECEIVED})
        )
        .order_by(col(Deadline.due_at), col(Inquiry.received_at))
        .limit(limit)
    )
    return [(inquiry, clock) for inquiry, clock in found.all()]


async def left_behind(store: Store, unit_ids: Sequence[str], limit: int) -> Sequence[Inquiry]:
    """Open cases of units, whoever holds them, the oldest first."""
    found = await store.scalars(
        select(Inquiry)
        .where(col(Inquiry.unit_id).in_(unit_ids), col(Inquiry.state).in_(OPEN))
        .order_by(col(Inquiry.received_at), col(Inquiry.code))
        .limit(limit)
    )
    return found.all()


async def at_desk(store: Store, limit: int = 50) -> Sequence[Inquiry]:
    """What waits for the press office: unverified askers and questions nobody could route (F50)."""
    found = await store.scalars(
        select(Inquiry).where(Inquiry.state == InquiryState.RECEIVED).order_by(col(Inquiry.received_at)).limit(limit)
    )
    return found.all()
