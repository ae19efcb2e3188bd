"""A reporter and their cases: where they stand, adding, correcting, withdrawing, rating."""

from dataclasses import replace

from handlers import asking, casework, telling
from handlers.clocks import targets
from handlers.contract import LEAVE, Choice, Context, InboundMessage, Kind, Outcome, Place
from handlers.form import chosen
from handlers.inquiries import additions
from models import codes
from models.casework import inquiry
from models.casework.answer import AnswerState, unsent_answers
from models.casework.inquiry import Inquiry, InquiryState, Rating
from models.clocks import deadline
from models.errors import Refusal
from models.evidence.item import ItemKind

LISTED = 10


async def list_(_message: InboundMessage, context: Context) -> Outcome:
    """The person's own cases, open ones first."""
    cases = await inquiry.of_reporter(context.store, context.my_id, LISTED)
    if not cases:
        return Outcome(screens=[context.reply("case.none", Choice("choice.ask_begin", "ask.begin"))])
    texts, language = context.office.texts, context.here.language
    lines = [texts.say(language, "case.line", await casework.facts(context, case)) for case in cases]
    ways = [Choice.of("choice.plain", f"case.show:{case.code}", text=case.code) for case in cases[:4]]
    return Outcome(screens=[context.reply("case.list", *ways, lines="\n".join(lines))])


async def show(message: InboundMessage, context: Context) -> Outcome:
    """One case: who has it, since when, what is owed, what comes next (F4)."""
    code = message.argument or (codes.find(message.text, codes.INQUIRY) or [""])[0]
    case = await casework.mine(context, code)
    return Outcome(
        screens=[
            context.reply(
                f"case.show_{case.state.value}", *await _ways(context, case), case=case.code, **await casework.facts(context, case)
            )
        ]
    )


async def _ways(context: Context, case: Inquiry) -> tuple[Choice, ...]:
    code = case.code
    more, again = Choice("choice.follow_up", f"case.add:{code}"), Choice("choice.review", f"review.begin:{code}")
    match case.state:
        case InquiryState.WITHDRAWN:
            return (Choice("choice.ask_begin", "ask.begin"),)
        case InquiryState.ANSWERED:
            return (*telling.rating_choices(code), more, again)
        case InquiryState.REFUSED:
            return (more, again, Choice("choice.obstruction", "obstruction.begin"))
        case _:
            clock = await casework.clock_of(context, code)
            late = (again,) if clock is not None and clock.is_overdue(context.now) else ()
            return (more, Choice("choice.withdraw", f"case.withdraw:{code}"), Choice("choice.why_due", f"clock.why:{code}"), *late)


def about_a_case(message: InboundMessage, _context: Context) -> bool:
    """The message answers another one, or writes a case code."""
    return message.reply_to is not None or bool(codes.find(message.text, codes.INQUIRY))


async def said_about(message: InboundMessage, context: Context) -> Outcome:
    """A code alone asks where the case stands; words or files beside it, or a reply to one of its messages, add to it."""
    code = await casework.code_of(message, context)
    if code is None:
        raise Refusal("case.reply_unknown")
    case = await casework.mine(context, code)
    words = codes.without(message.text) if message.reply_to is None else message.text
    if not words and not message.files:
        return await show(replace(message, choice=f"case.show:{code}"), context)
    return await additions.follow_up(context, case, context.item(ItemKind.FOLLOW_UP, message.text), message.files)


async def add(message: InboundMessage, context: Context) -> Outcome:
    """Invite an addition."""
    case = await casework.mine(context, message.argument)
    if case.state is InquiryState.WITHDRAWN:
        raise Refusal("case.withdrawn_already", code=case.code)
    screen = context.reply("case.add", Choice("choice.quit", "=quit"), case=case.code, code=case.code)
    return Outcome(screens=[screen], place=Place("case", "add", {"code": case.code}))


async def added(message: InboundMessage, context: Context) -> Outcome:
    """The addition."""
    if asking.quits(message):
        return asking.left(context)
    case = await casework.mine(context, casework.code_here(context))
    if message.kind is not Kind.TEXT:
        raise Refusal("case.add_words", code=case.code)
    return await additions.follow_up(context, case, context.item(ItemKind.FOLLOW_UP, message.text), message.files)


async def edited(message: InboundMessage, context: Context) -> Outcome:
    """A message said differently: a new version of what it became; the old one stays (F10)."""
    return await additions.corrected(message, context)


async def withdraw(message: InboundMessage, context: Context) -> Outcome:
    """Ask once before a question is taken back."""
    case = await casework.mine(context, message.argument)
    if case.state not in inquiry.OPEN:
        raise Refusal("case.withdraw_ended", code=case.code)
    ways = (Choice("choice.withdraw_yes", "=yes"), Choice("choice.keep", "=quit"))
    return Outcome(
        screens=[context.reply("case.withdraw", *ways, case=case.code, code=case.code)],
        place=Place("case", "withdraw", {"code": case.code}),
    )


async def withdrawn(message: InboundMessage, context: Context) -> Outcome:
    """Taken back, or kept after all; a confirmed answer that has not gone out stays unsent."""
    case = await casework.mine(context, casework.code_here(context))
    if message.kind is not Kind.CHOICE:
        raise Refusal("form.please_choose")
    if chosen(message, "yes", "quit") == "quit":
        return Outcome(screens=[context.reply("case.kept", case=case.code, code=case.code)], place=LEAVE)
    clock = await casework.clock_of(context, case.code)
    if clock is not None and clock.state in {deadline.DeadlineState.RUNNING, deadline.DeadlineState.PAUSED}:
        clock.stop(context.now)
    was_with_unit = case.state is not InquiryState.RECEIVED
    entry = await targets.dropped(context, case, case.withdraw(clock, context.now))
    pending = await unsent_answers(context.store, case.code)
    for answer in pending:
        answer.state = AnswerState.UNDONE
    entry = replace(entry, about=(*entry.about, *pending))
    told = await telling.tell_unit(context, case, "desk.withdrawn") if was_with_unit else []
    return Outcome([entry], [context.reply("case.withdrawn", case=case.code, code=case.code), *told], LEAVE, case.code)


async def rate(message: InboundMessage, context: Context) -> Outcome:
    """One tap rates; less than clear is asked for a reason, which may be skipped (F11)."""
    code, _, level = message.argument.partition(":")
    case = await casework.mine(context, code)
    if level not in set(Rating):
        raise Refusal("start.stale")
    if case.rating == level:
        raise Refusal("rating.already", code=code)
    if Rating(level) is Rating.CLEAR:
        return await _rated(context, case, Rating.CLEAR, None)
    if case.state is not InquiryState.ANSWERED:
        raise Refusal("rating.not_answered", code=code)
    screen = context.reply("rating.reason", Choice("choice.skip", "=skip"), case=code, code=code)
    return Outcome(screens=[screen], place=Place("case", "rate", {"code": code, "level": level}))


async def rated(message: InboundMessage, context: Context) -> Outcome:
    """The reason for a rating, or none."""
    case = await casework.mine(context, casework.code_here(context))
    level = Rating(context.conversation.said()["level"] if context.conversation else Rating.PARTIAL)
    if message.kind is Kind.CHOICE and chosen(message, "skip"):
        return await _rated(context, case, level, None)
    if not message.text:
        raise Refusal("rating.reason_in_words")
    return await _rated(context, case, level, message.text)


async def _rated(context: Context, case: Inquiry, level: Rating, reason: str | None) -> Outcome:
    kept = context.item(ItemKind.REASON, reason, case.code) if reason else None
    entry = case.rate(level, kept)
    told = await telling.tell_unit(context, case, f"desk.rated_{level.value}", reason=kept or "–") if level is not Rating.CLEAR else []
    ways = () if level is Rating.CLEAR else (Choice("choice.follow_up", f"case.add:{case.code}"),)
    return Outcome([entry], [context.reply(f"rating.thanks_{level.value}", *ways, case=case.code, code=case.code), *told], LEAVE, case.code)
