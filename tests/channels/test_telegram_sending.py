"""What goes out, and what follows from every way it can fail."""

# pyright: reportPrivateUsage=false
import asyncio
import re
from dataclasses import replace
from pathlib import Path

import pytest
from sqlmodel import select

from bot.channels.telegram import TelegramChannel
from bot.handling import _action_of
from handlers.contract import Choice
from models.evidence.item import Upload
from models.messages.message import OutboxMessage, OutboxState
from models.people.person import Account
from models.people.presence import Presence
from models.store import Store
from tests.botapi.client import TelegramServer
from tests.channels.desk import CHAT, account_of, file, queue, rows, words
from tests.telegram_stage import TelegramStory, channel_of, settings_for
from tests.transcript import JPEG, PDF

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_no_connection_is_a_retry(desk: TelegramStory, tmp_path: Path) -> None:
    """Nobody listens: certainly not accepted."""
    account = await account_of(desk)
    (row_id,) = await queue(desk, account, words("Một câu"))
    nowhere = TelegramChannel(settings_for(desk.server, tmp_path, telegram_api="http://127.0.0.1:9"))
    await nowhere.open()
    flight = next(s.flight for s in desk.app.senders if s.channel.name == "telegram")
    assert flight is not None
    flight.channel = nowhere
    await flight.drain()
    await nowhere.close()
    (row,) = await rows(desk, row_id)
    assert (row.state, row.resent) == (OutboxState.QUEUED, False)


async def test_too_many_stops_the_whole_channel(desk: TelegramStory) -> None:
    """One 429, and nothing goes to anybody until it is over; then everything does."""
    account, other = await account_of(desk), await account_of(desk, CHAT + 1)
    await desk.server.fault("too_many", "sendMessage", times=1, seconds=1)
    (first,) = await queue(desk, account, words("Một"))
    for sender in desk.app.senders:
        await sender.drain()
    (second,) = await queue(desk, other, words("Hai"))
    desk.time.moment = (await rows(desk, first))[0].due_at
    await desk.app.settle()
    assert [row.state for row in await rows(desk, first, second)] == [OutboxState.SENT] * 2
    calls = (await desk.server.record("sendMessage"))[-3:]
    assert [call["ok"] for call in calls] == [False, True, True]
    assert calls[1]["t"] - calls[0]["t"] > 0.9


async def test_a_chat_that_moved_is_followed(desk: TelegramStory) -> None:
    """The account gets the new number, and the message arrives there."""
    await desk.server.group(-500, kind="group")
    account = await account_of(desk, -500)
    await desk.server.control("migrate", chat=-500, to=-1009)
    (row_id,) = await queue(desk, account, words("Một câu"))
    for _ in range(2):
        await desk.app.settle()
        desk.time.moment = (await rows(desk, row_id))[0].due_at
    await desk.app.settle()
    (row,) = await rows(desk, row_id)
    assert row.state is OutboxState.SENT
    async with desk.app.machine.database.read() as store:
        assert (await store.get_one(Account, account.id)).external_id == "-1009"


async def test_a_long_choice_comes_back_whole(desk: TelegramStory) -> None:
    """More than 64 bytes go behind a button as a name for the row and the place; taps of others on it mean nothing."""
    account = await account_of(desk)
    action = "erase.digest:" + "f" * 64
    (row_id,) = await queue(desk, account, words("Chọn", Choice.of("choice.plain", action, text="Đây")))
    await desk.app.settle()
    person = desk.server.person(CHAT)
    (seen,) = await person.messages()
    (key,) = seen.message["reply_markup"]["inline_keyboard"][0]
    assert key["callback_data"] == f"m:{row_id}:0"

    async with desk.app.machine.database.read() as store:
        assert await _action_of(store, Presence(account), row_id, 0) == action
        assert await _action_of(store, Presence(account), row_id, 7) == "stale"
        assert (
            await _action_of(store, Presence(Account(id=99, channel="telegram", external_id="1", created_at=desk.time())), row_id, 0)
            == "stale"
        )


async def test_one_upload_then_its_file_id(desk: TelegramStory) -> None:
    """A document to thirty chats crosses the wire once, also when they are sent at the same time and after a restart."""
    accounts = [await account_of(desk, 6000 + number) for number in range(30)]
    document = await file(desk, PDF * 50, "thông cáo.pdf")
    for account in accounts:
        await queue(desk, account, words("Kèm thông cáo", files=(document,)))
    await desk.app.settle()
    calls = await desk.server.record("sendDocument")
    assert len(calls) == 30
    assert sum(bool(call.get("files")) for call in calls) == 1
    channel_of(desk.app).uploads._known.clear()
    async with desk.app.machine.database.read() as store:
        assert (await store.scalars(select(Upload))).one().reference.startswith("sendDocument ")
    await queue(desk, accounts[0], words("Một lần nữa", files=(document,)))
    await desk.app.settle()
    assert not (await desk.server.record("sendDocument"))[-1].get("files")
    assert [seen.text for seen in await desk.server.person(6000).messages()][-1] == "Một lần nữa"


async def test_a_file_above_the_limit_goes_as_a_link(desk: TelegramStory, monkeypatch: pytest.MonkeyPatch) -> None:
    """The words arrive with a link that ends; what fits goes as a file (F32)."""
    account = await account_of(desk)
    small, large = await file(desk, b"%PDF-1.7 nho", "nho.pdf"), await file(desk, b"%PDF-1.7 " + b"x" * 2000, "ban-ve.pdf")
    monkeypatch.setattr(desk.channel, "capabilities", replace(desk.channel.capabilities, upload_limit=1000))
    await queue(desk, account, words("Hồ sơ đây.", files=(small, large)))
    await desk.settle()
    seen = await desk.server.person(CHAT).messages()
    assert ["document" in message.message for message in seen] == [True, False, False]
    assert seen[1].text.startswith("Tệp ban-ve.pdf (1 MB)")
    assert seen[2].text == "Hồ sơ đây."
    assert re.search(r"/tai/[\w-]+ ", seen[1].text)


async def test_a_picture_telegram_does_not_take_goes_as_a_document(desk: TelegramStory) -> None:
    """Nothing is lost because a photo is broken."""
    account = await account_of(desk)
    picture = await file(desk, JPEG, "ảnh.jpg")
    await desk.server.fault("bad_request", "sendPhoto", times=1, description="Bad Request: IMAGE_PROCESS_FAILED")
    ids = await queue(desk, account, words("Ảnh", files=(picture,)))
    await desk.app.settle()
    assert [row.state for row in await rows(desk, *ids)] == [OutboxState.SENT, OutboxState.SENT]
    assert "document" in (await desk.server.person(CHAT).messages())[0].message


async def test_a_text_shared_by_many_is_split_when_sent(desk: TelegramStory) -> None:
    """A release longer than a message, its files first, in order; a retry goes on where it stopped."""
    account = await account_of(desk)
    text = "\n\n".join(f"Đoạn {number}. " + "Nội dung thông cáo. " * 60 for number in range(8))
    document = await file(desk, PDF, "a.pdf")
    (row_id, _) = await queue(desk, account, words("x", files=(document,)))
    await desk.app.machine.database.write(lambda store: shared(store, row_id, text, document))
    await desk.server.fault("bad_gateway", "sendMessage", skip=1, times=1)
    await desk.app.settle()
    desk.time.moment = (await rows(desk, row_id))[0].due_at
    await desk.app.settle()
    seen = await desk.server.person(CHAT).messages()
    assert "document" in seen[0].message
    assert "\n\n".join(one.text for one in seen[1:-1]).split() == text.split()


async def shared(store: Store, row_id: int, text: str, document: str) -> None:
    """Make a row what a broadcast's is: text and files together."""
    row = await store.get_one(OutboxMessage, row_id)
    row.text, row.files = text, [document]


async def test_stopping_puts_back_what_was_not_begun(desk: TelegramStory, server: TelegramServer) -> None:
    """Claimed rows whose slot has not come are queued again: after a stop nothing is uncertain that was not under way."""
    account = await account_of(desk)
    (row_id,) = await queue(desk, account, words("Một"))
    before = len(await server.record("sendMessage"))
    flight = next(s.flight for s in desk.app.senders if s.channel.name == "telegram")
    assert flight is not None
    channel_of(desk.app).pacer.turn = asyncio.Event().wait  # pyright: ignore[reportAttributeAccessIssue] - a slot that never comes
    await flight._beat()
    assert (await rows(desk, row_id))[0].state is OutboxState.SENDING
    await flight.finish()
    assert (await rows(desk, row_id))[0].state is OutboxState.QUEUED
    assert len(await server.record("sendMessage")) == before
