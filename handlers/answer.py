"""The official answer: written by replying, previewed with its attribution, confirmed once, undone within seconds, sent by right.

The right to speak is checked twice: when somebody confirms, so that they learn at once, and in the minute the answer goes out,
because that is the minute the law asks about (LAW.md, who may speak).
"""

import json
from collections.abc import Sequence
from typing import Any

from handlers import agreeing, casework, demanding, matters, telling
from handlers.contract import LEAVE, Choice, Context, InboundMessage, Kind, Outcome, Outgoing, Place, Screen
from handlers.form import chosen
from models import inquiry, item, mandate
from models.errors import Refusal
from models.inquiry import Answer, AnswerState, Inquiry
from models.item import Attachment, Item, ItemKind
from models.mandate import Mandate
from models.message import Alarm
from models.person import Person, accounts_of
from models.text import number
from models.texts import Words


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


def _invite(context: Context, case: Inquiry) -> Outcome:
    case.hold(context.my_id, context.now)
    screen = context.reply("answer.write", Choice("choice.quit", "=quit"), case=case.code, code=case.code)
    return Outcome(screens=[screen], place=Place("answer", "text", {"code": case.code}))


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
    if message.choice == "=quit":
        return Outcome(screens=[context.reply("start.cancelled")], place=LEAVE)
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
        if chosen(message, "send", "rewrite") == "rewrite":
            return _invite(context, case)
        return await _confirm(context, case, said)
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
    replaced = before.digest if before else None
    text = context.item(ItemKind.ANSWER, message.text, case.code, replaces=replaced) if message.text or before is None else before
    return await _preview(context, case, text, files)


async def _preview(context: Context, case: Inquiry, text: Item, files: Sequence[Attachment]) -> Outcome:
    """Exactly what the reporter will see, with the attribution block, and one deliberate confirmation."""
    case.hold(context.my_id, context.now)
    right = await mandate.may_speak(context.store, context.my_id, case.unit_id or "", context.now, case.matter_code)
    values = {"code": case.code, "text": text, "attribution": attribution(context, case, context.me, right)}
    ways = (Choice("choice.send_answer", "=send"), Choice("choice.rewrite", "=rewrite"), Choice("choice.quit", "=quit"))
    if right is None:
        ways = (Choice("choice.hand_to_spokesperson", "=send"), *ways[1:])
    key = "answer.preview" if right is not None else "answer.preview_no_right"
    said = {"code": case.code, "item": text.digest, "files": [f.id for f in files]}
    return Outcome(
        screens=[context.reply(key, *ways, case=case.code, files=files, **values)], place=Place("answer", "confirm", said), case=case.code
    )


def attribution(context: Context, case: Inquiry, speaker: Person, right: Mandate | None) -> Words:
    """Name, position, unit, date and reference, as an outlet must print them (Decree 244/2026 Art 9(1), 09/2017 Art 9(1))."""
    position = right.position if right is not None and right.position else "–"
    values = {"name": speaker.name, "position": position, "unit": context.office.unit_name(case.unit_id)}
    return Words.of("answer.attribution", **values, date=context.now.astimezone(context.zone).date(), code=case.code)


async def _confirm(context: Context, case: Inquiry, said: dict[str, Any]) -> Outcome:
    """Confirmed: it waits out the undo, or, without the right to speak, goes to those who have it."""
    text = await item.item(context.store, said["item"])
    if text is None:
        raise Refusal("answer.write_first", code=case.code)
    files = await item.files(context.store, said.get("files", []))
    refs = casework.file_to(files, case.code, text)
    right = await mandate.may_speak(context.store, context.my_id, case.unit_id or "", context.now, case.matter_code)
    if right is None:
        return await _hand_over(context, case, text, files)
    if await inquiry.pending_answer(context.store, case.code) is not None:
        raise Refusal("answer.already_on_its_way", code=case.code)
    facts = {"name": context.me.name, "position": right.position, "unit": context.office.unit_name(case.unit_id)}
    facts |= {"capacity": right.kind.value, "decision_no": right.decision_no}
    speaker = context.item(ItemKind.SPEAKER, json.dumps(facts, ensure_ascii=False, sort_keys=True), case.code)
    answer = Answer(
        case_code=case.code,
        item=text.digest,
        speaker=speaker.digest,
        person_id=context.my_id,
        mandate_id=right.id,
        confirmed_at=context.now,
        release_at=context.later(context.office.undo),
    )
    context.store.add(answer)
    await context.store.flush()
    context.store.add(Alarm(due_at=answer.release_at, action="answer.release", subject=str(answer.id)))
    entry = case.entry("answer_confirmed", answer, item=text.digest, files=refs, speaker=context.my_id, mandate=right.id)
    seconds = int(context.office.undo.total_seconds())
    reply = context.reply(
        "answer.confirmed", Choice("choice.undo", f"answer.undo:{answer.id}"), case=case.code, code=case.code, seconds=seconds
    )
    return Outcome([entry], [reply], LEAVE, case.code)


async def _hand_over(context: Context, case: Inquiry, text: Item, files: Sequence[Attachment]) -> Outcome:
    """A draft by somebody who may not speak officially goes to those who may; it is never sent as it is."""
    speakers = await mandate.spokespersons(context.store, case.unit_id or "", context.now)
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
    if answer is None or case is None or answer.state is not AnswerState.CONFIRMED:
        return Outcome()
    context.person = await context.store.get_one(Person, answer.person_id)
    speaker_accounts = await accounts_of(context.store, answer.person_id)
    right = await mandate.may_speak(context.store, answer.person_id, case.unit_id or "", context.now, case.matter_code)
    if case.state not in inquiry.OPEN:
        answer.state = AnswerState.UNDONE
        entry = case.entry("answer_undone", answer, item=answer.item)
        return Outcome([entry], context.tell(speaker_accounts, Screen.of("answer.case_ended", code=case.code), case.code), case=case.code)
    if right is None:
        return await _hold(context, case, answer)
    waits = await agreeing.hold(context, case, answer)
    if waits is not None:
        return waits
    text = await item.item(context.store, answer.item)
    files = await item.files_of_item(context.store, answer.item)
    answer.mandate_id = right.id
    clock = await casework.clock_of(context, case.code)
    if clock is not None:
        clock.satisfy(context.now)
    entries = [case.answered(answer, clock, [f.ref() for f in files], context.now), *await matters.spoken(context, case, answer)]
    values = {"code": case.code, "text": text or item.TOMBSTONE, "attribution": attribution(context, case, context.person, right)}
    ways = (*telling.rating_choices(case.code), Choice("choice.follow_up", f"case.add:{case.code}"))
    told = await telling.tell_reporter(context, case, Screen.of("case.answered", *ways, files=files, **values), official=True)
    done: list[Outgoing] = context.tell(speaker_accounts, Screen.of("answer.sent", code=case.code), case.code)
    return Outcome(entries, [*told, *done], case=case.code)


async def _hold(context: Context, case: Inquiry, answer: Answer) -> Outcome:
    """The right to speak ended between confirmation and sending: the answer is held and those who may speak are asked."""
    answer.state = AnswerState.HELD
    entry = case.entry("answer_held", answer, item=answer.item)
    text = await item.item(context.store, answer.item)
    notice = Screen.of("answer.held", Choice("choice.take_draft", f"answer.adopt:{case.code}"), code=case.code, text=text or item.TOMBSTONE)
    speakers = await mandate.spokespersons(context.store, case.unit_id or "", context.now)
    people = {p.id for p, _ in speakers if p.id is not None} | {answer.person_id}
    accounts = [*await accounts_of(context.store, *people), *(await telling.officer_accounts(context) if not speakers else [])]
    return Outcome([entry], context.tell(accounts, notice, case.code), case=case.code)


async def _open_case(context: Context, code: str) -> Inquiry:
    case = await casework.ours(context, code)
    if case.state not in inquiry.OPEN:
        raise casework.closed(case)
    return case
