"""The question is shown as it will be sent; then the case opens: code, clock, receipt. Questions taken apart open a case each."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from handlers import braking, casework, clocks, targets, telling
from handlers.contract import LEAVE, Choice, Context, InboundMessage, Outcome, Place, Screen, urgent
from handlers.form import Answers, Next, chosen
from models import codes, erasure, item
from models.inquiry import Inquiry, InquiryState
from models.item import Item, ItemKind
from models.office import asked
from models.texts import Words
from models.unit import DESK

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
    """A reply to, or an edit of, any message the question came in finds the case."""
    for version in await erasure.reach(context.store, digest):
        version.case_code = code


async def _open(context: Context, answers: Answers) -> Outcome:
    """The case opens: code, clock, receipt. A verified reporter's question goes to the unit, any other to the press office first."""
    assert context.reporter is not None  # noqa: S101 - only reporters have this flow
    code = codes.make(codes.INQUIRY, context.ids.chance())
    question = await context.store.get_one(Item, answers["item"])
    await _belongs(context, question.digest, code)
    question.kind = ItemKind.QUESTION
    files = await item.files(context.store, answers.get("files", []))
    refs = casework.file_to(files, code, question)
    asker = casework.requester(context, context.me, context.reporter)
    asker.case_code = code
    pack = context.office.rules.law.at(context.now)
    kind = pack.kind_for(context.reporter.asker)
    clock = context.office.rules.asked(code, kind.id if kind else None, context.now)
    own = answers.get("own")
    case = Inquiry(
        code=code,
        reporter_id=context.my_id,
        account_id=context.here.id or 0,
        question=question.digest,
        requester=asker.digest,
        kind=kind.id if kind else "ordinary",
        wanted_form=answers.get("form", "any"),
        own_deadline=datetime.fromisoformat(own) if own else None,
        pack_id=clock.pack_id,
        received_at=context.now,
        since=context.now,
    )
    context.store.add_all([case, clock])
    clocks.wind(context, clock)
    wanted = answers.get("unit")
    split_off = context.reporter.asker == FOREIGN  # foreign press is answered through the press office
    case.unit_id = None if wanted == DESK or split_off else wanted
    verified = context.reporter.is_verified(context.now.astimezone(context.zone).date())
    received = case.entry(
        "received",
        clock,
        item=question.digest,
        files=refs,
        requester=asker.digest,
        form=case.wanted_form,
        kind=case.kind,
        due=clock.due_at.isoformat() if clock.due_at else None,
        own_deadline=own,
    )
    kept = await braking.quarantine(context, case, question, files, {})
    if kept is not None:
        outcome = Outcome([received, *kept[0]], kept[1])
    elif verified and case.unit_id is not None:
        assigned = await targets.begin(context, case, case.assign(case.unit_id, context.now), first=True)
        outcome = Outcome([received, assigned], await telling.bring(context, case, "desk.new_inquiry", files))
    else:
        outcome = Outcome([received], await _tell_desk(context, case, verified, [f.id for f in files]))
    key = "ask.received" if case.state is not InquiryState.RECEIVED else "ask.received_desk" if verified else "ask.received_unverified"
    receipt = context.reply(key, *_ways(code), case=code, **await casework.facts(context, case))
    return replace(outcome, screens=[receipt, *outcome.screens], place=LEAVE, case=code)


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
            Choice("choice.verify", f"officer.accept:{case.reporter_id}"),
            Choice("choice.decline", f"officer.decline:{case.reporter_id}"),
        ]
    screen = Screen.of(
        "officer.to_route" if verified else "officer.unverified_asks", *ways, files=files, **await casework.facts(context, case)
    )
    return [urgent(o) for o in context.tell(await telling.officer_accounts(context), screen, case.code)]
