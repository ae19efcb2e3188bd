"""What the clock brings: reminders before a deadline, the deadline itself, and one step up after the other (F58, F59)."""

from handlers.clocks import clocks, subjects
from handlers.contract import Context, InboundMessage, Outcome
from models.clocks import deadline
from models.clocks.deadline import DeadlineState


async def ring(message: InboundMessage, context: Context) -> Outcome:
    """A step of a clock's ladder has come. An alarm that no longer fits, or whose subject has ended, is silent."""
    subject, _, clock_id = str(message.detail["subject"]).rpartition(":")
    outcome = Outcome()
    for clock in await deadline.running(context.store, subject, clock_id):
        found = clocks.rung(context, clock)
        about = await subjects.read(context, clock) if found else None
        if about is not None:
            outcome += Outcome(*await clocks.tell(context, clock, about, found), case=about.case)
    return outcome


async def overdue(message: InboundMessage, context: Context) -> Outcome:
    """The one alarm of earlier releases: the case's clock is wound as clocks are today."""
    clock = await deadline.of_case(context.store, str(message.detail["subject"]))
    if clock is not None and clock.state is DeadlineState.RUNNING and clock.rings_at is None:
        clocks.wind(context, clock)
    return Outcome()
