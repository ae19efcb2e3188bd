"""The exchange log: append-only, hash-chained, each dossier verifiable alone.

An entry is RFC 8785 canonical JSON with a nonce; ``digest = SHA-256(entry)`` and
``hash = SHA-256(prev_hash ‖ digest)``, the genesis being 32 zero bytes. Sequence numbers come from the head, not from an
identity column, so there are no gaps; ``UNIQUE(prev_hash)`` makes a fork impossible. Personal or secret text never stands
in an entry: it is named by the salted digest of an item in the content tables (`models.evidence.item`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Text, UniqueConstraint, func
from sqlmodel import Field, col, select

from models.evidence.canonical import COLUMNS, GENESIS, Head, canonical, cells
from models.store import Big, Instant, Row, Store

VERSION = 1


@dataclass(frozen=True)
class Entry:
    """What a handler wants the log to say: an action, the logged rows it explains, and facts without personal text."""

    action: str
    about: tuple[object, ...] = ()
    case: str | None = None
    detail: Mapping[str, Any] = field(default_factory=dict[str, Any])
    unit_id: str | None = None  # the log adds the name at that time
    pack: str | None = None


@dataclass(frozen=True)
class Actor:
    """Who acted: person, role and account; the machine itself has neither person nor account."""

    person: int | None
    role: str
    account: int | None
    channel: str


class ExchangeEntry(Row, table=True):
    """One link of the chain; triggers refuse UPDATE and DELETE."""

    __tablename__ = "exchange_entry"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (UniqueConstraint("prev_hash"), UniqueConstraint("case_code", "case_seq"))

    seq: int = Field(primary_key=True, sa_type=Big, sa_column_kwargs={"autoincrement": False})
    prev_hash: str = Field(max_length=64)
    hash: str = Field(max_length=64)
    digest: str = Field(max_length=64)
    at: datetime = Field(sa_type=Instant, index=True)
    action: str = Field(index=True)
    case_code: str | None = None
    case_seq: int | None = None
    person_id: int | None = None
    unit_id: str | None = None
    cause_id: int | None = Field(default=None, sa_type=Big)
    channel: str
    entry: str = Field(sa_type=Text)


def iso(moment: datetime) -> str:
    """A moment as it stands in an entry."""
    return moment.isoformat(timespec="milliseconds")


@dataclass(frozen=True)
class Circumstances:
    """What the machine adds to every draft: when, who, because of which inbox row, with which nonce."""

    at: datetime
    actor: Actor
    cause: int | None
    nonce: str
    unit: Mapping[str, str] | None  # id and the name at that time


def build(draft: Entry, seq: int, case: tuple[int, str | None], around: Circumstances) -> dict[str, Any]:
    """The full entry a draft becomes; `case` is the entry's number in its case and the digest of the case's last entry."""
    value: dict[str, Any] = {
        "v": VERSION,
        "seq": seq,
        "nonce": around.nonce,
        "at": iso(around.at),
        "action": draft.action,
        "actor": {"person": around.actor.person, "role": around.actor.role, "account": around.actor.account},
        "channel": around.actor.channel,
        "cause": around.cause,
        "detail": dict(draft.detail),
    }
    if draft.case is not None:
        value |= {"case": draft.case, "case_seq": case[0], "case_prev": case[1]}
    if around.unit is not None:
        value["unit"] = dict(around.unit)
    if draft.pack is not None:
        value["pack"] = draft.pack
    return value


def columns(value: Mapping[str, Any], prev_hash: str) -> dict[str, Any]:
    """The row of an entry: its canonical text and the columns that repeat parts of it for queries.

    `models.evidence.verification` compares every column with the text again, so a column cannot tell another story.
    """
    return dict(zip(COLUMNS, cells(value, prev_hash, canonical(value).decode(), datetime.fromisoformat(value["at"])), strict=True))


async def head(store: Store) -> Head:
    """The last entry's number and hash; the genesis before the first."""
    row = (await store.execute(select(ExchangeEntry.seq, ExchangeEntry.hash).order_by(col(ExchangeEntry.seq).desc()).limit(1))).first()
    return Head(row[0], row[1]) if row else Head(0, GENESIS)


async def case_heads(store: Store, codes: Sequence[str]) -> dict[str, tuple[int, str]]:
    """Per case: the number and digest of its last entry."""
    if not codes:
        return {}
    last = (
        select(ExchangeEntry.case_code, func.max(ExchangeEntry.case_seq).label("last"))
        .where(col(ExchangeEntry.case_code).in_(codes))
        .group_by(col(ExchangeEntry.case_code))
        .subquery()
    )
    rows = await store.execute(
        select(ExchangeEntry.case_code, ExchangeEntry.case_seq, ExchangeEntry.digest).join(
            last, (col(ExchangeEntry.case_code) == last.c.case_code) & (col(ExchangeEntry.case_seq) == last.c.last)
        )
    )
    return {str(code): (int(seq or 0), digest) for code, seq, digest in rows.all()}


async def of_case(store: Store, code: str) -> Sequence[ExchangeEntry]:
    """The entries of one case in order."""
    found = await store.scalars(select(ExchangeEntry).where(ExchangeEntry.case_code == code).order_by(col(ExchangeEntry.case_seq)))
    return found.all()
