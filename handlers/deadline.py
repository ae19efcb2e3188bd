"""What the clock brings: a deadline that has passed."""

from handlers import casework, telling
from handlers.contract import Choice, Context, InboundMessage, Outcome, Screen, urgent
from models import inquiry


async def overdue(message: InboundMessage, context: Context) -> Outcome:
    """The due moment has come and nothing was answered: the unit and the press office see it. An alarm that no longer fits is silent."""
    case = await inquiry.by_code(context.store, str(message.detail["subject"]))
    clock = await casework.clock_of(context, case.code) if case else None
    if case is None or clock is None or case.state not in inquiry.OPEN or not clock.is_overdue(context.now):
        return Outcome()
    said = await casework.facts(context, case)
    entry = case.entry("overdue", due=clock.due_at.isoformat() if clock.due_at else None, clock=clock.clock_id)
    notice = Screen.of("officer.overdue", Choice("choice.reassign", f"officer.assign:{case.code}"), **said)
    told = [
        *await telling.tell_unit(context, case, "desk.overdue"),
        *context.tell(await telling.officer_accounts(context), notice, case.code),
    ]
    return Outcome([entry], [urgent(o) for o in told], case=case.code)
