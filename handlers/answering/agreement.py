"""A unit agrees with what another is about to say, or says what it would change; an officer may decide without it."""

from typing import Any

from handlers import asking, casework, telling
from handlers.answering import agreeing
from handlers.contract import LEAVE, Choice, Context, InboundMessage, Outcome, Place, Screen
from models.casework import agreement, inquiry
from models.casework.agreement import Agreement
from models.casework.answer import Answer, AnswerState
from models.casework.inquiry import Inquiry
from models.errors import Refusal
from models.evidence.item import ItemKind
from models.people import mandate
from models.people.person import accounts_of
from models.text import number


async def _asked(context: Context, wanted: str) -> tuple[Agreement, Answer, Inquiry]:
    """A question put to the person's own unit about an answer that still waits."""
    row = await context.store.get(Agreement, number(wanted) or 0)
    if row is None or row.unit_id not in context.units:
        raise Refusal("start.stale")
    if await mandate.may_speak(context.store, context.my_id, row.unit_id, context.now, row.matter_code) is None:
        raise Refusal("agree.spokesperson_only", unit=context.office.unit_name(row.unit_id))
    return row, *await _waiting(context, row.answer_id)


async def _waiting(context: Context, answer_id: int) -> tuple[Answer, Inquiry]:
    answer = await context.store.get(Answer, answer_id)
    case = await inquiry.by_code(context.store, answer.case_code) if answer is not None else None
    if answer is None or case is None:
        raise Refusal("start.stale")
    if answer.state is not AnswerState.CONFIRMED:
        raise Refusal("agree.no_longer", code=case.code)
    return answer, case


async def yes(message: InboundMessage, context: Context) -> Outcome:
    """One tap; the last one lets the answer go."""
    row, answer, case = await _asked(context, message.argument)
    entry = row.agree(case, context.my_id, context.now)
    if all(other.settled_at is not None for other in await agreement.of_answer(context.store, row.answer_id)):
        agreeing.release(context, answer)
    unit = context.office.unit_name(row.unit_id)
    told = context.tell(await accounts_of(context.store, answer.person_id), Screen.of("agree.agreed", code=case.code, unit=unit), case.code)
    return Outcome([entry], [context.reply("agree.thanks", case=case.code, code=case.code), *told], case=case.code)


async def no(message: InboundMessage, context: Context) -> Outcome:
    """What should be said differently?"""
    row, _, case = await _asked(context, message.argument)
    screen = context.reply("agree.why", Choice("choice.quit", "=quit"), case=case.code, code=case.code)
    return Outcome(screens=[screen], place=Place("agree", "why", {"code": case.code, "row": row.id}))


async def objected(message: InboundMessage, context: Context) -> Outcome:
    """The speaker reads it and may undo; the officers see that it is stuck."""
    if asking.quits(message):
        return asking.left(context)
    row, answer, case = await _asked(context, str(asking.said(context)["row"]))
    why = context.item(ItemKind.REASON, asking.reason(message), case.code)
    entry = row.object(case, why.digest)
    values: dict[str, Any] = {"code": case.code, "unit": context.office.unit_name(row.unit_id), "reason": why}
    undo = Screen.of("agree.objected", Choice("choice.undo", f"answer.undo:{answer.id}"), **values)
    waive = Screen.of("agree.objected", Choice("choice.agree_waive", f"agree.waive:{answer.id}"), **values)
    told = context.tell(await accounts_of(context.store, answer.person_id), undo, case.code)
    told += context.tell(await telling.officer_accounts(context), waive, case.code)
    return Outcome([entry], [context.reply("agree.objection_kept", case=case.code, code=case.code), *told], LEAVE, case.code)


async def waive(message: InboundMessage, context: Context) -> Outcome:
    """An officer lets the answer go without waiting: why?"""
    _, case = await _waiting(context, number(message.argument) or 0)
    screen = context.reply("agree.waive_why", Choice("choice.quit", "=quit"), case=case.code, code=case.code)
    return Outcome(screens=[screen], place=Place("agree", "waive", {"code": case.code, "answer": message.argument}))


async def waived(message: InboundMessage, context: Context) -> Outcome:
    """The reason is on record, the units are told, the answer goes out."""
    if asking.quits(message):
        return asking.left(context)
    answer, case = await _waiting(context, number(str(asking.said(context)["answer"])) or 0)
    why = context.item(ItemKind.REASON, asking.reason(message), case.code)
    rows = [row for row in await agreement.of_answer(context.store, answer.id or 0) if row.settled_at is None]
    if not rows:
        raise Refusal("agree.settled", code=case.code)
    for row in rows:
        row.waive(context.my_id, context.now)
    agreeing.release(context, answer)
    entry = case.entry("agreement_waived", *rows, matter=case.matter_code, units=[row.unit_id for row in rows], reason=why.digest)
    notice = Screen.of("agree.waived_notice", code=case.code, reason=why)
    accounts = [a for row in rows for a in await agreeing.speakers(context, row.unit_id)]
    told = context.tell([*accounts, *await accounts_of(context.store, answer.person_id)], notice, case.code)
    return Outcome([entry], [context.reply("agree.waived", case=case.code, code=casework.code_here(context)), *told], LEAVE, case.code)
