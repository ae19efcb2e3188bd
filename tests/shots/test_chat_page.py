"""The chat page in a real browser: nothing typed is lost, nothing is said twice, nobody is left guessing."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.shots import stage
from tests.shots.persona import Persona

pytestmark = [pytest.mark.shots, pytest.mark.timeout(120)]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, started once."""
    with sync_playwright() as playwright:
        browser = stage.chromium(playwright)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The demo, started once."""
    with stage.demo(tmp_path_factory.mktemp("chat") / "home") as address:
        yield address


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """A stranger's chat, greeted."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="vi-VN")
    page = context.new_page()
    page.goto(f"{address}/chat")
    Persona(page).ready()
    yield page
    context.close()


def test_a_draft_with_its_file_survives_a_reload(page: Page) -> None:
    """The battery dies, the page is closed by mistake: what was typed is still there."""
    page.locator("#pick").set_input_files([{"name": "biên bản.txt", "mimeType": "text/plain", "buffer": b"abc"}])
    expect(page.locator("#tray li.done")).to_have_count(1)
    page.locator("#text").fill("Câu hỏi dở dang")
    page.reload()
    expect(page.locator("#text")).to_have_value("Câu hỏi dở dang")
    expect(page.locator("#tray li.done b")).to_have_text("biên bản.txt")
    page.locator("#text").press("Enter")
    expect(page.locator(".message.mine .card b")).to_have_text("biên bản.txt")
    expect(page.locator("#text")).to_have_value("")


def test_shift_enter_breaks_the_line(page: Page) -> None:
    """And Enter alone sends both lines as one message."""
    page.locator("#text").press_sequentially("một")
    page.locator("#text").press("Shift+Enter")
    page.locator("#text").press_sequentially("hai")
    page.locator("#text").press("Enter")
    expect(page.locator(".message.mine .words")).to_have_text("một\nhai", use_inner_text=True)


def test_what_is_said_offline_goes_out_once_afterwards(page: Page) -> None:
    """A tunnel, a lift: the message waits in sight and is sent by itself."""
    page.context.set_offline(offline=True)
    expect(page.locator("#offline")).to_be_visible()
    Persona(page).says("nói trong thang máy")
    expect(page.locator(".message.mine .state")).to_contain_text("Chưa gửi được")
    page.context.set_offline(offline=False)
    expect(page.locator(".message.mine:not(.waiting)", has_text="thang máy")).to_have_count(1, timeout=15_000)
    expect(page.locator(".message.waiting")).to_have_count(0)
    expect(page.locator("#offline")).to_be_hidden()


def test_a_reply_quotes_what_it_answers(page: Page) -> None:
    """Also after a reload, and a tap leads there."""
    page.locator(".message:not(.mine)").first.hover()
    page.get_by_role("button", name="Trả lời").first.click()
    expect(page.locator("#about")).to_contain_text("Trả lời tin")
    Persona(page).says("tôi trả lời tin này")
    expect(page.locator(".message.mine .quote")).to_contain_text("Kính chào")
    page.reload()
    page.locator(".message.mine .quote").click()
    expect(page.locator(".message.flash")).to_have_count(1)


def test_an_edit_changes_the_bubble_and_says_so(page: Page) -> None:
    """The old words leave the page; the office keeps both."""
    Persona(page).says("Cầu Gẫy")
    mine = page.locator(".message.mine:not(.waiting)", has_text="Cầu")
    mine.hover()
    mine.get_by_role("button", name="Sửa").click()
    expect(page.locator("#text")).to_have_value("Cầu Gẫy")
    Persona(page).says("Cầu Gãy")
    expect(mine.locator(".words")).to_have_text("Cầu Gãy")
    expect(mine.locator(".edited")).to_be_visible()
    page.reload()
    expect(page.locator(".message.mine .words", has_text="Cầu")).to_have_text("Cầu Gãy")


def test_a_double_click_is_one_choice(page: Page) -> None:
    """A trembling finger does not choose twice."""
    page.locator(".choices button", has_text="Trợ giúp").or_(page.locator(".choices button").first).first.dblclick()
    expect(page.locator(".message.tapped:not(.waiting)")).to_have_count(1)
    page.wait_for_timeout(500)
    expect(page.locator(".message.tapped")).to_have_count(1)


def test_markup_is_shown_and_never_run(page: Page) -> None:
    """Whatever people write stays text; an address can be followed without telling where from."""
    Persona(page).says("<img src=x onerror=alert(1)> https://example.vn/a?b=1. <b>đậm</b>")
    words = page.locator(".message.mine .words")
    expect(words).to_contain_text("<b>đậm</b>")
    expect(words.locator("img")).to_have_count(0)
    expect(words.locator("a")).to_have_attribute("href", "https://example.vn/a?b=1")
    expect(words.locator("a")).to_have_attribute("rel", re.compile("noopener noreferrer"))


def test_a_file_too_large_is_said_before_it_travels(page: Page, tmp_path: Path) -> None:
    """101 MB are not sent over a phone line to be refused at the other end."""
    large = tmp_path / "video.mp4"
    with large.open("wb") as file:
        file.truncate(101 * 2**20)
    page.locator("#pick").set_input_files(large)
    expect(page.locator("#tray li.failed small")).to_contain_text("lớn hơn 100 MB")
    page.locator("#tray li button").click()
    expect(page.locator("#tray")).to_be_hidden()


def test_what_arrives_unseen_is_counted_in_the_title(page: Page, address: str) -> None:
    """A second tab of the same chat speaks; the first, in the background, shows a number."""
    Persona(page).says("một")
    expect(page.locator(".message.mine:not(.waiting)")).to_have_count(1)
    page.evaluate("Object.defineProperty(document, 'hidden', {configurable: true, get: () => true})")
    other = page.context.new_page()
    other.goto(f"{address}/chat")
    Persona(other).ready().says("hai")
    expect(page).to_have_title(re.compile(r"^\(\d+\) "))
    expect(page.locator(".fresh")).to_have_count(1)
    page.evaluate("delete document.hidden; document.dispatchEvent(new Event('visibilitychange'))")
    expect(page).to_have_title(re.compile(r"^[^(]"))


def test_a_link_from_another_site_keeps_the_chat(page: Page, address: str) -> None:
    """The strict cookie is withheld on such a visit, but the person finds their own chat."""
    Persona(page).says("tôi đã ở đây")
    expect(page.locator(".message.mine:not(.waiting)")).to_have_count(1)
    page.route("http://other.example/", lambda route: route.fulfill(body=f'<a href="{address}/chat">enter</a>', content_type="text/html"))
    page.goto("http://other.example/")
    page.get_by_text("enter").click()
    expect(page.locator(".message.mine .words")).to_have_text("tôi đã ở đây")
