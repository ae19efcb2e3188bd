"""The units of a directory file as a whole: parents that exist, nobody above themselves, names that mean two units, units left out."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from models.directory.parts import Fault
from models.directory.unit import DESK, Unit
from models.routing.register import circle
from models.text import fold

VERTICAL = "vertical"  # the kind of a regional body beside the tree
Rows = Sequence[Mapping[str, Any]]


def faults(rows: Rows, units: Mapping[str, Unit]) -> list[Fault]:
    """Rows whose parent or heir is nobody, or whose parents lead back to themselves."""
    found: list[Fault] = []
    for number, row in enumerate(rows):
        one = units.get(row.get("id", ""))
        strangers = unknown(one, units) if one is not None else []
        found += [Fault("units", number, column, f"không có đơn vị mã “{key}”") for column, key in strangers if column in row]
    return found + _circles(rows, units)


def unknown(one: Unit, units: Mapping[str, Unit]) -> list[tuple[str, str]]:
    """What a unit names that is not in the directory. Above a vertical body stands a ministry, which need not be."""
    above = [("parent", one.parent)] if one.kind != VERTICAL else []
    named = [*above, *(("successors", key) for key in one.successors)]
    return [(column, key) for column, key in named if key and key not in units]


def _circles(rows: Rows, units: Mapping[str, Unit]) -> list[Fault]:
    """Units above themselves: every circle once, at the first row of the file that is part of it."""
    parents, found = {key: unit.parent for key, unit in units.items()}, list[Fault]()
    while round_ := circle(parents):
        at = next((number for number, row in enumerate(rows) if row.get("id") in round_), None)
        if at is not None:
            why = f"các đơn vị là cấp trên của nhau theo vòng: {' → '.join([*round_, round_[0]])}"
            found.append(Fault("units", at, "parent", why))
        parents |= dict.fromkeys(round_)
    return found


def shared_names(rows: Rows, units: Iterable[Unit]) -> list[str]:
    """Names that mean two units, where the file has one of them: allowed, for life is like that; whoever uses one is asked which."""
    meant: dict[str, dict[str, str]] = defaultdict(dict)
    for unit in units:
        for name in (unit.name_vi, *unit.abbreviations, *unit.aliases):
            if name:
                meant[fold(name)].setdefault(unit.id, name)
    given = {row["id"] for row in rows if row}
    shared = [owners for owners in meant.values() if len(owners) > 1 and given & owners.keys()]
    return [f"“{next(iter(owners.values()))}” là tên chung của {', '.join(sorted(owners))}" for owners in shared]


def absent(rows: Rows, units: Iterable[Unit], at: datetime) -> list[Unit]:
    """Units there are today that a file with a list of units leaves out; a file without one says nothing about them."""
    given = {row["id"] for row in rows if row}
    if not given:
        return []
    return [unit for unit in units if unit.id not in given and unit.id != DESK and (unit.valid_to is None or unit.valid_to > at)]
