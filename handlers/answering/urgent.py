"""“Khẩn”: one case rings at night and on days off, too (F58). A unit or the press office says so with a reason, and takes it back."""

from collections.abc import Sequence

from handlers import asking, casework, telling
from handlers.clocks import clocks
from handlers.contract import LEAVE, Choice, Context, InboundMessage, Outcome, Place
from models.casework import inquiry
from models.casework.inquiry import Inquiry
from models.clocks import deadline
from models.clocks.deadline import Deadline
from models.errors import Refusal
from models.evidence.item import ItemKind


async def begin(message: InboundMessage, context: Context) -> Outcome:
    """Why? One that is urgent already may become ordinary again."""
    case = await _open(context, message.argument)
    if all(clock.urgent for clock in await _clocks(context, case)):
        back = Choice("choice.urgent_end", f"urgent.end:{case.code}")
        return Outcome(screens=[context.reply("urgent.already", back, case=case.code, code=case.code)])
    screen = context.reply("urgent.why", Choice("choice.quit", "=quit"), case=case.code, code=case.code)
    return Outcome(screens=[screen], place=Place("urgent", "why", {"code": case.code}))


async def _open(context: Context, code: str) -> Inquiry:
    case = await casework.ours(context, code)
    if case.state not in inquiry.OPEN:
        raise casework.closed(case)
    return case


async def _clocks(context: Context, case: Inquiry) -> Sequence[Deadline]:
    found = await deadline.running(context.store, case.code)
    if not found:
        raise Refusal("urgent.no_clock", code=case.code)
    return found


async def why(message: InboundMessage, context: Context) -> Outcome:
    """From now on its reminders do not wait for the morning; those who follow the case read why."""
    if asking.quits(message):
        return asking.left(context)
    reason = asking.reason(message)
    case = await _open(context, casework.code_here(context))
    text = context.item(ItemKind.REASON, reason, case.code)
    rows = await _switched(context, case, urgent=True)
    entry = case.entry("urgent_set", *rows, urgent=True, reason=text.digest)
    told = await telling.tell_unit(context, case, "desk.urgent", reason=text)
    return Outcome([entry], [context.reply("urgent.done", case=case.code, code=case.code), *told], LEAVE, case.code)


async def end(message: InboundMessage, context: Context) -> Outcome:
    """Ordinary again: what falls on a night waits for the morning."""
    case = await _open(context, message.argument)
    if not any(clock.urgent for clock in await _clocks(context, case)):
        raise Refusal("urgent.not_urgent", code=case.code)
    rows = await _switched(context, case, urgent=False)
    entry = case.entry("urgent_set", *rows, urgent=False)
    return Outcome([entry], [context.reply("urgent.over", case=case.code, code=case.code)], case=case.code)


async def _switched(context: Context, case: Inquiry, *, urgent: bool) -> list[Deadline]:
    rows = [clock for clock in await _clocks(context, case) if clock.urgent is not urgent]
    for clock in rows:
        clock.urgent = urgent
        clocks.wind(context, clock)
    return rows
