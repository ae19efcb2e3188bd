"""Dates and moments as people write them in a chat."""

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from models.text import fold

_DATE = re.compile(r"(?<!\d)(\d{1,2})[/.\-](\d{1,2})(?:[/.\-](\d{2}|\d{4}))?(?!\d)")
_CLOCK = re.compile(r"(?<!\d)(\d{1,2})\s*(?:h|gio|g|:)(?:\s?(\d{2})(?![\d/.\-]))?(?![\d])")
_BACK = ((" hom qua ", 1), (" yesterday ", 1), (" hom kia ", 2), (" hom nay ", 0), (" today ", 0))
_LAST = (" sang qua ", " trua qua ", " chieu qua ", " toi qua ", " dem qua ")
_SMALL_HOURS = 5
_SLIP = timedelta(days=31)  # a day this little ahead is a slip of the pen, not the one of last year
_NOW = frozenset({"bay gio", "luc nay", "vua xong", "now", "just now"})
_PERIODS = {"sang": 0, "trua": 0, "chieu": 12, "toi": 12, "dem": 12}


def day(text: str, today: date) -> date | None:
    """A calendar day: `31/12/2027`, `31-12`, `mai`, `hôm nay`; a day without a year is the next one to come."""
    folded = fold(text)
    for words, ahead in (("hom nay", 0), ("today", 0), ("ngay mai", 1), ("tomorrow", 1), ("ngay kia", 2), ("mai", 1)):
        if f" {words} " in f" {folded} ":
            return today + timedelta(days=ahead)
    match = _DATE.search(text)
    if match is None:
        return None
    number, month, year = int(match[1]), int(match[2]), match[3]
    try:
        if year is not None:
            return date(int(year) + (2000 if len(year) == 2 else 0), month, number)
        this_year = date(today.year, month, number)
        return this_year if this_year >= today else date(today.year + 1, month, number)
    except ValueError:
        return None


def written(text: str, today: date) -> Iterator[tuple[int, int, date | None]]:
    """Every day written in a text with where it stands; None for a day there never is. One without a year is the next to come."""
    for match in _DATE.finditer(text):
        yield match.start(), match.end(), day(match[0], today)


def moment(text: str, now: datetime, zone: ZoneInfo) -> datetime | None:
    """A moment: `16h30 mai`, `9:00 25/11`, `chiều nay`; without an hour the end of the working afternoon, 17:00."""
    local = now.astimezone(zone)
    folded = fold(text)
    on = day(text, local.date())
    clock = _CLOCK.search(_DATE.sub(" ", text.casefold().replace("ờ", "o")))
    period = next((p for p in _PERIODS if f" {p} " in f" {folded} "), None)
    if on is None and clock is None and period is None:
        return None
    hour, minute = (int(clock[1]), int(clock[2] or 0)) if clock else (11 if period in {"sang", "trua"} else 17, 0)
    if period and hour < 12:
        hour += _PERIODS[period] if clock else 0
    if hour > 23 or minute > 59:
        return None
    return datetime.combine(on or local.date(), time(hour, minute), tzinfo=zone)


def past(text: str, now: datetime, zone: ZoneInfo) -> datetime | None:
    """A moment that lies behind: `14h30 hôm qua`, `22/11 08:15`, `8h sáng nay`; a day without a year is the last one there was.

    An hour must be said, for hours are what such a moment starts to count. What lies ahead comes back as typed, for the
    caller to refuse.
    """
    local, folded = now.astimezone(zone), f" {fold(text)} "
    if folded.strip() in _NOW:
        return now
    clock = _CLOCK.search(_DATE.sub(" ", text.casefold().replace("ờ", "o")))
    on = _day_behind(text, folded, local.date())
    if clock is None or on is None:
        return None
    hour, minute = int(clock[1]), int(clock[2] or (30 if " ruoi " in folded else 0))
    period = next((p for p in _PERIODS if f" {p} " in folded), None)
    if period == "dem" and hour < _SMALL_HOURS:  # “2h đêm qua” was this morning
        on = local.date() if " dem qua " in folded else on
    elif period and hour < 12:
        hour += 12 if period == "trua" and hour < _SMALL_HOURS else 0 if period == "trua" else _PERIODS[period]
    if hour > 23 or minute > 59:
        return None
    return datetime.combine(on, time(hour, minute), tzinfo=zone)


def _day_behind(text: str, folded: str, today: date) -> date | None:
    """The day a text names, today where it names none; None for a date there never was."""
    if any(words in folded for words in _LAST):
        return today - timedelta(days=1)
    back = next((days for words, days in _BACK if words in folded), None)
    if back is not None:
        return today - timedelta(days=back)
    match = _DATE.search(text)
    if match is None:
        return today if day(text, today) in {None, today} else day(text, today)
    number, month, year = int(match[1]), int(match[2]), match[3]
    try:
        if year is not None:
            return date(int(year) + (2000 if len(year) == 2 else 0), month, number)
        this_year = date(today.year, month, number)
        return date(today.year - 1, month, number) if this_year - today > _SLIP else this_year
    except ValueError:
        return None
