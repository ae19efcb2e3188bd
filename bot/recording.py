"""What a group of handled messages leaves behind: entries on the chain, rows in the outbox, settled inbox rows."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert

from bot.channels.base import split
from bot.handling import Handled
from bot.machine import Machine
from handlers.contract import Context, Outgoing
from models.evidence import exchange
from models.messages.message import OutboxMessage, OutboxState
from models.store import Store, UnloggedChange, table_of, written_alike

_OUTBOX, _ENTRIES = (
    insert(table_of(OutboxMessage)),
    insert(table_of(exchange.ExchangeEntry)),
)  # tables: rows by the dozen, none of them read again


async def record(store: Store, machine: Machine, group: Sequence[Handled]) -> None:
    """Write what the group decided, in order, in as few statements as there are tables.

    Raises:
        UnloggedChange: logged rows were changed that no entry explains.
    """
    for handled in group:
        _move(handled)
        handled.row.state, handled.row.handled_at = handled.state, handled.context.now
        handled.row.case_code = handled.outcome.case or handled.row.case_code
        written_alike(handled.row, "case_code")
    rows = [row for handled in group for row in outbox_rows(machine, handled)]
    await store.flush()
    left = store.unexplained(row for handled in group for entry in handled.outcome.entries for row in entry.about)
    if left:
        raise UnloggedChange(f"changed without an entry: {', '.join(sorted({type(row).__name__ for row in left}))}")
    await append(store, machine, group)
    if rows:
        await store.execute(_OUTBOX, rows)


def _move(handled: Handled) -> None:
    """The conversation goes where the handler said; without a new screen at the same step the menu shown stays valid."""
    place, conversation = handled.outcome.place, handled.context.conversation
    if place is None or conversation is None:
        return
    if place.flow is not None and not handled.outcome.screens and (place.flow, place.step) == (conversation.flow, conversation.step):
        conversation.remember(dict(place.answers), handled.context.now)
    else:
        conversation.move(place.flow, place.step, dict(place.answers), handled.context.now)
    written_alike(conversation, "flow", "step", "turn", "answers")


async def append(store: Store, machine: Machine, group: Sequence[Handled]) -> None:
    """Link the entries to the chain; the head is read here, never remembered across a rollback."""
    drafts = [(draft, handled) for handled in group for draft in handled.outcome.entries]
    if not drafts:
        return
    await machine.database.locks.ledger(store)
    head = await exchange.head(store)
    cases: dict[str, tuple[int, str | None]] = dict(await exchange.case_heads(store, [*{d.case for d, _ in drafts if d.case is not None}]))
    rows: list[dict[str, Any]] = []
    for draft, handled in drafts:
        seq, last = cases.get(draft.case or "", (0, None))
        around = exchange.Circumstances(
            at=handled.context.now,
            actor=handled.actor,
            cause=handled.row.id,
            nonce=machine.ids.name(),
            unit={"id": draft.unit_id, "name": machine.office.unit_name(draft.unit_id)} if draft.unit_id else None,
        )
        row = exchange.columns(exchange.build(draft, head.seq + 1, (seq + 1, last), around), head.hash)
        head = exchange.Head(row["seq"], row["hash"])
        if draft.case is not None:
            cases[draft.case] = (seq + 1, row["digest"])
        rows.append(row)
    await store.execute(_ENTRIES, rows)


def outbox_rows(machine: Machine, handled: Handled) -> Iterable[dict[str, Any]]:
    """The outbox rows of a message's screens, split to what each recipient's channel can carry."""
    for outgoing in handled.outcome.screens:
        yield from parts(machine, outgoing, handled.context)


def parts(machine: Machine, outgoing: Outgoing, context: Context) -> Iterable[dict[str, Any]]:
    """One screen as rows: files first where a channel cannot bundle them, choices on the last part only."""
    account, screen = outgoing.account, outgoing.screen
    able = machine.channels[account.channel].capabilities
    text = machine.office.texts.say(account.language, screen.key, screen.values)
    choices = [
        {"label": machine.office.texts.say(account.language, c.label, c.values), "action": _bound(c.action, context)}
        for c in screen.choices
    ]
    pieces = split(text, able.text_limit)
    files = list(screen.files)
    alone = [] if able.bundles_files else [[file] for file in files]
    quotes = screen.quotes() or None
    total = len(alone) + len(pieces)
    for number, piece in enumerate([*([""] * len(alone)), *pieces]):
        last = number == total - 1
        carried = alone[number] if number < len(alone) else files if able.bundles_files and last else []
        yield outbox_row(outgoing, context.now, context.message.id) | {
            "part": number,
            "text": piece,
            "choices": (choices or None) if last else None,
            "files": carried or None,
            "quotes": quotes,
        }


def outbox_row(outgoing: Outgoing, at: datetime, cause: int | None) -> dict[str, Any]:
    """The columns every row of an outgoing screen shares."""
    return {
        "cause_id": cause,
        "account_id": outgoing.account.id,
        "channel": outgoing.account.channel,
        "priority": int(outgoing.priority),
        "case_code": outgoing.case,
        "broadcast_id": None,
        "item_digest": None,
        "official": outgoing.official,
        "state": OutboxState.QUEUED,
        "created_at": at,
        "due_at": at,
        "attempts": 0,
        "resent": False,
    }


def _bound(action: str, context: Context) -> str:
    """A choice of a step carries the turn it is shown in; `record` has already moved the conversation on."""
    if not action.startswith("="):
        return action
    return f"{action}~{context.conversation.turn if context.conversation else 0}"
