"""The invariants of DESIGN.md, broken on purpose: the machine notices, and nothing half done remains."""

import dataclasses
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, insert, update
from sqlalchemy.exc import DatabaseError
from sqlmodel import col, func, select

from bot.channels.base import Arrival, Capabilities, Parcel, Reading, RemoteFile
from bot.control import perform
from bot.entrance import channels_of
from bot.outbox import due
from bot.settings import Settings
from bot.story import Story
from handlers.contract import Context, InboundMessage, Kind, Outcome
from handlers.routes import ROWS, TABLE
from handlers.table import Route, Table
from models.casework.inquiry import Inquiry
from models.errors import Refusal
from models.evidence.exchange import ExchangeEntry
from models.evidence.item import Item, ItemKind
from models.messages.message import InboxMessage, InboxState, OutboxMessage, OutboxState, Priority
from models.people.person import Account, Person
from models.store import Store, UnloggedChange
from tests.chain import assert_chain
from tests.transcript import ASK, REGISTER, VERIFY, office

Handler = Callable[[InboundMessage, Context], Awaitable[Outcome]]


def with_handler(handler: Handler) -> Table:
    """The routes, with a handler of the test's for whoever writes `thử …`."""

    def tried(message: InboundMessage, _context: Context) -> bool:
        return message.text.startswith("thử")

    return dataclasses.replace(TABLE, rows=(Route(handler, frozenset(row for r in ROWS for row in r.roles), when=tried), *ROWS))


async def put(story: Story, *texts: str, chat: str | None = None, first: int = 0) -> list[int]:
    """Messages that arrive together, each from its own chat unless they share one."""
    arrivals = [
        Arrival("web", f"test-{first + n}", chat or f"chat-{first + n}", json.dumps({"text": text}), message_key=f"k{first + n}")
        for n, text in enumerate(texts)
    ]
    return await story.app.inbox.put(arrivals)


async def states(story: Story, ids: list[int]) -> list[InboxState]:
    """What became of inbox rows."""
    async with story.app.machine.database.read() as store:
        rows = (await store.scalars(select(InboxMessage).where(col(InboxMessage.id).in_(ids)).order_by(col(InboxMessage.id)))).all()
    return [row.state for row in rows]


async def count(story: Story, table: type[Any]) -> int:
    """How many rows a table has."""
    async with story.app.machine.database.read() as store:
        return int(await store.scalar(select(func.count()).select_from(table)) or 0)


async def silently(message: InboundMessage, context: Context) -> Outcome:
    """A handler that forgets the log."""
    context.store.add(Person(name="Không Ai Ghi", created_at=context.now))
    return Outcome(screens=[context.reply("start.how_to_begin")])


async def test_a_change_without_an_entry_is_set_aside(tmp_path: Path) -> None:
    """Invariant 2: nothing of it is committed, the person reads an apology, the officers a number."""
    async with office(tmp_path, routes=with_handler(silently)) as story:
        people, entries = await count(story, Person), await count(story, ExchangeEntry)
        ids = await put(story, "thử một chút")
        await story.app.settle()
        assert await states(story, ids) == [InboxState.ASIDE]
        assert await count(story, Person) == people
        assert await count(story, ExchangeEntry) == entries + 1  # the chat that was opened, and nothing else
        async with story.app.machine.database.read() as store:
            row = await store.get(InboxMessage, ids[0])
            told = (await store.scalars(select(OutboxMessage.text).where(OutboxMessage.cause_id == ids[0]))).all()
        assert row is not None
        assert "Person" in (row.problem or "")
        assert any("Rất xin lỗi" in str(text) for text in told)
        assert any(f"phatngon retry {ids[0]}" in str(text) for text in told)


@pytest.mark.parametrize(
    "statement",
    [
        update(Inquiry).values(unit_id="so_xay_dung"),
        delete(Inquiry),
        insert(Person).values(name="Lén Lút"),
        update(Account).values(language="en"),
    ],
    ids=["update", "delete", "insert", "an unlogged column"],
)
async def test_bulk_statements_on_logged_tables_are_refused(tmp_path: Path, statement: Any) -> None:
    """Invariant 2: what the session cannot see it does not allow."""
    async with office(tmp_path) as story:

        async def work(store: Store) -> None:
            await store.execute(statement)

        with pytest.raises(UnloggedChange):
            await story.app.machine.database.write(work)


@pytest.mark.parametrize("statement", [update(ExchangeEntry).values(action="khác"), delete(ExchangeEntry)], ids=["update", "delete"])
async def test_the_log_is_append_only(tmp_path: Path, statement: Any) -> None:
    """Invariant 3: the database itself refuses."""
    async with office(tmp_path) as story:

        async def work(store: Store) -> None:
            await store.execute(statement)

        with pytest.raises(DatabaseError, match="append-only"):
            await story.app.machine.database.write(work)


async def test_one_bad_message_in_a_group_of_ten(tmp_path: Path) -> None:
    """Invariant 8: the other nine are handled once, one is set aside, and `retry` brings it back when the bug is gone."""
    broken, handled = [True], list[str]()

    async def moody(message: InboundMessage, context: Context) -> Outcome:
        if message.text == "thử 5" and broken[0]:
            raise ZeroDivisionError
        handled.append(message.text)
        return Outcome(screens=[context.reply("start.how_to_begin")])

    async with office(tmp_path, routes=with_handler(moody)) as story:
        ids = await put(story, *(f"thử {n}" for n in range(10)))
        assert await story.app.dispatcher.step() == 10
        assert await states(story, ids) == [InboxState.ASIDE if n == 5 else InboxState.DONE for n in range(10)]
        async with story.app.machine.database.read() as store:
            replies = (await store.scalars(select(OutboxMessage.cause_id).where(col(OutboxMessage.text).contains("/trogiup")))).all()
            await assert_chain(store)
        assert sorted(c for c in replies if c in ids) == [i for i in ids if i != ids[5]]
        broken[0] = False
        assert (await perform(story.app, {"retry": ids[5]}))["ok"]
        assert await states(story, ids) == [InboxState.DONE] * 10
        assert not (await perform(story.app, {"retry": ids[5]}))["ok"]  # a second time there is nothing to bring back
        async with story.app.machine.database.read() as store:
            await assert_chain(store)


async def test_a_second_delivery_is_refused(tmp_path: Path) -> None:
    """Invariant 1: the same update again, alone or in the same batch, is stored once."""
    async with office(tmp_path) as story:
        one = Arrival("web", "same", "chat-1", json.dumps({"text": "xin chào"}))
        assert len(await story.app.inbox.put([one, one])) == 1
        assert await story.app.inbox.put([one]) == []
        before = await count(story, OutboxMessage)
        await story.app.settle()
        once = await count(story, OutboxMessage)
        assert once > before
        await story.app.inbox.put([one])
        await story.app.settle()
        assert await count(story, OutboxMessage) == once


async def test_a_refusal_leaves_nothing_behind(tmp_path: Path) -> None:
    """Invariant 8: whatever the handler had begun is rolled back; only the sentence goes out."""

    async def halfway(message: InboundMessage, context: Context) -> Outcome:
        context.store.add(Person(name="Nửa Chừng", created_at=context.now))
        context.item(ItemKind.NOTE, "nửa chừng")
        await context.store.flush()
        raise Refusal("form.words_please")

    async with office(tmp_path, routes=with_handler(halfway)) as story:
        people, items = await count(story, Person), await count(story, Item)
        ids = await put(story, "thử nửa chừng", "xin chào")
        await story.app.settle()
        assert await states(story, ids) == [InboxState.DONE, InboxState.DONE]
        assert (await count(story, Person), await count(story, Item)) == (people, items)
        async with story.app.machine.database.read() as store:
            told = (await store.scalars(select(OutboxMessage.text).where(OutboxMessage.cause_id == ids[0]))).all()
            await assert_chain(store)
        assert told == ["Anh/chị vui lòng trả lời bằng chữ."]


async def test_replies_overtake_bulk(tmp_path: Path) -> None:
    """Invariant 6: queued last, the reply goes first, then the urgent word, then the release."""
    async with office(tmp_path) as story:
        now = story.time.moment

        async def work(store: Store) -> list[int]:
            account = (await store.scalars(select(Account.id).limit(1))).one()
            for priority in (Priority.BULK, Priority.URGENT, Priority.REPLY):
                row = OutboxMessage(
                    account_id=account or 0,
                    channel="web",
                    priority=int(priority),
                    text="…",
                    state=OutboxState.QUEUED,
                    created_at=now,
                    due_at=now,
                )
                store.add(row)
                await store.flush()
            return [row.priority for row in await due(store, "web", now)]

        assert await story.app.machine.database.write(work) == sorted(Priority)


class Slow:
    """A far channel whose files take their time."""

    name = "slow"
    capabilities = Capabilities(text_limit=4096, buttons=True, bundles_files=True, upload_limit=1)

    def read(self, payload: str) -> Reading:
        """Words, or a file that still lies there."""
        value = json.loads(payload)
        return Reading(Kind.TEXT, text=value["text"], remote=[RemoteFile("f", "anh.jpg")] if value.get("far") else [])

    async def send(self, parcel: Parcel) -> str:
        """Delivered."""
        return f"s{parcel.row.id}"

    async def fetch(self, file: RemoteFile) -> bytes:
        """The bytes."""
        return b"\xff\xd8\xff\xe0"


async def test_a_download_holds_back_its_own_chat_only(tmp_path: Path) -> None:
    """Invariant 5: while a file is fetched, later words of that chat wait; every other chat goes on."""
    slow = Slow()
    channels = {**channels_of(Settings(home=tmp_path)), slow.name: slow}
    async with office(tmp_path, channels=channels) as story:
        far = json.dumps({"text": "ảnh đây", "far": True})
        ids = await story.app.inbox.put(
            [
                Arrival("slow", "1", "chat-a", far, fetching=True),
                Arrival("slow", "2", "chat-a", json.dumps({"text": "và lời"})),
                Arrival("slow", "3", "chat-b", json.dumps({"text": "xin chào"})),
            ]
        )
        await story.app.dispatcher.drain()
        assert await states(story, ids) == [InboxState.FETCHING, InboxState.READY, InboxState.DONE]
        await story.app.fetcher.fetch_waiting()
        await story.app.dispatcher.drain()
        assert await states(story, ids) == [InboxState.DONE] * 3
        async with story.app.machine.database.read() as store:
            rows = (await store.scalars(select(InboxMessage).where(InboxMessage.chat == "chat-a"))).all()
        handled = sorted(rows, key=lambda row: row.id or 0)
        assert handled[0].handled_at is not None


async def test_every_entry_and_message_knows_its_cause(tmp_path: Path) -> None:
    """Invariant 4: whatever the office wrote or sent names the inbox row that caused it."""
    async with office(tmp_path, REGISTER, VERIFY, ASK) as story, story.app.machine.database.read() as store:
        known = set((await store.scalars(select(InboxMessage.id))).all())
        assert set((await store.scalars(select(ExchangeEntry.cause_id))).all()) <= known
        assert set((await store.scalars(select(OutboxMessage.cause_id))).all()) <= known
