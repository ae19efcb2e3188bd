"""The calendar or a law pack has changed: running clocks are counted anew, and nobody is late for it (F63).

A clock only ever gets more time; where the new rules would give less, the moment that was promised stands. Everybody who
was told a moment is told the new one, and each change is an entry beside the one that says what was applied.
"""

from collections import Counter
from dataclasses import replace
from datetime import datetime
from typing import Any

from handlers import telling
from handlers.clocks import clocks, subjects
from handlers.clocks.clocks import Subject
from handlers.contract import Context, InboundMessage, Outcome, Outgoing, Screen
from models.casework import inquiry
from models.clocks import deadline
from models.clocks.deadline import Deadline, Target
from models.evidence.exchange import Entry
from models.law import ruling
from models.texts import Due

COMMAND = "rules.applied"
OWN = (Target.ACKNOWLEDGE, Target.FIRST_SUBSTANCE)  # the office's own targets move in silence


async def applied(message: InboundMessage, context: Context) -> Outcome:
    """The new rules hold; the clocks that run are counted by them."""
    said = message.detail
    rules = ruling.of_texts(said["texts"], context.office.rules.law.pin)
    context.office = replace(context.office, rules=rules)
    outcome, moved = Outcome(), Counter[str]()
    for clock in await deadline.all_running(context.store):
        due = rules.later(clock)
        about = await subjects.read(context, clock) if due is not None else None
        if due is not None and about is not None:
            outcome += await _moved(context, clock, about, due, str(said["why"]))
            moved[clock.clock_id] += 1
    number = sum(moved.values())
    detail = {name: said[name] for name in ("what", "source", "digest", "changes")} | {"moved": dict(moved)}
    screen = Screen.of("recount.applied", what=said["title"], source=said["source"], number=number, changes="\n".join(said["changes"]))
    told = context.tell(await telling.officer_accounts(context), screen)
    return Outcome([Entry("rules.applied", detail=detail), *outcome.entries], [*told, *outcome.screens])


async def _moved(context: Context, clock: Deadline, about: Subject, due: datetime, why: str) -> Outcome:
    """One clock: its new moment, its alarms, and those who were told the old one."""
    before = clock.due_at or due
    clock.due_at = due
    clocks.wind(context, clock)
    entry = about.entry("recounted", clock, clock=clock.clock_id, before=before.isoformat(), due=due.isoformat())
    return Outcome([entry], [] if clock.target in OWN else await _told(context, clock, about, before, why))


async def _told(context: Context, clock: Deadline, about: Subject, before: datetime, why: str) -> list[Outgoing]:
    rule = context.office.rules.clock(clock)
    values: dict[str, Any] = {"code": about.case or "", "label": rule.label if rule else clock.clock_id}
    values |= {"before": Due(before), "due": Due(clock.due_at or before), "why": why}
    told = context.tell(about.holders, Screen.of("recount.moved", **values), about.case)
    case = await inquiry.by_code(context.store, clock.case_code) if clock.target is Target.FINAL else None
    if case is not None:
        told += await telling.tell_reporter(context, case, Screen.of("recount.moved_reporter", **values))
    return told
