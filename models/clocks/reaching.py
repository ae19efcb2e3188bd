"""Who hears of a unit's question, and who next: the chain from the spokesperson to the press desk, by mandate and reachability (F49).

spokesperson → authorised for this matter → press officer → head → any colleague → the press desk. Within a link the person
with the fewest open cases comes first (F47). Whoever is away is not asked; who stands in takes their place (F29).
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import bindparam, func
from sqlmodel import col, select

from models.casework.inquiry import OPEN, Inquiry
from models.clocks import absence
from models.messages.message import OutboxMessage
from models.people.mandate import Mandate, MandateKind, mandates
from models.people.person import Account, PostKind, accounts_of, posted, posts_in
from models.recall import recalled, rests_on
from models.store import Store


class Station(StrEnum):
    """A link of the chain, in its order."""

    SPOKESPERSON = "spokesperson"
    AUTHORISED = "authorised"
    PRESS_OFFICER = "press_officer"
    HEAD = "head"
    COLLEAGUE = "colleague"  # somebody of the unit hears of it before it goes outside
    DESK = "desk"


_BY_MANDATE = {
    MandateKind.STANDING: Station.SPOKESPERSON,
    MandateKind.AUTHORISED: Station.AUTHORISED,
    MandateKind.HEAD: Station.HEAD,
}
_BY_POST = {PostKind.PRESS_OFFICER: Station.PRESS_OFFICER, PostKind.HEAD: Station.HEAD}
_ORDER = tuple(Station)


@dataclass(frozen=True)
class Reachable:
    """Somebody who can be reached, on which accounts, and how many open cases they have already."""

    person_id: int
    accounts: tuple[Account, ...]
    load: int


@dataclass(frozen=True)
class Link:
    """The people of one link who can be reached, the least loaded first."""

    station: Station
    people: tuple[Reachable, ...]

    @property
    def accounts(self) -> list[Account]:
        """All their accounts."""
        return [account for one in self.people for account in one.accounts]


async def reach(store: Store, unit_id: str | None, at: datetime, matter_code: str | None = None) -> list[Link]:
    """The whole chain for a unit at a moment: links nobody of whom can be reached are left out, the desk always ends it."""
    inside = await within(store, unit_id, at, matter_code) if unit_id is not None else []
    officers = [p.id for p in await posted(store, at, kind=PostKind.OFFICER) if p.id is not None]
    return [*inside, Link(Station.DESK, _reachable(officers, await _accounts(store, officers), {}))]


async def within(store: Store, unit_id: str, at: datetime, matter_code: str | None = None) -> list[Link]:
    """The links inside the unit."""
    stations = await stations_of(store, unit_id, at, matter_code)
    accounts = await _accounts(store, stations)
    by_station: dict[Station, list[int]] = defaultdict(list)
    for person_id, station in stations.items():
        if person_id in accounts:
            by_station[station].append(person_id)
    several = [ids for ids in by_station.values() if len(ids) > 1]
    loads = await _loads(store, unit_id) if several else {}
    return [Link(s, _reachable(by_station[s], accounts, loads)) for s in _ORDER if by_station[s]]


async def stations_of(store: Store, unit_id: str, at: datetime, matter_code: str | None = None) -> dict[int, Station]:
    """The foremost link each person of a unit belongs to."""
    found: dict[int, list[Station]] = defaultdict(list)
    for post in await posts_in(store, unit_id, at):
        if post.kind is not PostKind.PAGE_ADMIN:
            found[post.person_id].append(_BY_POST.get(post.kind, Station.COLLEAGUE))
    held: Sequence[Mandate] = await mandates(store, at, unit_id=unit_id)
    for mandate in held:
        if mandate.covers(matter_code):
            found[mandate.person_id].append(_BY_MANDATE[mandate.kind])
    for gone, instead in (await absence.away(store, at)).items():
        stations = found.pop(gone, [])
        if instead in found:  # whoever stands in is asked where the absent one would be, as far as they belong to the unit
            found[instead] += stations
    return {person_id: min(stations, key=_ORDER.index) for person_id, stations in found.items()}


def _reachable(people: Iterable[int], accounts: Mapping[int, Sequence[Account]], loads: Mapping[int, int]) -> tuple[Reachable, ...]:
    found = [Reachable(p, tuple(accounts[p]), loads.get(p, 0)) for p in people if p in accounts]
    return tuple(sorted(found, key=lambda one: (one.load, one.person_id)))


async def _accounts(store: Store, people: Iterable[int]) -> dict[int, list[Account]]:
    found: dict[int, list[Account]] = defaultdict(list)
    for account in await accounts_of(store, *people):
        found[account.person_id or 0].append(account)
    return dict(found)


async def hearers(store: Store, case_code: str) -> set[int | None]:
    """The people who have been told something about a case, on whatever account."""
    known = recalled(store, "hearers")
    if case_code not in known:
        await recall_hearers(store, [case_code])
    return known[case_code]


async def recall_hearers(store: Store, codes: Collection[str]) -> None:
    """Read who has heard of many cases at once; what the present messages tell is written after all of them were handled."""
    known = recalled(store, "hearers")
    known.update({code: set[int | None]() for code in codes})
    for code, person_id in (await store.execute(_TOLD, {"codes": [*codes]})).all():
        known[code].add(person_id)


_TOLD = (
    select(OutboxMessage.case_code, Account.person_id)
    .join(Account, col(OutboxMessage.account_id) == col(Account.id))
    .where(col(OutboxMessage.case_code).in_(bindparam("codes", expanding=True)))
    .distinct()
    .execution_options(autoflush=False)
)
rests_on("hearers", Account, "person_id")


async def _loads(store: Store, unit_id: str) -> dict[int, int]:
    """Open cases of a unit by whoever took them on, or else was asked first."""
    whose = func.coalesce(col(Inquiry.acknowledged_by), col(Inquiry.brought_to))
    rows = await store.execute(
        select(whose, func.count())
        .where(Inquiry.unit_id == unit_id, col(Inquiry.state).in_(OPEN), whose.is_not(None))  # None: nobody was asked yet
        .group_by(whose)
    )
    return {person_id: number for person_id, number in rows.all()}  # noqa: C416 - rows are no pairs to the type checker
