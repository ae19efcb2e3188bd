"""Erasing one item for good, by two people: a tombstone that reaches every copy, and a chain that still verifies."""

import json
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Text, bindparam, cast, delete
from sqlmodel import Field, col, or_, select

from models.errors import Refusal
from models.evidence.exchange import Entry, ExchangeEntry
from models.evidence.item import TOMBSTONE, Attachment, Item, Upload
from models.messages.message import LOCAL, InboxMessage, OutboxMessage, OutboxState
from models.store import Big, Instant, Logged, Row, Store
from models.text import number


class Erasure(Row, Logged, table=True):
    """A request by one officer that another must approve."""

    id: int | None = Field(default=None, primary_key=True, sa_type=Big)
    digest: str = Field(max_length=64)
    case_code: str | None = Field(default=None, index=True)
    reason: str = Field(foreign_key="item.digest")
    asked_by: int = Field(foreign_key="person.id")
    asked_at: datetime = Field(sa_type=Instant)
    approved_by: int | None = Field(default=None, foreign_key="person.id")
    done_at: datetime | None = Field(default=None, sa_type=Instant)

    def asked(self) -> Entry:
        """One person asks, with a reason."""
        return Entry("erasure.asked", (self,), case=self.case_code, detail={"item": self.digest, "reason": self.reason})

    def approve(self, person_id: int, at: datetime, items: Sequence[Item], files: Sequence[Attachment]) -> Entry:
        """Another person agrees; the entry names everything that goes, so that nothing can go without one."""
        if self.done_at is not None or all(item.erased_at for item in items):
            raise Refusal("erase.done_already")
        if person_id == self.asked_by:
            raise Refusal("erase.second_person")
        self.approved_by, self.done_at = person_id, at
        detail = {"item": self.digest, "asked_by": self.asked_by}
        detail |= {"items": sorted(i.digest for i in items), "files": sorted(f.digest for f in files)}
        return Entry("erasure.done", (self,), case=self.case_code, detail=detail)


_VERSIONS = select(Item).where(or_(col(Item.digest) == bindparam("digest"), col(Item.replaces) == bindparam("digest")))


async def reach(store: Store, digest: str) -> list[Item]:
    """The item and every version or draft of it: they hold the same words."""
    found: dict[str, Item] = {}
    waiting = [digest]
    while waiting:
        wanted = waiting.pop()
        rows = await store.scalars(_VERSIONS, {"digest": wanted})
        for item in rows.all():
            if item.digest not in found:
                found[item.digest] = item
                waiting.extend(key for key in (item.digest, item.replaces) if key is not None and key not in found)
    return list(found.values())


async def files_reached(store: Store, items: Sequence[Item]) -> Sequence[Attachment]:
    """The files that came with the items, in the same message or under the same text, and are not erased yet."""
    digests, inbox_ids = [item.digest for item in items], [item.inbox_id for item in items if item.inbox_id is not None]
    belongs = or_(col(Attachment.item_digest).in_(digests), col(Attachment.inbox_id).in_(inbox_ids))
    found = await store.scalars(select(Attachment).where(belongs, col(Attachment.erased_at).is_(None)).order_by(col(Attachment.id)))
    return found.all()


async def erase(store: Store, items: Sequence[Item], files: Sequence[Attachment], at: datetime) -> list[str]:
    """Blank the words everywhere they were copied to; returns the ids of files whose bytes must go too."""
    digests = {item.digest for item in items}
    for file in files:
        file.erase(at)
    await store.execute(delete(Upload).where(col(Upload.attachment_id).in_([file.id for file in files])))
    for row in await _received(store, items):
        row.payload = json.dumps({"kind": "text", "text": TOMBSTONE}, ensure_ascii=False)
        row.problem = None  # a traceback may repeat what it failed on
    for message in await copies(store, items):
        if message.text is not None:
            message.text = TOMBSTONE
        message.choices = [_blank(choice, digests) for choice in message.choices or ()] or None
    for item in items:
        item.erase(at)
    return [file.id for file in files]


async def _received(store: Store, items: Sequence[Item]) -> Sequence[InboxMessage]:
    """The messages the words came in: the first one of every item, and the edits that made later versions of it.

    A version carries the inbox row of the message it corrects; the row of the edit itself is the cause of its entry.
    """
    cases, digests = {item.case_code for item in items if item.case_code is not None}, {item.digest for item in items}
    wanted = {item.inbox_id for item in items if item.inbox_id is not None}
    corrections = select(ExchangeEntry.cause_id, ExchangeEntry.entry).where(
        col(ExchangeEntry.case_code).in_(cases), ExchangeEntry.action == "inquiry.corrected"
    )
    for cause, text in (await store.execute(corrections)).all():
        if json.loads(text)["detail"].get("item") in digests:
            wanted.add(cause)
    return (await store.scalars(select(InboxMessage).where(col(InboxMessage.id).in_(wanted)))).all()


async def copies(store: Store, items: Sequence[Item]) -> Sequence[OutboxMessage]:
    """Every message that repeats an item, to whomever; read through the whole outbox since then, for erasing is rare."""
    quotes = cast(col(OutboxMessage.quotes), Text)
    since = min(item.created_at for item in items)
    repeats = or_(*(quotes.contains(item.digest, autoescape=True) for item in items))
    return (await store.scalars(select(OutboxMessage).where(col(OutboxMessage.created_at) >= since, repeats))).all()


async def away(store: Store, items: Sequence[Item]) -> int:
    """How many copies lie where nobody here can reach them: handed to a messenger, on their readers' phones."""
    gone = {OutboxState.SENT, OutboxState.SENDING, OutboxState.UNCERTAIN}
    return sum(message.channel != LOCAL and message.state in gone for message in await copies(store, items))


def _blank(choice: dict[str, str], digests: set[str]) -> dict[str, str]:
    """A choice that named an item by its first words."""
    named = any(digest in choice["action"] for digest in digests)
    return choice | {"label": TOMBSTONE} if named else choice


async def pending(store: Store, erasure_id: str) -> Erasure | None:
    """A request by its number."""
    wanted = number(erasure_id)
    return None if wanted is None else await store.get(Erasure, wanted)
