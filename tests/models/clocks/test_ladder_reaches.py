"""With every primary contact silent each case still reaches a person who taps, within the time of the ladder (F49, F59)."""

import random
from datetime import datetime, timedelta

import pytest

from models.clocks.deadline import Rules, Target
from models.clocks.ladder import Call
from models.law.calendar import ZONE
from models.law.walking import as_time
from tests.models.law_samples import shipped_book, shipped_calendar

RULES = Rules(shipped_book(), shipped_calendar())
INSIDE = ("spokesperson", "authorised", "press_officer", "head", "colleague")
OUTSIDE = ("officer", "provincial_office")
FIRST = datetime(2026, 1, 1, tzinfo=ZONE)


@pytest.mark.parametrize("clock_id", ["LC-01", "RQ-02", "SP-01", "EX-01"])
def test_somebody_taps_within_the_ladder(clock_id: str) -> None:
    """Two hundred cases at any hour of two years, in units with any gaps; spokespersons never answer."""
    dice = random.Random(clock_id)
    for _ in range(200):
        start = FIRST + timedelta(minutes=dice.randrange(2 * 365 * 24 * 60))
        clock = RULES.start("YC-1", clock_id, start, target=Target.ACKNOWLEDGE)
        if clock.due_at is None:  # a clock the older decree does not have
            continue
        rung = RULES.rings(clock)
        held = {role for role in INSIDE if dice.random() < 0.5} | {dice.choice(OUTSIDE)}
        silent = {"spokesperson"}
        taps = [ring.at for ring in rung if ring.call is Call.ESCALATE and ring.to in held - silent]
        assert taps, (clock_id, start, held)
        rule = RULES.clock(clock)
        assert rule is not None
        steps = RULES.law.pack(clock.pack_id).ladder(rule.ladder)
        assert steps is not None
        last = clock.due_at + as_time(max(step.hours for step in steps.escalate))
        latest = last if steps.night else RULES.calendar.next_open(last)
        assert min(taps) <= latest
