"""The Vietnamese office calendar: which days are worked, why not, and when an office is open.

Years with a notice come from `content/calendar.yaml`. Any other year has only the fixed holidays of the solar calendar and
their days in lieu (Labour Code 45/2019 Art. 111(3), 112(1)); Tết, Giỗ Tổ and swaps are then unknown, and whoever counts
into such a year is told so.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from models.content import Document
from models.law import calendar_file
from models.law.calendar_file import WEEKDAYS, CalendarFile, DayOff, FixedHoliday, MakeupDay, OfficeHours, Reason, RestKind, Weekday
from models.schema import ContentProblems, records

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
DAY = timedelta(days=1)
FIRST_YEAR, LAST_YEAR = 2000, 2100  # outside lies a slip of the pen, not a deadline
_WARN_FROM_MONTH = 10  # the notice for the next year usually comes between October and December


def local(moment: datetime) -> datetime:
    """The moment on a Vietnamese wall clock, whatever the server's time zone is."""
    if moment.tzinfo is None:
        raise ValueError("a moment without its time zone")
    return moment.astimezone(ZONE)


def midnight(day: date) -> datetime:
    """The first moment of a day in Vietnam; also 24:00 of the day before."""
    return datetime(day.year, day.month, day.day, tzinfo=ZONE)


@dataclass(frozen=True)
class Calendar:
    """Working days and office hours; a changed calendar is a new one."""

    weekly_rest: frozenset[Weekday]
    weekdays: Mapping[Weekday, Reason]
    holiday_word: Reason
    fixed: tuple[FixedHoliday, ...]
    days_off: Mapping[date, DayOff]
    makeup: Mapping[date, MakeupDay]
    known_years: frozenset[int]
    default_hours: OfficeHours
    unit_hours: Mapping[str, OfficeHours]
    rules: Mapping[str, str]

    @classmethod
    def parse(cls, document: Document) -> "Calendar":
        """The calendar a file describes.

        Raises:
            ContentProblems: everything its editor must mend.
        """
        file = records(document, CalendarFile)
        if found := list(calendar_file.problems(file, document)):
            raise ContentProblems(found)
        return cls(
            weekly_rest=frozenset(file.weekly_rest),
            weekdays=file.weekdays,
            holiday_word=file.holiday_word,
            fixed=file.fixed,
            days_off={day.date: day for year in file.years for day in year.days_off},
            makeup={day.date: day for year in file.years for day in year.makeup},
            known_years=frozenset(year.year for year in file.years),
            default_hours=file.office_hours.default,
            unit_hours=file.office_hours.units,
            rules={rule.id: rule.basis for rule in file.counting},
        )

    def is_working_day(self, day: date) -> bool:
        """Monday to Friday without the days off, plus the make-up Saturdays (Decision 188/1999/QĐ-TTg Art. 1; rule C8)."""
        return day in self.makeup or not (self._rests(day) or self._day_off(day))

    def is_holiday(self, day: date) -> bool:
        """Whether a day has a name of its own among the days off; an ordinary Saturday has none."""
        return day not in self.makeup and self._day_off(day) is not None

    def next_working_day(self, day: date) -> date:
        """The first working day after a day."""
        day += DAY
        while not self.is_working_day(day):
            day += DAY
        return day

    def last_working_day(self, day: date) -> date:
        """The day itself, or the working day before it."""
        while not self.is_working_day(day):
            day -= DAY
        return day

    def why(self, day: date) -> Reason:
        """What to call a day: the make-up day, the holiday, or the day of the week."""
        if makeup := self.makeup.get(day):
            return Reason(vi=makeup.vi, en=makeup.en)
        if off := self._day_off(day):
            if off.kind not in {RestKind.FIXED, RestKind.LUNAR}:
                return Reason(vi=off.vi, en=off.en)
            return Reason(vi=f"{off.vi} ({self.holiday_word.vi})", en=f"{off.en} ({self.holiday_word.en})")
        name = self.weekday(day)
        return Reason(vi=name.vi[0].upper() + name.vi[1:], en=name.en)

    def reason(self, day: date) -> str:
        """What to call a day in Vietnamese: "Thứ Bảy", "Quốc khánh (lễ)", "làm bù cho 31/8"."""
        return self.why(day).vi

    def weekday(self, day: date) -> Reason:
        """The name of the day of the week, as it stands inside a sentence."""
        return self.weekdays[Weekday(WEEKDAYS[day.weekday()])]

    def office_hours(self, unit: str | None = None) -> OfficeHours:
        """The hours a unit keeps; without a row of its own it keeps the default ones."""
        return self.unit_hours.get(unit or "", self.default_hours)

    def opening(self, day: date, hours: OfficeHours | None = None) -> tuple[tuple[datetime, datetime], ...]:
        """From when to when an office is open on a day; empty on a day off."""
        if not self.is_working_day(day):
            return ()
        spans = (hours or self.default_hours).on(day)
        return tuple((datetime.combine(day, span.opens, ZONE), datetime.combine(day, span.closes, ZONE)) for span in spans)

    def next_open(self, moment: datetime, hours: OfficeHours | None = None) -> datetime:
        """The moment itself while the office is open, otherwise the next minute it opens."""
        moment, day = local(moment), local(moment).date()
        while True:
            for opens, closes in self.opening(day, hours):
                if moment < closes:
                    return max(moment, opens)
            day += DAY

    def basis(self, rule: str) -> str:
        """The article a counting rule comes from, or the rule's own name where the file does not say."""
        return self.rules.get(rule, rule)

    def unknown_years(self, first: date, last: date) -> tuple[int, ...]:
        """Years between two days whose Tết and swaps nobody has entered."""
        return tuple(year for year in range(first.year, last.year + 1) if year not in self.known_years)

    def missing_next_year(self, today: date) -> int | None:
        """From October on, the coming year if nobody has entered it yet."""
        coming = today.year + 1
        return coming if today.month >= _WARN_FROM_MONTH and coming not in self.known_years else None

    def unannounced(self, year: int) -> tuple[DayOff, ...]:
        """Days of a year that rest on the law or the moon and still await their notice."""
        return tuple(day for day in self.days_off.values() if day.date.year == year and not day.announced)

    def with_days_off(self, days: Iterable[tuple[date, str]]) -> "Calendar":
        """The same calendar with the days of an imported file off as well; it replaces what stood on those days."""
        added = {
            day: DayOff(date=day, dow=Weekday(WEEKDAYS[day.weekday()]), kind=RestKind.LOCAL, vi=name, en=name, src=()) for day, name in days
        }
        makeup = {day: row for day, row in self.makeup.items() if day not in added}
        return replace(self, days_off={**self.days_off, **added}, makeup=makeup)

    def _rests(self, day: date) -> bool:
        return WEEKDAYS[day.weekday()] in self.weekly_rest

    def _day_off(self, day: date) -> DayOff | None:
        if day in self.days_off or day.year in self.known_years:
            return self.days_off.get(day)
        return _computed(self.fixed, self.weekly_rest, day.year).get(day)


@lru_cache(maxsize=64)
def _computed(fixed: tuple[FixedHoliday, ...], weekly_rest: frozenset[Weekday], year: int) -> Mapping[date, DayOff]:
    """The fixed holidays of a year and, where the law gives one, the working day off in lieu of a weekend."""
    due = [(date(year, *holiday.month_day), holiday) for holiday in fixed if holiday.since <= year]
    days = {day: _row(day, RestKind.FIXED, holiday.vi, holiday.en) for day, holiday in due}
    for day, holiday in due:
        if not holiday.in_lieu or WEEKDAYS[day.weekday()] not in weekly_rest:
            continue
        instead = day + DAY
        while instead in days or WEEKDAYS[instead.weekday()] in weekly_rest:
            instead += DAY
        days[instead] = _row(instead, RestKind.COMPENSATORY, f"Nghỉ bù {holiday.vi}", f"In lieu of {holiday.en}")
    return days


def _row(day: date, kind: RestKind, vi: str, en: str) -> DayOff:
    return DayOff(date=day, dow=Weekday(WEEKDAYS[day.weekday()]), kind=kind, vi=vi, en=en, announced=False)
