"""What a clock runs on, by its code: a question, a matter, a mandate to be published, a demand, a review."""

from collections.abc import Mapping

from handlers import casework, telling
from handlers.answering import demanding, reviewing
from handlers.clocks import publishing
from handlers.clocks.clocks import Reader, Subject
from handlers.contract import Choice, Context, Screen
from handlers.matters import matterwork
from models import codes
from models.casework import demand, inquiry, review
from models.clocks import absence
from models.clocks.deadline import Deadline, Target
from models.people.mandate import SUBJECT
from models.people.person import accounts_of


async def read(context: Context, clock: Deadline) -> Subject | None:
    """The subject of a clock as people see it; None where it has ended, or nobody reads such clocks."""
    reader = ASIDE.get(clock.clock_id) or SUBJECTS.get(clock.case_code.partition("-")[0])
    return await reader(context, clock) if reader is not None else None


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
SUBJECTS: Mapping[str, Reader] = {codes.INQUIRY: _inquiry, codes.MATTER: matterwork.subject, SUBJECT: publishing.read}
# Clocks that hang on a case without being its deadline, by the clock.
ASIDE: Mapping[str, Reader] = {demand.CLOCK: demanding.subject, review.CLOCK: reviewing.subject}
