"""What reports read from the log is what the tables say: looked at when a story ends, whatever happened in it."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlmodel import col, select

from models.casework.inquiry import Inquiry, InquiryState
from models.clocks.deadline import Deadline, DeadlineState, Target
from models.reports import facts
from models.reports.facts import DESK
from models.store import Store

EVER = datetime(2999, 1, 1, tzinfo=UTC)
ENDS = {InquiryState.ANSWERED: "answered", InquiryState.REFUSED: "refused", InquiryState.WITHDRAWN: "withdrawn"}
Told = Mapping[str, Mapping[str, Any]]


async def by_the_log(store: Store) -> Told:
    """Each inquiry as the log tells it."""
    found = facts.read(await facts.texts(store), EVER).cases.values()
    return {c.code: {"unit": c.unit, "kind": c.kind, "outcome": c.outcome, "due": c.due} for c in found if not c.imported}


async def by_the_tables(store: Store) -> Told:
    """Each inquiry as it is kept; a due moment while its clock runs."""
    running = select(Deadline).where(Deadline.target == Target.FINAL, Deadline.state == DeadlineState.RUNNING)
    due = {clock.case_code: clock.due_at for clock in (await store.scalars(running.order_by(col(Deadline.id)))).all()}
    return {
        case.code: {
            "unit": DESK if case.state is InquiryState.RECEIVED else case.unit_id or DESK,
            "kind": case.kind,
            "outcome": ENDS.get(case.state, "open"),
            "due": due.get(case.code),
        }
        for case in (await store.scalars(select(Inquiry))).all()
    }


async def differences(store: Store) -> dict[str, tuple[Any, Any]]:
    """Where the two differ: what the log says, and what is kept."""
    told, kept = await by_the_log(store), await by_the_tables(store)
    found: dict[str, tuple[Any, Any]] = {code: (told.get(code), kept.get(code)) for code in {*told} ^ {*kept}}
    for code in {*told} & {*kept}:
        for what, value in kept[code].items():
            if told[code][what] != value and not (what == "due" and value is None):
                found[f"{code} {what}"] = (told[code][what], value)
    return found
