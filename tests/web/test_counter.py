"""Links for files too large for a channel: they open one thing, for a while, and never anybody else's."""

from datetime import timedelta

import pytest
from sqlmodel import select

from bot.tickets import LIFE, Purpose, Tickets
from models.evidence.item import Attachment
from tests.transcript import MONDAY
from tests.waiting import until
from tests.web.room import ORIGIN, Browser, Room

FORM = {"origin": ORIGIN, "sec-fetch-site": "same-origin"}
PAGE = {"accept": "text/html"}


def test_a_ticket_opens_its_own_purpose_until_its_end() -> None:
    """Another purpose, another key, a later day, a changed letter, nonsense: nothing."""
    tickets = Tickets(b"key")
    token = tickets.make(Purpose.BRING, "17", MONDAY)
    assert tickets.read(Purpose.BRING, token, MONDAY) == "17"
    assert tickets.read(Purpose.BRING, token, MONDAY + LIFE - timedelta(seconds=1)) == "17"
    assert tickets.read(Purpose.BRING, token, MONDAY + LIFE) is None
    assert tickets.read(Purpose.FETCH, token, MONDAY) is None
    assert Tickets(b"other").read(Purpose.BRING, token, MONDAY) is None
    for wrong in ("", "ệ", "a", token[:-1], token[1:], f"{token}AAAA", token[:3] + ("A" if token[3] != "A" else "B") + token[4:]):
        assert tickets.read(Purpose.BRING, wrong, MONDAY) is None


async def bring_link(room: Room, browser: Browser) -> str:
    """The address at which the browser's account brings files."""
    await browser.open()
    await browser.say("xin chào")
    account = await until(lambda: room.app.state.site.account(browser.chat), "the chat has an account")  # by the room's own dispatcher
    machine = room.machine
    return f"/{Purpose.BRING}/{machine.tickets.make(Purpose.BRING, str(account.id), machine.now())}"


async def test_a_large_file_comes_by_link_into_its_chat(live: Room, browser: Browser) -> None:
    """Chosen on a page without script; the bot goes on in the chat as if the channel had brought it."""
    link = await bring_link(live, browser)
    stranger = live.browser()
    assert "100 MB" in (await stranger.client.get(link, headers=PAGE)).text
    files = [("file", ("../bản vẽ.pdf", b"%PDF-1.7 lon", "application/pdf")), ("file", ("anh.txt", "chữ".encode(), "text/plain"))]
    answer = await stranger.client.post(link, files=files, headers=FORM | PAGE)
    assert (answer.status_code, "2 tệp" in answer.text) == (200, True)
    await live.settle()
    said = [row for row in await live.stored() if row.external_id.startswith("brought-")]
    assert [row.chat for row in said] == [browser.chat]
    async with live.machine.database.read() as store:
        names = [file.name or "" for file in (await store.scalars(select(Attachment))).all()]
    assert sorted(names) == ["anh.txt", "bản vẽ.pdf"]


@pytest.mark.parametrize("content", [b"", b"x" * (2**20)])
async def test_nothing_or_too_much_is_said_kindly(live: Room, browser: Browser, content: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty form, and more than the cap: a page says so, and nothing is kept."""
    monkeypatch.setattr("bot.web.counter.MAX_UPLOAD", 2**19)
    link = await bring_link(live, browser)
    before = len(await live.stored())
    answer = await browser.client.post(link, files={"file": ("t.txt", content)}, headers=FORM | PAGE)
    assert answer.status_code == (413 if content else 400)
    assert len(await live.stored()) == before


async def test_a_wrong_link_and_a_foreign_page_open_nothing(live: Room, browser: Browser) -> None:
    """A guess, a ticket of the other purpose, a form on another site."""
    link = await bring_link(live, browser)
    token = link.rpartition("/")[2]
    for path in ("/gui/AAAA", f"/tai/{token}", "/tai/AAAA"):
        assert (await browser.client.get(path, headers=PAGE)).status_code == 404
    foreign = await browser.client.post(link, files={"file": ("t.txt", b"x")}, headers={"sec-fetch-site": "cross-site"} | PAGE)
    assert foreign.status_code == 403


async def test_a_file_is_fetched_by_its_link(live: Room, browser: Browser) -> None:
    """By whoever was sent it, in any browser."""
    await browser.open()
    uploaded = (await browser.upload(b"noi dung")).json()
    machine = live.machine
    answer = await live.browser().client.get(f"/tai/{machine.tickets.make(Purpose.FETCH, uploaded['id'], machine.now())}")
    assert (answer.status_code, answer.content) == (200, b"noi dung")
