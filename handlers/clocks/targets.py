"""The office's own targets of a case beside what it owes: say that you have it, say something of substance (F55).

They begin when the case comes to a unit and end with what they ask for; missing one is noted and told, and changes no deadline of the law.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from handlers.clocks import clocks
from handlers.contract import Context
from models.casework.inquiry import Inquiry
from models.clocks import deadline
from models.clocks.deadline import Deadline, DeadlineState, Target
from models.evidence.exchange import Entry

OWN = (Target.ACKNOWLEDGE, Target.FIRST_SUBSTANCE)


async def begin(context: Context, case: Inquiry, entry: Entry, *, first: bool = False) -> Entry:
    """The case has come to a unit: its targets begin, those of the unit before end; the entry of the move explains both."""
    before = [] if first else await _open(context, case, OWN)
    for clock in before:
        clock.stop(context.now)
    owed = None if first else await deadline.of_case(context.store, case.code)
    rules = context.office.rules
    named = rules.law.at(context.now).targets
    started: list[Deadline] = []
    for target, clock_id in ((Target.ACKNOWLEDGE, named.acknowledge), (Target.FIRST_SUBSTANCE, named.first_substance)):
        clock = rules.start(case.code, clock_id, context.now, unit_id=case.unit_id, target=target, urgent=owed is not None and owed.urgent)
        context.store.add(clock)
        clocks.wind(context, clock)
        started.append(clock)
    return _with(entry, (*before, *started), {f"{c.target.value}_by": c.due_at.isoformat() for c in started if c.due_at})


async def met(context: Context, case: Inquiry, entry: Entry, *reached: Target) -> Entry:
    """What some targets ask for has been done; the entry of the deed says so."""
    done = await _open(context, case, reached or OWN)
    for clock in done:
        clock.satisfy(context.now)
    return _with(entry, done, {f"{c.target.value}_late": True for c in done if c.due_at is not None and context.now >= c.due_at})


async def dropped(context: Context, case: Inquiry, entry: Entry) -> Entry:
    """Nothing is owed any more."""
    left = await _open(context, case, OWN)
    for clock in left:
        clock.stop(context.now)
    return _with(entry, left, {})


async def _open(context: Context, case: Inquiry, wanted: Iterable[Target]) -> list[Deadline]:
    running = await deadline.running(context.store, case.code)
    return [clock for clock in running if clock.target in wanted and clock.state is DeadlineState.RUNNING]


def _with(entry: Entry, rows: Sequence[Deadline], detail: dict[str, object]) -> Entry:
    return replace(entry, about=(*entry.about, *rows), detail={**entry.detail, **detail})
