"""Who leaves hands over; a lost phone is closed at once."""

from pathlib import Path

from sqlmodel import col, select

from bot import seeding
from models.evidence.exchange import ExchangeEntry
from tests.transcript import ASK, REGISTER, VERIFY, office, play


async def test_a_spokesperson_leaves_with_an_open_case(tmp_path: Path) -> None:
    """The officer names the successor; the case passes with an entry, what comes next goes there, the reporter hears nothing."""
    async with office(tmp_path, REGISTER, VERIFY, ASK) as story:
        code = await seeding.invite(story.app, role="member", name="Chuyên viên Sở Y tế", unit="so_y_te")
        await story.say(story.person("chuyên viên"), code)
        await play(
            story,
            """
            y tế > [Tiếp nhận]
            phóng viên < đã tiếp nhận
            y tế > /nhansu
            y tế < dành cho Phòng Báo chí hoặc người đứng đầu
            cán bộ > /nhansu so y te
            cán bộ < Nhân sự của Sở Y tế | Người phát ngôn Sở Y tế
            cán bộ > [Người phát ngôn Sở Y tế]
            cán bộ > [Thôi nhiệm vụ, bàn giao]
            cán bộ < 1 hồ sơ đang mở | Ai nhận bàn giao
            cán bộ > [Chuyên viên Sở Y tế]
            cán bộ < Đã bàn giao | 1 hồ sơ
            chuyên viên < nhận bàn giao | $YC
            y tế < đã được bàn giao cho Chuyên viên Sở Y tế
            phóng viên < (không có gì)
            cán bộ > [Chuyên viên Sở Y tế]
            cán bộ < Không còn người này
            y tế > /hopthu
            y tế < không được giao việc này
            phóng viên ^ đã tiếp nhận > Bổ sung: xin số liệu theo từng trường.
            chuyên viên < từng trường
            """,
        )
        async with story.app.machine.database.read() as store:
            found = (
                await store.scalars(
                    select(ExchangeEntry.action).where(col(ExchangeEntry.action).in_(["inquiry.handed_over", "staff.handed_over"]))
                )
            ).all()
        assert sorted(found) == ["inquiry.handed_over", "staff.handed_over"]


async def test_a_lost_phone(tmp_path: Path) -> None:
    """Closed by a tap: it learns nothing any more; a code lets the person back in on another one."""
    async with office(tmp_path, REGISTER, VERIFY, ASK) as story:
        await play(
            story,
            """
            cán bộ > /nhansu so y te
            cán bộ > [Người phát ngôn Sở Y tế]
            """,
        )
        label = next(c["label"] for c in story.person("cán bộ").told[-1].choices if c["label"].startswith("Mất máy"))
        await play(
            story,
            f"""
            cán bộ > [{label}]
            cán bộ < Đã đóng một tài khoản của Người phát ngôn Sở Y tế | còn dùng: 0
            cán bộ > [{label}]
            cán bộ < đã được đóng trước đó
            y tế > /hopthu
            y tế < thiết bị này đã được đóng
            """,
            """
            máy mới > /start
            máy mới > [Tôi đã có tài khoản]
            máy mới > Người phát ngôn Sở Y tế
            cán bộ > [Cho Người phát ngôn Sở Y tế vào lại]
            máy mới < $MA
            máy mới > $MA
            máy mới > /hopthu
            máy mới < $YC
            """,
        )
