"""Deadlines come out as a lawyer counts them, and every one can be added up again from its own list."""

import itertools
import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from fractions import Fraction
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models import content
from models.law.calendar import ZONE, midnight
from models.law.calendar_file import OfficeHours
from models.law.counting import Counted, Uncountable, add_up, count, extend, joined, paused_remaining, resume
from models.law.explaining import date_text, due_json, due_text, explain, refusal_text
from models.law.pack_file import Clock
from models.law.terms import Measure
from models.law.walking import Span
from tests.models.law_samples import clock, sentences, shipped_book, shipped_calendar

Case = dict[str, Any]
TABLE = content.read(Path(__file__).parents[1] / "deadlines.yaml").data
CASES = [pytest.param(row, id=f"{group}-{row['pack'][3:]}-{row['clock']}-{row['start']}") for group, rows in TABLE.items() for row in rows]


def moment(text: str) -> datetime:
    """A moment of the table: Vietnamese time unless it says otherwise."""
    parsed = datetime.fromisoformat(text)
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=ZONE)


def hours_of(row: Case) -> OfficeHours | None:
    """The unit's own hours, where a row gives some."""
    spans = [{"opens": opens, "closes": closes} for opens, closes in row.get("hours", [])]
    return OfficeHours(spans=cast("Any", spans)) if spans else None


def counted_for(row: Case) -> Counted:
    """What the engine makes of a row, its pauses and extensions included."""
    chosen = clock(row["pack"], row["clock"])
    if "amount" in row:
        chosen = replace(chosen, amount=Fraction(row["amount"]))
    counted = count(chosen, moment(row["start"]), shipped_calendar(), hours_of(row))
    paused_at, remaining = counted.start, Fraction(0)
    for step in row.get("steps", []):
        if "pause" in step:
            paused_at = moment(step["pause"])
            remaining = paused_remaining(counted, paused_at)
        elif "resume" in step:
            counted = joined(counted, paused_at, resume(chosen, remaining, moment(step["resume"]), shipped_calendar()))
        else:
            counted = extend(counted, Fraction(step["extend"]), shipped_calendar())
    return counted


@pytest.mark.parametrize("row", CASES)
def test_a_deadline_falls_where_the_table_says_and_its_list_adds_up_to_it(row: Case) -> None:
    """Each row of `deadlines.yaml`, counted by hand, comes out of the engine and out of its explanation."""
    expected = moment(row["at"]) if "at" in row else midnight(date.fromisoformat(row["ends"]) + timedelta(days=1))
    counted = counted_for(row)
    assert counted.due == expected, "\n".join([row["why"], *explain(counted, sentences(), shipped_calendar())])
    assert add_up(counted) == expected


@pytest.mark.parametrize("row", [case for case in CASES if "asker" in cast("Case", case.values[0])])
def test_the_clock_follows_from_who_asks(row: Case) -> None:
    """Reporter, editor, directing body, forwarded petition, foreign press: each starts its own clock in each pack."""
    chosen = shipped_book().pack(row["pack"]).clock_for(row["asker"])
    assert chosen is not None
    assert chosen.id == row["clock"]


def test_the_table_is_broad() -> None:
    """At least eighty rows, both packs, every clock that can be computed, every kind of asker that starts one."""
    rows = cast("list[Case]", [case.values[0] for case in CASES])
    assert len(rows) >= 80
    assert {row["pack"] for row in rows} == {pack.id for pack in shipped_book().packs}
    computable = {one.id for pack in shipped_book().packs for one in pack.clocks if one.measure is not Measure.NEXT_ISSUE}
    assert {row["clock"] for row in rows} == computable
    askers = {row["asker"] for row in rows if "asker" in row}
    assert askers >= {kind.id for pack in shipped_book().packs for kind in pack.inquiry_kinds if kind.clock}


def test_json_has_exactly_the_promised_shape() -> None:
    """`law due --json` prints due, counted and skipped, each row with from, to, amount and why, in +07:00."""
    printed = due_json(count(clock("nd-09-2017", "RQ-02"), moment("2026-04-24T10:00"), shipped_calendar()), sentences())
    assert list(printed) == ["due", "counted", "skipped"]
    assert printed["due"] == "2026-05-05T00:00:00+07:00"
    assert printed["counted"][0] == {
        "from": "2026-04-28T00:00:00+07:00",
        "to": "2026-04-29T00:00:00+07:00",
        "amount": 1,
        "why": "ngày làm việc thứ 1 (QĐ 188/1999/QĐ-TTg Điều 1, lịch nghỉ hằng năm)",
    }
    assert [row["why"].split(" (")[0] for row in printed["skipped"]] == [
        "ngày bắt đầu, không tính",
        "Thứ Bảy, nghỉ hằng tuần, không tính",
        "Giỗ Tổ Hùng Vương",
        "Nghỉ bù Giỗ Tổ, không tính",
        "Ngày Chiến thắng",
        "Quốc tế Lao động",
        "Thứ Bảy, nghỉ hằng tuần, không tính",
        "Chủ nhật, nghỉ hằng tuần, không tính",
    ]
    assert sum(row["amount"] for row in printed["counted"]) == 3


def test_a_person_reads_each_day_and_its_article() -> None:
    """The explanation says when, from when, by which law, and every run of days with its reason."""
    counted = count(clock("nd-244-2026", "FP-01"), moment("2026-11-19T10:00"), shipped_calendar())
    assert explain(counted, sentences(), shipped_calendar()) == [
        "Hạn: hết thứ Sáu 27/11/2026 (24:00).",
        "Tính từ 10:00 thứ Năm 19/11/2026.",
        "Căn cứ: NĐ 262/2026 Điều 16(2), 16(3).",
        "Thứ Năm 19/11/2026: ngày bắt đầu, không tính (BLDS Điều 147(3)).",
        "Thứ Sáu 20/11/2026: ngày làm việc thứ 1 (QĐ 188/1999/QĐ-TTg Điều 1, lịch nghỉ hằng năm).",
        "Thứ Bảy 21/11/2026 – Chủ nhật 22/11/2026: nghỉ hằng tuần, không tính (QĐ 188/1999/QĐ-TTg Điều 1, lịch nghỉ hằng năm).",
        "Thứ Hai 23/11/2026: ngày làm việc thứ 2 (QĐ 188/1999/QĐ-TTg Điều 1, lịch nghỉ hằng năm).",
        "Thứ Ba 24/11/2026: Ngày Văn hóa Việt Nam (lễ), không tính (QĐ 188/1999/QĐ-TTg Điều 1, lịch nghỉ hằng năm).",
        "Thứ Tư 25/11/2026 – thứ Sáu 27/11/2026: ngày làm việc thứ 3–5 (QĐ 188/1999/QĐ-TTg Điều 1, lịch nghỉ hằng năm).",
    ]


def test_hours_are_told_by_the_minute() -> None:
    """A 24-hour duty names its minute, and office time its hours and the lunch break."""
    urgent = explain(count(clock("nd-244-2026", "EX-01"), moment("2026-11-23T22:15"), shipped_calendar()), sentences(), shipped_calendar())
    assert urgent[0] == "Hạn: 22:15 thứ Ba 24/11/2026."
    assert urgent[3:] == [
        "22:15 thứ Hai 23/11/2026 – 22:15 thứ Ba 24/11/2026: giờ thứ 1–24, chạy liên tục cả đêm và ngày nghỉ (BLDS Điều 147(1))."
    ]
    office = explain(count(clock("nd-244-2026", "LC-01"), moment("2026-11-20T11:20"), shipped_calendar()), sentences(), shipped_calendar())
    assert office[4] == "11:30 thứ Sáu 20/11/2026 – 13:30 thứ Sáu 20/11/2026: ngoài giờ làm việc, không tính."


def test_office_time_names_each_stretch_it_skips() -> None:
    """From Friday evening over a holiday: the evening, the weekend, and the holiday by its name."""
    counted = count(replace(clock("nd-244-2026", "LC-01"), amount=Fraction(9)), moment("2026-11-20T17:00"), shipped_calendar())
    skipped = [(span.why, span.day.vi if span.day else "") for span in counted.skipped]
    assert skipped == [
        ("closed", "Thứ Sáu"),
        ("weekend", "Thứ Bảy"),
        ("weekend", "Chủ nhật"),
        ("closed", "Thứ Hai"),
        ("closed", "Thứ Hai"),
        ("closed", "Thứ Hai"),
        ("holiday", "Ngày Văn hóa Việt Nam (lễ)"),
        ("closed", "Thứ Tư"),
    ]
    assert counted.due == moment("2026-11-25T08:00")


def test_english_readers_get_english() -> None:
    """The same list in the other language, holiday names included."""
    counted = count(clock("nd-244-2026", "RQ-02"), moment("2026-11-23T10:00"), shipped_calendar())
    lines = explain(counted, sentences("en"), shipped_calendar(), "en")
    assert lines[0] == "Due: end of Friday 27/11/2026 (24:00)."
    assert any("Viet Nam Culture Day (holiday), not counted" in line for line in lines)
    assert sentences("en").keys() == sentences("vi").keys()


def test_the_yearly_report_is_planned_before_a_date_that_does_not_move() -> None:
    """19 December 2026 is a Saturday: still the limit, but the work is planned for Friday (rule C11)."""
    counted = count(clock("nd-244-2026", "AR-01"), moment("2026-12-15"), shipped_calendar())
    assert counted.plan_by == date(2026, 12, 18)
    assert (
        explain(counted, sentences(), shipped_calendar())[-1]
        == "Thứ Bảy 19/12/2026 là ngày nghỉ mà hạn không dời; nên làm xong trong thứ Sáu 18/12/2026."
    )
    assert count(clock("nd-244-2026", "AR-01"), moment("2028-12-01"), shipped_calendar()).plan_by is None


def test_years_nobody_entered_are_counted_with_a_warning() -> None:
    """2028 knows its fixed holidays and the days in lieu of them, and says that Tết and swaps are missing."""
    counted = count(clock("nd-244-2026", "RQ-02"), moment("2028-04-27"), shipped_calendar())
    assert counted.due == midnight(date(2028, 5, 5))
    assert counted.unknown_years == (2028,)
    assert "2028" in explain(counted, sentences(), shipped_calendar())[-1]
    over_new_year = count(clock("nd-244-2026", "RQ-02"), moment("2027-12-30"), shipped_calendar())
    assert over_new_year.unknown_years == (2028,)
    assert count(clock("nd-244-2026", "EX-01"), moment("2028-04-27"), shipped_calendar()).unknown_years == ()


@pytest.mark.parametrize(
    ("name", "start", "sentence"),
    [
        ("CR-02.periodical", "2026-11-19", "CR-02.periodical là “Tạp chí, báo không ra hằng ngày đăng cải chính, phản hồi”: hạn là số báo"),
        ("RQ-02", "1026-11-19", "Mốc bắt đầu phải nằm trong các năm 2000–2100"),
    ],
)
def test_what_cannot_be_counted_is_refused_in_one_sentence(name: str, start: str, sentence: str) -> None:
    """The next issue of a paper has no date; a year a thousand years ago is a slip of the pen."""
    with pytest.raises(Uncountable) as refusal:
        count(clock("nd-244-2026", name), moment(start), shipped_calendar())
    assert refusal_text(refusal.value, sentences()).startswith(sentence)


def test_a_naive_moment_is_a_programming_error() -> None:
    """Time without a zone never becomes a deadline."""
    with pytest.raises(ValueError, match="time zone"):
        count(clock("nd-244-2026", "RQ-02"), datetime(2026, 11, 19), shipped_calendar())  # noqa: DTZ001


def test_a_limit_of_the_law_neither_pauses_nor_extends() -> None:
    """Only local rules stop while the reporter is asked back."""
    for name in ("EX-01", "RP-01", "FP-01", "RQ-05"):
        counted = count(clock("nd-244-2026", name), moment("2026-11-19"), shipped_calendar())
        for attempt in (
            lambda counted=counted: paused_remaining(counted, counted.start),
            lambda counted=counted: resume(counted.clock, Fraction(1), counted.start, shipped_calendar()),
            lambda counted=counted: extend(counted, Fraction(1), shipped_calendar()),
        ):
            with pytest.raises(Uncountable):
                attempt()


def test_pauses_out_of_order_are_refused() -> None:
    """Before the start, after the end, or resumed before the pause: nothing to count."""
    counted = count(clock("nd-244-2026", "RQ-02"), moment("2026-11-19T10:00"), shipped_calendar())
    for at in (counted.start - timedelta(seconds=1), counted.due):
        with pytest.raises(Uncountable):
            paused_remaining(counted, at)
    with pytest.raises(Uncountable):
        joined(counted, moment("2026-11-20T10:00"), resume(counted.clock, Fraction(3), moment("2026-11-20T09:00"), shipped_calendar()))
    for amount in (Fraction(0), Fraction(-1), Fraction(1, 2)):
        with pytest.raises(Uncountable):
            extend(counted, amount, shipped_calendar())


def test_office_time_pauses_to_the_minute() -> None:
    """An office-hour limit keeps what was not yet used and goes on from the minute it is resumed."""
    hours = replace(clock("nd-244-2026", "LC-02"), pausable=True, extendable=True)
    before = count(hours, moment("2026-11-20T09:00"), shipped_calendar())
    paused_at = moment("2026-11-20T10:20")
    remaining = paused_remaining(before, paused_at)
    assert remaining == Fraction(8) - Fraction(80, 60)
    after = joined(before, paused_at, resume(hours, remaining, moment("2026-11-23T07:00"), shipped_calendar()))
    assert after.due == moment("2026-11-23T16:10")
    longer = extend(after, Fraction(2), shipped_calendar())
    assert longer.due == moment("2026-11-25T08:10")
    assert add_up(after) == after.due
    assert add_up(longer) == longer.due
    lines = explain(after, sentences(), shipped_calendar())
    assert "10:20 thứ Sáu 20/11/2026 – 07:00 thứ Hai 23/11/2026: tạm dừng, không tính." in lines


def test_a_moved_day_limit_pauses_with_one_day_left() -> None:
    """A `day` limit that waits for the next working day (C7) still has that day to come."""
    days = replace(clock("nd-244-2026", "CR-02"), pausable=True, extendable=True)
    before = count(days, moment("2026-11-19"), shipped_calendar())
    assert before.due == midnight(date(2026, 11, 24))
    assert paused_remaining(before, moment("2026-11-22T09:00")) == 1
    assert extend(before, Fraction(1), shipped_calendar()).due == midnight(date(2026, 11, 26))


def test_a_list_that_was_tampered_with_no_longer_adds_up() -> None:
    """A dropped, stretched or recounted row is noticed."""
    counted = count(clock("nd-244-2026", "RQ-02"), moment("2026-11-19"), shipped_calendar())
    first, *rest = counted.counted
    for spans in (tuple(rest), (replace(first, to=first.to + timedelta(hours=1)), *rest), (replace(first, amount=Fraction(2)), *rest)):
        with pytest.raises(ValueError, match=r"gap|adds up"):
            add_up(replace(counted, counted=spans))


def test_dates_are_written_as_offices_write_them() -> None:
    """Decree 30/2020: two digits for days below ten and for January and February."""
    assert [date_text(day) for day in (date(2026, 5, 4), date(2026, 1, 2), date(2026, 12, 19))] == ["04/5/2026", "02/01/2026", "19/12/2026"]
    counted = count(clock("nd-09-2017", "RQ-02"), moment("2026-04-24"), shipped_calendar())
    assert due_text(counted, sentences(), shipped_calendar()) == "Hạn: hết thứ Hai 04/5/2026 (24:00)."


STARTS = st.datetimes(datetime(2024, 1, 1), datetime(2029, 12, 31), timezones=st.just(ZONE))  # noqa: DTZ001
CLOCKS = [one for pack in shipped_book().packs for one in pack.clocks if one.measure is not Measure.NEXT_ISSUE]
LIMITS = {
    Measure.HOUR: st.integers(1, 96).map(Fraction),
    Measure.OFFICE_HOUR: st.integers(1, 200).map(lambda quarters: Fraction(quarters, 4)),
    Measure.WORKING_DAY: st.integers(1, 40).map(Fraction),
    Measure.DAY: st.integers(1, 90).map(Fraction),
    Measure.MONTH: st.integers(1, 14).map(Fraction),
}


@st.composite
def limits(draw: st.DrawFn) -> Clock:
    """A clock of either pack, with its own amount or any other."""
    chosen = draw(st.sampled_from(CLOCKS))
    if chosen.measure in LIMITS and draw(st.booleans()):
        return replace(chosen, amount=draw(LIMITS[chosen.measure]))
    return chosen


def readds(limit: Clock, start: datetime) -> None:
    """The list adds up to the due moment, in amounts and end to end, and as JSON too."""
    counted = count(limit, start, shipped_calendar())
    assert add_up(counted) == counted.due
    lengths: dict[Measure, timedelta] = {
        Measure.HOUR: timedelta(hours=1),
        Measure.WORKING_DAY: timedelta(days=1),
        Measure.DAY: timedelta(days=1),
    }
    for span in counted.counted:
        if span.amount and limit.measure in lengths:
            assert span.to - span.from_ == lengths[limit.measure]
        if limit.measure is Measure.OFFICE_HOUR:
            assert Fraction((span.to - span.from_) // timedelta(microseconds=1), 3_600_000_000) == span.amount
    assert all(span.to > span.from_ for span in counted.skipped)
    printed = due_json(counted, sentences_vi)
    rows = sorted([*printed["counted"], *printed["skipped"]], key=lambda row: (row["from"], row["to"]))
    assert rows[0]["from"] == counted.start.isoformat()
    assert rows[-1]["to"] == printed["due"]
    assert all(earlier["to"] == later["from"] for earlier, later in itertools.pairwise(rows))
    assert counted.counted[-1].to == counted.due


sentences_vi = sentences()


@settings(max_examples=500, deadline=None)
@given(limit=limits(), start=STARTS)
def test_the_explanation_adds_up_in_random_cases(limit: Clock, start: datetime) -> None:
    """Any clock of either pack, any amount, any start."""
    readds(limit, start)


@pytest.mark.soak
@pytest.mark.timeout(900)
@settings(max_examples=10_000, deadline=None)
@given(limit=limits(), start=STARTS)
def test_the_explanation_adds_up_in_ten_thousand_random_cases(limit: Clock, start: datetime) -> None:
    """The same at length."""
    readds(limit, start)


@settings(max_examples=300, deadline=None)
@given(limit=limits(), start=STARTS, later=st.timedeltas(timedelta(0), timedelta(days=20)))
def test_who_asks_later_is_never_due_earlier(limit: Clock, start: datetime, later: timedelta) -> None:
    """The due moment grows with the start, whatever the measure."""
    assert count(limit, start, shipped_calendar()).due <= count(limit, start + later, shipped_calendar()).due


@settings(max_examples=100, deadline=None)
@given(limit=limits(), start=STARTS, hours=st.integers(-12, 14))
def test_the_same_instant_has_the_same_deadline_in_every_zone(limit: Clock, start: datetime, hours: int) -> None:
    """The offset a moment is written in changes nothing."""
    elsewhere = start.astimezone(timezone(timedelta(hours=hours)))
    assert count(limit, elsewhere, shipped_calendar()) == count(limit, start, shipped_calendar())


def test_the_servers_own_time_zone_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine in New York and one in Tokyo print the same JSON."""
    printed: list[object] = []
    for zone in ("America/New_York", "Asia/Tokyo", "UTC"):
        monkeypatch.setenv("TZ", zone)
        time.tzset()
        start = datetime(2026, 11, 20, 10, 5, tzinfo=UTC)
        printed.append([due_json(count(one, start, shipped_calendar()), sentences_vi) for one in CLOCKS])
    monkeypatch.delenv("TZ")
    time.tzset()
    assert printed[0] == printed[1] == printed[2]


@settings(max_examples=300, deadline=None)
@given(start=STARTS, share=st.floats(0, 0.999), wait=st.timedeltas(timedelta(0), timedelta(days=15)), extra=st.integers(0, 5))
def test_pauses_and_extensions_keep_the_list_whole(start: datetime, share: float, wait: timedelta, extra: int) -> None:
    """Wherever it is paused and however long, nothing is lost and the list still adds up."""
    limit = clock("nd-244-2026", "RQ-02")
    before = count(limit, start, shipped_calendar())
    paused_at = before.start + (before.due - before.start) * share
    remaining = paused_remaining(before, paused_at)
    after = joined(before, paused_at, resume(limit, remaining, paused_at + wait, shipped_calendar()))
    if extra:
        after = extend(after, Fraction(extra), shipped_calendar())
    assert add_up(after) == after.due
    assert after.amount == 3 + extra
    assert [span.number for span in after.counted] == list(range(1, 4 + extra))
    assert after.due >= before.due


def test_a_span_carries_its_reason() -> None:
    """Each row knows the article it rests on."""
    counted = count(clock("nd-09-2017", "RP-01"), moment("2026-01-15"), shipped_calendar())
    assert {span.basis for span in counted.counted} == {"BLDS Điều 147(2)", "BLDS Điều 148(5)"}
    assert isinstance(counted.skipped[0], Span)
