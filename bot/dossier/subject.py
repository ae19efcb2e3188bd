"""What a dossier is asked for: one file, a matter with the inquiries that hang on it, or a stretch of the log from day to day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func
from sqlmodel import col, select

from models import codes
from models.casework import imported, inquiry, matter
from models.evidence.exchange import ExchangeEntry
from models.store import Store


@dataclass(frozen=True)
class Subject:
    """The files whose whole history goes in, or the first and last entry of a period; `name` is how people call it."""

    name: str
    cases: Sequence[str] = ()
    span: tuple[int, int] | None = None


@dataclass(frozen=True)
class Period:
    """Local days, both included."""

    first: date
    last: date

    @classmethod
    def parse(cls, text: str) -> "Period":
        """`2026-01-01..2026-01-31`.

        Raises:
            ValueError: it is none.
        """
        first, mark, last = text.partition("..")
        found = cls(date.fromisoformat(first.strip()), date.fromisoformat(last.strip()))
        if not mark or found.last < found.first:
            raise ValueError(text)
        return found

    def __str__(self) -> str:
        return f"{self.first}..{self.last}"


async def of_file(store: Store, code: str) -> Subject | None:
    """One file by its code, an older one taken over included; a matter brings along the inquiries that hang on it."""
    if code.startswith(codes.MATTER):
        found = await matter.by_code(store, code)
        hanging = await matter.inquiries_of(store, code)
        return None if found is None else Subject(code, [code, *(case.code for case in hanging)])
    known = await inquiry.by_code(store, code) or await imported.by_code(store, code)
    return None if known is None else Subject(code, [code])


async def of_period(store: Store, period: Period, zone: ZoneInfo) -> Subject | None:
    """Every entry of these days, and of whatever the log wrote between them; None where there is none."""
    start = datetime.combine(period.first, time.min, tzinfo=zone)
    end = datetime.combine(period.last + timedelta(days=1), time.min, tzinfo=zone)
    inside = (col(ExchangeEntry.at) >= start, col(ExchangeEntry.at) < end)
    query = select(func.min(ExchangeEntry.seq).label("first"), func.max(ExchangeEntry.seq).label("last")).where(*inside)
    found = (await store.execute(query)).mappings().one()
    return None if found["first"] is None else Subject(str(period), span=(found["first"], found["last"]))
