"""The second that belongs to the old year and the one that belongs to the new; what counts by its own day."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.office import read_rules
from models.evidence.exchange import Head
from models.reports import document, facts, tally, window
from models.reports.document import Document, rule_of
from models.reports.frozen import FrozenReport, differences
from models.reports.tally import Scope

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
LAW = read_rules("").law
PINNED = read_rules("nd-09-2017").law
RULE, _ = rule_of(LAW, LAW.pack("nd-244-2026"))
YEAR = window.yearly(2026, RULE, ZONE)
LONG_AFTER = datetime(2027, 3, 1, tzinfo=UTC)


def entry(action: str, at: str, /, case: str = "YC-1", unit: str = "so_y_te", pack: str = "nd-244-2026", **detail: Any) -> dict[str, Any]:
    """An entry, as far as a report reads it."""
    return {"action": action, "at": at, "case": case, "unit": {"id": unit, "name": unit}, "pack": pack, "detail": detail}


def asked(
    at: str, case: str = "YC-1", due: str = "2026-12-17T00:00:00+07:00", pack: str = "nd-244-2026", **more: Any
) -> list[dict[str, Any]]:
    """A question and where it went."""
    return [entry("inquiry.received", at, case, pack=pack, due=due, **more), entry("inquiry.assigned", at, case, pack=pack)]


def counted(*entries: dict[str, Any], seen: datetime = LONG_AFTER, of: window.Window = YEAR, law: Any = LAW) -> Document:
    """The document of these entries."""
    scope = Scope(of, law, seen)
    return document.make(facts.read(map(json.dumps, entries), scope.until), scope, Head(len(entries), "0" * 64))


@pytest.mark.parametrize(
    ("at", "inside"),
    [
        ("2025-12-14T23:59:59+07:00", False),
        ("2025-12-15T00:00:00+07:00", True),
        ("2026-12-14T23:59:59+07:00", True),
        ("2026-12-14T16:59:59.999+00:00", True),  # the same second, as a server in another zone writes it
        ("2026-12-15T00:00:00+07:00", False),
    ],
)
def test_the_edges_of_the_statutory_year(at: str, inside: bool) -> None:
    """A question of the last second belongs to the year, one of the next does not."""
    assert counted(*asked(at))["lines"]["received"] == (["YC-1"] if inside else [])


@pytest.mark.parametrize(("at", "answered"), [("2026-12-14T23:59:59+07:00", True), ("2026-12-15T00:00:00+07:00", False)])
def test_an_answer_of_the_last_second(at: str, answered: bool) -> None:
    """An answer after the cut-off does not change the year it was asked in; the question counts all the same."""
    told = counted(*asked("2026-12-14T08:00:00+07:00"), entry("inquiry.answered", at, due="2026-12-17T00:00:00+07:00"))
    third = next(row for row in told["indicators"] if row["id"] == "IND-3")
    assert third == {"id": "IND-3", "numerator": ["YC-1"] if answered else [], "denominator": ["YC-1"]}
    assert told["lines"]["open"] == ([] if answered else ["YC-1"])


ENDS = [
    ("answered", "2026-11-25T23:59:59+07:00", "in_time"),
    ("answered", "2026-11-26T00:00:00+07:00", "late"),  # the due moment itself is no longer in time
    ("refused", "2026-11-25T08:00:00+07:00", "in_time"),
    ("refused", "2026-11-27T08:00:00+07:00", "late"),
    ("withdrawn", "2026-11-27T08:00:00+07:00", None),
    (None, "", "late"),
]


@pytest.mark.parametrize(("end", "at", "expected"), ENDS)
def test_in_time_or_late(end: str | None, at: str, expected: str | None) -> None:
    """Due at the end of 25 November."""
    due = "2026-11-26T00:00:00+07:00"
    ends = [entry(f"inquiry.{end}", at, due=due)] if end else []
    lines = counted(*asked("2026-11-23T08:00:00+07:00", due=due), *ends)["lines"]
    assert [name for name in ("in_time", "late") if lines[name]] == ([expected] if expected else [])


def test_a_pause_an_extension_and_a_return() -> None:
    """The newest due moment counts; a paused case is not late; whoever comes back finds the case open, and it stays answered."""
    story = [
        *asked("2026-11-02T08:00:00+07:00", due="2026-11-06T00:00:00+07:00"),
        entry("inquiry.clarification_asked", "2026-11-03T08:00:00+07:00", remaining="2"),
        entry("inquiry.clarified", "2026-11-10T08:00:00+07:00", due="2026-11-13T00:00:00+07:00"),
        entry("inquiry.extended", "2026-11-12T08:00:00+07:00", due="2026-11-18T00:00:00+07:00"),
        entry("inquiry.answered", "2026-11-17T08:00:00+07:00", due="2026-11-18T00:00:00+07:00"),
        entry("inquiry.followed_up", "2026-11-20T08:00:00+07:00", due="2026-11-25T00:00:00+07:00"),
    ]
    assert counted(*story[:3], seen=datetime(2026, 11, 9, tzinfo=UTC))["lines"]["late"] == []
    lines = counted(*story)
    assert (lines["lines"]["in_time"], lines["lines"]["answered"], lines["reopened"]) == (["YC-1"], ["YC-1"], ["YC-1"])


def test_a_running_year_is_preliminary() -> None:
    """What is not due yet is not late, and the document says until when it counts."""
    seen = datetime(2026, 11, 24, tzinfo=UTC)
    told = counted(*asked("2026-11-23T08:00:00+07:00", due="2026-11-26T00:00:00+07:00"), seen=seen)
    assert (told["lines"]["late"], told["until"]) == ([], "2026-11-24T07:00:00+07:00")
    assert counted()["until"] is None


def test_a_directing_body_is_no_press() -> None:
    """Its question is tracked, but is none of the inquiries of the press."""
    told = counted(*asked("2026-11-02T08:00:00+07:00", kind="directing_body"), *asked("2026-11-02T08:00:00+07:00", case="YC-2"))
    assert told["lines"]["received"] == ["YC-2"]


def test_rates_by_kind_and_by_outlet() -> None:
    """Who is answered in time, by what was asked and by whom; an outlet that is on no list is one of many without a name (F64)."""
    due, early, later = "2026-11-06T00:00:00+07:00", "2026-11-05T08:00:00+07:00", "2026-11-07T08:00:00+07:00"
    told = counted(
        *asked("2026-11-02T08:00:00+07:00", due=due, outlet="bao_tinh", outlet_name="Báo tỉnh"),
        *asked("2026-11-02T08:00:00+07:00", case="YC-2", due=due, outlet="bao_tinh", outlet_name="Báo của tỉnh"),
        *asked("2026-11-02T08:00:00+07:00", case="YC-3", due=due, kind="interview"),
        *asked("2026-11-02T08:00:00+07:00", case="YC-4", kind="directing_body", outlet="dai", outlet_name="Đài"),
        entry("inquiry.answered", early),
        entry("inquiry.answered", later, case="YC-2"),
        entry("inquiry.refused", early, case="YC-3"),
    )
    rates = {name: {row[one]: row for row in told[name]} for name, one in (("classes", "class"), ("outlets", "outlet"))}
    assert rates["classes"].keys() == {"ordinary", "interview"}
    assert rates["outlets"].keys() == {"", "bao_tinh"}
    assert (rates["outlets"]["bao_tinh"]["in_time"], rates["outlets"]["bao_tinh"]["late"]) == (["YC-1"], ["YC-2"])
    assert (rates["outlets"][""]["refused"], rates["outlets"][""]["in_time"]) == (["YC-3"], ["YC-3"])
    assert told["outlet_names"]["bao_tinh"] == "Báo của tỉnh"  # by the newest name


def test_transfers_belong_to_both_units() -> None:
    """The case counts where it lies; who passed it on is named too."""
    moved = entry("inquiry.transferred", "2026-11-03T08:00:00+07:00", unit="so_xay_dung", origin="so_y_te")
    units = {row["unit"]: row for row in counted(*asked("2026-11-02T08:00:00+07:00"), moved)["units"]}
    assert (units["so_y_te"]["transferred"], units["so_y_te"]["received"]) == (["YC-1"], [])
    assert units["so_xay_dung"]["received"] == ["YC-1"]


MATTER: dict[str, Any] = {"kind": "major_event", "clocks": {"EX-01": "2026-11-03T08:00:00+07:00"}}


@pytest.mark.parametrize(
    ("spoken", "fourth", "fifth"),
    [("2026-11-03T07:59:59+07:00", ["VV-1"], ["VV-1"]), ("2026-11-03T08:00:00+07:00", ["VV-1"], []), (None, [], [])],
)
def test_matters(spoken: str | None, fourth: list[str], fifth: list[str]) -> None:
    """Spoken on, and within 24 hours; a matter without a duty counts in neither."""
    story = [
        entry("matter.opened", "2026-11-02T08:00:00+07:00", "VV-1", **MATTER),
        entry("matter.opened", "2026-11-02T08:00:00+07:00", "VV-2", kind="ordinary"),
    ]
    if spoken:
        story.append(entry("matter.spoken", "2026-11-03T09:00:00+07:00", "VV-1", at=spoken, first=True))
    rows = {row["id"]: row for row in counted(*story)["indicators"]}
    assert (rows["IND-4"]["numerator"], rows["IND-4"]["denominator"]) == (fourth, ["VV-1"])
    assert (rows["IND-5"]["numerator"], rows["IND-5"]["denominator"]) == (fifth, ["VV-1"])


def activity(code: str, kind: str, day: str, at: str = "2026-11-30T08:00:00+07:00", about: str | None = None) -> dict[str, Any]:
    """Something an officer typed in."""
    return entry("activity.recorded", at, code, "ubnd_tinh", kind=kind, day=day, about=about, imported=False)


def test_activities_count_by_their_day() -> None:
    """Typed in after the cut-off, a conference of 14 December still belongs to the year; struck records do not count."""
    told = counted(
        activity("SK-1", "press_conference", "2026-12-14", at="2026-12-20T08:00:00+07:00"),
        activity("SK-2", "press_conference", "2026-12-15", at="2026-12-20T08:00:00+07:00"),
        activity("SK-3", "briefing", "2026-05-05"),
        activity("SK-4", "briefing", "2026-05-06"),
        entry("activity.struck", "2026-12-01T08:00:00+07:00", "SK-4", reason="0" * 64),
        activity("SK-5", "false_report", "2026-05-07"),
        activity("SK-6", "false_report", "2026-05-08"),
        activity("SK-7", "correction_letter", "2026-05-09", about="SK-5"),
    )
    rows = {row["id"]: (row["numerator"], row["denominator"]) for row in told["indicators"]}
    assert rows["IND-1"] == (["SK-1"], None)
    assert rows["IND-2"] == (["SK-3"], None)
    assert rows["IND-6"] == (["SK-5"], ["SK-5", "SK-6"])


def imported(**more: Any) -> dict[str, Any]:
    """A row of an older list, taken over much later."""
    detail: dict[str, Any] = {
        "received": "2026-02-02T08:00:00+07:00",
        "ended": "2026-02-04T08:00:00+07:00",
        "due": None,
        "outcome": "answered",
    } | more
    return entry("case.imported", "2027-01-10T08:00:00+07:00", "YC-9", pack="nd-09-2017", **detail)


def test_an_imported_case_is_marked() -> None:
    """It counts in the year it happened, and says everywhere that it was taken over."""
    told = counted(imported(), *asked("2026-11-02T08:00:00+07:00"))
    assert told["lines"]["answered"] == ["YC-9"]
    assert told["imported"] == ["YC-9"]
    assert {code: row["imported"] for code, row in told["cases"].items()} == {"YC-1": False, "YC-9": True}
    assert told["packs"] == {"nd-09-2017": {"received": 1, "answered": 1}, "nd-244-2026": {"received": 1, "answered": 0}}


def test_a_fresh_count_says_what_changed() -> None:
    """Equal to the frozen one, or the codes that came and went by figure."""
    story = asked("2026-11-02T08:00:00+07:00")
    before, after = counted(*story), counted(*story, imported())
    assert differences(before, counted(*story)) == []
    changed = {(d.figure, d.part): (d.added, d.removed) for d in differences(before, after)}
    assert changed[("IND-3", "numerator")] == (["YC-9"], [])
    assert changed[("received", "")] == (["YC-9"], [])
    assert FrozenReport.of(before, LONG_AFTER).content == before


def test_a_pinned_province_counts_too() -> None:
    """Decree 09/2017 has no yearly form of its own: the same six figures, and the document says whose form it is."""
    told = counted(*asked("2026-11-02T08:00:00+07:00", pack="nd-09-2017"), law=PINNED)
    assert (told["pack"], told["form_of_pack"]) == ("nd-09-2017", False)
    assert [row["id"] for row in told["indicators"]] == [f"IND-{n}" for n in range(1, 7)]
    assert told["lines"]["received"] == ["YC-1"]


def test_periods_as_people_write_them() -> None:
    """A year, a month both ways round; anything else is refused."""
    assert window.parse("yearly", "2026", RULE, ZONE) == YEAR
    assert (YEAR.first, YEAR.last) == (date(2025, 12, 15), date(2026, 12, 14))
    assert window.parse("monthly", "12/2026", RULE, ZONE) == window.parse("monthly", "2026-12", RULE, ZONE)
    assert window.monthly(2026, 12, ZONE).end == datetime(2027, 1, 1, tzinfo=ZONE)
    assert [len(YEAR.months()), len(YEAR.quarters())] == [12, 4]
    for kind, period in (("yearly", "năm nay"), ("monthly", "2026"), ("monthly", "2026-13"), ("yearly", "26"), ("monthly", "")):
        with pytest.raises(ValueError, match=r".*"):
            window.parse(kind, period, RULE, ZONE)


def test_the_year_a_moment_lies_in() -> None:
    """14 December closes one, 15 December opens the next."""
    moment = datetime(2026, 12, 14, 23, 59, 59, tzinfo=ZONE)
    assert window.of_moment(moment, RULE, ZONE).period == "2026"
    assert window.of_moment(moment + timedelta(seconds=1), RULE, ZONE).period == "2027"


def test_a_unit_gets_its_own_figures() -> None:
    """What belongs to others is not in its document."""
    mine = Scope(YEAR, LAW, LONG_AFTER, "so_xay_dung")
    found = facts.read(map(json.dumps, asked("2026-11-02T08:00:00+07:00")), mine.until)
    assert tally.of_cases(found, mine)["received"] == ()
    assert tally.of_cases(found, Scope(YEAR, LAW, LONG_AFTER, "so_y_te"))["received"] == ("YC-1",)
