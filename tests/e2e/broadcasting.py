"""What goes on in Telegram while the machine is killed again and again: people write, and a release goes out to many."""

import json
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlmodel import col, func, select

from bot.database import Database
from models.messages.message import InboxMessage, InboxState, OutboxMessage, OutboxState, Priority
from models.people.person import Account
from models.store import Store
from tests.botapi.client import TelegramServer
from tests.channels.desk import release

WORDS = "Thông cáo về an toàn thực phẩm"
FIRST, WRITERS = 50_000, 7  # readers' chats count from here; the writers' beyond them
EACH = 30  # readers for every life
SAYING = 10  # updates before every life


class Telegram:
    """The strict server with everybody in it."""

    def __init__(self, server: TelegramServer, database: Database, lives: int) -> None:
        self.server, self.database = server, database
        self.readers = EACH * lives
        self.written = 0
        self.in_flight = 0

    @property
    def environment(self) -> Mapping[str, str]:
        """How the machine finds it; the pace lets the release outlast most lives."""
        found = {"API": self.server.url, "TOKEN": self.server.token, "RATE": "100", "CHAT_RATE": "0"}
        return {f"PHATNGON_TELEGRAM_{name}": value for name, value in found.items()}

    async def begin(self) -> None:
        """The release is confirmed: one row for everybody."""
        await self.server.crowd(FIRST, self.readers)

        async def confirmed(store: Store) -> None:
            at = datetime.now(UTC)
            broadcast = await release(store, at)
            for number in range(self.readers):
                known = Account(channel="telegram", external_id=str(FIRST + number), created_at=at)
                store.add(known)
                await store.flush()
                row: dict[str, Any] = {"priority": Priority.BULK, "broadcast_id": broadcast, "text": WORDS}
                store.add(OutboxMessage(account_id=known.id or 0, channel="telegram", created_at=at, due_at=at, **row))

        await self.database.write(confirmed)

    async def more(self) -> None:
        """People write, whether anybody listens or not."""
        await self.server.control("bulk", count=SAYING, chats=WRITERS, first_chat=FIRST - WRITERS)
        self.written += SAYING

    async def killed(self) -> None:
        """Look how much was under way."""
        async with self.database.read() as store:
            sending = select(func.count()).select_from(OutboxMessage)
            self.in_flight += await store.scalar(sending.where(OutboxMessage.state == OutboxState.SENDING)) or 0

    async def examine(self) -> None:
        """Every update once, every reader served once or shown as uncertain, never more uncertain than were under way."""
        calls = [line for line in await self.server.record("sendMessage") if line["ok"]]
        arrived = Counter(int(line["chat"]) for line in calls if line["parameters"]["text"] == WORDS)
        async with self.database.read() as store:
            kept = (await store.scalars(select(InboxMessage).where(InboxMessage.channel == "telegram"))).all()
            query = select(Account.external_id, OutboxMessage.state).where(col(OutboxMessage.account_id) == Account.id)
            bulk = (await store.execute(query.where(col(OutboxMessage.broadcast_id).is_not(None)))).all()
            replied = select(OutboxMessage.cause_id).where(OutboxMessage.channel == "telegram", col(OutboxMessage.cause_id).is_not(None))
            answered = set((await store.scalars(replied)).all())
        assert len({row.external_id for row in kept}) == len(kept) == self.written
        assert {row.state for row in kept} == {InboxState.DONE}
        assert all(json.loads(row.payload or "{}") for row in kept)
        assert {row.id for row in kept} <= answered
        assert len(bulk) == self.readers
        states = Counter(state for _, state in bulk)
        unknown = states[OutboxState.UNCERTAIN] + states[OutboxState.SENDING]  # where machines share, until their lease is over
        assert states[OutboxState.SENT] + unknown == self.readers
        assert unknown <= self.in_flight
        assert max(arrived.values()) == 1
        assert {int(chat) for chat, state in bulk if state is OutboxState.SENT} <= set(arrived)
