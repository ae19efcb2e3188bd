"""What goes into a dossier, read in one snapshot: the case's own entries, everybody's digests, texts, files and names."""

import mimetypes
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from sqlmodel import col, or_, select

from models import exchange
from models.deadline import Deadline
from models.exchange import ExchangeEntry, Head
from models.inquiry import Inquiry, by_code
from models.item import Attachment, Item
from models.person import Person
from models.store import Store
from models.verification import Named

SLICE = 500  # values of one IN list


@dataclass(frozen=True)
class Own:
    """One entry of the case: its row and its parsed text."""

    row: ExchangeEntry
    value: dict[str, Any]


@dataclass(frozen=True)
class Contents:
    """One case, ready to be written."""

    case: Inquiry
    head: Head
    own: Sequence[Own]
    others: Sequence[str]  # the digests of all other entries, in order
    items: Sequence[Item]
    files: Sequence[Attachment]
    people: Mapping[int, str]
    clocks: Sequence[Deadline] = ()

    def path(self, file: Attachment) -> str:
        """Where a file lies in the dossier: numbered, named by nothing a sender could choose."""
        number = [f.id for f in self.files].index(file.id) + 1
        return str(PurePosixPath("files") / f"{number:02d}-{file.digest[:8]}{mimetypes.guess_extension(file.media_type) or '.bin'}")


async def gather(store: Store, code: str) -> Contents | None:
    """Everything about a case, or None where there is none; `store` must be one snapshot."""
    case = await by_code(store, code)
    if case is None:
        return None
    head = await exchange.head(store)
    own = [Own(row, exchange.parse(row.entry)) for row in await exchange.of_case(store, code)]
    mine = {entry.row.seq for entry in own}
    rows = await store.execute(select(ExchangeEntry.seq, ExchangeEntry.digest).order_by(col(ExchangeEntry.seq)))
    named = Named()
    for entry in own:
        named.add(entry.row.seq, entry.value)
    return Contents(
        case=case,
        head=head,
        own=own,
        others=[digest for seq, digest in rows.all() if seq not in mine],
        items=await _items(store, code, sorted(named.items)),
        files=await _files(store, code, sorted(named.files)),
        people=await _people(store, own),
        clocks=(await store.scalars(select(Deadline).where(Deadline.case_code == code).order_by(col(Deadline.id)))).all(),
    )


async def _items(store: Store, code: str, digests: Sequence[str]) -> Sequence[Item]:
    """The case's texts, and whatever else its entries name."""
    found: dict[str, Item] = {}
    for start in range(0, len(digests) + 1, SLICE):
        some = col(Item.digest).in_(digests[start : start + SLICE])
        for item in (await store.scalars(select(Item).where(or_(col(Item.case_code) == code, some)))).all():
            found[item.digest] = item
    return sorted(found.values(), key=lambda item: (item.created_at, item.inbox_id or 0, item.digest))


async def _files(store: Store, code: str, digests: Sequence[str]) -> Sequence[Attachment]:
    found: dict[str, Attachment] = {}
    for start in range(0, len(digests) + 1, SLICE):
        some = col(Attachment.digest).in_(digests[start : start + SLICE])
        for file in (await store.scalars(select(Attachment).where(or_(col(Attachment.case_code) == code, some)))).all():
            found[file.id] = file
    return sorted(found.values(), key=lambda file: (file.created_at, file.id))


async def _people(store: Store, own: Sequence[Own]) -> Mapping[int, str]:
    """Names of everybody the entries mention by number."""
    wanted = {entry.value["actor"]["person"] for entry in own} | {entry.value["detail"].get("asked_by") for entry in own}
    rows = await store.execute(select(Person.id, Person.name).where(col(Person.id).in_(wanted - {None})))
    return {int(number or 0): name for number, name in rows.all()}
