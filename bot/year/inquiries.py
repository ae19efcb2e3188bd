"""The life of one inquiry in a told year: asked, passed on, taken on, asked back, answered or not, in time or late."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from bot.year.frame import Step, Year, speaker_of
from models import codes
from models.casework.answer import Answer
from models.casework.inquiry import Inquiry, Rating
from models.clocks.deadline import ORDINARY, Deadline
from models.evidence.exchange import Actor
from models.evidence.item import Item, ItemKind
from models.messages.message import Alarm
from models.people.mandate import Mandate
from models.people.person import Account, Person, Reporter

LATE_UNITS = 5  # every so-many-th unit is slow


def case(year: Year, number: int) -> Iterator[Step]:
    """The life of one inquiry."""
    at = year.moment(year.start, year.end)
    if at >= year.end:
        return
    person, account, reporter = year.reporters[number % len(year.reporters)]
    mandate = year.speakers[min(year.chance(len(year.speakers)), year.chance(len(year.speakers)))]
    case, clock = _opened(year, at, person, account, reporter)
    asker = Actor(person.id, "reporter", account.id, account.channel)
    item = case.question
    yield (
        at,
        asker,
        case.entry(
            "received",
            clock,
            item=item,
            files=[],
            requester=case.requester,
            form=case.wanted_form,
            due=iso(clock.due_at),
            **reporter.outlet,
        ),
    )
    yield at, asker, case.assign(mandate.unit_id, at)
    yield from _worked_on(year, case, clock, mandate, asker, number)


def _opened(year: Year, at: datetime, person: Person, account: Account, reporter: Reporter) -> tuple[Inquiry, Deadline]:
    code = codes.make(codes.INQUIRY, year.app.machine.ids.chance())
    subjects, asked = year.words["subjects"], year.words["questions"]
    question = asked[year.chance(len(asked))].format(subject=subjects[year.chance(len(subjects))])
    facts = {"name": person.name, "outlet": reporter.outlet_name, "credential": reporter.credential.value, "standing": "verified"}
    kept = year.item(ItemKind.QUESTION, question, at, code)
    requester = year.item(ItemKind.REQUESTER, json.dumps(facts, ensure_ascii=False, sort_keys=True), at, code)
    clock = year.app.machine.office.rules.start(code, ORDINARY, at)
    case = Inquiry(
        code=code,
        reporter_id=person.id or 0,
        account_id=account.id or 0,
        question=kept.digest,
        requester=requester.digest,
        pack_id=clock.pack_id,
        received_at=at,
        since=at,
    )
    year.rows += [case, clock]
    return case, clock


def _worked_on(year: Year, case: Inquiry, clock: Deadline, mandate: Mandate, asker: Actor, number: int) -> Iterator[Step]:
    """What the unit does with it, as far as the year goes."""
    at = case.received_at + timedelta(minutes=5 + year.chance(300))
    if number % 12 == 0:
        other = year.speakers[year.chance(len(year.speakers))]
        if other.unit_id != mandate.unit_id and at < year.end:
            reason = year.item(ItemKind.REASON, year.words["transfer"], at, case.code)
            yield at, speaker_of(mandate), case.transfer(other.unit_id, reason.digest, at)
            mandate, at = other, at + timedelta(minutes=30 + year.chance(300))
    if at >= year.end:
        _wait(year, case, clock)
        return
    speaker = speaker_of(mandate)
    yield at, speaker, case.acknowledge(mandate.person_id, at)
    if number % 17 == 0:
        yield from _clarified(year, case, clock, speaker, asker, at + timedelta(hours=1))
    late = _is_slow(year, mandate.unit_id) and number % 3 != 0
    due = clock.due_at or case.received_at + timedelta(days=3)
    first = max(at, case.since) + timedelta(hours=26)
    ends = year.moment(due, due + timedelta(days=6)) if late else year.moment(first, max(first + timedelta(hours=1), due))
    if ends >= year.end or number % 29 == 0:
        _wait(year, case, clock)
        return
    yield from _ended(year, case, clock, mandate, asker, ends, number)


def _is_slow(year: Year, unit: str) -> bool:
    return sorted({m.unit_id for m in year.speakers}).index(unit) % LATE_UNITS == 0


def _wait(year: Year, case: Inquiry, clock: Deadline) -> None:
    """Still open today; the clock will ring as for any other case."""
    if clock.due_at is not None and clock.due_at > year.end:
        year.rows.append(Alarm(due_at=clock.due_at, action="deadline.overdue", subject=case.code))


def _clarified(year: Year, case: Inquiry, clock: Deadline, speaker: Actor, asker: Actor, at: datetime) -> Iterator[Step]:
    """Asked back and replied: the clock stands still between the two."""
    replied = at + timedelta(hours=3 + year.chance(20))
    if replied >= year.end:
        return
    rules = year.app.machine.office.rules
    paused = clock if rules.pause(clock, at) else None
    yield at, speaker, case.ask_back(year.item(ItemKind.CLARIFICATION_ASKED, year.words["clarify"], at, case.code), paused, at)
    resumed = clock if rules.resume(clock, replied) else None
    reply = year.item(ItemKind.CLARIFICATION, year.words["clarified"], replied, case.code)
    yield replied, asker, case.clarify(reply, (), resumed, replied)


def _ended(year: Year, case: Inquiry, clock: Deadline, mandate: Mandate, asker: Actor, at: datetime, number: int) -> Iterator[Step]:
    """Answered, refused or withdrawn; sometimes the reporter comes back."""
    if number % 23 == 0:
        clock.stop(at)
        yield at, asker, case.withdraw(clock, at)
        return
    speaker = _spoken_by(year, mandate, case, at)
    if number % 16 == 0:
        grounds = year.app.machine.office.rules.law.at(at).refusal.grounds
        reason = year.item(ItemKind.REASON, year.words["refusal"], at, case.code)
        who = {"person": mandate.person_id, "mandate": mandate.id, "item": speaker.digest}
        clock.satisfy(at)
        yield at, speaker_of(mandate), case.refuse(grounds[number % len(grounds)].id, reason, who, clock, at)
        return
    yield from _answered(year, case, clock, mandate, speaker, at)
    later = at + timedelta(hours=2 + year.chance(40))
    if later >= year.end:
        return
    if number % 40 == 1:
        again = year.app.machine.office.rules.start(case.code, ORDINARY, later)
        year.rows.append(again)
        more = year.item(ItemKind.FOLLOW_UP, year.words["follow_up"], later, case.code)
        yield later, asker, case.follow_up(more, (), again, later)
    elif number % 2:
        yield later, asker, case.rate(tuple(Rating)[number % 3], None)


def _answered(year: Year, case: Inquiry, clock: Deadline, mandate: Mandate, speaker: Item, at: datetime) -> Iterator[Step]:
    text = year.item(ItemKind.ANSWER, year.words["answer"], at - timedelta(seconds=31), case.code)
    answer = Answer(
        case_code=case.code,
        item=text.digest,
        speaker=speaker.digest,
        person_id=mandate.person_id,
        mandate_id=mandate.id,
        confirmed_at=at - timedelta(seconds=31),
        release_at=at - timedelta(seconds=1),
    )
    year.rows.append(answer)
    actor = speaker_of(mandate)
    said: dict[str, Any] = {"item": text.digest, "files": [], "speaker": mandate.person_id, "mandate": mandate.id}
    yield answer.confirmed_at, actor, case.entry("answer_confirmed", answer, **said)
    clock.satisfy(at)
    yield at, actor, case.answered(answer, clock, (), at)


def _spoken_by(year: Year, mandate: Mandate, case: Inquiry, at: datetime) -> Item:
    unit = year.app.machine.office.unit_name(mandate.unit_id)
    facts = {"name": f"Người phát ngôn {unit}", "position": mandate.position, "unit": unit}
    facts |= {"capacity": mandate.kind.value, "decision_no": mandate.decision_no}
    return year.item(ItemKind.SPEAKER, json.dumps(facts, ensure_ascii=False, sort_keys=True), at, case.code)


def iso(moment: datetime | None) -> str | None:
    """A moment as it stands in an entry."""
    return None if moment is None else moment.isoformat()
