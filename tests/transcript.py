"""Conversations tested as transcripts a press officer could read; the language is explained in `bot.story`."""

import random
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot import seeding
from bot.app import build
from bot.settings import Settings
from bot.story import Story, Timepiece
from handlers.routes import TABLE
from handlers.table import Table

MONDAY = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)  # 08:00 in the province, a working Monday before the Tuesday holiday

JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF" + b"\x00" * 64
PDF = b"%PDF-1.7\n%mau\n"


def file_named(name: str) -> bytes:
    """Small content that is what the name says; `.exe` is a picture in disguise."""
    return PDF if name.endswith(".pdf") else JPEG


class Dice:
    """Chance that repeats itself."""

    def __init__(self, seed: int = 1) -> None:
        self._random = random.Random(seed)

    def chance(self) -> int:
        """64 bits."""
        return self._random.getrandbits(64)

    def salt(self) -> str:
        """32 bytes in hex."""
        return self._random.randbytes(32).hex()

    def name(self) -> str:
        """16 bytes in hex."""
        return self._random.randbytes(16).hex()


@asynccontextmanager
async def office(home: Path, *, at: datetime = MONDAY, routes: Table = TABLE, **settings: Any) -> AsyncGenerator[Story]:
    """An office with the shipped directory, an officer and two spokespersons, ready for a story."""
    time = Timepiece(at)
    app = await build(Settings(home=home, **settings), now=time, ids=Dice(), routes=routes)
    try:
        await seeding.seed(app, people=True)
        story = Story(app, time, file_named)
        for name, person in PEOPLE.items():
            code = await seeding.invite(app, **person)
            await story.say(story.person(name), code)
        yield story
    finally:
        await app.stop()


PEOPLE: Mapping[str, Mapping[str, Any]] = {
    "cán bộ": {"role": "officer", "name": "Cán bộ Phòng Báo chí", "unit": "dic_desk"},
    "y tế": {"role": "member", "name": "Người phát ngôn Sở Y tế", "unit": "so_y_te", "mandate": "standing", "position": "Người phát ngôn"},
    "xây dựng": {
        "role": "member",
        "name": "Người phát ngôn Sở Xây dựng",
        "unit": "so_xay_dung",
        "mandate": "standing",
        "position": "Người phát ngôn",
    },
}

REGISTER = """
phóng viên > /start
phóng viên > [Đăng ký phóng viên]
phóng viên > [Tiếng Việt]
phóng viên > [Tôi đã đọc và đồng ý]
phóng viên > Phóng Viên Mẫu
phóng viên > Báo điện tử Mẫu
phóng viên > [Thẻ nhà báo]
phóng viên > IBT-01234
phóng viên > 31/12/2027
phóng viên > 0900 000 001
phóng viên > [Bỏ qua]
phóng viên > [Gửi]
phóng viên < Cảm ơn anh/chị Phóng Viên Mẫu
"""

VERIFY = """
cán bộ > [Xác minh]
cán bộ < Đã xác minh Phóng Viên Mẫu
"""

ASK = """
phóng viên > Bao nhiêu người nhập viện trong vụ ngộ độc thực phẩm ở bếp ăn trường học?
phóng viên < Sở Y tế
phóng viên > [Sở Y tế]
phóng viên > [Văn bản, tin nhắn]
phóng viên > [Không gấp]
phóng viên > [Gửi]
phóng viên < Chúng tôi đã tiếp nhận
"""


async def play(story: Story, *texts: str) -> None:
    """Play stories one after another."""
    for text in texts:
        await story.play(text.strip().splitlines())
