"""Units are merged, split, renamed or ended: planned by a command, carried out when the day begins, and open cases go to the heirs."""

from datetime import datetime
from typing import Any

from handlers import casework, telling
from handlers.contract import Choice, Context, InboundMessage, Outcome, Screen
from models.casework import board
from models.casework.inquiry import Inquiry, InquiryState
from models.directory import restructuring
from models.directory.restructuring import Change, Restructuring
from models.directory.unit import DESK, every
from models.errors import Refusal
from models.evidence import item
from models.messages.message import Alarm
from models.routing.facts import AREA
from models.text import number
from models.texts import Words

ALARM = "directory.restructure"
HANDOVER = "directory.hand_over"
AT_ONCE = 50  # cases handed over in one transaction; the next alarm takes the rest


def wanted(said: dict[str, Any], at: datetime) -> Restructuring:
    """The operation a command asks for."""
    return Restructuring(
        kind=Change(said["kind"]),
        units=list(said["units"]),
        into=list(said.get("into") or []),
        name=said.get("name") or "",
        subjects=said.get("subjects") or {},
        effective_at=datetime.fromisoformat(said["effective_at"]),
        decision_no=said["decision_no"],
        planned_at=at,
    )


async def planned(message: InboundMessage, context: Context) -> Outcome:
    """The operation is checked and noted; its alarm rings when the day begins, at once for a day that has."""
    operation = wanted(dict(message.detail), context.now)
    restructuring.plan({unit.id: unit for unit in await every(context.store)}, operation)
    context.store.add(operation)
    await context.store.flush()
    context.store.add(Alarm(due_at=max(operation.effective_at, context.now), action=ALARM, subject=str(operation.id)))
    return Outcome([operation.entry("planned")])


async def cancelled(message: InboundMessage, context: Context) -> Outcome:
    """A plan is taken back before its day; the officers are told."""
    operation = await context.store.get(Restructuring, number(str(message.detail["number"])) or 0)
    if operation is None:
        raise Refusal("structure.plan_unknown", number=message.detail["number"])
    entry = operation.cancel(context.now)
    names = ", ".join(context.office.unit_name(key) for key in operation.units)
    screen = Screen.of(
        "structure.cancelled",
        kind=Words.of(f"structure.kind_{operation.kind.value}"),
        units=names,
        day=operation.effective_at.astimezone(context.zone).date(),
        decision=operation.decision_no,
    )
    return Outcome([entry], context.tell(await telling.officer_accounts(context), screen))


async def carried_out(message: InboundMessage, context: Context) -> Outcome:
    """The day has begun: units begin, end or change their name; officers are told; cases follow."""
    operation = await context.store.get(Restructuring, number(str(message.detail["subject"])) or 0)
    if operation is None or operation.done_at is not None or operation.cancelled_at is not None:
        return Outcome()
    known = {unit.id: unit for unit in await every(context.store)}
    names = {key: known[key].name_vi for key in operation.units if key in known}
    changed = restructuring.carry_out(known, operation, context.now)
    context.store.add_all(changed)
    heirs = ", ".join(unit.name_vi for unit in changed if unit.id in operation.into) or operation.name or "–"
    screen = Screen.of(
        f"structure.done_{operation.kind.value}",
        units=", ".join(names.values()),
        heirs=heirs,
        day=operation.effective_at.astimezone(context.zone).date(),
        decision=operation.decision_no,
    )
    if operation.kind is not Change.RENAME:
        context.store.add(Alarm(due_at=context.now, action=HANDOVER, subject=str(operation.id)))
    told = context.tell(await telling.officer_accounts(context), screen)
    return Outcome([operation.entry("restructured", *changed)], told)


async def hand_over(message: InboundMessage, context: Context) -> Outcome:
    """Open cases of the units that ended go to whoever took over, each with an entry; its people and the reporter are told."""
    operation = await context.store.get(Restructuring, number(str(message.detail["subject"])) or 0)
    if operation is None:
        return Outcome()
    ended = [key for key in operation.units if key not in operation.into]
    cases = await board.left_behind(context.store, ended, AT_ONCE)
    outcome = Outcome()
    for case in cases:
        outcome += await _inherited(context, case, operation)
    if len(cases) == AT_ONCE:
        context.store.add(Alarm(due_at=context.now, action=HANDOVER, subject=str(operation.id)))
    return outcome


async def _inherited(context: Context, case: Inquiry, operation: Restructuring) -> Outcome:
    """One case: to its heir as it stands; a case nobody has yet only changes where it is meant to go."""
    origin = context.office.unit_name(case.unit_id)
    heir: str | None = await _heir(context, case, operation)
    if case.state is InquiryState.RECEIVED and heir == DESK:
        heir = None
    entry = case.inherit(heir, context.now, operation.id)
    said: dict[str, Any] = {"origin": origin, "decision": operation.decision_no}
    facts = await casework.facts(context, case) | said
    if case.state is InquiryState.RECEIVED:
        return Outcome([entry])
    told = await telling.hand_on(context, case, "structure.inherited", **said)
    status = Choice("choice.status", f"case.show:{case.code}")
    told += await telling.tell_reporter(context, case, Screen.of("structure.case_moved", status, **facts))
    return Outcome([entry], told)


async def _heir(context: Context, case: Inquiry, operation: Restructuring) -> str:
    """The only heir; of several the one the question's words speak for; where none does, the press desk."""
    heirs = [unit for unit in operation.into if unit in context.office.unit_names]
    if len(heirs) < 2:
        return heirs[0] if heirs else DESK
    question = await item.item(context.store, case.question)
    ranked = [unit.id for unit in context.office.router.route(str(question or ""), context.now).units]
    return next((unit for unit in ranked if unit in heirs and unit != AREA), DESK)
