"""Clocks that run on anything with a code: setting their alarms, and finding who is told at each step of a ladder."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from handlers.contract import Context, Outgoing, Screen, urgent
from models.clocks import duty, ladder, reaching
from models.clocks.deadline import Deadline
from models.clocks.ladder import Call, Ring
from models.clocks.reaching import Station
from models.evidence.exchange import Entry
from models.messages.message import Alarm
from models.people.person import Account, PostKind, accounts_of, posted

RING = "clock.ring"
INSIDE = tuple(station.value for station in Station if station is not Station.DESK)
OFFICER = "officer"


@dataclass(frozen=True)
class Subject:
    """What a clock runs on, as the people who are told about it see it.

    `screens` says what is read: by whoever has it in hand (`warn`, `due`), inside the unit (`unit`) and outside it (`office`)
    when it goes one step up. `entry` makes an entry of the subject: action, further rows, detail.
    """

    unit_id: str | None
    screens: Mapping[str, Screen]
    entry: Callable[..., Entry]
    holders: Sequence[Account] = ()
    matter_code: str | None = None
    breach: str = "overdue"  # the action of the entry when the due moment passes
    case: str | None = None


Reader = Callable[[Context, Deadline], Awaitable[Subject | None]]


def wind(context: Context, clock: Deadline) -> None:
    """Set the alarm of a clock's next ring; owed wherever a clock is started, resumed or extended.

    Alarms that no longer fit are silent, so nothing has to be cancelled. A clock that began in the past and is over already
    rings at once, with everything that was missed; of one that is not over only what is still to come rings.
    """
    found = context.office.rules.rings(clock)
    over = any(ring.call is Call.BREACH and ring.at <= context.now for ring in found)
    clock.told_until = clock.running_since if over else context.now
    clock.rings_at = context.now if over else ladder.next_after(found, context.now)
    _alarm(context, clock)


def rung(context: Context, clock: Deadline) -> list[Ring]:
    """What a ringing clock has to say now; its next alarm is set. Nothing where the clock was wound anew meanwhile."""
    if clock.rings_at is None or clock.rings_at > context.now:
        return []
    found = context.office.rules.rings(clock)
    now = ladder.due_by(found, clock.told_until, context.now)
    if found:  # a paused clock is wound again when it resumes
        clock.told_until, clock.rings_at = context.now, ladder.next_after(found, context.now)
        _alarm(context, clock)
    return now


def _alarm(context: Context, clock: Deadline) -> None:
    if clock.rings_at is not None:
        context.store.add(Alarm(due_at=clock.rings_at, action=RING, subject=f"{clock.case_code}:{clock.clock_id}"))


async def tell(context: Context, clock: Deadline, about: Subject, found: Sequence[Ring]) -> tuple[list[Entry], list[Outgoing]]:
    """The entries and messages of some rings; each account is told once, by the most serious of them."""
    calls = {ring.call for ring in found}
    entries: list[Entry] = []
    told: dict[int | None, Outgoing] = {}
    if Call.BREACH in calls:
        due = clock.due_at.isoformat() if clock.due_at else None
        entries.append(about.entry(about.breach, clock=clock.clock_id, due=due))
    roles = list(dict.fromkeys(ring.to for ring in found if ring.call is Call.ESCALATE))
    if roles:
        reached = {role: await on_step(context, role, about, clock) for role in roles}
        named = {role: sorted({a.person_id for a in accounts if a.person_id is not None}) for role, accounts in reached.items()}
        if any(named.values()):
            everybody = [p for role in roles for p in named[role]]
            entries.append(about.entry("escalated", clock=clock.clock_id, roles=[r for r in roles if named[r]], people=everybody))
        for role in reversed(roles):
            screen = about.screens["unit" if role in INSIDE else "office"]
            told |= {a.id: Outgoing(a, screen, about.case) for a in reached[role]}
    if Call.DUE in calls or Call.WARN in calls:
        screen = about.screens["due" if Call.DUE in calls else "warn"]
        holders = about.holders or await on_step(context, OFFICER, about, clock)
        told |= {a.id: Outgoing(a, screen, about.case) for a in holders}
    return entries, [urgent(outgoing) for outgoing in told.values()]


async def on_step(context: Context, role: str, about: Subject, clock: Deadline) -> list[Account]:
    """Who is reached at a step of a ladder: a role inside the unit that nobody holds is passed over, its next step comes (F49).

    One outside the unit that nobody can be reached in falls to the officers.
    """
    found = await _holding(context, role, about, clock)
    return found if found or role in INSIDE else await _holding(context, OFFICER, about, clock)


async def _holding(context: Context, role: str, about: Subject, clock: Deadline) -> list[Account]:
    if role == OFFICER:
        people = {p.id or 0 for p in await posted(context.store, context.now, kind=PostKind.OFFICER)}
    elif role in INSIDE:
        people = await _inside(context, role, about)
    else:
        on_duty = await accounts_of(context.store, *sorted(await duty.on_duty(context.store, context.now)))
        if on_duty:  # nights, weekends, Tết: who is on the roster is called instead of everybody of the place (F29, F59)
            return list(on_duty)
        place = context.office.rules.law.pack(clock.pack_id).role_units.get(role, "")
        people = {p.id or 0 for p in await posted(context.store, context.now, unit_id=place)}
    return list(await accounts_of(context.store, *sorted(people)))


async def _inside(context: Context, role: str, about: Subject) -> set[int]:
    """The people of the unit whose foremost place in its chain this is (`models.clocks.reaching`)."""
    links = await reaching.within(context.store, about.unit_id, context.now, about.matter_code) if about.unit_id else []
    return {one.person_id for link in links if link.station.value == role for one in link.people}
