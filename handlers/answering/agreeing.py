"""An answer on a matter several units speak on waits until each of them has agreed to its words (Decree 244/2026 Art 7(2))."""

from typing import Any

from handlers import telling
from handlers.contract import Choice, Context, Outcome, Outgoing, Screen, urgent
from models.casework import agreement, matter
from models.casework.agreement import Agreement
from models.casework.answer import Answer
from models.casework.inquiry import Inquiry
from models.evidence import item
from models.messages.message import Alarm
from models.people import mandate
from models.people.person import Account, accounts_of

RELEASE = "answer.release"


async def hold(context: Context, case: Inquiry, answer: Answer) -> Outcome | None:
    """What happens instead of sending while a unit has not agreed; None where nothing holds the answer back."""
    found = await matter.by_code(context.store, case.matter_code) if case.matter_code else None
    if found is None or not found.joint or found.state not in matter.LIVE:
        return None
    asked = await agreement.of_answer(context.store, answer.id or 0)
    if asked:
        return None if all(row.settled_at is not None for row in asked) else Outcome()
    named = {found.unit_id, *(row.unit_id for row in await matter.units_of(context.store, found.code))} - {case.unit_id}
    if not named:
        return None
    rows = [
        Agreement(matter_code=found.code, case_code=case.code, answer_id=answer.id or 0, unit_id=unit, asked_at=context.now)
        for unit in sorted(named)
    ]
    context.store.add_all(rows)
    await context.store.flush()
    entry = case.entry("agreement_asked", *rows, matter=found.code, item=answer.item, units=[row.unit_id for row in rows])
    return Outcome([entry], await _ask(context, case, answer, rows), case=case.code)


async def _ask(context: Context, case: Inquiry, answer: Answer, rows: list[Agreement]) -> list[Outgoing]:
    """Each unit reads the words and may agree; the officers may decide without them; the speaker knows why nothing went out."""
    text = await item.item(context.store, answer.item) or item.TOMBSTONE
    files = await item.files_of_item(context.store, answer.item)
    values: dict[str, Any] = {"code": case.code, "unit": context.office.unit_name(case.unit_id), "text": text}
    told: list[Outgoing] = []
    for row in rows:
        ways = (Choice("choice.agree_yes", f"agree.yes:{row.id}"), Choice("choice.agree_no", f"agree.no:{row.id}"))
        told += context.tell(await speakers(context, row.unit_id), Screen.of("agree.ask", *ways, files=files, **values), case.code)
    units = ", ".join(context.office.unit_name(row.unit_id) for row in rows)
    waits = Screen.of("agree.waits", code=case.code, units=units)
    told += context.tell(await accounts_of(context.store, answer.person_id), waits, case.code)
    waive = Choice("choice.agree_waive", f"agree.waive:{answer.id}")
    told += context.tell(await telling.officer_accounts(context), Screen.of("agree.officer", waive, **values, units=units), case.code)
    return [urgent(o) for o in told]


async def speakers(context: Context, unit_id: str) -> list[Account]:
    """Whoever may speak for a unit; everybody there where nobody may."""
    found = await mandate.spokespersons(context.store, unit_id, context.now)
    accounts = await accounts_of(context.store, *(p.id for p, _ in found if p.id is not None))
    return list(accounts or await mandate.desk_accounts(context.store, unit_id, context.now))


def release(context: Context, answer: Answer) -> None:
    """Everybody has agreed: the answer goes out by its own alarm, which checks the right to speak once more."""
    context.store.add(Alarm(due_at=context.now, action=RELEASE, subject=str(answer.id)))
