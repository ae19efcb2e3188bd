"""The unit asked for input must know more first: its clock stands still until the asking unit has replied (F8, F26)."""

from typing import Any

from handlers import asking, casework
from handlers.answering import demanding
from handlers.clocks import clocks
from handlers.contract import LEAVE, Choice, Context, InboundMessage, Outcome, Place, Screen
from handlers.form import words_of
from models.clocks.deadline import DeadlineState
from models.errors import Refusal
from models.evidence.item import ItemKind
from models.people import mandate

LONGEST = 4000


async def ask(message: InboundMessage, context: Context) -> Outcome:
    """What is unclear?"""
    owed, case = await demanding.owed(context, message.argument)
    screen = context.reply("demand.ask", Choice("choice.quit", "=quit"), case=case.code, code=case.code)
    return Outcome(screens=[screen], place=Place("demand", "ask", {"code": case.code, "demand": owed.id}))


async def asked(message: InboundMessage, context: Context) -> Outcome:
    """The question goes to the asking unit; the clock stops where it may."""
    if asking.quits(message):
        return asking.left(context)
    owed, case = await demanding.owed(context, str(asking.said(context).get("demand", "")))
    text = context.item(ItemKind.DEMAND, words_of(message, most=LONGEST, least=casework.SHORTEST_REASON), case.code)
    clock = await demanding.clock_of(context, owed)
    if clock is not None and clock.state is DeadlineState.PAUSED:
        raise Refusal("demand.asked_already", code=case.code)
    paused = clock is not None and context.office.rules.pause(clock, context.now)
    entry = owed.ask_back(case, text.digest, clock if paused else None)
    values: dict[str, Any] = await demanding.facts(context, case, owed) | {"text": text}
    way = Choice("choice.demand_clarify", f"demand.clarify:{owed.id}")
    told = context.tell(await demanding.askers(context, case, owed), Screen.of("demand.asked_back", way, **values), case.code)
    key = "demand.ask_sent" if paused else "demand.ask_sent_runs"
    return Outcome([entry], [context.reply(key, case=case.code, **values), *told], LEAVE, case.code)


async def clarify(message: InboundMessage, context: Context) -> Outcome:
    """Invite the reply."""
    wanted, case = await demanding.asked(context, message.argument)
    screen = context.reply("demand.clarify", Choice("choice.quit", "=quit"), case=case.code, code=case.code)
    return Outcome(screens=[screen], place=Place("demand", "clarify", {"code": case.code, "demand": wanted.id}))


async def clarified(message: InboundMessage, context: Context) -> Outcome:
    """The reply; what was left of the time is counted anew."""
    if asking.quits(message):
        return asking.left(context)
    wanted, case = await demanding.asked(context, str(asking.said(context).get("demand", "")))
    text = context.item(ItemKind.DEMAND, words_of(message, most=LONGEST), case.code)
    clock = await demanding.clock_of(context, wanted)
    runs = clock if clock is not None and context.office.rules.resume(clock, context.now) else None
    if runs is not None:
        clocks.wind(context, runs)
    entry = wanted.clarify(case, text.digest, runs)
    values: dict[str, Any] = await demanding.facts(context, case, wanted) | {"text": text}
    notice = Screen.of("demand.clarified", demanding.reply_choice(wanted), **values)
    told = context.tell(await mandate.desk_accounts(context.store, wanted.unit_id, context.now), notice, case.code)
    return Outcome([entry], [context.reply("demand.clarify_sent", case=case.code, **values), *told], LEAVE, case.code)
