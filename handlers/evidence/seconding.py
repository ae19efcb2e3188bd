"""What two officers do to the words of a file: one picks a text and says why, another agrees. Erasing and masking are both like this.

The words of a step are those of its flow (`erase.…`, `mask.…`); what is done in the end is the flow's own.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar

from handlers import asking, casework, telling
from handlers.contract import LEAVE, Choice, Context, InboundMessage, Outcome, Place, Screen
from handlers.evidence import records
from handlers.form import chosen
from handlers.table import argument_of
from models import codes
from models.errors import Refusal
from models.evidence import erasure, item, keeping
from models.evidence.erasure import Erasure
from models.evidence.item import Item, ItemKind
from models.evidence.masking import Mask
from models.store import Store
from models.text import number

Request = TypeVar("Request", Erasure, Mask)
QUIT = Choice("choice.quit", "=quit")


async def begin(message: InboundMessage, context: Context, flow: str) -> Outcome:
    """Which of the file's texts?"""
    wanted = codes.find(argument_of(message.text) or message.argument)
    if not wanted:
        raise Refusal(f"{flow}.which_case")
    return await _list(context, flow, (await records.ours(context, wanted[0])).code, 0)


async def _list(context: Context, flow: str, code: str, skipped: int) -> Outcome:
    """The newest texts, then older ones: one message's worth at a time."""
    await keeping.not_held(context.store, code)
    texts = [i for i in await item.of_case(context.store, code) if i.erased_at is None and i.kind not in item.LASTING][::-1]
    if not texts:
        raise Refusal("erase.nothing_left", code=code)
    screen = context.reply(f"{flow}.which", *casework.text_choices(texts, skipped), QUIT, case=code, code=code)
    return Outcome(screens=[screen], place=Place(flow, "which", {"code": code}))


async def picked(message: InboundMessage, context: Context, flow: str) -> Item | Outcome:
    """The text that was picked; or what to show instead: older ones, or that nothing is done."""
    if asking.quits(message):
        return asking.left(context)
    code = casework.code_here(context)
    if (message.choice or "").startswith("=older:"):
        return await _list(context, flow, code, number(message.argument) or 0)
    texts = {i.digest: i for i in await item.of_case(context.store, code) if i.kind not in item.LASTING}
    return texts[chosen(message, *texts)]


def reason(message: InboundMessage, context: Context, code: str) -> Item:
    """The reason, kept on the file."""
    return context.item(ItemKind.REASON, asking.reason(message), code)


async def asked(context: Context, flow: str, request: Erasure | Mask, why: Item, **shown: Any) -> Outcome:
    """The request is on record and the other officers are asked; `shown` is what they must see to decide."""
    code = str(request.case_code)
    await keeping.not_held(context.store, code)
    context.store.add(request)
    await context.store.flush()
    way = Choice(f"choice.{flow}_yes", f"{flow}.approve:{request.id}")
    notice = Screen.of(f"{flow}.approve", way, code=code, name=context.me.name, reason=why, **shown)
    others = [a for a in await telling.officer_accounts(context) if a.person_id != context.my_id]
    key = f"{flow}.asked" if others else f"{flow}.nobody_else"
    return Outcome([request.asked()], [context.reply(key, code=code), *context.tell(others, notice, code)], LEAVE, code)


async def approve(
    message: InboundMessage,
    context: Context,
    flow: str,
    pending: Callable[[Store, str], Awaitable[Request | None]],
    carry_out: Callable[[Context, Request], Awaitable[tuple[Outcome, Sequence[Item]]]],
) -> Outcome:
    """The second person agrees: it is done, and every officer learns which copies nobody here can reach."""
    request = await pending(context.store, message.argument)
    if request is None:
        raise Refusal("start.stale")
    await keeping.not_held(context.store, request.case_code)
    done, items = await carry_out(context, request)
    away = await erasure.away(context.store, items)
    said = Screen.of(f"{flow}.done_away" if away else f"{flow}.done", code=request.case_code or "–", number=away)
    return done + Outcome(screens=context.tell(await telling.officer_accounts(context), said, request.case_code), case=request.case_code)
