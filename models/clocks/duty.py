"""The duty roster for nights, weekends and Tết: the last step of a ladder goes to whoever is on duty (F29, F49, F59).

A day's duty lasts from the opening of the office on that day to its opening on the next; a night's from the closing on.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlmodel import Field, col, select

from models.clocks import absence
from models.evidence.exchange import Entry
from models.law.calendar import DAY, ZONE, Calendar
from models.store import Big, Instant, Logged, Row, Store

LONGEST = timedelta(days=62)  # of one shift: more is a slip of the pen


class Shift(Row, Logged, table=True):
    """One person on duty from one moment to another; a shift that was taken off the roster is empty."""

    id: int | None = Field(default=None, primary_key=True, sa_type=Big)
    person_id: int = Field(foreign_key="person.id", index=True)
    starts_at: datetime = Field(sa_type=Instant)
    ends_at: datetime = Field(sa_type=Instant, index=True)
    set_by: int = Field(foreign_key="person.id")
    set_at: datetime = Field(sa_type=Instant)

    def facts(self) -> dict[str, object]:
        """How entries name it."""
        return {"person": self.person_id, "from": self.starts_at.isoformat(), "to": self.ends_at.isoformat()}

    def cut(self, start: datetime, end: datetime) -> "Shift | None":
        """Leave a span to others; returns the part behind it, where there is one."""
        behind = None
        if self.starts_at < start and end < self.ends_at:
            behind = Shift(person_id=self.person_id, starts_at=end, ends_at=self.ends_at, set_by=self.set_by, set_at=self.set_at)
        if self.starts_at < start:
            self.ends_at = min(self.ends_at, start)
        else:
            self.starts_at = min(max(self.starts_at, end), self.ends_at)
        return behind


def whole_day(calendar: Calendar, day: date) -> tuple[datetime, datetime]:
    """From the opening of one day to the opening of the next, holidays as well."""
    return _opens(calendar, day), _opens(calendar, day + DAY)


def night(calendar: Calendar, day: date) -> tuple[datetime, datetime]:
    """From the closing of one day to the opening of the next."""
    closes = calendar.office_hours().on(day)[-1].closes
    return datetime.combine(day, closes, ZONE), _opens(calendar, day + DAY)


def daytime(calendar: Calendar, day: date) -> tuple[datetime, datetime]:
    """From the opening to the closing of one day."""
    return _opens(calendar, day), night(calendar, day)[0]


def _opens(calendar: Calendar, day: date) -> datetime:
    return datetime.combine(day, calendar.office_hours().on(day)[0].opens, ZONE)


async def between(store: Store, start: datetime, end: datetime) -> Sequence[Shift]:
    """The shifts that touch a span, the soonest first."""
    wanted = select(Shift).where(col(Shift.starts_at) < end, col(Shift.ends_at) > start, col(Shift.ends_at) > col(Shift.starts_at))
    return (await store.scalars(wanted.order_by(col(Shift.starts_at), col(Shift.id)))).all()


async def on_duty(store: Store, at: datetime) -> set[int]:
    """Who is on duty at a moment; of somebody who is away, whoever stands in besides."""
    return await absence.beside(store, [shift.person_id for shift in await between(store, at, at + timedelta(microseconds=1))], at)


async def place(store: Store, wanted: Sequence[Shift], freed: Sequence[tuple[datetime, datetime]] = ()) -> tuple[list[Shift], list[Shift]]:
    """Put shifts on the roster and free other spans: what stood there gives way. Returns what is new and what was cut."""
    cut: list[Shift] = []
    new: list[Shift] = []
    for shift in wanted:
        await _clear(store, shift.starts_at, shift.ends_at, new, cut)
        store.add(shift)
        new.append(shift)
        await store.flush()
    for start, end in freed:
        await _clear(store, start, end, new, cut)
    await store.flush()
    fresh = {row.id: row for row in new}
    return list(fresh.values()), [row for number, row in {row.id: row for row in cut}.items() if number not in fresh]


async def _clear(store: Store, start: datetime, end: datetime, new: list[Shift], cut: list[Shift]) -> None:
    for other in await between(store, start, end):
        behind = other.cut(start, end)
        cut.append(other)
        if behind is not None:
            store.add(behind)
            new.append(behind)


def entry(action: str, new: Sequence[Shift], cut: Sequence[Shift], **more: object) -> Entry:
    """A change of the roster: what stands now, and how many shifts gave way."""
    detail = {"shifts": [shift.facts() for shift in new if shift.ends_at > shift.starts_at], "changed": len(cut)} | more
    return Entry(f"duty.{action}", (*new, *cut), detail=detail)


async def uncovered(store: Store, calendar: Calendar, now: datetime, days: int, *, weekends: bool) -> list[date]:
    """The coming days off on which nobody is on duty at some hour; ordinary weekends only where they are asked for."""
    today = now.astimezone(ZONE).date()
    found: list[date] = []
    for ahead in range(days):
        day = today + timedelta(days=ahead)
        if calendar.is_working_day(day) or not (weekends or calendar.is_holiday(day)):
            continue
        start, end = whole_day(calendar, day)
        if not _covered(await between(store, start, end), max(start, now), end):
            found.append(day)
    return found


def _covered(shifts: Sequence[Shift], start: datetime, end: datetime) -> bool:
    for shift in shifts:  # in the order they begin
        if shift.starts_at <= start:
            start = max(start, shift.ends_at)
    return start >= end


async def is_kept(store: Store) -> bool:
    """Whether the office has a roster at all."""
    return await store.scalar(select(Shift.id).limit(1)) is not None
