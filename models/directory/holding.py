"""What the directory holds of each unit at a moment – its people, who may speak, who can be reached – and what it lacks (F103, F122).

The whole directory is read in four statements, so that a call to every unit or the morning's summary costs no more for 5,000 units.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlmodel import col, or_, select

from models.directory import census
from models.directory.unit import DESK, units
from models.people.mandate import Mandate, MandateKind, mandates
from models.people.person import Account, AccountState, Person, Post, PostKind
from models.store import Store


class Gap(StrEnum):
    """What may be missing of a unit."""

    HEAD = "head"
    SPEAKER = "speaker"  # nobody stands for it in public
    CONTACT = "contact"  # nobody of it can be reached here
    UNCONFIRMED = "unconfirmed"  # the last directory call has no “right” from it


@dataclass
class Holding:
    """One unit's page: posts and mandates in force, and the accounts its people can be reached on."""

    unit_id: str
    name: str
    posts: list[tuple[Person, Post]] = field(default_factory=list[tuple[Person, Post]])
    mandates: list[Mandate] = field(default_factory=list[Mandate])
    accounts: dict[int, list[Account]] = field(default_factory=dict[int, list[Account]])  # by person; those that can be reached

    @property
    def contact(self) -> Person | None:
        """Whom the office writes to about the unit's page: the press officer, else who speaks, else the head, else a colleague."""
        reached = [(self._rank(person, post), person.id or 0, person) for person, post in self.posts if self._reached(person, post)]
        return min(reached, key=lambda one: one[:2])[2] if reached else None

    @property
    def addresses(self) -> Sequence[Account]:
        """Where the contact is reached."""
        return self.accounts.get(self.contact.id or 0, ()) if self.contact is not None else ()

    def _reached(self, person: Person, post: Post) -> bool:
        return post.kind is not PostKind.PAGE_ADMIN and bool(self.accounts.get(person.id or 0))

    def _rank(self, person: Person, post: Post) -> int:
        if post.kind is PostKind.PRESS_OFFICER:
            return 0
        kinds = {m.kind for m in self.mandates if m.person_id == person.id}
        return 1 if MandateKind.STANDING in kinds else 2 if post.kind is PostKind.HEAD or MandateKind.HEAD in kinds else 3

    def gaps(self, confirmed: frozenset[str] | None) -> list[Gap]:
        """What is missing; `confirmed` are the units that said “right” in the last call, None where there was none."""
        led = any(m.kind is MandateKind.HEAD for m in self.mandates) or any(p.kind is PostKind.HEAD for _, p in self.posts)
        found = {
            Gap.HEAD: not led,
            Gap.SPEAKER: not any(m.kind is MandateKind.STANDING for m in self.mandates),
            Gap.CONTACT: self.contact is None,
            Gap.UNCONFIRMED: confirmed is not None and self.unit_id not in confirmed,
        }
        return [gap for gap, missing in found.items() if missing]


async def holdings(store: Store, at: datetime, only: str | None = None) -> dict[str, Holding]:
    """Every unit there is at a moment (or one), without the press desk, in id order."""
    found = {unit.id: Holding(unit.id, unit.name_vi) for unit in await units(store, at) if unit.id != DESK and only in {None, unit.id}}
    posts = select(Person, Post).join(Post, col(Post.person_id) == col(Person.id)).where(*_valid(at), *_of(only)).order_by(col(Post.id))
    for person, post in (await store.execute(posts)).all():
        if post.unit_id in found:
            found[post.unit_id].posts.append((person, post))
    for mandate in await mandates(store, at, unit_id=only):
        if mandate.unit_id in found:
            found[mandate.unit_id].mandates.append(mandate)
    reached = await _reached(store, at, only)
    for one in found.values():
        one.accounts = {p.id or 0: reached[p.id or 0] for p, _ in one.posts if (p.id or 0) in reached}
    return found


def _valid(at: datetime) -> tuple[Any, Any]:
    return col(Post.valid_from) <= at, or_(col(Post.valid_to).is_(None), col(Post.valid_to) > at)


def _of(only: str | None) -> tuple[Any, ...]:
    return () if only is None else (col(Post.unit_id) == only,)


async def _reached(store: Store, at: datetime, only: str | None) -> Mapping[int, list[Account]]:
    """The accounts of everybody with a post that can be reached, by person."""
    posted = select(Post.person_id).where(*_valid(at), *_of(only))
    query = select(Account).where(Account.state == AccountState.ACTIVE, col(Account.person_id).in_(posted))
    found: dict[int, list[Account]] = defaultdict(list)
    for account in (await store.scalars(query.order_by(col(Account.id)))).all():
        found[account.person_id or 0].append(account)
    return found


async def missing(store: Store, at: datetime) -> list[tuple[Holding, list[Gap]]]:
    """Units of which something is missing, the most first."""
    last = await census.newest(store)
    confirmed = None if last is None else frozenset(a.unit_id for a in await census.answers(store, last.id or 0) if a.confirms)
    found = [(one, gaps) for one in (await holdings(store, at)).values() if (gaps := one.gaps(confirmed))]
    return sorted(found, key=lambda pair: (-len(pair[1]), pair[0].name))
