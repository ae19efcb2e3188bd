"""Every fault × every call that carries no message: made again where it matters, given up where it never will be heard, never in the way."""

# pyright: reportPrivateUsage=false
import asyncio
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlmodel import col, select

from bot.channels.telegram.startup import Startup
from models.evidence.item import Attachment
from models.messages.message import InboxMessage, InboxState
from models.people.person import Account, Role
from models.store import Store
from tests.botapi.client import Person, TelegramServer
from tests.channels.desk import account_of
from tests.channels.fates import AT_ONCE, Fate, Fault
from tests.telegram_stage import TelegramStory, channel_of
from tests.transcript import PDF

pytestmark = pytest.mark.asyncio(loop_scope="session")
FIRST = 30_000  # chats
FAULTS = (*AT_ONCE, Fault("timeout_after", Fate.ACCEPTED, {"seconds": 0.05}))  # in the end that connection is cut, too
ONCE = {fault for fault in FAULTS if fault.fate in {Fate.GONE, Fate.WRONG}}  # clear words about this very call


async def order(server: TelegramServer, method: str, fault: Fault) -> None:
    """The next call of a method meets a fault."""
    await server.no_faults()
    await server.fault(fault.kind, method, times=1, **fault.order)


async def test_a_tap_is_answered_once_and_followed_in_any_case(desk: TelegramStory) -> None:
    """Whatever becomes of the answer to the tap, what was tapped is done, once."""
    person = desk.server.person(FIRST)
    await person.write("/start")
    await desk.settle()
    (greeting, *_) = await person.messages()
    before = len(await person.messages())
    for number, fault in enumerate(FAULTS, 1):
        await order(desk.server, "answerCallbackQuery", fault)
        await person.act("tap", message_id=greeting.id, data="start.help")
        await desk.settle()
        await asyncio.gather(*channel_of(desk.app)._errands)
        calls = await desk.server.record("answerCallbackQuery")
        assert (str(fault), len(await person.messages()) - before, len(calls)) == (str(fault), number, number)


@pytest.mark.parametrize("method", ["setWebhook", "setMyCommands"])
async def test_what_is_told_at_the_start_is_told_until_it_is_heard(desk: TelegramStory, method: str) -> None:
    """Except what can never be heard; and the next thing is told after it."""
    await desk.server.accepted("setMyCommands", 2)  # the bot's own beginning is over
    for fault in FAULTS:
        waits: list[float] = []

        async def slept(seconds: float, waits: list[float] = waits) -> None:
            waits.append(seconds)

        await order(desk.server, method, fault)
        since = (await desk.server.stats())["n"]
        startup = Startup(channel_of(desk.app).bot, {"vi": [("start", "Bắt đầu")], "en": [("start", "Begin")]}, slept)
        running = asyncio.create_task(startup.run("http://127.0.0.1:9/hooks/telegram", "secret"))
        last = {"method": "setMyCommands", "language_code": "en"}
        while not any(last.items() <= {**line, **line["parameters"]}.items() and line["ok"] for line in await heard(desk.server, since)):
            assert not running.done()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        told = [line for line in await heard(desk.server, since) if line["method"] == method and line["ok"]]
        whole = 2 if method == "setMyCommands" else 1
        never = fault.kind == "bad_request"
        again = 1 if fault.fate is Fate.ACCEPTED else 0  # nobody knew that it was heard
        assert (str(fault), len(told), len(waits)) == (str(fault), whole - never + again, 0 if never or fault.fate is Fate.FINE else 1)
    await desk.server.call("deleteWebhook")


async def heard(server: TelegramServer, since: int) -> list[dict[str, Any]]:
    """What Telegram was told since then."""
    return [line for line in await server.record(since=since) if line["method"] in {"setWebhook", "setMyCommands"}]


async def remember(account: int | None, store: Store, *, takes: bool) -> Account:
    """What a chat shows now: nothing of its own, or an officer's menu that is to be taken away."""
    known = await store.get_one(Account, account)
    known.menu = None if takes else Role.OFFICER.value
    return known


@pytest.mark.parametrize("method", ["setMyCommands", "deleteMyCommands"])
async def test_a_menu_is_shown_later_or_never(desk: TelegramStory, method: str) -> None:
    """What may yet succeed is tried again at the person's next word; a chat that will never have one is left alone."""
    await desk.server.accepted("setMyCommands", 2)
    menus = {role.value: {"vi": [("bang", "Bảng")]} for role in (Role.MEMBER, Role.OFFICER)}
    shows = desk.app.machine.menus
    takes = method == "setMyCommands"
    wanted = Role.OFFICER if takes else Role.VISITOR
    for number, fault in enumerate(FAULTS):
        known = await desk.app.machine.database.write(partial(remember, (await account_of(desk, FIRST + number)).id, takes=takes))
        await order(desk.server, method, fault)
        shown: list[bool] = []
        for _ in range(2):
            shows.notice(known, frozenset({wanted}))
            await shows.show(desk.app.machine.database, {"telegram": desk.channel}, menus)
            async with desk.app.machine.database.read() as store:
                now = await store.get_one(Account, known.id)
            shown.append(now.menu == (Role.OFFICER.value if takes else None) and not shows._late)
        assert (str(fault), shown) == (str(fault), [fault in ONCE or fault.fate is Fate.FINE, True])


async def test_the_bots_name_may_be_unknown(desk: TelegramStory) -> None:
    """Nothing stops because Telegram does not say it."""
    for fault in FAULTS:
        await order(desk.server, "getMe", fault)
        expected = "phatngon_bot" if fault.fate is Fate.FINE else None
        assert (str(fault), await desk.channel.username()) == (str(fault), expected)
        assert await desk.channel.username() == "phatngon_bot"


@pytest.mark.parametrize("method", ["getFile", "file"])
async def test_a_file_comes_later_or_its_sender_is_told(desk: TelegramStory, method: str) -> None:
    """A download that stumbles is made again; where Telegram says no, the message goes without its file and the person learns it."""
    people: dict[Fault, Person] = {}
    for number, fault in enumerate(FAULTS):
        people[fault] = person = desk.server.person(FIRST + number)
        await order(desk.server, method, fault)
        await person.send("document", PDF, file_name="công văn.pdf")
        await desk.settle()
    desk.time.moment += timedelta(seconds=5)
    await desk.settle()
    for fault, person in people.items():
        async with desk.app.machine.database.read() as store:
            (row,) = (await store.scalars(select(InboxMessage).where(InboxMessage.chat == str(person.id)))).all()
            kept = (await store.scalars(select(Attachment.size).where(col(Attachment.inbox_id) == row.id))).all()
        told = any("chưa tải được" in seen.text for seen in await person.messages())
        lost = fault in ONCE
        assert (str(fault), row.state, list(kept), told) == (str(fault), InboxState.DONE, [] if lost else [len(PDF)], lost)


async def test_a_file_that_never_comes_holds_nobody_up(desk: TelegramStory) -> None:
    """After a while the message goes without it; the person's next words are served."""
    person = desk.server.person(FIRST)
    await desk.server.fault("bad_gateway", "file")
    await person.send("document", PDF, file_name="công văn.pdf")
    await person.write("/trogiup")
    for _ in range(7):
        await desk.settle()
        desk.time.moment += timedelta(minutes=1)
    assert any("chưa tải được" in seen.text for seen in await person.messages())
    assert len(await person.messages()) >= 2
    async with desk.app.machine.database.read() as store:
        states = (await store.scalars(select(InboxMessage.state).where(InboxMessage.chat == str(FIRST)))).all()
    assert set(states) == {InboxState.DONE}
