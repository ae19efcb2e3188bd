"""The press office joins another unit to a case, or takes it over itself – with a reason (F34)."""

from typing import Any

from handlers import asking, casework, telling
from handlers.contract import LEAVE, Choice, Context, InboundMessage, Kind, Outcome, Place, Screen
from handlers.form import chosen
from handlers.inquiries import additions
from models.casework import inquiry, sharing
from models.casework.sharing import CoAssignment
from models.directory.unit import DESK, search, units
from models.errors import Refusal
from models.evidence import item
from models.evidence.item import ItemKind
from models.people import mandate

OFFERED = 3


async def begin(message: InboundMessage, context: Context) -> Outcome:
    """Which unit helps? Its name is typed."""
    case = await casework.ours(context, message.argument)
    if case.state not in inquiry.OPEN or case.unit_id is None:
        raise casework.closed(case)
    screen = context.reply("share.which", Choice("choice.quit", "=quit"), case=case.code, code=case.code)
    return Outcome(screens=[screen], place=Place("share", "unit", {"code": case.code}))


async def unit(message: InboundMessage, context: Context) -> Outcome:
    """A tap or a typed name."""
    if asking.quits(message):
        return asking.left(context)
    case = await casework.ours(context, casework.code_here(context))
    if message.kind is Kind.TEXT and message.text:
        found = [u for u in search(await units(context.store, context.now), message.text, OFFERED) if u.id != case.unit_id]
        ways = [Choice.of("choice.plain", f"={u.id}", text=u.name_vi) for u in found]
        screen = context.reply("ask.which_unit" if ways else "ask.unit_not_found", *ways, Choice("choice.quit", "=quit"))
        return Outcome(screens=[screen], place=Place("share", "unit", {"code": case.code}))
    wanted = chosen(message, *context.office.unit_names)
    if wanted == case.unit_id or wanted in await sharing.units_beside(context.store, case.code):
        raise Refusal("share.there", unit=context.office.unit_name(wanted), code=case.code)
    screen = context.reply("share.why", Choice("choice.quit", "=quit"), case=case.code, unit=context.office.unit_name(wanted))
    return Outcome(screens=[screen], place=Place("share", "why", {"code": case.code, "unit": wanted}))


async def shared(message: InboundMessage, context: Context) -> Outcome:
    """Both units are told; the answer stays with the first."""
    if asking.quits(message):
        return asking.left(context)
    case = await casework.ours(context, casework.code_here(context))
    why = context.item(ItemKind.REASON, asking.reason(message), case.code)
    wanted = str(asking.said(context)["unit"])
    row = CoAssignment(case_code=case.code, unit_id=wanted, reason=why.digest, given_by=context.my_id, given_at=context.now)
    context.store.add(row)
    entry = case.entry("co_assigned", row, unit=wanted, reason=why.digest)
    said: dict[str, Any] = await casework.facts(context, case) | {"beside": context.office.unit_name(wanted), "reason": why}
    files = await item.files_of_case(context.store, case.code)
    ways = (Choice("choice.answer", f"answer.begin:{case.code}"), Choice("choice.note", f"note.begin:{case.code}"))
    accounts = await mandate.desk_accounts(context.store, wanted, context.now)
    told = context.tell(accounts, Screen.of("share.new", *ways, files=files, **said), case.code)
    told += await telling.tell_unit(context, case, "share.told", beside=said["beside"], reason=why)
    return Outcome([entry], [context.reply("share.done", case=case.code, **said), *told], LEAVE, case.code)


async def take(message: InboundMessage, context: Context) -> Outcome:
    """The press office answers itself: why?"""
    case = await casework.ours(context, message.argument)
    if case.state not in inquiry.OPEN:
        raise casework.closed(case)
    if case.unit_id == DESK:
        raise Refusal("officer.already_assigned", code=case.code, unit=context.office.unit_name(DESK))
    screen = context.reply("share.take_why", Choice("choice.quit", "=quit"), case=case.code, code=case.code)
    return Outcome(screens=[screen], place=Place("share", "take", {"code": case.code}))


async def taken(message: InboundMessage, context: Context) -> Outcome:
    """The case comes to the desk; the unit that had it and the reporter are told; the clock runs on."""
    if asking.quits(message):
        return asking.left(context)
    case = await casework.ours(context, casework.code_here(context))
    if case.unit_id == DESK:
        raise Refusal("officer.already_assigned", code=case.code, unit=context.office.unit_name(DESK))
    why = context.item(ItemKind.REASON, asking.reason(message), case.code)
    notice = Screen.of("share.taken_from", code=case.code, reason=why)
    had = context.tell(await telling.followers(context, case), notice, case.code)
    entry = case.assign(DESK, context.now, reason=why.digest, clock=await additions.resumed(context, case))
    said = await casework.facts(context, case)
    status = Screen.of("case.assigned", Choice("choice.status", f"case.show:{case.code}"), **said)
    reporter = await telling.tell_reporter(context, case, status)
    reply = context.reply("share.taken", *telling.desk_choices(case), case=case.code, **said)
    return Outcome([entry], [reply, *had, *reporter], LEAVE, case.code)
