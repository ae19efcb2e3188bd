"""The question is shown as it will be sent; then the case opens: code, clock, receipt. Questions taken apart open a case each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from handlers import casework, telling
from handlers.answering import braking
from handlers.clocks import clocks, targets
from handlers.contract import LEAVE, Choice, Context, InboundMessage, Outcome, Place, Screen, urgent
from handlers.form import Answers, Next, chosen
from models import codes
from models.casework.inquiry import CHAT, Inquiry, InquiryState
from models.clocks import deadline
from models.clocks.deadline import Deadline
from models.directory.unit import DESK
from models.evidence import erasure, item
from models.evidence.exchange import Entry
from models.evidence.item import Item, ItemKind
from models.law.pack_file import InquiryKind
from models.office import asked
from models.texts import Words

FOREIGN = "foreign_press"


async def summary(context: Context, answers: Answers) -> Outcome:
    """Everything as it will be sent; questions taken apart one below the other, each with its unit."""
    files = await item.files(context.store, answers.get("files", []))
    own, language = answers.get("own"), context.here.language
    parts = [(await item.item(context.store, p["item"]), p["unit"]) for p in parts_of(answers)]
    values: dict[str, Any] = {
        "attached": Words.of("ask.files", number=len(files)) if files else Words.of("ask.no_files"),
        "form": Words.of(f"ask.form_{answers.get('form', 'any')}"),
        "own_deadline": datetime.fromisoformat(own) if own else Words.of("case.no_own_deadline"),
    }
    if len(parts) == 1:
        values |= {"question": parts[0][0] or "–", "unit": context.office.unit_name(parts[0][1], language)}
    else:
        lines = [
            context.office.texts.say(
                language, "address.part", {"number": n, "unit": context.office.unit_name(unit, language), "question": asked(str(q))}
            )
            for n, (q, unit) in enumerate(parts, 1)
        ]
        values |= {"parts": "\n\n".join(lines) + "\n", "count": len(parts), "repeats": await item.item(context.store, answers.get("item"))}
    key = "ask.summary" if len(parts) == 1 else "address.summary"
    ways = (Choice("choice.send", "=yes"), Choice("choice.back", "=back"), Choice("choice.quit", "=quit"))
    return Outcome(screens=[context.reply(key, *ways, **values)], place=Place("ask", "confirm", answers))


def parts_of(answers: Answers) -> list[dict[str, Any]]:
    """The questions to be sent, with their units: one, unless the reporter let it be taken apart."""
    return answers.get("several") or [{"item": answers.get("item"), "unit": answers.get("unit")}]


async def take_confirm(message: InboundMessage, context: Context, answers: Answers) -> Outcome | Next:
    """Send, or go back."""
    if message.choice == "=back":
        return Next("deadline", answers)
    chosen(message, "yes")
    parts = parts_of(answers)
    if None in [await item.item(context.store, part["item"]) for part in parts]:
        return Next("question", {})
    outcome = Outcome()
    for number, part in enumerate(parts):
        files: list[str] = answers.get("files", []) if number == 0 else []
        opened = await _open(context, answers | part | {"files": files})
        if number == 0 and len(parts) > 1:
            await _belongs(context, str(answers.get("item")), opened.case or "")
        outcome += opened
    return replace(outcome, place=LEAVE)


async def _belongs(context: Context, digest: str, code: str) -> None:
    """A reply to, or an edit of, any message the question came in finds the case. All of these came in earlier messages and are written."""
    with context.store.no_autoflush:
        for version in await erasure.reach(context.store, digest):
            version.case_code = code


@dataclass(frozen=True)
class Asked:
    """Who asks, when and by which way: a reporter in chat, or anybody whose letter or call an officer writes down."""

    person_id: int
    account_id: int
    requester: Item
    kind: InquiryKind | None
    at: datetime
    trusted: bool  # the unit may see it at once
    outlet: Mapping[str, str] = field(default_factory=dict[str, str])  # of an outlet on the list, as an entry names it
    came_by: str = CHAT
    recorded_by: int | None = None


async def _open(context: Context, answers: Answers) -> Outcome:
    """A reporter's case, with a receipt. A verified reporter's question goes to the unit, any other to the press office first."""
    assert context.reporter is not None  # noqa: S101 - only reporters have this flow
    asked_by = Asked(
        person_id=context.my_id,
        account_id=context.here.id or 0,
        requester=casework.requester(context, context.me, context.reporter),
        kind=context.office.rules.law.at(context.now).kind_for(context.reporter.asker),
        at=context.now,
        trusted=context.reporter.is_verified(context.now.astimezone(context.zone).date()),
        outlet=context.reporter.outlet,
    )
    case, outcome = await begin(context, asked_by, answers)
    way = "received" if case.state is not InquiryState.RECEIVED else "received_desk" if asked_by.trusted else "received_unverified"
    receipt = context.reply(f"ask.{way}", *_ways(case.code), case=case.code, **await casework.facts(context, case))
    return replace(outcome, screens=[receipt, *outcome.screens])


async def begin(context: Context, asked_by: Asked, answers: Answers) -> tuple[Inquiry, Outcome]:
    """The case opens: code, clock, the unit or the press office is told."""
    code = codes.make(codes.INQUIRY, context.ids.chance())
    question = await context.store.get_one(Item, answers["item"])
    await _belongs(context, question.digest, code)
    question.kind, question.case_code, asked_by.requester.case_code = ItemKind.QUESTION, code, code
    files = await item.files(context.store, answers.get("files", []))
    refs = casework.file_to(files, code, question)
    kind = asked_by.kind.id if asked_by.kind else "ordinary"
    clock = context.office.rules.asked(code, asked_by.kind.id if asked_by.kind else None, asked_by.at)
    case = Inquiry(
        code=code,
        reporter_id=asked_by.person_id,
        account_id=asked_by.account_id,
        question=question.digest,
        requester=asked_by.requester.digest,
        kind=kind,
        wanted_form=answers.get("form", "any"),
        own_deadline=datetime.fromisoformat(answers["own"]) if answers.get("own") else None,
        pack_id=clock.pack_id,
        document_no=answers.get("number", ""),
        received_at=asked_by.at,
        since=context.now,
        came_by=asked_by.came_by,
        recorded_by=asked_by.recorded_by,
    )
    deadline.opened(context.store, code)
    context.store.add_all([case, clock])
    clocks.wind(context, clock)
    foreign = asked_by.kind is not None and asked_by.kind.asker == FOREIGN  # foreign press is answered through the press office
    case.unit_id = None if answers.get("unit") == DESK or foreign else answers.get("unit")
    received = _received(case, clock, asked_by, refs, answers.get("own"))
    kept = await braking.quarantine(context, case, question, files, {})
    if kept is not None:
        return case, Outcome([received, *kept[0]], kept[1], LEAVE, code)
    if asked_by.trusted and case.unit_id is not None:
        assigned = await targets.begin(context, case, case.assign(case.unit_id, context.now), first=True)
        return case, Outcome([received, assigned], await telling.bring(context, case, "desk.new_inquiry", files), LEAVE, code)
    return case, Outcome([received], await _tell_desk(context, case, asked_by.trusted, [f.id for f in files]), LEAVE, code)


def _received(case: Inquiry, clock: Deadline, asked_by: Asked, refs: Sequence[Mapping[str, Any]], own: str | None) -> Entry:
    """What the log says first of a case; of one that was written down, also when it really came, how and by whom it was recorded."""
    on_behalf = {"received": asked_by.at.isoformat(), "came_by": case.came_by, "recorded_by": case.recorded_by}
    return case.entry(
        "received",
        clock,
        item=case.question,
        files=list(refs),
        requester=case.requester,
        form=case.wanted_form,
        kind=case.kind,
        due=clock.due_at.isoformat() if clock.due_at else None,
        own_deadline=own,
        **(on_behalf if case.recorded_by is not None else {}),
        **({"document_no": case.document_no} if case.document_no else {}),
        **asked_by.outlet,
    )


def _ways(code: str) -> tuple[Choice, ...]:
    """What a receipt lets the reporter do next."""
    named = (("status", "show"), ("follow_up", "add"), ("withdraw", "withdraw"))
    return tuple(Choice(f"choice.{label}", f"case.{action}:{code}") for label, action in named)


async def _tell_desk(context: Context, case: Inquiry, verified: bool, files: Sequence[str]) -> list[Any]:
    """The officers see at once what waits for them: an unverified asker, or a question nobody could route."""
    ways = [Choice("choice.pick_unit", f"officer.assign:{case.code}")]
    if not verified:
        ways = [
            *([Choice("choice.release_to_unit", f"officer.release:{case.code}")] if case.unit_id else ways),
            *telling.verify_choices(case.reporter_id),
        ]
    screen = Screen.of(
        "officer.to_route" if verified else "officer.unverified_asks", *ways, files=files, **await casework.facts(context, case)
    )
    return [urgent(o) for o in context.tell(await telling.officer_accounts(context), screen, case.code)]
