"""The office's own directory as the router reads it: rows of the database first, what ships with the product where they are silent."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from models.directory.unit import Unit
from models.routing.facts import Successor, UnitFacts

_BLINK = timedelta(microseconds=1)  # `valid_to` of a row is the first moment a unit is no more; facts name its last day


def read(rows: Iterable[Unit], seeds: Iterable[UnitFacts], zone: ZoneInfo) -> tuple[UnitFacts, ...]:
    """The units of the database, and the bodies that are gone which only the shipped knowledge remembers.

    A shipped unit that still exists and is not in the database is not this office's: nobody can be asked there.
    """
    known = {unit.id: unit for unit in seeds}
    mine = {row.id: _facts(row, known.get(row.id), zone) for row in rows}
    gone = [unit for unit in known.values() if unit.id not in mine and unit.valid_to is not None]
    return (*mine.values(), *gone)


def _facts(row: Unit, seed: UnitFacts | None, zone: ZoneInfo) -> UnitFacts:
    facts = UnitFacts(
        id=row.id,
        name_vi=row.name_vi,
        name_en=row.name_en,
        kind=row.kind,
        parent=row.parent,
        area=row.area,
        abbreviations=tuple(row.abbreviations),
        aliases=tuple(row.aliases),
        fields=tuple(row.fields),
        former_names=tuple(row.former_names),
        valid_from=_first_day(row.valid_from, zone),
        valid_to=_last_day(row.valid_to, zone),
        successors=tuple(Successor(heir, tuple(row.passed_on.get(heir, ()))) for heir in row.successors),
    )
    return facts if seed is None else _completed(facts, seed)


def _completed(facts: UnitFacts, seed: UnitFacts) -> UnitFacts:
    """What a row leaves open is taken from what ships: since when it exists, and which matters went where."""
    subjects = {heir.id: heir.subjects for heir in seed.successors}
    heirs = tuple(heir if heir.subjects else Successor(heir.id, subjects.get(heir.id, ())) for heir in facts.successors)
    return replace(
        facts,
        valid_from=facts.valid_from or seed.valid_from,
        successors=heirs or seed.successors,
    )


def _first_day(moment: datetime | None, zone: ZoneInfo) -> date | None:
    return None if moment is None else moment.astimezone(zone).date()


def _last_day(moment: datetime | None, zone: ZoneInfo) -> date | None:
    return None if moment is None else (moment - _BLINK).astimezone(zone).date()


def boundaries(units: Iterable[UnitFacts], moved: Iterable[date | None]) -> list[date]:
    """The days on which the structure changed: between two of them every day is alike."""
    days = {day for day in moved if day is not None}
    for unit in units:
        days |= {unit.valid_from} if unit.valid_from else set[date]()
        days |= {unit.valid_to + timedelta(days=1)} if unit.valid_to else set[date]()
    return sorted(days)


def circle(parents: Mapping[str, str | None]) -> list[str]:
    """Units that stand above themselves, in order round the circle; none, if the tree is a tree."""
    cleared: set[str] = set()
    for start in parents:
        path: list[str] = []
        at: str | None = start
        while at is not None and at not in cleared and at not in path:
            path.append(at)
            at = parents.get(at)
        if at in path:
            return path[path.index(at) :]
        cleared.update(path)
    return []
