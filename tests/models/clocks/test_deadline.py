"""A clock through its life: paused, resumed, extended, explained; the list always adds up to the stored moment."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.clocks.deadline import Deadline, DeadlineState, Rules, Target, all_running, every, of_case, opened, recall, running
from models.errors import Refusal
from models.law import counting, packs
from models.law.calendar import ZONE
from models.law.terms import Measure
from tests.models.law_samples import hours, shipped_book, shipped_calendar
from tests.models.light import light_store

RULES = Rules(shipped_book(), shipped_calendar())


def at(text: str) -> datetime:
    """A Vietnamese moment."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def adds_up(rules: Rules, clock: Deadline) -> None:
    """The explanation leads to the stored moment, and nowhere else."""
    counted = rules.counted(clock)
    assert counted is not None
    assert counting.add_up(counted) == counted.due
    if clock.due_at is not None:
        assert counted.due == clock.due_at


def with_measure(measure: Measure, amount: Fraction) -> Rules:
    """The office's own limit counted in another measure, as an office may choose."""
    loosened = tuple(
        replace(p, clocks=tuple(replace(c, measure=measure, amount=amount) if c.id == "RQ-02" else c for c in p.clocks))
        for p in shipped_book().packs
    )
    return Rules(packs.LawBook(loosened), shipped_calendar())


LIMITS = st.one_of(
    st.tuples(st.just(Measure.WORKING_DAY), st.integers(1, 20).map(Fraction)),
    st.tuples(st.just(Measure.DAY), st.integers(1, 40).map(Fraction)),
    st.tuples(st.just(Measure.OFFICE_HOUR), st.integers(1, 160).map(lambda n: Fraction(n, 4))),
)
SECONDS = int((at("2027-12-01T00:00") - at("2026-01-01T00:00")).total_seconds())
STARTS = st.integers(0, SECONDS).map(lambda seconds: at("2026-01-01T00:00") + timedelta(seconds=seconds))
DEEDS = st.lists(st.tuples(st.sampled_from(["pause", "resume", "extend"]), st.timedeltas(timedelta(0), timedelta(days=9))), max_size=8)


def live(limit: tuple[Measure, Fraction], start: datetime, deeds: list[tuple[str, timedelta]]) -> None:
    """Whatever is done to a clock in whatever order, its explanation adds up after each step."""
    rules = with_measure(*limit)
    clock, now = rules.start("YC-1", "RQ-02", start), start
    adds_up(rules, clock)
    for deed, later in deeds:
        now += later
        before = clock.due_at
        if deed == "pause":
            rules.pause(clock, now)
        elif deed == "resume":
            rules.resume(clock, now)
        elif clock.state is DeadlineState.RUNNING and not clock.extended:
            rules.extend(clock, 2)
            assert before is not None
            assert clock.due_at is not None
            assert clock.due_at > before
        adds_up(rules, clock)
        assert (clock.due_at is None) == (clock.state is DeadlineState.PAUSED)


@settings(max_examples=500, deadline=None)
@given(limit=LIMITS, start=STARTS, deeds=DEEDS)
def test_the_explanation_adds_up_through_pauses_and_extensions(
    limit: tuple[Measure, Fraction], start: datetime, deeds: list[tuple[str, timedelta]]
) -> None:
    """Five hundred lives of a clock."""
    live(limit, start, deeds)


@pytest.mark.soak
@pytest.mark.timeout(3600)
@settings(max_examples=10_000, deadline=None)
@given(limit=LIMITS, start=STARTS, deeds=DEEDS)
def test_ten_thousand_lives_of_a_clock(limit: tuple[Measure, Fraction], start: datetime, deeds: list[tuple[str, timedelta]]) -> None:
    """The same, patiently."""
    live(limit, start, deeds)


def test_a_life_told_step_by_step() -> None:
    """Paused with two days left, resumed over a weekend, extended by one: each step stands in the list."""
    clock = RULES.start("YC-1", "RQ-02", at("2026-11-16T08:00"))
    assert clock.due_at == at("2026-11-20T00:00")
    assert RULES.pause(clock, at("2026-11-18T10:00"))
    assert (clock.state, clock.due_at, clock.amount) == (DeadlineState.PAUSED, None, "2")
    assert not RULES.pause(clock, at("2026-11-18T11:00"))
    assert RULES.resume(clock, at("2026-11-19T09:00"))
    assert clock.due_at == at("2026-11-24T00:00")
    assert not RULES.resume(clock, at("2026-11-19T10:00"))
    RULES.extend(clock, 1)
    assert clock.due_at == at("2026-11-26T00:00")  # the 24th is a holiday
    counted = RULES.counted(clock)
    assert counted is not None
    assert [f"{span.from_:%d} {span.why}" for span in sorted((*counted.counted, *counted.skipped), key=lambda span: span.from_)] == [
        "16 first_day",
        "17 working_day",
        "18 pause",
        "19 first_day",
        "20 working_day",
        "21 weekend",
        "22 weekend",
        "23 working_day",
        "24 holiday",
        "25 working_day",
    ]
    with pytest.raises(Refusal):
        RULES.extend(clock, 1)


def test_a_clock_changed_by_an_earlier_release_is_still_explained() -> None:
    """Only from where it counts now is known of it."""
    resumed = Deadline(
        case_code="YC-1",
        pack_id="nd-244-2026",
        clock_id="RQ-02",
        started_at=at("2026-11-16T08:00"),
        running_since=at("2026-11-19T09:00"),
        amount="2",
        due_at=at("2026-11-24T00:00"),
        history=[],
    )
    adds_up(RULES, resumed)
    RULES.extend(resumed, 1)
    adds_up(RULES, resumed)
    paused = replace_state(resumed)
    assert RULES.resume(paused, at("2026-11-20T09:00"))
    adds_up(RULES, paused)


def replace_state(clock: Deadline) -> Deadline:
    """The same clock as an earlier release left it when paused."""
    return Deadline(
        case_code=clock.case_code,
        pack_id=clock.pack_id,
        clock_id=clock.clock_id,
        started_at=clock.started_at,
        running_since=clock.started_at,
        amount="2",
        state=DeadlineState.PAUSED,
        history=[],
    )


@pytest.mark.parametrize("zone", [UTC, ZONE])
@pytest.mark.parametrize(
    ("moment", "pack"),
    [
        ("2026-06-30T23:59:59", "nd-09-2017"),
        ("2026-07-01T00:00:00", "nd-244-2026"),
        ("2026-12-14T23:59:59", "nd-244-2026"),
    ],
)
def test_the_last_second_decides_the_pack(moment: str, pack: str, zone: object) -> None:
    """Whatever the server's own zone, the Vietnamese date of the trigger decides, for ever."""
    assert zone is not None
    clock = RULES.start("YC-1", "RQ-02", at(moment).astimezone(UTC if zone is UTC else ZONE))
    assert clock.pack_id == pack
    adds_up(RULES, clock)
    assert RULES.clock(clock) == shipped_book().pack(pack).clock("RQ-02")


def test_a_province_that_has_not_switched() -> None:
    """Pinned, the old decree holds after its end; a clock keeps the pack it began with when the pin goes."""
    pinned = Rules(packs.LawBook(shipped_book().packs, "nd-09-2017"), shipped_calendar())
    clock = pinned.start("VV-1", "EX-03", at("2026-08-01T10:00"))
    assert (clock.pack_id, clock.due_at) == ("nd-09-2017", at("2026-08-02T10:00"))
    assert RULES.clock(clock) == shipped_book().pack("nd-09-2017").clock("EX-03")
    assert RULES.start("VV-1", "EX-03", at("2026-08-01T10:00")).due_at is None  # the new decree has no such clock


ASKED = [  # kind of question, clock under 09/2017, clock under 244/2026
    ("ordinary", "RQ-02", "RQ-02"),
    ("raised_in_press", "RQ-05", "RQ-05"),
    ("directing_body", "RQ-05", "RQ-05"),
    ("interview", "RQ-02", "RQ-02"),
    ("editor_question", "RP-01", "RP-01"),
    ("forwarded_opinion", "RP-02", "RP-02"),
    ("forwarded_complaint", "RP-03", "RP-03"),
    ("foreign_press", "FP-01", "FP-01"),
    ("initial_info", "EX-03", "RQ-02"),  # the newer decree has no such kind: an ordinary question
    ("major_event", "RQ-02", "EX-01"),
    ("press_conference", "RQ-02", "RQ-02"),  # a kind without a time limit of its own
    (None, "RQ-02", "RQ-02"),
]


@pytest.mark.parametrize(("kind", "older", "newer"), ASKED)
def test_who_asks_what_decides_the_clock_also_the_second_time(kind: str | None, older: str, newer: str) -> None:
    """A case that opens again owes what its kind owes, by the pack in force at that moment."""
    for moment, pack, clock_id in (("2026-06-30T09:00", "nd-09-2017", older), ("2026-07-01T09:00", "nd-244-2026", newer)):
        clock = RULES.asked("YC-1", kind, at(moment), unit_id="so_y_te")
        assert (clock.case_code, clock.pack_id, clock.clock_id, clock.unit_id) == ("YC-1", pack, clock_id, "so_y_te")


def test_a_leap_day() -> None:
    """29 February 2028 is a Tuesday like any other."""
    assert RULES.start("YC-1", "RQ-02", at("2028-02-28T08:00")).due_at == at("2028-03-03T00:00")
    assert RULES.start("YC-1", "EX-01", at("2028-02-28T12:00")).due_at == at("2028-02-29T12:00")


def test_each_clock_says_what_it_measures() -> None:
    """The office's own targets stand beside what is owed; an hour limit neither pauses nor grows."""
    clock = RULES.start("YC-1", "LC-01", at("2026-11-23T08:00"), unit_id="so_y_te", target=Target.ACKNOWLEDGE)
    assert (clock.due_at, clock.target, clock.unit_id) == (at("2026-11-23T08:15"), Target.ACKNOWLEDGE, "so_y_te")
    urgent = RULES.start("VV-1", "EX-01", at("2026-11-23T08:00"))
    assert not RULES.pause(urgent, at("2026-11-23T09:00"))
    with pytest.raises(Refusal):
        RULES.extend(urgent, 1)
    assert not urgent.is_overdue(at("2026-11-24T07:59:59"))
    assert urgent.is_overdue(at("2026-11-24T08:00"))
    urgent.stop(at("2026-11-24T08:00"))
    assert not urgent.is_overdue(at("2026-11-25T08:00"))
    assert urgent.ended_at == at("2026-11-24T08:00")


def test_what_was_promised_is_kept() -> None:
    """A list that would end earlier is stretched to the promise; one that ends later is left alone."""
    clock = RULES.start("YC-1", "RQ-02", at("2026-11-23T08:00"))
    counted = RULES.counted(clock)
    assert counted is not None
    assert counting.kept(counted, counted.due) == counted
    longer = counting.kept(counted, at("2026-12-01T00:00"))
    assert counting.add_up(longer) == at("2026-12-01T00:00")
    assert longer.skipped[-1].why == "notice"
    assert date(2026, 11, 30) == longer.skipped[-1].to.date() - timedelta(days=1)


def test_office_time_in_a_promised_stretch_does_not_pause() -> None:
    """Nothing of the limit is left there to keep."""
    rules = with_measure(Measure.OFFICE_HOUR, Fraction(2))
    clock = rules.start("YC-1", "RQ-02", at("2026-11-23T08:00"))
    clock.due_at = at("2026-11-23T16:00")
    assert not rules.pause(clock, at("2026-11-23T15:00"))
    adds_up(rules, clock)


async def test_the_clocks_of_a_case_are_found() -> None:
    """The latest that measures a target, all of them in order, those that still run, and the same when read for many at once."""

    def clock(code: str, clock_id: str, state: DeadlineState = DeadlineState.RUNNING, target: Target = Target.FINAL) -> Deadline:
        started = RULES.start(code, clock_id, at("2026-11-23T08:00"), target=target)
        started.state = state
        return started

    rows = [
        clock("YC-1", "RQ-02", DeadlineState.SATISFIED),
        clock("YC-1", "LC-01", target=Target.ACKNOWLEDGE),
        clock("YC-1", "RP-01"),
        clock("YC-2", "RQ-02", DeadlineState.PAUSED),
        clock("YC-3", "RQ-02", DeadlineState.STOPPED),
        clock("YC-4", "CR-02.periodical"),  # the next issue: no moment is known
    ]
    async with light_store() as store:
        for row in rows:
            store.add(row)
            await store.flush()
        assert [found.id if (found := await of_case(store, code)) else None for code in ("YC-1", "YC-2", "YC-9")] == [3, 4, None]
        assert [(c.id if c else None) for c in [await of_case(store, "YC-1", target) for target in Target]] == [3, 2, None, None]
        assert [c.id for c in await every(store, "YC-1")] == [1, 2, 3]
        assert [c.id for c in await running(store, "YC-1")] == [2, 3]
        assert [c.id for c in await running(store, "YC-1", "RP-01")] == [3]
        assert [c.id for c in await running(store, "YC-2")] == [4]
        assert [c.id for c in await running(store, "YC-3")] == []
        assert [c.id for c in await all_running(store)] == [2, 3]
        store.info.clear()
        await recall(store, ["YC-1", "YC-3", "YC-9"])
        known = store.info["recall clocks"]
        assert {code: [c.id for c in found] for code, found in known.items()} == {"YC-1": [1, 2, 3], "YC-3": [5], "YC-9": []}
        known["YC-3"].append(rows[0])  # what is known is not read again
        assert await of_case(store, "YC-3") is rows[0]
        assert (await of_case(store, "YC-1", Target.ACKNOWLEDGE)) is rows[1]
        await recall(store, [])
        later = clock("YC-1", "RQ-05")
        store.add(later)
        assert await of_case(store, "YC-1") is later  # the last of what is known, before it is written
        assert (await every(store, "YC-1"))[:-1] == rows[:3]
        await store.flush()
        opened(store, "YC-5")
        first = clock("YC-5", "RQ-02")
        store.add(first)
        assert await every(store, "YC-5") == [first]
        assert first in store.new  # nobody had to look
        await store.delete(later)
        await store.flush()
        assert [c.id for c in await every(store, "YC-1")] == [1, 2, 3]


MOVES = [  # what the clock is, whether the storm day on 27 November makes it later
    ("running", "RQ-02", True),
    ("paused", "RQ-02", False),
    ("ended", "RQ-02", False),
    ("hours never stop", "EX-01", False),
    ("no moment is known", "CR-02.periodical", False),
    ("before the day", "LC-01", False),
]


@pytest.mark.parametrize(("state", "clock_id", "moves"), MOVES)
def test_a_changed_calendar_only_gives_time(state: str, clock_id: str, moves: bool) -> None:
    """A day off more makes what runs later; a day off less leaves the promised moment; what has ended stays."""
    changed = replace(RULES, calendar=RULES.calendar.with_days_off([(date(2026, 11, 27), "bão")]))
    for before, after, gives in ((RULES, changed, moves), (changed, RULES, False)):
        clock = before.start("YC-1", clock_id, at("2026-11-23T08:00"))
        if state == "paused":
            assert before.pause(clock, at("2026-11-25T08:00"))
        if state == "ended":
            clock.satisfy(at("2026-11-25T08:00"))
        promised = clock.due_at
        later = after.later(clock)
        assert later == (at("2026-12-01T00:00") if gives else None)
        assert clock.due_at == promised  # asking changes nothing
        if clock_id != "CR-02.periodical":
            adds_up(after, clock)
        assert before.later(clock) is None


def test_a_clock_counts_and_rings_by_the_hours_of_its_unit() -> None:
    """Started, resumed, extended and rung by the unit's own hours, and nobody else's."""
    rules = with_measure(Measure.OFFICE_HOUR, Fraction(2))
    rules = replace(rules, calendar=replace(rules.calendar, unit_hours={"so_y_te": hours("10:00", "14:00")}))
    clock = rules.start("YC-1", "RQ-02", at("2026-11-23T08:00"), unit_id="so_y_te")
    assert clock.due_at == at("2026-11-23T12:00")
    assert rules.pause(clock, at("2026-11-23T11:00"))
    assert rules.resume(clock, at("2026-11-23T13:30"))
    assert clock.due_at == at("2026-11-25T10:30")  # half an hour, then the holiday, then half an hour
    rules.extend(clock, 4)
    assert clock.due_at == at("2026-11-26T10:30")
    adds_up(rules, clock)
    told = rules.counted(clock)
    assert told is not None
    assert not {"notice", "earlier"} & {span.why for span in told.skipped}  # found by counting, not stretched to the promise
    since: dict[str, Any] = {"started_at": at("2026-11-20T08:00"), "running_since": at("2026-11-23T13:00"), "amount": "2", "history": []}
    earlier = Deadline(
        case_code="YC-1", pack_id="nd-244-2026", clock_id="RQ-02", unit_id="so_y_te", **since
    )  # as an earlier release left it
    counted = rules.counted(earlier)
    assert counted is not None
    assert counted.due == at("2026-11-25T11:00")
    daily = replace(RULES, calendar=rules.calendar)
    rung = [ring.at for ring in daily.rings(daily.start("YC-1", "RQ-02", at("2026-11-23T08:00"), unit_id="so_y_te"))]
    assert at("2026-11-26T10:00") in rung  # two days before the end of Friday is a midnight
    assert at("2026-11-26T07:30") not in rung


def test_what_cannot_be_extended_says_so() -> None:
    """Once; not while it stands still; not what has ended; not an hour limit; the sentence names the case."""
    twice, paused, ended = (RULES.start("YC-1", "RQ-02", at("2026-11-23T08:00")) for _ in range(3))
    RULES.extend(twice, 1)
    assert RULES.pause(paused, at("2026-11-25T08:00"))
    ended.satisfy(at("2026-11-25T08:00"))
    before = [clock.due_at for clock in (twice, paused, ended)]
    for clock in (
        twice,
        paused,
        ended,
        RULES.start("YC-1", "EX-01", at("2026-11-23T08:00")),
        RULES.start("YC-1", "XX-99", at("2026-11-23T08:00")),
    ):
        with pytest.raises(Refusal) as refused:
            RULES.extend(clock, 1)
        assert (refused.value.key, refused.value.values) == ("extend.not_possible", {"code": "YC-1"})
    assert [clock.due_at for clock in (twice, paused, ended)] == before


def test_a_step_nobody_knows_is_no_explanation() -> None:
    """A clock whose history a later release wrote is not explained wrongly."""
    clock = RULES.start("YC-1", "RQ-02", at("2026-11-23T08:00"))
    clock.history = [["rest", "2026-11-24"]]
    with pytest.raises(ValueError, match=r"^unknown step of a clock: \['rest', '2026-11-24'\]$"):
        RULES.counted(clock)
