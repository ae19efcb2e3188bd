"""A year of sample cases for the demo and for tests of the reports: late units, refusals under both decrees, transfers, reopenings,
older cases from a list. Everything goes through the models' own methods and the log, in the order it came to pass, in one transaction.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from bot.app import App
from bot.handling import Handled
from bot.recording import append
from bot.year import inquiries, others
from bot.year.frame import MACHINE, Step, Year
from handlers.contract import Context, InboundMessage, Kind, Outcome
from models import content
from models.directory.unit import match_outlet, outlets
from models.evidence.exchange import Entry
from models.evidence.item import Item
from models.messages.message import LOCAL, InboxMessage, InboxState
from models.people.mandate import MandateKind, mandates
from models.people.person import Account, CredentialKind, Person, Reporter, Standing
from models.store import Store

REPORTERS = 40


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
        lives = (inquiries.case(year, n) for n in range(number))
        imported = (others.past(year, n) for n in range(number // 40 if older is None else older))
        for life in (*lives, *imported, others.activities(year), others.difficulty(year)):
            steps.extend(life)
        for parents in (
            True,
            False,
        ):  # texts before the rows that name them: SQLite looks for waiting children of every parent that comes late
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
    listed = await outlets(store)
    found: list[tuple[Person, Account, Reporter]] = []
    for number, person in enumerate(people, 1):
        account = Account(channel=LOCAL, external_id=f"year-{at:%Y%m%d}-{number}", person_id=person.id, created_at=at, opened_by=row.id)
        outlet = words["outlets"][number % len(words["outlets"])]
        card: dict[str, Any] = {
            "credential": CredentialKind.PRESS_CARD,
            "credential_number": f"MAU-{number:05d}",
            "credential_expires": date(2030, 12, 31),
        }
        known = match_outlet(listed, outlet)
        reporter = Reporter(
            person_id=person.id or 0,
            outlet_id=known.id if known else None,
            outlet_name=outlet,
            standing=Standing.VERIFIED,
            registered_at=at,
            **card,
        )
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
