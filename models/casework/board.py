"""The province at a glance: what is open, due today, overdue, by unit (F33)."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlmodel import col, select

from models.casework.inquiry import OPEN, Inquiry, InquiryState
from models.clocks.deadline import Deadline, DeadlineState, Target
from models.store import Store


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
    found = await store.execute(
        select(Inquiry, Deadline)
        .outerjoin(
            Deadline,
            (col(Deadline.case_code) == col(Inquiry.code))
            & (col(Deadline.target) == Target.FINAL)
            & col(Deadline.state).in_([DeadlineState.RUNNING, DeadlineState.PAUSED]),
        )
        .where(col(Inquiry.state).in_(OPEN))
    )
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
