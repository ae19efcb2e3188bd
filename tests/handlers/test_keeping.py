"""Holding a case, covering words of it by two people, and what is past its time (F73, F74)."""

from datetime import timedelta
from pathlib import Path

from sqlmodel import select

from bot import seeding
from bot.dossier import archive, verify
from bot.dossier.contents import gather
from bot.dossier.subject import Subject
from bot.watch.heads import SignedHead, key_of
from models.casework.inquiry import Inquiry
from models.evidence import keeping
from models.evidence.item import Item, ItemKind
from models.evidence.masking import places
from tests.chain import assert_chain
from tests.transcript import ASK, REGISTER, VERIFY, office, play


def test_where_words_stand() -> None:
    """Every time they do, and nowhere else."""
    assert places("An gặp An ở chợ", ["An", "chợ"]) == [[0, 2], [7, 9], [12, 15]]
    assert places("An gặp An", ["Bình", ""]) == []


async def test_a_cover_over_an_untouched_original(tmp_path: Path) -> None:
    """One asks, another agrees; desk and dossier show the cover, chain and dossier verify; a hold forbids it, and erasing."""
    async with office(tmp_path, REGISTER, VERIFY) as story:
        code = await seeding.invite(story.app, role="officer", name="Cán bộ thứ hai", unit="dic_desk")
        await story.say(story.person("cán bộ hai"), code)
        await play(
            story,
            ASK,
            """
            cán bộ > /giuhoso
            cán bộ < ghi kèm mã
            cán bộ > /giuhoso $YC
            cán bộ > không
            cán bộ < ít nhất 10 ký tự
            cán bộ > Đang có đơn khiếu nại về hồ sơ này.
            cán bộ hai < đã giữ hồ sơ $YC
            cán bộ > /chephu $YC
            cán bộ < đang được giữ nên không xóa, không che
            cán bộ > /xoa $YC
            cán bộ < đang được giữ
            cán bộ hai > /giuhoso $YC
            cán bộ hai < nêu lý do bỏ giữ
            cán bộ hai > Khiếu nại đã giải quyết xong.
            cán bộ < đã bỏ giữ hồ sơ
            cán bộ > /chephu $YC
            cán bộ < cần che nội dung nào
            cán bộ > 3
            cán bộ < gõ đúng những chữ cần che
            cán bộ > bếp ăn bệnh viện
            cán bộ < không đúng như trong nội dung
            cán bộ > bếp ăn trường học
            cán bộ > Tên trường liên quan đến trẻ em.
            cán bộ hai < đề nghị che | ███ ██ ██████ ███ | [Đồng ý che]
            cán bộ hai > [Đồng ý che]
            cán bộ < Đã che một phần
            y tế > $YC
            y tế < ngộ độc thực phẩm ở ███ ██ ██████ ███
            cán bộ hai > [Đồng ý che]
            cán bộ hai < đã được che trước đó
            """,
        )
        machine = story.app.machine
        async with machine.database.read() as store:
            await assert_chain(store)
            question = (await store.scalars(select(Item).where(Item.kind == ItemKind.QUESTION))).one()
            assert "bếp ăn trường học" in (question.text or "")
            contents = await gather(store, Subject(story.codes["$YC"], [story.codes["$YC"]]))
        key, path = key_of(tmp_path), tmp_path / "ho-so.zip"
        head = SignedHead.of(contents.head, story.time.moment.date(), key)
        archive.write(path, contents, {"ho-so.html": b"trang"}, head, machine.files, key, story.time.moment)
        verify.check_path(path)
        assert "bếp ăn trường học".encode() not in path.read_bytes()


async def test_past_its_time_is_listed_and_never_destroyed(tmp_path: Path) -> None:
    """Ten years after the end, unless somebody holds it."""
    async with office(tmp_path, REGISTER, VERIFY, ASK) as story:
        await play(story, "phóng viên > $YC\nphóng viên > [Rút đề nghị]\nphóng viên > [Rút]\nphóng viên < đã được rút")
        retention, now = story.app.machine.office.retention, story.time.moment
        async with story.app.machine.database.read() as store:
            assert await keeping.past(store, retention, now + timedelta(days=3640)) == []
            assert await keeping.past(store, retention, now + timedelta(days=3660)) == [story.codes["$YC"]]
            assert await keeping.past(store, keeping.Retention(), now + timedelta(days=99999)) == []
            assert len((await store.scalars(select(Inquiry))).all()) == 1
        await play(story, "cán bộ > /giuhoso $YC\ncán bộ > Đang có đơn khiếu nại về hồ sơ này.")
        async with story.app.machine.database.read() as store:
            assert await keeping.past(store, retention, now + timedelta(days=3660)) == []
