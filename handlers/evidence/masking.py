"""Covering words of one text: one officer says which and why, another agrees; the original stays untouched beneath (F74)."""

from collections.abc import Sequence

from handlers import asking, casework
from handlers.contract import Context, InboundMessage, Kind, Outcome, Place
from handlers.evidence import seconding
from models.errors import Refusal
from models.evidence import erasure, item, masking
from models.evidence.item import Item
from models.evidence.masking import Mask
from models.text import clean
from models.texts import Words

FLOW = "mask"


async def begin(message: InboundMessage, context: Context) -> Outcome:
    """`/chephủ YC-…`: which of the file's texts?"""
    return await seconding.begin(message, context, FLOW)


async def which(message: InboundMessage, context: Context) -> Outcome:
    """Which words of it?"""
    wanted = await seconding.picked(message, context, FLOW)
    if isinstance(wanted, Outcome):
        return wanted
    screen = context.reply("mask.words", seconding.QUIT, case=wanted.case_code, text=wanted)
    return Outcome(screens=[screen], place=Place(FLOW, "words", {"code": wanted.case_code, "item": wanted.digest}))


async def words(message: InboundMessage, context: Context) -> Outcome:
    """The words as they stand there, one place to a line; only where they stand is kept, in this text and every other of the file."""
    if asking.quits(message):
        return asking.left(context)
    if message.kind is not Kind.TEXT or not message.text:
        raise Refusal("form.words_please")
    said = asking.said(context)
    lines = [line for part in message.text.splitlines() if (line := clean(part))]
    if not lines:
        raise Refusal("form.words_please")
    original = await casework.kept(context, str(said["item"]))
    missing = next((line for line in lines if not masking.places(original.text or "", [line])), None)
    if missing is not None:
        raise Refusal("mask.not_there")
    texts = {t.digest: t for t in [*await erasure.reach(context.store, original.digest), *await _others(context, str(said["code"]))]}
    spans = {t.digest: found for t in texts.values() if t.text and (found := masking.places(t.text, lines))}
    screen = context.reply("mask.why", seconding.QUIT, case=str(said["code"]))
    return Outcome(screens=[screen], place=Place(FLOW, "why", said | {"spans": spans}))


async def _others(context: Context, code: str) -> list[Item]:
    """What else the file holds: a name that must not be read in the question must not be read in the answer either."""
    return [text for text in await item.of_case(context.store, code) if text.kind not in item.LASTING]


async def why(message: InboundMessage, context: Context) -> Outcome:
    """The other officers are asked; they see the text as it would look."""
    if asking.quits(message):
        return asking.left(context)
    said = asking.said(context)
    code = str(said["code"])
    reason = seconding.reason(message, context, code)
    wanted = Mask(
        digest=str(said["item"]),
        case_code=code,
        spans=said.get("spans", {}),
        reason=reason.digest,
        asked_by=context.my_id,
        asked_at=context.now,
    )
    original = await casework.kept(context, wanted.digest)
    text = item.covered(original.text or "", [*(original.masked or []), *wanted.spans.get(original.digest, [])])
    others = len(set(wanted.spans) - {original.digest})
    also = Words.of("mask.also", number=others) if others else ""
    return await seconding.asked(context, FLOW, wanted, reason, text=text, also=also)


async def approve(message: InboundMessage, context: Context) -> Outcome:
    """The second person agrees: every screen, page and paper shows the cover from now on."""
    return await seconding.approve(message, context, FLOW, masking.pending, _cover)


async def _cover(context: Context, wanted: Mask) -> tuple[Outcome, Sequence[Item]]:
    items = [found for digest in wanted.spans if (found := await item.item(context.store, digest)) is not None]
    entry = wanted.approve(context.my_id, context.now, items)
    await masking.cover(context.store, items)
    return Outcome([entry]), items
