"""Input one unit owes another: taking it in, and what its clock says."""

from collections.abc import Sequence
from typing import Any

from handlers import casework
from handlers.clocks import clocks
from handlers.contract import LEAVE, Choice, Context, InboundMessage, Outcome, Outgoing, Screen
from models.casework import demand, inquiry
from models.casework.demand import Demand, DemandState
from models.casework.inquiry import Inquiry
from models.clocks.deadline import Deadline
from models.errors import Refusal
from models.evidence import item
from models.evidence.exchange import Entry
from models.evidence.item import ItemKind
from models.people import mandate
from models.people.person import Account, Role, accounts_of
from models.text import number
from models.texts import Due, Words


async def given(message: InboundMessage, context: Context, code: str) -> Outcome | None:
    """A reply to a demand is its input; None where the person's unit owes none on this case, or has the case itself."""
    case = await inquiry.by_code(context.store, code)
    if case is None or Role.OFFICER in context.roles or case.unit_id in context.units:
        return None
    owed = await demand.waiting(context.store, context.units, code)
    return await take_in(message, context, case, owed[0]) if owed else None


async def take_in(message: InboundMessage, context: Context, case: Inquiry, wanted: Demand) -> Outcome:
    """The input is kept and shown to the asking unit; the reporter never sees it."""
    text = context.item(ItemKind.INPUT, message.text, case.code)
    refs = casework.file_to(message.files, case.code, text)
    entry = wanted.answer(case, text.digest, refs, context.my_id, await clock_of(context, wanted), context.now)
    said: dict[str, Any] = await facts(context, case, wanted) | {"text": text}
    late = "demand.answered_late" if entry.detail["late"] else "demand.answered"
    ways = (Choice("choice.answer", f"answer.begin:{case.code}"),)
    told = context.tell(await askers(context, case, wanted), Screen.of(late, *ways, files=message.files, **said), case.code)
    return Outcome([entry], [context.reply("demand.thanks", case=case.code, **said), *told], LEAVE, case.code)


async def clock_of(context: Context, wanted: Demand) -> Deadline | None:
    """The clock of a demand."""
    return await context.store.get(Deadline, wanted.deadline_id) if wanted.deadline_id is not None else None


async def askers(context: Context, case: Inquiry, wanted: Demand) -> Sequence[Account]:
    """Who waits for the input: whoever asked, and whoever has the case in hand, as long as they are of the asking unit."""
    there = await mandate.desk_accounts(context.store, wanted.asking_unit, context.now)
    mine = [a for a in there if a.person_id in {wanted.asked_by, case.acknowledged_by}]
    return mine or there or await accounts_of(context.store, wanted.asked_by)


async def facts(context: Context, case: Inquiry, wanted: Demand) -> dict[str, Any]:
    """What every screen about a demand may say; nothing of the reporter's words."""
    clock = await clock_of(context, wanted)
    due: object = Words.of("case.due_none")
    if clock is not None and clock.due_at is not None:
        due = Due(min(clock.due_at, wanted.wanted_by) if wanted.wanted_by else clock.due_at)
    return {
        "code": case.code,
        "asking": context.office.unit_name(wanted.asking_unit),
        "asked": context.office.unit_name(wanted.unit_id),
        "due": Words.of("case.due_overdue", due=due) if wanted.late(clock, context.now) else due,
        "question": await item.item(context.store, wanted.question) or item.TOMBSTONE,
        "state": Words.of(f"demand.state_{wanted.state.value}"),
    }


def ask_choice(wanted: Demand) -> Choice:
    """The way to ask back first."""
    return Choice("choice.demand_ask", f"demand.ask:{wanted.id}")


def reply_choice(wanted: Demand) -> Choice:
    """The way to give the input."""
    return Choice("choice.demand_reply", f"demand.reply:{wanted.id}")


async def owed(context: Context, wanted: str) -> tuple[Demand, Inquiry]:
    """A demand the person's unit is asked."""
    found = await context.store.get(Demand, number(wanted) or 0)
    case = await inquiry.by_code(context.store, found.case_code) if found is not None else None
    if found is None or case is None or found.unit_id not in context.units:
        raise Refusal("start.stale")
    if found.state is not DemandState.OPEN:
        raise Refusal("demand.settled", code=found.case_code)
    return found, case


async def asked(context: Context, wanted: str) -> tuple[Demand, Inquiry]:
    """A demand the person's unit has made."""
    found = await context.store.get(Demand, number(wanted) or 0)
    if found is None or (found.asking_unit not in context.units and Role.OFFICER not in context.roles):
        raise Refusal("start.stale")
    return found, await casework.ours(context, found.case_code)


async def subject(context: Context, clock: Deadline) -> clocks.Subject | None:
    """The internal clock, for its ladder: the unit that owes the input, then the press office."""
    wanted = await demand.by_clock(context.store, clock)
    case = await inquiry.by_code(context.store, wanted.case_code) if wanted is not None else None
    if wanted is None or case is None or wanted.state is not DemandState.OPEN:
        return None
    said = await facts(context, case, wanted)
    late = "demand.overdue" if clock.is_overdue(context.now) else "demand.warn"
    screen = Screen.of(late, reply_choice(wanted), **said)
    office = Screen.of("demand.overdue_office" if clock.is_overdue(context.now) else "demand.warn_office", **said)

    def entry(action: str, *also: object, **detail: Any) -> Entry:
        return case.entry(f"demand_{action}", *also, unit_asked=wanted.unit_id, **detail)

    return clocks.Subject(
        unit_id=wanted.unit_id,
        screens={"warn": screen, "due": screen, "unit": screen, "office": office},
        entry=entry,
        holders=await mandate.desk_accounts(context.store, wanted.unit_id, context.now),
        case=case.code,
    )


async def late_notice(context: Context, case: Inquiry, wanted: Demand) -> list[Outgoing]:
    """The moment the asking unit wished for has passed: both units read it."""
    said = await facts(context, case, wanted)
    there = await mandate.desk_accounts(context.store, wanted.unit_id, context.now)
    told = context.tell(there, Screen.of("demand.overdue", reply_choice(wanted), **said), case.code)
    more = Choice("choice.demand_extend", f"demand.extend:{wanted.id}")
    return told + context.tell(await askers(context, case, wanted), Screen.of("demand.overdue_office", more, **said), case.code)
