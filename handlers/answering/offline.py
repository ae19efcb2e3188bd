"""What was said outside the chat: an official answer by phone, at a meeting, on paper; a word that is nobody's official view (F31, F44)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from handlers import asking, casework, telling
from handlers.answering import speaking
from handlers.contract import LEAVE, Choice, Context, InboundMessage, Kind, Outcome, Place, Screen
from handlers.form import Answers, Form, Question, words_of
from handlers.matters import matterwork
from models import dates
from models.casework import inquiry
from models.casework.inquiry import Inquiry
from models.errors import Refusal
from models.evidence import item
from models.evidence.item import Item, ItemKind
from models.law.pack_file import Form as SpeakingForm
from models.people.person import Person, Role, posted
from models.text import fold, number
from models.texts import Words

FIRST = ("statement_or_interview", "briefing", "written")  # what answers outside the chat mostly are
NOT_AN_ANSWER = "correction_request"


async def begin(message: InboundMessage, context: Context) -> Outcome:
    """Record an answer that was given elsewhere."""
    case = await casework.ours(context, message.argument)
    if case.state not in inquiry.OPEN:
        raise casework.closed(case)
    return await FORM.begin(context, {"code": case.code})


async def advance(message: InboundMessage, context: Context) -> Outcome:
    """The next part."""
    return await FORM.advance(message, context)


def _forms(context: Context) -> list[SpeakingForm]:
    known = [form for form in speaking.pack(context).forms if form.id != NOT_AN_ANSWER]
    return sorted(known, key=lambda form: FIRST.index(form.id) if form.id in FIRST else len(FIRST))


async def _ask_form(context: Context, answers: Answers) -> Screen:
    """The forms of the pack in force; the rarer ones behind “other”."""
    forms = _forms(context)
    shown = forms[len(FIRST) :] if answers.get("more") else forms[: len(FIRST)]
    ways = [Choice.of("choice.plain", f"={form.id}", text=form.label) for form in shown]
    return Screen.of("offline.form", *ways, *([] if answers.get("more") else [Choice("choice.more", "=more")]), code=answers["code"])


async def _take_form(message: InboundMessage, context: Context, _answers: Answers) -> Mapping[str, Any]:
    wanted = (message.choice or "").removeprefix("=")
    if wanted == "more":
        return {"more": True}
    if wanted not in {form.id for form in _forms(context)}:
        raise Refusal("form.please_choose")
    return {"form": wanted}


async def _ask_when(_context: Context, _answers: Answers) -> Screen:
    return Screen.of("offline.when", Choice("choice.said_now", "=now"))


async def _take_when(message: InboundMessage, context: Context, answers: Answers) -> Mapping[str, Any]:
    """Not in the future, not before the question came."""
    case = await casework.ours(context, answers["code"])
    said = context.now if message.choice == "=now" else dates.moment(words_of(message, most=60), context.now, context.zone)
    if said is None:
        raise Refusal("offline.moment_unreadable")
    if said > context.now:
        raise Refusal("offline.in_the_future")
    if said < case.received_at.replace(second=0, microsecond=0):
        raise Refusal("offline.before_receipt", received=case.received_at)
    return {"when": said.isoformat()}


async def _ask_who(context: Context, answers: Answers) -> Screen:
    case = await casework.ours(context, answers["code"])
    others = [p for p, _ in await speaking.speakers(context, case) if p.id != context.my_id][:2]
    ways = [Choice.of("choice.plain", f"=p{p.id}", text=p.name) for p in (context.me, *others)]
    return Screen.of("offline.who", *ways, code=case.code)


async def _take_who(message: InboundMessage, context: Context, answers: Answers) -> Mapping[str, Any]:
    """A colleague by name or tap; anybody else is kept by name, and what they said is no official view."""
    case = await casework.ours(context, answers["code"])
    people = {p.id: p for p in await posted(context.store, context.now, unit_id=case.unit_id)} | {context.my_id: context.me}
    chosen = number((message.choice or "").removeprefix("=p"))
    if chosen is not None:
        if chosen not in people and chosen not in {p.id for p, _ in await speaking.speakers(context, case)}:
            raise Refusal("form.please_choose")
        person = await context.store.get_one(Person, chosen)
        return {"person": chosen, "name": person.name}
    name = words_of(message, most=120, least=3)
    found = [p for p in people.values() if fold(p.name) == fold(name)]
    return {"person": found[0].id if len(found) == 1 else None, "name": name}


async def _ask_number(_context: Context, _answers: Answers) -> Screen:
    return Screen.of("offline.number", Choice("choice.no_number", "=none"))


async def _take_number(message: InboundMessage, _context: Context, _answers: Answers) -> Mapping[str, Any]:
    return {"number": "" if message.choice == "=none" else words_of(message, most=60, least=2)}


async def _ask_words(_context: Context, answers: Answers) -> Screen:
    return Screen.of("offline.words", name=answers["name"])


async def _take_words(message: InboundMessage, context: Context, answers: Answers) -> Mapping[str, Any]:
    """What was said, in short, with recordings or scans; kept as evidence, not sent."""
    if message.kind is not Kind.TEXT or len(message.text) < casework.SHORTEST_REASON:
        raise Refusal("offline.words_please", least=casework.SHORTEST_REASON)
    kept = context.item(ItemKind.NOTE, message.text, answers["code"], replaces=answers.get("item"))
    return {"item": kept.digest, "files": [f.id for f in message.files]}


async def _summary(context: Context, answers: Answers) -> Screen:
    """Whether it counts as official is decided by the mandate at the time it was said."""
    case = await casework.ours(context, answers["code"])
    said = datetime.fromisoformat(answers["when"])
    right = await speaking.right(context, case, answers["person"], said) if answers["person"] is not None else None
    text = await item.item(context.store, answers["item"])
    form = speaking.pack(context).form(answers["form"])
    values: dict[str, Any] = {
        "code": case.code,
        "name": answers["name"],
        "when": said,
        "number": answers["number"] or "–",
        "text": text or "–",
    }
    key = "offline.summary_official" if right is not None else "offline.summary_unofficial"
    return Screen.of(key, files=answers["files"], form=form.label if form else answers["form"], **values)


async def _finish(_message: InboundMessage, context: Context, answers: Answers) -> Outcome:
    """By somebody with the right to speak then: the case ends as answered. By anybody else: a note beside the case."""
    case = await casework.ours(context, answers["code"])
    if case.state not in inquiry.OPEN:
        raise casework.closed(case)
    said = datetime.fromisoformat(answers["when"])
    text = await casework.kept(context, answers["item"])
    files = await item.files(context.store, answers["files"])
    refs = casework.file_to(files, case.code, text)
    person = await context.store.get(Person, answers["person"]) if answers["person"] is not None else None
    right = await speaking.right(context, case, answers["person"], said) if person is not None else None
    if person is None or right is None:
        return await _beside(context, case, text, refs, {"said_at": answers["when"], "form": answers["form"]})
    before = await speaking.out_of_the_way(context, case)
    answer = await speaking.draft(context, case, text, person, right)
    answer.form = answers["form"]
    clock = await casework.clock_of(context, case.code)
    if clock is not None:
        clock.satisfy(said)
    entry = case.answered(answer, clock, refs, context.now)
    answer.sent_at = said
    case.document_no = answers["number"] or case.document_no
    offline = {"offline": True, "said_at": answers["when"], "recorded_by": context.my_id, "document_no": case.document_no or None}
    entry = replace(entry, about=(*entry.about, *before), detail={**entry.detail, **offline})
    form = speaking.pack(context).form(answer.form)
    values: dict[str, Any] = {
        "code": case.code,
        "when": said,
        "form": form.name if form else answer.form,
        "number": case.document_no or "–",
    }
    values |= {"attribution": speaking.attribution(context, case, person, right), "unit": context.office.unit(case.unit_id)}
    ways = (*telling.rating_choices(case.code), Choice("choice.follow_up", f"case.add:{case.code}"))
    told = await telling.tell_reporter(context, case, Screen.of("case.answered_offline", *ways, **values), official=True)
    entries = [entry, *await matterwork.spoken(context, case, answer)]
    return Outcome(entries, [context.reply("offline.done", case=case.code, code=case.code), *told], LEAVE, case.code)


async def _beside(context: Context, case: Inquiry, text: Item, refs: list[dict[str, Any]], said: Mapping[str, Any]) -> Outcome:
    """Kept on the case as what it is; the reporter is told nothing, the clock runs on (244/2026 Art 3(7); 09/2017 Art 3(8))."""
    entry = case.entry("unofficial_noted", item=text.digest, files=refs, **said)
    return Outcome([entry], [context.reply("offline.unofficial_done", case=case.code, code=case.code)], LEAVE, case.code)


async def unofficial(message: InboundMessage, context: Context) -> Outcome:
    """What somebody without the right to speak said: who, and what?"""
    case = await casework.ours(context, message.argument)
    screen = context.reply("offline.unofficial", Choice("choice.quit", "=quit"), case=case.code, code=case.code)
    return Outcome(screens=[screen], place=Place("unofficial", "text", {"code": case.code}))


async def unofficial_said(message: InboundMessage, context: Context) -> Outcome:
    """Kept; never sent as an answer."""
    if asking.quits(message):
        return asking.left(context)
    case = await casework.ours(context, casework.code_here(context))
    if message.kind is not Kind.TEXT or len(message.text) < casework.SHORTEST_REASON:
        raise Refusal("offline.words_please", least=casework.SHORTEST_REASON)
    text = context.item(ItemKind.NOTE, message.text, case.code)
    return await _beside(context, case, text, casework.file_to(message.files, case.code, text), {})


async def letter(message: InboundMessage, context: Context) -> Outcome:
    """The number of the official letter, at any time, also after the case has ended (F44)."""
    case = await casework.ours(context, message.argument)
    now = case.document_no or Words.of("offline.no_number")
    drafts = [Choice(f"choice.letter_{kind}", f"letter.draft:{kind}:{case.code}") for kind in ("transfer", "reminder")]
    ways = (*(drafts if Role.OFFICER in context.roles else ()), Choice("choice.quit", "=quit"))
    screen = context.reply("offline.letter", *ways, case=case.code, code=case.code, number=now)
    return Outcome(screens=[screen], place=Place("letter", "number", {"code": case.code}))


async def lettered(message: InboundMessage, context: Context) -> Outcome:
    """Kept; an earlier number stays in the log."""
    if asking.quits(message):
        return asking.left(context)
    case = await casework.ours(context, casework.code_here(context))
    said = words_of(message, most=60, least=2)
    if not any(c.isdigit() for c in said):
        raise Refusal("offline.letter_please")
    before, case.document_no = case.document_no, said
    entry = case.entry("numbered", document_no=said, before=before or None)
    return Outcome([entry], [context.reply("offline.letter_kept", case=case.code, code=case.code, number=said)], LEAVE, case.code)


FORM = Form(
    "offline",
    (
        Question("form", _ask_form, _take_form, stays=lambda message: message.choice == "=more"),
        Question("when", _ask_when, _take_when),
        Question("who", _ask_who, _take_who),
        Question("number", _ask_number, _take_number),
        Question("words", _ask_words, _take_words),
    ),
    _summary,
    _finish,
)
