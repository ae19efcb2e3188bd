"""The time a report covers: local calendar days, both ends included; kept as moments, the end exclusive."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from models.law.pack_file import YearlyReport


@dataclass(frozen=True)
class Window:
    """From midnight to midnight in the office's zone: 23:59:59 of the last day is inside, the second after it is not."""

    kind: str  # monthly or yearly
    period: str  # 2026-11, 2026
    first: date
    last: date
    zone: ZoneInfo

    @property
    def start(self) -> datetime:
        """The first moment inside."""
        return datetime.combine(self.first, time.min, tzinfo=self.zone)

    @property
    def end(self) -> datetime:
        """The first moment after."""
        return datetime.combine(self.last + timedelta(days=1), time.min, tzinfo=self.zone)

    def holds(self, moment: datetime) -> bool:
        """Whether a moment lies inside."""
        return self.start <= moment < self.end

    def has(self, day: date) -> bool:
        """Whether a local day lies inside."""
        return self.first <= day <= self.last

    def months(self) -> list[tuple[int, int]]:
        """The calendar months that end inside: each owes its periodic information."""
        ends = ((day.year, day.month) for day in _days(self) if (day + timedelta(days=1)).day == 1)
        return list(ends)

    def quarters(self) -> list[tuple[int, int]]:
        """The calendar quarters that end inside."""
        return [(year, month // 3) for year, month in self.months() if month % 3 == 0]


def _days(window: Window) -> list[date]:
    return [window.first + timedelta(days=n) for n in range((window.last - window.first).days + 1)]


def yearly(year: int, rule: YearlyReport, zone: ZoneInfo) -> Window:
    """The statutory year, e.g. 15 December before to 14 December; a rule that does not cross New Year stays within its year."""
    crosses = rule.window_from > rule.window_to
    return Window("yearly", str(year), date(year - crosses, *rule.window_from), date(year, *rule.window_to), zone)


def monthly(year: int, month: int, zone: ZoneInfo) -> Window:
    """A calendar month."""
    after = date(year + month // 12, month % 12 + 1, 1)
    return Window("monthly", f"{year:04d}-{month:02d}", date(year, month, 1), after - timedelta(days=1), zone)


def parse(kind: str, period: str, rule: YearlyReport, zone: ZoneInfo) -> Window:
    """A period as somebody writes it: `2026` for a year, `2026-11` or `11/2026` for a month.

    Raises:
        ValueError: it is none.
    """
    if kind == "yearly":
        return yearly(_within(int(period), 2000, 2200), rule, zone)
    left, mark, right = period.replace("/", "-").partition("-")
    if not mark:
        raise ValueError(period)
    year, month = (int(left), int(right)) if len(left) == 4 else (int(right), int(left))
    return monthly(_within(year, 2000, 2200), _within(month, 1, 12), zone)


def _within(number: int, least: int, most: int) -> int:
    if not least <= number <= most:
        raise ValueError(number)
    return number


def of_moment(moment: datetime, rule: YearlyReport, zone: ZoneInfo) -> Window:
    """The statutory year a moment lies in."""
    year = moment.astimezone(zone).year
    return next(w for w in (yearly(year, rule, zone), yearly(year + 1, rule, zone)) if w.holds(moment))
