"""A reporter was hindered in their work: told to the press office, looked into, the end told back (F13).

The unit it speaks of reads nothing of it before an officer decides so.
"""

from typing import Any

from handlers import asking, casework, telling
from handlers.contract import LEAVE, Choice, Context, InboundMessage, Kind, Outcome, Outgoing, Place, Screen, urgent
from handlers.form import chosen, words_of
from handlers.table import argument_of
from models import codes
from models.casework import obstruction
from models.casework.obstruction import Obstruction, ObstructionOutcome, ObstructionState
from models.directory.unit import DESK, search, units
from models.errors import Refusal
from models.evidence import item
from models.evidence.item import ItemKind
from models.people import mandate
from models.people.person import Account, accounts_of
from models.texts import Words


async def begin(_message: InboundMessage, context: Context) -> Outcome:
    """What happened?"""
    return Outcome(screens=[context.reply("obstruction.what", Choice("choice.quit", "=quit"))], place=Place("obstruction", "what"))


async def what(message: InboundMessage, context: Context) -> Outcome:
    """The words and files; then where."""
    if asking.quits(message):
        return asking.left(context)
    if message.kind is not Kind.TEXT or len(message.text) < casework.SHORTEST_REASON:
        raise Refusal("obstruction.words")
    text = context.item(ItemKind.OBSTRUCTION, message.text)
    said = {"item": text.digest, "files": [f.id for f in message.files]}
    screen = context.reply("obstruction.where", Choice("choice.obstruction_unknown", "=unknown"), Choice("choice.quit", "=quit"))
    return Outcome(screens=[screen], place=Place("obstruction", "where", said))


async def where(message: InboundMessage, context: Context) -> Outcome:
    """Which unit, if it is one of ours; then it is on record and the press office sees it at once."""
    if asking.quits(message):
        return asking.left(context)
    said = asking.said(context)
    unit_id = None if message.kind is Kind.CHOICE and chosen(message, "unknown") else await _named(context, message)
    text = await casework.kept(context, said["item"])
    code = codes.make(codes.OBSTRUCTION, context.ids.chance())
    text.case_code = code
    files = await item.files(context.store, said["files"])
    refs = casework.file_to(files, code, text)
    found = Obstruction(
        code=code, reporter_id=context.my_id, account_id=context.here.id or 0, unit_id=unit_id, words=text.digest, reported_at=context.now
    )
    context.store.add(found)
    await context.store.flush()
    notice = Screen.of("obstruction.new", *_ways(found), files=files, **await _facts(context, found))
    told = [urgent(o) for o in context.tell(await telling.officer_accounts(context), notice, code)]
    return Outcome([found.reported(refs)], [context.reply("obstruction.received", case=code, code=code), *told], LEAVE, code)


async def _named(context: Context, message: InboundMessage) -> str:
    found = [u for u in search(await units(context.store, context.now), words_of(message, most=120, least=2), 1) if u.id != DESK]
    if not found:
        raise Refusal("obstruction.unit_unknown")
    return found[0].id


def _ways(found: Obstruction) -> list[Choice]:
    code, state = found.code, found.state
    if state is ObstructionState.CLOSED:
        return []
    first = [Choice("choice.obstruction_take", f"obstruction.take:{code}")] if state is ObstructionState.REPORTED else []
    share = [Choice("choice.obstruction_share", f"obstruction.share:{code}")] if found.state in _UNSHARED else []
    return [*first, *share, Choice("choice.obstruction_close", f"obstruction.close:{code}")]


_UNSHARED = frozenset({ObstructionState.REPORTED, ObstructionState.TAKEN})


async def _facts(context: Context, found: Obstruction) -> dict[str, Any]:
    people = await telling.person_of(context, found.reporter_id)
    return {
        "code": found.code,
        "reporter": people,
        "unit": context.office.unit_name(found.unit_id) if found.unit_id else Words.of("obstruction.no_unit"),
        "at": found.reported_at,
        "state": Words.of(f"obstruction.state_{found.state.value}"),
        "words": await item.item(context.store, found.words) or item.TOMBSTONE,
    }


async def list_(message: InboundMessage, context: Context) -> Outcome:
    """For officers: what is not closed; with a code, that report."""
    wanted = codes.find(argument_of(message.text), codes.OBSTRUCTION)
    found = [await _known(context, wanted[0])] if wanted else await obstruction.live(context.store, 5)
    if not found:
        return Outcome(screens=[context.reply("obstruction.none")])
    return Outcome(screens=[context.reply("obstruction.show", *_ways(one), case=one.code, **await _facts(context, one)) for one in found])


async def _known(context: Context, code: str) -> Obstruction:
    found = await context.store.get(Obstruction, code)
    if found is None:
        raise Refusal("obstruction.unknown", code=code)
    return found


async def take(message: InboundMessage, context: Context) -> Outcome:
    """One officer looks into it; the reporter hears that somebody does."""
    found = await _known(context, message.argument)
    entry = found.take(context.my_id)
    told = await _tell_reporter(context, found, Screen.of("obstruction.told_taken", code=found.code))
    reply = context.reply("obstruction.show", *_ways(found), case=found.code, **await _facts(context, found))
    return Outcome([entry], [reply, *told], case=found.code)


async def share(message: InboundMessage, context: Context) -> Outcome:
    """An officer decides which unit reads the words and explains itself."""
    found = await _known(context, message.argument)
    if found.state not in _UNSHARED:
        raise Refusal("obstruction.not_now", code=found.code)
    ways = [Choice.of("choice.plain", f"={found.unit_id}", text=context.office.unit_name(found.unit_id))] if found.unit_id else []
    screen = context.reply("obstruction.share", *ways, Choice("choice.quit", "=quit"), case=found.code, code=found.code)
    return Outcome(screens=[screen], place=Place("obstruction", "share", {"code": found.code}))


async def shared(message: InboundMessage, context: Context) -> Outcome:
    """The unit reads it now, and not before."""
    if asking.quits(message):
        return asking.left(context)
    found = await _known(context, casework.code_here(context))
    wanted = chosen(message, *context.office.unit_names) if message.kind is Kind.CHOICE else await _named(context, message)
    entry = found.share(wanted)
    values = await _facts(context, found)
    notice = Screen.of("obstruction.explain_please", Choice("choice.obstruction_explain", f"obstruction.explain:{found.code}"), **values)
    told = context.tell(await mandate.desk_accounts(context.store, wanted, context.now), notice, found.code)
    told += await _tell_reporter(context, found, Screen.of("obstruction.told_shared", code=found.code, unit=values["unit"]))
    return Outcome([entry], [context.reply("obstruction.shared", case=found.code, **values), *told], LEAVE, found.code)


async def explain(message: InboundMessage, context: Context) -> Outcome:
    """The unit's side: invite it."""
    found = await _shown_to_us(context, message.argument)
    screen = context.reply("obstruction.explain", Choice("choice.quit", "=quit"), case=found.code, code=found.code)
    return Outcome(screens=[screen], place=Place("obstruction", "explain", {"code": found.code}))


async def _shown_to_us(context: Context, code: str) -> Obstruction:
    found = await context.store.get(Obstruction, code)
    shown = {ObstructionState.SHARED, ObstructionState.EXPLAINED}
    if found is None or found.unit_id not in context.units or found.state not in shown:
        raise Refusal("obstruction.unknown", code=code)
    return found


async def explained(message: InboundMessage, context: Context) -> Outcome:
    """It goes to the press office; the reporter reads the end, not this."""
    if asking.quits(message):
        return asking.left(context)
    found = await _shown_to_us(context, casework.code_here(context))
    text = context.item(ItemKind.NOTE, asking.reason(message), found.code)
    entry = found.explain(text.digest)
    notice = Screen.of("obstruction.explained", *_ways(found), text=text, **await _facts(context, found))
    told = context.tell(await telling.officer_accounts(context), notice, found.code)
    return Outcome([entry], [context.reply("obstruction.explained_thanks", case=found.code, code=found.code), *told], LEAVE, found.code)


async def close(message: InboundMessage, context: Context) -> Outcome:
    """How did it end?"""
    found = await _known(context, message.argument)
    if found.state is ObstructionState.CLOSED:
        raise Refusal("obstruction.not_now", code=found.code)
    ways = [Choice(f"choice.obstruction_{outcome.value}", f"={outcome.value}") for outcome in ObstructionOutcome]
    screen = context.reply("obstruction.close", *ways, Choice("choice.quit", "=quit"), case=found.code, code=found.code)
    return Outcome(screens=[screen], place=Place("obstruction", "close", {"code": found.code}))


async def closing(message: InboundMessage, context: Context) -> Outcome:
    """In words the reporter reads."""
    if asking.quits(message):
        return asking.left(context)
    code = casework.code_here(context)
    outcome = chosen(message, *(outcome.value for outcome in ObstructionOutcome))
    screen = context.reply("obstruction.close_why", Choice("choice.quit", "=quit"), case=code, code=code)
    return Outcome(screens=[screen], place=Place("obstruction", "closed", {"code": code, "outcome": outcome}))


async def closed(message: InboundMessage, context: Context) -> Outcome:
    """The end; a unit that was shown the words is told as well."""
    if asking.quits(message):
        return asking.left(context)
    found = await _known(context, casework.code_here(context))
    why = context.item(ItemKind.REASON, asking.reason(message), found.code)
    was_shown = found.state in {ObstructionState.SHARED, ObstructionState.EXPLAINED}
    outcome = ObstructionOutcome(asking.said(context)["outcome"])
    entry = found.close(outcome, why.digest, context.now)
    notice = Screen.of("obstruction.told_closed", code=found.code, outcome=Words.of(f"obstruction.outcome_{outcome.value}"), reason=why)
    told = await _tell_reporter(context, found, notice)
    if was_shown and found.unit_id is not None:
        told += context.tell(await mandate.desk_accounts(context.store, found.unit_id, context.now), notice, found.code)
    return Outcome([entry], [context.reply("obstruction.closed", case=found.code, code=found.code), *told], LEAVE, found.code)


async def _tell_reporter(context: Context, found: Obstruction, screen: Screen) -> list[Outgoing]:
    asked = await context.store.get(Account, found.account_id)
    there = [a for a in await accounts_of(context.store, found.reporter_id) if asked is None or a.id == asked.id]
    return context.tell(there or (await accounts_of(context.store, found.reporter_id))[-1:], screen, found.code)
