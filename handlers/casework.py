"""What several conversations do with a case: find it by right and show it."""

import json
from collections.abc import Sequence
from typing import Any

from sqlmodel import col, select

from handlers.contract import Choice, Context, InboundMessage, Outcome
from models import codes
from models.casework import inquiry, sharing
from models.casework.inquiry import Inquiry, InquiryState
from models.clocks import deadline
from models.clocks.deadline import Deadline, Target
from models.directory.unit import DESK
from models.errors import Refusal
from models.evidence import exchange, item
from models.evidence.exchange import Entry
from models.evidence.item import Attachment, Excerpt, Item, ItemKind
from models.messages.message import InboxMessage, OutboxMessage
from models.people.person import Person, Reporter, Role
from models.texts import Due, Words

LISTED = 3  # texts of a case offered at a time, beside “older” and “quit”
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
    """A case the person may work on: it lies with their unit or is shared with it, or they are an officer."""
    found = await inquiry.by_code(context.store, code)
    if found is None or not (Role.OFFICER in context.roles or await _with_us(context, found)):
        raise Refusal("case.unknown", code=code)
    return found


async def known(context: Context, code: str) -> Inquiry:
    """A case the machine itself speaks of; whoever asked had the right."""
    found = await inquiry.by_code(context.store, code)
    if found is None:
        raise Refusal("case.unknown", code=code)
    return found


async def _with_us(context: Context, case: Inquiry) -> bool:
    if case.state is InquiryState.RECEIVED:
        return False
    return case.unit_id in context.units or await sharing.works_beside(context.store, case.code, context.units)


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
    """The clock of what a case owes: its final answer."""
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
    every = await deadline.every(context.store, case.code)
    clock = next((c for c in reversed(every) if c.target is Target.FINAL), None)
    due: object = Words.of("case.due_paused") if clock and clock.state is deadline.DeadlineState.PAUSED else Words.of("case.due_none")
    if clock is not None and clock.due_at is not None:
        due = Words.of("case.due_overdue", due=Due(clock.due_at)) if clock.is_overdue(context.now) else Due(clock.due_at)
    own = {c.target: c.due_at for c in every if c.state is deadline.DeadlineState.RUNNING and c.due_at is not None}
    own_targets: object = Words.of("case.targets_none")
    if Target.ACKNOWLEDGE in own and Target.FIRST_SUBSTANCE in own:
        own_targets = Words.of("case.targets_both", acknowledge=Due(own[Target.ACKNOWLEDGE]), first=Due(own[Target.FIRST_SUBSTANCE]))
    elif Target.FIRST_SUBSTANCE in own:
        own_targets = Words.of("case.targets_first", first=Due(own[Target.FIRST_SUBSTANCE]))
    return {
        "code": case.code,
        "unit": context.office.unit(case.unit_id or DESK),
        "since": case.since,
        "state": Words.of(f"case.state_{case.state.value}"),
        "due": due,
        "targets": own_targets,
        "own_deadline": case.own_deadline or Words.of("case.no_own_deadline"),
        "form": Words.of(f"ask.form_{case.wanted_form}"),
        "received": case.received_at,
        "question": await item.item(context.store, case.question) or "–",
    } | await who_asks(context, case)


async def history(context: Context, case: Inquiry) -> Outcome:
    """Every step of a case in plain words."""
    ways = [Choice("choice.why_due", f"clock.why:{case.code}")]
    if case.state in inquiry.OPEN:
        ways.append(Choice("choice.urgent", f"urgent.begin:{case.code}"))
    if Role.OFFICER in context.roles:
        ways.append(Choice("choice.who_asks", f"asker.begin:{case.code}"))
    return await steps(context, case.code, case.unit_id, *ways)


async def steps(context: Context, code: str, unit_id: str | None, *ways: Choice) -> Outcome:
    """Every step under a code; a look at it is an entry of its own (LAW.md, log field 9)."""
    texts, language = context.office.texts, context.here.language
    rows = await exchange.of_case(context.store, code)
    lines = [
        texts.say(
            language, "history.line", {"seq": row.case_seq, "at": row.at, "what": Words.of(f"history.{row.action.replace('.', '_')}")}
        )
        for row in rows
    ]
    entry = Entry("case.read", case=code, unit_id=unit_id)
    reply = context.reply("history.list", *ways, case=code, code=code, lines="\n".join(lines), head=rows[-1].hash[:16] if rows else "–")
    return Outcome([entry], [reply], case=code)


def read_by_officer(context: Context, code: str, unit_id: str | None) -> list[Entry]:
    """The entry an officer's look at a file owes; a unit's own people open their own work."""
    return [Entry("case.read", case=code, unit_id=unit_id)] if Role.OFFICER in context.roles else []


def text_choices(texts: Sequence[Item], skipped: int) -> list[Choice]:
    """One message's worth of a case's texts, and the way to older ones."""
    ways = [Choice.of("choice.plain", f"={text.digest}", text=Excerpt(text)) for text in texts[skipped : skipped + LISTED]]
    return [*ways, Choice("choice.older", f"=older:{skipped + LISTED}")] if len(texts) > skipped + LISTED else ways
