"""A paper before it has a format: headings, sentences and tables of plain strings and whole numbers."""

from collections.abc import Sequence
from dataclasses import dataclass, field

Cell = str | int
Row = Sequence[Cell]


@dataclass(frozen=True)
class Table:
    """A table; `widths` are shares of the line, in the order of the columns; whole numbers and the columns of `centred` stand in the middle."""

    columns: Sequence[str]
    rows: Sequence[Row]
    widths: Sequence[int]
    centred: Sequence[int] = ()


@dataclass(frozen=True)
class Section:
    """A heading with what stands below it; `short` names its sheet in a workbook."""

    heading: str
    short: str
    sentences: Sequence[str] = ()
    table: Table | None = None


@dataclass(frozen=True)
class Paper:
    """One paper: whose it is, what it is, what it says, how it can be checked; `name` and `number` are those of the kind of document."""

    agency: str
    place_and_day: str
    title: str
    subtitle: Sequence[str]
    sections: Sequence[Section] = field(default_factory=list[Section])
    footer: str = ""
    signer: str = ""
    signature: str = ""
    name: str = ""
    number: str = ""
    addressee: str = ""
    receivers: Sequence[str] = ()
