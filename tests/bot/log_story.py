"""One office whose log has everything: a question with a file, an edit, an addition, an answer, and an erasure by two officers."""

import asyncio
import json
import os
import shutil
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from bot import seeding
from bot.channels.base import Arrival
from bot.channels.web import said
from bot.database import Database
from bot.dossier.export import export
from bot.settings import Settings
from bot.story import Cast, Story
from bot.watch import auditing
from bot.watch.heads import SignedHead, signed_now
from models.evidence import verification
from models.evidence.verification import Report
from tests.models.evidence.in_pieces import in_pieces
from tests.transcript import MONDAY, PDF, REGISTER, VERIFY, office, play

PHRASE = "Cầu Vồng Ngũ Sắc"
ASKED = f"Bao nhiêu người nhập viện trong vụ ngộ độc thực phẩm ở bếp ăn {PHRASE}?"


def file_named(name: str) -> bytes:
    """The minutes hold the phrase; the list that stays does not."""
    return PDF + (PHRASE.encode() if name == "bien-ban.pdf" else b"danh sach")


async def ask_and_answer(story: Story) -> None:
    """From the question to the rating, with everything on the way that copies words."""
    await play(
        story,
        REGISTER,
        VERIFY,
        f"""
        phóng viên > {{bien-ban.pdf}} {ASKED}
        phóng viên < Sở Y tế
        phóng viên > [Sở Y tế]
        phóng viên > [Văn bản, tin nhắn]
        phóng viên > [Không gấp]
        phóng viên > [Gửi]
        phóng viên < Chúng tôi đã tiếp nhận
        y tế < {PHRASE}
        y tế > /hopthu
        phóng viên ~ ngộ độc > {ASKED} Và bao nhiêu người đã xuất viện?
        y tế < xuất viện
        phóng viên ^ đã tiếp nhận > {{danh-sach.pdf}} Xin gửi thêm danh sách.
        y tế ^ Câu hỏi mới > Có 12 người nhập viện, sức khỏe ổn định.
        y tế > [Gửi câu trả lời]
        +31s
        phóng viên < Trả lời chính thức
        phóng viên > [Đã rõ]
        """,
    )


async def erase_question(story: Story) -> None:
    """One officer asks, cannot approve alone; another agrees; once only."""
    first, second = story.person("cán bộ"), story.person("cán bộ hai")
    await play(story, "cán bộ > /xoa $YC")
    label = next(choice["label"] for choice in first.told[-1].choices if choice["label"].startswith("Bao nhiêu"))
    await play(story, f"cán bộ > [{label}]", "cán bộ > Câu hỏi có bí mật đời tư của trẻ em.", "cán bộ hai < đề nghị xóa một nội dung")
    action = second.told[-1].choices[0]["action"]
    await tap(story, first, action, "1")
    await play(story, "cán bộ < phải do một cán bộ khác", "cán bộ hai > [Đồng ý xóa]", "cán bộ hai < Đã xóa một nội dung của $YC")
    await tap(story, second, action, "2")
    await play(story, "cán bộ hai < đã được xóa trước đó")


async def tap(story: Story, who: Cast, action: str, key: str) -> None:
    """Send a choice nobody showed them, as anybody can."""
    who.seen = len(who.told)
    arrival = Arrival("web", f"forged-{key}", who.chat, json.dumps({"kind": "choice", "choice": action}))
    await story.app.inbox.put([arrival], also=said)
    await story.wait(timedelta(0))


@dataclass(frozen=True)
class Told:
    """A HOME after the story, its case, and the head somebody kept."""

    home: Path
    code: str
    head: SignedHead

    def copy(self, folder: Path) -> "Told":
        """A copy to tamper with."""
        return Told(Path(shutil.copytree(self.home, folder / "home")), self.code, self.head)

    def change(self, work: Callable[[sqlite3.Connection], object]) -> None:
        """Do something to the database that its triggers would refuse."""
        connection = sqlite3.connect(self.home / "phatngon.db")
        try:
            connection.execute("PRAGMA foreign_keys=OFF")
            for verb in ("update", "delete"):
                connection.execute(f"DROP TRIGGER exchange_entry_append_only_{verb}")
            work(connection)
            connection.commit()
        finally:
            connection.close()

    def check(self, *, head: bool = False) -> Report:
        """Verify it all, with the head somebody kept or without; in small pieces it must come to the same."""
        kept = self.home.parent / "head.json"
        kept.write_text(self.head.json())

        async def work() -> Report:
            database = Database(settings(self.home).database)
            wanted = {self.head.seq: self.head.hash} if head else {}
            try:
                report = await auditing.check(database, self.home, head=kept if head else None, files=True)
                async with database.read() as store:
                    whole = await verification.verify(store, wanted)
                    assert await in_pieces(store, wanted, self.head.seq) == whole
                assert report.problem == whole.problem or (report.problem is not None and report.problem.what == "file_bytes")
                return report
            finally:
                await database.dispose()

        return asyncio.run(work())

    def export(self, out: Path) -> None:
        """Export the case."""

        async def work() -> None:
            database = Database(settings(self.home).database)
            try:
                assert await export(settings(self.home), database, self.code, out, MONDAY)
            finally:
                await database.dispose()

        asyncio.run(work())


def settings(home: Path) -> Settings:
    """The settings of a HOME."""
    return Settings(home=home)


async def tell(home: Path) -> Told:
    """Play the story."""
    async with office(home) as story:
        story.files = file_named
        code = await seeding.invite(story.app, role="officer", name="Cán bộ thứ hai", unit="dic_desk")
        await story.say(story.person("cán bộ hai"), code)
        await ask_and_answer(story)
        await erase_question(story)
        await play(story, "cán bộ > /nhatky $YC", "cán bộ < đã xóa một nội dung")
        async with story.app.machine.database.read() as store:
            head = await signed_now(store, home, MONDAY.date())
        return Told(home, story.codes["$YC"], head)


def files_of(folder: Path) -> Mapping[Path, bytes]:
    """Every file below a folder."""
    return {Path(root) / name: (Path(root) / name).read_bytes() for root, _, names in os.walk(folder) for name in names}
