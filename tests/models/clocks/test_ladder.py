"""When a clock rings: reminders before, the breach to the minute, quiet at night, one step up after the other."""

from datetime import datetime, timedelta

import pytest

from models.clocks import ladder
from models.clocks.deadline import Deadline, DeadlineState, Rules
from models.clocks.ladder import Call
from models.law.calendar import ZONE, local
from tests.models.law_samples import shipped_book as book
from tests.models.law_samples import shipped_calendar as calendar

RULES = Rules(book(), calendar())


def at(text: str) -> datetime:
    """A Vietnamese moment."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def told(clock: Deadline) -> list[str]:
    """Every ring of a clock as a line."""
    return [f"{local(ring.at):%d/%m %H:%M} {ring.call} {ring.to}".strip() for ring in RULES.rings(clock)]


def test_an_ordinary_inquiry_rings_in_office_hours() -> None:
    """Due at the end of Friday: the breach is noted at midnight, people hear of it when the office opens on Monday."""
    assert told(RULES.start("YC-1", "RQ-02", at("2026-11-23T08:00"))) == [
        "26/11 07:30 warn holder",
        "27/11 07:30 escalate authorised",
        "27/11 07:30 warn holder",
        "27/11 08:00 escalate press_officer",
        "27/11 16:00 escalate head",
        "27/11 16:00 warn holder",
        "28/11 00:00 breach",
        "30/11 07:30 due holder",
        "30/11 07:30 escalate officer",
        "30/11 07:30 escalate provincial_office",
    ]


def test_a_clock_of_twenty_four_hours_rings_at_night() -> None:
    """The duty does not sleep: from Saturday 22:00 to Sunday 22:00."""
    assert told(RULES.start("VV-1", "EX-01", at("2026-11-21T22:00"))) == [
        "22/11 10:00 warn holder",
        "22/11 12:00 escalate authorised",
        "22/11 14:00 escalate press_officer",
        "22/11 16:00 escalate head",
        "22/11 16:00 warn holder",
        "22/11 18:00 escalate officer",
        "22/11 20:00 escalate provincial_office",
        "22/11 20:00 warn holder",
        "22/11 22:00 breach",
        "22/11 22:00 due holder",
    ]


def test_a_case_marked_urgent_rings_at_night_too() -> None:
    """The same clock, marked by somebody."""
    clock = RULES.start("YC-1", "RQ-02", at("2026-11-23T08:00"), urgent=True)
    assert "28/11 00:00 due holder" in told(clock)


def test_nobody_acknowledges() -> None:
    """Fifteen office minutes, then the chain of the unit, the officers, the provincial office (F49)."""
    assert told(RULES.start("YC-1", "LC-01", at("2026-11-23T17:20"))) == [
        "25/11 07:35 breach",
        "25/11 07:35 due holder",
        "25/11 07:35 escalate spokesperson",
        "25/11 07:50 escalate authorised",
        "25/11 08:05 escalate press_officer",
        "25/11 08:35 escalate head",
        "25/11 09:05 escalate colleague",
        "25/11 09:35 escalate officer",
        "25/11 13:30 escalate provincial_office",
    ]


@pytest.mark.parametrize("state", [DeadlineState.PAUSED, DeadlineState.SATISFIED, DeadlineState.STOPPED])
def test_a_clock_that_does_not_run_does_not_ring(state: DeadlineState) -> None:
    """Nothing is owed, or nothing for now."""
    clock = RULES.start("YC-1", "RQ-02", at("2026-11-23T08:00"))
    clock.state = state
    assert RULES.rings(clock) == []


def test_a_clock_without_a_moment_does_not_ring() -> None:
    """The next issue of a paper, a clock the pack does not have."""
    assert RULES.rings(RULES.start("CC-1", "CR-02.periodical", at("2026-11-23T08:00"))) == []
    assert RULES.rings(RULES.start("CC-1", "AU-03", at("2026-11-23T08:00"))) == []


def test_after_a_standstill_nobody_is_reminded_of_what_is_over() -> None:
    """Everything missed comes at once, reminders left out; before the due moment they do come."""
    clock = RULES.start("YC-1", "RQ-02", at("2026-11-23T08:00"))
    rings = RULES.rings(clock)
    missed = ladder.due_by(rings, at("2026-11-23T08:00"), at("2026-12-01T08:00"))
    assert {ring.call for ring in missed} == {Call.BREACH, Call.DUE, Call.ESCALATE}
    before = ladder.due_by(rings, at("2026-11-23T08:00"), at("2026-11-27T09:00"))
    assert [ring.call for ring in before if ring.call is Call.WARN] == [Call.WARN, Call.WARN]
    assert ladder.due_by(rings, at("2026-11-27T09:00"), at("2026-11-27T09:00")) == []
    assert ladder.next_after(rings, at("2026-11-27T09:00")) == at("2026-11-27T16:00")
    assert ladder.next_after(rings, at("2026-12-27T09:00")) is None


@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        ("2026-11-23T07:29:59", "2026-11-23T07:30"),
        ("2026-11-23T07:30", "2026-11-23T07:30"),
        ("2026-11-23T11:29:59", "2026-11-23T11:29:59"),
        ("2026-11-23T11:30", "2026-11-23T13:30"),
        ("2026-11-23T17:30", "2026-11-25T07:30"),  # the 24th is a holiday
        ("2026-02-13T18:00", "2026-02-23T07:30"),  # Tết
        ("2026-08-21T20:00", "2026-08-22T07:30"),  # a make-up Saturday is worked
    ],
)
def test_what_falls_on_a_closed_hour_waits_for_the_next_opening(moment: str, opens: str) -> None:
    """Night, lunch, weekend, holiday."""
    assert calendar().next_open(at(moment)) == at(opens)
    assert calendar().next_open(at(moment)) - at(moment) < timedelta(days=11)
