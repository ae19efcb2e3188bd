"""A chat as a browser sees it: timeline events with the words, choices and files they stand for."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar, cast

from sqlmodel import col, select

from models.evidence.item import TOMBSTONE, Attachment, Item
from models.evidence.item import files as files_by_id
from models.messages.message import InboxMessage, OutboxMessage, TimelineEvent
from models.people.person import Account
from models.store import Store
from models.text import clean

PAGE = 50
Shown = dict[str, Any]
Row = TypeVar("Row", InboxMessage, OutboxMessage)


async def after(store: Store, account: Account | None, chat: str, last: int, most: int = 200) -> list[Shown]:
    """What happened in a chat after an event, oldest first."""
    query = (
        select(TimelineEvent).where(TimelineEvent.chat == chat, col(TimelineEvent.id) > last).order_by(col(TimelineEvent.id)).limit(most)
    )
    return await _shown(store, account, (await store.scalars(query)).all())


async def before(store: Store, account: Account | None, chat: str, first: int | None, most: int = PAGE) -> list[Shown]:
    """The page of events before an event, or the newest page; oldest first."""
    query = select(TimelineEvent).where(TimelineEvent.chat == chat).order_by(col(TimelineEvent.id).desc()).limit(most)
    if first is not None:
        query = query.where(col(TimelineEvent.id) < first)
    return await _shown(store, account, list(reversed((await store.scalars(query)).all())))


async def carried(store: Store, account_id: int, file_id: str) -> bool:
    """Whether a message that reached this account carries the file."""
    sent = await store.scalars(
        select(OutboxMessage).where(
            OutboxMessage.account_id == account_id, col(OutboxMessage.message_key).is_not(None), col(OutboxMessage.files).is_not(None)
        )
    )
    return any(file_id in (row.files or []) for row in sent.all())


async def _shown(store: Store, account: Account | None, events: Sequence[TimelineEvent]) -> list[Shown]:
    """The events with everything they refer to, in one query per table."""
    said = await _by_id(store, InboxMessage, [e.inbox_id for e in events if e.inbox_id is not None])
    told = await _by_id(store, OutboxMessage, [e.outbox_id for e in events if e.outbox_id is not None])
    digests = {row.item_digest for row in told.values() if row.item_digest is not None}
    shared: dict[str, Item] = {}
    if digests:
        shared = {i.digest: i for i in (await store.scalars(select(Item).where(col(Item.digest).in_(digests)))).all()}
    payloads = {key: _payload(row) for key, row in said.items()}
    mine = [str(f) for p in payloads.values() for f in cast("list[Any]", p.get("files") or [])]
    theirs = [f for row in told.values() for f in row.files or []]
    files = {f.id: f for f in await files_by_id(store, [*mine, *theirs]) if f.erased_at is None}
    owner = account.id if account else None
    own = {key: f for key, f in files.items() if owner is not None and f.account_id == owner}
    made: list[Shown] = []
    for event in events:
        base: Shown = {"id": event.id, "kind": event.kind, "at": event.at.isoformat()}
        if event.outbox_id is not None and event.outbox_id in told:
            made.append(base | _told(told[event.outbox_id], shared, files))
        elif event.inbox_id is not None and event.inbox_id in said:
            made.append(base | _said(said[event.inbox_id], payloads[event.inbox_id], own))
    return made


def _said(row: InboxMessage, payload: Mapping[str, Any], files: Mapping[str, Attachment]) -> Shown:
    asked = cast("list[str]", payload.get("files") or [])
    return {
        "key": row.message_key,
        "what": "entered" if payload.get("code") else payload.get("kind", "text"),
        "text": TOMBSTONE if row.payload is None else clean(str(payload.get("text") or "")),
        "files": [_file(files[f]) for f in asked if f in files],
        "reply_to": payload.get("reply_to"),
        "edits": payload.get("edits"),
    }


def _told(row: OutboxMessage, shared: Mapping[str, Item], files: Mapping[str, Attachment]) -> Shown:
    text = str(shared[row.item_digest]) if row.item_digest is not None and row.item_digest in shared else row.text
    return {
        "key": row.message_key,
        "text": TOMBSTONE if text is None else text,
        "choices": row.choices or [],
        "files": [_file(files[f]) for f in row.files or [] if f in files],
        "case": row.case_code,
        "official": row.official,
    }


def _file(file: Attachment) -> Shown:
    return {"id": file.id, "name": file.name or "", "size": file.size, "type": file.media_type, "image": file.is_image}


def _payload(row: InboxMessage) -> dict[str, Any]:
    value = json.loads(row.payload or "{}")
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


async def _by_id(store: Store, table: type[Row], ids: Sequence[int]) -> dict[int | None, Row]:
    if not ids:
        return {}
    return {row.id: row for row in (await store.scalars(select(table).where(col(table.id).in_(ids)))).all()}
