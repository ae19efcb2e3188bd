"""Units that answer, outlets that ask, topics and areas both speak about."""

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

from rapidfuzz import fuzz
from sqlalchemy import JSON, event
from sqlmodel import Field, col, or_, select

from models.store import Instant, Logged, Row, Store
from models.text import fold

LONGEST_NAME = 200  # characters: more is no name, and comparing it with every name would hold up everybody else
DESK = "dic_desk"  # the press office's own desk: a place for whatever nobody else has (F50)


class Unit(Row, Logged, table=True):
    """A body that can be asked, with the names people know it by, for the time it exists."""

    unlogged: ClassVar[frozenset[str]] = frozenset({"folded", "revision"})

    id: str = Field(primary_key=True)
    name_vi: str
    name_en: str = ""
    kind: str
    parent: str | None = None
    area: str | None = None
    abbreviations: list[str] = Field(default_factory=list, sa_type=JSON)
    aliases: list[str] = Field(default_factory=list, sa_type=JSON)
    former_names: list[str] = Field(default_factory=list, sa_type=JSON)
    fields: list[str] = Field(default_factory=list, sa_type=JSON)  # pyright: ignore[reportIncompatibleVariableOverride]
    successors: list[str] = Field(default_factory=list, sa_type=JSON)
    passed_on: dict[str, list[str]] = Field(default_factory=dict, sa_type=JSON)  # successor → the matters it took; absent: all of them
    valid_from: datetime | None = Field(default=None, sa_type=Instant)
    valid_to: datetime | None = Field(default=None, sa_type=Instant)
    folded: str = ""
    revision: int = 1  # grows with every change, so that whoever keeps a copy of the directory sees cheaply that it is old

    def name(self, language: str = "vi") -> str:
        """The name in a language; Vietnamese where no other is kept."""
        return (self.name_en or self.name_vi) if language == "en" else self.name_vi

    def snapshot(self) -> dict[str, str]:
        """Id and name as they stand now, for the log: a unit may be renamed tomorrow."""
        return {"id": self.id, "name": self.name_vi}

    def refold(self) -> None:
        """Bring the search column up to date with the names."""
        names = (self.name_vi, self.name_en, *self.abbreviations, *self.aliases, *self.former_names)
        self.folded = " | ".join(dict.fromkeys(fold(name) for name in names if name))


@event.listens_for(Unit, "before_update")
def _revise(_mapper: object, _connection: object, changed: Unit) -> None:
    changed.revision += 1


class Outlet(Row, Logged, table=True):
    """A press agency reporters work for."""

    id: str = Field(primary_key=True)
    name: str
    kind: str = "online"
    scope: str = "local"
    bureau: str = ""  # the address of its office in the province, where it has one
    office_phone: str = ""
    office_email: str = ""
    website: str = ""
    folded: str = ""


async def unit(store: Store, unit_id: str | None) -> Unit | None:
    """One unit by id."""
    return None if unit_id is None else await store.get(Unit, unit_id)


async def every(store: Store) -> Sequence[Unit]:
    """All units there are or were, in id order."""
    return (await store.scalars(select(Unit).order_by(col(Unit.id)))).all()


async def units(store: Store, at: datetime) -> Sequence[Unit]:
    """The units that exist at a moment, in id order."""
    found = await store.scalars(
        select(Unit)
        .where(or_(col(Unit.valid_from).is_(None), col(Unit.valid_from) <= at), or_(col(Unit.valid_to).is_(None), col(Unit.valid_to) > at))
        .order_by(col(Unit.id))
    )
    return found.all()


def search(candidates: Sequence[Unit], words: str, limit: int = 5) -> list[Unit]:
    """Units whose names match words typed as on a phone: no diacritics, an alias, an old name, a typo (F6).

    An exact spelling with diacritics comes first, then whole folded names, then the closest.
    """
    wanted, exact = fold(words), words.casefold()
    if not wanted or len(wanted) > LONGEST_NAME:
        return []

    def score(unit: Unit) -> float:
        names = unit.folded.split(" | ")
        if exact in unit.name_vi.casefold():
            return 200 + len(exact) / len(unit.name_vi)
        if wanted in names:
            return 150
        whole = max((100 * len(wanted) / len(n) for n in names if f" {wanted} " in f" {n} "), default=0)
        return max(whole + 50 if whole else 0, max((fuzz.token_sort_ratio(wanted, n) for n in names), default=0))

    ranked = sorted(((score(u), u) for u in candidates), key=lambda pair: (-pair[0], pair[1].id))
    return [u for points, u in ranked[:limit] if points >= 72]  # below: two typos in a short word, other bodies come in


async def outlets(store: Store) -> Sequence[Outlet]:
    """Every outlet on the list, by name."""
    return (await store.scalars(select(Outlet).order_by(col(Outlet.name)))).all()


def match_outlet(candidates: Sequence[Outlet], words: str) -> Outlet | None:
    """The outlet on the list that somebody means, if it is unmistakable."""
    wanted = fold(words)
    named = [o for o in candidates if wanted and (o.folded == wanted or fold(f"báo {o.name}") == wanted)]
    return named[0] if len(named) == 1 else None
