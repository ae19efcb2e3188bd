"""What the office did for the press besides answering, typed in by an officer: what, when, what about, where to read of it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from handlers import asking, casework
from handlers.contract import LEAVE, Choice, Context, InboundMessage, Outcome, Place, Screen
from handlers.form import Answers, Form, Question, chosen, words_of
from models import codes, dates
from models.casework.activity import Activity, ActivityKind
from models.directory.unit import search, units
from models.errors import Refusal
from models.evidence.item import ItemKind, item
from models.texts import Words

HERE, NONE = "=here", "=none"
KINDS = tuple(kind.value for kind in ActivityKind)
ROOM = ("press_conference", "briefing", "periodic_information", "false_report")  # as buttons; the fifth place is for leaving


async def begin(_message: InboundMessage, context: Context) -> Outcome:
    """Start with what it was."""
    return await FORM.begin(context)


async def advance(message: InboundMessage, context: Context) -> Outcome:
    """The next part."""
    return await FORM.advance(message, context)


async def letter(message: InboundMessage, context: Context) -> Outcome:
    """A false report was answered in writing."""
    wrong = await _known(context, message.argument)
    if wrong.kind is not ActivityKind.FALSE_REPORT or wrong.struck_at is not None:
        raise Refusal("activity.no_false_report", code=wrong.code)
    return await FORM.begin(context, {"kind": "correction_letter", "about": wrong.code, "unit": wrong.unit_id})


async def _ask_kind(_context: Context, _answers: Answers) -> Screen:
    return Screen.of("activity.kind", *(Choice(f"choice.activity_{kind}", f"={kind}") for kind in ROOM))


async def _take_kind(message: InboundMessage, _context: Context, _answers: Answers) -> Mapping[str, Any]:
    return {"kind": chosen(message, *KINDS)}


async def _ask_unit(_context: Context, _answers: Answers) -> Screen:
    return Screen.of("activity.unit", Choice("choice.activity_province", HERE))


async def _take_unit(message: InboundMessage, context: Context, _answers: Answers) -> Mapping[str, Any]:
    if message.choice == HERE:
        return {"unit": "ubnd_tinh" if "ubnd_tinh" in context.office.unit_names else context.units[0]}
    found = search(await units(context.store, context.now), words_of(message, most=200), 1)
    if not found:
        raise Refusal("activity.unit_unknown")
    return {"unit": found[0].id}


async def _ask_day(_context: Context, _answers: Answers) -> Screen:
    return Screen.of("activity.day", Choice("choice.today", "=today"))


async def _take_day(message: InboundMessage, context: Context, _answers: Answers) -> Mapping[str, Any]:
    today = context.now.astimezone(context.zone).date()
    if message.choice == "=today":
        return {"day": today.isoformat()}
    text = words_of(message, most=40)
    day = dates.day(text, today)
    if day is not None and day > today and not any(len(part) == 4 for part in text.replace("-", "/").split("/")):
        day = dates.day(f"{day.day}/{day.month}/{day.year - 1}", today)  # what has happened lies behind us, also without a year
    if day is None:
        raise Refusal("activity.day_unreadable")
    if day > today:
        raise Refusal("activity.day_ahead")
    return {"day": day.isoformat()}


async def _ask_title(_context: Context, answers: Answers) -> Screen:
    return Screen.of("activity.title_letter" if answers["kind"] == "correction_letter" else "activity.title")


async def _take_title(message: InboundMessage, context: Context, answers: Answers) -> Mapping[str, Any]:
    kept = context.item(ItemKind.NOTE, words_of(message, most=500, least=5), replaces=answers.get("item"))
    return {"item": kept.digest}


async def _ask_link(_context: Context, _answers: Answers) -> Screen:
    return Screen.of("activity.link", Choice("choice.no_link", NONE))


async def _take_link(message: InboundMessage, _context: Context, _answers: Answers) -> Mapping[str, Any]:
    if message.choice == NONE:
        return {"link": ""}
    link = words_of(message, most=500)
    if not link.startswith(("http://", "https://")) or " " in link:
        raise Refusal("activity.link_unreadable")
    return {"link": link}


async def _summary(context: Context, answers: Answers) -> Screen:
    title = await item(context.store, answers["item"])
    return Screen.of("activity.summary", **_said(context, answers), title=title or "–", link=answers["link"] or "–")


def _said(context: Context, answers: Answers) -> dict[str, Any]:
    unit = context.office.unit_name(answers["unit"])
    return {"kind": Words.of(f"choice.activity_{answers['kind']}"), "unit": unit, "day": date.fromisoformat(answers["day"])}


async def _finish(_message: InboundMessage, context: Context, answers: Answers) -> Outcome:
    """On record: from now on the reports count it by its day."""
    title = await casework.kept(context, answers["item"])
    code = codes.make(codes.EVENT, context.ids.chance())
    title.case_code = code
    done = Activity(
        code=code,
        kind=ActivityKind(answers["kind"]),
        day=date.fromisoformat(answers["day"]),
        unit_id=answers["unit"],
        title=title.digest,
        link=answers["link"],
        about=answers.get("about"),
        pack_id=context.office.rules.law.at(context.now).id,
        recorded_at=context.now,
    )
    context.store.add(done)
    ways = [Choice("choice.activity_strike", f"activity.strike:{code}")]
    if done.kind is ActivityKind.FALSE_REPORT:
        ways.insert(0, Choice("choice.activity_letter", f"activity.letter:{code}"))
    return Outcome([done.recorded()], [context.reply("activity.recorded", *ways, code=code, **_said(context, answers))], LEAVE)


async def strike(message: InboundMessage, context: Context) -> Outcome:
    """It was recorded by mistake; why?"""
    found = await _known(context, message.argument)
    if found.struck_at is not None:
        raise Refusal("activity.struck_already", code=found.code)
    screen = context.reply("activity.strike_why", Choice("choice.quit", "=quit"), code=found.code)
    return Outcome(screens=[screen], place=Place("strike", "reason", {"code": found.code}))


async def struck(message: InboundMessage, context: Context) -> Outcome:
    """Struck out: it stays to be read, but counts no longer."""
    if asking.quits(message):
        return asking.left(context)
    asking.reason(message)
    found = await _known(context, casework.code_here(context))
    why = context.item(ItemKind.REASON, message.text, found.code)
    return Outcome([found.strike(why, context.now)], [context.reply("activity.struck", code=found.code)], LEAVE)


async def _known(context: Context, code: str) -> Activity:
    found = await context.store.get(Activity, code)
    if found is None:
        raise Refusal("activity.unknown", code=code or "–")
    return found


FORM = Form(
    "activity",
    (
        Question("kind", _ask_kind, _take_kind, skip=lambda answers: "about" in answers),
        Question("unit", _ask_unit, _take_unit, skip=lambda answers: "about" in answers),
        Question("day", _ask_day, _take_day),
        Question("title", _ask_title, _take_title),
        Question("link", _ask_link, _take_link),
    ),
    _summary,
    _finish,
)
