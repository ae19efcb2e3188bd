"""What `content/calendar.yaml` must say, row by row, and what two of its rows may not say against each other.

Days off follow Labour Code 45/2019 Art. 111-112 and the yearly notice of the Prime Minister and the ministry; swapped days
and make-up Saturdays exist only where a notice names them, so nothing here computes one.
"""

import datetime as dt
import itertools
from collections.abc import Iterator
from enum import StrEnum

from pydantic.dataclasses import dataclass

from models.content import ContentProblem, Document
from models.schema import STRICT, Flag, MonthDay, TimeOfDay, Words, repeated

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Weekday(StrEnum):
    """The day of the week, written beside each date so that a slip of the pen shows."""

    MON = "mon"
    TUE = "tue"
    WED = "wed"
    THU = "thu"
    FRI = "fri"
    SAT = "sat"
    SUN = "sun"


class RestKind(StrEnum):
    """Why a day is off; only the first two are called "lễ" when the day is explained."""

    FIXED = "fixed"
    LUNAR = "lunar"
    ADJACENT = "adjacent"
    COMPENSATORY = "compensatory"
    SWAPPED_OFF = "swapped_off"
    LOCAL = "local"


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Reason:
    """A few words for a day, in both languages."""

    vi: Words
    en: Words


@dataclass(frozen=True, kw_only=True, config=STRICT)
class DayOff:
    """One day off and the notice that gives it; `announced` is false while only the law or the moon says so."""

    date: dt.date
    dow: Weekday
    kind: RestKind
    vi: Words
    en: Words
    announced: Flag = True
    src: tuple[str, ...] = ()
    lunar: str = ""
    swap_with: dt.date | None = None
    in_lieu_of: dt.date | None = None
    note: str = ""


@dataclass(frozen=True, kw_only=True, config=STRICT)
class MakeupDay:
    """A Saturday worked in return for a swapped day off."""

    date: dt.date
    dow: Weekday
    swap_with: dt.date
    vi: Words
    en: Words
    announced: Flag = True
    src: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Year:
    """One year as its notices give it."""

    year: int
    status: Words
    note: str = ""
    days_off: tuple[DayOff, ...]
    makeup: tuple[MakeupDay, ...] = ()


@dataclass(frozen=True, kw_only=True, config=STRICT)
class FixedHoliday:
    """A holiday of the solar calendar, used alone for years nobody has entered yet."""

    month_day: MonthDay
    vi: Words
    en: Words
    in_lieu: Flag
    since: int = 1900
    basis: str = ""


@dataclass(frozen=True, kw_only=True, config=STRICT)
class OfficeSpan:
    """From when to when an office is open, without a break."""

    opens: TimeOfDay
    closes: TimeOfDay


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Season:
    """Other hours for part of the year, as several provinces keep them in summer; it may run over New Year."""

    first: MonthDay
    last: MonthDay
    spans: tuple[OfficeSpan, ...]


@dataclass(frozen=True, kw_only=True, config=STRICT)
class OfficeHours:
    """When an office is open on a working day."""

    spans: tuple[OfficeSpan, ...]
    seasons: tuple[Season, ...] = ()

    def on(self, day: dt.date) -> tuple[OfficeSpan, ...]:
        """The opening spans of a working day."""
        today = (day.month, day.day)
        for season in self.seasons:
            within = season.first <= today <= season.last
            over_new_year = season.first > season.last and (today >= season.first or today <= season.last)
            if within or over_new_year:
                return season.spans
        return self.spans


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Offices:
    """The default hours and the units that keep others."""

    basis: str = ""
    note: str = ""
    default: OfficeHours
    units: dict[str, OfficeHours]


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Rule:
    """A rule of counting and the article it comes from."""

    id: Words
    rule: Words
    machine: str = ""
    basis: Words
    status: str = ""
    note: str = ""


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Source:
    """A document that the rows of this file rest on, and how surely we know it."""

    id: Words
    doc: Words
    covers: str = ""
    confidence: Words
    url: str = ""
    note: str = ""


@dataclass(frozen=True, kw_only=True, config=STRICT)
class CalendarFile:
    """The whole file."""

    timezone: Words
    compiled_on: dt.date
    weekly_rest: tuple[Weekday, ...]
    weekdays: dict[Weekday, Reason]
    holiday_word: Reason
    fixed: tuple[FixedHoliday, ...]
    office_hours: Offices
    counting: tuple[Rule, ...]
    sources: tuple[Source, ...] = ()
    years: tuple[Year, ...]
    not_confirmed: tuple[str, ...] = ()


def problems(file: CalendarFile, document: Document) -> Iterator[ContentProblem]:
    """What a row cannot know alone: slips of the pen, days said twice, swaps without their Saturday."""
    for index, name in repeated(str(year.year) for year in file.years):
        yield document.problem(f"năm {name} viết hai lần; giữ một", "years", index)
    if missing := set(Weekday) - set(file.weekdays):
        yield document.problem(f"thiếu tên thứ: {', '.join(sorted(missing))}", "weekdays")
    known = {source.id for source in file.sources}
    for index, year in enumerate(file.years):
        yield from _year_problems(file, year, known, document, ("years", index))
    for name, hours in (("default", file.office_hours.default), *file.office_hours.units.items()):
        keys = ("office_hours", name) if name == "default" else ("office_hours", "units", name)
        yield from _hours_problems(hours, document, keys)


def _year_problems(
    file: CalendarFile, year: Year, known: set[str], document: Document, keys: tuple[str | int, ...]
) -> Iterator[ContentProblem]:
    sections: tuple[tuple[str, tuple[DayOff | MakeupDay, ...]], ...] = (("days_off", year.days_off), ("makeup", year.makeup))
    for section, days in sections:
        for index, day in enumerate(days):
            for problem in _day_problems(day, year, known):
                yield document.problem(problem, *keys, section, index)
    for index, name in repeated(str(day.date) for day in (*year.days_off, *year.makeup)):
        section, place = ("days_off", index) if index < len(year.days_off) else ("makeup", index - len(year.days_off))
        yield document.problem(f"ngày {name} viết hai lần trong năm; giữ một", *keys, section, place)
    pairs = {(day.swap_with, day.date) for day in year.makeup}
    for index, day in enumerate(year.days_off):
        if day.kind is RestKind.SWAPPED_OFF and (day.date, day.swap_with) not in pairs:
            yield document.problem(f"ngày hoán đổi {day.date} không có ngày làm bù tương ứng ở “makeup”", *keys, "days_off", index)
    off = {day.date for day in year.days_off}
    for index, day in enumerate(year.makeup):
        if WEEKDAYS[day.date.weekday()] not in file.weekly_rest:
            yield document.problem(f"ngày làm bù {day.date} không rơi vào ngày nghỉ hằng tuần", *keys, "makeup", index)
        if day.swap_with not in off:
            yield document.problem(
                f"ngày làm bù {day.date} đổi với {day.swap_with}, ngày này không có ở “days_off”", *keys, "makeup", index
            )


def _day_problems(day: DayOff | MakeupDay, year: Year, known: set[str]) -> Iterator[str]:
    if day.date.year != year.year:
        yield f"ngày {day.date} không thuộc năm {year.year}"
    if WEEKDAYS[day.date.weekday()] != day.dow:
        yield f"ngày {day.date} là “{WEEKDAYS[day.date.weekday()]}”, không phải “{day.dow}”"
    if unknown := [source for source in day.src if source not in known]:
        yield f"nguồn “{unknown[0]}” chưa có ở “sources”"


def _hours_problems(hours: OfficeHours, document: Document, keys: tuple[str | int, ...]) -> Iterator[ContentProblem]:
    groups = ((("spans",), hours.spans), *((("seasons", n, "spans"), season.spans) for n, season in enumerate(hours.seasons)))
    for place, spans in groups:
        if not spans:
            yield document.problem("giờ làm việc để trống; ghi ít nhất một buổi", *keys, *place)
        times = [moment for span in spans for moment in (span.opens, span.closes)]
        if any(earlier >= later for earlier, later in itertools.pairwise(times)):
            yield document.problem("giờ làm việc phải tăng dần: mở cửa, đóng cửa, rồi buổi sau", *keys, *place)
