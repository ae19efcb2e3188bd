"""What goes into a dossier, read in one snapshot: its own entries, everybody's digests, texts, files and names."""

import mimetypes
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any, TypeVar

from sqlmodel import SQLModel, col, select

from bot.dossier.subject import Subject
from models.casework.imported import ImportedCase
from models.casework.inquiry import Inquiry
from models.casework.matter import Matter
from models.clocks.deadline import Deadline
from models.directory.unit import Unit
from models.evidence import canonical, exchange
from models.evidence.chain import Named
from models.evidence.exchange import ExchangeEntry, Head
from models.evidence.item import Attachment, Item
from models.people.person import Person
from models.store import Store

SLICE = 500  # values of one IN list
DECISIONS = ("erasure.done", "mask.done")  # whoever finds a text erased or covered finds the decision in the same dossier
# What an entry calls people by their number.
PEOPLE = (
    "asked_by",
    "by",
    "determined_by",
    "successor",
    "person",
    "reporter",
    "origin",
    "stand_in",
    "holder",
    "author",
    "speaker",
    "granted_by",
    "recorded_by",
)
RowT = TypeVar("RowT", bound=SQLModel)
Record = Inquiry | Matter | ImportedCase


@dataclass(frozen=True)
class Own:
    """One entry of the dossier: its row and its parsed text."""

    row: ExchangeEntry
    value: dict[str, Any]


@dataclass(frozen=True)
class Contents:
    """A file, a matter with its files, or a stretch of the log, ready to be written."""

    subject: Subject
    head: Head
    own: Sequence[Own]
    others: Sequence[str]  # the digests of all other entries, in order
    items: Sequence[Item]
    files: Sequence[Attachment]
    people: Mapping[int, str]
    units: Mapping[str, str]
    records: Mapping[str, Record]
    clocks: Sequence[Deadline] = ()
    _numbers: dict[str, int] = field(default_factory=dict[str, int])

    def path(self, file: Attachment) -> str:
        """Where a file lies in the dossier: numbered, named by nothing a sender could choose."""
        if not self._numbers:
            self._numbers.update({f.id: number for number, f in enumerate(self.files, 1)})
        name = f"{self._numbers[file.id]:02d}-{file.digest[:8]}{mimetypes.guess_extension(file.media_type) or '.bin'}"
        return str(PurePosixPath("files") / name)


async def gather(store: Store, subject: Subject) -> Contents:
    """Everything about a subject; `store` must be one snapshot."""
    head = await exchange.head(store)
    own = await _own(store, subject)
    named = Named()
    for entry in own:
        named.add(entry.row.seq, entry.value)
    codes = {code for entry in own if (code := entry.row.case_code) is not None} | set(subject.cases)
    records = {
        **await _records(store, Inquiry, codes),
        **await _records(store, Matter, codes),
        **await _records(store, ImportedCase, codes),
    }
    words = {digest for record in records.values() for digest in _introduced(record)}
    items = await _items(store, subject.cases, named.items.keys() | words)
    files = await _files(store, subject.cases, named.files)
    own = [*own, *await _decisions(store, own, [*items, *files])]
    mine = {entry.row.seq for entry in own}
    rows = await store.execute(select(ExchangeEntry.seq, ExchangeEntry.digest).order_by(col(ExchangeEntry.seq)))
    return Contents(
        subject=subject,
        head=head,
        own=sorted(own, key=lambda entry: entry.row.seq),
        others=[digest for seq, digest in rows.all() if seq not in mine],
        items=items,
        files=files,
        people=await _people(store, own),
        units={unit.id: unit.name_vi for unit in (await store.scalars(select(Unit))).all()},
        records=records,
        clocks=sorted(await _in(store, Deadline, "case_code", codes), key=lambda clock: clock.id or 0),
    )


async def _own(store: Store, subject: Subject) -> list[Own]:
    if subject.span is None:
        rows = await _in(store, ExchangeEntry, "case_code", subject.cases)
    else:
        query = select(ExchangeEntry).where(col(ExchangeEntry.seq).between(*subject.span))
        rows = list((await store.scalars(query)).all())
    return [Own(row, canonical.parse(row.entry)) for row in sorted(rows, key=lambda row: row.seq)]


async def _decisions(store: Store, own: Sequence[Own], held: Sequence[Item | Attachment]) -> list[Own]:
    """Decisions outside the subject by which something in it was erased or covered; reading them is rare, and so are they."""
    gone = {one.digest for one in held if one.erased_at is not None or (isinstance(one, Item) and one.masked)}
    for entry in own:
        if entry.row.action in DECISIONS:
            gone.difference_update(entry.value["detail"]["items"], entry.value["detail"].get("files", ()))
    if not gone:
        return []
    found = (await store.scalars(select(ExchangeEntry).where(col(ExchangeEntry.action).in_(DECISIONS)))).all()
    there = {entry.row.seq for entry in own}
    parsed = [Own(row, canonical.parse(row.entry)) for row in found if row.seq not in there]
    return [one for one in parsed if gone & {*one.value["detail"]["items"], *one.value["detail"].get("files", ())}]


def _introduced(record: Record) -> list[str]:
    """The texts a record's first lines are made of, whenever they were written."""
    return [record.title] if isinstance(record, Matter) else [record.requester, record.question]


async def _items(store: Store, codes: Collection[str], digests: Collection[str]) -> Sequence[Item]:
    """The files' texts, and whatever else their entries name."""
    found = {i.digest: i for i in [*await _in(store, Item, "case_code", codes), *await _in(store, Item, "digest", digests)]}
    return sorted(found.values(), key=lambda item: (item.created_at, item.inbox_id or 0, item.digest))


async def _files(store: Store, codes: Collection[str], digests: Collection[str]) -> Sequence[Attachment]:
    found = {f.id: f for f in [*await _in(store, Attachment, "case_code", codes), *await _in(store, Attachment, "digest", digests)]}
    return sorted(found.values(), key=lambda file: (file.created_at, file.id))


async def _people(store: Store, own: Sequence[Own]) -> Mapping[int, str]:
    """Names of everybody the entries mention by number."""
    wanted = {entry.value["actor"]["person"] for entry in own}
    wanted |= {part for entry in own for key in PEOPLE if isinstance(part := entry.value["detail"].get(key), int)}
    return {int(person.id or 0): person.name for person in await _in(store, Person, "id", wanted - {None})}


async def _records(store: Store, table: type[Record], codes: Collection[str]) -> dict[str, Record]:
    return {record.code: record for record in await _in(store, table, "code", codes)}


async def _in(store: Store, table: type[RowT], column: str, wanted: Collection[Any]) -> list[RowT]:
    """The rows whose column has one of these values, asked for in portions no database minds."""
    values, found = sorted(wanted), list[RowT]()
    for start in range(0, len(values), SLICE):
        query = select(table).where(getattr(table, column).in_(values[start : start + SLICE]))
        found += (await store.scalars(query)).all()
    return found
