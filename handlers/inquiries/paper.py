"""A question that came by letter, phone or e-mail: an officer writes it down for whoever asked, with the time it came (F54).

The clock is that of who asks and starts when the question came. What the unit answers goes to the officer, who passes it on.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from handlers import casework
from handlers.contract import Choice, Context, InboundMessage, Kind, Outcome, Screen
from handlers.form import Answers, Form, Question, chosen, words_of
from handlers.inquiries import kinds, opening
from handlers.matters import matterwork
from models import dates
from models.casework.inquiry import EMAIL, LETTER, PHONE
from models.directory.unit import DESK, match_outlet, outlets
from models.errors import Refusal
from models.evidence import item
from models.evidence.item import ItemKind
from models.law.pack_file import InquiryKind
from models.people.person import Person
from models.text import units as utf16_length
from models.texts import Due, Words

LONGEST = 20_000  # UTF-16 units of one question; a longer text belongs into a file


async def begin(_message: InboundMessage, context: Context) -> Outcome:
    """`/tiepnhan`: by which way did it come?"""
    return await FORM.begin(context)


async def advance(message: InboundMessage, context: Context) -> Outcome:
    """The next answer."""
    return await FORM.advance(message, context)


async def _ask_way(_context: Context, _answers: Answers) -> Screen:
    return Screen.of("paper.way", *(Choice(f"choice.paper_{way}", f"={way}") for way in (LETTER, PHONE, EMAIL)))


async def _take_way(message: InboundMessage, _context: Context, _answers: Answers) -> Mapping[str, Any]:
    return {"way": chosen(message, LETTER, PHONE, EMAIL)}


async def _ask_when(_context: Context, _answers: Answers) -> Screen:
    return Screen.of("paper.when", Choice("choice.said_now", "=now"))


async def _take_when(message: InboundMessage, context: Context, _answers: Answers) -> Mapping[str, Any]:
    """When it came to the office: the clock starts there, so it cannot lie ahead, nor before any law we know."""
    came = context.now if message.choice == "=now" else dates.past(words_of(message, most=60), context.now, context.zone)
    if came is None:
        raise Refusal("matter.time_unreadable")
    if came > context.now:
        raise Refusal("matter.time_ahead", at=came)
    if came < min(datetime.combine(pack.valid_from, datetime.min.time(), context.zone) for pack in context.office.rules.law.packs):
        raise Refusal("paper.too_long_ago", at=came)
    return {"came": came.isoformat()}


async def _ask_kind(context: Context, answers: Answers) -> Screen:
    return Screen.of("paper.kind", lines=kinds.lines(_kinds(context, answers)))


async def _take_kind(message: InboundMessage, context: Context, answers: Answers) -> Mapping[str, Any]:
    return {"kind": kinds.picked(message, _kinds(context, answers)).id}


def _kinds(context: Context, answers: Answers) -> list[InquiryKind]:
    """By the decree in force on the day it came."""
    return kinds.offered(context, context.office.rules.law.at(datetime.fromisoformat(answers["came"])).id)


async def _ask_name(_context: Context, _answers: Answers) -> Screen:
    return Screen.of("paper.name")


async def _take_name(message: InboundMessage, _context: Context, _answers: Answers) -> Mapping[str, Any]:
    return {"name": words_of(message, most=120, least=3)}


async def _ask_outlet(_context: Context, _answers: Answers) -> Screen:
    return Screen.of("paper.outlet")


async def _take_outlet(message: InboundMessage, _context: Context, _answers: Answers) -> Mapping[str, Any]:
    return {"outlet": words_of(message, most=160, least=2)}


async def _ask_number(_context: Context, _answers: Answers) -> Screen:
    return Screen.of("paper.number", Choice("choice.no_number", "=none"))


async def _take_number(message: InboundMessage, _context: Context, _answers: Answers) -> Mapping[str, Any]:
    return {"number": "" if message.choice == "=none" else words_of(message, most=60, least=2)}


async def _ask_question(_context: Context, _answers: Answers) -> Screen:
    return Screen.of("paper.question")


async def _take_question(message: InboundMessage, context: Context, answers: Answers) -> Mapping[str, Any]:
    """The words as they stand in the letter, or what was said on the phone; a scan goes along."""
    if message.kind is not Kind.TEXT or len(message.text) < casework.SHORTEST_REASON:
        raise Refusal("paper.question_please", least=casework.SHORTEST_REASON)
    if utf16_length(message.text) > LONGEST:
        raise Refusal("ask.too_long", most=LONGEST)
    kept = context.item(ItemKind.DRAFT, message.text, replaces=answers.get("item"))
    return {"item": kept.digest, "files": [file.id for file in message.files]}


async def _ask_unit(context: Context, answers: Answers) -> Screen:
    """Two units the words point to; any other by its name."""
    text = await item.item(context.store, answers["item"])
    found = context.office.router.route(str(text or ""), context.now, context.here.language).units
    known = [unit.id for unit in found if unit.id in context.office.unit_names and unit.id != DESK][:2]
    ways = [Choice.of("choice.plain", f"={unit}", text=context.office.unit_name(unit)) for unit in known]
    return Screen.of("paper.unit", *ways, Choice("choice.paper_desk", f"={DESK}"))


async def _take_unit(message: InboundMessage, context: Context, _answers: Answers) -> Mapping[str, Any]:
    if message.kind is Kind.TEXT:
        return {"unit": (await matterwork.unit_named(context, words_of(message, most=120, least=2), 1))[0].id}
    return {"unit": chosen(message, DESK, *context.office.unit_names)}


def _is_foreign(context: Context, answers: Answers) -> bool:
    found = next((kind for kind in _kinds(context, answers) if kind.id == answers["kind"]), None)
    return found is not None and found.asker == opening.FOREIGN


async def _summary(context: Context, answers: Answers) -> Screen:
    """Everything as it will be recorded, with the deadline that follows from who asks."""
    came = datetime.fromisoformat(answers["came"])
    kind = next((kind for kind in _kinds(context, answers) if kind.id == answers["kind"]), None)
    clock = context.office.rules.asked("–", answers["kind"], came)
    to = DESK if _is_foreign(context, answers) else answers["unit"]
    values: dict[str, Any] = {
        "way": Words.of(f"paper.by_{answers['way']}"),
        "came": came,
        "kind": kind.label if kind else answers["kind"],
        "name": answers["name"],
        "outlet": answers["outlet"],
        "number": answers.get("number") or "–",
        "question": await item.item(context.store, answers["item"]) or "–",
        "unit": context.office.unit_name(to),
        "due": Due(clock.due_at) if clock.due_at else Words.of("case.due_none"),
    }
    return Screen.of("paper.summary", files=answers["files"], **values)


async def _finish(_message: InboundMessage, context: Context, answers: Answers) -> Outcome:
    """The case opens like any other; who asked is a person without a chat."""
    asker = Person(name=answers["name"], created_at=context.now)
    context.store.add(asker)
    await context.store.flush()
    kind = next((kind for kind in _kinds(context, answers) if kind.id == answers["kind"]), None)
    facts = {"name": answers["name"], "outlet": answers["outlet"], "kind": kind.asker if kind else "press", "recorded_by": context.my_id}
    listed = match_outlet(await outlets(context.store), answers["outlet"])
    asked_by = opening.Asked(
        person_id=asker.id or 0,
        account_id=context.here.id or 0,
        requester=context.item(ItemKind.REQUESTER, json.dumps(facts, ensure_ascii=False, sort_keys=True)),
        kind=kind,
        at=datetime.fromisoformat(answers["came"]),
        trusted=True,
        outlet={"outlet": listed.id, "outlet_name": listed.name} if listed is not None else {},
        came_by=answers["way"],
        recorded_by=context.my_id,
    )
    case, outcome = await opening.begin(context, asked_by, answers)
    first, *rest = outcome.entries
    explained = replace(first, about=(*first.about, asker))
    reply = context.reply("paper.done", case=case.code, **await casework.facts(context, case))
    return Outcome([explained, *rest], [reply, *outcome.screens], outcome.place, case.code)


FORM = Form(
    "paper",
    (
        Question("way", _ask_way, _take_way),
        Question("when", _ask_when, _take_when),
        Question("kind", _ask_kind, _take_kind),
        Question("name", _ask_name, _take_name),
        Question("outlet", _ask_outlet, _take_outlet),
        Question("number", _ask_number, _take_number, skip=lambda answers: answers.get("way") == PHONE),
        Question("question", _ask_question, _take_question),
        Question("unit", _ask_unit, _take_unit),
    ),
    _summary,
    _finish,
)
