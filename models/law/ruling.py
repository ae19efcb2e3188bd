"""The rules an office counts by, read from its files: law packs, the calendar, and the days off it added itself."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from pydantic.dataclasses import dataclass

from models import content
from models.clocks.deadline import Rules
from models.content import Document
from models.law.calendar import Calendar
from models.law.packs import LawBook
from models.schema import STRICT, ContentProblems, Words, records, repeated

CALENDAR, LOCAL, LAW = "calendar.yaml", "calendar_local.yaml", "law"


@dataclass(frozen=True, kw_only=True, config=STRICT)
class LocalDay:
    """One day off that this office keeps beside the notices: a storm, an election, a day of its own."""

    date: dt.date
    name: Words


@dataclass(frozen=True, kw_only=True, config=STRICT)
class LocalDays:
    """`calendar_local.yaml`, written by `phatngon calendar add` and `import`, or by hand."""

    days_off: tuple[LocalDay, ...]


def local_days(document: Document) -> tuple[LocalDay, ...]:
    """The added days of a file.

    Raises:
        ContentProblems: what its author must mend.
    """
    days = records(document, LocalDays).days_off
    if found := repeated(str(day.date) for day in days):
        raise ContentProblems(document.problem(f"ngày {name} viết hai lần; giữ một", "days_off", place) for place, name in found)
    return days


def rules(packs: list[Document], calendar: Document, local: Document, pin: str | None) -> Rules:
    """Law packs and calendar.

    Raises:
        ContentProblems: everything that is wrong in the packs, or in the calendar.
        NoPack: the pin names no pack.
    """
    added = [(day.date, day.name) for day in local_days(local)]
    return Rules(LawBook.parse(packs, pin), Calendar.parse(calendar).with_days_off(added))


def of_texts(texts: Mapping[str, str], pin: str | None) -> Rules:
    """The same from texts by the names of their files, as a command hands them to the machine."""
    read = {name: content.parse(Path(name), text) for name, text in texts.items()}
    return rules([read[name] for name in sorted(read) if name.startswith(f"{LAW}/")], read[CALENDAR], read[LOCAL], pin)


def days_changed(before: Calendar, after: Calendar) -> Iterator[tuple[dt.date, str]]:
    """The days that are worked in one calendar and not in the other, with what the later one calls them."""
    named = {*before.days_off, *before.makeup, *after.days_off, *after.makeup}
    for day in sorted({*named, *_computed(before, after)}):
        if before.is_working_day(day) != after.is_working_day(day):
            yield day, after.reason(day)


def _computed(*calendars: Calendar) -> Iterable[dt.date]:
    """Fixed holidays of years that only one of the calendars knows."""
    years = set[int]().union(*(calendar.known_years for calendar in calendars))
    return (dt.date(year, 1, 1) + dt.timedelta(days=n) for year in years for n in range(366))
