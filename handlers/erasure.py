"""Erasing one text or its files: one officer asks with a reason, another agrees; the log keeps a tombstone."""

from handlers import casework, matters, telling
from handlers.contract import LEAVE, Choice, Context, InboundMessage, Kind, Outcome, Place, Screen
from handlers.form import chosen
from handlers.table import argument_of
from models import codes, erasure, item, keeping
from models.erasure import Erasure
from models.errors import Refusal
from models.item import ItemKind
from models.text import number


async def begin(message: InboundMessage, context: Context) -> Outcome:
    """`/xoa YC-…`: which of the case's texts?"""
    wanted = codes.find(argument_of(message.text) or message.argument)
    if not wanted:
        raise Refusal("erase.which_case")
    if wanted[0].startswith(codes.MATTER):
        return await _list(context, (await matters.ours(context, wanted[0])).code, 0)
    if wanted[0].startswith(codes.OBSTRUCTION):
        return await _list(context, wanted[0], 0)
    return await _list(context, (await casework.ours(context, wanted[0])).code, 0)


async def _list(context: Context, code: str, skipped: int) -> Outcome:
    """The newest texts, then older ones: one message's worth at a time."""
    await keeping.not_held(context.store, code)
    texts = [i for i in await item.of_case(context.store, code) if i.erased_at is None and i.kind not in item.LASTING][::-1]
    if not texts:
        raise Refusal("erase.nothing_left", code=code)
    screen = context.reply("erase.which", *casework.text_choices(texts, skipped), Choice("choice.quit", "=quit"), case=code, code=code)
    return Outcome(screens=[screen], place=Place("erase", "which", {"code": code}))


async def which(message: InboundMessage, context: Context) -> Outcome:
    """Why?"""
    if message.choice == "=quit":
        return Outcome(screens=[context.reply("start.cancelled")], place=LEAVE)
    code = casework.code_here(context)
    if (message.choice or "").startswith("=older:"):
        return await _list(context, code, number(message.argument) or 0)
    texts = await item.of_case(context.store, code)
    wanted = chosen(message, *(i.digest for i in texts if i.kind not in item.LASTING))
    screen = context.reply("erase.why", Choice("choice.quit", "=quit"), case=code)
    return Outcome(screens=[screen], place=Place("erase", "why", {"code": code, "item": wanted}))


async def why(message: InboundMessage, context: Context) -> Outcome:
    """The other officers are asked."""
    if message.choice == "=quit":
        return Outcome(screens=[context.reply("start.cancelled")], place=LEAVE)
    if message.kind is not Kind.TEXT or len(message.text) < casework.SHORTEST_REASON:
        raise Refusal("form.reason_please", least=casework.SHORTEST_REASON)
    said = context.conversation.said() if context.conversation else {}
    reason = context.item(ItemKind.REASON, message.text, str(said["code"]))
    wanted = Erasure(
        digest=str(said["item"]), case_code=str(said["code"]), reason=reason.digest, asked_by=context.my_id, asked_at=context.now
    )
    context.store.add(wanted)
    await context.store.flush()
    notice = Screen.of(
        "erase.approve", Choice("choice.erase_yes", f"erase.approve:{wanted.id}"), code=said["code"], name=context.me.name, reason=reason
    )
    others = [a for a in await telling.officer_accounts(context) if a.person_id != context.my_id]
    key = "erase.asked" if others else "erase.nobody_else"
    return Outcome([wanted.asked()], [context.reply(key, code=said["code"]), *context.tell(others, notice, str(said["code"]))], LEAVE)


async def approve(message: InboundMessage, context: Context) -> Outcome:
    """The second person agrees: the words are gone, the chain still verifies."""
    wanted = await erasure.pending(context.store, message.argument)
    if wanted is None:
        raise Refusal("start.stale")
    await keeping.not_held(context.store, wanted.case_code)
    items = await erasure.reach(context.store, wanted.digest)
    files = await erasure.files_reached(context.store, items)
    entry = wanted.approve(context.my_id, context.now, items, files)
    shredded = await erasure.erase(context.store, items, files, context.now)
    told = context.tell(await telling.officer_accounts(context), Screen.of("erase.done", code=wanted.case_code or "–"), wanted.case_code)
    return Outcome([entry], told, shred=shredded, case=wanted.case_code)
