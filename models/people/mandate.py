"""The right to speak: a role held by mandate, checked at the minute an answer is sent (LAW.md, who may speak)."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BindParameter, bindparam
from sqlmodel import Field, col, or_, select

from models.clocks.deadline import Deadline
from models.errors import Refusal
from models.evidence.exchange import Entry
from models.people.person import Account, AccountState, Person, Post, PostKind
from models.recall import recalled, rests_on
from models.store import Big, Instant, Logged, Row, Store, one_of

SUBJECT = "UQ"  # what publication clocks run on: `UQ-12` is mandate 12
DUTY = {"standing": "spokesperson", "authorised": "authorisation"}  # what of a kind must be published, as packs call it


class MandateKind(StrEnum):
    """By what right somebody speaks (Decree 09/2017 Art 3; Decree 244/2026 Art 3(2))."""

    HEAD = "head"
    STANDING = "standing"
    AUTHORISED = "authorised"


class Mandate(Row, Logged, table=True):
    """A person's right to speak for a unit, for a time and, when authorised, on one matter or case only.

    An authorisation says who granted it (`granted_by`, the head), who wrote it down (`recorded_by`), whether that was done
    from a paper document, and where it was published.
    """

    id: int | None = Field(default=None, primary_key=True, sa_type=Big)
    person_id: int = Field(foreign_key="person.id", index=True)
    unit_id: str = Field(foreign_key="unit.id", index=True)
    kind: MandateKind = Field(sa_type=one_of(MandateKind))
    position: str = ""
    decision_no: str = ""
    matter_code: str | None = None  # the matter (VV-) or the case (YC-) an authorisation is for
    valid_from: datetime = Field(sa_type=Instant)
    valid_to: datetime | None = Field(default=None, sa_type=Instant)
    granted_by: int | None = Field(default=None, sa_type=Big)
    recorded_by: int | None = Field(default=None, sa_type=Big)
    on_paper: bool = False
    signed_at: datetime | None = Field(default=None, sa_type=Instant)
    document: str | None = Field(default=None, max_length=64)  # the item its files hang on
    revoked_at: datetime | None = Field(default=None, sa_type=Instant)
    revoked_by: int | None = Field(default=None, sa_type=Big)
    published_at: datetime | None = Field(default=None, sa_type=Instant)
    published_url: str = ""

    @property
    def subject(self) -> str:
        """What its publication clock runs on."""
        return f"{SUBJECT}-{self.id}"

    @property
    def duty(self) -> str | None:
        """What the law calls its publication; None for a head, whose name needs no decision."""
        return DUTY.get(self.kind.value)

    def covers(self, *about: str | None) -> bool:
        """Head and standing speak on everything; an authorisation on its own matter or case only."""
        return self.kind is not MandateKind.AUTHORISED or (self.matter_code is not None and self.matter_code in about)

    def entry(self, action: str, *also: object, pack: str | None = None, **detail: Any) -> Entry:
        """An entry about this mandate, on the case or matter it is for."""
        said = {"mandate": self.id, "holder": self.person_id, "mandate_kind": self.kind.value} | detail
        return Entry(f"mandate.{action}", (self, *also), case=self.matter_code, detail=said, unit_id=self.unit_id, pack=pack)

    def granted(self, files: Sequence[dict[str, Any]], clock: Deadline | None, pack: str) -> Entry:
        """The head authorises in writing: whom, for what, from when to when, under which number and document."""
        said = {
            "authorisation_no": self.decision_no,
            "granted_by": self.granted_by,
            "on_paper": self.on_paper,
            "valid_from": self.valid_from.isoformat(),
            "valid_to": self.valid_to.isoformat() if self.valid_to else None,
            "signed_at": self.signed_at.isoformat() if self.signed_at else None,
            "item": self.document,
            "files": list(files),
            "publish_by": clock.due_at.isoformat() if clock is not None and clock.due_at else None,
        }
        return self.entry("granted", *([clock] if clock is not None else []), pack=pack, **said)

    def revoke(self, person_id: int, reason: str, clock: Deadline | None, at: datetime) -> Entry:
        """The head takes it back; what was said under it stays said."""
        if self.revoked_at is not None or (self.valid_to is not None and self.valid_to <= at):
            raise Refusal("mandate.ended")
        self.revoked_at, self.revoked_by, self.valid_to = at, person_id, at
        if clock is not None:
            clock.stop(at)
        return self.entry("revoked", *([clock] if clock is not None else []), reason=reason)

    def publish(self, url: str, note: str, files: Sequence[dict[str, Any]], clock: Deadline | None, at: datetime) -> Entry:
        """It stands on the portal (or is posted up): where, and what shows it (`note`: an item's digest)."""
        if self.published_at is not None:
            raise Refusal("mandate.published_already", url=self.published_url or "–")
        self.published_at, self.published_url = at, url
        late = clock is not None and clock.is_overdue(at)
        if clock is not None:
            clock.satisfy(at)
        also = [clock] if clock is not None else []
        return self.entry("published", *also, url=url, item=note, files=list(files), late=late)


def valid(at: datetime | BindParameter[datetime]) -> tuple[Any, Any]:
    """The conditions of a mandate in force at a moment."""
    return col(Mandate.valid_from) <= at, or_(col(Mandate.valid_to).is_(None), col(Mandate.valid_to) > at)


async def mandates(store: Store, at: datetime, *, unit_id: str | None = None, person_id: int | None = None) -> Sequence[Mandate]:
    """The mandates valid at a moment, of a unit or a person; the oldest first."""
    wanted: dict[str, Any] = {"at": at}
    query = _MANDATES
    if unit_id is not None:
        query, wanted["unit"] = query.where(Mandate.unit_id == bindparam("unit")), unit_id
    if person_id is not None:
        query, wanted["person"] = query.where(Mandate.person_id == bindparam("person")), person_id
    return (await store.scalars(query, wanted)).all()


_NOW = bindparam("at", type_=Instant)
_MANDATES = select(Mandate).where(*valid(_NOW)).order_by(col(Mandate.id))
_SPEAKERS = (
    select(Person, Mandate)
    .join(Mandate, col(Mandate.person_id) == col(Person.id))
    .where(Mandate.unit_id == bindparam("unit"), *valid(_NOW))
    .order_by(col(Mandate.id))
)


async def may_speak(store: Store, person_id: int, unit_id: str, at: datetime, *about: str | None) -> Mandate | None:
    """The mandate by which a person may speak for a unit on a case or its matter at this minute, or None."""
    held = await mandates(store, at, unit_id=unit_id, person_id=person_id)
    return next((m for m in held if m.covers(*about)), None)


async def heads(store: Store, unit_id: str, at: datetime) -> list[Person]:
    """Who leads a unit at a moment: by mandate or by post."""
    led = await store.scalars(
        select(Person)
        .join(Mandate, col(Mandate.person_id) == col(Person.id))
        .where(Mandate.unit_id == unit_id, Mandate.kind == MandateKind.HEAD, *valid(at))
    )
    posted = await store.scalars(
        select(Person)
        .join(Post, col(Post.person_id) == col(Person.id))
        .where(
            Post.unit_id == unit_id,
            Post.kind == PostKind.HEAD,
            col(Post.valid_from) <= at,
            or_(col(Post.valid_to).is_(None), col(Post.valid_to) > at),
        )
    )
    return sorted({p.id: p for p in (*led.all(), *posted.all())}.values(), key=lambda p: p.id or 0)


async def desk_accounts(store: Store, unit_id: str, at: datetime) -> Sequence[Account]:
    """The reachable accounts of everybody with a post in a unit at a moment: where its questions arrive."""
    known = recalled(store, "desks")
    if unit_id not in known:
        await recall_desks(store, [unit_id])
    here = {a.id: a for a, p in known[unit_id] if a.state is AccountState.ACTIVE and p.valid_from <= at < (p.valid_to or _NEVER)}
    return list(here.values())


async def recall_desks(store: Store, units: Collection[str]) -> None:
    """Read the desks of many units at once; `desk_accounts` then knows them."""
    known = recalled(store, "desks")
    known.update((unit, []) for unit in units)
    for account, post in (await store.execute(_DESKS, {"units": [*units]})).all():
        known[post.unit_id].append((account, post))


_NEVER = datetime.max.replace(tzinfo=UTC)
_DESKS = (
    select(Account, Post)
    .join(Post, col(Post.person_id) == col(Account.person_id))
    .where(col(Post.unit_id).in_(bindparam("units", expanding=True)), Post.kind != PostKind.PAGE_ADMIN)
    .order_by(col(Account.id))
)
rests_on("desks", Account, "person_id")
rests_on("desks", Post, "person_id", "unit_id")


async def spokespersons(store: Store, unit_id: str, at: datetime, *about: str | None) -> list[tuple[Person, Mandate]]:
    """Who may speak for a unit at a moment, with the mandate: on everything, or on what is named besides."""
    found = await store.execute(_SPEAKERS, {"unit": unit_id, "at": at})
    return [(person, mandate) for person, mandate in found.all() if mandate.covers(*about)]


async def heads_changed(store: Store, since: datetime, at: datetime) -> set[str]:
    """Units whose head began, or ended without a successor, after a moment; the first head a unit ever had is no change."""
    rows = (await store.scalars(select(Mandate).where(Mandate.kind == MandateKind.HEAD).order_by(col(Mandate.valid_from)))).all()
    units: dict[str, list[Mandate]] = {}
    for row in rows:
        units.setdefault(row.unit_id, []).append(row)
    return {
        unit
        for unit, held in units.items()
        if any(m.valid_to is not None and since < m.valid_to <= at for m in held)
        or any(since < m.valid_from <= at and any(o.person_id != m.person_id and o.valid_from < m.valid_from for o in held) for m in held)
    }


async def units_in_use(store: Store, at: datetime) -> set[str]:
    """Units somebody works in at a moment."""
    posts = select(Post.unit_id).where(col(Post.valid_from) <= at, or_(col(Post.valid_to).is_(None), col(Post.valid_to) > at))
    return set((await store.scalars(posts.distinct())).all())
