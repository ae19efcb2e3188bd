"""A hold on a case: while it stands nothing of it is erased or masked (F73)."""

from typing import Any

from handlers import asking, casework, telling
from handlers.contract import LEAVE, Choice, Context, InboundMessage, Outcome, Place, Screen
from handlers.evidence import records
from handlers.table import argument_of
from models import codes
from models.errors import Refusal
from models.evidence import keeping
from models.evidence.item import ItemKind
from models.evidence.keeping import LegalHold


async def begin(message: InboundMessage, context: Context) -> Outcome:
    """`/giữhồsơ YC-…`: place a hold, or lift the one there is; either wants a reason."""
    wanted = codes.find(argument_of(message.text) or message.argument)
    if not wanted:
        raise Refusal("hold.which_case")
    case = await records.ours(context, wanted[0])
    held = await keeping.hold_of(context.store, case.code)
    values: dict[str, Any] = {"code": case.code} | ({"since": held.placed_at} if held is not None else {})
    key = "hold.why_lift" if held is not None else "hold.why_place"
    screen = context.reply(key, Choice("choice.quit", "=quit"), case=case.code, **values)
    return Outcome(screens=[screen], place=Place("hold", "why", {"code": case.code, "lift": held is not None}))


async def why(message: InboundMessage, context: Context) -> Outcome:
    """The reason; every officer is told."""
    if asking.quits(message):
        return asking.left(context)
    asking.reason(message)
    code = (await records.ours(context, casework.code_here(context))).code
    lifts = bool(context.conversation and context.conversation.said().get("lift"))
    held = await keeping.hold_of(context.store, code)
    if lifts != (held is not None):
        raise Refusal("hold.changed", code=code)
    reason = context.item(ItemKind.REASON, message.text, code)
    if held is not None:
        entry, key = held.lift(context.my_id, reason.digest, context.now), "hold.lifted"
    else:
        held = LegalHold(case_code=code, reason=reason.digest, placed_by=context.my_id, placed_at=context.now)
        context.store.add(held)
        entry, key = held.placed(), "hold.placed"
    told = context.tell(await telling.officer_accounts(context), Screen.of(key, code=code, name=context.me.name, reason=reason), code)
    return Outcome([entry], told, LEAVE, code)
