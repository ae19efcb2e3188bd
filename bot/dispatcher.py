"""From the inbox to decisions: claim in order per chat, handle in groups, commit once, replay one by one on failure.

Three failures, three fates: a `Refusal` goes to the person as its sentence; a delivery failure is the sender's matter;
anything else rolls the message back, sets it aside with its traceback and apologises shortly.
"""

import logging
import traceback
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar

from sqlalchemy import bindparam, tuple_
from sqlalchemy.orm import aliased
from sqlmodel import col, exists, select

from bot import handling, recording
from bot.compass import Unprepared
from bot.foresight import foresee
from bot.machine import Machine
from bot.office import with_units
from bot.storage.locks import Chat
from bot.watch.pulse import beat
from bot.watch.trouble import passes
from handlers.contract import Context, InboundMessage, Kind, Outcome, Outgoing, Screen
from models.errors import Refusal
from models.evidence.exchange import Actor
from models.messages.message import InboxMessage, InboxState
from models.people.person import PostKind, accounts_of, posted
from models.people.presence import Presence
from models.store import Store

log = logging.getLogger(__name__)

GROUP = 64  # messages per transaction; keeps one under about 50 ms
CONSOLE = "console"
_PREPARATIONS = 3  # times a group waits for what must be read first; then it goes on with what is known

T = TypeVar("T")


Say = Callable[[Store, InboxMessage, Presence | None], Awaitable[list[Outgoing]]]


class Replay(Exception):  # noqa: N818 - an order, not an error
    """The optimistic group cannot stand: every message is handled again in a transaction of its own."""


class Dispatcher:
    """A consumer of the inbox; on PostgreSQL one of several, which never handle the same chat at once."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self._shredded: list[str] = []  # files whose rows were erased; the bytes go after the commit

    async def run(self) -> None:
        """Handle messages for ever."""
        while True:
            beat()
            if not await self.step():
                await self.machine.signals.inbox.wait(1)

    async def drain(self) -> int:
        """Handle everything that is ready now; returns how many messages."""
        total = 0
        while handled := await self.step():
            total += handled
        return total

    async def step(self) -> int:
        """Handle one group; returns its size."""
        try:
            handled = await self._prepared(self._group)
        except Exception as error:
            if passes(error):
                raise
            self.machine.tally.replays += 1
            if not isinstance(error, Replay):
                log.warning("a group is replayed one by one", extra={"action": "replay", "problem": type(error).__name__})
            handled = await self._one_by_one()
        if handled:
            self.machine.tally.took(handled)
            await self._shred()
            for signal in (self.machine.signals.outbox, self.machine.signals.alarm):
                signal.nudge()
        return handled

    async def _prepared(self, work: Callable[[Store], Awaitable[T]]) -> T:
        """A unit of work, begun again when the office must first read a changed directory or look at what a question means."""
        machine, compass = self.machine, self.machine.compass
        for _ in range(_PREPARATIONS):
            try:
                return await machine.database.write(work)
            except Unprepared:
                if compass.stale:
                    machine.office = await with_units(machine.office, machine.database, machine.now())
                await compass.understand()
        compass.hurried = True
        try:
            return await machine.database.write(work)
        finally:
            compass.hurried = False

    async def _shred(self) -> None:
        """After the commit; a rolled-back group leaves names whose rows still live, so the rows decide."""
        if self._shredded:
            self._shredded.clear()
            await self.machine.files.sweep(self.machine.database)

    async def _group(self, store: Store) -> int:
        rows = first_of_each(await self._claim(store))
        if rows:
            await self.machine.compass.check(store, self.machine.now())
            presences = await handling.gather(store, rows, rows[-1].received_at)
            readings = {row.id: handling.read(self.machine, row) for row in rows}
            await foresee(store, readings, rows, presences)
            group: list[handling.Handled] = []
            for row in rows:
                try:
                    group.append(await handling.handle(store, self.machine, row, presences.get((row.channel, row.chat)), readings[row.id]))
                except Refusal as refusal:
                    raise Replay from refusal
            self.machine.compass.check_understood()
            await recording.record(store, self.machine, group)
            self._shredded.extend(name for handled in group for name in handled.outcome.shred)
        return len(rows)

    async def _one_by_one(self) -> int:
        async with self.machine.database.read() as store:
            ids = [row.id for row in await claim(store, GROUP) if row.id is not None]
        return sum([await self._alone(row_id) for row_id in ids])

    async def _claim(self, store: Store) -> Sequence[InboxMessage]:
        """Messages of chats no other dispatcher has; they are read after the chats are held, as they are then."""
        chats = await self.machine.database.locks.free_chats(store)
        return [] if chats is not None and not chats else await claim(store, GROUP, chats)

    async def _ready(self, store: Store, row_id: int) -> InboxMessage | None:
        """A message that is still to be handled and whose turn it is, its chat held; None where another dispatcher has it."""
        row = await store.get(InboxMessage, row_id)
        if row is None or not await self.machine.database.locks.chat(store, (row.channel, row.chat)):
            return None
        await store.refresh(row)
        return row if row.state is InboxState.READY and not await _waits(store, row) else None

    async def _alone(self, row_id: int) -> bool:
        async def work(store: Store) -> bool:
            row = await self._ready(store, row_id)
            if row is None:
                return False
            presences = await handling.gather(store, [row], row.received_at)
            await self.machine.compass.check(store, self.machine.now())
            handled = await handling.handle(store, self.machine, row, presences.get((row.channel, row.chat)))
            self.machine.compass.check_understood()
            await recording.record(store, self.machine, [handled])
            self._shredded.extend(handled.outcome.shred)
            return True

        try:
            return await self._prepared(work)
        except Refusal as refusal:
            await self._refuse(row_id, refusal)
        except Exception as error:
            if passes(error):  # the disk is full or the database away: the message is not to blame and waits
                raise
            await self._set_aside(row_id, error)
        return True

    async def _refuse(self, row_id: int, refusal: Refusal) -> None:
        """Everything the handler had begun is rolled back; only the sentence goes out."""

        async def say(_store: Store, row: InboxMessage, presence: Presence | None) -> list[Outgoing]:
            if row.channel == CONSOLE:  # nobody is behind it: whoever waits for the command reads it from the row
                row.problem = self.machine.office.texts.say("vi", refusal.key, refusal.values)
            return [Outgoing(presence.account, Screen(refusal.key, refusal.values))] if presence else []

        await self._settle(row_id, say)

    async def _set_aside(self, row_id: int, error: Exception) -> None:
        """Keep the traceback, apologise shortly, tell the officers; `phatngon retry ID` puts it back."""
        log.error("a message is set aside", extra={"action": "aside", "cause_id": row_id, "problem": type(error).__name__})
        problem = "".join(traceback.format_exception(error))  # may hold somebody's words: for the database, never for the logs

        async def say(store: Store, row: InboxMessage, presence: Presence | None) -> list[Outgoing]:
            officers = await posted(store, row.received_at, kind=PostKind.OFFICER)
            watching = await accounts_of(store, *(o.id for o in officers if o.id is not None))
            apology = [Outgoing(presence.account, Screen.of("start.sorry"))] if presence else []
            return [*apology, *(Outgoing(a, Screen.of("officer.set_aside", number=row_id)) for a in watching)]

        await self._settle(row_id, say, problem)
        self.machine.tally.aside += 1

    async def _settle(self, row_id: int, say: Say, problem: str | None = None) -> None:
        """Settle a message in a fresh session with nothing but what is to be said; one with a problem is set aside."""

        async def work(store: Store) -> None:
            row = await self._ready(store, row_id)
            if row is None:
                return
            presences = await handling.gather(store, [row], row.received_at)
            presence = presences.get((row.channel, row.chat))
            outcome = Outcome(handling.opened(presence, row) if presence else [], await say(store, row, presence))
            row.problem = problem or row.problem  # only now: a message with a problem owes no second entry for its chat
            state = InboxState.DONE if problem is None else InboxState.ASIDE
            actor = Actor(None, "machine", None, row.channel)
            handled = handling.Handled(row, self._context(store, row, presence), outcome, actor, state)
            await recording.record(store, self.machine, [handled])

        await self.machine.database.write(work)

    def _context(self, store: Store, row: InboxMessage, presence: Presence | None) -> Context:
        message = InboundMessage(id=row.id or 0, channel=row.channel, kind=Kind.OTHER, received_at=row.received_at)
        return Context(
            store=store,
            now=row.received_at,
            office=self.machine.office,
            ids=self.machine.ids,
            message=message,
            account=presence.account if presence else None,
            conversation=presence.conversation if presence else None,
        )


async def claim(store: Store, most: int, chats: Sequence[Chat] | None = None) -> Sequence[InboxMessage]:
    """The oldest ready messages (of these chats) whose chat is not waiting for an earlier one's files."""
    if chats is None:
        return (await store.scalars(_READY, {"most": most})).all()
    query = _READY.where(tuple_(col(InboxMessage.channel), col(InboxMessage.chat)).in_(chats))
    return (await store.scalars(query, {"most": most})).all()


def _ready() -> Any:
    """Built once, as it is asked all the time."""
    earlier = aliased(InboxMessage)
    waiting = exists().where(
        col(earlier.channel) == col(InboxMessage.channel),
        col(earlier.chat) == col(InboxMessage.chat),
        col(earlier.state) == InboxState.FETCHING,
        col(earlier.id) < col(InboxMessage.id),
    )
    query = select(InboxMessage).where(InboxMessage.state == InboxState.READY, ~waiting)
    return query.order_by(col(InboxMessage.id)).limit(bindparam("most"))


_READY = _ready()


async def _waits(store: Store, row: InboxMessage) -> bool:
    """Whether an earlier message of the chat is not handled yet."""
    earlier = select(InboxMessage.id).where(
        col(InboxMessage.state).in_([InboxState.READY, InboxState.FETCHING]),
        InboxMessage.channel == row.channel,
        InboxMessage.chat == row.chat,
        col(InboxMessage.id) < row.id,
    )
    return (await store.execute(earlier.limit(1))).first() is not None


def first_of_each(rows: Sequence[InboxMessage]) -> list[InboxMessage]:
    """One message per chat: the next must find the conversation where this one leaves it. The machine's own have no chat."""
    seen: set[tuple[str, str]] = set()
    first: list[InboxMessage] = []
    for row in rows:
        if row.channel in handling.NO_CHAT or not row.chat or (row.channel, row.chat) not in seen:
            first.append(row)
        seen.add((row.channel, row.chat))
    return first
