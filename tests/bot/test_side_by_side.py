"""Several machines on one PostgreSQL: order per chat, one chain, nothing twice."""

import asyncio
import json
import time
from collections import Counter, defaultdict
from collections.abc import AsyncGenerator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import col, select

from bot import outbox
from bot.app import App, build
from bot.channels.base import Arrival, Capabilities, Parcel, Reading, Receipt, RemoteFile
from bot.channels.internal import INTERNAL
from bot.channels.web import WebChannel
from bot.pacer import Pacer
from bot.settings import Settings
from bot.storage.locks import Chat, Locks, PostgresLocks
from bot.storage.notices import Notices
from handlers.contract import Context, InboundMessage, Kind, Outcome, Screen
from handlers.table import Table
from models.evidence.exchange import Entry, ExchangeEntry
from models.evidence.verification import verify
from models.messages.message import Alarm, InboxMessage, InboxState, OutboxMessage, OutboxState, TimelineEvent
from models.people.person import Account
from models.store import Store
from tests.databases import waits_for_a_lock
from tests.transcript import MONDAY
from tests.waiting import until

CHATS, EACH = 20, 10


async def note(message: InboundMessage, context: Context) -> Outcome:
    """Write down what was said, on the account, in the log, and in a reply."""
    await asyncio.sleep(0)
    if context.account is None:
        return Outcome()
    if message.text.endswith("!"):
        raise LookupError("a bug")
    entry = Entry("test.said", (context.here,), detail={"chat": context.here.external_id, "text": message.text})
    return Outcome([entry], [context.show(Screen.of("officer.set_aside", number=message.text))])


TABLE = Table((), note, note)


class Distant:
    """A world behind a network that remembers what it accepted."""

    name = "distant"
    capabilities = Capabilities(text_limit=4096, buttons=True, bundles_files=False, upload_limit=1, edits=False)

    def __init__(self) -> None:
        self.pacer = Pacer()
        self.accepted: list[tuple[str, int]] = []

    def read(self, payload: str) -> Reading:
        """Its text."""
        return Reading(Kind.TEXT, text=payload)

    async def send(self, parcel: Parcel) -> Receipt:
        """Lets others go first."""
        await asyncio.sleep(0)
        self.accepted.append((parcel.chat, parcel.row.id or 0))
        return Receipt(str(len(self.accepted)))

    async def fetch(self, file: RemoteFile) -> AsyncGenerator[bytes]:
        """Nothing."""
        yield b""


@asynccontextmanager
async def machines(home: Path, url: str, number: int = 2, routes: Table = TABLE) -> AsyncGenerator[list[App]]:
    """Several machines on one database, with the folder they share."""
    async with AsyncExitStack() as stack:
        apps: list[App] = []
        for _ in range(number):
            channels = {channel.name: channel for channel in (*INTERNAL, WebChannel(), Distant())}
            settings = Settings(home=home, database_url=url)
            app = await build(settings, now=lambda: MONDAY, channels=channels, routes=routes)
            stack.push_async_callback(app.stop)
            apps.append(app)
        yield apps


def said(chat: int, number: int, text: str | None = None) -> Arrival:
    """A message of a chat."""
    return Arrival("distant", f"{chat}-{number}", f"chat{chat}", text or str(number))


async def everything(apps: Sequence[App]) -> None:
    """Both dispatchers at once, until nothing is ready."""
    for _ in range(200):
        await asyncio.gather(*(app.dispatcher.drain() for app in apps))
        async with apps[0].machine.database.read() as store:
            if (await store.scalars(select(InboxMessage.id).where(InboxMessage.state == InboxState.READY).limit(1))).first() is None:
                return
    raise AssertionError("the inbox does not become empty")


async def log_of(app: App) -> dict[str, list[str]]:
    """What each chat said, in the order of the chain, which verifies."""
    texts: dict[str, list[str]] = defaultdict(list)
    async with app.machine.database.read() as store:
        report = await verify(store)
        assert report.problem is None
        query = select(ExchangeEntry.entry).where(ExchangeEntry.action == "test.said").order_by(col(ExchangeEntry.seq))
        for entry in (await store.scalars(query)).all():
            detail = json.loads(entry)["detail"]
            texts[detail["chat"]].append(detail["text"])
    return texts


async def test_two_dispatchers_keep_every_chat_in_order(tmp_path: Path, postgres: str) -> None:
    """200 messages over 20 chats, put and handled by two machines at once."""
    async with machines(tmp_path, postgres) as apps:

        async def talk(chat: int) -> None:
            for number in range(EACH):
                await apps[(chat + number) % 2].inbox.put([said(chat, number)])

        talking = asyncio.gather(*(talk(chat) for chat in range(CHATS)))
        while not talking.done():
            await asyncio.gather(*(app.dispatcher.step() for app in apps))
        await talking
        await everything(apps)
        assert await log_of(apps[0]) == {f"chat{chat}": [str(n) for n in range(EACH)] for chat in range(CHATS)}
        async with apps[0].machine.database.read() as store:
            replies = Counter((await store.scalars(select(OutboxMessage.cause_id))).all())
            accounts = (await store.scalars(select(Account.id).where(Account.channel == "distant"))).all()
        assert (len(replies), set(replies.values()), len(accounts)) == (CHATS * EACH, {1}, CHATS)


async def test_a_set_aside_message_keeps_the_order_of_its_chat(tmp_path: Path, postgres: str) -> None:
    """Groups are replayed one by one by both dispatchers; the broken messages go aside once, the others stay in order."""
    async with machines(tmp_path, postgres) as apps:
        arrivals = [said(chat, n, "3!" if n == 3 and chat % 2 else None) for n in range(5) for chat in range(6)]
        await apps[0].inbox.put(arrivals)
        await everything(apps)
        whole, broken = ["0", "1", "2", "3", "4"], ["0", "1", "2", "4"]
        assert await log_of(apps[0]) == {f"chat{chat}": broken if chat % 2 else whole for chat in range(6)}
        async with apps[0].machine.database.read() as store:
            assert len((await store.scalars(select(InboxMessage.id).where(InboxMessage.state == InboxState.ASIDE))).all()) == 3


async def test_a_chat_that_is_held_is_left_alone(tmp_path: Path, postgres: str) -> None:
    """A dispatcher that is stuck in a chat stops nobody else, and nobody takes its chat."""
    async with machines(tmp_path, postgres) as (slow, quick):
        await slow.inbox.put([said(1, 0), said(2, 0)])
        holding, go = asyncio.Event(), asyncio.Event()

        async def stuck(store: Store) -> None:
            assert await slow.machine.database.locks.chat(store, ("distant", "chat1"))
            holding.set()
            await go.wait()

        task = asyncio.create_task(slow.machine.database.write(stuck))
        await holding.wait()
        assert await quick.dispatcher.drain() == 1
        assert dict(await log_of(quick)) == {"chat2": ["0"]}
        go.set()
        await task
        assert await quick.dispatcher.drain() == 1


async def test_ids_of_a_chat_are_committed_in_their_order(tmp_path: Path, postgres: str) -> None:
    """A second arrival of the same chat waits for the first one's commit; another chat does not."""
    async with machines(tmp_path, postgres) as (first, second):
        holding, go = asyncio.Event(), asyncio.Event()

        async def slowly(_store: Store, _rows: Sequence[InboxMessage]) -> None:
            holding.set()
            await go.wait()

        early = asyncio.create_task(first.inbox.put([said(1, 0)], also=slowly))
        await holding.wait()
        late = asyncio.create_task(second.inbox.put([said(1, 1)]))
        await second.inbox.put([said(2, 0)])
        await until(partial(waits_for_a_lock, first.machine.database), "the second arrival waits for the first")
        assert not late.done()
        go.set()
        assert (await early)[0] < (await late)[0]


async def test_the_same_update_on_two_machines_is_stored_once(tmp_path: Path, postgres: str) -> None:
    """A webhook delivered twice at the same moment."""
    async with machines(tmp_path, postgres) as apps:
        ids = await asyncio.gather(*(apps[n % 2].inbox.put([Arrival("distant", "same", f"chat{n}", "x")]) for n in range(8)))
        assert sum(len(i) for i in ids) == 1


class Heedless(PostgresLocks):
    """Locks that hold no chat."""

    async def free_chats(self, store: Store) -> Sequence[Chat] | None:
        """Every chat."""
        return None


@pytest.mark.parametrize(("locks", "times"), [(PostgresLocks, 1), (Heedless, 2)])
async def test_the_chat_lock_is_what_keeps_dispatchers_apart(tmp_path: Path, postgres: str, locks: type[Locks], times: int) -> None:
    """Take it away and both handle the same messages."""
    inside, go = set[Store](), asyncio.Event()

    async def held(message: InboundMessage, context: Context) -> Outcome:
        inside.add(context.store)
        if len(inside) == 2:
            go.set()
        if message.text.endswith("~"):
            await go.wait()
        return await note(message, context)

    async def step(app: App) -> int:
        done = await app.dispatcher.step()
        go.set()  # nobody else comes to these chats any more
        return done

    async with machines(tmp_path, postgres, routes=Table((), held, held)) as apps:
        for app in apps:
            app.machine.database.locks = locks()
        await apps[0].inbox.put([said(chat, 0) for chat in range(5)])
        await apps[0].dispatcher.drain()
        await apps[0].inbox.put([said(chat, 1, "1~") for chat in range(5)])
        inside.clear()
        go.clear()
        steps = await asyncio.gather(*(step(app) for app in apps))
        assert sum(steps) == 5 * times
        assert set(map(len, (await log_of(apps[0])).values())) == {1 + times}


async def test_two_senders_send_every_row_once(tmp_path: Path, postgres: str) -> None:
    """One remote world and one of our own, each with two senders; order per chat holds."""
    async with machines(tmp_path, postgres) as apps:
        web = [Arrival("web", f"w{chat}-{n}", f"web{chat}", json.dumps({"text": str(n)})) for n in range(5) for chat in range(10)]
        await apps[0].inbox.put([*web, *(said(chat, n) for n in range(5) for chat in range(10))])
        await everything(apps)
        senders = [sender for app in apps for sender in app.senders if sender.channel.name in {"web", "distant"}]
        for _ in range(5):
            await asyncio.gather(*(sender.drain() for sender in senders))
        accepted = [row for app in apps for row in _distant(app).accepted]
        assert max(Counter(accepted).values()) == 1
        async with apps[0].machine.database.read() as store:
            rows = (await store.scalars(select(OutboxMessage))).all()
            shown = (await store.scalars(select(TimelineEvent).order_by(col(TimelineEvent.id)))).all()
        assert {row.state for row in rows} == {OutboxState.SENT}
        assert len(accepted) == sum(row.channel == "distant" for row in rows)
        order: dict[str, list[int]] = defaultdict(list)
        for event in shown:
            order[event.chat].append(event.outbox_id or 0)
        assert len(shown) == 50
        assert all(ids == sorted(set(ids)) for ids in order.values())


def _distant(app: App) -> Distant:
    channel = app.machine.channels["distant"]
    assert isinstance(channel, Distant)
    return channel


async def test_who_is_sending_is_not_recovered_by_others(tmp_path: Path, postgres: str) -> None:
    """A machine that starts while another sends leaves its messages alone, until nobody can be sending them any more."""
    async with machines(tmp_path, postgres) as (sending, starting):
        await sending.machine.duties.ask()
        await sending.inbox.put([said(1, 0)])
        await sending.dispatcher.drain()

        async def begin(store: Store) -> None:
            row = (await store.scalars(select(OutboxMessage))).one()
            await outbox.mark_sending(store, [row.id or 0], MONDAY)

        await sending.machine.database.write(begin)
        assert await starting.recover() == 0
        assert await starting.sweeper.leases() == 0
        starting.machine.now = lambda: MONDAY + outbox.LEASE
        assert await starting.sweeper.leases() == 1
        await sending.machine.database.write(begin)
        starting.machine.now = lambda: MONDAY
        await sending.machine.duties.lay_down()
        assert await starting.recover() == 1  # nobody else is there


async def test_two_clocks_ring_every_alarm_once(tmp_path: Path, postgres: str) -> None:
    """Both look at the same moment."""
    async with machines(tmp_path, postgres) as apps:

        async def set_alarms(store: Store) -> None:
            store.add_all(Alarm(due_at=MONDAY, action="test", subject=str(n)) for n in range(30))

        await apps[0].machine.database.write(set_alarms)
        rung = await asyncio.gather(*(apps[n % 2].clock.ring() for n in range(6)))
        async with apps[0].machine.database.read() as store:
            stored = (await store.scalars(select(InboxMessage.chat).where(InboxMessage.channel == "clock"))).all()
        assert sum(rung) == 30
        assert sorted(stored, key=int) == [str(n) for n in range(30)]


async def test_a_nudge_reaches_another_process(tmp_path: Path, postgres: str) -> None:
    """Loops and open pages of one machine wake when another has done something."""
    async with machines(tmp_path, postgres) as (here, there):
        running = [asyncio.create_task(app.notices.run()) for app in (here, there)]
        await asyncio.gather(*(app.notices.listening.wait() for app in (here, there)))
        web = there.machine.channels["web"]
        assert isinstance(web, WebChannel)
        page = web.open("somebody")
        await there.machine.signals.inbox.wait(0.01)  # the one of the beginning
        before = time.monotonic()
        here.machine.signals.inbox.nudge()
        own = here.machine.channels["web"]
        assert isinstance(own, WebChannel)
        here.machine.posted(own, [f"other{n}" for n in range(120)] + ["somebody"])
        await there.machine.signals.inbox.wait(10)
        await asyncio.wait_for(page.wait(), 10)
        assert time.monotonic() - before < 5
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)


async def test_a_lost_connection_ends_listening_so_that_it_begins_anew(tmp_path: Path, postgres: str) -> None:
    """The loop fails loudly; whoever watches it starts it again."""
    async with machines(tmp_path, postgres, 1) as (app,):
        notices = Notices(app.machine)
        running = asyncio.create_task(notices.run())
        await notices.listening.wait()

        async def cut(store: Store) -> None:
            listening = "FROM pg_stat_activity WHERE datname = current_database() AND query = 'LISTEN phatngon'"
            await store.execute(text(f"SELECT pg_terminate_backend(pid) {listening}"))

        await app.machine.database.write(cut)
        with pytest.raises(Exception, match=r"terminat|ended|closed"):
            await asyncio.wait_for(running, 10)
        assert app.machine.signals.beyond is None
