"""Dates and moments as people write them in a chat."""

import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from models.text import fold

_DATE = re.compile(r"(?<!\d)(\d{1,2})[/.\-](\d{1,2})(?:[/.\-](\d{2}|\d{4}))?(?!\d)")
_CLOCK = re.compile(r"(?<!\d)(\d{1,2})\s*(?:h|g|gio|:)(?:\s?(\d{2})(?![\d/.\-]))?(?![\d])")
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
