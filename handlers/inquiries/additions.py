"""More words for a case, or other words: follow-ups, replies to a clarification, edited messages."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from handlers import casework, telling
from handlers.answering import braking
from handlers.clocks import clocks, targets
from handlers.contract import LEAVE, Context, InboundMessage, Outcome, Outgoing
from models.casework import inquiry
from models.casework.inquiry import Inquiry, InquiryState
from models.clocks.deadline import Deadline
from models.errors import Refusal
from models.evidence import item
from models.evidence.exchange import Entry
from models.evidence.item import Attachment, Item, ItemKind
from models.office import PART_OF
from models.text import clean


async def resumed(context: Context, case: Inquiry) -> Deadline | None:
    """The clock of a case that stops waiting for its reporter, running again; None where none was paused (F8)."""
    clock = await casework.clock_of(context, case.code) if case.state is InquiryState.CLARIFYING else None
    if clock is None or not context.office.rules.resume(clock, context.now):
        return None
    clocks.wind(context, clock)
    return clock


async def follow_up(context: Context, case: Inquiry, draft: Item | None, files: Sequence[Attachment]) -> Outcome:
    """More words or files for a case: the reply to a clarification starts its clock again, an ended case opens again (F7, F8)."""
    clarifying = case.state is InquiryState.CLARIFYING
    text = draft or context.item(ItemKind.FOLLOW_UP, context.message.text)
    text.kind, text.case_code = (ItemKind.CLARIFICATION if clarifying else ItemKind.FOLLOW_UP), case.code
    refs = casework.file_to(files, case.code, text)
    clock = await resumed(context, case) or await casework.clock_of(context, case.code)
    if clarifying:
        entry, key = case.clarify(text, refs, clock, context.now), "clarified"
    else:
        if case.state in inquiry.ENDED and case.state is not InquiryState.WITHDRAWN:
            clock = context.office.rules.asked(case.code, case.kind, context.now, unit_id=case.unit_id)
            context.store.add(clock)
            clocks.wind(context, clock)
        reopened = case.state in inquiry.ENDED
        entry, key = case.follow_up(text, refs, clock, context.now), "followed_up"
        entry = await targets.begin(context, case, entry) if reopened else entry
    entries, told = await _on(context, case, key, text, files)
    receipt = context.reply(f"case.{key}", case=case.code, **await casework.facts(context, case))
    return Outcome([entry, *entries], [receipt, *told], LEAVE, case.code)


async def _on(
    context: Context, case: Inquiry, key: str, text: Item, files: Sequence[Attachment], **values: Any
) -> tuple[list[Entry], list[Outgoing]]:
    """To the unit; what carries a classification mark to the press office first (F111)."""
    kept = await braking.quarantine(context, case, text, files, {"key": "followed_up" if key == "corrected" else key})
    return kept or ([], await telling.tell_unit(context, case, f"desk.{key}", files, text=text, **values))


async def corrected(message: InboundMessage, context: Context) -> Outcome:
    """A message said differently: a new version of what it became; the old one stays (F10)."""
    said = await casework.said_message(context, message.edits or "")
    old = await item.newest_of_message(context.store, said.id) if said is not None else None
    if old is None or old.case_code is None:
        raise Refusal("case.edit_not_found")
    case = await casework.mine(context, old.case_code)
    if not message.text:
        raise Refusal("case.edit_empty")
    if clean(message.text) == old.text:
        return Outcome(screens=[context.reply("case.edit_same", case=case.code)], case=case.code)
    others = await _taken_apart(context, case, old)
    if others:
        return await _restated(context, [case, *others], old, message.text)
    version, before = await _version(context, case, old, message.text)
    entries, told = await _on(context, case, "corrected", version, (), before=before)
    if case.question == before.digest and not entries:
        entry = case.correct(version)
    else:
        entry = replace(case.entry("corrected", item=version.digest, replaces=before.digest), about=())
    return Outcome([entry, *entries], [context.reply("case.corrected", case=case.code, code=case.code), *told], case=case.code)


async def _version(context: Context, case: Inquiry, old: Item, text: str) -> tuple[Item, Item]:
    """The new version and what it replaces: of a question written in several messages only the edited part changes."""
    question = await casework.kept(context, case.question)
    own = await _own_words(context, old)
    if old.kind not in {ItemKind.DRAFT, ItemKind.QUESTION} or own == question.text:
        version = context.item(old.kind, text, case.code, replaces=old.digest)
        version.inbox_id = old.inbox_id
        return version, old
    whole = str(question)
    text = whole.replace(own, text, 1) if own and own in whole else f"{whole}\n\n{text}"
    return context.item(ItemKind.QUESTION, text, case.code, replaces=question.digest), question


async def _taken_apart(context: Context, case: Inquiry, old: Item) -> list[Inquiry]:
    """The other cases the same message was taken apart into: begun in the same moment, each carrying the message's words."""
    asked, own = await casework.kept(context, case.question), await _own_words(context, old)
    if PART_OF not in (asked.text or ""):
        return []
    found: list[Inquiry] = []
    for other in await inquiry.of_reporter(context.store, context.my_id, 50):
        if other.code != case.code and other.received_at == case.received_at and other.state is not InquiryState.WITHDRAWN:
            question = await casework.kept(context, other.question)
            found += [other] if own in (question.text or "").partition(PART_OF)[2] else []
    return found


async def _restated(context: Context, cases: Sequence[Inquiry], old: Item, text: str) -> Outcome:
    """Words that were taken apart are said differently: every case of them gets its own part and the whole as they read now."""
    own = await _own_words(context, old)
    draft = context.item(ItemKind.DRAFT, text, cases[0].code, replaces=old.digest)
    draft.inbox_id = old.inbox_id  # the next edit of the message finds these words
    before, after = (context.office.router.route(words, context.now).parts for words in (own, text))
    parts = dict(zip(before, after, strict=True)) if len(before) == len(after) else {}
    outcome = Outcome()
    for case in cases:
        question = await casework.kept(context, case.question)
        part, between, whole = str(question).partition(PART_OF)
        words = f"{parts.get(part, part)}{between}{whole.replace(own, text, 1)}"
        version = context.item(ItemKind.QUESTION, words, case.code, replaces=question.digest)
        entries, told = await _on(context, case, "corrected", version, (), before=question)
        corrected_ = case.correct(version) if not entries else case.entry("corrected", item=version.digest, replaces=question.digest)
        outcome += Outcome([corrected_, *entries], told)
    receipt = context.reply("case.corrected", case=cases[0].code, code=", ".join(case.code for case in cases))
    return replace(outcome, screens=[receipt, *outcome.screens], case=cases[0].code)


async def _own_words(context: Context, part: Item) -> str:
    """What one message added to a question, without what was said before it."""
    before = await item.item(context.store, part.replaces)
    return (part.text or "").removeprefix(f"{before.text}\n\n") if before is not None and before.text else part.text or ""
