"""Who asks decides which clock runs: an officer says it when taking a question in (F54)."""

from typing import Any

from handlers import asking, casework, telling
from handlers.clocks import clocks
from handlers.contract import LEAVE, Choice, Context, InboundMessage, Outcome, Place, Screen
from handlers.inquiries import kinds
from models.casework import inquiry
from models.clocks.deadline import DeadlineState
from models.errors import Refusal
from models.texts import Due


async def begin(message: InboundMessage, context: Context) -> Outcome:
    """Which kind?"""
    case = await casework.ours(context, message.argument)
    if case.state not in inquiry.OPEN:
        raise casework.closed(case)
    lines = kinds.lines(kinds.offered(context, case.pack_id))
    screen = context.reply("asker.which", Choice("choice.quit", "=quit"), case=case.code, code=case.code, lines=lines)
    return Outcome(screens=[screen], place=Place("asker", "kind", {"code": case.code}))


async def kind(message: InboundMessage, context: Context) -> Outcome:
    """The clock of that kind runs from the moment the question was received; the reporter and the unit are told the new deadline."""
    if asking.quits(message):
        return asking.left(context)
    case = await casework.ours(context, casework.code_here(context))
    found = kinds.picked(message, kinds.offered(context, case.pack_id))
    before = await casework.clock_of(context, case.code)
    if before is None or before.state is not DeadlineState.RUNNING or case.kind == found.id:
        raise Refusal("asker.not_possible", code=case.code)
    clock = context.office.rules.start(case.code, found.clock, case.received_at, unit_id=case.unit_id, urgent=before.urgent)
    before.stop(context.now)
    was, case.kind = case.kind, found.id
    context.store.add(clock)
    clocks.wind(context, clock)
    due = clock.due_at or context.now
    entry = case.entry("kind_set", before, clock, kind=found.id, before=was, clock=clock.clock_id, due=due.isoformat())
    said: dict[str, Any] = {"code": case.code, "kind": found.label, "due": Due(due)}
    told = await telling.tell_reporter(context, case, Screen.of("case.kind_set", **said))
    unit = await telling.tell_unit(context, case, "desk.kind_set", kind=found.label)
    return Outcome([entry], [context.reply("asker.done", case=case.code, **said), *told, *unit], LEAVE, case.code)
