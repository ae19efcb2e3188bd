"""No answer: only on a ground of the law's list, with a stated reason, by somebody who may speak, delivered (F25)."""

from typing import Any

from handlers import asking, casework, telling
from handlers.answering import braking, speaking
from handlers.clocks import targets
from handlers.contract import LEAVE, Choice, Context, InboundMessage, Outcome, Place, Screen
from handlers.form import chosen
from models.casework import brakes, inquiry
from models.casework.inquiry import Inquiry
from models.errors import Refusal
from models.evidence.item import Item, ItemKind
from models.texts import Words


async def begin(message: InboundMessage, context: Context) -> Outcome:
    """Which ground? The list is that of the pack in force now: a refusal is an act of today (LAW.md, which pack applies)."""
    case = await casework.ours(context, message.argument)
    if case.state not in inquiry.OPEN:
        raise Refusal("case.closed", code=case.code, state=Words.of(f"case.state_{case.state.value}"))
    if await speaking.right(context, case) is None:
        raise Refusal("refuse.no_right", code=case.code)
    grounds = speaking.pack(context).refusal.grounds
    lines = "\n".join(f"{ground.letter}) {ground.label} – {ground.basis}" for ground in grounds)
    ways = [Choice.of("choice.ground", f"={ground.id}", letter=ground.letter) for ground in grounds]
    screen = context.reply("refuse.ground", *ways[:4], Choice("choice.quit", "=quit"), case=case.code, code=case.code, lines=lines)
    return Outcome(screens=[screen], place=Place("refuse", "ground", {"code": case.code}))


async def ground(message: InboundMessage, context: Context) -> Outcome:
    """Then the reason, in words the reporter will read."""
    if asking.quits(message):
        return asking.left(context)
    code = casework.code_here(context)
    wanted = chosen(message, *(g.id for g in speaking.pack(context).refusal.grounds))
    screen = context.reply("refuse.why", Choice("choice.quit", "=quit"), case=code, code=code)
    return Outcome(screens=[screen], place=Place("refuse", "reason", {"code": code, "ground": wanted}))


async def reason(message: InboundMessage, context: Context) -> Outcome:
    """Show what the reporter will read, for one deliberate confirmation (F125)."""
    if asking.quits(message):
        return asking.left(context)
    case = await casework.ours(context, casework.code_here(context))
    asking.reason(message)
    said = context.conversation.said() if context.conversation else {}
    why = context.item(ItemKind.REASON, message.text, case.code)
    return _preview(context, case, said, why)


async def resume(message: InboundMessage, context: Context) -> Outcome:
    """A second person has let it go: the same preview, to be sent by whoever wrote it."""
    held = await brakes.by_number(context.store, message.argument)
    if held is None or held.asked_by != context.my_id or not held.allowed or held.kind != "refusal":
        raise Refusal("start.stale")
    case = await casework.ours(context, held.case_code or "")
    if case.state not in inquiry.OPEN:
        raise casework.closed(case)
    why = await casework.kept(context, held.digest)
    return _preview(context, case, held.resume, why)


def _preview(context: Context, case: Inquiry, said: dict[str, Any], why: Item) -> Outcome:
    values: dict[str, Any] = _values(context, case, str(said["ground"])) | {"reason": why}
    ways = (Choice("choice.refuse_yes", "=yes"), Choice("choice.rewrite", "=rewrite"), Choice("choice.quit", "=quit"))
    screen = context.reply("refuse.preview", *ways, case=case.code, **values)
    return Outcome(screens=[screen], place=Place("refuse", "confirm", said | {"item": why.digest}))


async def confirmed(message: InboundMessage, context: Context) -> Outcome:
    """Confirmed: the right to speak is checked now, the reporter gets ground and reason."""
    said = context.conversation.said() if context.conversation else {}
    if asking.quits(message):
        return asking.left(context)
    case = await casework.ours(context, casework.code_here(context))
    if chosen(message, "yes", "rewrite") == "rewrite":
        screen = context.reply("refuse.why", Choice("choice.quit", "=quit"), case=case.code, code=case.code)
        return Outcome(screens=[screen], place=Place("refuse", "reason", said))
    right = await speaking.right(context, case)
    if right is None:
        raise Refusal("refuse.no_right", code=case.code)
    why = await casework.kept(context, str(said["item"]))
    stopped = await braking.outgoing(context, "refusal", why, said, case=case)
    if stopped is not None:
        return stopped
    speaker = speaking.spoken_by(context, case, context.me, right)
    clock = await casework.clock_of(context, case.code)
    if clock is not None:
        clock.satisfy(context.now)
    who = {"person": context.my_id, "mandate": right.id, "item": speaker.digest}
    entry = await targets.met(context, case, case.refuse(str(said["ground"]), why, who, clock, context.now))
    values: dict[str, Any] = _values(context, case, str(said["ground"])) | {
        "reason": why,
        "name": context.me.name,
        "position": right.position or "–",
    }
    ways = (Choice("choice.follow_up", f"case.add:{case.code}"), Choice("choice.review", f"review.begin:{case.code}"))
    told = await telling.tell_reporter(context, case, Screen.of("case.refused", *ways, **values), official=True)
    return Outcome([entry], [context.reply("refuse.done", case=case.code, code=case.code), *told], LEAVE, case.code)


def _values(context: Context, case: Inquiry, wanted: str) -> dict[str, Any]:
    found = speaking.pack(context).ground(wanted)
    if found is None:
        raise Refusal("start.stale")
    return {"code": case.code, "unit": context.office.unit(case.unit_id), "ground": found.name, "basis": found.article}
