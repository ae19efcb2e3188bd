"""Somebody has spoken on a matter outside this chat: in which legal form, when, in which words – put on record, shown first."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from handlers import casework
from handlers.answering import braking
from handlers.contract import LEAVE, Choice, Context, InboundMessage, Kind, Outcome, Screen
from handlers.form import Answers, Form, Question, chosen
from handlers.matters import matterwork
from models.casework import brakes, matter
from models.casework.matter import OCCURRED
from models.errors import Refusal
from models.evidence import item
from models.evidence.item import ItemKind
from models.law.pack_file import LawPack
from models.texts import Words

BRAKED = "statement"
MOST_FILES = 20


async def begin(message: InboundMessage, context: Context) -> Outcome:
    """Begin where the clocks wait for a statement; speaking again is on record as well."""
    found = await matterwork.led(context, message.argument)
    if found.state not in matter.LIVE:
        raise Refusal("matter.closed", code=found.code, state=Words.of(f"matter.state_{found.state.value}"))
    return await FORM.begin(context, {"code": found.code})


async def advance(message: InboundMessage, context: Context) -> Outcome:
    """The next answer."""
    return await FORM.advance(message, context)


async def resume(message: InboundMessage, context: Context) -> Outcome:
    """A second person has let it go on: the summary again, for whoever wrote it."""
    held = await brakes.by_number(context.store, message.argument)
    if held is None or held.kind != BRAKED or not held.allowed or held.asked_by != context.my_id:
        raise Refusal("start.stale")
    await matterwork.led(context, str(held.resume["code"]))
    return await FORM.review(context, held.resume)


def _pack(context: Context) -> LawPack:
    return context.office.rules.law.at(context.now)


async def _ask_form(context: Context, answers: Answers) -> Screen:
    forms = _pack(context).forms
    shown = int(answers.get("shown", 0)) % len(forms)
    ways = [Choice.of("choice.plain", f"={form.id}", text=form.label) for form in forms[shown : shown + 3]]
    lines = "\n".join(f"• {form.label} – {form.explain}" for form in forms)
    return Screen.of("statement.form", *ways, Choice("choice.statement_other", "=other"), lines=lines, code=answers["code"])


async def _take_form(message: InboundMessage, context: Context, answers: Answers) -> Mapping[str, Any]:
    wanted = chosen(message, "other", *(form.id for form in _pack(context).forms))
    return {"shown": int(answers.get("shown", 0)) + 3} if wanted == "other" else {"form": wanted}


async def _ask_at(_context: Context, _answers: Answers) -> Screen:
    return Screen.of("statement.at", Choice("choice.matter_now", "=now"))


async def _take_at(message: InboundMessage, context: Context, answers: Answers) -> Mapping[str, Any]:
    found = await matterwork.led(context, answers["code"])
    known = {OCCURRED: found.occurred_at} if found.occurred_at else {}
    at = matterwork.said_time(message, context, {}, OCCURRED)
    if known and at < known[OCCURRED]:
        raise Refusal("matter.time_before", at=at, occurred=known[OCCURRED])
    return {"at": at.isoformat()}


async def _ask_words(_context: Context, _answers: Answers) -> Screen:
    return Screen.of("statement.words")


async def _take_words(message: InboundMessage, context: Context, answers: Answers) -> Mapping[str, Any]:
    if message.kind is not Kind.TEXT or not (message.text or message.files):
        raise Refusal("statement.words_please")
    text = context.item(ItemKind.STATEMENT, message.text or "–", str(answers["code"]))
    return {"item": text.digest, "files": [f.id for f in message.files[:MOST_FILES]]}


async def _summary(context: Context, answers: Answers) -> Screen:
    files = await item.files(context.store, answers["files"])
    return Screen.of(
        "statement.summary",
        code=answers["code"],
        form=_form(context, answers["form"]),
        at=datetime.fromisoformat(answers["at"]),
        text=await casework.kept(context, answers["item"]),
        attached=Words.of("ask.files", number=len(files)) if files else Words.of("ask.no_files"),
    )


def _form(context: Context, wanted: str) -> str:
    return next((form.label for form in _pack(context).forms if form.id == wanted), wanted)


async def _finish(_message: InboundMessage, context: Context, answers: Answers) -> Outcome:
    """On record, unless it carries a sign that a second person decides on (F111): the clocks that ran then are met, in time or late."""
    found = await matterwork.led(context, answers["code"])
    text = await casework.kept(context, answers["item"])
    attached = await item.files(context.store, answers["files"])
    stopped = await braking.outgoing(context, BRAKED, text, answers, files=attached)
    if stopped is not None:
        return stopped
    refs = casework.file_to(attached, found.code, text)
    at = datetime.fromisoformat(answers["at"])
    clocks = await matter.clocks_of(context.store, found.code)
    entry = found.spoke(at, clocks, form=answers["form"], item=text.digest, files=refs)
    await context.store.flush()
    said = await matterwork.facts(context, found)
    notice = Screen.of(
        "statement.notice", Choice("choice.matter_show", f"matter.show:{found.code}"), form=_form(context, answers["form"]), at=at, **said
    )
    told = await matterwork.tell(context, found, notice, officers=True)
    return Outcome([entry], [context.reply("statement.done", case=found.code, code=found.code), *told], LEAVE, found.code) + (
        await matterwork.page(context, found)
    )


FORM = Form(
    "statement",
    (
        Question("form", _ask_form, _take_form, stays=lambda message: message.choice == "=other"),
        Question("at", _ask_at, _take_at),
        Question("words", _ask_words, _take_words),
    ),
    _summary,
    _finish,
)
