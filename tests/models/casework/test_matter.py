"""A matter's state graph, its duties under both packs, and what its times may be."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models import content
from models.casework import matter
from models.casework.inquiry import Inquiry
from models.casework.matter import DETERMINED, GRAPH, OCCURRED, ORDINARY, RECEIVED, Matter, MatterOutcome, MatterState
from models.clocks.deadline import Deadline, DeadlineState
from models.errors import Refusal
from models.law.packs import LawBook
from models.law.terms import Trigger

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
OLD = datetime(2026, 6, 30, 10, 0, tzinfo=UTC)
BOOK = LawBook.parse(list(content.documents("law")))
PINNED = LawBook(BOOK.packs, "nd-09-2017")


def opened(**more: Any) -> Matter:
    """A matter that is open."""
    given_: dict[str, Any] = {
        "code": "VV-0000000",
        "title": "t",
        "pack_id": "nd-244-2026",
        "unit_id": "u",
        "opened_by": 1,
        "opened_at": NOW,
    }
    return Matter(**(given_ | more), state=MatterState.OPEN, joint=False)


def clock(started: datetime, hours: int = 24) -> Deadline:
    """A running clock."""
    due = started + timedelta(hours=hours)
    return Deadline(
        case_code="VV", pack_id="p", clock_id="EX-01", started_at=started, running_since=started, due_at=due, state=DeadlineState.RUNNING
    )


def act(found: Matter, name: str) -> None:
    """One step somebody may try at any time."""
    inquiry = Inquiry(code="YC-0000000", pack_id="p", matter_code=None, state="assigned")  # pyright: ignore[reportCallIssue]
    match name:
        case "spoke":
            found.spoke(NOW, [], form="written", item="i")
        case "close":
            found.close(MatterOutcome.NOT_NEEDED, None, [], NOW)
        case "close as spoken":
            found.close(MatterOutcome.SPOKEN, None, [], NOW)
        case "reopen":
            found.reopen("r")
        case "attach":
            found.attach(inquiry)
        case _:
            found.time(OCCURRED, NOW, NOW, by=1, clocks=[], reason=None)


@settings(max_examples=120, deadline=None)
@given(st.lists(st.sampled_from(["spoke", "close", "close as spoken", "reopen", "attach", "time"]), max_size=12))
def test_only_drawn_steps_are_taken(steps: list[str]) -> None:
    """Whatever is tried in whatever order: the state moves along the graph only, and says the truth about statement and end."""
    found, seen = opened(), [MatterState.OPEN]
    for step in steps:
        before = (found.state, found.first_statement_at, found.outcome)
        try:
            act(found, step)
        except Refusal:
            assert (found.state, found.first_statement_at, found.outcome) == before
        seen.append(found.state)
        assert (found.outcome is not None) == (found.state is MatterState.CLOSED)
        assert found.state is not MatterState.OPEN or found.first_statement_at is None
        assert found.state is not MatterState.SPOKEN or found.first_statement_at is not None
    assert all(b == a or b in GRAPH[a] for a, b in pairwise(seen))


HOUR = timedelta(hours=1)
DUTIES: list[tuple[str, LawBook, str, str, dict[Trigger, datetime], list[str]]] = [
    ("244: at receipt", BOOK, "major_event", "nd-244-2026", {OCCURRED: NOW - HOUR, RECEIVED: NOW}, ["EX-01"]),
    ("244: at determination", BOOK, "divided_opinion", "nd-244-2026", {RECEIVED: NOW, DETERMINED: NOW}, ["EX-02"]),
    ("244: both", BOOK, "major_event", "nd-244-2026", {RECEIVED: NOW, DETERMINED: NOW}, ["EX-01", "EX-02"]),
    ("244: a plain one", BOOK, ORDINARY, "nd-244-2026", {OCCURRED: NOW, RECEIVED: NOW}, []),
    ("244: a plain one, determined", BOOK, ORDINARY, "nd-244-2026", {DETERMINED: NOW}, ["EX-02"]),
    ("09: at the occurrence", PINNED, "initial_info", "nd-09-2017", {OCCURRED: NOW, RECEIVED: NOW}, ["EX-03"]),
    ("09: no hours for divided opinion", PINNED, "initial_info", "nd-09-2017", {DETERMINED: NOW}, []),
    ("the night the decrees changed", BOOK, "major_event", "nd-244-2026", {OCCURRED: OLD, RECEIVED: NOW}, ["EX-03", "EX-01"]),
    ("before every pack", BOOK, "major_event", "nd-244-2026", {OCCURRED: datetime(2010, 1, 1, tzinfo=UTC)}, []),
]


@pytest.mark.parametrize(("_name", "book", "kind", "pack", "times", "wanted"), DUTIES, ids=[row[0] for row in DUTIES])
def test_duties_start_at_their_own_time(
    _name: str, book: LawBook, kind: str, pack: str, times: dict[Trigger, datetime], wanted: list[str]
) -> None:
    """Each clock by the pack in force at its own trigger; a plain matter owes nothing until opinion is found divided."""
    found = matter.duties(book, kind, pack, times)
    assert [clock_id for clock_id, _ in found] == wanted
    assert all(at in times.values() for _, at in found)


TIMES = [
    ({OCCURRED: NOW}, None),
    ({OCCURRED: NOW + HOUR}, "matter.time_ahead"),
    ({OCCURRED: NOW, RECEIVED: NOW - HOUR}, "matter.time_before"),
    ({OCCURRED: NOW - HOUR, DETERMINED: NOW - 2 * HOUR}, "matter.time_before"),
    ({RECEIVED: NOW - HOUR, DETERMINED: NOW - 2 * HOUR}, None),
]


@pytest.mark.parametrize(("times", "refused"), TIMES)
def test_times_that_cannot_be(times: dict[Trigger, datetime], refused: str | None) -> None:
    """Nothing ahead of now, nothing known before it happened."""
    if refused is None:
        matter.check_times(times, NOW)
    else:
        with pytest.raises(Refusal, match=refused):
            matter.check_times(times, NOW)


def test_a_statement_meets_the_clocks_that_ran() -> None:
    """In time, late, or not yet begun: a clock that started after the statement is still owed."""
    found, ran, late, after = opened(), clock(NOW - HOUR), clock(NOW - 30 * HOUR), clock(NOW + HOUR)
    said = found.spoke(NOW, [ran, late, after], form="portal", item="i")
    assert [c.state for c in (ran, late, after)] == [DeadlineState.SATISFIED, DeadlineState.SATISFIED, DeadlineState.RUNNING]
    assert said.detail["late"] == ["EX-01"]
    assert found.first_statement_at == NOW
    found.spoke(NOW + 2 * HOUR, [after], form="written", item="j")
    assert (found.first_statement_at, after.state) == (NOW, DeadlineState.SATISFIED)


def test_the_law_files_have_such_kinds() -> None:
    """The menus stay short enough for a phone: at most two urgent kinds in each pack."""
    assert {pack.id: len(list(matter.urgent_kinds(pack))) for pack in BOOK.packs} == {"nd-09-2017": 1, "nd-244-2026": 2}
