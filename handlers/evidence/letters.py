"""Letters from chat: an officer orders the one a case needs, and gets it as a document to number, sign and send (F35, F44)."""

from typing import Any

from handlers import casework
from handlers.contract import LEAVE, Context, InboundMessage, Outcome, Screen
from models.casework import inquiry
from models.errors import Refusal
from models.evidence.exchange import Entry
from models.reports.order import ReportOrder, fill

REMINDER, TRANSFER = "letter_reminder", "letter_transfer"


async def order(message: InboundMessage, context: Context) -> Outcome:
    """`letter.draft:reminder:YC-…`, `letter.draft:transfer:YC-…`: made by the machine in a moment, outside this transaction."""
    kind, _, code = message.argument.rpartition(":")
    case = await casework.ours(context, code)
    if kind not in {"reminder", "transfer"}:
        raise Refusal("start.stale")
    if case.unit_id is None:
        raise Refusal("letter.no_unit", code=case.code)
    clock = await casework.clock_of(context, case.code)
    if kind == "reminder" and (case.state not in inquiry.OPEN or clock is None or not clock.is_overdue(context.now)):
        raise Refusal("letter.not_late", code=case.code)
    wanted = REMINDER if kind == "reminder" else TRANSFER
    context.store.add(ReportOrder(account_id=context.here.id or 0, kind=wanted, period=case.code, asked_at=context.now))
    return Outcome(screens=[context.reply("letter.ordered", case=case.code, code=case.code)], place=LEAVE)


async def ready(message: InboundMessage, context: Context) -> Outcome:
    """The document is there: to whoever ordered it; that it was drafted is an entry of the case."""
    said: dict[str, Any] = dict(message.detail)
    filled = await fill(context.store, int(said["order"]), context.now)
    if filled is None:
        return Outcome()
    wanted, account = filled
    case = await casework.known(context, wanted.period)
    entry = Entry(
        "letter.drafted",
        case=case.code,
        detail={"kind": wanted.kind, "digest": said["digest"], "account": account.id},
        unit_id=case.unit_id,
        pack=case.pack_id,
    )
    return Outcome([entry], context.tell([account], Screen.of("letter.ready", files=[said["file"]], code=case.code), case.code))
