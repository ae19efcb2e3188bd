"""The calendar knows which days are worked and says why not; its file is checked line by line."""

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
import yaml

from models import content
from models.law import calendar as calendar_module
from models.law import ical
from models.law.calendar import ZONE, Calendar, local, midnight
from models.schema import ContentProblems
from tests.models.law_samples import edited, found, hours, line_of, shipped_calendar

CALENDAR = "calendar.yaml"


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    """Years computed in an earlier test would hide a mistake of this one."""
    calendar_module._computed.cache_clear()  # pyright: ignore[reportPrivateUsage]


@pytest.mark.parametrize(
    ("day", "works", "reason"),
    [
        ("2026-11-20", True, "Thứ Sáu"),
        ("2026-11-21", False, "Thứ Bảy"),
        ("2026-11-22", False, "Chủ nhật"),
        ("2026-11-24", False, "Ngày Văn hóa Việt Nam (lễ)"),
        ("2026-11-23", True, "Thứ Hai"),
        ("2026-11-28", False, "Thứ Bảy"),
        ("2026-08-22", True, "làm bù cho 31/8"),
        ("2026-08-31", False, "Nghỉ hoán đổi dịp Quốc khánh"),
        ("2026-01-10", True, "làm bù cho 2/1"),
        ("2025-04-26", True, "làm bù cho 2/5"),
        ("2024-05-04", True, "làm bù cho 29/4"),
        ("2024-02-14", False, "Nghỉ bù Tết (mùng 5)"),
        ("2024-02-15", True, "Thứ Năm"),
        ("2027-02-11", True, "Thứ Năm"),
        ("2027-05-03", False, "Nghỉ bù Quốc tế Lao động"),
        ("2026-04-27", False, "Nghỉ bù Giỗ Tổ"),
    ],
)
def test_a_day_is_worked_or_not_and_says_why(day: str, works: bool, reason: str) -> None:
    """Weekends, holidays, days in lieu, swaps and make-up Saturdays, as the notices of 2024 to 2027 have them."""
    calendar = shipped_calendar()
    assert calendar.is_working_day(date.fromisoformat(day)) is works
    assert calendar.reason(date.fromisoformat(day)) == reason


@pytest.mark.parametrize(("year", "days"), [(2024, 251), (2025, 250), (2026, 249), (2027, 249)])
def test_the_working_days_of_a_year_add_up(year: int, days: int) -> None:
    """Weekdays of the year, minus days off that are weekdays, plus make-up Saturdays, from the file's plain rows."""
    raw = yaml.safe_load((content.SHIPPED / CALENDAR).read_text(encoding="utf-8"))
    rows = next(row for row in raw["years"] if row["year"] == year)
    all_days = [date(year, 1, 1) + timedelta(days=n) for n in range(366) if (date(year, 1, 1) + timedelta(days=n)).year == year]
    weekdays = sum(day.weekday() < 5 for day in all_days)
    expected = weekdays - sum(row["date"].weekday() < 5 for row in rows["days_off"]) + len(rows["makeup"])
    assert sum(shipped_calendar().is_working_day(day) for day in all_days) == expected == days


@pytest.mark.parametrize(
    ("year", "off"),
    [
        (2022, ["05-02", "05-03", "09-02"]),  # 30/4 Saturday and 1/5 Sunday give Monday and Tuesday
        (2023, ["01-02", "05-01", "05-02"]),  # 1/1 and 30/4 on Sundays
        (2028, ["01-03", "05-01", "05-02", "09-04", "11-24"]),  # 1/1 and 2/9 Saturdays, 30/4 Sunday
    ],
)
def test_a_year_nobody_entered_knows_its_fixed_holidays(year: int, off: list[str]) -> None:
    """Fixed solar holidays and the working day in lieu; Culture Day from 2026 and, on a weekend, without one."""
    calendar = shipped_calendar()
    assert year not in calendar.known_years
    assert all(not calendar.is_working_day(date.fromisoformat(f"{year}-{day}")) for day in off)
    assert calendar.is_working_day(date(2023, 11, 24))
    assert calendar.is_working_day(date(2029, 11, 26))


def test_working_days_around_a_day() -> None:
    """The next one skips Tết; the last one may be the day itself."""
    calendar = shipped_calendar()
    assert calendar.next_working_day(date(2027, 2, 3)) == date(2027, 2, 11)
    assert calendar.next_working_day(date(2026, 8, 21)) == date(2026, 8, 22)
    assert calendar.last_working_day(date(2026, 12, 19)) == date(2026, 12, 18)
    assert calendar.last_working_day(date(2026, 12, 18)) == date(2026, 12, 18)


def test_october_asks_for_the_year_to_come() -> None:
    """From October on, a coming year without rows is missing; before, and once entered, it is not."""
    calendar = shipped_calendar()
    assert calendar.missing_next_year(date(2027, 9, 30)) is None
    assert calendar.missing_next_year(date(2027, 10, 1)) == 2028
    assert calendar.missing_next_year(date(2027, 12, 31)) == 2028
    assert calendar.missing_next_year(date(2026, 11, 22)) is None
    assert date(2027, 4, 16) in {day.date for day in calendar.unannounced(2027)}
    assert calendar.unannounced(2026) == ()


def test_offices_open_twice_a_day_and_some_keep_other_hours(tmp_path: Path) -> None:
    """Default hours with a lunch break, a unit of its own, and summer hours that may differ."""
    shipped = shipped_calendar()
    friday = shipped.opening(date(2026, 11, 20))
    assert [(a.strftime("%H:%M"), b.strftime("%H:%M")) for a, b in friday] == [("07:30", "11:30"), ("13:30", "17:30")]
    assert shipped.opening(date(2026, 11, 21)) == ()
    assert shipped.opening(date(2026, 8, 22)) != ()
    unit = """units:
    so_y_te:
      spans: [{opens: "08:00", closes: "11:30"}, {opens: "13:00", closes: "17:30"}]
      seasons:
        - {first: "04-16", last: "10-15", spans: [{opens: "07:00", closes: "11:30"}]}
        - {first: "12-20", last: "01-10", spans: [{opens: "09:00", closes: "12:00"}]}"""
    calendar = Calendar.parse(edited(tmp_path, CALENDAR, ("units: {}", unit)))
    hours = calendar.office_hours("so_y_te")
    opens = [
        hours.on(date(2026, month, day))[0].opens.hour for month, day in ((11, 20), (4, 16), (10, 15), (10, 16), (12, 31), (1, 10), (1, 11))
    ]
    assert opens == [8, 7, 7, 8, 9, 9, 8]
    assert calendar.office_hours("so_khac") == calendar.office_hours() == calendar.default_hours


def test_local_time_is_vietnamese_time() -> None:
    """A moment is moved to Asia/Ho_Chi_Minh; a moment without a zone is refused."""
    assert local(datetime.fromisoformat("2026-06-30T17:00:00Z")) == midnight(date(2026, 7, 1))
    assert midnight(date(2026, 7, 1)).tzinfo is ZONE
    with pytest.raises(ValueError, match="time zone"):
        local(datetime(2026, 7, 1))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("old", "new", "at", "says"),
    [
        (
            'dow: tue, kind: fixed, vi: "Ngày Văn hóa',
            'dow: wed, kind: fixed, vi: "Ngày Văn hóa',
            "2026-11-24",
            "là “tue”, không phải “wed”",
        ),
        ("{date: 2026-11-24, dow: tue", "{date: 2027-11-24, dow: wed", "date: 2027-11-24", "không thuộc năm 2026"),
        ("{date: 2026-09-01, dow: tue", "{date: 2026-09-02, dow: wed", 'Quốc khánh", en: "National Day", src: [S2026b', "viết hai lần"),
        ("kind: adjacent", "kind: adjascent", "kind: adjascent", "chọn một trong"),
        ("holiday_word:", "holiday_wrod:", "holiday_wrod:", "không có khóa “holiday_wrod”"),
        ("timezone: Asia/Ho_Chi_Minh\n", "", "", "thiếu khóa “timezone”"),
        ("compiled_on: 2026-11-22", "compiled_on: hôm nay", "compiled_on:", "cần một ngày như 2026-07-01"),
        ("in_lieu: true", 'in_lieu: "có"', 'in_lieu: "có"', "cần true hoặc false"),
        ('month_day: "01-01"', 'month_day: "13-01"', "13-01", "không phải ngày trong năm"),
        ('closes: "11:30"', "closes: 11:30", "closes: 11:30", "viết giờ trong ngoặc kép"),
        ('closes: "11:30"', 'closes: "14:30"', "    spans:", "phải tăng dần"),
        ('swap_with: 2026-08-31, vi: "làm bù', 'swap_with: 2026-08-30, vi: "làm bù', "date: 2026-08-22", "không có ở “days_off”"),
        ("{date: 2026-08-22, dow: sat", "{date: 2026-08-21, dow: fri", "date: 2026-08-21", "không rơi vào ngày nghỉ hằng tuần"),
        ('en: "Viet Nam Culture Day", src: [S2026e', 'en: "Viet Nam Culture Day", src: [S2027x', "S2027x", "nguồn “S2027x” chưa có"),
        ('  sun: {vi: "Chủ nhật", en: "Sunday"}\n', "", "weekdays:", "thiếu tên thứ: sun"),
        ("- year: 2025", "- year: 2024", "- year: 2024", "năm 2024 viết hai lần"),
    ],
)
def test_each_slip_names_its_line_and_what_to_do(tmp_path: Path, old: str, new: str, at: str, says: str) -> None:
    """A wrong weekday, a day of another year, a typo in a key: file, line, reason."""
    document = edited(tmp_path, CALENDAR, (old, new))
    with pytest.raises(ContentProblems) as error:
        Calendar.parse(document)
    problems = found(error.value)
    assert all(problem.path == document.path for problem in problems)
    told = [problem for problem in problems if says in problem.problem]
    assert told, [str(problem) for problem in problems]
    if at and at != "- year: 2024":
        assert line_of(document, at) in {problem.line for problem in told}


def test_all_slips_come_at_once(tmp_path: Path) -> None:
    """Two mistakes are two lines, not one after the other."""
    document = edited(
        tmp_path, CALENDAR, ("dow: tue, kind: fixed", "dow: wed, kind: fixed"), ("dow: thu, kind: fixed", "dow: fri, kind: fixed")
    )
    with pytest.raises(ContentProblems) as error:
        Calendar.parse(document)
    assert len(error.value.problems) == 2
    assert str(error.value).count("\n") == 1


ICS = """BEGIN:VCALENDAR\r
VERSION:2.0\r
BEGIN:VEVENT\r
DTSTART;VALUE=DATE:20261123\r
DTEND;VALUE=DATE:20261124\r
SUMMARY:Nghỉ thêm\\, theo thông báo\r
  của tỉnh\r
BEGIN:VALARM\r
SUMMARY:chuông\r
END:VALARM\r
END:VEVENT\r
BEGIN:VEVENT\r
DTSTART;VALUE=DATE:20261228\r
DTEND;VALUE=DATE:20261231\r
SUMMARY:Nghỉ cuối năm\r
END:VEVENT\r
BEGIN:VEVENT\r
DTSTART:20261125T080000Z\r
SUMMARY:Họp giao ban\r
END:VEVENT\r
BEGIN:VEVENT\r
DTSTART;VALUE=DATE:20260101\r
RRULE:FREQ=YEARLY\r
SUMMARY:Tết Dương lịch\r
END:VEVENT\r
BEGIN:VEVENT\r
DTSTART;VALUE=DATE:20261201\r
STATUS:CANCELLED\r
SUMMARY:Đã bỏ\r
END:VEVENT\r
BEGIN:VEVENT\r
DTSTART;VALUE=DATE:20260822\r
END:VEVENT\r
END:VCALENDAR\r
"""


def test_an_ical_file_gives_whole_days_and_lists_what_it_leaves_out() -> None:
    """Ends are exclusive, lines unfold, alarms and cancelled events are nobody's day off, repeats are not guessed."""
    imported = ical.read(ICS)
    assert imported.days == (
        (date(2026, 8, 22), "?"),
        (date(2026, 11, 23), "Nghỉ thêm, theo thông báo của tỉnh"),
        (date(2026, 12, 28), "Nghỉ cuối năm"),
        (date(2026, 12, 29), "Nghỉ cuối năm"),
        (date(2026, 12, 30), "Nghỉ cuối năm"),
    )
    assert imported.left_out == ("Họp giao ban", "Tết Dương lịch")


def test_imported_days_are_off_in_a_new_calendar() -> None:
    """The import replaces what stood on its days, a make-up Saturday included; the old calendar stays as it was."""
    calendar = shipped_calendar().with_days_off(ical.read(ICS).days)
    assert not calendar.is_working_day(date(2026, 11, 23))
    assert calendar.reason(date(2026, 11, 23)) == "Nghỉ thêm, theo thông báo của tỉnh"
    assert not calendar.is_working_day(date(2026, 8, 22))
    assert shipped_calendar().is_working_day(date(2026, 8, 22))


@pytest.mark.parametrize("text", ["", "xin chào", "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "\x00\x01", "<html></html>"])
def test_what_is_no_ical_file_is_refused(text: str) -> None:
    """An empty file, a web page, a calendar without events."""
    with pytest.raises(ical.BadCalendar):
        ical.read(text)


@pytest.mark.parametrize(
    "dates", ["DTSTART;VALUE=DATE:20261332", "DTSTART;VALUE=DATE:20260101\nDTEND;VALUE=DATE:20251231", "DTEND:20260101"]
)
def test_impossible_events_are_left_out(dates: str) -> None:
    """A thirteenth month, an end before the start, no start at all."""
    text = f"BEGIN:VCALENDAR\nBEGIN:VEVENT\n{dates}\nSUMMARY:lạ\nEND:VEVENT\nEND:VCALENDAR"
    assert ical.read(text) == ical.Imported((), ("lạ",))


def test_a_computed_day_off_says_what_it_is() -> None:
    """A year nobody entered: kind, weekday and both names are there, and nothing is called announced."""
    calendar = shipped_calendar()
    rows = {day: calendar._day_off(day) for day in (date(2030, 4, 30), date(2028, 1, 3))}  # pyright: ignore[reportPrivateUsage]
    fixed, instead = rows.values()
    assert fixed is not None
    assert instead is not None
    assert [(row.date, row.kind.value, row.announced) for row in (fixed, instead)] == [
        (date(2030, 4, 30), "fixed", False),
        (date(2028, 1, 3), "compensatory", False),
    ]
    assert [(row.vi, row.en, row.dow.value) for row in (fixed, instead)] == [
        ("Ngày Chiến thắng", "Reunification Day", "tue"),
        ("Nghỉ bù Tết Dương lịch", "In lieu of New Year's Day", "mon"),
    ]


def test_the_next_opening_is_that_of_the_unit() -> None:
    """A unit with its own hours opens by them."""
    later = hours("09:00", "16:00")
    at = datetime(2026, 11, 23, 7, tzinfo=ZONE)
    assert [shipped_calendar().next_open(at, kept).hour for kept in (None, later)] == [7, 9]


def test_a_calendar_read_anew_is_whole() -> None:
    """Every part of the file is where it belongs; a rule nobody wrote is called by its own name."""
    calendar = Calendar.parse(content.document(CALENDAR))
    assert calendar == shipped_calendar()
    raw = yaml.safe_load((content.SHIPPED / CALENDAR).read_text(encoding="utf-8"))
    assert sorted(calendar.days_off) == sorted(row["date"] for year in raw["years"] for row in year["days_off"])
    assert sorted(calendar.makeup) == sorted(row["date"] for year in raw["years"] for row in year["makeup"])
    assert calendar.known_years == {year["year"] for year in raw["years"]}
    assert {day.value for day in calendar.weekly_rest} == set(raw["weekly_rest"])
    assert (calendar.holiday_word.vi, len(calendar.weekdays), len(calendar.fixed)) == ("lễ", 7, len(raw["fixed"]))
    assert ([span.opens.hour for span in calendar.default_hours.spans], dict(calendar.unit_hours)) == ([7, 13], {})
    assert [calendar.basis(rule) for rule in ("C2", "C99")] == ["BLDS Điều 147(1)", "C99"]
    assert len(calendar.rules) == len(raw["counting"])
    added = calendar.with_days_off([(date(2030, 3, 5), "Nghỉ riêng")])
    assert [added.is_working_day(date(2030, 3, day)) for day in (4, 5, 6)] == [True, False, True]
