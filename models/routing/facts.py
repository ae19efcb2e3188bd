"""What the router knows of a unit: names, fields, when it exists and who takes over when it does not."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from models import content

AREA = "area"  # the pseudo-unit "some commune or ward": the bot asks which
DESK = "dic_desk"
PROVINCE = "ubnd_tinh"


@dataclass(frozen=True)
class Successor:
    """Who took over, and which matters of it; none named means all."""

    id: str
    subjects: tuple[str, ...] = ()


@dataclass(frozen=True)
class UnitFacts:
    """A unit as routing sees it; both ends of its validity are days on which it exists."""

    id: str
    name_vi: str
    name_en: str = ""
    kind: str = "department"
    parent: str | None = None
    area: str | None = None
    abbreviations: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    former_names: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None
    successors: tuple[Successor, ...] = ()

    def exists(self, on: date) -> bool:
        """Is the unit there on that day?"""
        return (self.valid_from is None or self.valid_from <= on) and (self.valid_to is None or on <= self.valid_to)

    def gone(self, on: date) -> bool:
        """Was the unit there once and is no more?"""
        return self.valid_to is not None and self.valid_to < on

    def name(self, language: str) -> str:
        """The name in a language; Vietnamese where no other is kept."""
        return (self.name_en or self.name_vi) if language == "en" else self.name_vi

    @property
    def is_area(self) -> bool:
        """Is it the authority of a commune, ward or former district?"""
        return self.kind.startswith("area")


@dataclass(frozen=True)
class Heir:
    """A unit that exists on the day asked for and stands for one that does not; `subjects` empty means for everything."""

    unit: UnitFacts
    subjects: tuple[str, ...]


def heirs(gone: UnitFacts, units: Mapping[str, UnitFacts], on: date) -> list[Heir]:
    """Everybody who answers for a body that is gone, through any number of mergers; a cycle ends where it closes."""
    found: dict[str, Heir] = {}
    seen = {gone.id}
    todo = [(successor, successor.subjects) for successor in gone.successors]
    while todo:
        successor, subjects = todo.pop(0)
        unit = units.get(successor.id)
        if unit is None or successor.id in seen:
            continue
        seen.add(successor.id)
        if unit.exists(on):
            found.setdefault(unit.id, Heir(unit, subjects))
        else:
            todo += [(following, following.subjects or subjects) for following in unit.successors]
    return list(found.values())


def chain(unit: UnitFacts, units: Mapping[str, UnitFacts]) -> list[UnitFacts]:
    """The unit's superiors, nearest first; a cycle in the directory ends the chain instead of hanging it."""
    found: list[UnitFacts] = []
    seen = {unit.id}
    while unit.parent is not None and unit.parent not in seen and (parent := units.get(unit.parent)):
        seen.add(parent.id)
        found.append(parent)
        unit = parent
    return found


def read(documents: Iterable[content.Document]) -> list[UnitFacts]:
    """The units of some content files, in the order of the files.

    Raises:
        content.ContentProblem: a row has no id or name, a day is no day, an id stands twice, or a successor is unknown.
    """
    found: dict[str, tuple[UnitFacts, content.Document, int]] = {}
    for document in documents:
        for row, values in enumerate(cast("list[dict[str, Any]]", document.data.get("units") or [])):
            unit = _unit(document, row, values)
            if unit.id in found:
                raise document.problem(f"đơn vị “{unit.id}” viết hai lần; giữ một", "units", row)
            found[unit.id] = unit, document, row
    for unit, document, row in found.values():
        for successor in unit.successors:
            if successor.id not in found:
                raise document.problem(f"“{unit.id}” chuyển cho “{successor.id}” nhưng không có đơn vị này", "units", row, "successors")
    return [unit for unit, _, _ in found.values()]


def _unit(document: content.Document, row: int, values: dict[str, Any]) -> UnitFacts:
    if not values.get("id") or not values.get("name_vi"):
        raise document.problem("đơn vị cần có `id` và `name_vi`", "units", row)
    for key in ("valid_from", "valid_to"):
        if not isinstance(values.get(key), date | None):
            raise document.problem(f"`{key}` phải là ngày dạng 2025-07-01", "units", row, key)
    return UnitFacts(
        id=str(values["id"]),
        name_vi=str(values["name_vi"]),
        name_en=str(values.get("name_en") or ""),
        kind=str(values.get("kind") or "department"),
        parent=values.get("parent"),
        area=values.get("area"),
        abbreviations=_strings(values, "abbreviations"),
        aliases=_strings(values, "aliases"),
        fields=_strings(values, "fields"),
        former_names=_strings(values, "former_names"),
        valid_from=values.get("valid_from"),
        valid_to=values.get("valid_to"),
        successors=tuple(
            Successor(str(item["id"]), _strings(item, "subjects")) for item in cast("list[dict[str, Any]]", values.get("successors") or [])
        ),
    )


def _strings(values: Mapping[str, Any], key: str) -> tuple[str, ...]:
    return tuple(str(item) for item in cast("list[Any]", values.get(key) or []))
