"""The people of a directory file against those who are known: one row is one post of one person in one unit.

The same name in the same unit is the same person; elsewhere the same private phone or e-mail with the same name is, who then holds
posts in several units. Nobody is removed by a file: who leaves is handed over in chat.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from models.directory.parts import Fault
from models.law.pack_file import LawPack
from models.people import authorising
from models.people.mandate import Mandate, MandateKind
from models.people.person import Person, Post, PostKind
from models.store import Logged
from models.text import fold

OF_PERSON = ("phone", "email")
OF_POST = ("position", "office_phone", "office_email", "page")
Change = tuple[str, str, str, str, str]


@dataclass
class _New:
    """A post or mandate that comes into being once its person has a number."""

    person: Person
    row: Post | Mandate


@dataclass
class Roster:
    """Everybody with a post, and what a file makes of them."""

    posts: Sequence[tuple[Person, Post]]
    mandates: Sequence[Mandate]
    law: LawPack | None = None  # who may be given a mandate from now on; None: nobody is checked
    changes: list[Change] = field(default_factory=list[Change])
    people: list[Person] = field(default_factory=list[Person])  # new ones
    touched: list[Logged] = field(default_factory=list[Logged])
    new: list[_New] = field(default_factory=list[_New])

    def __post_init__(self) -> None:
        self._in_unit = {(post.unit_id, fold(person.name)): person for person, post in reversed(self.posts)}
        self._held: dict[tuple[int, str], dict[PostKind, Post]] = {}
        self._by_contact: dict[str, Person] = {}
        self._speaking = {(m.person_id, m.unit_id): m for m in self.mandates if m.kind is not MandateKind.AUTHORISED}
        for person, post in self.posts:
            self._held.setdefault((person.id or 0, post.unit_id), {})[post.kind] = post
            self._contact(person)

    def _contact(self, person: Person) -> None:
        for contact in (person.phone, person.email):
            if contact:
                self._by_contact.setdefault(contact, person)

    def take(self, rows: Sequence[dict[str, Any]], units: Mapping[str, str], kinds: Mapping[str, str], at: datetime) -> list[Fault]:
        """Compare the rows one after another; returns what is wrong with them. `kinds` says of what kind a unit is."""
        faults: list[Fault] = []
        seen: dict[tuple[str, str, str], int] = {}
        for number, row in enumerate(rows):
            if not row:
                continue
            unit = units.get(fold(row["unit"]))
            if unit is None:
                faults.append(Fault("people", number, "unit", f"chưa có đơn vị “{row['unit'][:60]}” trong danh bạ; ghi mã hoặc đúng tên"))
                continue
            key = (unit, fold(row["name"]), row.get("post") or "member")
            if key in seen:
                faults.append(Fault("people", number, "name", f"người này đã có ở dòng thứ {seen[key] + 1} của phần này"))
                continue
            seen[key] = number
            other = self._somebody_else(row)
            if other is not None:
                column, name = other
                faults.append(Fault("people", number, column, f"trùng với {name}; một số hoặc địa chỉ riêng chỉ của một người"))
                continue
            basis = self._misfit(unit, kinds.get(unit, ""), row)
            if basis is not None:
                said = row.get("position") or "chưa ghi chức vụ"
                faults.append(
                    Fault("people", number, "position", f"“{said[:60]}”: {basis} chỉ giao phát ngôn cho người đứng đầu hoặc cấp phó")
                )
                continue
            self._row(unit, row, at)
        return faults

    def _misfit(self, unit: str, kind: str, row: Mapping[str, Any]) -> str | None:
        """The article by which a mandate may not be given anew here (09/2017 Art 3(2), 3(3)); who holds it already is not asked again."""
        wanted = row.get("mandate")
        if self.law is None or wanted not in {MandateKind.HEAD, MandateKind.STANDING}:
            return None
        person = self._in_unit.get((unit, fold(row["name"])))
        place = (person.id or -id(person), unit) if person is not None else (0, unit)
        held = self._speaking.get(place)
        if held is not None and held.kind.value == wanted:
            return None
        return authorising.misfit(self.law, kind, MandateKind(wanted), self._position(place, row))

    def _somebody_else(self, row: Mapping[str, Any]) -> tuple[str, str] | None:
        """Whose private number or address a row takes, where that person has another name."""
        for column in OF_PERSON:
            owner = self._by_contact.get(row.get(column) or "")
            if owner is not None and fold(owner.name) != fold(row["name"]):
                return column, owner.name
        return None

    def _row(self, unit: str, row: dict[str, Any], at: datetime) -> None:
        key = f"{unit}/{row['name']}"
        person = self._in_unit.get((unit, fold(row["name"]))) or self._known(row)
        if person is None:
            person = Person(name=row["name"], created_at=at)
            self.people.append(person)
            self.touched.append(person)
            for column in OF_PERSON:
                setattr(person, column, row.get(column) or "")
        else:
            self._change(person, key, {c: row[c] for c in OF_PERSON if c in row})
        self._contact(person)
        self._in_unit[unit, fold(row["name"])] = person
        moved = self._post(person, unit, key, row, at)
        self._mandate(person, unit, key, row if moved else {c: v for c, v in row.items() if c != "position"}, at)

    def _known(self, row: Mapping[str, Any]) -> Person | None:
        return next((p for c in OF_PERSON if (p := self._by_contact.get(row.get(c) or "")) is not None), None)

    def _change(self, present: Person | Post | Mandate, key: str, wanted: Mapping[str, Any]) -> None:
        for name, value in wanted.items():
            before = getattr(present, name)
            if before != value:
                self.changes.append(("person", key, name, str(before), str(value)))
                setattr(present, name, value)
                self.touched.append(present)

    def _post(self, person: Person, unit: str, key: str, row: Mapping[str, Any], at: datetime) -> bool:
        """The post of a row; whether it is new or its position has changed, which a mandate's then does too."""
        held = self._held.setdefault((person.id or -id(person), unit), {})
        named = row.get("post")
        kind = PostKind(named) if named else next(iter(held), PostKind.MEMBER)
        wanted = {c: row[c] for c in OF_POST if c in row}
        if kind in held:
            moved = held[kind].position != wanted.get("position", held[kind].position)
            self._change(held[kind], key, wanted)
            return moved
        post = held[kind] = Post(person_id=0, unit_id=unit, kind=kind, valid_from=at, **wanted)
        self.new.append(_New(person, post))
        self.changes.append(("person", key, "", "", f"{row['name']}, {kind.value}"))
        return True

    def _mandate(self, person: Person, unit: str, key: str, row: Mapping[str, Any], at: datetime) -> None:
        """Head and standing mandates as the file says; another kind ends the old one, so what was said under it stays explained."""
        wanted, place = row.get("mandate"), (person.id or -id(person), unit)
        held = self._speaking.get(place)
        if not wanted:
            return
        if held is not None and held.kind.value == wanted:
            self._change(held, key, {c: row[c] for c in ("position", "decision_no") if c in row})
            return
        if held is not None:
            held.valid_to = at
            self.touched.append(held)
            del self._speaking[place]
        if held is not None or wanted != "none":
            self.changes.append(("person", key, "mandate", held.kind.value if held else "", wanted))
        if wanted != "none":
            facts: dict[str, Any] = {"decision_no": row.get("decision_no") or "", "position": self._position(place, row)}
            mandate = self._speaking[place] = Mandate(person_id=0, unit_id=unit, kind=MandateKind(wanted), valid_from=at, **facts)
            self.new.append(_New(person, mandate))

    def _position(self, place: tuple[int, str], row: Mapping[str, Any]) -> str:
        return str(row.get("position") or next((post.position for post in self._held.get(place, {}).values()), ""))

    def settle(self) -> Iterable[Logged]:
        """Every row touched, once the new people have their numbers."""
        for one in self.new:
            one.row.person_id = one.person.id or 0
        return [*self.touched, *(one.row for one in self.new)]

    def rows(self) -> list[dict[str, Any]]:
        """Everybody as file rows; a mandate stands with the first post its holder has in the unit."""
        found: list[dict[str, Any]] = []
        told: set[tuple[int, str]] = set()
        for person, post in sorted(self.posts, key=lambda pair: (pair[1].unit_id, pair[1].id or 0)):
            if post.kind is PostKind.OFFICER:
                continue  # who works at the press desk is invited by name, never by a file
            place = (person.id or 0, post.unit_id)
            held = self._speaking.get(place) if place not in told else None
            told.add(place)
            row: dict[str, Any] = {"unit": post.unit_id, "name": person.name, "post": post.kind.value}
            row |= {c: getattr(post, c) for c in OF_POST} | {c: getattr(person, c) for c in OF_PERSON}
            found.append(row | {"mandate": held.kind.value if held else "", "decision_no": held.decision_no if held else ""})
        return found
