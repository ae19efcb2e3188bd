"""A reporter asks: the words, the unit that should answer, the wanted form, their own deadline – shown, then sent.

Photos, files and further words may come before, between and after the steps; all of it is one question.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any

from handlers import additions, casework, clocks, telling
from handlers.contract import LEAVE, Choice, Context, InboundMessage, Kind, Outcome, Place, Screen, urgent
from handlers.form import Answers, chosen
from models import codes, dates, erasure, inquiry, item
from models.deadline import ORDINARY
from models.errors import Refusal
from models.inquiry import Inquiry, InquiryState
from models.item import ItemKind
from models.text import units as utf16_length
from models.texts import Words
from models.unit import DESK, Unit, search
from models.unit import units as all_units

MAX_QUESTION = 20_000  # UTF-16 units; a longer text belongs into a file
FORMS = ("written", "statement_or_interview", "any")
CHOSEN_BELOW_DESK = 3  # units offered beside “let the press office choose” and “other…”


async def begin(_message: InboundMessage, context: Context) -> Outcome:
    """Invite the question."""
    return Outcome(screens=[context.reply("ask.question", Choice("choice.quit", "=quit"))], place=Place("ask", "question"))


async def ask(message: InboundMessage, context: Context) -> Outcome:
    """Free words or files of a reporter outside every flow: a question begins, unless they clearly continue a case."""
    waiting = [c for c in await inquiry.of_reporter(context.store, context.my_id) if c.state is InquiryState.CLARIFYING]
    answers = await _add(message, context, {})
    return _ask_which(context, answers, [case.code for case in waiting[:3]]) if waiting else await _propose(context, answers)


def _ask_which(context: Context, answers: Answers, codes_waiting: Sequence[str]) -> Outcome:
    ways = [Choice.of("choice.reply_to_case", f"={code}", code=code) for code in codes_waiting]
    screen = context.reply("ask.which_case", *ways, Choice("choice.new_question", "=new"), Choice("choice.quit", "=quit"))
    return Outcome(screens=[screen], place=Place("ask", "which", answers | {"waiting": list(codes_waiting)}))


async def step(message: InboundMessage, context: Context) -> Outcome:
    """Whatever comes while a question is being put together."""
    assert context.conversation is not None  # noqa: S101 - a step is a place in a conversation
    answers, here = context.conversation.said(), context.conversation.step or ""
    if message.choice == "=quit":
        return Outcome(screens=[context.reply("start.cancelled")], place=LEAVE)
    if message.kind is Kind.CHOICE:
        return await _STEPS.get(here, _take_nothing)(message, context, answers)
    aside = await _about_another_case(message, context, answers)
    if aside is not None:
        return aside
    if here in {"other", "deadline"} and message.kind is Kind.TEXT and not message.files:
        return await _STEPS[here](message, context, answers)
    same_album = bool(message.group) and message.group == answers.get("group")
    answers = await _add(message, context, answers)
    if same_album:
        return Outcome(place=Place("ask", here, answers))
    again = await _show(context, here, answers)
    noted = [context.reply("ask.added")] if here != "question" else []
    return replace(again, screens=[*noted, *again.screens])


async def _about_another_case(message: InboundMessage, context: Context, answers: Answers) -> Outcome | None:
    """A reply to a case's message, or an edit of what was said there, goes to that case; the question being written waits."""
    if message.kind is Kind.EDIT:
        said = await casework.said_message(context, message.edits or "")
        known = said is not None and any(part[0] == said.id for part in answers.get("parts", []))
        return None if known else await additions.corrected(message, context)
    code = await casework.case_of_message(context, message.reply_to) if message.reply_to else None
    if code is None:
        return None
    case = await casework.mine(context, code)
    added = await additions.follow_up(context, case, context.item(ItemKind.FOLLOW_UP, message.text), message.files)
    return replace(added, place=None)


async def _add(message: InboundMessage, context: Context, answers: Answers) -> Answers:
    """Words and files join the question; an edited message replaces what it said before."""
    if message.files:
        answers = answers | {"files": [*answers.get("files", []), *(f.id for f in message.files)], "group": message.group}
    if not message.text:
        return answers
    parts = _with(message, answers.get("parts", []), await _edited_id(message, context))
    text = "\n\n".join(words for _, words in parts)
    if utf16_length(text) > MAX_QUESTION:
        raise Refusal("ask.too_long", most=MAX_QUESTION)
    kept = context.item(ItemKind.DRAFT, text, replaces=answers.get("item"))
    return answers | {"item": kept.digest, "parts": parts}


async def _edited_id(message: InboundMessage, context: Context) -> int | None:
    said = await casework.said_message(context, message.edits) if message.edits else None
    return said.id if said is not None else None


def _with(message: InboundMessage, parts: Sequence[Sequence[Any]], edited: int | None) -> list[list[Any]]:
    """What each message contributed, under its number: an edit replaces its own part only, anything else comes last."""
    if any(of == edited for of, _ in parts):
        return [[of, message.text if of == edited else words] for of, words in parts]
    return [*map(list, parts), [message.id, message.text]]


async def _show(context: Context, here: str, answers: Answers) -> Outcome:
    """The screen of a step again."""
    if here == "which":
        return _ask_which(context, answers, answers["waiting"])
    if here in {"question", "unit", "other"}:
        return await _propose(context, answers)
    if here == "form":
        return _ask_form(context, answers)
    if here == "deadline":
        return _ask_deadline(context, answers)
    return await _summary(context, answers)


async def _propose(context: Context, answers: Answers) -> Outcome:
    """Say which unit would be asked and why, with alternatives; whatever is unsure may go to the press office."""
    draft = await item.item(context.store, answers.get("item"))
    if draft is None:
        key = "ask.words_for_files" if answers.get("files") else "ask.question"
        return Outcome(screens=[context.reply(key, Choice("choice.quit", "=quit"))], place=Place("ask", "question", answers))
    proposal = context.office.router.route(str(draft), context.now)
    ranked = [s for s in proposal.units if s.id != DESK and s.id in context.office.unit_names][:CHOSEN_BELOW_DESK]
    ways = [Choice.of("choice.plain", f"={s.id}", text=context.office.unit_name(s.id)) for s in ranked]
    ways += [Choice("choice.let_desk_choose", f"={DESK}"), Choice("choice.other_unit", "=other")]
    key = "ask.unsure" if ranked else "ask.no_unit"
    values: dict[str, Any] = {}
    if ranked and not proposal.abstain:
        key, values = "ask.propose", {"unit": context.office.unit_name(ranked[0].id), "reason": ranked[0].reason, "repeats": draft}
    return Outcome(screens=[context.reply(key, *ways, **values)], place=Place("ask", "unit", answers))


async def _take_nothing(_message: InboundMessage, _context: Context, _answers: Answers) -> Outcome:
    """A tap where words are wanted."""
    raise Refusal("form.words_please")


async def _take_which(message: InboundMessage, context: Context, answers: Answers) -> Outcome:
    """The words were meant for a case that waits for them, or are a new question."""
    if message.choice == "=new":
        return await _propose(context, answers)
    case = await casework.mine(context, (message.choice or "").removeprefix("="))
    draft = await item.item(context.store, answers.get("item"))
    files = await item.files(context.store, answers.get("files", []))
    return await additions.follow_up(context, case, draft, files)


async def _take_unit(message: InboundMessage, context: Context, answers: Answers) -> Outcome:
    if message.choice == "=other":
        return Outcome(screens=[context.reply("ask.other_unit", Choice("choice.back", "=back"))], place=Place("ask", "other", answers))
    wanted = chosen(message, *context.office.unit_names)
    return _ask_form(context, answers | {"unit": wanted})


async def _take_other(message: InboundMessage, context: Context, answers: Answers) -> Outcome:
    """A unit by name, alias or old name."""
    if message.kind is Kind.CHOICE:
        return await (_propose(context, answers) if message.choice == "=back" else _take_unit(message, context, answers))
    found: Sequence[Unit] = search(await all_units(context.store, context.now), message.text, limit=3)
    ways = [Choice.of("choice.plain", f"={unit.id}", text=unit.name_vi) for unit in found if unit.id in context.office.unit_names]
    key = "ask.which_unit" if ways else "ask.unit_not_found"
    screen = context.reply(key, *ways, Choice("choice.let_desk_choose", f"={DESK}"), Choice("choice.back", "=back"))
    return Outcome(screens=[screen], place=Place("ask", "other", answers))


def _ask_form(context: Context, answers: Answers) -> Outcome:
    ways = [Choice(f"choice.form_{form}", f"={form}") for form in FORMS]
    return Outcome(screens=[context.reply("ask.form", *ways, Choice("choice.back", "=back"))], place=Place("ask", "form", answers))


async def _take_form(message: InboundMessage, context: Context, answers: Answers) -> Outcome:
    if message.choice == "=back":
        return await _propose(context, answers)
    return _ask_deadline(context, answers | {"form": chosen(message, *FORMS)})


def _ask_deadline(context: Context, answers: Answers, note: str = "ask.deadline") -> Outcome:
    ways = [Choice(f"choice.deadline_{when}", f"={when}") for when in ("none", "today", "tomorrow")]
    return Outcome(screens=[context.reply(note, *ways, Choice("choice.back", "=back"))], place=Place("ask", "deadline", answers))


async def _take_deadline(message: InboundMessage, context: Context, answers: Answers) -> Outcome:
    """The reporter's own deadline, kept apart from the legal one (F5)."""
    if message.choice == "=back":
        return _ask_form(context, answers)
    today = context.now.astimezone(context.zone).date()
    wanted: datetime | None
    match message.choice:
        case "=none":
            wanted = None
        case "=today" | "=tomorrow":
            wanted = datetime.combine(today + timedelta(days=message.choice == "=tomorrow"), time(17), tzinfo=context.zone)
        case _:
            wanted = dates.moment(message.text, context.now, context.zone)
            if wanted is None:
                return _ask_deadline(context, answers, "ask.deadline_unreadable")
    if wanted is not None and wanted <= context.now:
        return _ask_deadline(context, answers, "ask.deadline_past")
    return await _summary(context, answers | {"own": wanted.isoformat() if wanted else None})


async def _summary(context: Context, answers: Answers) -> Outcome:
    draft = await item.item(context.store, answers.get("item"))
    files = await item.files(context.store, answers.get("files", []))
    own = answers.get("own")
    values: dict[str, Any] = {
        "question": draft or "–",
        "attached": Words.of("ask.files", number=len(files)) if files else Words.of("ask.no_files"),
        "unit": context.office.unit_name(answers.get("unit")),
        "form": Words.of(f"ask.form_{answers.get('form', 'any')}"),
        "own_deadline": datetime.fromisoformat(own) if own else Words.of("case.no_own_deadline"),
    }
    ways = (Choice("choice.send", "=yes"), Choice("choice.back", "=back"), Choice("choice.quit", "=quit"))
    return Outcome(screens=[context.reply("ask.summary", *ways, **values)], place=Place("ask", "confirm", answers))


async def _take_confirm(message: InboundMessage, context: Context, answers: Answers) -> Outcome:
    if message.choice == "=back":
        return _ask_deadline(context, answers)
    chosen(message, "yes")
    return await _send(context, answers)


async def _send(context: Context, answers: Answers) -> Outcome:
    """The case opens: code, clock, receipt. A verified reporter's question goes to the unit, any other to the press office first."""
    assert context.reporter is not None  # noqa: S101 - only reporters have this flow
    code = codes.make(codes.INQUIRY, context.ids.chance())
    question = await item.item(context.store, answers.get("item"))
    if question is None:
        return await begin(context.message, context)
    for version in await erasure.reach(context.store, question.digest):
        version.case_code = code  # a reply to, or an edit of, any message the question came in finds the case
    question.kind = ItemKind.QUESTION
    files = await item.files(context.store, answers.get("files", []))
    refs = casework.file_to(files, code, question)
    asker = casework.requester(context, context.me, context.reporter)
    asker.case_code = code
    clock = context.office.rules.start(code, ORDINARY, context.now)
    own = answers.get("own")
    case = Inquiry(
        code=code,
        reporter_id=context.my_id,
        account_id=context.here.id or 0,
        question=question.digest,
        requester=asker.digest,
        wanted_form=answers.get("form", "any"),
        own_deadline=datetime.fromisoformat(own) if own else None,
        pack_id=clock.pack_id,
        received_at=context.now,
        since=context.now,
    )
    context.store.add_all([case, clock])
    clocks.wind(context, clock)
    wanted = answers.get("unit")
    case.unit_id = None if wanted == DESK else wanted
    verified = context.reporter.is_verified(context.now.astimezone(context.zone).date())
    received = case.entry(
        "received",
        clock,
        item=question.digest,
        files=refs,
        requester=asker.digest,
        form=case.wanted_form,
        due=clock.due_at.isoformat() if clock.due_at else None,
        own_deadline=own,
    )
    if verified and case.unit_id is not None:
        assigned = case.assign(case.unit_id, context.now)
        outcome = Outcome([received, assigned], await telling.bring(context, case, "desk.new_inquiry", files))
    else:
        outcome = Outcome([received], await _tell_desk(context, case, verified, [f.id for f in files]))
    key = "ask.received" if verified and case.unit_id is not None else "ask.received_desk" if verified else "ask.received_unverified"
    ways = (
        Choice("choice.status", f"case.show:{code}"),
        Choice("choice.follow_up", f"case.add:{code}"),
        Choice("choice.withdraw", f"case.withdraw:{code}"),
    )
    receipt = context.reply(key, *ways, case=code, **await casework.facts(context, case))
    return replace(outcome, screens=[receipt, *outcome.screens], place=LEAVE, case=code)


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


_STEPS = {
    "which": _take_which,
    "unit": _take_unit,
    "other": _take_other,
    "form": _take_form,
    "deadline": _take_deadline,
    "confirm": _take_confirm,
}
