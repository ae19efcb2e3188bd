"""An older list of cases, row by row: from cells to facts, every mistake of every row at once, each with its column and what to do."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from models import dates
from models.casework.imported import PastOutcome
from models.directory.unit import Unit
from models.law.packs import LawBook, NoPack
from models.text import clean, fold

COLUMNS = {
    "reference": "Số hồ sơ",
    "received": "Ngày nhận",
    "outlet": "Cơ quan báo chí",
    "reporter": "Phóng viên",
    "unit": "Đơn vị",
    "question": "Nội dung",
    "outcome": "Kết quả",
    "ended": "Ngày kết thúc",
    "due": "Thời hạn",
}
NEEDED = ("reference", "received", "outlet", "unit", "question", "outcome")
OUTCOMES = {
    "da tra loi": PastOutcome.ANSWERED,
    "tra loi": PastOutcome.ANSWERED,
    "tu choi": PastOutcome.REFUSED,
    "rut": PastOutcome.WITHDRAWN,
    "phong vien rut": PastOutcome.WITHDRAWN,
    "chua tra loi": PastOutcome.OPEN,
    "dang xu ly": PastOutcome.OPEN,
}
LONGEST = 20_000  # characters of one cell


@dataclass(frozen=True)
class Mistake:
    """What is wrong with one cell: the row and column as the program shows them, the sentence and its values."""

    row: int
    column: str
    key: str
    value: str = ""


class Wrong(Exception):  # noqa: N818 - what is the case
    """One cell that cannot be taken."""

    def __init__(self, column: str, key: str, value: object = "") -> None:
        super().__init__(key)
        self.column, self.key, self.value = column, key, str(value)


@dataclass(frozen=True)
class Reader:
    """What rows are read against: the units of the directory, the law, the zone, and today."""

    units: Sequence[Unit]
    law: LawBook
    zone: ZoneInfo
    now: datetime
    columns: ClassVar[Mapping[str, str]] = COLUMNS
    needed: ClassVar[Sequence[str]] = NEEDED

    def complete(self, cells: Mapping[str, Any], said: Mapping[str, str]) -> None:
        """Nothing that is needed is empty."""
        for name in self.needed:
            if cells.get(name) in (None, "") or said.get(name) == "":
                raise Wrong(name, "missing")

    def row(self, cells: Mapping[str, Any]) -> dict[str, Any]:
        """One row as facts.

        Raises:
            Wrong: a cell cannot be taken.
        """
        said = {name: words(name, cells.get(name)) for name in ("reference", "outlet", "reporter", "unit", "question", "outcome")}
        self.complete(cells, said)
        received = self.moment("received", cells["received"])
        outcome = OUTCOMES.get(fold(said["outcome"]))
        if outcome is None:
            raise Wrong("outcome", "outcome", said["outcome"])
        ended = self._ended(cells.get("ended"), received, outcome)
        due = self._due(cells.get("due"))
        facts: dict[str, Any] = {
            "reference": said["reference"],
            "unit": self.unit(said["unit"]),
            "requester": {"name": said["reporter"] or "–", "outlet": said["outlet"]},
            "question": said["question"],
            "outcome": outcome.value,
            "received": received.isoformat(),
            "ended": ended.isoformat() if ended else None,
            "due": due.isoformat() if due else None,
            "pack": self.pack("received", received),
        }
        return facts | {"content": fingerprint(facts)}

    def _ended(self, value: Any, received: datetime, outcome: PastOutcome) -> datetime | None:
        if value in (None, ""):
            if outcome is not PastOutcome.OPEN:
                raise Wrong("ended", "ended_missing")
            return None
        if outcome is PastOutcome.OPEN:
            raise Wrong("ended", "ended_but_open")
        ended = self.moment("ended", value)
        if ended.date() == received.date():
            ended = max(ended, received)  # a date without an hour says nothing against the hour it was received
        if ended < received:
            raise Wrong("ended", "ended_before", f"{ended:%d/%m/%Y}")
        return ended

    def _due(self, value: Any) -> datetime | None:
        """A day given as due lasts to its end."""
        if value in (None, ""):
            return None
        due = self.moment("due", value, past=False)
        return due + timedelta(days=1) if due.time() == time.min else due

    def moment(self, name: str, value: Any, *, past: bool = True) -> datetime:
        """A cell of Excel's own date, or a date as it is typed: 05/02/2026, 05/02/2026 14:30."""
        if isinstance(value, datetime):
            found: datetime | None = value.replace(tzinfo=self.zone)
        elif isinstance(value, date):
            found = datetime.combine(value, time.min, tzinfo=self.zone)
        else:
            found = self._typed(words(name, value))
        if found is None:
            raise Wrong(name, "date", value)
        if past and found > self.now:
            raise Wrong(name, "ahead", f"{found:%d/%m/%Y}")
        return found

    def _typed(self, text: str) -> datetime | None:
        if not any(len(part) >= 4 for part in text.replace("-", "/").replace(".", "/").replace(" ", "/").split("/")):
            return None  # without a year nobody knows which
        day = dates.day(text, self.now.astimezone(self.zone).date())
        if day is None:
            return None
        return dates.moment(text, self.now, self.zone) if ":" in text else datetime.combine(day, time.min, tzinfo=self.zone)

    def unit(self, text: str) -> str:
        """The unit a cell names, by name or id."""
        wanted = fold(text)
        found = [u.id for u in self.units if u.id == text] or [u.id for u in self.units if wanted in u.folded.split(" | ")]
        if len(found) != 1:
            raise Wrong("unit", "unit" if not found else "unit_twice", text)
        return found[0]

    def pack(self, name: str, at: datetime) -> str:
        """The decree that held then."""
        try:
            return self.law.at(at).id
        except NoPack as error:
            raise Wrong(name, "no_pack", f"{at:%d/%m/%Y}") from error


def fingerprint(facts: Mapping[str, Any]) -> str:
    """What a row says, so that the same number with other content is noticed."""
    return hashlib.sha256(json.dumps(facts, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def words(name: str, value: Any) -> str:
    """A cell as text."""
    text = "" if value is None else clean(str(int(value)) if isinstance(value, float) and value.is_integer() else str(value))
    if len(text) > LONGEST:
        raise Wrong(name, "too_long", LONGEST)
    return text


def read(reader: Reader, rows: Sequence[tuple[int, Mapping[str, Any]]]) -> tuple[list[dict[str, Any]], list[Mistake]]:
    """Every row that can be taken, and everything that is wrong with the others; a number written twice is wrong too."""
    found: list[dict[str, Any]] = []
    mistakes: list[Mistake] = []
    seen: dict[str, int] = {}
    for number, cells in rows:
        try:
            facts = reader.row(cells)
        except Wrong as wrong:
            mistakes.append(Mistake(number, reader.columns[wrong.column], wrong.key, wrong.value))
            continue
        before = seen.setdefault(facts["reference"], number)
        if before != number:
            mistakes.append(Mistake(number, reader.columns["reference"], "twice", str(before)))
        else:
            found.append(facts | {"row": number})
    return found, mistakes
