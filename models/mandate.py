"""The right to speak: a role held by mandate, checked at the minute an answer is sent (LAW.md, who may speak)."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from enum import StrEnum

from sqlalchemy import bindparam
from sqlmodel import Field, SQLModel, col, or_, select

from models.person import Account, AccountState, Person, Post
from models.recall import recalled, rests_on
from models.store import Big, Instant, Logged, Store, one_of


class MandateKind(StrEnum):
    """By what right somebody speaks (Decree 09/2017 Art 3; Decree 244/2026 Art 3(2))."""

    HEAD = "head"
    STANDING = "standing"
    AUTHORISED = "authorised"


class Mandate(SQLModel, Logged, table=True):
    """A person's right to speak for a unit, for a time and, when authorised, on one matter only."""

    id: int | None = Field(default=None, primary_key=True, sa_type=Big)
    person_id: int = Field(foreign_key="person.id", index=True)
    unit_id: str = Field(foreign_key="unit.id", index=True)
    kind: MandateKind = Field(sa_type=one_of(MandateKind))
    position: str = ""
    decision_no: str = ""
    matter_code: str | None = None
    valid_from: datetime = Field(sa_type=Instant)
    valid_to: datetime | None = Field(default=None, sa_type=Instant)

    def covers(self, matter_code: str | None) -> bool:
        """Head and standing speak on everything; an authorisation on its own matter only."""
        return self.kind is not MandateKind.AUTHORISED or (self.matter_code is not None and self.matter_code == matter_code)


async def mandates(store: Store, at: datetime, *, unit_id: str | None = None, person_id: int | None = None) -> Sequence[Mandate]:
    """The mandates valid at a moment, of a unit or a person; heads first."""
    query = select(Mandate).where(col(Mandate.valid_from) <= at, or_(col(Mandate.valid_to).is_(None), col(Mandate.valid_to) > at))
    if unit_id is not None:
        query = query.where(Mandate.unit_id == unit_id)
    if person_id is not None:
        query = query.where(Mandate.person_id == person_id)
    return (await store.scalars(query.order_by(col(Mandate.id)))).all()


async def may_speak(store: Store, person_id: int, unit_id: str, at: datetime, matter_code: str | None = None) -> Mandate | None:
    """The mandate by which a person may speak for a unit at this minute, or None."""
    held = await mandates(store, at, unit_id=unit_id, person_id=person_id)
    return next((m for m in held if m.covers(matter_code)), None)


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
    .where(col(Post.unit_id).in_(bindparam("units", expanding=True)))
    .order_by(col(Account.id))
)
rests_on("desks", Account, "person_id")
rests_on("desks", Post, "person_id", "unit_id")


async def spokespersons(store: Store, unit_id: str, at: datetime) -> list[tuple[Person, Mandate]]:
    """Who may speak for a unit at a moment, with the mandate."""
    found = await store.execute(
        select(Person, Mandate)
        .join(Mandate, col(Mandate.person_id) == col(Person.id))
        .where(
            Mandate.unit_id == unit_id,
            col(Mandate.valid_from) <= at,
            or_(col(Mandate.valid_to).is_(None), col(Mandate.valid_to) > at),
        )
        .order_by(col(Mandate.id))
    )
    return [(person, mandate) for person, mandate in found.all()]
