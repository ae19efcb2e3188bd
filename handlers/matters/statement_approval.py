"""The unit's head approves words on a matter, before they are spoken or, where they were spoken already, afterwards (F24)."""

from typing import Any

from handlers import asking, telling
from handlers.answering import speaking
from handlers.contract import LEAVE, Choice, Context, InboundMessage, Outcome, Place, Screen
from handlers.matters import matterwork
from models.casework import statement
from models.casework.matter import Matter
from models.casework.statement import Statement, StatementState
from models.errors import Refusal
from models.evidence import item
from models.evidence.item import ItemKind
from models.people.person import Person, accounts_of
from models.text import number

S = StatementState


async def _known(context: Context, argument: str) -> tuple[Statement, Matter]:
    """A statement on a matter that whoever writes may see."""
    found = await context.store.get(Statement, number(argument) or 0)
    if found is None:
        raise Refusal("start.stale")
    return found, await matterwork.ours(context, found.matter_code)


async def _for_me(context: Context, argument: str) -> tuple[Statement, Matter]:
    """One I may decide on, that still waits; two at once: the other reads who was first."""
    found, about = await _known(context, argument)
    await speaking.decides(context, about.unit_id, {found.person_id}, "statement", about.code)
    if found.state in statement.WAITING:
        return found, about
    decided = await context.store.get(Person, found.decided_by) if found.decided_by is not None else None
    raise Refusal(f"statement.was_{found.state.value}", code=about.code, name=decided.name if decided else "–")


async def _mine(context: Context, argument: str, state: StatementState) -> tuple[Statement, Matter]:
    """One of my own that stands at some point."""
    found, about = await _known(context, argument)
    if found.person_id != context.my_id or found.state is not state:
        raise Refusal("start.stale")
    return found, about


async def give(message: InboundMessage, context: Context) -> Outcome:
    """Approved: the author may speak; or the approval that was owed."""
    found, about = await _for_me(context, message.argument)
    late = found.state is S.OWED
    entry = found.decide(about, S.GIVEN_LATER if late else S.APPROVED, context.my_id, context.now)
    ways = () if late else (Choice("choice.statement_spoken", f"statement.go:{found.id}"),)
    notice = Screen.of("statement.given_late" if late else "statement.given", *ways, code=about.code, head=context.me.name)
    told = context.tell(await accounts_of(context.store, found.person_id), notice, about.code)
    key = "statement.approved_late" if late else "statement.approved"
    return Outcome([entry], [context.reply(key, case=about.code, code=about.code), *told], case=about.code)


async def go(message: InboundMessage, context: Context) -> Outcome:
    """The author has spoken what was approved: now it is on the matter's record, and its clocks are met."""
    found, about = await _mine(context, message.argument, S.APPROVED)
    await matterwork.led(context, about.code)
    outcome = await matterwork.put_on_record(context, about, context.now, found.form, found.item, found)
    found.state = S.SPOKEN
    return outcome


async def undo(message: InboundMessage, context: Context) -> Outcome:
    """Taken back by its author while it waits: nothing was spoken."""
    found, about = await _mine(context, message.argument, S.ASKED)
    entry = found.decide(about, S.UNDONE, context.my_id, context.now)
    again = Choice("choice.matter_spoke", f"statement.begin:{about.code}")
    return Outcome([entry], [context.reply("statement.undone", again, case=about.code, code=about.code)], case=about.code)


async def give_back(message: InboundMessage, context: Context) -> Outcome:
    """Back to its author: what is to be changed?"""
    found, about = await _for_me(context, message.argument)
    screen = context.reply("statement.return_why", Choice("choice.quit", "=quit"), case=about.code, code=about.code)
    return Outcome(screens=[screen], place=Place("statement_approval", "return", {"statement": found.id, "code": about.code}))


async def given_back(message: InboundMessage, context: Context) -> Outcome:
    """The words that go back with it; what was spoken stays spoken, the objection stands beside it."""
    if asking.quits(message):
        return asking.left(context)
    asking.reason(message)
    said = asking.said(context)
    found, about = await _for_me(context, str(said.get("statement", "")))
    late = found.state is S.OWED
    why = context.item(ItemKind.REASON, message.text, about.code)
    entry = found.decide(about, S.OBJECTED if late else S.RETURNED, context.my_id, context.now, why.digest)
    text = await item.item(context.store, found.item) or item.TOMBSTONE
    ways = () if late else (Choice("choice.matter_spoke", f"statement.begin:{about.code}"),)
    values: dict[str, Any] = {"code": about.code, "head": context.me.name, "reason": why, "text": text}
    accounts = list(await accounts_of(context.store, found.person_id))
    accounts += await telling.officer_accounts(context) if late else []
    told = context.tell(accounts, Screen.of("statement.objected" if late else "statement.returned", *ways, **values), about.code)
    return Outcome([entry], [context.reply("statement.return_done", case=about.code, code=about.code), *told], LEAVE, about.code)
