"""Who is there: the duty roster, absences with somebody who stands in, and the ladder that ends with whoever is on duty."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot import seeding
from bot.story import Story
from handlers import flags
from handlers.contract import Context
from tests.transcript import ASK, REGISTER, VERIFY, office, play

ROSTER = """
cán bộ > /trực
cán bộ < Chưa có lịch trực nào | 24/11, 28/11, 29/11, 05/12, 06/12 | [Xếp, đổi lịch trực]
cán bộ > [Xếp, đổi lịch trực]
cán bộ < mỗi dòng một ca | Cán bộ Phòng Báo chí
"""


async def test_a_roster_pasted_changed_and_handed_over(tmp_path: Path) -> None:
    """A list as an office keeps it; what is not understood is shown, what stood there gives way, and people are told."""
    async with office(tmp_path) as story:
        for name in ("Trực ban Một", "Trực ban Hai"):
            code = await seeding.invite(story.app, role="member", name=name, unit="vp_ubnd", position="Chuyên viên")
            await story.say(story.person(name.lower()), code)
        await nobody_on_duty(story)
        await play(
            story,
            ROSTER.replace("Cán bộ Phòng Báo chí", "Trực ban Một"),
            """
            cán bộ > LỊCH TRỰC | không có ngày
            cán bộ < ghi ngày và họ tên trên mỗi dòng
            """,
        )
        await story.say(
            story.person("cán bộ"),
            "LỊCH TRỰC TUẦN\nThứ Ba 24/11: Trực ban Một 0900 000 009\nT7 28/11 - CN 29/11: Trực ban Hai\n30/02: Trực ban Hai\n01/12: Ai đó",
        )
        await play(
            story,
            """
            cán bộ < 07:30 thứ Ba 24/11/2026 → 07:30 thứ Tư 25/11/2026: Trực ban Một | thứ Bảy 28/11/2026 → 07:30 thứ Hai 30/11/2026: Trực ban Hai
            cán bộ > [Gửi]
            cán bộ < Đã ghi lịch trực: 2 ca
            trực ban một < Lịch trực của anh/chị | 07:30 thứ Ba 24/11/2026
            trực ban hai < 07:30 thứ Bảy 28/11/2026
            cán bộ > /truc
            cán bộ < Trực ban Một | chưa có người trực: 05/12, 06/12
            cán bộ > [Xếp, đổi lịch trực]
            cán bộ > đêm 28/11: một
            cán bộ < 17:30 thứ Bảy 28/11/2026 → 07:30 Chủ nhật 29/11/2026: Trực ban Một
            cán bộ > [Gửi]
            trực ban hai < 07:30 thứ Bảy 28/11/2026 → 17:30 thứ Bảy 28/11/2026 | 07:30 Chủ nhật 29/11/2026 → 07:30 thứ Hai
            +1d
            trực ban một < Ca trực của anh/chị bắt đầu, đến 07:30 thứ Tư 25/11/2026
            trực ban hai > /trực
            trực ban hai < Đang trực đến 07:30 thứ Tư 25/11/2026: Trực ban Một
            trực ban một > /trực
            trực ban một > [Bàn giao ca của Trực ban Một]
            trực ban một < Ca trực đến 07:30 thứ Tư
            trực ban một > không có ai tên này
            trực ban một < chưa rõ người trực
            trực ban một > [Trực ban Hai]
            trực ban một < Đã bàn giao ca trực đến 07:30 thứ Tư 25/11/2026 cho Trực ban Hai
            trực ban hai < 08:00 thứ Ba 24/11/2026 → 07:30 thứ Tư 25/11/2026
            cán bộ > /trực
            cán bộ > [Xếp, đổi lịch trực]
            cán bộ > 28/11 đến 29/11: bỏ
            cán bộ < không có người trực
            cán bộ > [Gửi]
            trực ban một < không còn ca trực nào
            """,
        )


async def test_somebody_away_is_not_asked(tmp_path: Path) -> None:
    """The colleague who stands in gets what is open and what is new, and gives it back on the day."""
    async with office(tmp_path, REGISTER, VERIFY, ASK) as story:
        code = await seeding.invite(story.app, role="member", name="Chuyên viên Sở Y tế", unit="so_y_te", position="Chuyên viên")
        await story.say(story.person("chuyên viên"), code)
        await play(
            story,
            """
            y tế > [Tiếp nhận]
            y tế > /vangmat từ 24/11 đến 20/11
            y tế < Ngày cuối đứng trước ngày bắt đầu
            y tế > /vangmat từ 25/11 đến 26/11
            y tế < Ai làm thay
            y tế > Người không có
            y tế < Chưa rõ người làm thay
            y tế > [Chuyên viên Sở Y tế]
            y tế < vắng mặt từ 00:00 thứ Tư 25/11/2026, hết thứ Năm 26/11/2026 | chưa có quyền phát ngôn
            y tế > [Gửi]
            chuyên viên < Anh/chị được chọn làm thay
            +2d
            chuyên viên < Từ bây giờ anh/chị làm thay Người phát ngôn Sở Y tế | Hồ sơ đang mở: $YC
            phóng viên > $YC Xin bổ sung: có trẻ em nào không?
            chuyên viên < có trẻ em nào không
            y tế > /vangmat
            y tế < Anh/chị đã báo vắng mặt
            +2d
            chuyên viên < đã trở lại làm việc
            y tế < đã trở lại làm việc
            """,
        )


async def test_the_head_or_the_press_office_says_it_for_them(tmp_path: Path) -> None:
    """Somebody in hospital types nothing; they may call it off themselves."""
    async with office(tmp_path) as story:
        code = await seeding.invite(story.app, role="member", name="Chuyên viên Sở Y tế", unit="so_y_te", position="Chuyên viên")
        await story.say(story.person("chuyên viên"), code)
        await play(
            story,
            """
            cán bộ > /nhansu so y te
            cán bộ > [Người phát ngôn Sở Y tế]
            cán bộ > [Báo vắng mặt]
            cán bộ > [Từ bây giờ]
            cán bộ > 01/12
            cán bộ > [Chuyên viên Sở Y tế]
            cán bộ > [Gửi]
            y tế < Cán bộ Phòng Báo chí vừa ghi anh/chị vắng mặt
            chuyên viên < Từ bây giờ anh/chị làm thay
            y tế > [Đã trở lại]
            y tế < trở lại làm việc từ bây giờ
            chuyên viên < thôi làm thay
            y tế > [Đã trở lại]
            y tế < đã kết thúc trước đó
            """,
        )


async def nobody_on_duty(story: Story) -> None:
    """What the morning summary says of it: holidays nobody has, and from October the calendar nobody has entered."""
    nothing: Any = None
    for moment, said, unsaid in (
        (datetime(2026, 11, 23, 1, tzinfo=UTC), "Ngày nghỉ chưa có người trực: 24/11", "lịch nghỉ năm"),
        (datetime(2027, 9, 30, 1, tzinfo=UTC), "", "lịch nghỉ năm"),
        (datetime(2027, 10, 1, 1, tzinfo=UTC), "Chưa có lịch nghỉ năm 2028", "chưa có người trực"),
    ):
        async with story.app.machine.database.read() as store:
            context = Context(store, moment, story.app.machine.office, ids=nothing, message=nothing, account=None, conversation=None)
            lines = await flags.lines(context)
        assert said in lines
        assert unsaid not in lines
