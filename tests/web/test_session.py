"""Who is asking: cookies, one-time links, and requests other sites make a browser send."""

import json

import pytest

from models.people.person import Account, AccountState
from models.store import Store
from tests.web.room import ORIGIN, PERSONAS, Browser, Room

PAGES = ["/", "/chat", "/danh-ba", "/demo", "/vao/ABCD", "/tc/TC-0000000", "/no-such-page", "/files/xyz", "/demo/phongvien/chat"]


@pytest.mark.parametrize("path", PAGES)
async def test_every_page_carries_the_policy(room: Room, path: str) -> None:
    """No page lets foreign or inline script run, is framed elsewhere, or tells where people came from."""
    answer = await room.browser().client.get(path, headers={"accept": "text/html"})
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'self'" in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] in {"no-referrer", "same-origin"}
    assert "<script>" not in answer.text
    assert "style=" not in answer.text


async def test_a_first_visit_gets_a_strict_cookie(room: Room) -> None:
    """The session is out of reach of scripts and of other sites."""
    cookie = (await room.browser().open()).headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "samesite=strict" in cookie.lower()
    assert "Path=/" in cookie


async def test_a_second_visit_keeps_the_session(browser: Browser) -> None:
    """A reload does not lose the chat."""
    before = browser.chat
    await browser.open()
    assert browser.chat == before


async def test_a_link_on_another_site_does_not_replace_the_session(room: Room) -> None:
    """The browser withholds strict cookies on such a visit: a new one would throw the person out of their chat."""
    page = await room.browser().client.get("/chat", headers={"sec-fetch-site": "cross-site"})
    assert page.status_code == 200
    assert "set-cookie" not in page.headers
    assert 'http-equiv="refresh"' in page.text


async def test_each_persona_has_its_cookie_under_its_own_path(room: Room) -> None:
    """Three personas on one origin do not share a session."""
    browser = room.browser()
    for name, token in PERSONAS.items():
        cookie = (await browser.client.get(f"/demo/{name}/chat")).headers["set-cookie"]
        assert f"={token}" in cookie
        assert f"Path=/demo/{name};" in cookie


async def test_a_persona_accepts_only_its_own_token(room: Room) -> None:
    """Another token under a persona's path opens nothing."""
    browser = room.browser(cookie="phatngon-phongvien=another-token-that-is-long-enough")
    assert (await browser.client.get("/demo/phongvien/chat/history")).status_code == 401


async def test_looking_at_a_link_consumes_nothing(room: Room) -> None:
    """Link previewers look."""
    page = await room.browser().client.get("/vao/ABCD-EFGH-1234")
    assert page.status_code == 200
    assert "<form method=" in page.text
    assert await room.stored() == []


async def test_pressing_the_button_enters_once(room: Room) -> None:
    """A double press is one entry; the browser leaves with a session and stands in the chat."""
    browser = room.browser(origin=ORIGIN)
    for _ in range(2):
        answer = await browser.client.post("/vao/ABCD-EFGH-1234")
        assert (answer.status_code, answer.headers["location"]) == (303, "../chat")
    [row] = await room.stored()
    assert json.loads(row.payload or "") == {"kind": "start", "code": "ABCD-EFGH-1234"}
    assert row.chat == browser.chat


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": "https://evil.example"},
        {"origin": ORIGIN, "sec-fetch-site": "cross-site"},
        {"origin": "null"},
        {"sec-fetch-site": "same-site"},
    ],
)
async def test_another_site_cannot_enter_for_somebody(room: Room, headers: dict[str, str]) -> None:
    """A foreign page cannot put a browser into a chat of its own choosing."""
    answer = await room.browser().client.post("/vao/ABCD", headers=headers)
    assert answer.status_code == 403
    assert await room.stored() == []


@pytest.mark.parametrize("spoiled", [{"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}, {"x-phatngon-token": "0" * 64}])
@pytest.mark.parametrize("path", ["/chat/send", "/chat/upload", "/chat/hello"])
async def test_foreign_requests_are_refused(room: Room, browser: Browser, path: str, spoiled: dict[str, str]) -> None:
    """Whatever changes something must come from our page and show its token."""
    answer = await browser.client.post(path, json={"id": "0" * 16, "text": "x"}, headers=browser.proof | spoiled)
    assert answer.status_code == 403
    assert "tải lại trang" in answer.json()["error"]
    assert await room.stored() == []


@pytest.mark.parametrize("path", ["/chat/history", "/chat/events"])
async def test_no_session_reads_nothing(room: Room, path: str) -> None:
    """Without a cookie there is no chat."""
    assert (await room.browser().client.get(path)).status_code == 401


async def test_a_closed_account_shows_nothing_and_a_link_begins_anew(room: Room, browser: Browser) -> None:
    """A lost phone reads no more; a new one-time link works even in the same browser."""
    await browser.say("xin chào")
    await room.settle()
    lost = browser.chat

    async def close(store: Store) -> None:
        account = await store.get(Account, 1)
        assert account is not None
        account.state = AccountState.CLOSED

    await room.machine.database.write(close)
    assert (await browser.client.get("/chat/history")).status_code == 403
    assert (await browser.say("còn đó không")).status_code == 403
    await browser.client.post("/vao/ABCD", headers={"origin": ORIGIN})
    assert browser.chat != lost
    assert (await browser.open()).status_code == 200
