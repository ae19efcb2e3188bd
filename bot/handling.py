"""One stored message, handled: read it, see who wrote, resolve what a number means, find the handler, let it decide."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import col, select

from bot.channels.base import BROUGHT, Reading, named_by
from bot.machine import Machine
from handlers.contract import LEAVE, LOOKUPS, Context, InboundMessage, Kind, Outcome, Outgoing
from handlers.releases import delivery
from models.evidence.exchange import Actor, Entry
from models.evidence.item import Attachment
from models.evidence.item import files as files_by_id
from models.messages import menu
from models.messages.conversation import Conversation
from models.messages.message import InboxMessage, InboxState, OutboxMessage
from models.people.person import Account, Role
from models.people.presence import Presence, present
from models.store import Store
from models.text import clean, fold

NO_CHAT = frozenset({"clock", "console", "sender"})  # the machine's own producers: nobody is behind them


@dataclass
class Handled:
    """A message with what its handler decided, waiting for the group's commit."""

    row: InboxMessage
    context: Context
    outcome: Outcome
    actor: Actor
    state: InboxState = InboxState.DONE


async def gather(store: Store, rows: Sequence[InboxMessage], at: datetime) -> dict[tuple[str, str], Presence]:
    """Everybody a group of messages comes from; chats never seen before get an account, which is an entry of its own."""
    chats = {(row.channel, row.chat) for row in rows if row.channel not in NO_CHAT and row.chat}
    found = await present(store, chats, at) if chats else {}
    for channel, chat in sorted(chats - found.keys()):
        account = Account(channel=channel, external_id=chat, created_at=at)
        store.add(account)
        found[channel, chat] = Presence(account)
    await store.flush()
    for presence in found.values():
        if presence.conversation is None:
            presence.conversation = Conversation(account_id=presence.account.id or 0, updated_at=at)
            store.add(presence.conversation)
    return found


def read(machine: Machine, row: InboxMessage) -> Reading:
    """What a stored message says."""
    return _brought(row) or machine.channels[row.channel].read(row.payload or "")


async def handle(store: Store, machine: Machine, row: InboxMessage, presence: Presence | None, reading: Reading | None = None) -> Handled:
    """Let the right handler decide. Raises `Refusal` for a kind no; anything else it raises is a bug."""
    reading = reading or read(machine, row)
    message = await _message(store, row, reading, presence)
    context = Context(
        store=store,
        now=row.received_at,
        office=machine.office,
        ids=machine.ids,
        message=message,
        account=presence.account if presence else None,
        conversation=presence.conversation if presence else None,
        person=presence.person if presence else None,
        reporter=presence.reporter if presence else None,
        posts=presence.posts if presence else (),
    )
    handler, role = machine.routes.find(message, context)
    outcome = await handler(message, context)
    if presence is not None:
        if outcome.place is None and context.conversation is not None and context.conversation.flow in LOOKUPS:
            outcome = replace(outcome, place=LEAVE)
        entries = opened(presence, row)
        if message.kind is not Kind.DELIVERY:
            entries += delivery.back(presence.account)  # whoever blocked us and writes can be reached again
            machine.menus.notice(presence.account, context.roles)
        outcome = Outcome(entries) + outcome + Outcome(screens=_about_files(message, context))
    return Handled(row, context, outcome, _actor(context, role, row.channel))


def _brought(row: InboxMessage) -> Reading | None:
    """Files too large for their channel, which came by a link: a message of that chat all the same."""
    if not row.external_id.startswith(BROUGHT):
        return None
    return Reading(Kind.TEXT, files=json.loads(row.payload or "{}").get("files", []))


def _about_files(message: InboundMessage, context: Context) -> list[Outgoing]:
    """A file that came along with words but could not be had: said, never passed over."""
    if message.kind is Kind.OTHER:
        return []
    keys = [key for name, key in (("too_large", "start.file_too_large"), ("missing", "start.file_missing")) if name in message.detail]
    return [context.reply(key, link=context.office.bring_link(context.here.id or 0, context.now)) for key in keys]


def opened(presence: Presence, row: InboxMessage) -> list[Entry]:
    """The entry a chat's very first message owes for the account it opened."""
    account = presence.account
    if account.opened_by is None:
        account.opened_by = row.id
    return (
        [Entry("account.opened", (account,), detail={"account": account.id})] if account.opened_by == row.id and row.problem is None else []
    )


def _actor(context: Context, role: Role | None, channel: str) -> Actor:
    person = context.person.id if context.person else None
    account = context.account.id if context.account else None
    return Actor(person, role.value if role else "machine", account, channel)


async def _message(store: Store, row: InboxMessage, reading: Reading, presence: Presence | None) -> InboundMessage:
    files: list[Attachment] = []
    if reading.files:
        mine = presence.account.id if presence else None
        files = [f for f in await files_by_id(store, reading.files) if f.account_id == mine and f.inbox_id in {None, row.id}]
    detail = dict(reading.detail)
    if reading.remote:
        found = await store.scalars(select(Attachment).where(Attachment.inbox_id == row.id).order_by(col(Attachment.created_at)))
        fetched = found.all()
        files.extend(fetched)
        if len(fetched) < len(reading.remote):
            detail["missing"] = True
    for file in files:
        file.inbox_id = row.id
    kind, text, choice = reading.kind, clean(reading.text), reading.choice
    if kind is Kind.TEXT and presence is not None and not files and 0 < len(text) <= menu.LONGEST and not text.startswith("/"):
        meant = await _meant(store, presence, text, row.received_at)
        if meant is not None:
            kind, choice = Kind.CHOICE, meant
    if choice is not None and presence is not None and (named := named_by(choice)) is not None:
        choice = await _action_of(store, presence, *named)
    if choice is not None and choice.startswith("="):
        choice = _in_step(choice, presence.conversation if presence else None)
    return InboundMessage(
        id=row.id or 0,
        channel=row.channel,
        kind=kind,
        received_at=row.received_at,
        text=text,
        choice=choice,
        files=tuple(files),
        key=row.message_key,
        reply_to=reading.reply_to,
        edits=reading.edits,
        group=reading.group,
        detail=detail,
    )


async def _action_of(store: Store, presence: Presence, row_id: int, index: int) -> str:
    """The action behind a button that was too long for its channel; the buttons of other people's messages mean nothing here."""
    shown = await store.get(OutboxMessage, row_id) if row_id < 2**63 else None
    mine = shown is not None and shown.account_id == presence.account.id
    choices = (shown.choices or []) if shown is not None and mine else []
    return choices[index]["action"] if index < len(choices) else "stale"


async def _meant(store: Store, presence: Presence, text: str, at: datetime) -> str | None:
    """The action somebody means who typed a number or a label of the last menu sent to that chat, and of no other."""
    choices, shown_at = await menu.last(store, presence.account.id or 0) or ((), at)
    if not choices or at - shown_at > menu.LIFE:
        return None
    if text.isascii() and text.isdigit():
        number = int(text)
        return choices[number - 1]["action"] if 1 <= number <= len(choices) else None
    folded = fold(text)
    return next((c["action"] for c in choices if folded and fold(c["label"]) == folded), None)


def _in_step(choice: str, conversation: Conversation | None) -> str:
    """A choice of a step counts only in the turn it was shown in; otherwise the menu is old."""
    value, _, turn = choice.rpartition("~")
    here = conversation is not None and conversation.flow is not None and turn == str(conversation.turn)
    return value if here else "stale"
