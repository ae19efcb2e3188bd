"""The units of a directory file as a whole: nobody above themselves, names that mean two units, units left out."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from models.directory_file import Fault
from models.routing.register import circle
from models.text import fold
from models.unit import DESK, Unit

Rows = Sequence[Mapping[str, Any]]


def circles(rows: Rows, units: Mapping[str, Unit]) -> list[Fault]:
    """Units above themselves: every circle once, at the first row of the file that is part of it.

    A parent may be outside the directory: a ministry stands above its body in the province (`phatngon check` lists such).
    """
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
