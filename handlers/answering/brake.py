"""The second person decides, with a reason: it goes on, or it does not (F111)."""

from handlers import asking, casework, telling
from handlers.answering import braking
from handlers.contract import LEAVE, Choice, Context, InboundMessage, Outcome, Outgoing, Place, Screen
from models.casework import brakes, inquiry
from models.casework.brakes import INCOMING, Brake
from models.casework.inquiry import Inquiry, InquiryState
from models.errors import Refusal
from models.evidence import item
from models.evidence.item import ItemKind
from models.people.person import Role, accounts_of


async def allow(message: InboundMessage, context: Context) -> Outcome:
    """Why may it go on?"""
    return await _why(message, context, allowed=True)


async def deny(message: InboundMessage, context: Context) -> Outcome:
    """Why not?"""
    return await _why(message, context, allowed=False)


async def _why(message: InboundMessage, context: Context, *, allowed: bool) -> Outcome:
    held, case = await _mine(context, message.argument)
    if held.decided_at is not None:
        raise Refusal("brake.decided_already")
    key = "brake.why_allow" if allowed else "brake.why_deny"
    screen = context.reply(key, Choice("choice.quit", "=quit"), marks=context.office.brakes.labels(held.marks))
    code = case.code if case else None
    return Outcome(screens=[screen], place=Place("brake", "why", {"brake": held.id, "allowed": allowed, "code": code}))


async def _mine(context: Context, brake_id: str) -> tuple[Brake, Inquiry | None]:
    """One I may decide on: another than its writer, who may speak for the unit or leads it, or an officer."""
    held = await brakes.by_number(context.store, brake_id)
    if held is None:
        raise Refusal("start.stale")
    case = await casework.ours(context, held.case_code) if held.case_code is not None else None
    if held.asked_by == context.my_id:
        raise Refusal("brake.second_person")
    if Role.OFFICER not in context.roles:
        others = await braking.deciders(context, case, held.asked_by) if case is not None and held.kind != INCOMING else []
        if context.my_id not in {a.person_id for a in others}:
            raise Refusal("brake.not_you")
    return held, case


async def why(message: InboundMessage, context: Context) -> Outcome:
    """The reason is kept; whoever waits reads it."""
    if asking.quits(message):
        return asking.left(context)
    asking.reason(message)
    said = context.conversation.said() if context.conversation else {}
    held, case = await _mine(context, str(said.get("brake", "")))
    allowed = bool(said.get("allowed"))
    reason = context.item(ItemKind.REASON, message.text, held.case_code)
    entry = held.decide(context.my_id, reason.digest, context.now, allowed=allowed)
    if held.kind == INCOMING and case is not None:
        return Outcome([entry], await _let_in(context, held, case), LEAVE, case.code)
    ways = {
        "answer": Choice("choice.take_draft", f"answer.adopt:{held.case_code}"),
        "refusal": Choice("choice.go_on", f"refuse.resume:{held.id}"),
        "release": Choice("choice.go_on", f"release.resume:{held.id}"),
        "statement": Choice("choice.go_on", f"statement.resume:{held.id}"),
    }
    notice = Screen.of(
        "brake.allowed" if allowed else "brake.denied",
        *([ways[held.kind]] if allowed or held.kind == "answer" else []),
        code=held.case_code or "–",
        name=context.me.name,
        reason=reason,
    )
    told = context.tell(await accounts_of(context.store, held.asked_by or 0), notice, held.case_code)
    return Outcome([entry], [context.reply("brake.done", case=held.case_code), *told], LEAVE, held.case_code)


async def _let_in(context: Context, held: Brake, case: Inquiry) -> list[Outgoing]:
    """What came in goes to the unit after all, or stays with the press office."""
    if not held.allowed:
        return [context.reply("brake.kept", case=case.code, code=case.code)]
    if case.state is InquiryState.RECEIVED:
        ways = [Choice("choice.pick_unit", f"officer.assign:{case.code}")]
        if case.unit_id is not None:
            ways.insert(0, Choice("choice.release_to_unit", f"officer.release:{case.code}"))
        return [context.reply("brake.let_in_choose", *ways, case=case.code, code=case.code)]
    text = await item.item(context.store, held.digest)
    key = str(held.resume.get("key", "followed_up"))
    told = (
        await telling.tell_unit(context, case, f"desk.{key}", held.files, text=text or item.TOMBSTONE) if case.state in inquiry.OPEN else []
    )
    return [context.reply("brake.let_in", case=case.code, code=case.code), *told]
