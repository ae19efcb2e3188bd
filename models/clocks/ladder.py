"""When people are reminded of a clock and who is told when nobody acts: the steps of a pack's ladder as moments.

A ladder that does not ring at night waits for the office to open (F58); the breach itself is noted at its minute whatever the hour.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from fractions import Fraction

from models.law.calendar import Calendar, local
from models.law.calendar_file import OfficeHours
from models.law.pack_file import Ladder
from models.law.walking import as_time

HOLDER = "holder"  # whoever has the matter in hand; everything else is a role of the ladder


class Call(StrEnum):
    """Why the clock rings."""

    WARN = "warn"  # before the due moment, to whoever has it in hand
    BREACH = "breach"  # the due moment itself: noted, nobody is called
    DUE = "due"  # the due moment has passed
    ESCALATE = "escalate"  # nobody has acted: one more role is told


@dataclass(frozen=True, order=True)
class Ring:
    """One moment at which the clock rings, why, and for whom."""

    at: datetime
    call: Call
    to: str
    hours: Fraction


Quiet = Callable[[datetime], datetime]


def rings(ladder: Ladder | None, started: datetime, due: datetime, quiet: Quiet) -> list[Ring]:
    """Every ring of a clock from its start on, in order of time; a reminder held back until after the due moment is left out."""
    found = sorted(_rings(ladder, local(due), quiet))
    return [ring for ring in found if ring.at > started and not (ring.call is Call.WARN and ring.at >= due)]


def _rings(ladder: Ladder | None, due: datetime, quiet: Quiet) -> Iterator[Ring]:
    yield Ring(due, Call.BREACH, "", Fraction(0))
    yield Ring(quiet(due), Call.DUE, HOLDER, Fraction(0))
    if ladder is None:
        return
    for hours in ladder.warn_hours_before:
        yield Ring(quiet(due - as_time(hours)), Call.WARN, HOLDER, -hours)
    for step in ladder.escalate:
        yield Ring(quiet(due + as_time(step.hours)), Call.ESCALATE, step.to, step.hours)


def waiting(calendar: Calendar, hours: OfficeHours | None = None) -> Quiet:
    """Quiet at night, over lunch, on weekends and holidays: what falls there waits for the next opening."""
    return lambda moment: calendar.next_open(moment, hours)


def at_once(moment: datetime) -> datetime:
    """Urgent classes ring at any hour."""
    return moment


def due_by(found: Sequence[Ring], after: datetime | None, now: datetime) -> list[Ring]:
    """The rings that have come since the last time and until now; after a standstill no reminder of what is over already."""
    new = [ring for ring in found if ring.at <= now and (after is None or ring.at > after)]
    over = any(ring.call is Call.BREACH for ring in new)
    return [ring for ring in new if not (over and ring.call is Call.WARN)]


def next_after(found: Sequence[Ring], now: datetime) -> datetime | None:
    """The moment of the next ring, if any is left."""
    return next((ring.at for ring in found if ring.at > now), None)
