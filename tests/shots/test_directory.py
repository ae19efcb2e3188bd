"""The directory as people see it: the preview of an import, with differences and with faults, on a desk and on a phone."""

from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from bot.commands.directory import paged
from bot.sheets import Place, Table
from models.directory.changes import Difference, Merge
from models.directory.parts import Fault
from tests.shots.stage import SIZES, Eyes, chromium

pytestmark = pytest.mark.shots

CHANGES = [
    Difference("unit", "so_moi", "", "", "Sở Mới"),
    Difference("unit", "so_y_te", "name_vi", "Sở Y tế", "Sở Y tế và Dân số"),
    Difference("person", "so_y_te/Người phát ngôn Sở Y tế", "position", "Phó Chánh Văn phòng", "Chánh Văn phòng"),
    Difference("person", "so_y_te/Người phát ngôn Sở Y tế", "office_phone", "", "02343822123"),
    Difference("person", "so_y_te/Người phát ngôn Sở Y tế", "phone", "0905000001", "0905000002"),
]
FAULTS = [
    Fault("units", 3, "parent", "các đơn vị là cấp trên của nhau theo vòng: so_a → so_b → so_a"),
    Fault("people", 40, "office_phone", "“gọi sau” không phải một số điện thoại; viết một số, ví dụ 0234 382 2123"),
]
ASIDE = [
    "⚠ “Nhà xanh” là tên chung của so_a, so_b; ai dùng tên này sẽ được hỏi lại là đơn vị nào.",
    "2 đơn vị không có trong tệp (x, y): giữ nguyên.",
]


def test_the_preview_of_an_import(tmp_path: Path) -> None:
    """Both pages fit a phone, shut nobody out, and print no private number."""
    pages = {"import": Merge(changes=CHANGES), "import-faults": Merge(faults=FAULTS)}
    eyes, table = Eyes(), Table()
    for part, sheet in (("units", "Đơn vị"), ("people", "Người")):
        table.places[part] = [Place("danh-ba.xlsx", line, sheet) for line in range(2, 60)]
    with sync_playwright() as playwright:
        browser = chromium(playwright)
        for name, merge in pages.items():
            text = paged(merge, table, "danh-ba.xlsx", ASIDE)
            assert "0905" not in text
            (tmp_path / f"{name}.html").write_text(text, "utf-8")
            for size, (width, height) in SIZES.items():
                page = browser.new_page(viewport={"width": width, "height": height})
                page.goto((tmp_path / f"{name}.html").as_uri())
                eyes.picture(page, f"{name}-{size}")
        browser.close()
    assert not eyes.problems, "\n".join(eyes.problems)
