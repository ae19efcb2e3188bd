"""A reporter is not content: asks for review in words; the head or the press office decides with a reason (F12)."""

from typing import Any

from handlers import asking, casework, telling
from handlers.answering import reviewing
from handlers.clocks import clocks
from handlers.contract import LEAVE, Choice, Context, InboundMessage, Outcome, Place, Screen, urgent
from handlers.form import chosen, words_of
from models.casework import inquiry, review
from models.casework.inquiry import Inquiry, InquiryState
from models.casework.review import DECIDED, Review, ReviewCause, ReviewOutcome
from models.clocks.deadline import Deadline, Target
from models.errors import Refusal
from models.evidence.item import ItemKind
from models.people.person import Role
from models.text import number
from models.texts import Due, Words


async def begin(message: InboundMessage, context: Context) -> Outcome:
    """What is not right? Only a refusal, an answer or a delay can be reviewed."""
    case = await casework.mine(context, message.argument)
    await _cause(context, case)
    screen = context.reply("review.why", Choice("choice.quit", "=quit"), case=case.code, code=case.code)
    return Outcome(screens=[screen], place=Place("review", "why", {"code": case.code}))


async def _cause(context: Context, case: Inquiry) -> ReviewCause:
    if await review.pending(context.store, case.code) is not None:
        raise Refusal("review.pending", code=case.code)
    if case.state is InquiryState.REFUSED:
        return ReviewCause.REFUSED
    if case.state is InquiryState.ANSWERED:
        return ReviewCause.PARTIAL
    clock = await casework.clock_of(context, case.code)
    if case.state not in inquiry.OPEN or clock is None or not clock.is_overdue(context.now):
        raise Refusal("review.nothing", code=case.code)
    return ReviewCause.LATE


async def asked(message: InboundMessage, context: Context) -> Outcome:
    """On record with a clock of its own; it goes to whoever decides, never to who answered."""
    if asking.quits(message):
        return asking.left(context)
    case = await casework.mine(context, casework.code_here(context))
    cause = await _cause(context, case)
    words = context.item(ItemKind.REVIEW, words_of(message, most=4000, least=casework.SHORTEST_REASON), case.code)
    clock = context.office.rules.start(case.code, review.CLOCK, context.now, target=Target.ASIDE)
    context.store.add(clock)
    await context.store.flush()
    wanted = Review(case_code=case.code, cause=cause, words=words.digest, asked_at=context.now, deadline_id=clock.id)
    context.store.add(wanted)
    await context.store.flush()
    clocks.wind(context, clock)
    notice = await reviewing.screen(context, case, wanted, "review.new")
    told = [urgent(o) for o in context.tell(await reviewing.reviewers(context, case), notice, case.code)]
    due = Due(clock.due_at) if clock.due_at is not None else Words.of("case.due_none")
    back = Choice("choice.review_withdraw", f"review.withdraw:{case.code}")
    reply = context.reply("review.received", back, case=case.code, code=case.code, due=due)
    return Outcome([wanted.asked(case, clock)], [reply, *told], LEAVE, case.code)


async def withdraw(message: InboundMessage, context: Context) -> Outcome:
    """The reporter no longer wants it; whoever was to decide need not."""
    case = await casework.mine(context, message.argument)
    wanted = await review.pending(context.store, case.code)
    if wanted is None:
        raise Refusal("review.none_pending", code=case.code)
    clock = await context.store.get(Deadline, wanted.deadline_id) if wanted.deadline_id is not None else None
    entry = wanted.withdraw(case, context.my_id, clock, context.now)
    told = context.tell(await reviewing.reviewers(context, case), Screen.of("review.told_withdrawn", code=case.code), case.code)
    return Outcome([entry], [context.reply("review.withdrawn", case=case.code, code=case.code), *told], case=case.code)


async def decide(message: InboundMessage, context: Context) -> Outcome:
    """Which way?"""
    wanted, case = await _mine(context, message.argument)
    outcomes = [ReviewOutcome.UPHELD, ReviewOutcome.LIFTED if wanted.cause is ReviewCause.REFUSED else ReviewOutcome.ANEW]
    ways = [Choice(f"choice.review_{outcome.value}", f"={outcome.value}") for outcome in outcomes]
    if wanted.cause is ReviewCause.REFUSED:
        ways.append(Choice("choice.review_anew", f"={ReviewOutcome.ANEW.value}"))
    screen = context.reply("review.decide", *ways, Choice("choice.quit", "=quit"), case=case.code, code=case.code)
    return Outcome(screens=[screen], place=Place("review", "outcome", {"code": case.code, "review": wanted.id}))


async def _mine(context: Context, wanted: str) -> tuple[Review, Inquiry]:
    """A review the person may decide: the unit's head or an officer, and not of their own answer."""
    found = await context.store.get(Review, number(wanted) or 0)
    if found is None:
        raise Refusal("start.stale")
    case = await casework.ours(context, found.case_code)
    if Role.OFFICER not in context.roles and context.my_id not in await reviewing.heads(context, case.unit_id):
        raise Refusal("review.head_only", code=case.code)
    if found.outcome is not None:
        raise Refusal("review.decided", code=case.code)
    if await review.spoke_last(context.store, case.code) == context.my_id:
        raise Refusal("review.own", code=case.code)
    return found, case


async def outcome(message: InboundMessage, context: Context) -> Outcome:
    """Why, in words the reporter reads."""
    if asking.quits(message):
        return asking.left(context)
    wanted, case = await _mine(context, str(asking.said(context).get("review", "")))
    way = chosen(message, *(outcome.value for outcome in DECIDED))
    screen = context.reply("review.reason", Choice("choice.quit", "=quit"), case=case.code, code=case.code)
    return Outcome(screens=[screen], place=Place("review", "reason", {"code": case.code, "review": wanted.id, "outcome": way}))


async def decided(message: InboundMessage, context: Context) -> Outcome:
    """The reporter is told; unless it is upheld the unit has to answer, with a new clock where the case had ended."""
    if asking.quits(message):
        return asking.left(context)
    said = asking.said(context)
    wanted, case = await _mine(context, str(said.get("review", "")))
    way = ReviewOutcome(said["outcome"])
    why = context.item(ItemKind.REASON, asking.reason(message), case.code)
    clock = await context.store.get(Deadline, wanted.deadline_id) if wanted.deadline_id is not None else None
    spoke = await review.spoke_last(context.store, case.code)
    entries = [wanted.decide(case, way, why.digest, context.my_id, spoke, clock, context.now)]
    if way is not ReviewOutcome.UPHELD and case.state in inquiry.ENDED:
        again = context.office.rules.asked(case.code, case.kind, context.now, unit_id=case.unit_id)
        context.store.add(again)
        clocks.wind(context, again)
        entries.append(case.assign(case.unit_id or "", context.now, reason=why.digest, clock=again))
        await context.store.flush()
    values: dict[str, Any] = await casework.facts(context, case) | {"reason": why, "outcome": Words.of(f"review.outcome_{way.value}")}
    status = Choice("choice.status", f"case.show:{case.code}")
    told = await telling.tell_reporter(context, case, Screen.of(f"review.told_{way.value}", status, **values))
    told += await telling.tell_unit(context, case, "review.told_unit", reason=why, outcome=values["outcome"])
    return Outcome(entries, [context.reply("review.done", case=case.code, **values), *told], LEAVE, case.code)
