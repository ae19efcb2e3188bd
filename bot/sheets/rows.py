"""What every format has in common: tables of rows that know where they stood, headings in words or by name."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from models.directory.parts import PARTS, Column, Kind
from models.text import fold

TITLES = {"units": "Đơn vị", "outlets": "Cơ quan báo chí", "people": "Người", "residents": "Phóng viên thường trú"}
GUARDED = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet takes for a formula


class Unreadable(ValueError):  # noqa: N818 - a verdict on a file, shown to people
    """A file that is no directory file; the sentence says which and why."""


@dataclass(frozen=True)
class Place:
    """Where a row stood: file, sheet if it has one, and line."""

    file: str
    line: int
    sheet: str = ""

    def __str__(self) -> str:
        return f"{self.file}{f', trang “{self.sheet}”' if self.sheet else ''}, dòng {self.line}"


@dataclass
class Table:
    """The rows of every part, and where each stood."""

    rows: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: {part: list[dict[str, Any]]() for part in PARTS})
    places: dict[str, list[Place]] = field(default_factory=lambda: {part: list[Place]() for part in PARTS})

    def add(self, part: str, row: dict[str, Any], place: Place) -> None:
        """One more row; a row with nothing in it is none."""
        if any(value not in (None, "", []) for value in row.values()):
            self.rows[part].append(row)
            self.places[part].append(place)

    def place(self, part: str, row: int) -> Place | None:
        """Where a row of a part stood."""
        places = self.places[part]
        return places[row] if row < len(places) else None


def heading(column: Column) -> str:
    """The heading of a column in a spreadsheet."""
    return column.heading


def named(part: str, heads: Sequence[object]) -> list[str]:
    """The column each heading means: its name, or its words with or without diacritics; any other stays as it is, to be pointed out."""
    known = {fold(words): column.name for column in PARTS[part] for words in (column.name.replace("_", " "), column.heading)}
    return [known.get(fold(str(head if head is not None else "").replace("_", " ")), str(head or "").strip()) for head in heads]


def part_of(heads: Sequence[object]) -> str | None:
    """The part whose needed columns a heading row has."""
    for part, columns in PARTS.items():
        found = set(named(part, heads))
        if all(column.name in found for column in columns if column.needed):
            return part
    return None


def flat(column: Column, value: Any) -> str:
    """A value as one cell."""
    return "; ".join(value or ()) if column.kind is Kind.LIST else str(value if value is not None else "")


def guard(text: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith((*GUARDED, "'")) else text


def unguard(text: str) -> str:
    """The cell as it was before `guard`."""
    return text[1:] if text.startswith("'") and text[1:].startswith((*GUARDED, "'")) else text
