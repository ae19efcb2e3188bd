"""What the office learns of who answers what: from official answers, transfers and officers' corrections; officers see it and undo it."""

from collections.abc import Sequence

from handlers import casework
from handlers.contract import Choice, Context, InboundMessage, Outcome
from models.casework.inquiry import Inquiry
from models.directory import lesson
from models.directory.lesson import Lesson, LessonCause
from models.errors import Refusal
from models.evidence import item
from models.evidence.exchange import Entry
from models.texts import Words

LISTED = 4


async def taught(context: Context, case: Inquiry, cause: LessonCause) -> list[Entry]:
    """The case counts for the unit that has it now, in what its question is about."""
    question = await item.item(context.store, case.question)
    if question is None or not question.text:
        return []
    return await lesson.learn(context.store, case, context.office.router.concepts(question.text, case.received_at), cause, context.now)


async def list_(_message: InboundMessage, context: Context) -> Outcome:
    """The cases that taught something last, with what, and a tap to take it back or let it count again."""
    found = await lesson.latest(context.store, LISTED)
    if not found:
        return Outcome(screens=[context.reply("lesson.nothing")])
    lines = "\n".join(_line(context, code, rows) for code, rows in found)
    ways = [_way(code, rows) for code, rows in found]
    return Outcome(screens=[context.reply("lesson.list", *ways, lines=lines)])


def _line(context: Context, code: str, rows: Sequence[Lesson]) -> str:
    language = context.here.language
    counting = lesson.standing(rows)
    pairs = list(counting) or [(row.concept, row.unit_id) for row in rows if row.cause is LessonCause.UNDONE]
    matters = ", ".join(dict.fromkeys(f"“{context.office.router.matter(concept)}”" for concept, _ in pairs))
    values = {
        "code": code,
        "matters": matters,
        "unit": context.office.unit_name(pairs[-1][1], language),
        "day": rows[-1].learned_at.astimezone(context.zone).date(),
        "cause": Words.of(f"lesson.cause_{rows[-1].cause.value}"),
    }
    return context.office.texts.say(language, "lesson.line", values)


def _way(code: str, rows: Sequence[Lesson]) -> Choice:
    if lesson.undone(rows):
        return Choice.of("lesson.choice_restore", f"lesson.restore:{code}", code=code)
    return Choice.of("lesson.choice_undo", f"lesson.undo:{code}", code=code)


async def undo(message: InboundMessage, context: Context) -> Outcome:
    """Nothing this case taught counts any more, and nothing it may still teach."""
    code = await _code(message, context)
    entry = await lesson.take_back(context.store, code, context.now)
    if entry is None:
        raise Refusal("lesson.nothing_counts", code=code)
    way = Choice.of("lesson.choice_restore", f"lesson.restore:{code}", code=code)
    return Outcome([entry], [context.reply("lesson.undone", way, case=code, code=code)], case=code)


async def restore(message: InboundMessage, context: Context) -> Outcome:
    """It counts again."""
    code = await _code(message, context)
    entry = await lesson.restore(context.store, code, context.now)
    if entry is None:
        raise Refusal("lesson.counts_already", code=code)
    way = Choice.of("lesson.choice_undo", f"lesson.undo:{code}", code=code)
    return Outcome([entry], [context.reply("lesson.restored", way, case=code, code=code)], case=code)


async def _code(message: InboundMessage, context: Context) -> str:
    return (await casework.ours(context, message.argument)).code
