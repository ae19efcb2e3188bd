"""A reporter asks: words and files are gathered into a question; then where, how and by when; then it is shown and sent.

Photos, files and further words may come before, between and after the steps; all of it is one question. The rooms next door:
`addressing` (which unit), `wishes` (form and deadline), `opening` (the case begins).
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Any

from handlers import asking, casework
from handlers.contract import Choice, Context, InboundMessage, Kind, Outcome, Place
from handlers.form import Answers, Next
from handlers.inquiries import additions, addressing, opening, wishes
from models.casework import inquiry
from models.casework.inquiry import InquiryState
from models.errors import Refusal
from models.evidence import item
from models.evidence.item import ItemKind
from models.text import units as utf16_length

MAX_QUESTION = 20_000  # UTF-16 units; a longer text belongs into a file


async def begin(_message: InboundMessage, context: Context) -> Outcome:
    """Invite the question."""
    return Outcome(screens=[context.reply("ask.question", Choice("choice.quit", "=quit"))], place=Place("ask", "question"))


async def ask(message: InboundMessage, context: Context) -> Outcome:
    """Free words or files of a reporter outside every flow: a question begins, unless they clearly continue a case."""
    waiting = [c for c in await inquiry.of_reporter(context.store, context.my_id) if c.state is InquiryState.CLARIFYING]
    answers = await _add(message, context, {})
    return _ask_which(context, answers, [case.code for case in waiting[:3]]) if waiting else await addressing.propose(context, answers)


def _ask_which(context: Context, answers: Answers, codes_waiting: Sequence[str]) -> Outcome:
    ways = [Choice.of("choice.reply_to_case", f"={code}", code=code) for code in codes_waiting]
    screen = context.reply("ask.which_case", *ways, Choice("choice.new_question", "=new"), Choice("choice.quit", "=quit"))
    return Outcome(screens=[screen], place=Place("ask", "which", answers | {"waiting": list(codes_waiting)}))


async def step(message: InboundMessage, context: Context) -> Outcome:
    """Whatever comes while a question is being put together."""
    assert context.conversation is not None  # noqa: S101 - a step is a place in a conversation
    answers, here = context.conversation.said(), context.conversation.step or ""
    if asking.quits(message):
        return asking.left(context)
    if message.kind is Kind.CHOICE:
        return await _take(here, message, context, answers)
    aside = await _about_another_case(message, context, answers)
    if aside is not None:
        return aside
    if _answers_the_step(here, message):
        return await _take(here, message, context, answers)
    same_album = bool(message.group) and message.group == answers.get("group")
    answers = await _add(message, context, answers)
    if message.text and addressing.taken_apart(answers):
        here, answers = "unit", addressing.put_together(answers)
    if same_album:
        return Outcome(place=Place("ask", here, answers))
    again = await _show(context, here, answers)
    noted = [context.reply("ask.added")] if here != "question" else []
    return replace(again, screens=[*noted, *again.screens])


def _answers_the_step(here: str, message: InboundMessage) -> bool:
    """Whether words are what the step asks for; otherwise they belong to the question."""
    if message.kind is not Kind.TEXT or message.files:
        return False
    return here in {"other", "deadline"} or (here == "area" and len(message.text) <= addressing.LONGEST_PLACE)


async def _take(here: str, message: InboundMessage, context: Context, answers: Answers) -> Outcome:
    taken = await _STEPS.get(here, _take_nothing)(message, context, answers)
    return taken if isinstance(taken, Outcome) else await _show(context, taken.step, taken.answers)


async def _about_another_case(message: InboundMessage, context: Context, answers: Answers) -> Outcome | None:
    """A reply to a case's message, or an edit of what was said there, goes to that case; the question being written waits."""
    if message.kind is Kind.EDIT:
        said = await casework.said_message(context, message.edits or "")
        known = said is not None and any(part[0] == said.id for part in answers.get("parts", []))
        return None if known else await additions.corrected(message, context)
    code = await casework.case_of_message(context, message.reply_to) if message.reply_to else None
    if code is None:
        return None
    case = await casework.mine(context, code)
    added = await additions.follow_up(context, case, context.item(ItemKind.FOLLOW_UP, message.text), message.files)
    return replace(added, place=None)


async def _add(message: InboundMessage, context: Context, answers: Answers) -> Answers:
    """Words and files join the question; an edited message replaces what it said before."""
    if message.files:
        answers = answers | {"files": [*answers.get("files", []), *(f.id for f in message.files)], "group": message.group}
    if not message.text:
        return answers
    parts = _with(message, answers.get("parts", []), await _edited_id(message, context))
    text = "\n\n".join(words for _, words in parts)
    if utf16_length(text) > MAX_QUESTION:
        raise Refusal("ask.too_long", most=MAX_QUESTION)
    kept = context.item(ItemKind.DRAFT, text, replaces=answers.get("item"))
    return answers | {"item": kept.digest, "parts": parts}


async def _edited_id(message: InboundMessage, context: Context) -> int | None:
    said = await casework.said_message(context, message.edits) if message.edits else None
    return said.id if said is not None else None


def _with(message: InboundMessage, parts: Sequence[Sequence[Any]], edited: int | None) -> list[list[Any]]:
    """What each message contributed, under its number: an edit replaces its own part only, anything else comes last."""
    if any(of == edited for of, _ in parts):
        return [[of, message.text if of == edited else words] for of, words in parts]
    return [*map(list, parts), [message.id, message.text]]


async def _show(context: Context, here: str, answers: Answers) -> Outcome:
    """The screen of a step again."""
    if here == "which":
        return _ask_which(context, answers, answers["waiting"])
    if here == "question" and not answers:
        return await begin(context.message, context)
    if here == "form":
        return wishes.ask_form(context, answers)
    if here == "deadline":
        return wishes.ask_deadline(context, answers)
    if here == "confirm":
        return await opening.summary(context, answers)
    return await addressing.propose(context, answers)


async def _take_nothing(_message: InboundMessage, _context: Context, _answers: Answers) -> Outcome:
    """A tap where words are wanted."""
    raise Refusal("form.words_please")


async def _take_which(message: InboundMessage, context: Context, answers: Answers) -> Outcome | Next:
    """The words were meant for a case that waits for them, or are a new question."""
    if message.choice == "=new":
        return Next("unit", answers)
    case = await casework.mine(context, (message.choice or "").removeprefix("="))
    draft = await item.item(context.store, answers.get("item"))
    files = await item.files(context.store, answers.get("files", []))
    return await additions.follow_up(context, case, draft, files)


Take = Callable[[InboundMessage, Context, Answers], Awaitable[Outcome | Next]]

_STEPS: dict[str, Take] = {
    "which": _take_which,
    "split": addressing.take_split,
    "earlier": addressing.take_earlier,
    "area": addressing.take_area,
    "unit": addressing.take_unit,
    "other": addressing.take_other,
    "form": wishes.take_form,
    "deadline": wishes.take_deadline,
    "confirm": opening.take_confirm,
}
