"""Somebody has spoken on a matter outside this chat: in which legal form, when, in which words – put on record, shown first."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from handlers import casework
from handlers.answering import braking, speaking
from handlers.contract import LEAVE, Choice, Context, InboundMessage, Kind, Outcome, Screen
from handlers.form import Answers, Form, Question, chosen
from handlers.matters import matterwork
from models.casework import brakes, matter
from models.casework.matter import OCCURRED
from models.casework.statement import Statement, StatementState
from models.errors import Refusal
from models.evidence import item
from models.evidence.item import ItemKind
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


async def _ask_form(context: Context, answers: Answers) -> Screen:
    forms = speaking.pack(context).forms
    shown = int(answers.get("shown", 0)) % len(forms)
    ways = [Choice.of("choice.plain", f"={form.id}", text=form.label) for form in forms[shown : shown + 3]]
    lines = "\n".join(f"• {form.label} – {form.explain}" for form in forms)
    return Screen.of("statement.form", *ways, Choice("choice.statement_other", "=other"), lines=lines, code=answers["code"])


async def _take_form(message: InboundMessage, context: Context, answers: Answers) -> Mapping[str, Any]:
    wanted = chosen(message, "other", *(form.id for form in speaking.pack(context).forms))
    return {"shown": int(answers.get("shown", 0)) + 3} if wanted == "other" else {"form": wanted}


async def _ask_at(_context: Context, _answers: Answers) -> Screen:
    return Screen.of("statement.at", Choice("choice.matter_now", "=now"))


async def _take_at(message: InboundMessage, context: Context, answers: Answers) -> Mapping[str, Any]:
    found = await matterwork.led(context, answers["code"])
    known = {OCCURRED: found.occurred_at} if found.occurred_at else {}
    at = matterwork.said_time(message, context, {}, OCCURRED)
    if known and at < known[OCCURRED]:
        raise Refusal("matter.time_before", at=at, occurred=known[OCCURRED])
    return {"at": at.isoformat(), "now": message.kind is Kind.CHOICE}


async def _ask_words(_context: Context, _answers: Answers) -> Screen:
    return Screen.of("statement.words")


async def _take_words(message: InboundMessage, context: Context, answers: Answers) -> Mapping[str, Any]:
    if message.kind is not Kind.TEXT or not (message.text or message.files):
        raise Refusal("statement.words_please")
    text = context.item(ItemKind.STATEMENT, message.text or "–", str(answers["code"]))
    return {"item": text.digest, "files": [f.id for f in message.files[:MOST_FILES]]}


async def _summary(context: Context, answers: Answers) -> Screen:
    files = await item.files(context.store, answers["files"])
    unit_id = (await matterwork.led(context, answers["code"])).unit_id
    waits = await speaking.waits_for_head(context, unit_id)
    ways = (Choice("choice.ask_approval", "=ask"),) if waits and answers.get("now") else ()  # what was said can be held back no more
    return Screen.of(
        "statement.summary_waits" if waits else "statement.summary",
        *ways,
        head=Words.of("statement.head_first" if ways else "statement.head_later"),
        code=answers["code"],
        form=matterwork.form_label(context, answers["form"]),
        at=datetime.fromisoformat(answers["at"]),
        text=await casework.kept(context, answers["item"]),
        attached=Words.of("ask.files", number=len(files)) if files else Words.of("ask.no_files"),
    )


async def _finish(message: InboundMessage, context: Context, answers: Answers) -> Outcome:
    """On record, unless it carries a sign that a second person decides on (F111) or its unit's head approves first (F24)."""
    found = await matterwork.led(context, answers["code"])
    text = await casework.kept(context, answers["item"])
    attached = await item.files(context.store, answers["files"])
    stopped = await braking.outgoing(context, BRAKED, text, answers, files=attached)
    if stopped is not None:
        return stopped
    refs = casework.file_to(attached, found.code, text)
    at, waits = datetime.fromisoformat(answers["at"]), await speaking.waits_for_head(context, found.unit_id)
    if not waits:
        return await matterwork.put_on_record(context, found, at, answers["form"], text.digest)
    first = message.choice == "=ask" and bool(answers.get("now"))
    state = StatementState.ASKED if first else StatementState.OWED
    words = Statement(
        matter_code=found.code, item=text.digest, form=answers["form"], person_id=context.my_id, asked_at=context.now, state=state
    )
    context.store.add(words)
    await context.store.flush()
    leaders = await speaking.head_accounts(context, found.unit_id, but=context.my_id)
    told = context.tell(leaders, matterwork.approval_screen(words, found, context.me.name, text), found.code)
    if not first:
        said = await matterwork.put_on_record(context, found, at, answers["form"], text.digest, words, approval=state.value)
        return Outcome(said.entries, [*said.screens, *told], said.place, said.case)
    undo = Choice("choice.undo", f"statement.undo:{words.id}")
    reply = context.reply("statement.asked", undo, case=found.code, code=found.code)
    return Outcome([words.asked(found, refs)], [reply, *told], LEAVE, found.code)


FORM = Form(
    "statement",
    (
        Question("form", _ask_form, _take_form, stays=lambda message: message.choice == "=other"),
        Question("at", _ask_at, _take_at),
        Question("words", _ask_words, _take_words),
    ),
    _summary,
    _finish,
    also=("=ask",),
)
