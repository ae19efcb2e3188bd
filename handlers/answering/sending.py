"""A confirmed answer goes out, is undone in time, or is held because the right to speak is gone (LAW.md, who may speak)."""

from typing import Any

from handlers import casework, learning, telling
from handlers.answering import agreeing, speaking
from handlers.clocks import targets
from handlers.contract import Choice, Context, InboundMessage, Outcome, Outgoing, Screen
from handlers.matters import matterwork
from models.casework import inquiry
from models.casework.answer import ASKED, OWED, Answer, AnswerState
from models.casework.inquiry import Inquiry
from models.directory.lesson import LessonCause
from models.errors import Refusal
from models.evidence import item
from models.people.mandate import Mandate
from models.people.person import Person, accounts_of
from models.text import number


async def undo(message: InboundMessage, context: Context) -> Outcome:
    """Taken back in time: nobody has seen it (F125)."""
    answer = await context.store.get(Answer, number(message.argument) or 0)
    if answer is None:
        raise Refusal("start.stale")
    case = await casework.ours(context, answer.case_code)
    if answer.person_id != context.my_id:
        raise Refusal("answer.not_yours")
    if answer.state is not AnswerState.CONFIRMED:
        raise Refusal(f"answer.undo_{answer.state.value}", code=case.code)
    answer.state = AnswerState.UNDONE
    entry = case.entry("answer_undone", answer, item=answer.item)
    ways = (Choice("choice.take_draft", f"answer.adopt:{case.code}"), Choice("choice.answer", f"answer.begin:{case.code}"))
    return Outcome([entry], [context.reply("answer.undone", *ways, case=case.code, code=case.code)], case=case.code)


async def release(message: InboundMessage, context: Context) -> Outcome:
    """The undo has run out: check the right to speak at this minute, then send, or hold and say so."""
    answer = await context.store.get(Answer, int(message.detail["subject"]))
    case = await inquiry.by_code(context.store, answer.case_code) if answer else None
    if answer is None or case is None or answer.state is not AnswerState.CONFIRMED or answer.approval == ASKED:
        return Outcome()
    if answer.release_at > context.now:
        return Outcome()  # confirmed anew since this alarm was set
    context.person = await context.store.get_one(Person, answer.person_id)
    if case.state not in inquiry.OPEN:
        answer.state = AnswerState.UNDONE
        entry = case.entry("answer_undone", answer, item=answer.item)
        told = context.tell(await accounts_of(context.store, answer.person_id), Screen.of("answer.case_ended", code=case.code), case.code)
        return Outcome([entry], told, case=case.code)
    right = await speaking.right(context, case)
    if right is None:
        return await _hold(context, case, answer)
    return await agreeing.hold(context, case, answer) or await _send(context, case, answer, right)


async def _send(context: Context, case: Inquiry, answer: Answer, right: Mandate) -> Outcome:
    """It goes out, in the words that were confirmed, by the right held in this minute."""
    text = await item.item(context.store, answer.item)
    files = await item.files_of_item(context.store, answer.item)
    if answer.mandate_id != right.id:
        answer.mandate_id, answer.speaker = right.id, speaking.spoken_by(context, case, context.me, right).digest
    clock = await casework.clock_of(context, case.code)
    if clock is not None:
        clock.satisfy(context.now)
    answered = await targets.met(context, case, case.answered(answer, clock, [f.ref() for f in files], context.now))
    entries = [answered, *await matterwork.spoken(context, case, answer)]
    entries += await learning.taught(context, case, LessonCause.ANSWERED)
    values = {"code": case.code, "text": text or item.TOMBSTONE, "attribution": speaking.attribution(context, case, context.me, right)}
    ways = (*telling.rating_choices(case.code), Choice("choice.follow_up", f"case.add:{case.code}"))
    told = await telling.tell_reporter(context, case, Screen.of("case.answered", *ways, files=files, **values), official=True)
    told += context.tell(await accounts_of(context.store, answer.person_id), Screen.of("answer.sent", code=case.code), case.code)
    if answer.approval == OWED:
        told += await _owed(context, case, answer, text or item.TOMBSTONE)
    return Outcome(entries, told, case=case.code)


async def _owed(context: Context, case: Inquiry, answer: Answer, text: object) -> list[Outgoing]:
    """An urgent answer went first: the head approves afterwards, and it stays flagged until then (F24)."""
    ways = (Choice("choice.approve_late", f"approve.give:{answer.id}"), Choice("choice.object", f"approve.return:{answer.id}"))
    notice = Screen.of("approve.owed", *ways, code=case.code, colleague=context.me.name, text=text)
    return context.tell(await speaking.head_accounts(context, case.unit_id, but=answer.person_id), notice, case.code)


async def _hold(context: Context, case: Inquiry, answer: Answer) -> Outcome:
    """The right to speak ended between confirmation and sending: held; the head may authorise, adopt it, or send it back."""
    answer.state = AnswerState.HELD
    entry = case.entry("answer_held", answer, item=answer.item)
    text, author = await item.item(context.store, answer.item) or item.TOMBSTONE, context.me
    values: dict[str, Any] = {"code": case.code, "text": text, "name": author.name}
    take, back = Choice("choice.take_draft", f"answer.adopt:{case.code}"), Choice("choice.give_back", f"approve.return:{answer.id}")
    authorise = Choice.of("choice.authorise_person", f"authorise.begin:{case.code}:{author.id}", name=author.name)
    leaders = await speaking.head_accounts(context, case.unit_id, but=answer.person_id)
    told = context.tell(leaders, Screen.of("answer.held_decide", authorise, take, back, **values), case.code)
    asked = {a.id for a in leaders}
    others = {p.id for p, _ in await speaking.speakers(context, case) if p.id is not None} - {answer.person_id}
    accounts = [a for a in await accounts_of(context.store, *others) if a.id not in asked]
    told += context.tell(accounts, Screen.of("answer.held", take, **values), case.code)
    told += context.tell(await accounts_of(context.store, answer.person_id), Screen.of("answer.held_yours", **values), case.code)
    return Outcome([entry], told, case=case.code)
