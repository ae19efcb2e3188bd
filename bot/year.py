"""A year of sample cases for the demo and for tests of the reports: late units, refusals under both decrees, transfers, reopenings,
older cases from a list. Everything goes through the models' own methods and the log, in the order it came to pass, in one transaction.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from bot.app import App
from bot.handling import Handled
from bot.recording import append
from handlers.contract import Context, InboundMessage, Kind, Outcome
from models import codes, content
from models.activity import Activity, ActivityKind
from models.deadline import ORDINARY, Deadline
from models.exchange import Actor, Entry
from models.imported import ImportedCase, PastOutcome
from models.inquiry import Answer, Inquiry, Rating
from models.item import Item, ItemKind
from models.mandate import Mandate, MandateKind, mandates
from models.message import Alarm, InboxMessage, InboxState
from models.person import Account, CredentialKind, Person, Reporter, Standing
from models.store import Store

REPORTERS = 40
LATE_UNITS = 5  # every so-many-th unit is slow
HOURS = (7, 21)  # when the press writes
MACHINE = Actor(None, "machine", None, "console")

Step = tuple[datetime, Actor, Entry]


@dataclass
class Year:
    """One year being told."""

    app: App
    start: datetime
    end: datetime
    words: dict[str, Any]
    speakers: Sequence[Mandate]
    reporters: list[tuple[Person, Account, Reporter]]
    rows: list[object] = field(default_factory=list[object])

    def chance(self, most: int) -> int:
        """A number from 0 to just below `most`."""
        return self.app.machine.ids.chance() % most

    def item(self, kind: ItemKind, text: str, at: datetime, case: str | None = None) -> Item:
        """A text on record."""
        kept = Item.of(kind, text, self.app.machine.ids.salt(), at, case_code=case)
        self.rows.append(kept)
        return kept

    def moment(self, first: datetime, last: datetime) -> datetime:
        """Some minute of a day between two moments, when people are awake."""
        span = max(1, int((last - first).total_seconds()))
        at = first + timedelta(seconds=self.chance(span))
        local = at.astimezone(self.app.machine.settings.zone)
        return at if HOURS[0] <= local.hour < HOURS[1] else at + timedelta(hours=(HOURS[0] - local.hour) % 24)

    def case(self, number: int) -> Iterator[Step]:
        """The life of one inquiry."""
        at = self.moment(self.start, self.end)
        if at >= self.end:
            return
        person, account, reporter = self.reporters[number % len(self.reporters)]
        mandate = self.speakers[min(self.chance(len(self.speakers)), self.chance(len(self.speakers)))]
        case, clock = self._opened(at, person, account, reporter)
        asker = Actor(person.id, "reporter", account.id, account.channel)
        item = case.question
        yield (
            at,
            asker,
            case.entry("received", clock, item=item, files=[], requester=case.requester, form=case.wanted_form, due=_iso(clock.due_at)),
        )
        yield at, asker, case.assign(mandate.unit_id, at)
        yield from self._worked_on(case, clock, mandate, asker, number)

    def _opened(self, at: datetime, person: Person, account: Account, reporter: Reporter) -> tuple[Inquiry, Deadline]:
        code = codes.make(codes.INQUIRY, self.app.machine.ids.chance())
        subjects, asked = self.words["subjects"], self.words["questions"]
        question = asked[self.chance(len(asked))].format(subject=subjects[self.chance(len(subjects))])
        facts = {"name": person.name, "outlet": reporter.outlet_name, "credential": reporter.credential.value, "standing": "verified"}
        kept = self.item(ItemKind.QUESTION, question, at, code)
        requester = self.item(ItemKind.REQUESTER, json.dumps(facts, ensure_ascii=False, sort_keys=True), at, code)
        clock = self.app.machine.office.rules.start(code, ORDINARY, at)
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
        self.rows += [case, clock]
        return case, clock

    def _worked_on(self, case: Inquiry, clock: Deadline, mandate: Mandate, asker: Actor, number: int) -> Iterator[Step]:
        """What the unit does with it, as far as the year goes."""
        at = case.received_at + timedelta(minutes=5 + self.chance(300))
        if number % 12 == 0:
            other = self.speakers[self.chance(len(self.speakers))]
            if other.unit_id != mandate.unit_id and at < self.end:
                reason = self.item(ItemKind.REASON, self.words["transfer"], at, case.code)
                yield at, _speaker(mandate), case.transfer(other.unit_id, reason.digest, at)
                mandate, at = other, at + timedelta(minutes=30 + self.chance(300))
        if at >= self.end:
            self._wait(case, clock)
            return
        speaker = _speaker(mandate)
        yield at, speaker, case.acknowledge(mandate.person_id, at)
        if number % 17 == 0:
            yield from self._clarified(case, clock, speaker, asker, at + timedelta(hours=1))
        late = self._is_slow(mandate.unit_id) and number % 3 != 0
        due = clock.due_at or case.received_at + timedelta(days=3)
        first = max(at, case.since) + timedelta(hours=26)
        ends = self.moment(due, due + timedelta(days=6)) if late else self.moment(first, max(first + timedelta(hours=1), due))
        if ends >= self.end or number % 29 == 0:
            self._wait(case, clock)
            return
        yield from self._ended(case, clock, mandate, asker, ends, number)

    def _is_slow(self, unit: str) -> bool:
        return sorted({m.unit_id for m in self.speakers}).index(unit) % LATE_UNITS == 0

    def _wait(self, case: Inquiry, clock: Deadline) -> None:
        """Still open today; the clock will ring as for any other case."""
        if clock.due_at is not None and clock.due_at > self.end:
            self.rows.append(Alarm(due_at=clock.due_at, action="deadline.overdue", subject=case.code))

    def _clarified(self, case: Inquiry, clock: Deadline, speaker: Actor, asker: Actor, at: datetime) -> Iterator[Step]:
        """Asked back and replied: the clock stands still between the two."""
        replied = at + timedelta(hours=3 + self.chance(20))
        if replied >= self.end:
            return
        rules = self.app.machine.office.rules
        paused = clock if rules.pause(clock, at) else None
        yield at, speaker, case.ask_back(self.item(ItemKind.CLARIFICATION_ASKED, self.words["clarify"], at, case.code), paused, at)
        resumed = clock if rules.resume(clock, replied) else None
        reply = self.item(ItemKind.CLARIFICATION, self.words["clarified"], replied, case.code)
        yield replied, asker, case.clarify(reply, (), resumed, replied)

    def _ended(self, case: Inquiry, clock: Deadline, mandate: Mandate, asker: Actor, at: datetime, number: int) -> Iterator[Step]:
        """Answered, refused or withdrawn; sometimes the reporter comes back."""
        if number % 23 == 0:
            clock.stop(at)
            yield at, asker, case.withdraw(clock, at)
            return
        speaker = self._spoken_by(mandate, case, at)
        if number % 16 == 0:
            grounds = self.app.machine.office.rules.law.at(at).refusal.grounds
            reason = self.item(ItemKind.REASON, self.words["refusal"], at, case.code)
            who = {"person": mandate.person_id, "mandate": mandate.id, "item": speaker.digest}
            clock.satisfy(at)
            yield at, _speaker(mandate), case.refuse(grounds[number % len(grounds)].id, reason, who, clock, at)
            return
        yield from self._answered(case, clock, mandate, speaker, at)
        later = at + timedelta(hours=2 + self.chance(40))
        if later >= self.end:
            return
        if number % 40 == 1:
            again = self.app.machine.office.rules.start(case.code, ORDINARY, later)
            self.rows.append(again)
            more = self.item(ItemKind.FOLLOW_UP, self.words["follow_up"], later, case.code)
            yield later, asker, case.follow_up(more, (), again, later)
        elif number % 2:
            yield later, asker, case.rate(tuple(Rating)[number % 3], None)

    def _answered(self, case: Inquiry, clock: Deadline, mandate: Mandate, speaker: Item, at: datetime) -> Iterator[Step]:
        text = self.item(ItemKind.ANSWER, self.words["answer"], at - timedelta(seconds=31), case.code)
        answer = Answer(
            case_code=case.code,
            item=text.digest,
            speaker=speaker.digest,
            person_id=mandate.person_id,
            mandate_id=mandate.id,
            confirmed_at=at - timedelta(seconds=31),
            release_at=at - timedelta(seconds=1),
        )
        self.rows.append(answer)
        actor = _speaker(mandate)
        said: dict[str, Any] = {"item": text.digest, "files": [], "speaker": mandate.person_id, "mandate": mandate.id}
        yield answer.confirmed_at, actor, case.entry("answer_confirmed", answer, **said)
        clock.satisfy(at)
        yield at, actor, case.answered(answer, clock, (), at)

    def _spoken_by(self, mandate: Mandate, case: Inquiry, at: datetime) -> Item:
        unit = self.app.machine.office.unit_name(mandate.unit_id)
        facts = {"name": f"Người phát ngôn {unit}", "position": mandate.position, "unit": unit}
        facts |= {"capacity": mandate.kind.value, "decision_no": mandate.decision_no}
        return self.item(ItemKind.SPEAKER, json.dumps(facts, ensure_ascii=False, sort_keys=True), at, case.code)

    def past(self, number: int) -> Iterator[Step]:
        """One case of the older list, taken over after two months; its own times lie before."""
        at = self.start + timedelta(days=70, seconds=number)
        received = self.start + timedelta(days=number * 11 % 60 - 15, hours=9)
        ended = received + timedelta(days=2)
        outcome = (PastOutcome.ANSWERED, PastOutcome.ANSWERED, PastOutcome.REFUSED, PastOutcome.OPEN)[number % 4]
        code, words = codes.make(codes.INQUIRY, self.app.machine.ids.chance()), self.words
        question = self.item(ItemKind.QUESTION, words["questions"][number % 4].format(subject=words["subjects"][number % 8]), at, code)
        facts = {"name": words["reporter"].format(number=number), "outlet": words["outlets"][number % 3]}
        row = ImportedCase(
            code=code,
            reference=f"MAU-{number:04d}",
            unit_id=self.speakers[self.chance(len(self.speakers))].unit_id,
            requester=self.item(ItemKind.REQUESTER, json.dumps(facts, ensure_ascii=False, sort_keys=True), at, code).digest,
            question=question.digest,
            outcome=outcome,
            pack_id=self.app.machine.office.rules.law.at(received).id,
            received_at=received,
            ended_at=None if outcome is PastOutcome.OPEN else ended,
            due_at=received + timedelta(days=1 + number % 5),
            content=f"{number:064x}",
            source="danh-sach-mau.xlsx",
            row=number + 2,
            imported_at=at,
        )
        self.rows.append(row)
        yield at, MACHINE, row.taken_over()

    def activities(self) -> Iterator[Step]:
        """Conferences, briefings, monthly information, two false reports; one quarter lacks its conference."""
        day, last = self.start.astimezone(self.app.machine.settings.zone).date(), self.end.astimezone(self.app.machine.settings.zone).date()
        while (day := _next_month(day)) < last:
            yield from self._activity(ActivityKind.PERIODIC_INFORMATION, day, self.words["information"].format(month=day.month))
            yield from self._activity(ActivityKind.BRIEFING, day.replace(day=10), self.words["briefing"])
            if day.month in {1, 4, 10}:
                yield from self._activity(ActivityKind.PRESS_CONFERENCE, day.replace(day=5), self.words["conference"])
            if day.month in {3, 9}:
                wrong = [*self._activity(ActivityKind.FALSE_REPORT, day.replace(day=12), self.words["wrong"])]
                yield from wrong
                if day.month == 3 and wrong:
                    about = wrong[0][2].case
                    yield from self._activity(ActivityKind.CORRECTION_LETTER, day.replace(day=15), self.words["letter"], about)

    def _activity(self, kind: ActivityKind, day: date, title: str, about: str | None = None) -> Iterator[Step]:
        at = datetime.combine(day, time(16), tzinfo=self.app.machine.settings.zone)
        if not self.start < at < self.end:
            return
        code = codes.make(codes.EVENT, self.app.machine.ids.chance())
        kept = self.item(ItemKind.NOTE, title, at, code)
        pack = self.app.machine.office.rules.law.at(at).id
        row = Activity(code=code, kind=kind, day=day, unit_id="ubnd_tinh", title=kept.digest, about=about, pack_id=pack, recorded_at=at)
        self.rows.append(row)
        yield at, MACHINE, row.recorded()

    def difficulty(self) -> Iterator[Step]:
        """What the officers found hard, for the free text of the yearly report."""
        at = self.end - timedelta(days=1)
        kept = self.item(ItemKind.NOTE, self.words["difficulty"], at)
        detail = {"period": str(at.astimezone(self.app.machine.settings.zone).year), "item": kept.digest}
        yield at, MACHINE, Entry("report.difficulty_noted", detail=detail, unit_id="dic_desk")


def _speaker(mandate: Mandate) -> Actor:
    return Actor(mandate.person_id, "member", None, "web")


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def _next_month(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


async def seed_year(app: App, number: int, start: datetime, end: datetime, *, older: int | None = None) -> int:
    """Tell a year of `number` inquiries between two moments; the directory with its spokespersons is there. Returns the entries made."""
    words: dict[str, Any] = dict(content.document("demo/year.yaml").data)

    async def work(store: Store) -> int:
        row = InboxMessage(channel="console", external_id=f"demo-year-{start:%Y%m%d}", chat="console", received_at=start, payload=None)
        row.state, row.handled_at = InboxState.DONE, start
        reporters = await _reporters(store, row, words, start)
        held = [m for m in await mandates(store, end) if m.kind is not MandateKind.AUTHORISED]
        year = Year(app, start, end, words, held, reporters)
        steps: list[Step] = [(start, MACHINE, _registered(r)) for r in reporters]
        lives = (year.case(n) for n in range(number))
        imported = (year.past(n) for n in range(number // 40 if older is None else older))
        for life in (*lives, *imported, year.activities(), year.difficulty()):
            steps.extend(life)
        for parents in (True, False):  # texts before the rows that name them: SQLite looks for waiting children of every parent that comes late
            store.add_all(row for row in year.rows if isinstance(row, Item) == parents)
            await store.flush()
        store.unexplained(row for _, _, entry in steps for row in entry.about)
        await append(store, app.machine, _handled(store, app, row, sorted(steps, key=lambda step: step[0])))
        return len(steps)

    return await app.machine.database.write(work)


async def _reporters(store: Store, row: InboxMessage, words: dict[str, Any], at: datetime) -> list[tuple[Person, Account, Reporter]]:
    """Reporters by role, with a card each; rows the machine knows before the first of them asks."""
    store.add(row)
    people = [Person(name=words["reporter"].format(number=f"{n:02d}"), created_at=at) for n in range(1, REPORTERS + 1)]
    store.add_all(people)
    await store.flush()
    found: list[tuple[Person, Account, Reporter]] = []
    for number, person in enumerate(people, 1):
        account = Account(channel="web", external_id=f"year-{at:%Y%m%d}-{number}", person_id=person.id, created_at=at, opened_by=row.id)
        outlet = words["outlets"][number % len(words["outlets"])]
        card: dict[str, Any] = {
            "credential": CredentialKind.PRESS_CARD,
            "credential_number": f"MAU-{number:05d}",
            "credential_expires": date(2030, 12, 31),
        }
        reporter = Reporter(person_id=person.id or 0, outlet_name=outlet, standing=Standing.VERIFIED, registered_at=at, **card)
        found.append((person, account, reporter))
    store.add_all([part for _, account, reporter in found for part in (account, reporter)])
    await store.flush()
    return found


def _registered(known: tuple[Person, Account, Reporter]) -> Entry:
    return Entry("reporter.registered", known, detail={"reporter": known[0].id, "credential": known[2].credential.value})


def _handled(store: Store, app: App, row: InboxMessage, steps: Iterable[Step]) -> list[Handled]:
    """Each step as the recorder takes it."""
    message = InboundMessage(id=row.id or 0, channel="console", kind=Kind.COMMAND, received_at=row.received_at)
    office, ids = app.machine.office, app.machine.ids
    return [Handled(row, Context(store, at, office, ids, message, None, None), Outcome([entry]), actor) for at, actor, entry in steps]
