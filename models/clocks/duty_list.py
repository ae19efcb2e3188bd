"""A duty list as offices write it, line by line: `28/11: …`, `T7 28/11 - CN 29/11 …`, `đêm 30/11: …`, `01/12: bỏ`."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from models import dates
from models.clocks import duty
from models.law.calendar import Calendar
from models.text import fold

MOST_LINES = 100
_NOBODY = frozenset({"bo", "bo trong", "trong", "khong", "khong ai", "none", "nobody"})
_NOISE = frozenset(
    {"ngày", "đêm", "ban", "từ", "đến", "tới", "và", "trực", "ca", "ông", "bà", "đồng", "chí", "đ", "c", "to", "from", "on", "duty"}
)
_WEEKDAY = re.compile(r"\b(?:thứ\s+(?:hai|ba|tư|năm|sáu|bảy|bẩy)|chủ\s+nhật|T[2-7]|CN)\b[\s,.]*", re.IGNORECASE)
_PHONE = re.compile(r"(?<!\d)0\d{2,3}(?:[ .\-]?\d{3}[ .\-]?\d{3,4}|(?:[ .\-]?\d{2}){3})(?!\d)")
_RANGE = re.compile(r"\s*(?:-|–|—|→|đến|den|tới|to)\s*", re.IGNORECASE)


@dataclass(frozen=True)
class Line:
    """One line that was understood: who (None: nobody any more), from when to when."""

    person: int | None
    spans: tuple[tuple[datetime, datetime], ...]


@dataclass(frozen=True)
class Fault:
    """One line that was not, and the sentence that says why."""

    number: int
    text: str
    key: str


def read(text: str, people: Mapping[int, str], calendar: Calendar, now: datetime) -> tuple[list[Line], list[Fault]]:
    """Every line of a list that names a day; headings and empty lines are passed over."""
    lines: list[Line] = []
    faults: list[Fault] = []
    for number, raw in enumerate(text.splitlines()[:MOST_LINES], 1):
        found = _line(raw, people, calendar, now)
        if isinstance(found, Line):
            lines.append(found)
        elif found is not None:
            faults.append(Fault(number, raw.strip()[:80], found))
    return lines, faults


def _line(raw: str, people: Mapping[int, str], calendar: Calendar, now: datetime) -> Line | str | None:
    """A line, the key of what is wrong with it, or None where it names no day at all."""
    raw = _WEEKDAY.sub("", _PHONE.sub(" ", raw))
    found = list(dates.written(raw, now.astimezone(duty.ZONE).date()))
    if not found:
        return None
    if any(day is None for _, _, day in found):
        return "duty.no_such_day"
    days = [(start, end, day) for start, end, day in found if day is not None]
    spans = list(_spans(raw, days, calendar))
    if any(end <= start or end - start > duty.LONGEST for start, end in spans):
        return "duty.backwards"
    if any(end <= now for _, end in spans):
        return "duty.past"
    rest = "".join(part for part in _without(raw, [(start, end) for start, end, _ in days]))
    if " ".join(_said(rest)) in _NOBODY:
        return Line(None, tuple(spans))
    who = _who(rest, people)
    return Line(who, tuple(spans)) if isinstance(who, int) else who


def _spans(raw: str, days: Sequence[tuple[int, int, date]], calendar: Calendar) -> Iterator[tuple[datetime, datetime]]:
    """Single days, and ranges of two days with nothing but a dash or “đến” between them."""
    words = f" {fold(raw)} "
    part = duty.night if " dem " in words else duty.daytime if " ban ngay " in words else duty.whole_day
    skip = False
    for place, (_, end, day) in enumerate(days):
        if skip:
            skip = False
            continue
        after = days[place + 1] if place + 1 < len(days) else None
        if after is not None and _RANGE.fullmatch(raw[end : after[0]]):
            skip = True
            yield part(calendar, day)[0], part(calendar, after[2])[1]
        else:
            yield part(calendar, day)


def _without(raw: str, places: Sequence[tuple[int, int]]) -> Iterator[str]:
    cursor = 0
    for start, end in places:
        yield raw[cursor:start] + " "
        cursor = end
    yield raw[cursor:]


def _said(rest: str) -> list[str]:
    """The words of a line that are neither its days nor what stands around them."""
    return [fold(word) for word in re.findall(r"[^\W\d_]+", rest.casefold()) if word not in _NOISE]


def _who(rest: str, people: Mapping[int, str]) -> int | str:
    """The person a line names: a whole name, or words of one name only."""
    words = fold(rest)
    whole = {person: fold(name) for person, name in people.items() if f" {fold(name)} " in f" {words} "}
    longest = [person for person, name in whole.items() if not any(name != other and name in other for other in whole.values())]
    if len(longest) == 1:
        return longest[0]
    said = _said(rest)
    parts = [person for person, name in people.items() if said and set(said) <= set(fold(name).split())]
    if len(parts) == 1:
        return parts[0]
    return "duty.which_person" if len(parts) > 1 or len(longest) > 1 else "duty.person_unknown"
