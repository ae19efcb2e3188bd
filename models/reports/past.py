"""An older list of conferences, briefings, periodic information, false reports and letters: row by row from cells to facts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from sqlmodel import col, select

from models.casework import activity
from models.casework.activity import Activity, ActivityKind
from models.evidence.item import Item
from models.reports.older import Mistake, Reader, Wrong, fingerprint, words
from models.store import Store
from models.text import fold

COLUMNS = {
    "reference": "Số hiệu",
    "day": "Ngày",
    "kind": "Loại",
    "unit": "Đơn vị",
    "title": "Nội dung",
    "link": "Đường dẫn",
    "about": "Phản hồi tin sai số",
}
KINDS = {
    "hop bao": ActivityKind.PRESS_CONFERENCE,
    "giao ban": ActivityKind.BRIEFING,
    "giao ban bao chi": ActivityKind.BRIEFING,
    "thong tin dinh ky": ActivityKind.PERIODIC_INFORMATION,
    "tin sai": ActivityKind.FALSE_REPORT,
    "tin sai tren bao": ActivityKind.FALSE_REPORT,
    "van ban phan hoi": ActivityKind.CORRECTION_LETTER,
}
_SAID = ("reference", "day", "kind", "unit", "title", "link", "about")  # what makes two rows the same


@dataclass(frozen=True)
class PastReader(Reader):
    """Reads rows of activities; a letter names the false report it answers by its number in the list."""

    columns: ClassVar[Mapping[str, str]] = COLUMNS
    needed: ClassVar[Sequence[str]] = ("reference", "day", "kind", "unit", "title")

    def row(self, cells: Mapping[str, Any]) -> dict[str, Any]:
        """One row as facts.

        Raises:
            Wrong: a cell cannot be taken.
        """
        said = {name: words(name, cells.get(name)) for name in ("reference", "kind", "unit", "title", "link", "about")}
        self.complete(cells, said)
        day = self.moment("day", cells["day"])
        kind = KINDS.get(fold(said["kind"]))
        if kind is None:
            raise Wrong("kind", "kind", said["kind"])
        if (kind is ActivityKind.CORRECTION_LETTER) != bool(said["about"]):
            raise Wrong("about", "about_missing" if not said["about"] else "about_alone")
        if said["link"] and (not said["link"].startswith(("http://", "https://")) or " " in said["link"]):
            raise Wrong("link", "link", said["link"])
        facts: dict[str, Any] = {
            **said,
            "day": day.date().isoformat(),
            "kind": kind.value,
            "unit": self.unit(said["unit"]),
            "about": said["about"] or None,
        }
        return facts | {"content": fingerprint(facts), "pack": self.pack("day", day)}


async def known(store: Store, references: Sequence[str]) -> dict[str, str]:
    """Which of these numbers are here already, with the digest of what they say; one whose title was erased says anything."""
    numbers = {code: number for number, code in (await activity.numbered(store)).items()}
    found: dict[str, str] = {}
    for start in range(0, len(references), 500):
        some = references[start : start + 500]
        rows = await store.execute(
            select(Activity, Item).join(Item, col(Item.digest) == Activity.title).where(col(Activity.reference).in_(some))
        )
        for one, title in rows.all():
            facts = {"reference": one.reference, "day": one.day.isoformat(), "kind": one.kind.value, "unit": one.unit_id}
            facts |= {"title": title.text, "link": one.link, "about": numbers.get(one.about) if one.about else None}
            found[str(one.reference)] = fingerprint({name: facts[name] for name in _SAID}) if title.text is not None else ""
    return found


async def unanswerable(store: Store, rows: Sequence[Mapping[str, Any]]) -> list[Mistake]:
    """Letters that name no false report, neither of this list nor of an earlier one."""
    wrong = {str(number) for number in (await store.scalars(_FALSE)).all()}
    wrong |= {str(row["reference"]) for row in rows if row["kind"] == ActivityKind.FALSE_REPORT.value}
    return [Mistake(row["row"], COLUMNS["about"], "about", row["about"]) for row in rows if row["about"] and row["about"] not in wrong]


_FALSE = select(Activity.reference).where(Activity.kind == ActivityKind.FALSE_REPORT, col(Activity.reference).is_not(None))
