"""Days off from an iCalendar file (RFC 5545), as another office or a school publishes them.

Only whole days are taken. What cannot be read for certain – a repeated event, an event with hours – is listed for the
officer instead of being guessed; nothing is imported without a look at the list.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from models.text import clean

_FOLD = re.compile(r"\r?\n[ \t]")
_ESCAPED = re.compile(r"\\([\\;,nN])")
LONGEST = timedelta(days=31)  # a longer "holiday" is a school year or a slip of the pen


class BadCalendar(ValueError):  # noqa: N818 - an answer to whoever sent the file
    """The text is no iCalendar file."""


@dataclass(frozen=True)
class Imported:
    """Days found, in order of date, and the names of events that were left out."""

    days: tuple[tuple[date, str], ...]
    left_out: tuple[str, ...]


def read(text: str) -> Imported:
    """The whole-day events of an .ics text.

    Raises:
        BadCalendar: it is no iCalendar text, or has no event at all.
    """
    lines = [line for line in _FOLD.sub("", text.lstrip("\ufeff")).splitlines() if line.strip()]
    if not lines or lines[0].strip().upper() != "BEGIN:VCALENDAR":
        raise BadCalendar("no BEGIN:VCALENDAR")
    events = list(_events(lines))
    if not events:
        raise BadCalendar("no VEVENT")
    days: dict[date, str] = {}
    left_out: list[str] = []
    for event in events:
        found = _days(event)
        name = _name(event)
        if found is None:
            left_out.append(name)
        else:
            days.update(dict.fromkeys(found, name))
    return Imported(tuple(sorted(days.items())), tuple(left_out))


def _events(lines: list[str]) -> Iterator[dict[str, tuple[str, str]]]:
    """The properties of each event by name: parameters and value. What is nested in an event (an alarm) is not its own."""
    event: dict[str, tuple[str, str]] | None = None
    nested = 0
    for line in lines:
        head, _, value = line.partition(":")
        name, _, parameters = head.upper().partition(";")
        if name == "BEGIN" and value.strip().upper() == "VEVENT":
            event, nested = {}, 0
        elif event is None:
            continue
        elif name == "END" and value.strip().upper() == "VEVENT":
            yield event
            event = None
        elif name in {"BEGIN", "END"}:
            nested += 1 if name == "BEGIN" else -1
        elif not nested:
            event.setdefault(name, (parameters, value.strip()))


def _days(event: dict[str, tuple[str, str]]) -> list[date] | None:
    """The days an event covers; its end is exclusive, as the standard has it. A cancelled event covers none."""
    if event.get("STATUS", ("", ""))[1].upper() == "CANCELLED":
        return []
    first = _date(event.get("DTSTART"))
    if first is None or "RRULE" in event or "RDATE" in event:
        return None
    end = _date(event["DTEND"]) if "DTEND" in event else first + timedelta(days=1)
    if end is None or not timedelta(0) < end - first <= LONGEST:
        return None
    return [first + timedelta(days=n) for n in range((end - first).days)]


def _date(entry: tuple[str, str] | None) -> date | None:
    """A whole day; a moment with hours is none."""
    if entry is None or not re.fullmatch(r"\d{8}", entry[1]):
        return None
    try:
        return datetime.strptime(entry[1], "%Y%m%d").date()  # noqa: DTZ007 - a date has no zone
    except ValueError:
        return None


def _name(event: dict[str, tuple[str, str]]) -> str:
    summary = event.get("SUMMARY", ("", ""))[1]
    return clean(_ESCAPED.sub(lambda found: " " if found[1] in "nN" else found[1], summary)) or "?"
