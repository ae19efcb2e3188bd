"""The law as dated data: packs under `content/law/`, and the book that says which pack holds at a moment.

A clock takes the pack in force at its trigger; refusal grounds, mandates and publication duties take the pack in force at
the act. Nothing of a decree stands in Python: Decree 09/2017/NĐ-CP and Decree 244/2026/NĐ-CP differ in their files only.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from typing import Any, cast

from models.content import ContentProblem, Document
from models.law import checks
from models.law.calendar import local
from models.law.pack_file import Capacity, Clock, Form, Ground, Indicator, InquiryKind, Ladder, LawPack, Mandate, Publication
from models.law.terms import Measure, Trigger
from models.schema import ContentProblems, records

__all__ = [
    "Capacity",
    "Change",
    "Clock",
    "Form",
    "Ground",
    "Indicator",
    "InquiryKind",
    "Ladder",
    "LawBook",
    "LawPack",
    "Mandate",
    "Measure",
    "NoPack",
    "Publication",
    "Trigger",
    "Unverified",
    "clocks_changed",
    "diff",
    "parse",
]


class NoPack(LookupError):  # noqa: N818 - an answer to whoever asked, not a defect
    """No pack of that name, or none in force at that moment; `known` lists what there is."""

    def __init__(self, wanted: str, known: tuple[str, ...]) -> None:
        self.wanted, self.known = wanted, known
        super().__init__(f"no law pack for {wanted}; known: {', '.join(known)}")


@dataclass(frozen=True)
class Unverified:
    """Something nobody has confirmed against the signed text: a whole pack (no `item`), or one of its items."""

    pack: str
    section: str
    item: str
    status: str


@dataclass(frozen=True)
class Change:
    """One difference between two packs; `before` or `after` is None where the item is new or gone."""

    section: str
    item: str
    field: str
    before: str | None
    after: str | None


def parse(document: Document) -> LawPack:
    """One pack file as a pack.

    Raises:
        ContentProblems: everything its author must mend.
    """
    pack = records(document, LawPack)
    if found := list(checks.problems(pack, document)):
        raise ContentProblems(found)
    return pack


@dataclass(frozen=True)
class LawBook:
    """All packs of an installation; `pin` makes one of them hold always (a province that has not switched)."""

    packs: tuple[LawPack, ...]
    pin: str | None = None

    def __post_init__(self) -> None:
        if self.pin is not None:
            self.pack(self.pin)

    @classmethod
    def parse(cls, documents: list[Document], pin: str | None = None) -> "LawBook":
        """The book of several pack files; an office's file replaces the shipped one of the same file name.

        Raises:
            ContentProblems: everything that is wrong in any of the files, and packs whose validity overlaps.
            NoPack: the pin names no pack.
        """
        latest = {document.path.name: document for document in documents}
        found: list[ContentProblem] = []
        read: list[tuple[LawPack, Document]] = []
        for document in latest.values():
            try:
                read.append((parse(document), document))
            except ContentProblems as error:
                found.extend(error.problems)
        found.extend(_conflicts(read))
        if found:
            raise ContentProblems(found)
        return cls(tuple(sorted((pack for pack, _ in read), key=lambda pack: pack.valid_from)), pin)

    def pack(self, name: str) -> LawPack:
        """The pack of that id.

        Raises:
            NoPack: there is none.
        """
        for pack in self.packs:
            if pack.id == name:
                return pack
        raise NoPack(name, tuple(pack.id for pack in self.packs))

    def at(self, moment: datetime) -> LawPack:
        """The pack in force on the Vietnamese date of a moment, or the pinned one.

        Raises:
            NoPack: none is in force then.
        """
        if self.pin is not None:
            return self.pack(self.pin)
        day = local(moment).date()
        for pack in self.packs:
            if pack.holds(day):
                return pack
        raise NoPack(day.isoformat(), tuple(pack.id for pack in self.packs))

    def unverified(self) -> tuple[Unverified, ...]:
        """What an officer still has to compare with the signed text, pack by pack."""
        return tuple(item for pack in self.packs for item in _unverified(pack))


def _conflicts(read: list[tuple[LawPack, Document]]) -> Iterator[ContentProblem]:
    """Two packs of one name, or two packs in force on one day."""
    for index, (pack, document) in enumerate(read):
        for other, _ in read[:index]:
            if pack.id == other.id:
                yield document.problem(f"bộ quy tắc “{pack.id}” đã có ở tệp khác; đổi id hoặc bỏ một tệp", "id")
            elif pack.valid_from <= (other.valid_to or date.max) and other.valid_from <= (pack.valid_to or date.max):
                yield document.problem(f"hiệu lực chồng lên “{other.id}”; sửa valid_from hoặc valid_to của một trong hai bộ", "valid_from")


def _unverified(pack: LawPack) -> Iterator[Unverified]:
    if not pack.verified_by or pack.verified_at is None:
        yield Unverified(pack.id, "", "", "")
    sections = (("forms", pack.forms), ("refusal", pack.refusal.grounds), ("clocks", tuple(c for c in pack.clocks if not c.local)))
    for section, items in sections:
        yield from (Unverified(pack.id, section, item.id, item.status) for item in items if not item.official_text)


def diff(old: LawPack, new: LawPack) -> tuple[Change, ...]:
    """Every difference between two packs, item by item, so that an officer reads it before it holds."""
    before, after = dict(_flat(old)), dict(_flat(new))
    keys = sorted(before.keys() | after.keys())
    return tuple(Change(*key, before.get(key), after.get(key)) for key in keys if before.get(key) != after.get(key))


def clocks_changed(changes: tuple[Change, ...]) -> frozenset[str]:
    """Ids of the clocks whose due moments would be others than before."""
    decisive = {"amount", "measure", "month_day", "trigger", "pausable", "extendable"}
    return frozenset(change.item for change in changes if change.section == "clocks" and change.field in decisive)


def _flat(pack: LawPack) -> Iterator[tuple[tuple[str, str, str], str]]:
    """Every value of a pack under (section, item, field)."""
    for one in fields(pack):
        yield from _leaves(getattr(pack, one.name), (one.name,))


def _leaves(value: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, str, str], str]]:
    if value is None or value in ("", ()):
        return
    if is_dataclass(value):
        for one in fields(value):
            yield from _leaves(getattr(value, one.name), (*path, one.name))
    elif isinstance(value, tuple):
        rows = cast("tuple[Any, ...]", value)
        if not is_dataclass(rows[0]):
            yield _named(path), " ".join(str(row) for row in rows)
            return
        for number, row in enumerate(rows, 1):
            yield from _leaves(row, (*path, str(getattr(row, "id", number))))
    else:
        yield _named(path), str(value)


def _named(path: tuple[str, ...]) -> tuple[str, str, str]:
    """Section, item and field of a value, e.g. ("clocks", "RQ-02", "amount")."""
    return path[0], "/".join(path[1:-1]), path[-1]
