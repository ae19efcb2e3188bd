"""A review: who decides it, and what its clock says."""

from typing import Any

from handlers import telling
from handlers.clocks import clocks
from handlers.contract import Choice, Context, Screen
from models.casework import inquiry, review
from models.casework.inquiry import Inquiry
from models.casework.review import Review
from models.clocks.deadline import Deadline
from models.evidence import item
from models.evidence.exchange import Entry
from models.people import mandate
from models.people.mandate import MandateKind
from models.people.person import Account, PostKind, accounts_of, posted
from models.texts import Due, Words


async def heads(context: Context, unit_id: str | None) -> set[int]:
    """The heads of a unit, by mandate or by post."""
    if unit_id is None:
        return set()
    held = await mandate.mandates(context.store, context.now, unit_id=unit_id)
    people = {m.person_id for m in held if m.kind is MandateKind.HEAD}
    return people | {p.id or 0 for p in await posted(context.store, context.now, unit_id=unit_id, kind=PostKind.HEAD)}


async def reviewers(context: Context, case: Inquiry) -> list[Account]:
    """The unit's head and the press office, but never whoever answered or refused."""
    spoke = await review.spoke_last(context.store, case.code)
    people = sorted(await heads(context, case.unit_id) - {spoke})
    found = {a.id: a for a in [*await accounts_of(context.store, *people), *await telling.officer_accounts(context)]}
    return [a for a in found.values() if a.person_id != spoke]


async def screen(context: Context, case: Inquiry, asked: Review, key: str) -> Screen:
    """What a reviewer reads."""
    clock = await context.store.get(Deadline, asked.deadline_id) if asked.deadline_id is not None else None
    return Screen.of(
        key,
        Choice("choice.review_decide", f"review.decide:{asked.id}"),
        Choice("choice.history", f"desk.history:{case.code}"),
        code=case.code,
        unit=context.office.unit_name(case.unit_id),
        cause=Words.of(f"review.cause_{asked.cause.value}"),
        words=await item.item(context.store, asked.words) or item.TOMBSTONE,
        question=await item.item(context.store, case.question) or item.TOMBSTONE,
        due=Due(clock.due_at) if clock is not None and clock.due_at is not None else Words.of("case.due_none"),
    )


async def subject(context: Context, clock: Deadline) -> clocks.Subject | None:
    """The review's own clock, a local rule: the reviewers are told."""
    asked = await review.by_clock(context.store, clock)
    case = await inquiry.by_code(context.store, asked.case_code) if asked is not None else None
    if asked is None or case is None or asked.outcome is not None:
        return None
    shown = await screen(context, case, asked, "review.overdue" if clock.is_overdue(context.now) else "review.warn")

    def entry(action: str, *also: object, **detail: Any) -> Entry:
        return case.entry(f"review_{action}", *also, **detail)

    return clocks.Subject(
        unit_id=None,
        screens=dict.fromkeys(("warn", "due", "unit", "office"), shown),
        entry=entry,
        holders=await reviewers(context, case),
        case=case.code,
    )
