"""The directory as files give it: what would change, row by row, and the change itself. Importing twice changes nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlmodel import col, select

from models.mandate import Mandate, MandateKind
from models.person import Person, Post, PostKind
from models.store import Logged, Store
from models.text import clean, fold
from models.unit import Outlet, Unit

UNIT_TEXTS = ("name_vi", "name_en", "kind", "parent", "area")
UNIT_LISTS = ("abbreviations", "aliases", "former_names", "fields", "successors")
OUTLET_TEXTS = ("name", "kind", "scope")
PERSON_TEXTS = ("email", "phone")


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


async def people(store: Store, given: Sequence[Mapping[str, Any]], at: datetime) -> tuple[list[Difference], list[Logged]]:
    """Write the people of a file who are not known in their unit yet, with post and mandate.

    Same unit and name is the same person; so is the same e-mail address, who may then hold posts in several units.
    """
    rows = await store.execute(select(Person, Post).join(Post, col(Post.person_id) == col(Person.id)).where(col(Post.valid_to).is_(None)))
    known = {(post.unit_id, fold(person.name)): person for person, post in rows.all()}
    by_email = {person.email: person for person in known.values() if person.email}
    changes: list[Difference] = []
    touched: list[Logged] = []
    for row in given:
        name, unit = clean(str(row["name"])), str(row["unit"])
        present = known.get((unit, fold(name)))
        wanted = _wanted(row, PERSON_TEXTS, ())
        found = differences("person", f"{unit}/{name}", present, wanted | ({} if present else {"name": name}))
        changes.extend(found)
        if present is not None:
            if found:
                _set(present, wanted)
                touched.append(present)
            continue
        person = by_email.get(wanted.get("email") or "")
        if person is None:
            person = Person(name=name, created_at=at, email=wanted.get("email") or "", phone=wanted.get("phone") or "")
            store.add(person)
            await store.flush()
            touched.append(person)
        known[unit, fold(name)] = person
        if person.email:
            by_email[person.email] = person
        touched.extend(_place(store, person, row, at))
    return changes, touched


def _place(store: Store, person: Person, row: Mapping[str, Any], at: datetime) -> list[Logged]:
    """The post and, where the file names one, the mandate."""
    where: dict[str, Any] = {
        "person_id": person.id,
        "unit_id": str(row["unit"]),
        "position": clean(str(row.get("position") or "")),
        "valid_from": at,
    }
    made: list[Logged] = [Post(kind=PostKind(row.get("post") or "member"), **where)]
    if row.get("mandate"):
        made.append(Mandate(kind=MandateKind(row["mandate"]), decision_no=str(row.get("decision_no") or ""), **where))
    store.add_all(made)
    return made


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


async def export(store: Store) -> dict[str, list[dict[str, Any]]]:
    """Units and outlets in the shape `apply` reads."""
    units = (await store.scalars(select(Unit).order_by(col(Unit.id)))).all()
    outlets = (await store.scalars(select(Outlet).order_by(col(Outlet.id)))).all()
    return {
        "units": [{"id": u.id} | {name: getattr(u, name) for name in (*UNIT_TEXTS, *UNIT_LISTS)} for u in units],
        "outlets": [{"id": o.id} | {name: getattr(o, name) for name in OUTLET_TEXTS} for o in outlets],
    }
