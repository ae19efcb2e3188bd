"""The main story, clicked through on the demo page, and every page at the width of a phone and of a desk."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.shots import stage
from tests.shots.persona import Persona

pytestmark = [pytest.mark.shots, pytest.mark.timeout(300)]

QUESTION = "Bao giờ Bệnh viện đa khoa tỉnh có đủ thuốc bảo hiểm y tế? Nhiều người bệnh phải tự mua thuốc ở ngoài."
ANSWER = (
    "Bệnh viện đã có đủ 98% danh mục thuốc bảo hiểm y tế từ ngày 20/11. "
    "12 mặt hàng còn lại về kho trước ngày 30/11. Danh mục cập nhật hằng ngày tại https://example.vn/thuoc."
)


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
    stage.PICTURES.mkdir(parents=True, exist_ok=True)
    with stage.demo(tmp_path_factory.mktemp("demo") / "home") as address:
        yield address


@pytest.fixture
def eyes() -> Iterator[stage.Eyes]:
    """Whatever the eyes saw fails the test, all of it at once."""
    eyes = stage.Eyes()
    yield eyes
    assert not eyes.problems, "\n".join(eyes.problems)


def window(browser: Browser, eyes: stage.Eyes, size: str, scheme: str = "light") -> Page:
    """A window of one of the two widths."""
    width, height = stage.SIZES[size]
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if scheme == "dark" else "light",
        has_touch=size == "390",
        locale="vi-VN",
        timezone_id="Asia/Ho_Chi_Minh",
    )
    eyes.watch(context)
    return context.new_page()


def register(reporter: Persona, officer: Persona) -> None:
    """The reporter introduces themself, the officer vouches for the press card."""
    reporter.taps("Đăng ký phóng viên")
    reporter.taps("Tiếng Việt")
    reporter.taps("Tôi đã đọc và đồng ý")
    for asked, said in (("Bước 3/9", "Phóng viên Một"), ("Bước 4/9", "Báo Ví dụ")):
        reporter.sees(asked)
        reporter.says(said)
    reporter.taps("Thẻ nhà báo")
    for asked, said in (("Bước 6/9", "VD-01234"), ("Bước 7/9", f"31/12/{datetime.now(UTC).year + 1}"), ("Bước 8/9", "0900 000 001")):
        reporter.sees(asked)
        reporter.says(said)
    reporter.taps("Bỏ qua")
    reporter.sees("xem lại trước khi gửi")
    reporter.taps("Gửi")
    officer.sees("VD-01234")
    officer.taps("Xác minh")
    reporter.sees("đã xác minh tư cách báo chí")


def test_the_story(browser: Browser, address: str, eyes: stage.Eyes, tmp_path: Path) -> None:
    """Registered, asked, routed, acknowledged, answered, confirmed, seen, rated: by clicking, beside each other on one page."""
    page = window(browser, eyes, "1280")
    page.goto(f"{address}/demo")
    reporter, speaker, officer = (
        Persona(page.frame_locator(f"iframe[name={name}]")).ready() for name in ("phongvien", "phatngon", "canbo")
    )
    eyes.picture(page, "demo-1-begin")
    register(reporter, officer)

    letter = tmp_path / "Đơn phản ánh.txt"
    letter.write_text("Kính gửi Phòng Báo chí…\n" * 40, "utf-8")
    reporter.says(QUESTION, letter)
    reporter.sees("chọn nơi nhận")
    eyes.picture(page, "demo-2-routed")
    reporter.taps("Sở Y tế")
    reporter.taps("Văn bản, tin nhắn")
    reporter.taps("Không gấp")
    reporter.sees("Nơi nhận: Sở Y tế")
    reporter.taps("Gửi")
    reporter.sees("đã tiếp nhận đề nghị")

    speaker.sees("Câu hỏi mới")
    eyes.picture(page, "demo-3-arrived")
    speaker.taps("Tiếp nhận")
    speaker.taps("Trả lời")
    speaker.sees("gõ câu trả lời")
    speaker.says(ANSWER)
    speaker.sees("XEM TRƯỚC")
    eyes.picture(page, "demo-4-preview")
    speaker.taps("Gửi câu trả lời")
    reporter.sees("12 mặt hàng còn lại")
    reporter.taps("Đã rõ")
    reporter.sees("Cảm ơn anh/chị đã đánh giá")
    officer.says("/bang")
    officer.sees("Toàn tỉnh")
    eyes.picture(page, "demo-5-answered")


@pytest.mark.parametrize("size", stage.SIZES)
def test_each_persona_alone(browser: Browser, address: str, eyes: stage.Eyes, size: str) -> None:
    """Each persona's own page, with the story in it."""
    page = window(browser, eyes, size)
    for name in ("phongvien", "phatngon", "canbo"):
        page.goto(f"{address}/demo/{name}/chat")
        Persona(page).ready()
        eyes.picture(page, f"{name}-{size}")


def test_the_demo_on_a_phone(browser: Browser, address: str, eyes: stage.Eyes) -> None:
    """One persona at a time, behind tabs; what arrives meanwhile is counted."""
    page = window(browser, eyes, "390")
    page.goto(f"{address}/demo")
    Persona(page.frame_locator("iframe[name=phongvien]")).ready()
    eyes.picture(page, "demo-390")
    page.get_by_role("tab", name="Người phát ngôn").click()
    expect(page.locator("iframe[name=phatngon]")).to_be_visible()
    expect(page.locator("iframe[name=phongvien]")).to_be_hidden()
    page.keyboard.press("ArrowRight")
    expect(page.locator("iframe[name=canbo]")).to_be_visible()


@pytest.mark.parametrize("size", stage.SIZES)
def test_public_pages(browser: Browser, address: str, eyes: stage.Eyes, size: str) -> None:
    """What anybody may read, and a stranger's first look at the chat."""
    page = window(browser, eyes, size)
    page.goto(f"{address}/")
    eyes.picture(page, f"newsroom-{size}")
    page.goto(f"{address}/danh-ba")
    page.get_by_label("Tên cơ quan").press_sequentially("so y te")
    expect(page.locator(".desks h2").first).to_have_text("Sở Y tế")
    eyes.picture(page, f"directory-{size}")
    page.goto(f"{address}/vao/ABCD-EFGH-1234")
    eyes.picture(page, f"enter-{size}")
    page.goto(f"{address}/chat")
    Persona(page).ready()
    eyes.picture(page, f"visitor-{size}")


def test_in_the_dark(browser: Browser, address: str, eyes: stage.Eyes) -> None:
    """The dark colours are as readable as the light ones."""
    page = window(browser, eyes, "390", "dark")
    for name in ("phongvien", "phatngon"):
        page.goto(f"{address}/demo/{name}/chat")
        Persona(page).ready()
        eyes.picture(page, f"{name}-dark")
    page.goto(f"{address}/")
    eyes.picture(page, "newsroom-dark")
