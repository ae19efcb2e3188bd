"""“Xin ý kiến đơn vị khác”: which unit, what, by when; the input comes back to the asking unit only (F26)."""

from datetime import datetime
from typing import Any

from handlers import asking, casework
from handlers.answering import demanding
from handlers.clocks import clocks
from handlers.contract import LEAVE, Choice, Context, InboundMessage, Kind, Outcome, Place, Screen
from handlers.form import chosen, words_of
from models import dates
from models.casework import demand, inquiry
from models.casework.demand import Demand, DemandState
from models.casework.inquiry import Inquiry
from models.clocks.deadline import DeadlineState, Target
from models.directory.unit import DESK, search, units
from models.errors import Refusal
from models.evidence import item
from models.evidence.item import ItemKind
from models.messages.message import Alarm
from models.people import mandate
from models.people.person import Role
from models.text import number
from models.texts import Due

OFFERED = 3
WANTED_ALARM = "demand.wanted"
MORE_DAYS = ("1", "2", "3")


async def begin(message: InboundMessage, context: Context) -> Outcome:
    """Which unit?"""
    case = await _open(context, message.argument)
    screen = context.reply("demand.which", Choice("choice.quit", "=quit"), case=case.code, code=case.code)
    return Outcome(screens=[screen], place=Place("demand", "unit", {"code": case.code}))


async def _open(context: Context, code: str) -> Inquiry:
    case = await casework.ours(context, code)
    if case.state not in inquiry.OPEN or case.unit_id is None:
        raise casework.closed(case)
    return case


async def unit(message: InboundMessage, context: Context) -> Outcome:
    """A tap or a typed name; then what is needed."""
    if asking.quits(message):
        return asking.left(context)
    case = await _open(context, casework.code_here(context))
    if message.kind is Kind.TEXT and message.text:
        found = [u for u in search(await units(context.store, context.now), message.text, OFFERED) if u.id not in {case.unit_id, DESK}]
        ways = [Choice.of("choice.plain", f"={u.id}", text=u.name_vi) for u in found]
        screen = context.reply("ask.which_unit" if ways else "ask.unit_not_found", *ways, Choice("choice.quit", "=quit"))
        return Outcome(screens=[screen], place=Place("demand", "unit", {"code": case.code}))
    wanted = chosen(message, *(u for u in context.office.unit_names if u != case.unit_id))
    screen = context.reply("demand.what", Choice("choice.quit", "=quit"), case=case.code, unit=context.office.unit_name(wanted))
    return Outcome(screens=[screen], place=Place("demand", "what", {"code": case.code, "unit": wanted}))


async def what(message: InboundMessage, context: Context) -> Outcome:
    """The words the other unit will read; then by when."""
    if asking.quits(message):
        return asking.left(context)
    case = await _open(context, casework.code_here(context))
    text = context.item(ItemKind.DEMAND, words_of(message, most=4000, least=casework.SHORTEST_REASON), case.code)
    by_rule = context.office.rules.start(case.code, demand.CLOCK, context.now).due_at
    screen = context.reply(
        "demand.when", Choice("choice.demand_rule", "=rule"), Choice("choice.quit", "=quit"), due=Due(by_rule or context.now)
    )
    return Outcome(screens=[screen], place=Place("demand", "when", asking.said(context) | {"item": text.digest}))


async def when(message: InboundMessage, context: Context) -> Outcome:
    """By the rule, or sooner if it is typed; the other unit is told at once."""
    if asking.quits(message):
        return asking.left(context)
    case, said = await _open(context, casework.code_here(context)), asking.said(context)
    wished = _wished(message, context)
    clock = context.office.rules.start(case.code, demand.CLOCK, context.now, unit_id=str(said["unit"]), target=Target.ASIDE)
    context.store.add(clock)
    await context.store.flush()
    asked = Demand(
        case_code=case.code,
        asking_unit=case.unit_id or DESK,
        unit_id=str(said["unit"]),
        question=str(said["item"]),
        asked_by=context.my_id,
        asked_at=context.now,
        wanted_by=wished if wished is not None and (clock.due_at is None or wished < clock.due_at) else None,
        deadline_id=clock.id,
    )
    context.store.add(asked)
    await context.store.flush()
    clocks.wind(context, clock)
    if asked.wanted_by is not None:
        context.store.add(Alarm(due_at=asked.wanted_by, action=WANTED_ALARM, subject=str(asked.id)))
    values = await demanding.facts(context, case, asked)
    files = await item.files_of_item(context.store, asked.question)
    notice = Screen.of("demand.new", demanding.reply_choice(asked), demanding.ask_choice(asked), files=files, **values)
    told = context.tell(await mandate.desk_accounts(context.store, asked.unit_id, context.now), notice, case.code)
    reply = context.reply("demand.sent" if told else "demand.sent_nobody", case=case.code, **values)
    return Outcome([asked.asked(case, clock)], [reply, *told], LEAVE, case.code)


def _wished(message: InboundMessage, context: Context) -> datetime | None:
    if message.kind is Kind.CHOICE:
        chosen(message, "rule")
        return None
    wished = dates.moment(words_of(message, most=60), context.now, context.zone)
    if wished is None:
        raise Refusal("demand.when_unreadable")
    if wished <= context.now:
        raise Refusal("demand.when_past")
    return wished


async def list_(message: InboundMessage, context: Context) -> Outcome:
    """What was asked on a case and what came back: for the asking unit and the press office."""
    case = await casework.ours(context, message.argument)
    texts, language = context.office.texts, context.here.language
    seen = [
        one for one in await demand.of_case(context.store, case.code) if Role.OFFICER in context.roles or one.asking_unit in context.units
    ]
    lines: list[str] = []
    quoted: dict[str, Any] = {}
    for place, one in enumerate(seen):
        lines.append(texts.say(language, "demand.line", await demanding.facts(context, case, one)))
        given = await item.item(context.store, one.input)
        if given is not None:
            lines.append(str(given))
            quoted[f"input_{place}"] = given  # so that erasing the input reaches this message
    ways = [Choice("choice.demand_extend", f"demand.extend:{one.id}") for one in seen if one.state is DemandState.OPEN][:1]
    new = Choice("choice.demand", f"demand.begin:{case.code}")
    key = "demand.list" if seen else "demand.none"
    return Outcome(screens=[context.reply(key, *ways, new, case=case.code, code=case.code, lines="\n".join(lines), **quoted)])


async def reply(message: InboundMessage, context: Context) -> Outcome:
    """Invite the input."""
    owed, case = await demanding.owed(context, message.argument)
    values = await demanding.facts(context, case, owed)
    screen = context.reply("demand.reply", Choice("choice.quit", "=quit"), case=case.code, **values)
    return Outcome(screens=[screen], place=Place("demand", "reply", {"code": case.code, "demand": owed.id}))


async def replied(message: InboundMessage, context: Context) -> Outcome:
    """The input, in words or files."""
    if asking.quits(message):
        return asking.left(context)
    owed, case = await demanding.owed(context, str(asking.said(context).get("demand", "")))
    if message.kind is not Kind.TEXT or not (message.text or message.files):
        raise Refusal("demand.words")
    return await demanding.take_in(message, context, case, owed)


async def extend(message: InboundMessage, context: Context) -> Outcome:
    """More time for the other unit: how much?"""
    asked, case = await demanding.asked(context, message.argument)
    ways = [Choice.of("choice.extend_days", f"={days}", days=days) for days in MORE_DAYS]
    screen = context.reply("demand.how_long", *ways, Choice("choice.quit", "=quit"), case=case.code, code=case.code)
    return Outcome(screens=[screen], place=Place("demand", "extend", {"code": case.code, "demand": asked.id}))


async def extended(message: InboundMessage, context: Context) -> Outcome:
    """Once, as the rule of the pack allows; the other unit is told."""
    if asking.quits(message):
        return asking.left(context)
    asked, case = await demanding.asked(context, str(asking.said(context).get("demand", "")))
    days = chosen(message, *MORE_DAYS)
    clock = await demanding.clock_of(context, asked)
    if clock is None:
        raise Refusal("extend.not_possible", code=case.code)
    context.office.rules.extend(clock, int(days))
    clocks.wind(context, clock)
    entry = asked.extended(case, clock)
    values = await demanding.facts(context, case, asked)
    notice = Screen.of("demand.extended", demanding.reply_choice(asked), **values)
    told = context.tell(await mandate.desk_accounts(context.store, asked.unit_id, context.now), notice, case.code)
    return Outcome([entry], [context.reply("demand.extended_done", case=case.code, **values), *told], LEAVE, case.code)


async def wanted(message: InboundMessage, context: Context) -> Outcome:
    """The moment the asking unit wished for. An alarm that no longer fits is silent."""
    found = await context.store.get(Demand, number(str(message.detail["subject"])) or 0)
    case = await inquiry.by_code(context.store, found.case_code) if found is not None else None
    if found is None or case is None or found.state is not DemandState.OPEN or found.wanted_by is None or found.wanted_by > context.now:
        return Outcome()
    clock = await demanding.clock_of(context, found)
    if clock is not None and clock.state is DeadlineState.PAUSED:
        return Outcome()  # it waits for whoever asked
    entry = case.entry("demand_overdue", unit_asked=found.unit_id, due=found.wanted_by.isoformat())
    return Outcome([entry], await demanding.late_notice(context, case, found), case=case.code)
