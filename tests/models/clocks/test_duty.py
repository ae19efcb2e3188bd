"""The roster and absences on their own: lists as offices write them, shifts that give way, who stands in for whom."""

from datetime import datetime

import pytest

from models.clocks import duty, duty_list
from models.clocks.absence import _last  # pyright: ignore[reportPrivateUsage]
from models.clocks.duty import Shift
from models.law.calendar import ZONE
from tests.models.law_samples import shipped_calendar

PEOPLE = {1: "Trực ban Một", 2: "Trực ban Hai", 3: "Trực ban Hai Mươi", 4: "Chuyên viên Văn Bộ"}
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=ZONE)


def at(text: str) -> datetime:
    """A Vietnamese moment of 2026."""
    return datetime.strptime(f"2026-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=ZONE)


LINES = [  # a line, who, from, to
    ("28/11: Trực ban Một", 1, "11-28 07:30", "11-29 07:30"),
    ("Thứ Bảy, 28/11/2026\tTrực ban Một\t0912.345.678", 1, "11-28 07:30", "11-29 07:30"),
    ("1. T7 28/11 – CN 29/11: truc ban hai", 2, "11-28 07:30", "11-30 07:30"),
    ("từ 28/11 đến 30/11 đồng chí Trực ban Hai Mươi trực", 3, "11-28 07:30", "12-01 07:30"),
    ("Đêm 30/11: ông Văn Bộ", 4, "11-30 17:30", "12-01 07:30"),
    ("ban ngày 01.12: Một", 1, "12-01 07:30", "12-01 17:30"),
    ("Trực ban Một - 0912 34 56 78 - hôm 02-12", 1, "12-02 07:30", "12-03 07:30"),
    ("03/12: bỏ", None, "12-03 07:30", "12-04 07:30"),
    ("04/12 đến 05/12: không", None, "12-04 07:30", "12-06 07:30"),
    ("22/11/2026 đến 23/11: Một", 1, "11-22 07:30", "11-24 07:30"),  # begun already, not over yet
]


@pytest.mark.parametrize(("line", "who", "start", "end"), LINES)
def test_a_line_of_a_list(line: str, who: int | None, start: str, end: str) -> None:
    """Days, ranges, nights; names whole or in part, with telephone numbers and weekdays around them."""
    lines, faults = duty_list.read(line, PEOPLE, shipped_calendar(), NOW)
    assert not faults
    assert [(row.person, row.spans) for row in lines] == [(who, ((at(start), at(end)),))]


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ("30/02: Trực ban Một", "duty.no_such_day"),
        ("30/11 đến 28/11/2026: Một", "duty.backwards"),
        ("01/12 đến 01/05/2027: Một", "duty.backwards"),
        ("20/11/2026: Một", "duty.past"),
        ("28/11: Ai đó", "duty.person_unknown"),
        ("28/11:", "duty.person_unknown"),
        ("28/11: Trực ban", "duty.person_unknown"),
        ("28/11: Hai", "duty.which_person"),
        ("28/11: Trực ban Một và Trực ban Hai", "duty.which_person"),
    ],
)
def test_a_line_nobody_can_read(line: str, key: str) -> None:
    """Each with its own sentence."""
    lines, faults = duty_list.read(f"LỊCH TRỰC\n\n{line}", PEOPLE, shipped_calendar(), NOW)
    assert not lines
    assert [(fault.number, fault.key) for fault in faults] == [(3, key)]


def test_several_days_on_a_line() -> None:
    """One person, separate days."""
    (line,), faults = duty_list.read("Trực ban Một: 28/11, 30/11 và 02/12", PEOPLE, shipped_calendar(), NOW)
    assert not faults
    assert [f"{start:%d}" for start, _ in line.spans] == ["28", "30", "02"]


CUTS = [  # what is taken out of 10:00-20:00, what is left of it, what stands behind
    ("08:00", "09:00", "10:00-20:00", None),
    ("08:00", "12:00", "12:00-20:00", None),
    ("12:00", "14:00", "10:00-12:00", "14:00-20:00"),
    ("18:00", "22:00", "10:00-18:00", None),
    ("10:00", "20:00", "", None),
    ("08:00", "22:00", "", None),
    ("10:00", "14:00", "14:00-20:00", None),
    ("14:00", "20:00", "10:00-14:00", None),
]


@pytest.mark.parametrize(("start", "end", "left", "behind"), CUTS)
def test_a_shift_gives_way(start: str, end: str, left: str, behind: str | None) -> None:
    """Nobody is on duty twice over one hour, and nothing else of a shift is lost."""
    shift = Shift(person_id=1, starts_at=at("11-28 10:00"), ends_at=at("11-28 20:00"), set_by=1, set_at=NOW)
    rest = shift.cut(at(f"11-28 {start}"), at(f"11-28 {end}"))
    assert said(shift) == left
    assert (said(rest) if rest is not None else None) == behind


def said(shift: Shift) -> str:
    """From when to when; nothing for an empty shift."""
    return f"{shift.starts_at:%H:%M}-{shift.ends_at:%H:%M}" if shift.ends_at > shift.starts_at else ""


@pytest.mark.parametrize(
    ("direct", "gone", "last"),
    [({1: 2}, 1, 2), ({1: 2, 2: 3}, 1, 3), ({1: 2, 2: 1}, 1, None), ({1: 2, 2: 3, 3: 2}, 1, None), ({1: 2, 2: 3, 3: 1}, 2, None)],
)
def test_who_stands_in_at_last(direct: dict[int, int], gone: int, last: int | None) -> None:
    """A stand-in who is away hands on; a round of absent people leads to nobody and ends."""
    assert _last(direct, gone) == last


def test_a_duty_day_joins_the_next() -> None:
    """No minute of the week is between two days; a night begins with the closing."""
    calendar = shipped_calendar()
    for day in (at("11-28 00:00").date(), at("11-30 00:00").date()):
        assert duty.whole_day(calendar, day)[1] == duty.whole_day(calendar, day + duty.DAY)[0]
        assert duty.daytime(calendar, day)[1] == duty.night(calendar, day)[0]
        assert duty.night(calendar, day)[1] == duty.whole_day(calendar, day)[1]
