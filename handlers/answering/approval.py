"""The unit's head approves an answer, approves and sends it, or gives it back with words; nobody approves their own draft (F24)."""

from typing import Any

from handlers import asking, casework, telling
from handlers.answering import speaking
from handlers.contract import LEAVE, Choice, Context, InboundMessage, Outcome, Outgoing, Place, Screen
from handlers.matters import matterwork
from handlers.table import argument_of
from models.casework import inquiry, statement
from models.casework.answer import APPROVED, ASKED, GIVEN_LATER, OBJECTED, OWED, RETURNED, Answer, AnswerState
from models.casework.inquiry import Inquiry
from models.directory.unit import DESK, search, units
from models.errors import Refusal
from models.evidence import item
from models.evidence.item import Excerpt, ItemKind
from models.people import authorising
from models.people.authorising import UnitSetting
from models.people.person import Person, Role, accounts_of
from models.text import number

LISTED = 5


async def list_(message: InboundMessage, context: Context) -> Outcome:
    """`/duyệt`: what waits for my approval, what was sent before it, and whether the unit wants approval at all."""
    named = argument_of(message.text)
    ids = (
        [u.id for u in search(await units(context.store, context.now), named, 1)]
        if named and Role.OFFICER in context.roles
        else context.units
    )
    unit_id = next((u for u in ids if u != DESK), None)
    screens: list[Outgoing] = []
    for state in (ASKED, OWED):
        found = await inquiry.answers_approved(context.store, state)
        screens += [await _card(context, a, c) for a, c in found if c.unit_id == unit_id or Role.OFFICER in context.roles][:LISTED]
    said = await statement.waiting(context.store)
    screens += [await matterwork.approval_card(context, s, m) for s, m in said if m.unit_id == unit_id or Role.OFFICER in context.roles][
        :LISTED
    ]
    if unit_id is None:
        return Outcome(screens=screens or [context.reply("approve.which_unit")])
    needed = await authorising.needs_approval(context.store, unit_id)
    way = Choice("choice.approval_off" if needed else "choice.approval_on", f"approve.set:{unit_id}:{'off' if needed else 'on'}")
    key = "approve.setting_on" if needed else "approve.setting_off"
    return Outcome(screens=[*screens, context.reply(key, way, unit=context.office.unit_name(unit_id))])


async def _card(context: Context, answer: Answer, case: Inquiry) -> Outgoing:
    """One answer that waits."""
    text = await item.item(context.store, answer.item)
    author = await context.store.get_one(Person, answer.person_id)
    late = answer.approval == OWED
    first = (
        (Choice("choice.approve_late", f"approve.give:{answer.id}"),)
        if late
        else (Choice("choice.approve_and_send", f"approve.send:{answer.id}"), Choice("choice.approve", f"approve.give:{answer.id}"))
    )
    back = Choice("choice.object" if late else "choice.give_back", f"approve.return:{answer.id}")
    values: dict[str, Any] = {
        "code": case.code,
        "colleague": author.name,
        "text": Excerpt(text, 400) if text is not None else item.TOMBSTONE,
    }
    return context.reply("approve.owed" if late else "approve.for_you", *first, back, case=case.code, **values)


async def switch(message: InboundMessage, context: Context) -> Outcome:
    """The head or an officer decides whether the unit's answers wait for the head."""
    unit_id, _, wanted = message.argument.partition(":")
    if unit_id not in context.office.unit_names or wanted not in {"on", "off"}:
        raise Refusal("start.stale")
    if Role.OFFICER not in context.roles and not await speaking.leads(context, unit_id):
        raise Refusal("approve.head_decides")
    setting = await context.store.get(UnitSetting, unit_id) or UnitSetting(unit_id=unit_id, set_by=context.my_id, set_at=context.now)
    setting.approval, setting.set_by, setting.set_at = wanted == "on", context.my_id, context.now
    context.store.add(setting)
    return Outcome([setting.decided()], [context.reply(f"approve.switched_{wanted}", unit=context.office.unit_name(unit_id))])


async def _waiting(context: Context, answer_id: str) -> tuple[Answer, Inquiry]:
    """An answer I may decide on: as a head of its unit, not on my own words; an officer where there is no other head."""
    answer = await context.store.get(Answer, number(answer_id) or 0)
    if answer is None:
        raise Refusal("start.stale")
    case = await casework.ours(context, answer.case_code)
    await speaking.decides(context, case.unit_id, {answer.person_id, answer.drafted_by}, "approve", case.code)
    return answer, case


async def give(message: InboundMessage, context: Context) -> Outcome:
    """Approved: the author sends it; or, for an urgent one that has gone, the approval that was owed."""
    answer, case = await _waiting(context, message.argument)
    if answer.approval == OWED and answer.state is AnswerState.SENT:
        _approved(context, answer, GIVEN_LATER)
        entry = case.entry("approved_late", answer, item=answer.item)
        told = context.tell(await accounts_of(context.store, answer.person_id), Screen.of("approve.given_late", code=case.code), case.code)
        return Outcome([entry], [context.reply("approve.done_late", case=case.code, code=case.code), *told], case=case.code)
    await _first(context, answer, case)
    _approved(context, answer, APPROVED)
    entry = case.entry("approved", answer, item=answer.item)
    notice = Screen.of("approve.given", Choice("choice.send_answer", f"approve.go:{answer.id}"), code=case.code, head=context.me.name)
    told = context.tell(await accounts_of(context.store, answer.person_id), notice, case.code)
    return Outcome([entry], [context.reply("approve.done", case=case.code, code=case.code), *told], case=case.code)


async def send(message: InboundMessage, context: Context) -> Outcome:
    """Approved and sent in one tap, in the author's name; the undo runs as always."""
    answer, case = await _waiting(context, message.argument)
    await _first(context, answer, case)
    _approved(context, answer, APPROVED)
    entry = case.entry("approved", answer, item=answer.item, sends=True)
    seconds = speaking.release_later(context, answer)
    notice = Screen.of("approve.going", code=case.code, head=context.me.name, seconds=seconds)
    told = context.tell(await accounts_of(context.store, answer.person_id), notice, case.code)
    return Outcome([entry], [context.reply("approve.sending", case=case.code, code=case.code, seconds=seconds), *told], case=case.code)


async def go(message: InboundMessage, context: Context) -> Outcome:
    """The author sends what was approved."""
    answer = await context.store.get(Answer, number(message.argument) or 0)
    if answer is None or answer.person_id != context.my_id:
        raise Refusal("start.stale")
    case = await casework.ours(context, answer.case_code)
    if case.state not in inquiry.OPEN:
        raise casework.closed(case)
    if answer.approval != APPROVED or answer.state is not AnswerState.CONFIRMED or answer.release_at > context.now:
        raise Refusal("answer.already_on_its_way" if answer.state is AnswerState.CONFIRMED else "start.stale", code=case.code)
    seconds = speaking.release_later(context, answer)
    entry = case.entry("answer_confirmed", answer, item=answer.item, speaker=context.my_id, mandate=answer.mandate_id)
    undo = Choice("choice.undo", f"answer.undo:{answer.id}")
    return Outcome([entry], [context.reply("answer.confirmed", undo, case=case.code, code=case.code, seconds=seconds)], case=case.code)


async def give_back(message: InboundMessage, context: Context) -> Outcome:
    """Back to its author: what is to be changed?"""
    answer, case = await _waiting(context, message.argument)
    if answer.approval != OWED and answer.state is not AnswerState.HELD:
        await _first(context, answer, case)
    screen = context.reply("approve.return_why", Choice("choice.quit", "=quit"), case=case.code, code=case.code)
    return Outcome(screens=[screen], place=Place("approve", "return", {"answer": answer.id, "code": case.code}))


async def given_back(message: InboundMessage, context: Context) -> Outcome:
    """The words that go back with it; an urgent answer stays sent, the objection stands beside it."""
    if asking.quits(message):
        return asking.left(context)
    asking.reason(message)
    answer, case = await _waiting(context, str(context.conversation.said().get("answer", "")) if context.conversation else "")
    late = answer.approval == OWED and answer.state is AnswerState.SENT
    if not late and answer.state is not AnswerState.HELD:
        await _first(context, answer, case)
    why = context.item(ItemKind.REASON, message.text, case.code)
    answer.approval, answer.approved_by, answer.approved_at = OBJECTED if late else RETURNED, context.my_id, context.now
    if not late:
        answer.state = AnswerState.UNDONE
    entry = case.entry("approval_objected" if late else "answer_returned", answer, item=answer.item, reason=why.digest)
    ways = () if late else (Choice("choice.take_draft", f"answer.adopt:{case.code}"), Choice("choice.answer", f"answer.begin:{case.code}"))
    notice = Screen.of("approve.objected" if late else "approve.returned", *ways, code=case.code, head=context.me.name, reason=why)
    accounts = list(await accounts_of(context.store, answer.person_id))
    told = context.tell([*accounts, *(await telling.officer_accounts(context) if late else [])], notice, case.code)
    return Outcome([entry], [context.reply("approve.return_done", case=case.code, code=case.code), *told], LEAVE, case.code)


async def _first(context: Context, answer: Answer, case: Inquiry) -> None:
    """Two at once: one wins, the other reads who was first and what became of it."""
    if answer.approval == ASKED and answer.state is AnswerState.CONFIRMED and case.state in inquiry.OPEN:
        return
    decided = await context.store.get(Person, answer.approved_by) if answer.approved_by is not None else None
    if decided is not None:
        raise Refusal(f"approve.already_{answer.approval}", code=case.code, name=decided.name)
    raise casework.closed(case) if case.state not in inquiry.OPEN else Refusal("approve.nothing_waits", code=case.code)


def _approved(context: Context, answer: Answer, approval: str) -> None:
    answer.approval, answer.approved_by, answer.approved_at = approval, context.my_id, context.now
