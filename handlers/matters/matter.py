"""A matter on the desk: the list, its page, its inquiries (F65)."""

from handlers import asking, casework
from handlers.contract import LEAVE, Choice, Context, InboundMessage, Kind, Outcome, Place, Screen
from handlers.form import chosen, words_of
from handlers.matters import matterwork
from handlers.table import argument_of
from models import codes
from models.casework import board, matter
from models.casework.inquiry import Inquiry
from models.casework.matter import Matter, MatterUnit
from models.errors import Refusal
from models.people import mandate
from models.people.person import Role

LISTED = 12


async def list_(message: InboundMessage, context: Context) -> Outcome:
    """`/vuviec`: what is not closed; with a code, the page of that matter."""
    wanted = codes.find(argument_of(message.text), codes.MATTER)
    if wanted:
        return await _opened(context, await matterwork.ours(context, wanted[0]))
    found = await matter.live(context.store, None if Role.OFFICER in context.roles else context.units, LISTED)
    ways = [Choice.of("choice.plain", f"matter.show:{one.code}", text=one.code) for one in found[:4]]
    lines = [context.office.texts.say(context.here.language, "matter.line", await matterwork.facts(context, one)) for one in found]
    new = Choice("choice.matter_new", "matter.begin")
    return Outcome(screens=[context.reply("matter.list" if found else "matter.empty", *ways, new, lines="\n".join(lines))])


async def show(message: InboundMessage, context: Context) -> Outcome:
    """One matter: times, clocks, inquiries, who; an officer is on record as having looked."""
    code = message.argument or (codes.find(message.text, codes.MATTER) or [""])[0]
    return await _opened(context, await matterwork.ours(context, code))


async def _opened(context: Context, found: Matter) -> Outcome:
    return await matterwork.page(context, found) + Outcome(casework.read_by_officer(context, found.code, found.unit_id))


def is_code_alone(message: InboundMessage, _context: Context) -> bool:
    """The code of a matter and not a word more."""
    alone = message.reply_to is None and not message.files and not codes.without(message.text)
    return alone and bool(codes.find(message.text, codes.MATTER))


async def more(message: InboundMessage, context: Context) -> Outcome:
    """The rarer things."""
    code = (await matterwork.ours(context, message.argument)).code
    ways = [
        Choice("choice.matter_determine", f"matter.determine:{code}"),
        Choice("choice.matter_unit", f"matter.unit:{code}"),
        Choice("choice.matter_detach", f"matter.detach:{code}"),
        Choice("choice.history", f"matter.history:{code}"),
    ]
    return Outcome(screens=[context.reply("matter.more", *ways, case=code, code=code)])


async def history(message: InboundMessage, context: Context) -> Outcome:
    """Every step in plain words."""
    found = await matterwork.ours(context, message.argument)
    return await casework.steps(context, found.code, found.unit_id)


async def of_inquiry(message: InboundMessage, context: Context) -> Outcome:
    """From an inquiry: the matter it hangs on, or which it should."""
    case = await matterwork.on_an_inquiry(context, message.argument)
    if case.matter_code is not None:
        return await matterwork.page(context, await matterwork.ours(context, case.matter_code))
    found = await matter.live(context.store, None if Role.OFFICER in context.roles else context.units, 3)
    ways = [Choice.of("choice.plain", f"matter.join:{one.code}:{case.code}", text=one.code) for one in found]
    lines = [context.office.texts.say(context.here.language, "matter.line", await matterwork.facts(context, one)) for one in found]
    open_ = Choice("choice.matter_open", f"matter.begin:{case.code}")
    key = "matter.join_which" if found else "matter.join_none"
    return Outcome(screens=[context.reply(key, *ways, open_, case=case.code, code=case.code, lines="\n".join(lines))])


async def join(message: InboundMessage, context: Context) -> Outcome:
    """One inquiry hangs on a matter from now on."""
    code, _, wanted = message.argument.partition(":")
    return await _attach(context, await matterwork.led(context, code), [await matterwork.on_an_inquiry(context, wanted)])


async def attach(message: InboundMessage, context: Context) -> Outcome:
    """Which inquiries? Codes can be typed, several at once (F65)."""
    found = await matterwork.led(context, message.argument)
    free = [c for c, _ in await board.open_of_units(context.store, [found.unit_id], 20) if c.matter_code is None]
    ways = [Choice.of("choice.plain", f"matter.join:{found.code}:{case.code}", text=case.code) for case in free[:4]]
    screen = context.reply("matter.attach", *ways, Choice("choice.quit", "=quit"), case=found.code, code=found.code)
    return Outcome(screens=[screen], place=Place("hang", "codes", {"code": found.code}))


async def attached(message: InboundMessage, context: Context) -> Outcome:
    """The codes."""
    if asking.quits(message):
        return asking.left(context)
    found = await matterwork.led(context, casework.code_here(context))
    wanted = codes.find(message.text, codes.INQUIRY) if message.kind is Kind.TEXT else []
    if not wanted:
        raise Refusal("matter.codes_please")
    return await _attach(context, found, [await matterwork.on_an_inquiry(context, code) for code in wanted])


async def _attach(context: Context, found: Matter, cases: list[Inquiry]) -> Outcome:
    entries = [entry for case in cases for entry in found.attach(case)]
    await context.store.flush()
    return Outcome(entries, place=LEAVE, case=found.code) + await matterwork.page(context, found)


async def detach(message: InboundMessage, context: Context) -> Outcome:
    """Which inquiry does not belong here after all?"""
    found = await matterwork.led(context, message.argument)
    cases = await matter.inquiries_of(context.store, found.code)
    if not cases:
        raise Refusal("matter.no_inquiries", code=found.code)
    ways = [Choice.of("choice.plain", f"={case.code}", text=case.code) for case in cases[-4:]]
    screen = context.reply("matter.detach", *ways, Choice("choice.quit", "=quit"), case=found.code, code=found.code)
    return Outcome(screens=[screen], place=Place("hang", "off", {"code": found.code}))


async def detached(message: InboundMessage, context: Context) -> Outcome:
    """That one goes; a code may be typed too."""
    if asking.quits(message):
        return asking.left(context)
    found = await matterwork.led(context, casework.code_here(context))
    known = {case.code: case for case in await matter.inquiries_of(context.store, found.code)}
    typed = codes.find(message.text, codes.INQUIRY) if message.kind is Kind.TEXT else []
    wanted = typed[0] if typed and typed[0] in known else chosen(message, *known)
    entries = found.detach(known[wanted])
    await context.store.flush()
    return Outcome(entries, place=LEAVE, case=found.code) + await matterwork.page(context, found)


async def unit(message: InboundMessage, context: Context) -> Outcome:
    """Another unit is concerned: which?"""
    found = await matterwork.led(context, message.argument)
    screen = context.reply("matter.unit_ask", Choice("choice.quit", "=quit"), case=found.code, code=found.code)
    return Outcome(screens=[screen], place=Place("concern", "unit", {"code": found.code}))


async def unit_named(message: InboundMessage, context: Context) -> Outcome:
    """Must it agree before anybody speaks?"""
    if asking.quits(message):
        return asking.left(context)
    found = await matterwork.led(context, casework.code_here(context))
    named = await matterwork.unit_named(context, words_of(message, most=120, least=2), 1)
    if named[0].id in {found.unit_id, *(row.unit_id for row in await matter.units_of(context.store, found.code))}:
        raise Refusal("matter.unit_there", unit=named[0].name_vi)
    ways = (Choice("choice.matter_joint_yes", "=yes"), Choice("choice.matter_joint_no", "=no"), Choice("choice.quit", "=quit"))
    screen = context.reply("matter.unit_joint", *ways, case=found.code, unit=named[0].name_vi)
    return Outcome(screens=[screen], place=Place("concern", "joint", {"code": found.code, "unit": named[0].id}))


async def unit_added(message: InboundMessage, context: Context) -> Outcome:
    """The unit is told."""
    if asking.quits(message):
        return asking.left(context)
    found = await matterwork.led(context, casework.code_here(context))
    row = MatterUnit(matter_code=found.code, unit_id=str(asking.said(context)["unit"]), added_at=context.now)
    entry = found.concern(row, joint=found.joint or chosen(message, "yes", "no") == "yes")
    context.store.add(row)
    await context.store.flush()
    said = await matterwork.facts(context, found)
    notice = Screen.of("matter.unit_notice", Choice("choice.matter_show", f"matter.show:{found.code}"), **said)
    told = context.tell(await mandate.desk_accounts(context.store, row.unit_id, context.now), notice, found.code)
    return Outcome([entry], told, LEAVE, found.code) + await matterwork.page(context, found)
