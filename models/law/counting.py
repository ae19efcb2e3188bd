"""From a clock and its start to the due moment, with every hour or day that was counted or skipped on the way.

The rules are those of Civil Code 91/2015 Art. 145-148 as `content/calendar.yaml` lists them (C1-C12): days leave out the
first one and end at 24:00 of the last, kept as the next midnight; hours run minute to minute and never stop; a `day` or
`month` limit that ends on a day off ends with the next working day. The spans of a `Counted` lie end to end from start to
due, so that anybody can add them up again.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from fractions import Fraction

from models.law.calendar import DAY, FIRST_YEAR, LAST_YEAR, Calendar, local, midnight
from models.law.calendar_file import OfficeHours
from models.law.pack_file import Clock
from models.law.terms import Measure
from models.law.walking import Limit, Span, as_hours, first_day, last_day, tail

DAILY = frozenset({Measure.WORKING_DAY, Measure.DAY, Measure.MONTH})


class Uncountable(ValueError):  # noqa: N818 - an answer to whoever asked, not a defect
    """A deadline that cannot be computed; `key` names the sentence that says why."""

    def __init__(self, key: str, clock: Clock) -> None:
        self.key, self.clock = key, clock
        super().__init__(f"{clock.id}: {key}")


@dataclass(frozen=True)
class Counted:
    """A due moment and the list it was read from; `plan_by` is the working day to finish on where the due day is none."""

    clock: Clock
    amount: Fraction
    start: datetime
    due: datetime
    counted: tuple[Span, ...]
    skipped: tuple[Span, ...]
    unknown_years: tuple[int, ...] = ()
    plan_by: date | None = None


def count(clock: Clock, start: datetime, calendar: Calendar, unit_hours: OfficeHours | None = None) -> Counted:
    """When a clock that starts at a moment is due, and why.

    Raises:
        Uncountable: the next issue of a paper, which no calendar knows, or a start too far from today to be meant.
    """
    moment = local(start)
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise Uncountable("refuse.year", clock)
    if clock.measure is Measure.NEXT_ISSUE:
        raise Uncountable("refuse.next_issue", clock)
    if clock.measure is Measure.FIXED_DATE:
        return _fixed_date(clock, moment, calendar)
    if clock.measure is Measure.AT_ONCE:
        now = Span(moment, moment, Fraction(0), "at_once", clock.basis)
        return Counted(clock, Fraction(0), moment, moment, (now,), ())
    limit = Limit(clock, _amount(clock), calendar, unit_hours or calendar.office_hours())
    counted, skipped = tail(limit, moment)
    if clock.measure in DAILY:
        skipped.insert(0, first_day(moment, calendar))
    return _counted(limit, moment, counted, skipped)


def _amount(clock: Clock) -> Fraction:
    if clock.amount is None:
        raise Uncountable("refuse.amount", clock)
    return clock.amount


def _counted(limit: Limit, start: datetime, counted: Iterable[Span], skipped: Iterable[Span]) -> Counted:
    counted, skipped = tuple(counted), tuple(skipped)
    due = counted[-1].to
    looked_up = limit.clock.measure is not Measure.HOUR
    unknown = limit.calendar.unknown_years(start.date(), due.date()) if looked_up else ()
    return Counted(limit.clock, limit.amount, start, due, counted, skipped, unknown)


def _fixed_date(clock: Clock, start: datetime, calendar: Calendar) -> Counted:
    """C11: a date of the year that has not ended yet; it never moves, so a day off means finishing before it."""
    if clock.month_day is None:
        raise Uncountable("refuse.amount", clock)
    day = date(start.year, *clock.month_day)
    if start.date() > day:
        day = date(start.year + 1, *clock.month_day)
    due = midnight(day + DAY)
    span = Span(start, due, Fraction(1), "fixed_date", calendar.basis("C11"), day=calendar.why(day))
    plan_by = calendar.last_working_day(day)
    return Counted(clock, Fraction(1), start, due, (span,), (), calendar.unknown_years(day, day), plan_by if plan_by != day else None)


def add_up(counted: Counted) -> datetime:
    """The due moment, found again from the list alone: every span begins where one ended, and the amounts make the limit.

    Raises:
        ValueError: the list has a gap or an overlap, or adds up to another amount.
    """
    cursor = counted.start
    for span in sorted((*counted.counted, *counted.skipped), key=lambda span: (span.from_, span.to)):
        if span.from_ != cursor or span.to < span.from_:
            raise ValueError(f"a gap or an overlap at {cursor.isoformat()}")
        cursor = span.to
    total = sum((span.amount for span in counted.counted), Fraction(0))
    if total != counted.amount or any(span.amount for span in counted.skipped):
        raise ValueError(f"the list adds up to {total}, the limit is {counted.amount}")
    return cursor


def paused_remaining(counted: Counted, at: datetime) -> Fraction:
    """What is left of a limit when it is paused: days not yet completed (the day of the pause is none), or office time.

    Raises:
        Uncountable: this clock never stops, has not started, or has run out.
    """
    moment, clock = local(at), counted.clock
    if not clock.pausable:
        raise Uncountable("refuse.pause", clock)
    if not counted.start <= moment < counted.due:
        raise Uncountable("refuse.pause_late", clock)
    open_spans = (span for span in counted.counted if span.to > moment)
    if clock.measure is not Measure.OFFICE_HOUR:
        return max(Fraction(1), sum((span.amount for span in open_spans), Fraction(0)))  # a day moved by C7 is one day still to come
    left = sum((as_hours(span.to - max(span.from_, moment)) for span in open_spans), Fraction(0))
    if not left:
        raise Uncountable("refuse.pause_late", clock)
    return left


def resume(clock: Clock, remaining: Fraction, at: datetime, calendar: Calendar, unit_hours: OfficeHours | None = None) -> Counted:
    """The rest of a paused limit, counted anew: days begin after the day of resumption, office time at once."""
    if not clock.pausable:
        raise Uncountable("refuse.pause", clock)
    return count(replace(clock, amount=remaining), at, calendar, unit_hours)


def joined(before: Counted, paused_at: datetime, after: Counted) -> Counted:
    """One list for a limit that was paused: what was completed, the pause itself, and the rest after the resumption.

    Raises:
        Uncountable: it was resumed before it was paused.
    """
    moment = local(paused_at)
    if after.start < moment:
        raise Uncountable("refuse.resume", before.clock)
    daily = before.clock.measure is not Measure.OFFICE_HOUR
    cut = max(before.start, midnight(moment.date())) if daily else moment
    done = [_until(span, cut) for span in before.counted if span.from_ < cut]
    left_out = [_until(span, cut) for span in before.skipped if span.from_ < cut]
    pause = Span(cut, after.start, Fraction(0), "pause")
    first = len(done)
    rest = [replace(span, number=span.number + first) if span.number else span for span in after.counted]
    unknown = tuple(sorted({*before.unknown_years, *after.unknown_years}))
    counted, skipped = (*done, *rest), (*left_out, pause, *after.skipped)
    amount = sum((span.amount for span in done), after.amount)
    return Counted(before.clock, amount, before.start, after.due, counted, skipped, unknown)


def kept(counted: Counted, due: datetime) -> Counted:
    """The same list up to the moment that was promised: a changed calendar never takes time away without notice (F63).

    What ended before the calendar gave it more time keeps its moment too: the list stops there and says so.
    """
    promised = local(due)
    if promised == counted.due:
        return counted
    if promised > counted.due:
        notice = Span(counted.due, promised, Fraction(0), "notice")
        return replace(counted, due=promised, skipped=(*counted.skipped, notice))
    done = tuple(_until(span, promised) for span in counted.counted if span.from_ < promised)
    left_out = tuple(_until(span, promised) for span in counted.skipped if span.from_ < promised)
    amount = sum((span.amount for span in done), Fraction(0))
    earlier = Span(promised, promised, Fraction(0), "earlier")
    return replace(counted, amount=amount, due=promised, counted=done, skipped=(*left_out, earlier), plan_by=None)


def completed(counted: Counted, at: datetime) -> Counted:
    """The part of a list before a pause: what was counted and skipped until then."""
    moment = local(at)
    cut = moment if counted.clock.measure is Measure.OFFICE_HOUR else max(counted.start, midnight(moment.date()))
    done = tuple(_until(span, cut) for span in counted.counted if span.from_ < cut)
    left_out = tuple(_until(span, cut) for span in counted.skipped if span.from_ < cut)
    amount = sum((span.amount for span in done), Fraction(0))
    return replace(counted, amount=amount, due=cut, counted=done, skipped=left_out, plan_by=None)


def _until(span: Span, cut: datetime) -> Span:
    """The part of a span before a moment; only office time is ever cut in two."""
    return span if span.to <= cut else replace(span, to=cut, amount=as_hours(cut - span.from_) if span.amount else span.amount)


def extend(counted: Counted, amount: Fraction, calendar: Calendar, unit_hours: OfficeHours | None = None) -> Counted:
    """The same limit with more time: counted on from the old last day, or for office time from the old due moment.

    Raises:
        Uncountable: this clock cannot be extended, or the amount is none.
    """
    clock = counted.clock
    if not clock.extendable:
        raise Uncountable("refuse.extend", clock)
    if amount <= 0 or (clock.measure is not Measure.OFFICE_HOUR and amount.denominator != 1):
        raise Uncountable("refuse.amount", clock)
    limit = Limit(clock, amount, calendar, unit_hours or calendar.office_hours())
    after = counted.due if clock.measure is Measure.OFFICE_HOUR else midnight(last_day(counted.due))
    more, left_out = tail(limit, after, int(counted.amount))
    whole = replace(limit, amount=counted.amount + amount)
    return _counted(whole, counted.start, (*counted.counted, *more), (*counted.skipped, *left_out))
