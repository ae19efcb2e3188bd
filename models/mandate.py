"""The right to speak: a role held by mandate, checked at the minute an answer is sent (LAW.md, who may speak)."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from sqlmodel import Field, SQLModel, col, or_, select

from models.person import Account, AccountState, Person, Post, PostKind
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
    found = await store.scalars(
        select(Account)
        .join(Post, col(Post.person_id) == col(Account.person_id))
        .where(
            Post.unit_id == unit_id,
            Post.kind != PostKind.PAGE_ADMIN,
            Account.state == AccountState.ACTIVE,
            col(Post.valid_from) <= at,
            or_(col(Post.valid_to).is_(None), col(Post.valid_to) > at),
        )
        .order_by(col(Account.id))
        .distinct()
    )
    return found.all()


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
