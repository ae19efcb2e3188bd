"""More time for a case: how long, why, and the reporter is told (F57)."""

from typing import Any

from handlers import asking, casework, telling
from handlers.clocks import clocks
from handlers.contract import LEAVE, Choice, Context, InboundMessage, Outcome, Place, Screen
from handlers.form import chosen
from models.casework import inquiry
from models.clocks.deadline import DeadlineState
from models.errors import Refusal
from models.evidence.item import ItemKind
from models.texts import Due

EXTENSIONS = ("1", "3", "5")  # working days offered


async def begin(message: InboundMessage, context: Context) -> Outcome:
    """More time, once, with a reason the reporter is told (F57)."""
    case = await casework.ours(context, message.argument)
    clock = await casework.clock_of(context, case.code)
    if clock is None or clock.extended or clock.state is not DeadlineState.RUNNING:
        raise Refusal("extend.not_possible", code=case.code)
    ways = [Choice.of("choice.extend_days", f"={number}", days=number) for number in EXTENSIONS]
    screen = context.reply("extend.how_long", *ways, Choice("choice.quit", "=quit"), case=case.code, code=case.code)
    return Outcome(screens=[screen], place=Place("extend", "days", {"code": case.code}))


async def days(message: InboundMessage, context: Context) -> Outcome:
    """How long; then why."""
    if asking.quits(message):
        return asking.left(context)
    wanted = chosen(message, *EXTENSIONS)
    screen = context.reply("extend.why", Choice("choice.quit", "=quit"), case=casework.code_here(context))
    return Outcome(screens=[screen], place=Place("extend", "reason", {"code": casework.code_here(context), "days": wanted}))


async def reason(message: InboundMessage, context: Context) -> Outcome:
    """The reason; the new deadline goes to the reporter with it."""
    if asking.quits(message):
        return asking.left(context)
    case = await casework.ours(context, casework.code_here(context))
    asking.reason(message)
    clock = await casework.clock_of(context, case.code)
    if clock is None or case.state not in inquiry.OPEN:
        raise Refusal("extend.not_possible", code=case.code)
    before = clock.due_at
    context.office.rules.extend(clock, int(context.conversation.said()["days"] if context.conversation else 1))
    why = context.item(ItemKind.REASON, message.text, case.code)
    due = clock.due_at or context.now
    clocks.wind(context, clock)
    entry = case.entry("extended", clock, reason=why.digest, before=before.isoformat() if before else None, due=due.isoformat())
    said: dict[str, Any] = {"code": case.code, "unit": context.office.unit_name(case.unit_id), "due": Due(due), "reason": why}
    told = await telling.tell_reporter(context, case, Screen.of("case.extended", **said))
    return Outcome([entry], [context.reply("extend.done", case=case.code, **said), *told], LEAVE, case.code)
