"""What people wrote and sent: the content tables beside the log.

The log names a text or file only by the digest of its salted bytes. Erasing an item blanks the text and the salt here and
leaves a tombstone: the digest in the log still stands, so the chain verifies, but nobody can find or guess the words again.
"""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Text, bindparam
from sqlmodel import Field, col, select

from models.recall import recalled
from models.store import Big, Instant, Row, Store, one_of

TOMBSTONE = "\N{HEAVY MINUS SIGN}"  # what stands where a text was

COVER = "\N{FULL BLOCK}"  # what stands where a letter is masked


class ItemKind(StrEnum):
    """What a text is in its case."""

    DRAFT = "draft"
    REQUESTER = "requester"
    QUESTION = "question"
    FOLLOW_UP = "follow_up"
    CLARIFICATION_ASKED = "clarification_asked"
    CLARIFICATION = "clarification"
    NOTE = "note"
    ANSWER = "answer"
    SPEAKER = "speaker"
    REASON = "reason"
    PURPOSE = "purpose"
    RELEASE = "release"
    TITLE = "title"
    STATEMENT = "statement"
    DEMAND = "demand"
    INPUT = "input"
    REVIEW = "review"
    OBSTRUCTION = "obstruction"


LONGEST = 20_000  # UTF-16 units of one text; more belongs into a file
MOST = {ItemKind.REASON: 4_000, ItemKind.PURPOSE: 4_000, ItemKind.TITLE: 1_000}  # what is read in passing
LASTING = frozenset({ItemKind.REQUESTER, ItemKind.SPEAKER})  # who asked and who spoke stay on record, unmasked


class Item(Row, table=True):
    """One text by one person, under its salted digest."""

    digest: str = Field(primary_key=True, max_length=64)
    salt: str | None = Field(default=None, max_length=64)
    kind: ItemKind = Field(sa_type=one_of(ItemKind))
    text: str | None = Field(default=None, sa_type=Text)
    case_code: str | None = Field(default=None, index=True)
    person_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    inbox_id: int | None = Field(default=None, sa_type=Big, index=True)
    replaces: str | None = Field(default=None, max_length=64, index=True)
    created_at: datetime = Field(sa_type=Instant)
    erased_at: datetime | None = Field(default=None, sa_type=Instant)
    masked: list[list[int]] | None = Field(default=None, sa_type=JSON)  # from–to of what two people decided to cover (F74)

    @classmethod
    def of(cls, kind: ItemKind, text: str, salt: str, at: datetime, **links: Any) -> "Item":
        """An item under the digest of its salt and text."""
        return cls(digest=digest(salt, text.encode()), salt=salt, kind=kind, text=text, created_at=at, **links)

    def __str__(self) -> str:
        """The words as anybody may see them: covered where they are masked, the tombstone where they were erased."""
        return TOMBSTONE if self.text is None else covered(self.text, self.masked or [])

    def erase(self, at: datetime) -> None:
        """Words and salt go; digest, kind, author and time stay."""
        self.text, self.salt, self.masked, self.erased_at = None, None, None, at


@dataclass(frozen=True)
class Excerpt:
    """The first words of an item, for a choice; erasing the item reaches them too."""

    item: Item
    most: int = 40

    @property
    def digest(self) -> str:
        """The item they are from."""
        return self.item.digest

    def __str__(self) -> str:
        words = " ".join(str(self.item).split())
        return words if len(words) <= self.most else f"{words[: self.most].rstrip()}…"


class Attachment(Row, table=True):
    """One file as received or sent; the bytes lie under HOME/files by a name nobody can guess."""

    id: str = Field(primary_key=True, max_length=32)
    digest: str = Field(max_length=64, index=True)
    salt: str | None = Field(default=None, max_length=64)
    sha256: str | None = Field(default=None, max_length=64)
    name: str | None = None
    media_type: str
    size: int
    account_id: int | None = Field(default=None, sa_type=Big, index=True)
    inbox_id: int | None = Field(default=None, sa_type=Big, index=True)
    case_code: str | None = Field(default=None, index=True)
    item_digest: str | None = Field(default=None, max_length=64, index=True)
    created_at: datetime = Field(sa_type=Instant)
    erased_at: datetime | None = Field(default=None, sa_type=Instant)

    @property
    def is_image(self) -> bool:
        """Whether a channel may show it as a picture."""
        return self.media_type in {"image/jpeg", "image/png", "image/webp", "image/gif"}

    def ref(self) -> dict[str, Any]:
        """How an entry names this file."""
        return {"digest": self.digest, "media_type": self.media_type, "size": self.size}

    def erase(self, at: datetime) -> None:
        """Name, fingerprint and salt go with the bytes; size and type stay."""
        self.name, self.sha256, self.salt, self.erased_at = None, None, None, at


class Upload(Row, table=True):
    """What a channel calls a file it has received from us once, so that it need not be sent across again."""

    attachment_id: str = Field(primary_key=True, max_length=32, foreign_key="attachment.id")
    channel: str = Field(primary_key=True)
    reference: str = Field(sa_type=Text)


def covered(text: str, spans: Sequence[Sequence[int]]) -> str:
    """The text with what is masked painted over, letter by letter; spaces stay."""
    letters = list(text)
    for start, end in spans:
        letters[start:end] = [letter if letter.isspace() else COVER for letter in letters[start:end]]
    return "".join(letters)


def digest(salt: str, content: bytes) -> str:
    """The salted digest by which the log names a content: SHA-256(salt ‖ content), salt as raw bytes of its hex."""
    return hashlib.sha256(bytes.fromhex(salt) + content).hexdigest()


async def item(store: Store, key: str | None) -> Item | None:
    """One text by its digest."""
    known = recalled(store, "items").get(key)
    return known if known is not None or key is None else await store.get(Item, key)


def keep(store: Store, kept: Item) -> Item:
    """A new text; `item` knows it before it is written."""
    store.add(kept)
    recalled(store, "items")[kept.digest] = kept
    return kept


async def recall(store: Store, keys: Collection[str]) -> None:
    """Read many texts at once; `item` then finds them in the session, which must not lose them meanwhile."""
    if keys:
        found = (await store.scalars(_BY_DIGESTS, {"keys": [*keys]})).all()
        recalled(store, "items").update((text.digest, text) for text in found)


_BY_DIGESTS = select(Item).where(col(Item.digest).in_(bindparam("keys", expanding=True)))


async def first_of_message(store: Store, inbox_id: int | None) -> Item | None:
    """The text an inbound message became, if it became one."""
    return await store.scalar(
        select(Item).where(Item.inbox_id == inbox_id, Item.kind != ItemKind.REQUESTER).order_by(col(Item.created_at)).limit(1)
    )


async def newest_of_message(store: Store, inbox_id: int | None) -> Item | None:
    """The newest version of the text an inbound message became: the one no other replaces."""
    versions = (await store.scalars(select(Item).where(Item.inbox_id == inbox_id, Item.kind != ItemKind.REQUESTER))).all()
    replaced = {version.replaces for version in versions}
    return next((version for version in versions if version.digest not in replaced), None)


async def of_case(store: Store, code: str) -> Sequence[Item]:
    """Every text of a case, oldest first."""
    return (await store.scalars(select(Item).where(Item.case_code == code).order_by(col(Item.created_at), col(Item.inbox_id)))).all()


async def newest_of_kind(store: Store, code: str, kind: ItemKind) -> Item | None:
    """The newest text of a kind on a case."""
    newest = (col(Item.created_at).desc(), col(Item.inbox_id).desc())
    return await store.scalar(select(Item).where(Item.case_code == code, Item.kind == kind).order_by(*newest).limit(1))


async def additions(store: Store, code: str) -> list[Item]:
    """What the reporter added to a question since: follow-ups and clarifications, each in its newest version."""
    added = [i for i in await of_case(store, code) if i.kind in {ItemKind.FOLLOW_UP, ItemKind.CLARIFICATION} and i.erased_at is None]
    replaced = {i.replaces for i in added}
    return [i for i in added if i.digest not in replaced and i.text]


async def files_of_item(store: Store, key: str) -> Sequence[Attachment]:
    """The files that came with a text."""
    return (await store.scalars(select(Attachment).where(Attachment.item_digest == key).order_by(col(Attachment.created_at)))).all()


async def files_of_case(store: Store, code: str) -> Sequence[Attachment]:
    """Every file of a case, oldest first."""
    found = await store.scalars(
        select(Attachment).where(Attachment.case_code == code).order_by(col(Attachment.created_at), col(Attachment.id))
    )
    return found.all()


async def files(store: Store, ids: Sequence[str]) -> list[Attachment]:
    """Files by id, in the order asked for; unknown ids are left out."""
    if not ids:
        return []
    found = {a.id: a for a in (await store.scalars(select(Attachment).where(col(Attachment.id).in_(ids)))).all()}
    return [found[i] for i in ids if i in found]
