"""The official answer is written: by replying, previewed with its attribution, confirmed once; then its unit's head may have to approve.

The right to speak is checked twice: here, when somebody confirms, so that they learn at once, and in the minute the answer
goes out (`handlers/answering/sending.py`), because that is the minute the law asks about (LAW.md, who may speak).
"""

from collections.abc import Sequence
from typing import Any

from handlers import asking, casework, telling
from handlers.answering import braking, demanding, speaking
from handlers.contract import LEAVE, Choice, Context, InboundMessage, Kind, Outcome, Place, Screen
from handlers.form import chosen
from models.casework import inquiry
from models.casework.answer import ASKED, OWED, Answer
from models.casework.inquiry import Inquiry
from models.errors import Refusal
from models.evidence import item
from models.evidence.item import Attachment, Item, ItemKind
from models.people.person import Person, accounts_of


async def begin(message: InboundMessage, context: Context) -> Outcome:
    """Invite the answer; whoever comes second sees that somebody is already writing (F22)."""
    case = await _open_case(context, message.argument)
    other = case.holder(context.my_id, context.now)
    if other is not None:
        colleague = await context.store.get(Person, other)
        ways = (Choice("choice.answer_anyway", f"answer.anyway:{case.code}"), Choice("choice.note", f"note.begin:{case.code}"))
        name = colleague.name if colleague else "–"
        return Outcome(screens=[context.reply("answer.somebody_writes", *ways, case=case.code, code=case.code, colleague=name)])
    return _invite(context, case)


async def anyway(message: InboundMessage, context: Context) -> Outcome:
    """They know, and write all the same."""
    return _invite(context, await _open_case(context, message.argument))


def _invite(context: Context, case: Inquiry, said: dict[str, Any] | None = None) -> Outcome:
    """The next words; a rewritten draft stays behind the new one as an earlier version with its author (F24)."""
    case.hold(context.my_id, context.now)
    screen = context.reply("answer.write", Choice("choice.quit", "=quit"), case=case.code, code=case.code)
    before = {"before": said["item"]} if said is not None and said.get("item") else {}
    return Outcome(screens=[screen], place=Place("answer", "text", {"code": case.code} | before))


async def replied(message: InboundMessage, context: Context) -> Outcome:
    """A reply to a message of a case, or words beside its code, are a draft answer: nothing goes out before the preview is confirmed."""
    code = await casework.code_of(message, context)
    if code is None:
        raise Refusal("case.reply_unknown")
    given = await demanding.given(message, context, code)
    if given is not None:
        return given
    case = await _open_case(context, code)
    text = context.item(ItemKind.ANSWER, message.text, case.code)
    return await _preview(context, case, text, message.files)


async def step(message: InboundMessage, context: Context) -> Outcome:
    """The draft, its additions and corrections, and the one confirmation."""
    assert context.conversation is not None  # noqa: S101 - a step is a place in a conversation
    here, said = context.conversation.step, context.conversation.said()
    if asking.quits(message):
        return asking.left(context)
    if here == "which":
        if message.kind is not Kind.CHOICE or not (message.choice or "").startswith("="):
            raise Refusal("form.please_choose")
        case = await _open_case(context, (message.choice or "").removeprefix("="))
        text = await item.item(context.store, said["item"]) or context.item(ItemKind.ANSWER, message.text, case.code)
        text.kind, text.case_code = ItemKind.ANSWER, case.code
        return await _preview(context, case, text, await item.files(context.store, said.get("files", [])))
    if message.kind is Kind.TEXT and await _elsewhere(message, context):
        return await replied(message, context)
    case = await _open_case(context, casework.code_here(context))
    if message.kind is Kind.CHOICE:
        if here != "confirm":
            raise Refusal("answer.write_first", code=case.code)
        wanted = chosen(message, "send", "urgent", "rewrite")
        if wanted == "rewrite":
            return _invite(context, case, said)
        return await _confirm(context, case, said, urgent=wanted == "urgent")
    return await _drafted(message, context, case, said)


async def _elsewhere(message: InboundMessage, context: Context) -> bool:
    """Whether words at this step reply to a message of another case: then they are meant for that one."""
    code = await casework.case_of_message(context, message.reply_to) if message.reply_to else None
    return code is not None and code != casework.code_here(context)


async def _drafted(message: InboundMessage, context: Context, case: Inquiry, said: dict[str, Any]) -> Outcome:
    """Words replace the draft; files alone are added to it."""
    before = await item.item(context.store, said.get("item"))
    files = [*await item.files(context.store, said.get("files", [])), *message.files]
    if not message.text and before is None and not message.files:
        raise Refusal("answer.words")
    replaced = before.digest if before else said.get("before")
    text = context.item(ItemKind.ANSWER, message.text, case.code, replaces=replaced) if message.text or before is None else before
    return await _preview(context, case, text, files)


async def _preview(context: Context, case: Inquiry, text: Item, files: Sequence[Attachment]) -> Outcome:
    """Exactly what the reporter will see, with the attribution block, and one deliberate confirmation."""
    case.hold(context.my_id, context.now)
    right = await speaking.right(context, case)
    first = (Choice("choice.send_answer", "=send"),)
    key = "answer.preview"
    if right is None:
        key, first = "answer.preview_no_right", (Choice("choice.hand_to_spokesperson", "=send"),)
    elif await speaking.waits_for_head(context, case.unit_id):
        key, first = "answer.preview_approval", (Choice("choice.ask_approval", "=send"), Choice("choice.send_urgent", "=urgent"))
    ways = (*first, Choice("choice.rewrite", "=rewrite"), Choice("choice.quit", "=quit"))
    values = {"code": case.code, "text": text, "attribution": speaking.attribution(context, case, context.me, right)}
    said = {"code": case.code, "item": text.digest, "files": [f.id for f in files]}
    return Outcome(
        screens=[context.reply(key, *ways, case=case.code, files=files, **values)], place=Place("answer", "confirm", said), case=case.code
    )


async def _confirm(context: Context, case: Inquiry, said: dict[str, Any], *, urgent: bool = False) -> Outcome:
    """Confirmed: it waits out the undo, or for the head, or, without the right to speak, goes to those who have it."""
    text = await item.item(context.store, said["item"])
    if text is None:
        raise Refusal("answer.write_first", code=case.code)
    files = await item.files(context.store, said.get("files", []))
    refs = casework.file_to(files, case.code, text)
    right = await speaking.right(context, case)
    if right is None:
        return await _hand_over(context, case, text, files)
    stopped = await braking.outgoing(context, "answer", text, {}, files=files, case=case)
    if stopped is not None:
        return stopped
    before = await speaking.out_of_the_way(context, case)
    answer = await speaking.draft(context, case, text, context.me, right)
    facts = {"item": text.digest, "files": refs, "speaker": context.my_id, "mandate": right.id, "author": text.person_id}
    if await speaking.waits_for_head(context, case.unit_id):
        if not urgent:
            return await _ask_approval(context, case, answer, text, files, facts, before)
        answer.approval = OWED
        facts["approval"] = OWED
    entry = case.entry("answer_confirmed", answer, *before, **facts)
    seconds = speaking.release_later(context, answer)
    undo = Choice("choice.undo", f"answer.undo:{answer.id}")
    key = "answer.confirmed_urgent" if answer.approval else "answer.confirmed"
    return Outcome([entry], [context.reply(key, undo, case=case.code, code=case.code, seconds=seconds)], LEAVE, case.code)


async def _ask_approval(
    context: Context,
    case: Inquiry,
    answer: Answer,
    text: Item,
    files: Sequence[Attachment],
    facts: dict[str, Any],
    before: Sequence[Answer],
) -> Outcome:
    """The head is asked; nothing goes before the answer comes back (F24)."""
    answer.approval, answer.release_at = ASKED, context.now  # no alarm: it goes when the head has approved
    entry = case.entry("approval_asked", answer, *before, **facts)
    ways = (
        Choice("choice.approve_and_send", f"approve.send:{answer.id}"),
        Choice("choice.approve", f"approve.give:{answer.id}"),
        Choice("choice.give_back", f"approve.return:{answer.id}"),
    )
    notice = Screen.of("approve.for_you", *ways, files=files, code=case.code, colleague=context.me.name, text=text)
    told = context.tell(await speaking.head_accounts(context, case.unit_id, but=context.my_id), notice, case.code)
    undo = Choice("choice.undo", f"answer.undo:{answer.id}")
    return Outcome([entry], [context.reply("approve.asked", undo, case=case.code, code=case.code), *told], LEAVE, case.code)


async def _hand_over(context: Context, case: Inquiry, text: Item, files: Sequence[Attachment]) -> Outcome:
    """A draft by somebody who may not speak officially goes to those who may; it is never sent as it is."""
    speakers = await speaking.speakers(context, case)
    accounts = await accounts_of(context.store, *(p.id for p, _ in speakers if p.id is not None))
    entry = case.entry("draft_handed_over", item=text.digest)
    ways = (Choice("choice.take_draft", f"answer.adopt:{case.code}"), Choice("choice.answer", f"answer.begin:{case.code}"))
    notice = Screen.of("answer.draft_for_you", *ways, files=files, code=case.code, colleague=context.me.name, text=text)
    told = context.tell(accounts or await telling.officer_accounts(context), notice, case.code)
    return Outcome([entry], [context.reply("answer.handed_over", case=case.code, code=case.code), *told], LEAVE, case.code)


async def adopt(message: InboundMessage, context: Context) -> Outcome:
    """A spokesperson takes a colleague's draft as their own words."""
    case = await _open_case(context, message.argument)
    draft = await item.newest_of_kind(context.store, case.code, ItemKind.ANSWER)
    if draft is None:
        raise Refusal("answer.write_first", code=case.code)
    return await _preview(context, case, draft, await item.files_of_item(context.store, draft.digest))


async def _open_case(context: Context, code: str) -> Inquiry:
    case = await casework.ours(context, code)
    if case.state not in inquiry.OPEN:
        raise casework.closed(case)
    return case
