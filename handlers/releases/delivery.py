"""What the sender reports: somebody cannot be reached, an answer arrived, a broadcast is done, a message is uncertain."""

import hashlib
from typing import Any

from handlers import telling
from handlers.contract import Context, InboundMessage, Outcome, Screen
from handlers.people import reachability
from models.evidence.exchange import Entry
from models.messages import press_release
from models.messages.message import OutboxMessage
from models.messages.press_release import Broadcast, ReleaseState
from models.messages.subscription import current
from models.people.person import Account, AccountState, Trouble, account

_FOR_GOOD = frozenset({"rejected", "given_up"})


async def report(message: InboundMessage, context: Context) -> Outcome:
    """One report; successes of ordinary messages never come here."""
    if "broadcast" in message.detail:
        return await _finished(int(message.detail["broadcast"]), context)
    row = await context.store.get(OutboxMessage, int(message.detail["outbox"]))
    if row is None:
        return Outcome()
    match message.detail.get("failure"):
        case None:
            sent = row.sent_at.isoformat() if row.sent_at else None
            detail = {"outbox": row.id, "sent_at": sent, "channel": row.channel, "account": row.account_id}
            return Outcome([Entry("answer.delivered", case=row.case_code, detail=detail)], case=row.case_code)
        case "unreachable":
            return await _unreachable(row, context)
        case "moved":
            return await _follow(await context.store.get(Account, row.account_id), str(message.detail["to"]), context)
        case failure:
            return await _failed(row, str(failure), context)


async def membership(message: InboundMessage, context: Context) -> Outcome:
    """The person blocked the bot or let it in again, said by the channel before any message failed."""
    if message.detail["membership"] == "left":
        return Outcome(await _lost(context.account, context)) + await reachability.failed(context, context.account, Trouble.BLOCKED)
    return Outcome(back(context.account))


async def moved(message: InboundMessage, context: Context) -> Outcome:
    """A chat has a new address: its account follows."""
    known = await account(context.store, message.channel, str(message.detail["moved_from"]))
    return await _follow(known, str(message.detail["moved_to"]), context)


def back(known: Account | None) -> list[Entry]:
    """Whoever writes or unblocks can be reached again, and is no task any more; releases need a new consent."""
    if known is None:
        return []
    heard = [known.heard()] if known.trouble is not None else []
    if known.state is not AccountState.BLOCKED:
        return heard
    known.state = AccountState.ACTIVE
    return [*heard, Entry("account.reachable", (known,), detail={"account": known.id})]


async def _follow(known: Account | None, new: str, context: Context) -> Outcome:
    if known is None or known.external_id == new or await account(context.store, known.channel, new) is not None:
        return Outcome()
    known.external_id = new
    return Outcome([Entry("account.moved", (known,), detail={"account": known.id})])


async def _lost(known: Account | None, context: Context) -> list[Entry]:
    if known is None or known.state is not AccountState.ACTIVE:
        return []
    known.state = AccountState.BLOCKED
    entries = [Entry("account.unreachable", (known,), detail={"account": known.id})]
    present = await current(context.store, known.id or 0)
    return [*entries, present.leave(context.now)] if present is not None else entries


async def _unreachable(row: OutboxMessage, context: Context) -> Outcome:
    """Blocked or left: no more bulk to that account until the person returns and consents again (F86)."""
    known = await context.store.get(Account, row.account_id)
    lost = Outcome(await _lost(known, context)) + await reachability.failed(context, known, Trouble.BLOCKED)
    return lost + (await _failed(row, "unreachable", context) if row.case_code and row.broadcast_id is None else Outcome())


async def _failed(row: OutboxMessage, failure: str, context: Context) -> Outcome:
    """An officer learns what did not arrive, or may not have; nothing is ever called sent that was not (F32)."""
    screen = Screen.of(f"officer.delivery_{failure}", code=row.case_code or "–", channel=row.channel, number=row.id)
    detail = {"outbox": row.id, "failure": failure, "channel": row.channel}
    entries = [Entry("message.not_delivered", case=row.case_code, detail=detail)] if row.case_code else []
    told = context.tell(await telling.officer_accounts(context), screen, row.case_code)
    outcome = Outcome(entries, told if row.broadcast_id is None else [], case=row.case_code)
    if failure in _FOR_GOOD:
        outcome += await reachability.failed(context, await context.store.get(Account, row.account_id), Trouble.BOUNCED)
    return outcome


async def _finished(broadcast_id: int, context: Context) -> Outcome:
    """The last recipient is settled: one entry for the batch, with the counts and a digest of every outcome."""
    broadcast = await context.store.get(Broadcast, broadcast_id)
    if broadcast is None or broadcast.state is not ReleaseState.SENDING:
        return Outcome()
    counts = await press_release.progress(context.store, broadcast_id)
    digest = hashlib.sha256()
    for line in await press_release.outcomes(context.store, broadcast_id):
        digest.update(line.encode())
    entry = broadcast.finish(counts, digest.hexdigest(), context.now)
    values: dict[str, Any] = {"code": broadcast.release_code, "sent": counts.get("sent", 0), "total": broadcast.recipients}
    values |= {"failed": counts.get("failed", 0), "uncertain": counts.get("uncertain", 0)}
    told = context.tell(await telling.officer_accounts(context), Screen.of("release.finished", **values), broadcast.release_code)
    return Outcome([entry], told, case=broadcast.release_code)
