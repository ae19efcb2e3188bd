"""From Telegram into the machine: durable polling, the webhook's door, files, groups, blocking, linking, random updates."""

# pyright: reportPrivateUsage=false
import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from sqlmodel import col, select

from bot import seeding
from bot.channels.base import Arrival
from bot.channels.telegram.channel import Bot
from bot.channels.telegram.polling import Poller, stored
from bot.channels.telegram.request import AioRequest
from bot.channels.telegram.webhook import LARGEST, Webhook
from models.evidence.exchange import ExchangeEntry
from models.evidence.item import Attachment
from models.messages.message import InboxMessage, InboxState, OutboxMessage
from models.people.person import Account, AccountState
from tests.botapi.client import TelegramServer
from tests.botapi.randoms import random_updates
from tests.channels.fates import AT_ONCE, Fate, Fault
from tests.telegram_stage import TelegramStory, channel_of

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def inbox(story: TelegramStory) -> list[InboxMessage]:
    """Everything that came from Telegram."""
    async with story.app.machine.database.read() as store:
        return [*(await store.scalars(select(InboxMessage).where(InboxMessage.channel == "telegram").order_by(col(InboxMessage.id)))).all()]


def poller_of(story: TelegramStory) -> Poller:
    """The poller."""
    poller = channel_of(story.app).poller
    assert poller is not None
    return poller


async def test_killed_between_commit_and_confirmation(desk: TelegramStory) -> None:
    """A new process asks from the beginning: what is stored comes again and is known; nothing is lost, nothing doubled."""
    await desk.server.control("bulk", count=250, chats=10, first_chat=7000)
    await poller_of(desk).step()  # stored, and never confirmed: the process dies here
    poller_of(desk).offset = None
    while await poller_of(desk).step():
        pass
    await desk.server.drained()
    assert len(await inbox(desk)) == 250


async def test_a_store_that_fails_acknowledges_nothing(desk: TelegramStory) -> None:
    """The disk is full: the offset stays; when it is well again everything comes."""
    poller, put, failing = poller_of(desk), desk.app.inbox.put, [True]

    async def sick(arrivals: Any) -> object:
        if failing:
            raise OSError(failing)
        return await put(arrivals)

    poller._put = sick
    await desk.server.control("bulk", count=5, first_chat=7000)
    with pytest.raises(OSError, match="True"):
        await poller.step()
    assert poller.offset is None
    failing.clear()
    assert await poller.step() == 5
    assert len(await inbox(desk)) == 5


FAULTS = (*AT_ONCE, Fault("timeout_after", Fate.ACCEPTED, {"seconds": 0.05}))


class Loose:
    """A poller with nothing behind it but a list; its waits are noted, not waited."""

    def __init__(self, server: TelegramServer) -> None:
        self.kept: list[Arrival] = []
        self.waits: list[float] = []
        self.request = AioRequest(connections=1, patience=5)
        bot = Bot(server.token, f"{server.url}/bot", f"{server.url}/file/bot", request=self.request, get_updates_request=self.request)
        self.poller = Poller(bot, self.request, self.put, lambda _tap: None, seconds=1, sleep=self.sleep)

    async def put(self, arrivals: Any) -> object:
        """Store."""
        self.kept.extend(arrivals)
        return None

    async def sleep(self, seconds: float) -> None:
        """Note how long it would have waited."""
        self.waits.append(seconds)
        await asyncio.sleep(0)


@asynccontextmanager
async def polling(server: TelegramServer) -> AsyncGenerator[Loose]:
    """A running poller."""
    loose = Loose(server)
    await loose.request.initialize()
    running = asyncio.create_task(loose.poller.run())
    try:
        yield loose
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await loose.request.shutdown()


@pytest.mark.parametrize("fault", FAULTS, ids=str)
async def test_polling_survives(server: TelegramServer, fault: Fault) -> None:
    """The loop backs off and goes on by itself; each wait is short enough to be back within five seconds."""
    await server.fault(fault.kind, "getUpdates", times=8, **fault.order)
    async with polling(server) as loose:
        await server.person(4001).write("/start")
        await server.drained()
        assert [arrival.chat for arrival in loose.kept][-1:] == ["4001"]
        assert (fault.fate is not Fate.FINE) <= len(loose.waits) <= 8
        assert max(loose.waits, default=0) <= 5
        assert loose.poller.last_poll is not None


@pytest.mark.parametrize("fault", [None, *FAULTS], ids=str)
async def test_a_forgotten_webhook_is_removed(server: TelegramServer, fault: Fault | None) -> None:
    """The settings say polling: what somebody set earlier must not keep every update away, whatever becomes of the first call to remove it."""
    await server.call("setWebhook", url="https://example.vn/old")
    if fault is not None:
        await server.fault(fault.kind, "deleteWebhook", times=1, **fault.order)
    async with polling(server) as loose:
        await server.polling()
        await server.person(4001).write("/start")
        await server.drained()
        assert [arrival.chat for arrival in loose.kept] == ["4001"]
        assert max(loose.waits) <= 5


async def test_the_door_of_the_webhook() -> None:
    """Wrong or missing secret, too large, no update, a store that fails, and the good case; pushes share a commit."""
    commits: list[int] = []
    taps: list[str] = []
    broken: list[bool] = []

    async def put(arrivals: Any) -> object:
        if broken:
            raise OSError
        commits.append(len(arrivals))
        await asyncio.sleep(0)
        return None

    hook = Webhook(put, "secret", taps.append)
    good = json.dumps({"update_id": 1, "callback_query": {"id": "77", "from": {"id": 4001}, "data": "x"}}).encode()
    assert [await hook.receive(good, secret) for secret in (None, "", "Secret", "secrét")] == [401] * 4
    assert await hook.receive(b" " * (LARGEST + 1), "secret") == 413
    assert [await hook.receive(body, "secret") for body in (b"", b"[]", b"\xff\xfe", b'{"update_id": "x"}')] == [400] * 4
    assert (commits, taps) == ([], [])
    assert await asyncio.gather(*(hook.receive(good, "secret") for _ in range(10))) == [200] * 10
    assert sum(commits) == 10
    assert len(commits) < 10
    assert taps == ["77"] * 10
    broken.append(True)
    assert await hook.receive(good, "secret") == 503


async def test_a_document_is_fetched_and_one_too_large_is_explained(desk: TelegramStory) -> None:
    """Over 20 MB Telegram gives nothing to bots: the person learns where to upload instead."""
    person = desk.server.person(4001)
    await person.send("document", b"%PDF-1.7 noi dung", file_name="../công văn.pdf")
    await person.send("document", size=21 * 2**20, file_name="to.zip")
    await desk.settle()
    async with desk.app.machine.database.read() as store:
        file = (await store.scalars(select(Attachment))).one()
    assert (file.name, file.media_type, file.size) == ("công văn.pdf", "application/pdf", 17)
    texts = [seen.text for seen in await person.messages()]
    assert sum("20 MB" in text and "/gui/" in text for text in texts) == 1


async def test_a_slow_file_holds_back_its_own_chat_only(desk: TelegramStory) -> None:
    """A download that fails is tried again; meanwhile others are served, and the chat's later words wait."""
    slow, other = desk.server.person(4001), desk.server.person(4002)
    await desk.server.fault("bad_gateway", "file", times=1)
    await slow.send("document", b"%PDF-1.7", file_name="a.pdf")
    await slow.write("/trogiup")
    await other.write("/trogiup")
    await desk.settle()
    assert [len(await person.messages()) for person in (slow, other)] == [0, 1]
    desk.time.moment += seeding.VALID / 1000
    await desk.settle()
    assert len(await slow.messages()) >= 2
    assert {row.state for row in await inbox(desk)} == {InboxState.DONE}


async def test_a_group_is_told_once(office: TelegramStory) -> None:
    """Press business belongs in a private chat; a code typed in a group opens nothing."""
    await office.server.group(-1005)
    person = office.server.person(4001)
    await person.write("/start")
    speaking = person.inside(-1005)
    code = await seeding.invite(office.app, "officer", "Cán bộ", "dic_desk")
    for text in ("Chào cả nhóm", f"/start {code}", code):
        await speaking.write(text)
    await office.settle()
    assert [seen.text[:9] for seen in await speaking.messages()] == ["Kính chào"]
    assert "trò chuyện riêng" in (await speaking.messages())[0].text
    async with office.app.machine.database.read() as store:
        assert (await store.scalars(select(Account.person_id).where(col(Account.person_id).is_not(None)))).all() == []


async def test_who_blocks_and_comes_back(desk: TelegramStory) -> None:
    """Blocked means unreachable until the person writes or unblocks; each change is an entry."""
    person = desk.server.person(4001)
    await person.write("/start")
    await person.block()
    await desk.settle()
    assert await state(desk) is AccountState.BLOCKED
    await person.unblock()
    await desk.settle()
    assert await state(desk) is AccountState.ACTIVE
    await person.block()
    await desk.settle()
    await desk.server.control("raw", update={"message": {"message_id": 900, "date": 1, "text": "/start", **around(4001)}})
    await desk.settle()
    async with desk.app.machine.database.read() as store:
        said = (await store.scalars(select(ExchangeEntry.action).order_by(col(ExchangeEntry.seq)))).all()
    once = ["account.unreachable", "account.reachable"]
    assert said == ["account.opened", *once, *once, "account.unreachable"]  # the last: the greeting met the block that still stands


def around(chat: int) -> dict[str, Any]:
    """Sender and private chat of a raw message."""
    return {"from": {"id": chat, "is_bot": False, "first_name": "Hà"}, "chat": {"id": chat, "type": "private", "first_name": "Hà"}}


async def state(story: TelegramStory) -> AccountState:
    """How the only account stands."""
    async with story.app.machine.database.read() as store:
        return AccountState((await store.scalars(select(Account.state))).one())


async def test_one_person_on_web_and_telegram(office: TelegramStory) -> None:
    """A code from the web, typed in Telegram: wrong ones are counted, the right one joins the chats, both are told."""
    code = await seeding.invite(office.app, "officer", "Cán bộ", "dic_desk")
    for number, text in enumerate((code, "/lienket")):
        await office.app.inbox.put([Arrival("web", f"w{number}", "officer-chat", json.dumps({"kind": "text", "text": text}))])
    await office.settle()
    async with office.app.machine.database.read() as store:
        said = (await store.scalars(select(OutboxMessage.text).where(col(OutboxMessage.text).startswith("Mã liên kết")))).one()
    link = "".join(c for c in (said or "").splitlines()[0] if c.isdigit())
    assert len(link) == 6
    person = office.server.person(4001)
    await person.write("/lienket")
    await person.write("000000" if link != "000000" else "111111")
    await office.settle()
    assert "còn 4 lần" in (await person.messages())[-1].text
    await person.write(f" {link[:3]} {link[3:]} ")
    await office.settle()
    assert "Đã liên kết" in (await person.messages())[-1].text
    async with office.app.machine.database.read() as store:
        people = (await store.scalars(select(Account.person_id))).all()
    assert len(people) == 2
    assert len(set(people)) == 1


async def test_five_wrong_codes_are_enough(desk: TelegramStory) -> None:
    """A quarter of an hour must pass."""
    person = desk.server.person(4001)
    for number in range(7):
        await person.write(f"/lienket {number:06d}")
    await desk.settle()
    texts = [seen.text for seen in await person.messages()]
    assert ["sai quá số lần" in text for text in texts] == [False] * 5 + [True] * 2


async def test_random_updates_set_nothing_aside(desk: TelegramStory) -> None:
    """Five hundred of every kind and field: stored, handled, none set aside, the bot alive afterwards."""
    await desk.app.inbox.put(stored(list(random_updates(500, seed=7))))
    for _ in range(8):
        await desk.settle()
        desk.time.moment += seeding.VALID / 1000
    kept = await inbox(desk)
    assert len(kept) == 500
    assert {row.state for row in kept} == {InboxState.DONE}


async def test_taps_are_answered_even_if_they_mean_nothing(desk: TelegramStory) -> None:
    """A button must never spin: also on a menu nobody remembers."""
    person = desk.server.person(4001)
    await person.write("/start")
    await desk.settle()
    (seen, *_) = await person.messages()
    tap = await person.act("tap", message_id=seen.id, data="m:99999:3")
    await desk.settle()
    assert await person.answered(tap) is not None
    assert "đã cũ" in (await person.messages())[-1].text


async def test_the_menu_is_told_in_every_language(desk: TelegramStory, server: TelegramServer) -> None:
    """At the start, by language; the names are commands we understand."""
    await server.accepted("setMyCommands", 2)
    calls = (await server.record("setMyCommands"))[-2:]
    assert [call["parameters"].get("language_code") for call in calls] == [None, "en"]
    assert {"command": "lienket", "description": "Link another chat"} in calls[1]["parameters"]["commands"]
