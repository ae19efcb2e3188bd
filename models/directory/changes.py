"""The directory as files give it: what would change, row by row, and the change itself. Importing twice changes nothing (F51)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlmodel import col, or_, select

from models.directory import tree
from models.directory.parts import PARTS, Fault, Given, checked
from models.directory.roster import Roster
from models.directory.unit import Outlet, Unit
from models.law.pack_file import LawPack
from models.people.mandate import mandates
from models.people.person import Person, Post
from models.people.resident import Resident
from models.store import Logged, Store
from models.text import fold

_EMPTY_IS_NONE = frozenset({"parent", "area"})


@dataclass(frozen=True)
class Difference:
    """One row that a file changes."""

    what: str  # unit, outlet, person or resident
    id: str
    field: str  # empty: the whole row is new
    before: str = ""
    after: str = ""


class Unusable(ValueError):  # noqa: N818 - a verdict on a file, shown to people
    """A file with faults; nothing of it was taken."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        first = self.faults[0]
        super().__init__(f"{first.part} {first.row + 1} {first.column}: {first.why} ({len(self.faults)})")


@dataclass
class Merge:
    """What a file changes, what is wrong with it, and the rows it touches."""

    changes: list[Difference] = field(default_factory=list[Difference])
    faults: list[Fault] = field(default_factory=list[Fault])
    rows: list[Logged] = field(default_factory=list[Logged])
    roster: Roster | None = None
    notes: list[str] = field(default_factory=list[str])  # nothing wrong, but worth knowing before one says yes
    absent: list[Unit] = field(default_factory=list[Unit])  # units there are today that the file's list of units does not have

    def keyed(self, part: str, what: str, given: Sequence[dict[str, Any]], known: Mapping[str, Any]) -> None:
        """Units or outlets: one row for each id."""
        seen: dict[str, int] = {}
        for number, row in enumerate(given):
            if not row:
                continue
            if row["id"] in seen:
                self.faults.append(Fault(part, number, "id", f"mã này đã có ở dòng thứ {seen[row['id']] + 1} của phần này"))
                continue
            seen[row["id"]] = number
            wanted = {name: None if value == "" and name in _EMPTY_IS_NONE else value for name, value in row.items() if name != "id"}
            present = known.get(row["id"])
            found = differences(what, row["id"], present, wanted)
            if not found:
                continue
            self.changes.extend(found)
            new = Unit(id=row["id"], name_vi="", kind="") if what == "unit" else Outlet(id=row["id"], name="")
            changed = present if present is not None else new
            _set(changed, wanted)
            self.rows.append(changed)

    def residents(self, given: Sequence[dict[str, Any]], known: Sequence[Resident], outlets: Mapping[str, str]) -> None:
        """Resident reporters: one row for each name of an outlet."""
        present = {(one.outlet_id, fold(one.name)): one for one in known}
        for number, row in enumerate(given):
            outlet = outlets.get(fold(row.get("outlet", "")))
            if not row or outlet is None:
                self.faults += [Fault("residents", number, "outlet", "chưa có cơ quan báo chí này trong danh sách")] if row else []
                continue
            key, wanted = (outlet, fold(row["name"])), {name: value for name, value in row.items() if name != "outlet"}
            one = present.get(key)
            found = differences("resident", f"{outlet}/{row['name']}", one, wanted)
            if found:
                self.changes.extend(found)
                present[key] = one = one or Resident(outlet_id=outlet, name=row["name"])
                _set(one, wanted)
                self.rows.append(one)


def differences(what: str, key: str, present: object | None, wanted: Mapping[str, Any]) -> list[Difference]:
    """How a row differs from what is kept."""
    if present is None:
        return [Difference(what, key, "", "", str(wanted.get("name_vi") or wanted.get("name") or wanted.get("position") or ""))]
    return [
        Difference(what, key, name, str(getattr(present, name) or ""), str(value or ""))
        for name, value in wanted.items()
        if getattr(present, name) != value
    ]


async def compare(store: Store, given: Given, at: datetime, law: LawPack | None = None) -> Merge:
    """What a file would change. The store's rows are touched and must not be written: use a session that only reads.

    With a pack, new mandates must fit the level of their unit.
    """
    merge = Merge()
    rows: dict[str, list[dict[str, Any]]] = {}
    for part in PARTS:
        rows[part], faults = checked(part, given.get(part) or ())
        merge.faults.extend(faults)
    units = {u.id: u for u in (await store.scalars(select(Unit))).all()}
    outlets = {o.id: o for o in (await store.scalars(select(Outlet))).all()}
    residents: Sequence[Resident] = (await store.scalars(select(Resident))).all() if rows["residents"] else ()
    roster = await _roster(store, at, law) if rows["people"] else Roster([], [])
    with store.no_autoflush:
        merge.keyed("units", "unit", rows["units"], units)
        merge.keyed("outlets", "outlet", rows["outlets"], outlets)
        every = [*units.values(), *(row for row in merge.rows if isinstance(row, Unit) and row.id not in units)]
        merge.faults.extend(tree.faults(rows["units"], {one.id: one for one in every}))
        merge.notes.extend(tree.shared_names(rows["units"], every))
        merge.absent.extend(tree.absent(rows["units"], units.values(), at))
        for part in (*every, *outlets.values(), *merge.rows):
            _refold(part)
        places = _names((u.id, (u.id, u.name_vi, *u.abbreviations)) for u in every)
        papers = _names((o.id, (o.id, o.name)) for o in (*outlets.values(), *(row for row in merge.rows if isinstance(row, Outlet))))
        merge.faults.extend(roster.take(rows["people"], places, {unit.id: unit.kind for unit in every}, at))
        merge.changes.extend(Difference(*one) for one in roster.changes)
        merge.residents(rows["residents"], residents, papers)
    merge.roster = roster
    return merge


async def apply(store: Store, given: Given, at: datetime, law: LawPack | None = None) -> tuple[list[Difference], list[Logged]]:
    """Write the differences, all or none; returns them and the rows they touched.

    Raises:
        Unusable: something in the file is wrong; nothing is written.
    """
    merge = await compare(store, given, at, law)
    if merge.faults:
        raise Unusable(merge.faults)
    store.add_all(merge.rows)
    if merge.roster is not None:
        store.add_all(merge.roster.people)
        await store.flush()
        merge.rows.extend(merge.roster.settle())
        store.add_all(merge.rows)
    return merge.changes, merge.rows


async def _roster(store: Store, at: datetime, law: LawPack | None = None) -> Roster:
    posts = await store.execute(
        select(Person, Post)
        .join(Post, col(Post.person_id) == col(Person.id))
        .where(or_(col(Post.valid_to).is_(None), col(Post.valid_to) > at))
        .order_by(col(Post.id))
    )
    return Roster([(person, post) for person, post in posts.all()], await mandates(store, at), law)


def _names(known: Iterable[tuple[str, Sequence[str]]]) -> dict[str, str]:
    """Folded id, name or abbreviation → id, where only one means it."""
    found: dict[str, set[str]] = {}
    for key, names in known:
        for name in names:
            found.setdefault(fold(name), set()).add(key)
    return {name: next(iter(keys)) for name, keys in found.items() if len(keys) == 1 and name}


def _set(row: object, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        if getattr(row, name) != value:
            setattr(row, name, value)


def _refold(row: object) -> None:
    if isinstance(row, Unit):
        row.refold()
    elif isinstance(row, Outlet):
        row.folded = fold(row.name)


async def export(store: Store, at: datetime) -> dict[str, list[dict[str, Any]]]:
    """Everything that `apply` reads, in the same shape; private numbers included, so the file is for the office."""
    units = (await store.scalars(select(Unit).order_by(col(Unit.id)))).all()
    outlets = (await store.scalars(select(Outlet).order_by(col(Outlet.id)))).all()
    residents = (await store.scalars(select(Resident).order_by(col(Resident.outlet_id), col(Resident.id)))).all()
    return {
        "units": [_row("units", u) for u in units],
        "outlets": [_row("outlets", o) for o in outlets],
        "people": (await _roster(store, at)).rows(),
        "residents": [{"outlet": one.outlet_id} | _row("residents", one) for one in residents],
    }


def _row(part: str, row: object) -> dict[str, Any]:
    return {c.name: getattr(row, c.name) if getattr(row, c.name) is not None else "" for c in PARTS[part] if hasattr(row, c.name)}
