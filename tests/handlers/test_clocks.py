"""Clocks in conversation: who is told when nobody acts, why a deadline is what it is, and whose question runs which clock."""

from pathlib import Path

import pytest

from tests.transcript import ASK, REGISTER, VERIFY, office, play, scene

ASKED = (REGISTER, VERIFY, ASK)
DECREES = [("", "NĐ 244/2026"), ("nd-09-2017", "NĐ 09/2017")]


async def test_nobody_acknowledges_until_the_press_office_hears(tmp_path: Path) -> None:
    """Fifteen minutes, then the unit again, then the officers; a tap ends it, and the log has every step."""
    await scene(
        tmp_path,
        *ASKED,
        """
        y tế > $YC
        y tế < Mốc nội bộ: báo đã nhận trước 08:15
        +16m
        y tế < $YC | chưa có ai tiếp nhận | [Tiếp nhận]
        cán bộ < (không có gì)
        +2h
        cán bộ < $YC chưa có ai ở Sở Y tế tiếp nhận | [Điều chuyển]
        y tế > [Tiếp nhận]
        y tế < đã tiếp nhận $YC
        +1h
        cán bộ < (không có gì)
        cán bộ > /nhatky $YC
        cán bộ < chậm mốc quy chế nội bộ | báo lên bậc tiếp theo | đơn vị tiếp nhận
        """,
    )


@pytest.mark.parametrize(("pin", "basis"), DECREES)
async def test_why_a_deadline_is_what_it_is(tmp_path: Path, pin: str, basis: str) -> None:
    """Both sides read each day, why, and by which article; a pause stands in the list."""
    await scene(
        tmp_path,
        *ASKED,
        f"""
        phóng viên > $YC
        phóng viên > [Vì sao hạn là vậy?]
        phóng viên < Hạn: hết thứ Sáu 27/11/2026 (24:00). | Luật không định số | Ngày Văn hóa Việt Nam (lễ), không tính | {basis}
        y tế > [Hỏi lại]
        y tế > Anh/chị hỏi về trường nào?
        phóng viên > [Vì sao hạn là vậy?]
        phóng viên < Đang tạm dừng từ | Còn lại 3 ngày làm việc
        """,
        law_pin=pin,
    )


async def test_who_asks_decides_the_clock(tmp_path: Path) -> None:
    """An officer records that the head of a press agency asks: thirty days from receipt, and everybody is told.

    A further question opens the case again with the clock of the same asker.
    """
    await scene(
        tmp_path,
        *ASKED,
        """
        cán bộ > /nhatky $YC
        cán bộ > [Loại người hỏi]
        cán bộ < của ai hỏi | người đứng đầu tòa soạn | báo chí nước ngoài
        cán bộ > 99
        cán bộ < gõ một số từ 1 đến
        cán bộ > 4
        cán bộ < Thời hạn: hết thứ Tư 23/12/2026
        phóng viên < $YC được xử lý theo loại | hết thứ Tư 23/12/2026
        y tế < ghi hồ sơ $YC | hết thứ Tư 23/12/2026
        y tế > $YC Có 12 người nhập viện.
        y tế > [Gửi câu trả lời]
        +31s
        phóng viên < 12 người
        +2d
        phóng viên > $YC Hiện còn bao nhiêu người nằm viện?
        phóng viên < hết thứ Sáu 25/12/2026
        """,
    )


async def test_quiet_at_night_unless_it_is_urgent(tmp_path: Path) -> None:
    """Two days before the end of Friday is a midnight: an ordinary case is reminded at half past seven, an urgent one at once."""
    async with office(tmp_path, *ASKED) as story:
        await play(
            story,
            """
            y tế > [Tiếp nhận]
            +63h
            y tế < chưa có nội dung trả lời đầu tiên
            +65m
            y tế < (không có gì)
            +8h
            y tế < Nhắc hạn: hồ sơ $YC
            cán bộ > /nhatky $YC
            cán bộ > [Việc khẩn]
            cán bộ < Vì sao hồ sơ $YC là việc khẩn
            cán bộ > gấp
            cán bộ < ít nhất 10 ký tự
            cán bộ > Dư luận đang rất quan tâm, báo đăng liên tục.
            cán bộ < $YC là việc khẩn từ bây giờ
            y tế < KHẨN: hồ sơ $YC | Dư luận đang rất quan tâm
            +16h
            y tế < Nhắc hạn: hồ sơ $YC
            cán bộ > /nhatky $YC
            cán bộ < đặt hoặc thôi việc khẩn
            cán bộ > [Việc khẩn]
            cán bộ < đang là việc khẩn
            cán bộ > [Thôi khẩn]
            cán bộ < trở lại bình thường
            cán bộ > [Thôi khẩn]
            cán bộ < hiện không phải việc khẩn
            """,
        )
