"""The press office: who may be trusted, whose question it is, what happened on a case, what the morning brings."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from handlers import asking, casework, flags, learning, telling
from handlers.clocks import targets
from handlers.contract import LEAVE, Choice, Context, InboundMessage, Kind, Outcome, Outgoing, Place, Screen
from handlers.evidence import records
from handlers.form import chosen
from handlers.inquiries import additions
from handlers.people import reachability
from handlers.table import argument_of
from models import codes
from models.casework import brakes, inquiry, pen
from models.casework.board import board as board_of
from models.casework.inquiry import Inquiry, InquiryState
from models.directory.lesson import LessonCause
from models.directory.unit import DESK, search, units
from models.errors import Refusal
from models.evidence import item
from models.evidence.exchange import Entry
from models.evidence.item import ItemKind
from models.messages.message import Alarm
from models.people.person import Person, Reporter, accounts_of, awaiting_verification
from models.text import number
from models.texts import Words

ASKERS = ("press_head", "foreign_press")  # reporters whose questions the packs give a clock of their own
MORNING = time(7, 30)
MORNING_ALARM = "officer.morning"
PENNED = 5  # cases of the holding pen shown at a time


async def verify(_message: InboundMessage, context: Context) -> Outcome:
    """Reporters waiting to be verified, one screen each, oldest first."""
    waiting = await awaiting_verification(context.store)
    if not waiting:
        return Outcome(screens=[context.reply("officer.nobody_waits")])
    seen = Entry("person.listed", detail={"people": [person.id for person, _ in waiting[:5]]})
    return Outcome([seen], [context.show(_card(person, reporter)) for person, reporter in waiting[:5]])


def _card(person: Person, reporter: Reporter) -> Screen:
    ways = telling.verify_choices(person.id or 0)
    return Screen.of(
        f"officer.new_reporter_{reporter.credential.value}",
        *ways,
        name=person.name,
        outlet=reporter.outlet_name,
        number=reporter.credential_number,
        expires=reporter.credential_expires,
        phone=person.phone or "–",
        email=person.email or "–",
    )


async def accept(message: InboundMessage, context: Context) -> Outcome:
    """One tap verifies, and says whose questions run another clock (F54); what the reporter asked meanwhile goes to its units (F2)."""
    wanted, _, asker = message.argument.partition(":")
    person, reporter = await _reporter(context, wanted)
    entry = reporter.verify(context.me, context.now, asker if asker in ASKERS else reporter.asker)
    outcome = Outcome([entry], [context.reply("officer.verified", name=person.name)])
    told = context.tell(
        await accounts_of(context.store, person.id or 0), Screen.of("register.verified", Choice("choice.ask_begin", "ask.begin"))
    )
    outcome += Outcome(screens=told)
    for case in await inquiry.of_reporter(context.store, person.id or 0):
        if case.question in await brakes.quarantined(context.store, case.code):
            continue  # held for its marks, not for its asker
        if case.state is InquiryState.RECEIVED and case.unit_id is not None:
            outcome += await _assign(context, case, case.unit_id, None)
        elif case.state is InquiryState.RECEIVED:
            screen = Screen.of(
                "officer.to_route", Choice("choice.pick_unit", f"officer.assign:{case.code}"), **await casework.facts(context, case)
            )
            outcome += Outcome(screens=[context.show(screen, case.code)])
    return outcome


async def decline(message: InboundMessage, context: Context) -> Outcome:
    """A reason is owed to whoever is declined."""
    person, reporter = await _reporter(context, message.argument)
    if reporter.standing != "unverified":
        raise Refusal("officer.already_decided", name=person.name)
    screen = context.reply("officer.decline_why", Choice("choice.quit", "=quit"), name=person.name)
    return Outcome(screens=[screen], place=Place("officer", "decline", {"person": person.id}))


async def declined(message: InboundMessage, context: Context) -> Outcome:
    """The reason; the reporter may correct and register again."""
    if asking.quits(message):
        return asking.left(context)
    asking.reason(message)
    person, reporter = await _reporter(context, str(context.conversation.said()["person"] if context.conversation else ""))
    why = context.item(ItemKind.REASON, message.text)
    entry = reporter.decline(context.me, why.digest, context.now)
    screen = Screen.of("register.declined", Choice("choice.register_again", "register.begin"), reason=why)
    told = context.tell(await accounts_of(context.store, person.id or 0), screen)
    return Outcome([entry], [context.reply("officer.declined", name=person.name), *told], LEAVE)


async def _reporter(context: Context, person_id: str) -> tuple[Person, Reporter]:
    person = await context.store.get(Person, number(person_id) or 0)
    reporter = await context.store.get(Reporter, person.id) if person is not None else None
    if person is None or reporter is None:
        raise Refusal("officer.reporter_unknown")
    return person, reporter


async def desk(_message: InboundMessage, context: Context) -> Outcome:
    """Cases that wait for the press office, each with why: nothing matched, nobody can be reached, an asker or words not cleared (F50)."""
    waiting = await pen.waiting(context.store, context.now)
    if not waiting:
        return Outcome(screens=[context.reply("officer.desk_empty")])
    screens = [await _held(context, case, reasons) for case, reasons in waiting[:PENNED]]
    more = [context.reply("officer.desk_more", number=len(waiting) - PENNED)] if len(waiting) > PENNED else []
    return Outcome(screens=[*screens, *more])


async def _held(context: Context, case: Inquiry, reasons: Sequence[pen.Reason]) -> Outgoing:
    ways = [Choice("choice.pick_unit", f"officer.assign:{case.code}"), Choice("choice.history", f"desk.history:{case.code}")]
    if case.state is InquiryState.RECEIVED and case.unit_id is not None:
        ways.insert(0, Choice("choice.release_to_unit", f"officer.release:{case.code}"))
    if pen.Reason.UNREACHABLE in reasons:
        ways.append(Choice("choice.contact_list", "contact.list"))
    say, language = context.office.texts.say, context.here.language
    why = "; ".join(say(language, f"officer.held_{reason.value}") for reason in reasons) or say(language, "officer.held_cleared")
    return context.reply("officer.held", *ways, case=case.code, why=why, **await casework.facts(context, case))


async def release(message: InboundMessage, context: Context) -> Outcome:
    """An unverified reporter's question may go to its unit after all: the officer's tap stands for the verification (F2)."""
    case = await casework.ours(context, message.argument)
    if case.state is not InquiryState.RECEIVED or case.unit_id is None:
        raise Refusal("officer.already_assigned", code=case.code, unit=context.office.unit_name(case.unit_id))
    return await _assign(context, case, case.unit_id, None)


async def assign(message: InboundMessage, context: Context) -> Outcome:
    """Which unit? The router's proposals, or a name."""
    case = await casework.ours(context, message.argument)
    if case.state not in inquiry.OPEN:
        raise Refusal("case.closed", code=case.code, state=Words.of(f"case.state_{case.state.value}"))
    question = await item.item(context.store, case.question)
    ranked = context.office.router.route(str(question or ""), context.now).units
    ids = [s.id for s in ranked if s.id not in {DESK, case.unit_id} and s.id in context.office.unit_names][:4]
    ways = [Choice.of("choice.plain", f"={unit}", text=context.office.unit_name(unit)) for unit in ids]
    screen = context.reply("officer.assign", *ways, Choice("choice.quit", "=quit"), case=case.code, **await casework.facts(context, case))
    return Outcome(screens=[screen], place=Place("officer", "assign", {"code": case.code}))


async def assigned(message: InboundMessage, context: Context) -> Outcome:
    """A tap assigns; a typed name is looked up. Moving a case a unit already has wants a reason."""
    if asking.quits(message):
        return asking.left(context)
    case = await casework.ours(context, casework.code_here(context))
    if message.kind is Kind.TEXT and message.text:
        found = search(await units(context.store, context.now), message.text, 4)
        ways = [Choice.of("choice.plain", f"={u.id}", text=u.name_vi) for u in found]
        screen = context.reply("ask.which_unit" if ways else "ask.unit_not_found", *ways, Choice("choice.quit", "=quit"))
        return Outcome(screens=[screen], place=Place("officer", "assign", {"code": case.code}))
    wanted = chosen(message, *context.office.unit_names)
    if case.state is InquiryState.RECEIVED:
        return await _corrected(context, case, wanted, None)
    screen = context.reply("officer.assign_why", Choice("choice.quit", "=quit"), case=case.code, unit=context.office.unit_name(wanted))
    return Outcome(screens=[screen], place=Place("officer", "reassign", {"code": case.code, "unit": wanted}))


async def reassigned(message: InboundMessage, context: Context) -> Outcome:
    """The reason for moving a case."""
    if asking.quits(message):
        return asking.left(context)
    asking.reason(message)
    case = await casework.ours(context, casework.code_here(context))
    why = context.item(ItemKind.REASON, message.text, case.code)
    wanted = str(context.conversation.said()["unit"] if context.conversation else "")
    return await _corrected(context, case, wanted, why.digest)


async def _corrected(context: Context, case: Inquiry, unit_id: str, reason: str | None) -> Outcome:
    """The officer's choice stands, and is learned from."""
    moved = await _assign(context, case, unit_id, reason)
    return moved + Outcome(await learning.taught(context, case, LessonCause.CORRECTED), place=LEAVE)


async def _assign(context: Context, case: Inquiry, unit_id: str, reason: str | None) -> Outcome:
    if case.question in await brakes.quarantined(context.store, case.code):
        raise Refusal("brake.first", code=case.code)
    moved = case.assign(unit_id, context.now, reason=reason, clock=await additions.resumed(context, case))
    entry = await targets.begin(context, case, moved)
    said = await casework.facts(context, case)
    told = await telling.hand_on(context, case, "desk.new_inquiry")
    reporter = await telling.tell_reporter(
        context, case, Screen.of("case.assigned", Choice("choice.status", f"case.show:{case.code}"), **said)
    )
    return Outcome([entry], [context.reply("officer.assigned", case=case.code, **said), *told, *reporter], case=case.code)


async def board(_message: InboundMessage, context: Context) -> Outcome:
    """The province at a glance: open, due today, overdue, by unit (F33)."""
    return Outcome(screens=[context.reply("officer.board", **await _figures(context))])


async def _figures(context: Context) -> dict[str, Any]:
    midnight = datetime.combine(context.now.astimezone(context.zone).date() + timedelta(days=1), time.min, tzinfo=context.zone)
    counts = await board_of(context.store, context.now, midnight)
    texts, language = context.office.texts, context.account.language if context.account else "vi"
    lines = [
        texts.say(language, "officer.board_line", {"unit": context.office.unit_name(row.unit_id), "open": row.open, "overdue": row.overdue})
        for row in sorted(counts.units, key=lambda row: (-row.overdue, -row.open, row.unit_id))[:12]
    ]
    return {
        "open": counts.open,
        "today": counts.today,
        "overdue": counts.overdue,
        "desk": counts.desk,
        "reporters": len(await awaiting_verification(context.store)),
        "lines": "\n".join(["\n", *lines]) if lines else "",
        "flags": f"\n\n{waiting}" if (waiting := await flags.lines(context)) else "",
        "day": context.now.astimezone(context.zone).date(),
    }


def next_morning(at: datetime, zone: ZoneInfo) -> Alarm:
    """The alarm of the next morning after a moment; the machine sets the first one, each morning the next."""
    local = at.astimezone(zone)
    today = datetime.combine(local.date(), MORNING, tzinfo=zone)
    return Alarm(due_at=today if local < today else today + timedelta(days=1), action=MORNING_ALARM, subject="morning")


async def morning(_message: InboundMessage, context: Context) -> Outcome:
    """Every morning the officers see what waits; the alarm sets itself for the next day."""
    context.store.add(next_morning(context.now, context.zone))
    ways = (Choice("choice.officer_desk", "officer.desk"), Choice("choice.officer_verify", "officer.verify"))
    outcome = await reachability.fallen_silent(context)
    screen = Screen.of("officer.morning", *ways, **await _figures(context))
    return outcome + Outcome(screens=context.tell(await telling.officer_accounts(context), screen))


async def history(message: InboundMessage, context: Context) -> Outcome:
    """The log of a case by its code: `/nhatky YC-…`, `/nhatky VV-…`."""
    wanted = codes.find(argument_of(message.text) or message.argument)
    if not wanted:
        raise Refusal("officer.history_which")
    found = await records.ours(context, wanted[0])
    case = await inquiry.by_code(context.store, found.code)
    return await casework.history(context, case) if case is not None else await casework.steps(context, found.code, found.unit_id)
