"""What the clock brings: reminders before a deadline, the deadline itself, and one step up after the other (F58, F59)."""

from collections.abc import Mapping

from handlers import casework, clocks, demanding, matters, publishing, reviewing, telling
from handlers.clocks import Reader, Subject
from handlers.contract import Choice, Context, InboundMessage, Outcome, Screen
from models import absence, codes, deadline, demand, inquiry, review
from models.deadline import Deadline, DeadlineState, Target
from models.mandate import SUBJECT
from models.person import accounts_of


async def ring(message: InboundMessage, context: Context) -> Outcome:
    """A step of a clock's ladder has come. An alarm that no longer fits, or whose subject has ended, is silent."""
    subject, _, clock_id = str(message.detail["subject"]).rpartition(":")
    outcome = Outcome()
    for clock in await deadline.running(context.store, subject, clock_id):
        read = ASIDE.get(clock_id) or SUBJECTS.get(subject.partition("-")[0])
        found = clocks.rung(context, clock)
        about = await read(context, clock) if read is not None and found else None
        if about is not None:
            outcome += Outcome(*await clocks.tell(context, clock, about, found), case=about.case)
    return outcome


async def overdue(message: InboundMessage, context: Context) -> Outcome:
    """The one alarm of earlier releases: the case's clock is wound as clocks are today."""
    clock = await deadline.of_case(context.store, str(message.detail["subject"]))
    if clock is not None and clock.state is DeadlineState.RUNNING and clock.rings_at is None:
        clocks.wind(context, clock)
    return Outcome()


async def _inquiry(context: Context, clock: Deadline) -> Subject | None:
    """A reporter's question: its unit answers, or at least says that it has it."""
    case = await inquiry.by_code(context.store, clock.case_code)
    if case is None or case.state not in inquiry.OPEN:
        return None
    said = await casework.facts(context, case)
    missed = clock.target is not Target.FINAL
    ways = telling.desk_choices(case)
    step = {Target.ACKNOWLEDGE: "unacknowledged", Target.FIRST_SUBSTANCE: "no_substance"}.get(clock.target)
    late = clock.is_overdue(context.now)
    screens = {
        "warn": Screen.of("desk.warn", *ways, **said),
        "due": Screen.of(f"desk.{step or 'overdue'}", *ways, **said),
        "unit": Screen.of(f"desk.{step or ('overdue' if late else 'escalated')}", *ways, **said),
        "office": Screen.of(
            f"officer.{step or ('overdue' if late else 'escalated')}", Choice("choice.reassign", f"officer.assign:{case.code}"), **said
        ),
    }
    with_desk = case.state is inquiry.InquiryState.RECEIVED
    if with_desk:
        holders = await telling.officer_accounts(context)
        screens |= {"warn": screens["office"], "due": screens["office"], "unit": screens["office"]}
    elif case.acknowledged_by is not None:
        holders = list(await accounts_of(context.store, *await absence.beside(context.store, [case.acknowledged_by], context.now)))
    else:
        holders = await telling.followers(context, case)
    return Subject(
        unit_id=None if with_desk else case.unit_id,  # the unit it is meant for sees nothing before the officer's tap (F2)
        screens=screens,
        entry=case.entry,
        holders=holders,
        matter_code=case.matter_code,
        breach="target_missed" if missed else "overdue",
        case=case.code,
    )


# What clocks run on, by the first letters of the subject's code. A flow with clocks of its own adds its reader here.
SUBJECTS: Mapping[str, Reader] = {codes.INQUIRY: _inquiry, codes.MATTER: matters.subject, SUBJECT: publishing.read}
# Clocks that hang on a case without being its deadline, by the clock.
ASIDE: Mapping[str, Reader] = {demand.CLOCK: demanding.subject, review.CLOCK: reviewing.subject}
