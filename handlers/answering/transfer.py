"""“Not ours”: whose, and why; the receiving unit and the reporter are told, and after two hops the press office decides (F26)."""

from typing import Any

from handlers import asking, casework, learning, telling
from handlers.clocks import targets
from handlers.contract import LEAVE, Choice, Context, InboundMessage, Kind, Outcome, Place, Screen, urgent
from handlers.form import chosen
from handlers.inquiries import additions
from models.casework import inquiry
from models.directory.lesson import LessonCause
from models.directory.unit import DESK, search, units
from models.errors import Refusal
from models.evidence import item
from models.evidence.item import ItemKind
from models.texts import Words

OFFERED = 3


async def begin(message: InboundMessage, context: Context) -> Outcome:
    """Which unit? The router's other proposals come first; a name can be typed."""
    case = await casework.ours(context, message.argument)
    if case.state not in inquiry.OPEN:
        raise Refusal("case.closed", code=case.code, state=Words.of(f"case.state_{case.state.value}"))
    question = await item.item(context.store, case.question)
    ranked = context.office.router.route(str(question or ""), context.now).units
    ids = [s.id for s in ranked if s.id not in {case.unit_id, DESK} and s.id in context.office.unit_names][:OFFERED]
    ways = [Choice.of("choice.plain", f"={unit}", text=context.office.unit_name(unit)) for unit in ids]
    screen = context.reply(
        "transfer.where", *ways, Choice("choice.give_to_desk", f"={DESK}"), Choice("choice.quit", "=quit"), case=case.code, code=case.code
    )
    return Outcome(screens=[screen], place=Place("transfer", "unit", {"code": case.code}))


async def unit(message: InboundMessage, context: Context) -> Outcome:
    """A tap or a typed name."""
    code = casework.code_here(context)
    if asking.quits(message):
        return asking.left(context)
    if message.kind is Kind.TEXT and message.text:
        found = search(await units(context.store, context.now), message.text, OFFERED)
        ways = [Choice.of("choice.plain", f"={u.id}", text=u.name_vi) for u in found]
        screen = context.reply("ask.which_unit" if ways else "ask.unit_not_found", *ways, Choice("choice.quit", "=quit"))
        return Outcome(screens=[screen], place=Place("transfer", "unit", {"code": code}))
    wanted = chosen(message, *context.office.unit_names)
    screen = context.reply("transfer.why", Choice("choice.quit", "=quit"), case=code, unit=context.office.unit_name(wanted))
    return Outcome(screens=[screen], place=Place("transfer", "reason", {"code": code, "unit": wanted}))


async def reason(message: InboundMessage, context: Context) -> Outcome:
    """Why; then the case moves."""
    if asking.quits(message):
        return asking.left(context)
    case = await casework.ours(context, casework.code_here(context))
    asking.reason(message)
    wanted = str(context.conversation.said()["unit"] if context.conversation else "")
    why = context.item(ItemKind.REASON, message.text, case.code)
    origin = context.office.unit_name(case.unit_id)
    moved = case.transfer(wanted, why.digest, context.now, await additions.resumed(context, case))
    entry = await targets.begin(context, case, moved)
    values: dict[str, Any] = {"code": case.code, "origin": origin, "unit": context.office.unit_name(wanted), "reason": why}
    told = await telling.hand_on(context, case, "desk.transferred_in", origin=origin, reason=why)
    reporter = await telling.tell_reporter(
        context, case, Screen.of("case.transferred", Choice("choice.status", f"case.show:{case.code}"), **values)
    )
    taught = await learning.taught(context, case, LessonCause.TRANSFERRED)
    return Outcome([entry, *taught], [context.reply("transfer.done", case=case.code, **values), *told, *reporter], LEAVE, case.code)


async def give_back(message: InboundMessage, context: Context) -> Outcome:
    """The receiving unit does not take it: why?"""
    case = await casework.ours(context, message.argument)
    if case.transferred_from is None or case.state not in inquiry.OPEN:
        raise Refusal("transfer.not_pending", code=case.code)
    origin = context.office.unit_name(case.transferred_from)
    screen = context.reply("transfer.back_why", Choice("choice.quit", "=quit"), case=case.code, code=case.code, origin=origin)
    return Outcome(screens=[screen], place=Place("transfer", "back", {"code": case.code}))


async def given_back(message: InboundMessage, context: Context) -> Outcome:
    """Back to where it came from, the clock as it stands; after two hops the press office is asked to decide."""
    if asking.quits(message):
        return asking.left(context)
    case = await casework.ours(context, casework.code_here(context))
    why = context.item(ItemKind.REASON, asking.reason(message), case.code)
    refused = context.office.unit_name(case.unit_id)
    entry = case.give_back(why.digest, context.now)
    said: dict[str, Any] = await casework.facts(context, case) | {"refused": refused, "reason": why}
    told = await telling.hand_on(context, case, "desk.transfer_refused", refused=refused, reason=why)
    status = Choice("choice.status", f"case.show:{case.code}")
    told += await telling.tell_reporter(context, case, Screen.of("case.transfer_refused", status, **said))
    if case.transfers >= inquiry.MOST_TRANSFERS:
        notice = Screen.of("officer.decide_unit", Choice("choice.reassign", f"officer.assign:{case.code}"), **said)
        told += [urgent(o) for o in context.tell(await telling.officer_accounts(context), notice, case.code)]
    return Outcome([entry], [context.reply("transfer.back_done", case=case.code, **said), *told], LEAVE, case.code)
