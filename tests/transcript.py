"""Conversations tested as transcripts a press officer could read; the language is explained in `bot.story`."""

import atexit
import copy
import dataclasses
import random
import re
import shutil
import tempfile
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from sqlalchemy import Engine, event

from bot import seeding
from bot.app import App, build
from bot.channels.base import Channel
from bot.compass import Compass
from bot.database import Database
from bot.entrance import channels_of
from bot.files import Files
from bot.machine import Machine
from bot.office import load_office, overlays_of
from bot.settings import Settings
from bot.story import Cast, Story, Timepiece
from handlers.routes import TABLE
from handlers.table import Table
from models.office import Office
from tests import databases
from tests.counted import differences

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


@dataclass
class Stage:
    """How far a story has come: everything needed to go on from there, as often as one likes."""

    home: Path
    office: Office
    dice: Dice
    at: datetime
    cast: dict[str, Cast]
    codes: dict[str, str]
    url: str  # of its database, where that is not a file under its home


WORDS_ALONE: dict[str, Any] = {"semantic": False}  # the same on every machine, whatever is installed
_STAGES: dict[object, Stage] = {}  # of this process: a beginning that many tests share is played once and copied
_ENGINES: dict[str, Engine] = {}


@asynccontextmanager
async def office(
    home: Path,
    *played: str,
    at: datetime = MONDAY,
    routes: Table = TABLE,
    channels: Mapping[str, Channel] | None = None,
    logged: bool = True,
    **settings: Any,
) -> AsyncGenerator[Story]:
    """An office with the shipped directory, an officer and two spokespersons, after the stories `played`; what it did must be in the log, unless the test changes rows itself."""
    settings = {"law_pin": databases.pin()} | settings
    stage = await _stage(played, at, settings)
    shutil.copytree(stage.home, home, dirs_exist_ok=True)
    with databases.copy(stage.url) as copied:
        async with _open(stage, home, {**settings, **copied}, routes, channels) as story:
            yield story
            if logged:
                async with story.app.machine.database.read() as store:
                    assert await differences(store) == {}


async def _stage(played: tuple[str, ...], at: datetime, settings: Mapping[str, Any]) -> Stage:
    key = (played, at, tuple(sorted(settings.items())), databases.chosen())
    if key not in _STAGES:
        home = Path(tempfile.mkdtemp(prefix="phatngon-"))
        atexit.register(shutil.rmtree, home, ignore_errors=True)
        if played:
            before = await _stage(played[:-1], at, settings)
            shutil.copytree(before.home, home, dirs_exist_ok=True)
            async with _open(before, home, {**settings, **databases.lasting(before.url)}) as story:
                await play(story, played[-1])
                _STAGES[key] = _left(story)
        else:
            _STAGES[key] = await _founded(home, at, {**settings, **databases.lasting()})
    return _STAGES[key]


async def _founded(home: Path, at: datetime, settings: Mapping[str, Any]) -> Stage:
    """The office on its first day, built the way the product builds it."""
    time = Timepiece(at)
    app = await build(Settings(home=home, **{**WORDS_ALONE, **settings}), now=time, ids=Dice())
    try:
        await seeding.seed(app, people=True)
        story = Story(app, time, file_named)
        older = app.machine.office.rules.law.at(at).id == "nd-09-2017"  # there the spokesperson of a department is a deputy
        for name, person in PEOPLE.items():
            more = {"position": "Phó Giám đốc"} if older and "mandate" in person else {}
            await story.say(story.person(name), await seeding.invite(app, **{**person, **more}))
        return _left(story)
    finally:
        await app.stop()


def _left(story: Story) -> Stage:
    machine, dice = story.app.machine, story.app.machine.ids
    assert isinstance(dice, Dice)
    for who in story.cast.values():
        who.seen = len(who.told)  # what was said before the curtain rises is not expected again
    settings, cast, codes = machine.settings, copy.deepcopy(story.cast), {**story.codes}
    return Stage(settings.home, machine.office, copy.deepcopy(dice), story.time.moment, cast, codes, settings.database_url)


@asynccontextmanager
async def _open(
    stage: Stage, home: Path, settings: Mapping[str, Any], routes: Table = TABLE, channels: Mapping[str, Channel] | None = None
) -> AsyncGenerator[Story]:
    """A machine on a copied home: no migration, no content to read again, and no waiting for the disk."""
    time, wanted = Timepiece(stage.at), Settings(home=home, **{**WORDS_ALONE, **settings})
    machine = Machine(
        settings=wanted,
        database=Database(wanted.database),
        office=dataclasses.replace(stage.office, router=cast("Compass", stage.office.router).copy()),
        routes=routes,
        files=Files(home / "files"),
        channels=channels or channels_of(wanted),
        now=time,
        ids=copy.deepcopy(stage.dice),
    )
    _hurry(machine.database)
    if overlays_of(wanted):  # an office with content of its own reads it, like the product
        machine.office = await load_office(wanted, machine.database, stage.at, machine.tickets)
    app = App(machine)
    try:
        yield Story(app, time, file_named, cast=copy.deepcopy(stage.cast), codes=stage.codes)
    finally:
        await app.stop()


def _hurry(database: Database) -> None:
    """Nobody pulls the plug on a test, and a statement compiled for one database is compiled for all."""
    writer, reader = database._writer.sync_engine, database._reader.sync_engine  # pyright: ignore[reportPrivateUsage]
    for role, engine in (("writer", writer), ("reader", reader)):
        first = _ENGINES.setdefault(engine.dialect.driver if database.is_sqlite else role, engine)
        engine.dialect, engine._compiled_cache = first.dialect, first._compiled_cache  # pyright: ignore[reportPrivateUsage]
    if database.is_sqlite:
        event.listen(writer, "connect", _without_fsync)


def _without_fsync(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA synchronous=OFF")
    cursor.close()


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
phóng viên > 31/12/$NĂM
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


MATTER = """
cán bộ > $YC
cán bộ > [Khác…]
cán bộ > [Thêm…]
cán bộ > [Vụ việc]
cán bộ > [Mở vụ việc mới]
cán bộ > Ngộ độc tại bếp ăn trường học
cán bộ > [Vụ việc thông thường]
cán bộ > [Chưa rõ]
cán bộ > [Lúc này]
cán bộ > [Không có]
cán bộ > [Gửi]
"""


def somebody_else(text: str, name: str = "người khác", called: str = "Người Khác Mẫu") -> str:
    """The same story with another reporter."""
    return re.sub("^phóng viên", name, text, flags=re.MULTILINE).replace("Phóng Viên Mẫu", called)


async def play(story: Story, *texts: str) -> None:
    """Play stories one after another."""
    for text in texts:
        await story.play(text.strip().splitlines())


async def scene(home: Path, *texts: str, **settings: Any) -> None:
    """Play the last of these stories; the others have led up to it."""
    async with office(home, *texts[:-1], **settings) as story:
        await play(story, texts[-1])
