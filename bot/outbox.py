"""The one door out, its bookkeeping: claim what is due in order per chat, settle what happened."""

import json
import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, exists, update
from sqlalchemy import select as columns
from sqlmodel import col, select

from bot.channels.base import Moved, Parcel, Rejected, Retry, SendError, Uncertain, Unreachable
from bot.machine import Machine
from bot.storage import locks
from bot.tickets import LIFE, Purpose
from models.evidence.item import Attachment, Item, Upload
from models.evidence.item import files as files_by_id
from models.installation import is_fenced
from models.messages.message import InboxMessage, OutboxMessage, OutboxState, Queued
from models.people.person import Account
from models.store import Store, table_of

BATCH = 200
MAX_ATTEMPTS = 100  # with the pauses below, a night without a network
LONGEST_PAUSE = 300  # seconds; the first is one, each next one twice as long
MAX_UNCERTAIN = 3
LEASE = timedelta(minutes=5)  # longer than any call may take
RESENT = "delivery.resent"
_TABLE = table_of(OutboxMessage)


@dataclass(frozen=True)
class Result:
    """What became of one row: its message key, or the error that stopped it."""

    row: Queued
    key: str | None = None
    error: SendError | None = None
    uploaded: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def kind(self) -> str:
        """What it is counted as."""
        return "sent" if self.error is None else type(self.error).__name__.lower()


async def due(store: Store, channel: str, at: datetime, most: int = BATCH, without: Collection[int] = ()) -> Sequence[Queued]:
    """Rows of a channel that may go now: replies before urgent before bulk, and in each chat the oldest of its priority first.

    A fenced machine has none: whoever claims asks here. `without` leaves out accounts whose chats may not be written to yet.
    """
    wanted: dict[str, Any] = {"channel": channel, "at": at, "most": most}
    if without:
        found = await store.execute(store.claiming(_DUE_BUT), {**wanted, "without": [*without]})
    else:
        found = await store.execute(store.claiming(_DUE), wanted)
    return [Queued(*row) for row in found.all()]


def _due() -> Any:
    """Built once, of tables: what SQLAlchemy does to put it together costs more than to run it."""
    row, earlier = _TABLE.c, _TABLE.alias("earlier").c
    behind = exists().where(
        earlier.state.in_([OutboxState.QUEUED, OutboxState.SENDING]),
        earlier.account_id == row.account_id,
        earlier.priority == row.priority,
        earlier.id < row.id,
    )
    query = columns(*(row[name] for name in Queued._fields)).where(
        row.channel == bindparam("channel"), row.state == OutboxState.QUEUED, row.due_at <= bindparam("at"), ~behind, ~is_fenced()
    )
    return query.order_by(row.priority, row.id).limit(bindparam("most"))


_DUE = _due()
_DUE_BUT = _DUE.where(_TABLE.c.account_id.not_in(bindparam("without", expanding=True)))
_ACCOUNT = table_of(Account).c
_CHATS = columns(_ACCOUNT.id, _ACCOUNT.external_id, _ACCOUNT.language).where(_ACCOUNT.id.in_(bindparam("accounts", expanding=True)))


async def parcels(store: Store, machine: Machine, rows: Sequence[Queued]) -> list[Parcel]:
    """Rows with everything a channel needs to send them."""
    chats = await _chats(store, rows)
    shared = {r.item_digest for r in rows if r.item_digest is not None}
    items: dict[str, Item] = {}
    if shared:
        items = {i.digest: i for i in (await store.scalars(select(Item).where(col(Item.digest).in_(shared)))).all()}
    wanted = [file for row in rows for file in row.files or []]
    files: dict[str, Attachment] = {f.id: f for f in await files_by_id(store, wanted)}
    uploads = await _uploads(store, files)
    made: list[Parcel] = []
    for row in rows:
        chat, language = chats[row.account_id]
        text = str(items[row.item_digest]) if row.item_digest is not None else row.text or ""
        if row.resent and text:
            text = f"{machine.office.texts.say(language, RESENT)} {text}"
        carried = [files[f] for f in row.files or [] if f in files]
        text, carried = _linked(machine, row, language, text, carried)
        known = {f.id: uploads[f.id, row.channel] for f in carried if (f.id, row.channel) in uploads}
        made.append(Parcel(row, chat, text, row.choices or [], carried, row.resent, known))
    return made


def _linked(machine: Machine, row: Queued, language: str, text: str, files: list[Attachment]) -> tuple[str, list[Attachment]]:
    """Files above the channel's limit go as links that end (F32); the text says so, nothing is passed over."""
    limit = machine.channels[row.channel].capabilities.upload_limit
    large = [f for f in files if f.size > limit and f.erased_at is None]
    lines = [text, *(_link(machine, language, file) for file in large)] if large else [text]
    return "\n\n".join(filter(None, lines)), [f for f in files if f not in large]


def _link(machine: Machine, language: str, file: Attachment) -> str:
    now = machine.now()
    link = f"{machine.settings.url}/{Purpose.FETCH}/{machine.tickets.make(Purpose.FETCH, file.id, now)}"
    facts = {"name": file.name or file.id, "size": math.ceil(file.size / 2**20), "link": link, "until": now + LIFE}
    return machine.office.texts.say(language, "delivery.file_link", facts)


async def _uploads(store: Store, files: Collection[str]) -> Mapping[tuple[str, str], str]:
    if not files:
        return {}
    found = (await store.scalars(select(Upload).where(col(Upload.attachment_id).in_(files)))).all()
    return {(upload.attachment_id, upload.channel): upload.reference for upload in found}


async def _chats(store: Store, rows: Sequence[Queued]) -> Mapping[int, tuple[str, str]]:
    found = await store.execute(_CHATS, {"accounts": [*{r.account_id for r in rows}]})
    return {int(account or 0): (chat, language) for account, chat, language in found.all()}


async def mark_sending(store: Store, ids: Sequence[int], at: datetime) -> None:
    """Committed before the calls are made, so that a crash leaves these and only these uncertain.

    On a shared database `due_at` now says until when other machines believe that somebody is sending them.
    """
    if ids and store.shared:
        await store.execute(_SENDING.values(due_at=at + LEASE), {"ids": [*ids]})
    elif ids:
        await store.execute(_SENDING, {"ids": [*ids]})


async def unclaim(store: Store, ids: Sequence[int], at: datetime) -> None:
    """Claimed, but the call was never begun: as before."""
    if ids:
        values: dict[str, Any] = {"state": OutboxState.QUEUED} | ({"due_at": at} if store.shared else {})
        await store.execute(update(OutboxMessage).where(col(OutboxMessage.id).in_(ids)).values(values))


_SENDING = update(_TABLE).where(_TABLE.c.id.in_(bindparam("ids", expanding=True))).values(state=OutboxState.SENDING)
_SENT = (
    update(_TABLE)
    .where(_TABLE.c.id == bindparam("row"))
    .values(state=OutboxState.SENT, sent_at=bindparam("at"), problem=None, message_key=bindparam("key"), attempts=bindparam("tried"))
)


async def settle(store: Store, results: Sequence[Result], at: datetime) -> bool:
    """Record every attempt; what somebody must know comes back as a `delivery` message. Says whether anything came back."""
    sent = [r for r in results if r.error is None]
    if sent:
        connection = await store.connection()
        rows = [{"row": r.row.id, "key": r.key, "tried": r.row.attempts + 1, "at": at} for r in sent]
        await connection.execute(_SENT, rows)
    for result in sent:
        for attachment_id, reference in result.uploaded.items():
            await store.merge(Upload(attachment_id=attachment_id, channel=result.row.channel, reference=reference))
        if result.row.official and result.row.broadcast_id is None and (result.row.choices or result.row.text):
            report(store, f"sent-{result.row.id}", {"outbox": result.row.id}, at)
    for result in results:
        if result.error is not None:
            await _failed(store, result, result.error, at)
    await _finished(store, {r.row.broadcast_id for r in results if r.row.broadcast_id is not None}, at)
    return bool(store.info.pop("reported", False))


async def _failed(store: Store, result: Result, error: SendError, at: datetime) -> None:
    row = await store.get_one(OutboxMessage, result.row.id)  # fresh: it may have been erased while it was under way
    row.attempts += 1
    row.problem = error.problem
    match error:
        case Retry(after=after) if row.attempts < MAX_ATTEMPTS or after is not None:
            wait = after or min(LONGEST_PAUSE, 2 ** (row.attempts - 1))
            row.state, row.due_at = OutboxState.QUEUED, at + timedelta(seconds=wait)
        case Moved(to=to) if row.attempts < MAX_ATTEMPTS:
            row.state, row.due_at = OutboxState.QUEUED, at + timedelta(seconds=1)
            report(store, f"moved-{row.id}-{row.attempts}", {"outbox": row.id, "failure": "moved", "to": to}, at)
        case Uncertain():
            uncertain(row, at)
            row.due_at = at + timedelta(seconds=2**row.attempts)
            if row.attempts >= MAX_UNCERTAIN:
                row.state = OutboxState.UNCERTAIN  # an officer has seen it each time; it does not go for ever
            report(store, f"uncertain-{row.id}-{row.attempts}", {"outbox": row.id, "failure": "uncertain"}, at)
        case _:
            row.state = OutboxState.FAILED
            failure = "unreachable" if isinstance(error, Unreachable) else "rejected" if isinstance(error, Rejected) else "given_up"
            report(store, f"failed-{row.id}-{row.attempts}", {"outbox": row.id, "failure": failure}, at)


def uncertain(row: OutboxMessage, at: datetime) -> None:
    """An answer or notice goes again, saying so; a release waits for an officer (invariant 7)."""
    row.due_at = at
    if row.broadcast_id is None:
        row.state, row.resent = OutboxState.QUEUED, True
    else:
        row.state = OutboxState.UNCERTAIN


def report(store: Store, external_id: str, payload: dict[str, Any], at: datetime) -> None:
    """A delivery comes back by the front door, in the transaction that settled it."""
    store.info["reported"] = True
    row = InboxMessage(channel="sender", external_id=external_id, chat="sender", payload=json.dumps(payload), received_at=at)
    store.add(row)


async def _finished(store: Store, broadcasts: set[int], at: datetime) -> None:
    """A broadcast whose last row is settled says so, once."""
    if not broadcasts:
        return
    await store.flush()
    for broadcast in sorted(broadcasts):
        await locks.settle_broadcast(store, broadcast)
        open_ = [OutboxState.QUEUED, OutboxState.SENDING]
        left = select(OutboxMessage.id).where(OutboxMessage.broadcast_id == broadcast, col(OutboxMessage.state).in_(open_)).limit(1)
        if (await store.execute(left)).first() is not None:
            continue
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
    rows = (await store.scalars(store.claiming(sending))).all()
    for row in rows:
        row.attempts += 1  # it began, and a second crash is a second report
        uncertain(row, at)
        report(store, f"crash-{row.id}-{row.attempts}", {"outbox": row.id, "failure": "uncertain"}, at)
    await _finished(store, {row.broadcast_id for row in rows if row.broadcast_id is not None}, at)
    return len(rows)
