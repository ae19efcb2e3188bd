"""Erasing one text or its files: one officer asks with a reason, another agrees; the log keeps a tombstone."""

from collections.abc import Sequence

from handlers import asking
from handlers.contract import Context, InboundMessage, Outcome, Place
from handlers.evidence import seconding
from models.evidence import erasure
from models.evidence.erasure import Erasure
from models.evidence.item import Item

FLOW = "erase"


async def begin(message: InboundMessage, context: Context) -> Outcome:
    """`/xoa YC-…`: which of the file's texts?"""
    return await seconding.begin(message, context, FLOW)


async def which(message: InboundMessage, context: Context) -> Outcome:
    """Why?"""
    wanted = await seconding.picked(message, context, FLOW)
    if isinstance(wanted, Outcome):
        return wanted
    screen = context.reply("erase.why", seconding.QUIT, case=wanted.case_code)
    return Outcome(screens=[screen], place=Place(FLOW, "why", {"code": wanted.case_code, "item": wanted.digest}))


async def why(message: InboundMessage, context: Context) -> Outcome:
    """The other officers are asked."""
    if asking.quits(message):
        return asking.left(context)
    said = asking.said(context)
    code = str(said["code"])
    reason = seconding.reason(message, context, code)
    item = str(said["item"])
    wanted = Erasure(digest=item, case_code=code, reason=reason.digest, asked_by=context.my_id, asked_at=context.now)
    return await seconding.asked(context, FLOW, wanted, reason)


async def approve(message: InboundMessage, context: Context) -> Outcome:
    """The second person agrees: the words are gone, the chain still verifies."""
    return await seconding.approve(message, context, FLOW, erasure.pending, _erase)


async def _erase(context: Context, wanted: Erasure) -> tuple[Outcome, Sequence[Item]]:
    items = await erasure.reach(context.store, wanted.digest)
    files = await erasure.files_reached(context.store, items)
    entry = wanted.approve(context.my_id, context.now, items, files)
    return Outcome([entry], shred=await erasure.erase(context.store, items, files, context.now)), items
