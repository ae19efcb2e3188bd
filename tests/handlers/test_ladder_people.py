"""With every primary contact silent each case reaches a person who taps within the ladder's total time (F29, F49, F59).

Played against the people a machine knows: units with gaps, blocked phones, absences with stand-ins, and a roster with holes;
200 cases at any hour of two years, Tết and nights among them. `test_ladder_reaches` checks the moments of the ladder alone.
"""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from handlers.clocks import clocks
from handlers.clocks.clocks import Subject
from handlers.contract import Context, Screen
from models.clocks import duty, reaching
from models.clocks.absence import Absence
from models.clocks.deadline import Deadline, Rules, Target
from models.clocks.duty import Shift
from models.clocks.ladder import Call, Ring
from models.directory.unit import Unit
from models.evidence.exchange import Entry
from models.law.calendar import ZONE
from models.law.pack_file import Ladder
from models.law.walking import as_time
from models.office import Office
from models.people.mandate import Mandate, MandateKind
from models.people.person import Account, AccountState, Person, Post, PostKind, accounts_of
from models.store import Store
from tests.transcript import office

FIRST = datetime(2026, 1, 1, tzinfo=ZONE)
DAYS = 2 * 365
UNITS = 12
CASES = 200
PROVINCE, PROVINCE_ROLE = "vp_ubnd", "provincial_office"


async def test_each_case_reaches_somebody_who_taps(tmp_path: Path) -> None:
    """In the worst case only whoever stands at the end of the ladder taps, in a luckier one some of the others do as well."""
    async with office(tmp_path) as story:
        reached = await story.app.machine.database.write(lambda store: _cases(store, story.app.machine.office))
    assert reached[PROVINCE_ROLE] > CASES / 2  # the end of the ladder was really needed …
    assert len(reached) > 2  # … and not always


async def _cases(store: Store, known: Office) -> dict[str, int]:
    """Two hundred cases, and as what the person was called who tapped."""
    dice, rules = random.Random(29), known.rules
    units = await _people(store, dice)
    reached: dict[str, int] = {}
    for number in range(CASES):
        clock_id = ("LC-01", "RQ-02", "EX-01", "RQ-05")[number % 4]
        start = FIRST + timedelta(minutes=dice.randrange(DAYS * 24 * 60))
        clock = rules.start("YC-1", clock_id, start, target=Target.ACKNOWLEDGE)
        if clock.due_at is None:  # a clock the older decree does not have
            clock = rules.start("YC-1", "EX-03", start)
        steps = _ladder(rules, clock)
        at, role = await _reached(store, known, clock, dice.choice(units), lucky=number % 5 == 0)
        latest = _due(clock) + as_time(max(step.hours for step in steps.escalate))
        assert at <= (latest if steps.night else rules.calendar.next_open(latest)), (clock_id, start, role)
        reached[role] = reached.get(role, 0) + 1
    return reached


async def _reached(store: Store, known: Office, clock: Deadline, unit: str, *, lucky: bool) -> tuple[datetime, str]:
    """When somebody is told who taps, and as what; each ring is looked up as if in a time of its own."""
    store.info.pop("recall absences", None)
    chain = await reaching.reach(store, unit, clock.started_at)
    primary = {one.person_id for one in chain[0].people}
    about = Subject(unit, dict.fromkeys(("warn", "due", "unit", "office"), Screen("desk.warn")), _entry)
    for ring in _rung(known.rules, clock):
        last = ring.to == PROVINCE_ROLE
        if not (last or lucky):
            continue  # nobody there taps
        store.info.pop("recall absences", None)
        told = {a.person_id or 0 for a in await clocks.on_step(_context(store, known, ring.at), ring.to, about, clock)}
        if last:
            called = await duty.on_duty(store, ring.at)
            assert told, "nobody at the end of the ladder"
            assert told <= called or not await accounts_of(store, *called), "somebody is on duty and others were called"
        if told - primary or last:
            return ring.at, ring.to
    pytest.fail(f"nobody: {clock.clock_id} {clock.started_at}")


def _entry(*_about: object, **_detail: object) -> Entry:
    raise AssertionError("nothing is written here")


def _due(clock: Deadline) -> datetime:
    assert clock.due_at is not None
    return clock.due_at


def _ladder(rules: Rules, clock: Deadline) -> Ladder:
    rule = rules.clock(clock)
    assert rule is not None
    steps = rules.law.pack(clock.pack_id).ladder(rule.ladder)
    assert steps is not None
    return steps


def _rung(rules: Rules, clock: Deadline) -> list[Ring]:
    return [ring for ring in rules.rings(clock) if ring.call is Call.ESCALATE]


def _context(store: Store, known: Office, now: datetime) -> Context:
    """What finding people looks at, and nothing else."""
    nothing: Any = None
    return Context(store, now, known, ids=nothing, message=nothing, account=None, conversation=None)


async def _people(store: Store, dice: random.Random) -> Sequence[str]:
    """Units with gaps; everybody has a phone, some have blocked it; many are away at some time, and somebody stands in."""
    units = [f"don_vi_{number}" for number in range(UNITS)]
    for unit in units:
        store.add(Unit(id=unit, name_vi=unit, kind="department"))
        here = [await _person(store, dice, unit, PostKind.MEMBER, MandateKind.STANDING)]
        there = [post for post in (PostKind.PRESS_OFFICER, PostKind.HEAD, PostKind.MEMBER) if dice.random() < 0.6]
        here += [await _person(store, dice, unit, post, MandateKind.HEAD if post is PostKind.HEAD else None) for post in there]
        for person in here:
            _away(store, dice, person, here)
    province = [await _person(store, dice, PROVINCE, PostKind.MEMBER, None, reachable=n < 3) for n in range(4)]
    for person in province[:2]:
        _away(store, dice, person, province)
    for day in range(DAYS + 30):
        if dice.random() < 0.7:  # the roster has holes
            start = FIRST + timedelta(days=day, hours=7.5)
            store.add(Shift(person_id=dice.choice(province), starts_at=start, ends_at=start + duty.DAY, set_by=1, set_at=FIRST))
    await store.flush()
    cast("Any", store.sync_session).touched.clear()  # furniture of a test, not a change somebody made
    return units


async def _person(
    store: Store, dice: random.Random, unit: str, post: PostKind, kind: MandateKind | None, *, reachable: bool | None = None
) -> int:
    person = Person(name=f"Người {dice.random()}", created_at=FIRST)
    store.add(person)
    await store.flush()
    state = AccountState.ACTIVE if (dice.random() < 0.8 if reachable is None else reachable) else AccountState.BLOCKED
    store.add(Account(channel="web", external_id=f"chat-{person.id}", person_id=person.id, state=state, created_at=FIRST))
    store.add(Post(person_id=person.id or 0, unit_id=unit, kind=post, valid_from=FIRST))
    if kind is not None:
        store.add(Mandate(person_id=person.id or 0, unit_id=unit, kind=kind, valid_from=FIRST))
    return person.id or 0


def _away(store: Store, dice: random.Random, person: int, here: Sequence[int]) -> None:
    for _ in range(dice.randrange(4) if len(here) > 1 else 0):
        start = FIRST + timedelta(days=dice.randrange(DAYS))
        end = start + timedelta(days=dice.randrange(1, 60))
        instead = dice.choice([one for one in here if one != person])
        store.add(Absence(person_id=person, stand_in_id=instead, starts_at=start, ends_at=end, set_by=1, set_at=FIRST))
