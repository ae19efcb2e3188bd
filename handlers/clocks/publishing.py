"""The duty to publish who may speak: its clock starts with the mandate and rings like any other (09/2017 Art 3(6); 244/2026 Art 3(3))."""

from datetime import datetime
from typing import Any

from handlers import telling
from handlers.clocks import clocks
from handlers.clocks.clocks import Subject
from handlers.contract import Choice, Context, Screen
from models.clocks.deadline import Deadline
from models.people import authorising
from models.people.mandate import Mandate
from models.people.person import Person
from models.text import number
from models.texts import Due


async def start(context: Context, mandate: Mandate, signed_at: datetime) -> Deadline | None:
    """Keep a new mandate and start the clock the pack in force sets for publishing it, if there is one."""
    context.store.add(mandate)
    await context.store.flush()
    clock = authorising.publication(context.office.rules, mandate, signed_at)
    if clock is not None:
        context.store.add(clock)
        clocks.wind(context, clock)
    return clock


async def read(context: Context, clock: Deadline) -> Subject | None:
    """What a publication clock runs on: silent once it is published or the mandate has ended."""
    found = await context.store.get(Mandate, number(clock.case_code.partition("-")[2]) or 0)
    if found is None or found.published_at is not None or (found.valid_to is not None and found.valid_to <= context.now):
        return None
    person = await context.store.get_one(Person, found.person_id)
    late = clock.is_overdue(context.now)
    values: dict[str, Any] = {"name": person.name, "unit": context.office.unit_name(found.unit_id), "due": Due(clock.due_at or context.now)}
    way = Choice("choice.published", f"publish.begin:{found.id}")
    screen = Screen.of("mandate.publish_overdue" if late else "mandate.publish_soon", way, **values)
    return Subject(
        unit_id=found.unit_id,
        screens=dict.fromkeys(("warn", "due", "unit", "office"), screen),
        entry=found.entry,
        holders=await telling.unit_accounts(context, found.unit_id),
        matter_code=found.matter_code,
    )
