"""What several conversations do with a case: find it by right, show it, tell its unit or its reporter."""

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlmodel import col, select

from handlers.contract import LEAVE, Choice, Context, InboundMessage, Outcome, Outgoing, Screen
from models import codes, deadline, exchange, inquiry, item, mandate
from models.deadline import ORDINARY, Deadline
from models.errors import Refusal
from models.exchange import Entry
from models.inquiry import Inquiry, InquiryState, Rating
from models.item import Attachment, Item, ItemKind
from models.message import Alarm, InboxMessage, OutboxMessage
from models.person import Account, AccountState, Person, PostKind, Reporter, Role, accounts_of, posted
from models.text import clean
from models.texts import Due, Words
from models.unit import DESK

SHORTEST_REASON = 10  # characters: “không” is no reason


def code_here(context: Context) -> str:
    """The case the present flow is about."""
    return str(context.conversation.said().get("code", "")) if context.conversation else ""


async def mine(context: Context, code: str) -> Inquiry:
    """A case the person asked. Somebody else's case and no case at all get the same sentence."""
    found = await inquiry.by_code(context.store, code)
    if found is None or context.person is None or found.reporter_id != context.person.id:
        raise Refusal("case.unknown", code=code)
    return found


async def ours(context: Context, code: str) -> Inquiry:
    """A case the person may work on: it lies with their unit, or they are an officer."""
    found = await inquiry.by_code(context.store, code)
    allowed = found is not None and (
        Role.OFFICER in context.roles or (found.unit_id in context.units and found.state is not InquiryState.RECEIVED)
    )
    if found is None or not allowed:
        raise Refusal("case.unknown", code=code)
    return found


def closed(case: Inquiry) -> Refusal:
    """A case that has ended; says how, and what else there is to do."""
    return Refusal("case.closed", code=case.code, state=Words.of(f"case.state_{case.state.value}"))


async def code_of(message: InboundMessage, context: Context) -> str | None:
    """The case a message is about: it replies to a message of the case, or writes its code."""
    if message.reply_to is not None:
        replied = await case_of_message(context, message.reply_to)
        if replied is not None:
            return replied
    written = codes.find(message.text, codes.INQUIRY)
    return written[0] if written else None


async def case_of_message(context: Context, key: str) -> str | None:
    """The case a message of this chat belongs to, whoever of the two wrote it."""
    told = await context.store.scalar(
        select(OutboxMessage.case_code).where(OutboxMessage.account_id == context.here.id, OutboxMessage.message_key == key).limit(1)
    )
    if told is not None:
        return told
    said = await said_message(context, key)
    if said is None:
        return None
    if said.case_code is not None:
        return said.case_code
    for table in (Item, Attachment):
        code = await context.store.scalar(
            select(table.case_code).where(table.inbox_id == said.id, col(table.case_code).is_not(None)).limit(1)
        )
        if code is not None:
            return code
    return None


async def said_message(context: Context, key: str) -> InboxMessage | None:
    """The stored message of this chat that has a key."""
    return await context.store.scalar(
        select(InboxMessage).where(
            InboxMessage.channel == context.here.channel, InboxMessage.chat == context.here.external_id, InboxMessage.message_key == key
        )
    )


async def kept(context: Context, digest: str) -> Item:
    """A text the present flow has stored before."""
    return await context.store.get_one(Item, digest)


async def clock_of(context: Context, code: str) -> Deadline | None:
    """The clock of an ordinary inquiry."""
    return await deadline.of_case(context.store, code)


def file_to(files: Sequence[Attachment], code: str, text: Item | None = None) -> list[dict[str, Any]]:
    """Hang files on a case, under a text if there is one; returns how entries name them."""
    for file in files:
        file.case_code = code
        file.item_digest = text.digest if text else file.item_digest
    return [file.ref() for file in files]


def requester(context: Context, person: Person, reporter: Reporter) -> Item:
    """Who asks, as they are known at this moment: name, outlet, credential, checked by whom (LAW.md, log field 2)."""
    facts = {
        "name": person.name,
        "kind": "press",
        "outlet": reporter.outlet_name,
        "credential": reporter.credential.value,
        "number": reporter.credential_number,
        "expires": reporter.credential_expires.isoformat(),
        "standing": reporter.standing.value,
        "checked_by": reporter.checked_by,
        "checked_at": reporter.checked_at.isoformat() if reporter.checked_at else None,
    }
    return context.item(ItemKind.REQUESTER, json.dumps(facts, ensure_ascii=False, sort_keys=True))


async def who_asks(context: Context, case: Inquiry) -> dict[str, Any]:
    """Name and outlet of a case's reporter, as they stood when it was asked; no private numbers (F110)."""
    stored = await item.item(context.store, case.requester)
    known: dict[str, Any] = json.loads(stored.text) if stored is not None and stored.text is not None else {}
    return {"reporter": known.get("name", item.TOMBSTONE), "outlet": known.get("outlet", item.TOMBSTONE)}


async def facts(context: Context, case: Inquiry) -> dict[str, Any]:
    """What every screen about a case may say."""
    clock = await clock_of(context, case.code)
    due: object = Words.of("case.due_paused") if clock and clock.state is deadline.DeadlineState.PAUSED else Words.of("case.due_none")
    if clock is not None and clock.due_at is not None:
        due = Words.of("case.due_overdue", due=Due(clock.due_at)) if clock.is_overdue(context.now) else Due(clock.due_at)
    return {
        "code": case.code,
        "unit": context.office.unit_name(case.unit_id or DESK),
        "since": case.since,
        "state": Words.of(f"case.state_{case.state.value}"),
        "due": due,
        "own_deadline": case.own_deadline or Words.of("case.no_own_deadline"),
        "form": Words.of(f"ask.form_{case.wanted_form}"),
        "received": case.received_at,
        "question": await item.item(context.store, case.question) or "–",
    } | await who_asks(context, case)


def desk_choices(case: Inquiry) -> tuple[Choice, ...]:
    """What a unit can do with a case; the fifth opens the rest."""
    first = () if case.state is InquiryState.ACKNOWLEDGED else (Choice("choice.acknowledge", f"desk.acknowledge:{case.code}"),)
    return (
        *first,
        Choice("choice.answer", f"answer.begin:{case.code}"),
        Choice("choice.ask_back", f"clarify.begin:{case.code}"),
        Choice("choice.transfer", f"transfer.begin:{case.code}"),
        Choice("choice.more", f"desk.more:{case.code}"),
    )


def rating_choices(code: str) -> tuple[Choice, ...]:
    """The three levels a reporter may give an answer (F11)."""
    return tuple(Choice(f"choice.rate_{rating.value}", f"case.rate:{code}:{rating.value}") for rating in Rating)


async def unit_accounts(context: Context, unit_id: str | None) -> list[Account]:
    """Where a unit's questions arrive: everybody with a post there who can be reached."""
    return list(await mandate.desk_accounts(context.store, unit_id, context.now)) if unit_id else []


async def officer_accounts(context: Context) -> list[Account]:
    """Every officer who can be reached."""
    people = await posted(context.store, context.now, kind=PostKind.OFFICER)
    return list(await accounts_of(context.store, *(p.id for p in people if p.id is not None)))


async def tell_unit(context: Context, case: Inquiry, key: str, files: Sequence[Attachment | str] = (), **values: Any) -> list[Outgoing]:
    """A word about a case to everybody in its unit but the writer; to the officers where nobody can be reached (F49)."""
    if case.state is InquiryState.RECEIVED:
        return []  # still with the press office: the unit it is meant for sees nothing before the officer's tap (F2)
    said = await facts(context, case) | values
    here = context.account.id if context.account else None
    accounts = [a for a in await unit_accounts(context, case.unit_id) if a.id != here]
    if accounts:
        return context.tell(accounts, Screen.of(key, *desk_choices(case), files=files, **said), case.code)
    if case.unit_id is not None and not await unit_accounts(context, case.unit_id):
        notice = Screen.of("officer.nobody_there", Choice("choice.reassign", f"officer.assign:{case.code}"), **said)
        return context.tell(await officer_accounts(context), notice, case.code)
    return []


async def tell_reporter(context: Context, case: Inquiry, screen: Screen, *, official: bool = False) -> list[Outgoing]:
    """A word to whoever asked: on the account they asked from, or the newest one they can be reached on."""
    asked = await context.store.get(Account, case.account_id)
    if asked is None or asked.state is not AccountState.ACTIVE:
        others = await accounts_of(context.store, case.reporter_id)
        asked = others[-1] if others else asked
    return context.tell([asked] if asked else [], screen, case.code, official=official)


async def follow_up(context: Context, case: Inquiry, draft: Item | None, files: Sequence[Attachment]) -> Outcome:
    """More words or files for a case: the reply to a clarification starts its clock again, an ended case opens again (F7, F8)."""
    clarifying = case.state is InquiryState.CLARIFYING
    text = draft or context.item(ItemKind.FOLLOW_UP, context.message.text)
    text.kind, text.case_code = (ItemKind.CLARIFICATION if clarifying else ItemKind.FOLLOW_UP), case.code
    refs = file_to(files, case.code, text)
    clock = await clock_of(context, case.code)
    if clarifying:
        if clock is not None and context.office.rules.resume(clock, context.now) and clock.due_at is not None:
            context.store.add(Alarm(due_at=clock.due_at, action="deadline.overdue", subject=case.code))
        entry, key = case.clarify(text, refs, clock, context.now), "clarified"
    else:
        if case.state in inquiry.ENDED and case.state is not InquiryState.WITHDRAWN:
            clock = context.office.rules.start(case.code, ORDINARY, context.now)
            context.store.add(clock)
            if clock.due_at is not None:
                context.store.add(Alarm(due_at=clock.due_at, action="deadline.overdue", subject=case.code))
        entry, key = case.follow_up(text, refs, clock, context.now), "followed_up"
    told = await tell_unit(context, case, f"desk.{key}", files, text=text)
    receipt = context.reply(f"case.{key}", case=case.code, **await facts(context, case))
    return Outcome([entry], [receipt, *told], LEAVE, case.code)


async def corrected(message: InboundMessage, context: Context) -> Outcome:
    """A message said differently: a new version of what it became; the old one stays (F10)."""
    said = await said_message(context, message.edits or "")
    old = await item.newest_of_message(context.store, said.id) if said is not None else None
    if old is None or old.case_code is None:
        raise Refusal("case.edit_not_found")
    case = await mine(context, old.case_code)
    if not message.text:
        raise Refusal("case.edit_empty")
    if clean(message.text) == old.text:
        return Outcome(screens=[context.reply("case.edit_same", case=case.code)], case=case.code)
    version, before = await _version(context, case, old, message.text)
    if case.question == before.digest:
        entry = case.correct(version)
    else:
        entry = replace(case.entry("corrected", item=version.digest, replaces=before.digest), about=())
    told = await tell_unit(context, case, "desk.corrected", text=version, before=before)
    return Outcome([entry], [context.reply("case.corrected", case=case.code, code=case.code), *told], case=case.code)


async def _version(context: Context, case: Inquiry, old: Item, text: str) -> tuple[Item, Item]:
    """The new version and what it replaces: of a question written in several messages only the edited part changes."""
    question = await kept(context, case.question)
    own = await _own_words(context, old)
    if old.kind not in {ItemKind.DRAFT, ItemKind.QUESTION} or own == question.text:
        version = context.item(old.kind, text, case.code, replaces=old.digest)
        version.inbox_id = old.inbox_id
        return version, old
    whole = str(question)
    text = whole.replace(own, text, 1) if own and own in whole else f"{whole}\n\n{text}"
    return context.item(ItemKind.QUESTION, text, case.code, replaces=question.digest), question


async def _own_words(context: Context, part: Item) -> str:
    """What one message added to a question, without what was said before it."""
    before = await item.item(context.store, part.replaces)
    return (part.text or "").removeprefix(f"{before.text}\n\n") if before is not None and before.text else part.text or ""


async def history(context: Context, case: Inquiry) -> Outcome:
    """Every step of a case in plain words; an officer's look at it is an entry of its own (LAW.md, log field 9)."""
    texts, language = context.office.texts, context.here.language
    rows = await exchange.of_case(context.store, case.code)
    lines = [
        texts.say(
            language, "history.line", {"seq": row.case_seq, "at": row.at, "what": Words.of(f"history.{row.action.replace('.', '_')}")}
        )
        for row in rows
    ]
    entry = Entry("case.read", case=case.code, unit_id=case.unit_id)
    reply = context.reply("history.list", case=case.code, code=case.code, lines="\n".join(lines), head=rows[-1].hash[:16] if rows else "–")
    return Outcome([entry], [reply], case=case.code)
