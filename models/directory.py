"""The directory as files give it: what would change, row by row, and the change itself. Importing twice changes nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlmodel import select

from models.store import Logged, Store
from models.text import clean, fold
from models.unit import Outlet, Unit

UNIT_TEXTS = ("name_vi", "name_en", "kind", "parent", "area")
UNIT_LISTS = ("abbreviations", "aliases", "former_names", "fields", "successors")
OUTLET_TEXTS = ("name", "kind", "scope")


@dataclass(frozen=True)
class Difference:
    """One row that a file changes."""

    what: str  # unit or outlet
    id: str
    field: str  # empty: the whole row is new
    before: str = ""
    after: str = ""

    def short(self) -> str:
        """As it stands in the log."""
        return f"{self.what} {self.id} {self.field or 'new'}"


def _wanted(row: Mapping[str, Any], texts: Sequence[str], lists: Sequence[str]) -> dict[str, Any]:
    """The fields a file gives, cleaned; a field the file does not name is left as it is."""
    values: dict[str, Any] = {name: clean(str(row[name])) if row[name] is not None else None for name in texts if name in row}
    return values | {name: [clean(str(v)) for v in cast("Sequence[object]", row[name] or [])] for name in lists if name in row}


def differences(what: str, key: str, present: object | None, wanted: Mapping[str, Any]) -> list[Difference]:
    """How a row differs from what is kept."""
    if present is None:
        return [Difference(what, key, "", "", str(wanted.get("name_vi") or wanted.get("name")))]
    return [
        Difference(what, key, name, str(getattr(present, name)), str(value))
        for name, value in wanted.items()
        if getattr(present, name) != value
    ]


async def apply(
    store: Store, units: Sequence[Mapping[str, Any]], outlets: Sequence[Mapping[str, Any]]
) -> tuple[list[Difference], list[Logged]]:
    """Write the differences; returns them and the rows they touched."""
    known_units = {u.id: u for u in (await store.scalars(select(Unit))).all()}
    known_outlets = {o.id: o for o in (await store.scalars(select(Outlet))).all()}
    changes: list[Difference] = []
    rows: list[Logged] = []
    for given in units:
        wanted = _wanted(given, UNIT_TEXTS, UNIT_LISTS)
        found = differences("unit", given["id"], known_units.get(given["id"]), wanted)
        if found:
            unit = known_units.get(given["id"]) or Unit(id=given["id"], name_vi="", kind="")
            _set(unit, wanted)
            unit.refold()
            rows.append(unit)
        changes.extend(found)
    for given in outlets:
        wanted = _wanted(given, OUTLET_TEXTS, ())
        found = differences("outlet", given["id"], known_outlets.get(given["id"]), wanted)
        if found:
            outlet = known_outlets.get(given["id"]) or Outlet(id=given["id"], name="")
            _set(outlet, wanted)
            outlet.folded = fold(outlet.name)
            rows.append(outlet)
        changes.extend(found)
    store.add_all(rows)
    return changes, rows


def _set(row: object, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(row, name, value)
