"""Erasing one item for good, by two people: a tombstone that reaches every copy, and a chain that still verifies."""

import json
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete
from sqlmodel import Field, SQLModel, col, or_, select

from models.errors import Refusal
from models.exchange import Entry
from models.item import TOMBSTONE, Attachment, Item, Upload
from models.message import InboxMessage, OutboxMessage
from models.person import Account
from models.store import Big, Instant, Logged, Store


class Erasure(SQLModel, Logged, table=True):
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

    def approve(self, person_id: int, at: datetime) -> Entry:
        """Another person agrees."""
        if self.done_at is not None:
            raise Refusal("erase.done_already")
        if person_id == self.asked_by:
            raise Refusal("erase.second_person")
        self.approved_by, self.done_at = person_id, at
        return Entry("erasure.done", (self,), case=self.case_code, detail={"item": self.digest, "asked_by": self.asked_by})


async def reach(store: Store, digest: str) -> list[Item]:
    """The item and every version or draft of it: they hold the same words."""
    found: dict[str, Item] = {}
    waiting = [digest]
    while waiting:
        wanted = waiting.pop()
        rows = await store.scalars(select(Item).where(or_(col(Item.digest) == wanted, col(Item.replaces) == wanted)))
        for item in rows.all():
            if item.digest not in found:
                found[item.digest] = item
                waiting.extend(key for key in (item.digest, item.replaces) if key is not None and key not in found)
    return list(found.values())


async def erase(store: Store, items: Sequence[Item], at: datetime) -> list[str]:
    """Blank the words everywhere they were copied to; returns the ids of files whose bytes must go too."""
    digests, files = {item.digest for item in items}, list[str]()
    inbox_ids = {item.inbox_id for item in items if item.inbox_id is not None}
    attached = await store.scalars(
        select(Attachment).where(or_(col(Attachment.item_digest).in_(digests), col(Attachment.inbox_id).in_(inbox_ids)))
    )
    for file in attached.all():
        file.erase(at)
        files.append(file.id)
    await store.execute(delete(Upload).where(col(Upload.attachment_id).in_(files)))
    for row in (await store.scalars(select(InboxMessage).where(col(InboxMessage.id).in_(inbox_ids)))).all():
        row.payload = json.dumps({"kind": "text", "text": TOMBSTONE}, ensure_ascii=False)
    for message in await _copies(store, items):
        if digests & set(message.quotes or ()):
            message.text = TOMBSTONE
    for item in items:
        item.erase(at)
    return files


async def _copies(store: Store, items: Sequence[Item]) -> Sequence[OutboxMessage]:
    """The messages that may repeat the items: those of their cases, and previews shown to their authors."""
    cases = {item.case_code for item in items if item.case_code is not None}
    people = {item.person_id for item in items if item.person_id is not None}
    own = select(Account.id).where(col(Account.person_id).in_(people))
    found = await store.scalars(
        select(OutboxMessage).where(or_(col(OutboxMessage.case_code).in_(cases), col(OutboxMessage.account_id).in_(own)))
    )
    return found.all()


async def pending(store: Store, erasure_id: str) -> Erasure | None:
    """A request by its number."""
    return await store.get(Erasure, int(erasure_id)) if erasure_id.isdigit() else None
