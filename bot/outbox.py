"""The one door out, its bookkeeping: claim what is due in order per chat, settle what happened."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, update
from sqlmodel import col, select

from bot.channels.base import Parcel, Rejected, Retry, SendError, Uncertain, Unreachable
from bot.machine import Machine
from models.item import Attachment, Item
from models.item import files as files_by_id
from models.message import InboxMessage, OutboxMessage, OutboxState
from models.person import Account
from models.store import Store

BATCH = 200
MAX_ATTEMPTS = 8
LEASE = timedelta(minutes=5)  # longer than any call may take
RESENT = "delivery.resent"


@dataclass(frozen=True)
class Result:
    """What became of one row: its message key, or the error that stopped it."""

    row: OutboxMessage
    key: str | None = None
    error: SendError | None = None


async def due(store: Store, channel: str, at: datetime, most: int = BATCH) -> Sequence[OutboxMessage]:
    """Rows of a channel that may go now: replies before urgent before bulk, and in each chat the oldest of its priority first."""
    found = await store.scalars(
        select(OutboxMessage)
        .where(OutboxMessage.state == OutboxState.QUEUED, OutboxMessage.channel == channel, col(OutboxMessage.due_at) <= at)
        .order_by(col(OutboxMessage.priority), col(OutboxMessage.id))
        .limit(most)
        .with_for_update(skip_locked=True, key_share=True)  # of several senders each takes rows nobody else has
    )
    rows = found.all()
    if not rows:
        return []
    heads = await store.execute(
        select(OutboxMessage.account_id, OutboxMessage.priority, func.min(OutboxMessage.id))
        .where(
            col(OutboxMessage.state).in_([OutboxState.QUEUED, OutboxState.SENDING]),
            col(OutboxMessage.account_id).in_({r.account_id for r in rows}),
        )
        .group_by(col(OutboxMessage.account_id), col(OutboxMessage.priority))
    )
    first = {(account, priority): row_id for account, priority, row_id in heads.all()}
    return [row for row in rows if first[row.account_id, row.priority] == row.id]


async def parcels(store: Store, machine: Machine, rows: Sequence[OutboxMessage]) -> list[Parcel]:
    """Rows with everything a channel needs to send them."""
    chats = await _chats(store, rows)
    shared = {r.item_digest for r in rows if r.item_digest is not None}
    items: dict[str, Item] = {}
    if shared:
        items = {i.digest: i for i in (await store.scalars(select(Item).where(col(Item.digest).in_(shared)))).all()}
    wanted = [file for row in rows for file in row.files or []]
    files: dict[str, Attachment] = {f.id: f for f in await files_by_id(store, wanted)}
    made: list[Parcel] = []
    for row in rows:
        chat, language = chats[row.account_id]
        text = str(items[row.item_digest]) if row.item_digest is not None else row.text or ""
        if row.resent and text:
            text = f"{machine.office.texts.say(language, RESENT)} {text}"
        made.append(Parcel(row, chat, text, row.choices or [], [files[f] for f in row.files or [] if f in files], row.resent))
    return made


async def _chats(store: Store, rows: Sequence[OutboxMessage]) -> Mapping[int, tuple[str, str]]:
    found = await store.execute(
        select(Account.id, Account.external_id, Account.language).where(col(Account.id).in_({r.account_id for r in rows}))
    )
    return {int(account or 0): (chat, language) for account, chat, language in found.all()}


async def mark_sending(store: Store, ids: Sequence[int], at: datetime) -> None:
    """Committed before the calls are made, so that a crash leaves these and only these uncertain; `due_at` now says until when
    other machines believe that somebody is sending them.
    """
    await store.execute(update(OutboxMessage).where(col(OutboxMessage.id).in_(ids)).values(state=OutboxState.SENDING, due_at=at + LEASE))


async def settle(store: Store, results: Sequence[Result], at: datetime) -> None:
    """Record every attempt; what somebody must know comes back as a `delivery` message."""
    for result in results:
        row = await store.merge(result.row, load=True)
        row.attempts += 1
        if result.error is None:
            row.state, row.message_key, row.sent_at, row.problem = OutboxState.SENT, result.key, at, None
            if row.official and row.broadcast_id is None and (row.choices or row.text):
                report(store, f"sent-{row.id}", {"outbox": row.id}, at)
            continue
        row.problem = result.error.problem
        match result.error:
            case Retry(after=after) if row.attempts < MAX_ATTEMPTS:
                row.state, row.due_at = OutboxState.QUEUED, at + timedelta(seconds=after or min(300, 2**row.attempts))
            case Uncertain():
                uncertain(row, at)
                report(store, f"uncertain-{row.id}-{row.attempts}", {"outbox": row.id, "failure": "uncertain"}, at)
            case _:
                row.state = OutboxState.FAILED
                failure = (
                    "unreachable"
                    if isinstance(result.error, Unreachable)
                    else "rejected"
                    if isinstance(result.error, Rejected)
                    else "given_up"
                )
                report(store, f"failed-{row.id}-{row.attempts}", {"outbox": row.id, "failure": failure}, at)
    await _finished(store, {r.row.broadcast_id for r in results if r.row.broadcast_id is not None}, at)


def uncertain(row: OutboxMessage, at: datetime) -> None:
    """An answer or notice goes again, saying so; a release waits for an officer (invariant 7)."""
    row.due_at = at
    if row.broadcast_id is None:
        row.state, row.resent = OutboxState.QUEUED, True
    else:
        row.state = OutboxState.UNCERTAIN


def report(store: Store, external_id: str, payload: dict[str, Any], at: datetime) -> None:
    """A delivery comes back by the front door, in the transaction that settled it."""
    row = InboxMessage(channel="sender", external_id=external_id, chat="sender", payload=json.dumps(payload), received_at=at)
    store.add(row)


async def _finished(store: Store, broadcasts: set[int], at: datetime) -> None:
    """A broadcast whose last row is settled says so, once."""
    if not broadcasts:
        return
    await store.flush()
    left = await store.execute(
        select(OutboxMessage.broadcast_id)
        .where(col(OutboxMessage.broadcast_id).in_(broadcasts), col(OutboxMessage.state).in_([OutboxState.QUEUED, OutboxState.SENDING]))
        .distinct()
    )
    for broadcast in sorted(broadcasts - {row[0] for row in left.all()}):
        known = select(InboxMessage.id).where(InboxMessage.channel == "sender", InboxMessage.external_id == f"broadcast-{broadcast}")
        if (await store.execute(known)).first() is None:
            report(store, f"broadcast-{broadcast}", {"broadcast": broadcast}, at)


async def recover(store: Store, at: datetime, *, alone: bool = True) -> int:
    """After a crash: what was `sending` is uncertain. Returns how many rows that were.

    Where other machines send too (not `alone`), only what nobody can be sending any more.
    """
    sending = select(OutboxMessage).where(OutboxMessage.state == OutboxState.SENDING)
    if not alone:
        sending = sending.where(col(OutboxMessage.due_at) <= at)
    rows = (await store.scalars(sending.with_for_update(skip_locked=True, key_share=True))).all()
    for row in rows:
        row.attempts += 1  # it began, and a second crash is a second report
        uncertain(row, at)
        report(store, f"crash-{row.id}-{row.attempts}", {"outbox": row.id, "failure": "uncertain"}, at)
    await _finished(store, {row.broadcast_id for row in rows if row.broadcast_id is not None}, at)
    return len(rows)
