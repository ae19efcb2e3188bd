"""Saying and reading: stored once, told in order, caught up after an interruption."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any, Literal, cast

import pytest

from bot.web.chat import Chat
from bot.web.seat import Seat, Session
from bot.web.site import Site
from tests.web.room import Browser, Room


def tail(room: Room, browser: Browser, last: int = 0) -> AsyncIterator[str]:
    """The stream of a browser's chat."""
    chat = Chat(cast("Site", room.app.state.site), Seat())
    return chat.tail(Session(browser.client.cookies["phatngon"]), last)


def opening(room: Room) -> asyncio.Event:
    """Set when a page that tails its chat has told everything and waits for more."""
    opened = asyncio.Event()

    class Page(asyncio.Event):
        """Waited for by a stream that has told everything."""

        async def wait(self) -> Literal[True]:
            opened.set()
            return await super().wait()

    def page(chat: str) -> asyncio.Event:
        made = Page()
        room.channel._pages[chat].add(made)  # pyright: ignore[reportPrivateUsage]
        return made

    room.channel.open = page
    return opened


async def events(stream: AsyncIterator[str], count: int) -> list[dict[str, Any]]:
    """The next events of a stream."""
    found: list[dict[str, Any]] = []
    async with asyncio.timeout(5):
        while len(found) < count:
            piece = await anext(stream)
            if "\ndata: {" in piece:
                found.append(json.loads(piece.split("data: ", 1)[1]))
    return found


async def test_what_is_said_is_stored_and_answered(room: Room, browser: Browser) -> None:
    """A message goes in by the one door and its answer stands in the timeline."""
    assert (await browser.say("Cầu Gãy khi nào thông xe?")).status_code == 200
    await room.settle()
    said, told = (await browser.history())["events"]
    assert (said["kind"], said["text"]) == ("said", "Cầu Gãy khi nào thông xe?")
    assert (told["kind"], told["text"]) == ("told", "Bạn nói: Cầu Gãy khi nào thông xe?")
    assert [choice["label"] for choice in told["choices"]] == ["Đúng", "Không"]
    assert told["key"] == f"t{told['id']}"


async def test_the_same_message_twice_is_stored_once(room: Room, browser: Browser) -> None:
    """A retry and a double click keep their id."""
    for _ in range(3):
        assert (await browser.say("một lần", id="a" * 32)).status_code == 200
    assert len(await room.stored()) == 1
    assert len(await room.timeline(browser.chat)) == 1


async def test_the_same_id_of_two_people_is_two_messages(room: Room, browser: Browser) -> None:
    """Nobody can make another's message vanish by guessing its id."""
    other = room.browser()
    await other.open()
    await browser.say("của tôi", id="b" * 32)
    await other.say("của tôi nữa", id="b" * 32)
    assert len(await room.stored()) == 2


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{",
        b'{"id":"x"}',
        b'{"id":"t1t1t1t1t1t1t1t1"}',
        b'{"id":"' + b"a" * 16 + b'","kind":"start"}',
        b'{"text":"no id"}',
        b"\xff",
    ],
)
async def test_what_cannot_be_read_is_refused_kindly(room: Room, browser: Browser, body: bytes) -> None:
    """Anybody can post anything."""
    answer = await browser.client.post("/chat/send", content=body, headers=browser.proof)
    assert answer.status_code == 400
    assert answer.json()["error"].startswith("Tin này chưa đọc được")
    assert await room.stored() == []


async def test_a_long_text_passes_and_a_longer_one_is_refused(room: Room, browser: Browser) -> None:
    """100 kB of Vietnamese fits; more belongs in a file."""
    assert (await browser.say("ệ" * 33_000)).status_code == 200
    answer = await browser.say("x" * 300_000)
    assert answer.status_code == 413
    assert "tệp đính kèm" in answer.json()["error"]
    assert len(await room.stored()) == 1


async def test_hostile_text_comes_back_as_it_would_be_kept(room: Room, browser: Browser) -> None:
    """Marks that hide or reverse text are gone, everything else stands; lone surrogates break nothing."""
    body = b'{"id": "' + b"c" * 16 + b'", "text": "<b>&[x](y)\\u202e A\\u200b"}'
    await browser.client.post("/chat/send", content=body, headers=browser.proof)
    [said] = (await browser.history())["events"]
    assert said["text"] == "<b>&[x](y) A"


async def test_history_pages_without_gap_or_overlap(room: Room, browser: Browser) -> None:
    """Going back page by page shows every event once."""
    for number in range(60):
        await browser.say(str(number))
    await room.settle()
    seen: list[int] = []
    page = await browser.history()
    while True:
        seen = [event["id"] for event in page["events"]] + seen
        if not page["more"]:
            break
        page = await browser.history(before=seen[0])
    assert seen == [event.id for event in await room.timeline(browser.chat)]
    assert len(seen) == 120


async def test_nobody_reads_anothers_chat(room: Room, browser: Browser) -> None:
    """A new browser sees an empty chat."""
    await browser.say("bí mật")
    other = room.browser()
    await other.open()
    assert (await other.history())["events"] == []


async def test_the_stream_catches_up_from_the_last_event_seen(room: Room, browser: Browser) -> None:
    """After a lost connection or a restarted server nothing is missing and nothing doubled."""
    for number in range(3):
        await browser.say(str(number))
    first, *rest = await events(tail(room, browser), 3)
    assert await events(tail(room, browser, first["id"]), 2) == rest


async def test_the_stream_tells_what_happens_meanwhile(room: Room, browser: Browser) -> None:
    """An open page hears of an answer as soon as it is committed."""
    opened = opening(room)
    waiting = asyncio.create_task(events(tail(room, browser), 2))
    await opened.wait()
    await browser.say("đang nghe?")
    await room.settle()
    said, told = await waiting
    assert (said["kind"], told["kind"]) == ("said", "told")


async def test_the_stream_ends_when_the_server_goes(room: Room, browser: Browser) -> None:
    """A shutdown does not wait for open pages."""
    opened, stream = opening(room), tail(room, browser)
    assert (await anext(stream)).startswith("retry:")
    end = asyncio.create_task(anext(stream, None))
    await opened.wait()
    room.channel.close_all()
    assert await asyncio.wait_for(end, 2) is None
    assert room.channel._pages == {}  # pyright: ignore[reportPrivateUsage]


async def test_last_event_id_beats_the_address(room: Room, browser: Browser) -> None:
    """A reconnecting browser repeats its first address; the header knows better."""
    for number in range(3):
        await browser.say(str(number))
    ids = [event.id for event in await room.timeline(browser.chat)]
    room.channel.close_all()  # httpx reads a stream to its end
    room.channel.closing = False
    opened = opening(room)
    task = asyncio.create_task(browser.client.get("/chat/events?after=0", headers={"last-event-id": str(ids[1])}))
    await opened.wait()
    room.channel.close_all()
    answer = await asyncio.wait_for(task, 5)
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert f"id: {ids[2]}\n" in answer.text
    assert f"id: {ids[1]}\n" not in answer.text


async def test_an_edit_shows_which_message_it_mends(room: Room, browser: Browser) -> None:
    """Both versions stay in the timeline."""
    await browser.say("Cầu Gẫy", id="d" * 32)
    await browser.say("Cầu Gãy", kind="edit", edits="d" * 32)
    said, edited = (await browser.history())["events"]
    assert (said["text"], edited["text"]) == ("Cầu Gẫy", "Cầu Gãy")
    assert (edited["kind"], edited["edits"]) == ("edited", said["key"])


async def test_a_code_never_comes_back(room: Room, browser: Browser) -> None:
    """A one-time code is not shown in the chat it opened."""
    await browser.client.post("/vao/SECRET-CODE-1", headers={"origin": "http://phatngon.example.vn"})
    [event] = (await browser.history())["events"]
    assert event["what"] == "entered"
    assert "SECRET" not in json.dumps(event)


async def test_an_empty_chat_is_greeted_once(room: Room, browser: Browser) -> None:
    """Opening the page in two tabs is one greeting."""
    for _ in range(2):
        await browser.client.post("/chat/hello", headers=browser.proof)
    assert len(await room.stored()) == 1
