"""Stopping what carries a sign of a secret or a private number until a second person has decided (F111)."""

from collections.abc import Mapping, Sequence
from typing import Any

from handlers import telling
from handlers.answering import speaking
from handlers.contract import LEAVE, Choice, Context, Outcome, Outgoing, Screen, urgent
from models.casework import brakes
from models.casework.brakes import INCOMING, Brake
from models.casework.inquiry import Inquiry
from models.errors import Refusal
from models.evidence.exchange import Entry
from models.evidence.item import Attachment, Item
from models.people.person import Account, accounts_of


async def outgoing(
    context: Context,
    kind: str,
    text: Item,
    resume: Mapping[str, Any],
    *,
    words: str = "",
    files: Sequence[Attachment] = (),
    case: Inquiry | None = None,
) -> Outcome | None:
    """None where nothing holds it back; otherwise it waits, its writer is told, and those who may decide are asked."""
    names = [f.name for f in files if f.name]
    found = [mark.id for mark in context.office.brakes.found(f"{words}\n{text.text or ''}", names)]
    known = await brakes.of_text(context.store, text.digest)
    if not found or any(row.allowed and set(found) <= set(row.marks) for row in known):
        return None
    if any(row.decided_at is None for row in known):
        raise Refusal("brake.waits")
    held = Brake(
        kind=kind,
        case_code=case.code if case else None,
        digest=text.digest,
        marks=found,
        files=[f.id for f in files],
        resume=dict(resume),
        asked_by=context.my_id,
        asked_at=context.now,
    )
    context.store.add(held)
    await context.store.flush()
    values = {"code": case.code if case else "–", "marks": context.office.brakes.labels(found)}
    asked: dict[str, Any] = {**values, "name": context.me.name, "text": text}
    ways = (Choice("choice.brake_allow", f"brake.allow:{held.id}"), Choice("choice.brake_deny", f"brake.deny:{held.id}"))
    others = await deciders(context, case, context.my_id)
    told = [urgent(o) for o in context.tell(others, Screen.of("brake.decide", *ways, files=files, **asked), held.case_code)]
    key = "brake.stopped" if others else "brake.nobody_else"
    return Outcome([held.held()], [context.reply(key, case=held.case_code, **values), *told], LEAVE, held.case_code)


async def deciders(context: Context, case: Inquiry | None, but: int | None) -> list[Account]:
    """Another who may speak for the unit, its head, and the officers; never whoever wrote it."""
    accounts: dict[int | None, Account] = {}
    if case is not None:
        people = [p.id for p, _ in await speaking.speakers(context, case) if p.id is not None]
        accounts |= {a.id: a for a in await accounts_of(context.store, *people)}
        accounts |= {a.id: a for a in await speaking.head_accounts(context, case.unit_id, but=but)}
    accounts |= {a.id: a for a in await telling.officer_accounts(context)}
    return [a for a in accounts.values() if a.person_id != but]


async def quarantine(
    context: Context, case: Inquiry, text: Item, files: Sequence[Attachment], resume: Mapping[str, Any]
) -> tuple[list[Entry], list[Outgoing]] | None:
    """What came in with a classification mark is kept with the press office; None where it carries none."""
    found = context.office.brakes.found(text.text or "", [f.name for f in files if f.name], incoming=True)
    if not found:
        return None
    held = Brake(kind=INCOMING, case_code=case.code, digest=text.digest, marks=[m.id for m in found], asked_at=context.now)
    held.files, held.resume = [f.id for f in files], dict(resume)
    context.store.add(held)
    await context.store.flush()
    ways = (Choice("choice.brake_allow", f"brake.allow:{held.id}"), Choice("choice.brake_deny", f"brake.deny:{held.id}"))
    screen = Screen.of(
        "brake.quarantined",
        *ways,
        code=case.code,
        marks=context.office.brakes.labels(held.marks),
        unit=context.office.unit_name(case.unit_id),
    )
    told = [urgent(o) for o in context.tell(await telling.officer_accounts(context), screen, case.code)]
    return [held.held()], told
