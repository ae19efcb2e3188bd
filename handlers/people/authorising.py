"""Authorising somebody in writing, for one matter and a time: by the unit's head, or written down by an officer from the paper (F23).

The grantee may not pass it on, nobody authorises themselves, and no authorisation outlasts its matter or its unit.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from handlers import casework
from handlers.answering import speaking
from handlers.clocks import publishing
from handlers.contract import LEAVE, Choice, Context, InboundMessage, Outcome, Screen
from handlers.form import Answers, Form, Question, words_of
from handlers.people import eligibility
from handlers.table import argument_of
from models import codes, dates
from models.errors import Refusal
from models.evidence import item
from models.evidence.item import ItemKind
from models.people.authorising import Span
from models.people.mandate import Mandate, MandateKind
from models.people.person import Person, accounts_of, posted
from models.text import fold, number
from models.texts import Due, Words

OFFERED_DAYS = ("1", "3", "7")


async def begin(message: InboundMessage, context: Context) -> Outcome:
    """`/ủyquyền YC-…`: for this case or matter; a tap may name the person besides."""
    code, _, person = message.argument.partition(":")
    found = codes.find(argument_of(message.text) or code)
    if not found:
        raise Refusal("authorise.which_code")
    unit_id = await eligibility.unit_of(context, found[0])
    answers: Answers = {"code": found[0], "unit": unit_id, "paper": not await eligibility.as_head(context, unit_id, found[0])}
    if number(person) is not None:
        answers |= {"person": (await eligibility.holder(context, answers, number(person) or 0)).id, "given": True}
    return await FORM.begin(context, answers)


async def advance(message: InboundMessage, context: Context) -> Outcome:
    """The next part."""
    return await FORM.advance(message, context)


async def _ask_person(context: Context, answers: Answers) -> Screen:
    people = await eligibility.colleagues(context, answers)
    ways = [Choice.of("choice.plain", f"=p{p.id}", text=p.name) for p in people[:3]]
    key = "authorise.person_on_paper" if answers["paper"] else "authorise.person"
    grantor = await eligibility.grantor_of(context, answers)
    await eligibility.living_unit(context, answers["unit"])
    return Screen.of(key, *ways, code=answers["code"], unit=context.office.unit_name(answers["unit"]), head=grantor.name)


async def _take_person(message: InboundMessage, context: Context, answers: Answers) -> Mapping[str, Any]:
    chosen = number((message.choice or "").removeprefix("=p"))
    if chosen is None:
        name = fold(words_of(message, most=120))
        people = await posted(context.store, context.now, unit_id=answers["unit"])
        found = [p for p in people if name and name in fold(p.name)]
        if len(found) != 1:
            key = "authorise.which_person" if found else "authorise.person_unknown"
            raise Refusal(key, unit=context.office.unit_name(answers["unit"]))
        chosen = found[0].id or 0
    return {"person": (await eligibility.holder(context, answers, chosen)).id}


async def _ask_number(_context: Context, _answers: Answers) -> Screen:
    return Screen.of("authorise.number")


async def _take_number(message: InboundMessage, _context: Context, _answers: Answers) -> Mapping[str, Any]:
    said = words_of(message, most=60, least=2)
    if not re.search(r"\d", said):
        raise Refusal("authorise.number_please")
    return {"number": said}


async def _ask_signed(_context: Context, _answers: Answers) -> Screen:
    return Screen.of("authorise.signed", Choice("choice.just_now", "=now"))


async def _take_signed(message: InboundMessage, context: Context, _answers: Answers) -> Mapping[str, Any]:
    """When the paper was signed: that is where the publication clock of 09/2017 starts."""
    signed = context.now if message.choice == "=now" else dates.moment(words_of(message, most=60), context.now, context.zone)
    if signed is None:
        raise Refusal("authorise.moment_unreadable")
    if signed > context.now:
        raise Refusal("authorise.signed_later")
    return {"signed": signed.isoformat()}


async def _ask_from(_context: Context, _answers: Answers) -> Screen:
    return Screen.of("authorise.from", Choice("choice.from_now", "=now"))


async def _take_from(message: InboundMessage, context: Context, _answers: Answers) -> Mapping[str, Any]:
    if message.choice == "=now":
        return {"from": context.now.isoformat()}
    day = _day(message, context)
    start = max(_midnight(context, day), context.now)
    return {"from": start.isoformat()}


async def _ask_until(_context: Context, answers: Answers) -> Screen:
    ways = [Choice.of("choice.authorise_days", f"=d{days}", days=days) for days in OFFERED_DAYS]
    return Screen.of("authorise.until", *ways, code=answers["code"])


async def _take_until(message: InboundMessage, context: Context, answers: Answers) -> Mapping[str, Any]:
    """The last day; the authorisation ends with it, and with its matter whatever the day."""
    start = datetime.fromisoformat(answers["from"])
    days = number((message.choice or "").removeprefix("=d"))
    last = start.astimezone(context.zone).date() + timedelta(days=days) if days is not None else _day(message, context)
    end = _midnight(context, last + timedelta(days=1))
    Span(start, end).check(speaking.pack(context), await eligibility.living_unit(context, answers["unit"]), context.now)
    return {"until": end.isoformat()}


def _day(message: InboundMessage, context: Context) -> date:
    day = dates.day(words_of(message, most=60), context.now.astimezone(context.zone).date())
    if day is None or day.year > context.now.year + 100:
        raise Refusal("authorise.day_unreadable")
    return day


def _midnight(context: Context, day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=context.zone)


async def _ask_document(_context: Context, answers: Answers) -> Screen:
    return Screen.of("authorise.document", number=answers["number"])


async def _take_document(message: InboundMessage, _context: Context, _answers: Answers) -> Mapping[str, Any]:
    if not message.files:
        raise Refusal("authorise.document_please")
    return {"files": [f.id for f in message.files]}


async def _summary(context: Context, answers: Answers) -> Screen:
    """Everything before it is granted, with the article and the duty to publish."""
    person, grantor = await eligibility.holder(context, answers, answers["person"]), await eligibility.grantor_of(context, answers)
    law = speaking.pack(context)
    clock = law.publication_clock("authorisation")
    duty = Words.of("authorise.publish_within", hours=str(clock.amount)) if clock is not None else Words.of("authorise.no_publication")
    return Screen.of(
        "authorise.summary",
        files=answers["files"],
        head=grantor.name,
        name=person.name,
        unit=context.office.unit_name(answers["unit"]),
        code=answers["code"],
        number=answers["number"],
        start=datetime.fromisoformat(answers["from"]),
        until=Due(datetime.fromisoformat(answers["until"])),
        basis=law.authorising.basis,
        duty=duty,
    )


async def _finish(_message: InboundMessage, context: Context, answers: Answers) -> Outcome:
    """Granted, if all of it still holds in this minute."""
    code, unit_id = answers["code"], answers["unit"]
    if await eligibility.unit_of(context, code) != unit_id:
        raise Refusal("authorise.unit_changed", code=code)
    person, grantor = await eligibility.holder(context, answers, answers["person"]), await eligibility.grantor_of(context, answers)
    start, end = datetime.fromisoformat(answers["from"]), datetime.fromisoformat(answers["until"])
    Span(start, end).check(speaking.pack(context), await eligibility.living_unit(context, unit_id), context.now)
    signed = datetime.fromisoformat(answers["signed"]) if answers["paper"] else context.now
    post = await eligibility.post_in(context, unit_id, person.id or 0)
    document = context.item(ItemKind.NOTE, answers["number"], code)
    files = await item.files(context.store, answers["files"])
    refs = casework.file_to(files, code, document)
    granted = Mandate(
        person_id=person.id or 0,
        unit_id=unit_id,
        kind=MandateKind.AUTHORISED,
        position=post.position if post else "",
        decision_no=answers["number"],
        matter_code=code,
        valid_from=start,
        valid_to=end,
        granted_by=grantor.id,
        recorded_by=context.my_id,
        on_paper=answers["paper"],
        signed_at=signed,
        document=document.digest,
    )
    return await _granted(context, granted, person, refs)


async def _granted(context: Context, granted: Mandate, person: Person, refs: Sequence[dict[str, Any]]) -> Outcome:
    """Kept, its clock running, and the grantee and the head told."""
    clock = await publishing.start(context, granted, granted.signed_at or context.now)
    code = granted.matter_code or ""
    values: dict[str, Any] = {
        "name": person.name,
        "code": code,
        "number": granted.decision_no,
        "until": Due(granted.valid_to or context.now),
    }
    values["unit"] = context.office.unit_name(granted.unit_id)
    ways = [Choice("choice.published", f"publish.begin:{granted.id}")] if clock is not None else []
    key = "authorise.done_publish" if clock is not None and clock.due_at is not None else "authorise.done"
    due: dict[str, Any] = {"due": clock.due_at} if clock is not None and clock.due_at is not None else {}
    reply = context.reply(key, *ways, Choice("choice.revoke", f"mandate.revoke:{granted.id}"), case=code, **values, **due)
    notice = Screen.of("authorise.for_you", *_what_next(code), **values)
    told = context.tell(await accounts_of(context.store, person.id or 0), notice, code)
    if granted.on_paper:
        recorded = Screen.of(
            "authorise.recorded", Choice("choice.revoke", f"mandate.revoke:{granted.id}"), **values, officer=context.me.name
        )
        told += context.tell(await accounts_of(context.store, granted.granted_by or 0), recorded, code)
    entry = granted.granted(list(refs), clock, speaking.pack(context).id)
    return Outcome([entry], [reply, *told], LEAVE, code)


def _what_next(code: str) -> tuple[Choice, ...]:
    if code.startswith(codes.MATTER):
        return (Choice("choice.matter_show", f"matter.show:{code}"),)
    return (Choice("choice.answer", f"answer.begin:{code}"), Choice("choice.take_draft", f"answer.adopt:{code}"))


FORM = Form(
    "authorise",
    (
        Question("person", _ask_person, _take_person, skip=lambda answers: bool(answers.get("given"))),
        Question("number", _ask_number, _take_number),
        Question("signed", _ask_signed, _take_signed, skip=lambda answers: not answers["paper"]),
        Question("from", _ask_from, _take_from),
        Question("until", _ask_until, _take_until),
        Question("document", _ask_document, _take_document),
    ),
    _summary,
    _finish,
)
