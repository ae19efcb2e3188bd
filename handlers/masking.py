"""Covering words of one text: one officer says which and why, another agrees; the original stays untouched beneath (F74)."""

from handlers import casework, telling
from handlers.contract import LEAVE, Choice, Context, InboundMessage, Kind, Outcome, Place, Screen
from handlers.form import chosen
from handlers.table import argument_of
from models import codes, erasure, item, keeping, masking
from models.errors import Refusal
from models.item import ItemKind
from models.masking import Mask
from models.text import clean, number


async def begin(message: InboundMessage, context: Context) -> Outcome:
    """`/chephủ YC-…`: which of the case's texts?"""
    wanted = codes.find(argument_of(message.text) or message.argument, codes.INQUIRY)
    if not wanted:
        raise Refusal("mask.which_case")
    case = await casework.ours(context, wanted[0])
    await keeping.not_held(context.store, case.code)
    return await _list(context, case.code, 0)


async def _list(context: Context, code: str, skipped: int) -> Outcome:
    texts = [i for i in await item.of_case(context.store, code) if i.text and i.kind not in item.LASTING][::-1]
    screen = context.reply("mask.which", *casework.text_choices(texts, skipped), Choice("choice.quit", "=quit"), case=code, code=code)
    return Outcome(screens=[screen], place=Place("mask", "which", {"code": code}))


async def which(message: InboundMessage, context: Context) -> Outcome:
    """Which words of it?"""
    if message.choice == "=quit":
        return Outcome(screens=[context.reply("start.cancelled")], place=LEAVE)
    code = casework.code_here(context)
    if (message.choice or "").startswith("=older:"):
        return await _list(context, code, number(message.argument) or 0)
    texts = {i.digest: i for i in await item.of_case(context.store, code) if i.kind not in item.LASTING}
    wanted = chosen(message, *texts)
    screen = context.reply("mask.words", Choice("choice.quit", "=quit"), case=code, text=texts[wanted])
    return Outcome(screens=[screen], place=Place("mask", "words", {"code": code, "item": wanted}))


async def words(message: InboundMessage, context: Context) -> Outcome:
    """The words as they stand there, one place to a line; only where they stand is kept."""
    if message.choice == "=quit":
        return Outcome(screens=[context.reply("start.cancelled")], place=LEAVE)
    if message.kind is not Kind.TEXT or not message.text:
        raise Refusal("form.words_please")
    said = context.conversation.said() if context.conversation else {}
    lines = [line for part in message.text.splitlines() if (line := clean(part))]
    original = await casework.kept(context, str(said["item"]))
    missing = next((line for line in lines if not masking.places(original.text or "", [line])), None)
    if missing is not None:
        raise Refusal("mask.not_there")
    versions = await erasure.reach(context.store, original.digest)
    spans = {v.digest: found for v in versions if v.text and (found := masking.places(v.text, lines))}
    screen = context.reply("mask.why", Choice("choice.quit", "=quit"), case=str(said["code"]))
    return Outcome(screens=[screen], place=Place("mask", "why", said | {"spans": spans}))


async def why(message: InboundMessage, context: Context) -> Outcome:
    """The other officers are asked; they see the text as it would look."""
    if message.choice == "=quit":
        return Outcome(screens=[context.reply("start.cancelled")], place=LEAVE)
    if message.kind is not Kind.TEXT or len(message.text) < casework.SHORTEST_REASON:
        raise Refusal("form.reason_please", least=casework.SHORTEST_REASON)
    said = context.conversation.said() if context.conversation else {}
    code = str(said["code"])
    await keeping.not_held(context.store, code)
    reason = context.item(ItemKind.REASON, message.text, code)
    wanted = Mask(digest=str(said["item"]), case_code=code, reason=reason.digest, asked_by=context.my_id, asked_at=context.now)
    wanted.spans = said.get("spans", {})
    context.store.add(wanted)
    await context.store.flush()
    original = await casework.kept(context, wanted.digest)
    shown = item.covered(original.text or "", [*(original.masked or []), *wanted.spans.get(original.digest, [])])
    way = Choice("choice.mask_yes", f"mask.approve:{wanted.id}")
    notice = Screen.of("mask.approve", way, code=code, name=context.me.name, reason=reason, text=shown)
    others = [a for a in await telling.officer_accounts(context) if a.person_id != context.my_id]
    key = "mask.asked" if others else "mask.nobody_else"
    return Outcome([wanted.asked()], [context.reply(key, code=code), *context.tell(others, notice, code)], LEAVE, code)


async def approve(message: InboundMessage, context: Context) -> Outcome:
    """The second person agrees."""
    wanted = await masking.pending(context.store, message.argument)
    if wanted is None:
        raise Refusal("start.stale")
    await keeping.not_held(context.store, wanted.case_code)
    items = [found for digest in wanted.spans if (found := await item.item(context.store, digest)) is not None]
    entry = wanted.approve(context.my_id, context.now, items)
    told = context.tell(await telling.officer_accounts(context), Screen.of("mask.done", code=wanted.case_code), wanted.case_code)
    return Outcome([entry], told, case=wanted.case_code)
