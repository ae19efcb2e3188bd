"""How each measure walks from a moment to its limit: one function per measure, each under the rule it follows.

Days and months walk from the day after the start (Civil Code 91/2015 Art. 147(2)); hours from the minute itself (147(1)).
"""

import calendar as gregorian
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction

from models.law.calendar import DAY, Calendar, midnight
from models.law.calendar_file import OfficeHours, Reason
from models.law.pack_file import Clock
from models.law.terms import Measure

HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Span:
    """A stretch of time and what it adds to the limit: `amount` in the clock's measure, 0 where it was skipped."""

    from_: datetime
    to: datetime
    amount: Fraction
    why: str
    basis: str = ""
    number: int = 0
    day: Reason | None = None


@dataclass(frozen=True)
class Limit:
    """What is still to be counted: how much of which clock, on which calendar, at whose hours."""

    clock: Clock
    amount: Fraction
    calendar: Calendar
    hours: OfficeHours


Spans = tuple[list[Span], list[Span]]  # counted, skipped


def tail(limit: Limit, after: datetime, done: int = 0) -> Spans:
    """The spans that use up the limit, from a moment on (for days, from the day after it), `done` units being behind it."""
    return _COUNTERS[limit.clock.measure](limit, after, done)


def _hours(limit: Limit, start: datetime, done: int) -> Spans:
    """C2, C9: each hour of the day counts, at night and on holidays as well."""
    basis = limit.calendar.basis("C2")
    hours = range(int(limit.amount))
    return [Span(start + n * HOUR, start + (n + 1) * HOUR, Fraction(1), "hour", basis, done + n + 1) for n in hours], []


def _office_hours(limit: Limit, start: datetime, _done: int) -> Spans:
    """Only time in which the office is open counts: not nights, the lunch break or days off."""
    counted: list[Span] = []
    skipped: list[Span] = []
    left, cursor, day = limit.amount, start, start.date()
    basis = limit.calendar.basis("C8")
    while left:
        today = limit.calendar.why(day)
        for opens, closes in limit.calendar.opening(day, limit.hours):
            if left and closes > cursor:
                if opens > cursor:
                    skipped.append(Span(cursor, opens, Fraction(0), "closed", "", day=today))
                    cursor = opens
                worked = min(as_hours(closes - cursor), left)
                counted.append(Span(cursor, cursor + as_time(worked), worked, "office", "", day=today))
                left, cursor = left - worked, cursor + as_time(worked)
        day += DAY
        if left and cursor < midnight(day):
            why = "closed" if limit.calendar.is_working_day(day - DAY) else _rest(day - DAY, limit.calendar)
            skipped.append(Span(cursor, midnight(day), Fraction(0), why, basis, day=today))
            cursor = midnight(day)
    return counted, skipped


def _working_days(limit: Limit, start: datetime, done: int) -> Spans:
    """C8: Monday to Friday without days off, plus make-up Saturdays; the last day is a working day by itself."""
    counted: list[Span] = []
    skipped: list[Span] = []
    day = start.date()
    while len(counted) < limit.amount:
        day += DAY
        reason = limit.calendar.why(day)
        if limit.calendar.is_working_day(day):
            why = "makeup_day" if day in limit.calendar.makeup else "working_day"
            counted.append(_whole(day, 1, why, limit.calendar.basis("C8"), done + len(counted) + 1, reason))
        else:
            skipped.append(_whole(day, 0, _rest(day, limit.calendar), limit.calendar.basis("C8"), 0, reason))
    return counted, skipped


def _days(limit: Limit, start: datetime, done: int) -> Spans:
    """C3, C7: every day of the calendar counts; an end on a day off moves to the next working day."""
    numbers = range(1, int(limit.amount) + 1)
    basis = limit.calendar.basis("C3")
    counted = [_whole(start.date() + n * DAY, 1, "day", basis, done + n, limit.calendar.why(start.date() + n * DAY)) for n in numbers]
    return _rolled(counted, limit.calendar)


def _months(limit: Limit, start: datetime, done: int) -> Spans:
    """C6, C7: to the same date of the last month, or its last day; an end on a day off moves to the next working day."""
    ends = [_month_later(start.date(), months) for months in range(int(limit.amount) + 1)]
    basis = limit.calendar.basis("C6")
    counted = [
        Span(midnight(ends[n - 1] + DAY), midnight(ends[n] + DAY), Fraction(1), "month", basis, done + n) for n in range(1, len(ends))
    ]
    return _rolled(counted, limit.calendar)


def _rest(day: date, calendar: Calendar) -> str:
    return "holiday" if calendar.is_holiday(day) else "weekend"


def _month_later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, gregorian.monthrange(year, month + 1)[1]))


def _rolled(counted: list[Span], calendar: Calendar) -> Spans:
    """C7: where the last day is a day off, the days off after it and the working day that ends the limit instead."""
    skipped: list[Span] = []
    day = last_day(counted[-1].to)
    if not calendar.is_working_day(day):
        end, basis = calendar.next_working_day(day), calendar.basis("C7")
        while (day := day + DAY) < end:
            skipped.append(_whole(day, 0, _rest(day, calendar), basis, 0, calendar.why(day)))
        counted.append(_whole(end, 0, "rolled", basis, 0, calendar.why(end)))
    return counted, skipped


def first_day(start: datetime, calendar: Calendar) -> Span:
    """C3, C4: the day of the event is left out, whatever the hour and even on a day off (C10)."""
    return Span(start, midnight(start.date() + DAY), Fraction(0), "first_day", calendar.basis("C4"), day=calendar.why(start.date()))


def _whole(day: date, amount: int, why: str, basis: str, number: int, reason: Reason) -> Span:
    return Span(midnight(day), midnight(day + DAY), Fraction(amount), why, basis, number, reason)


def last_day(due: datetime) -> date:
    """The day that ends at a midnight: 00:00 on 5 May is the end of 4 May."""
    return (due - timedelta(microseconds=1)).date()


def as_hours(length: timedelta) -> Fraction:
    """A length of time in hours, exactly."""
    return Fraction(length // timedelta(microseconds=1), 3_600_000_000)


def as_time(hours: Fraction) -> timedelta:
    """Hours as a length of time, to the microsecond."""
    return timedelta(microseconds=round(hours * 3_600_000_000))


_COUNTERS: dict[Measure, Callable[[Limit, datetime, int], Spans]] = {
    Measure.HOUR: _hours,
    Measure.OFFICE_HOUR: _office_hours,
    Measure.WORKING_DAY: _working_days,
    Measure.DAY: _days,
    Measure.MONTH: _months,
}
