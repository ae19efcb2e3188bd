"""The times of a matter, and its end: what starts its clocks, and what stops them."""

from datetime import datetime

from handlers import asking, casework
from handlers.contract import LEAVE, Choice, Context, InboundMessage, Outcome, Place, Screen
from handlers.form import chosen
from handlers.matters import matterwork
from models.casework import inquiry, matter
from models.casework.matter import DETERMINED, Matter, MatterOutcome
from models.errors import Refusal
from models.evidence.item import ItemKind
from models.law.terms import Trigger
from models.texts import Words


async def time(message: InboundMessage, context: Context) -> Outcome:
    """Which of the times?"""
    found = await matterwork.led(context, message.argument)
    ways = [Choice(f"choice.{which.value}", f"={which.value}") for which in matter.TIMES]
    said = await matterwork.facts(context, found)
    screen = context.reply("matter.time", *ways, Choice("choice.quit", "=quit"), case=found.code, **said)
    return Outcome(screens=[screen], place=Place("timing", "which", {"code": found.code}))


async def determine(message: InboundMessage, context: Context) -> Outcome:
    """Opinion is (likely) divided: who says so and when starts the duty of Decree 244/2026 Art 7(4)."""
    found = await matterwork.led(context, message.argument)
    return await _ask_time(context, found, DETERMINED)


async def timed_which(message: InboundMessage, context: Context) -> Outcome:
    """When was it?"""
    if asking.quits(message):
        return asking.left(context)
    found = await matterwork.led(context, casework.code_here(context))
    return await _ask_time(context, found, Trigger(chosen(message, *(which.value for which in matter.TIMES))))


async def _ask_time(context: Context, found: Matter, which: Trigger) -> Outcome:
    before: datetime | None = getattr(found, which.value)
    key = f"matter.ask_{which.value}"
    screen = context.reply(
        key,
        Choice("choice.matter_now", "=now"),
        Choice("choice.quit", "=quit"),
        case=found.code,
        before=before or Words.of("matter.time_unknown"),
    )
    return Outcome(screens=[screen], place=Place("timing", "at", {"code": found.code, "which": which.value}))


async def timed(message: InboundMessage, context: Context) -> Outcome:
    """The time; correcting a known one wants a reason first."""
    if asking.quits(message):
        return asking.left(context)
    found = await matterwork.led(context, casework.code_here(context))
    said = asking.said(context)
    which = Trigger(said["which"])
    at = matterwork.said_time(message, context, found.times, which)
    if getattr(found, which.value) is None:
        return await _record(context, found, which, at, None)
    screen = context.reply("matter.time_why", Choice("choice.quit", "=quit"), case=found.code, at=at)
    return Outcome(screens=[screen], place=Place("timing", "why", said | {"at": at.isoformat()}))


async def timed_why(message: InboundMessage, context: Context) -> Outcome:
    """Why the recorded time was wrong."""
    if asking.quits(message):
        return asking.left(context)
    found = await matterwork.led(context, casework.code_here(context))
    said = asking.said(context)
    why = context.item(ItemKind.REASON, asking.reason(message), found.code)
    return await _record(context, found, Trigger(said["which"]), datetime.fromisoformat(said["at"]), why.digest)


async def _record(context: Context, found: Matter, which: Trigger, at: datetime, reason: str | None) -> Outcome:
    """A new time starts its clocks; those of the time it replaces stop."""
    clocks = await matter.clocks_of(context.store, found.code)
    old = [c for c in clocks if c.state is matter.DeadlineState.RUNNING and c.started_at == getattr(found, which.value)]
    for clock in old:
        clock.stop(context.now)
    new = matterwork.start(context, found.code, found.kind, found.pack_id, {which: at})
    entry = found.time(which, at, context.now, by=context.my_id, clocks=[*old, *new], reason=reason)
    await context.store.flush()
    notice = Screen.of(
        "matter.timed_notice",
        Choice("choice.matter_show", f"matter.show:{found.code}"),
        which=Words.of(f"matter.{which.value}"),
        at=at,
        **await matterwork.facts(context, found),
    )
    told = await matterwork.tell(context, found, notice, officers=bool(new))
    return Outcome([entry], told, LEAVE, found.code) + await matterwork.page(context, found)


async def close(message: InboundMessage, context: Context) -> Outcome:
    """How did it end?"""
    found = await matterwork.led(context, message.argument)
    ways = [Choice(f"choice.matter_outcome_{outcome.value}", f"={outcome.value}") for outcome in MatterOutcome]
    screen = context.reply("matter.close", *ways, Choice("choice.quit", "=quit"), case=found.code, code=found.code)
    return Outcome(screens=[screen], place=Place("closing", "outcome", {"code": found.code}))


async def closing(message: InboundMessage, context: Context) -> Outcome:
    """In words, for whoever reads the file later."""
    if asking.quits(message):
        return asking.left(context)
    found = await matterwork.led(context, casework.code_here(context))
    outcome = chosen(message, *(outcome.value for outcome in MatterOutcome))
    if outcome == MatterOutcome.SPOKEN.value and found.first_statement_at is None:
        raise Refusal("matter.nobody_spoke", code=found.code)
    screen = context.reply("matter.close_why", Choice("choice.quit", "=quit"), case=found.code, code=found.code)
    return Outcome(screens=[screen], place=Place("closing", "why", {"code": found.code, "outcome": outcome}))


async def closed(message: InboundMessage, context: Context) -> Outcome:
    """The end is on record; its inquiries stay as they are."""
    if asking.quits(message):
        return asking.left(context)
    found = await matterwork.led(context, casework.code_here(context))
    said = asking.said(context)
    why = context.item(ItemKind.REASON, asking.reason(message), found.code)
    entry = found.close(MatterOutcome(said["outcome"]), why.digest, await matter.clocks_of(context.store, found.code), context.now)
    left = [case.code for case in await matter.inquiries_of(context.store, found.code) if case.state in inquiry.OPEN]
    note = [context.reply("matter.still_open", case=found.code, codes=", ".join(left))] if left else []
    return Outcome([entry], note, LEAVE, found.code) + await matterwork.page(context, found)


async def reopen(message: InboundMessage, context: Context) -> Outcome:
    """It goes on after all: why?"""
    found = await matterwork.led(context, message.argument)
    if found.state in matter.LIVE:
        raise Refusal("matter.not_now", code=found.code)
    screen = context.reply("matter.reopen", Choice("choice.quit", "=quit"), case=found.code, code=found.code)
    return Outcome(screens=[screen], place=Place("closing", "reopen", {"code": found.code}))


async def reopened(message: InboundMessage, context: Context) -> Outcome:
    """The reason."""
    if asking.quits(message):
        return asking.left(context)
    found = await matterwork.led(context, casework.code_here(context))
    why = context.item(ItemKind.REASON, asking.reason(message), found.code)
    return Outcome([found.reopen(why.digest)], place=LEAVE, case=found.code) + await matterwork.page(context, found)
