"""The press office: moving cases, the board, the morning, the log of a case, erasing by two people."""

from pathlib import Path

from bot import seeding
from tests.transcript import ASK, REGISTER, VERIFY, office, play, scene

ASKED = (REGISTER, VERIFY, ASK)


async def test_moving_a_case_wants_a_reason(tmp_path: Path) -> None:
    """An officer moves a case a unit already has: with a reason, and unit and reporter are told."""
    await scene(
        tmp_path,
        *ASKED,
        """
        +7d
        cán bộ < đã quá hạn | [Điều chuyển]
        cán bộ > [Điều chuyển]
        cán bộ < Gửi $YC đến đơn vị nào
        cán bộ > sở xây dựng
        cán bộ > [Sở Xây dựng]
        cán bộ < nêu lý do điều chuyển hồ sơ đến Sở Xây dựng
        cán bộ > vì vậy
        cán bộ < ít nhất 10 ký tự
        cán bộ > Sở Y tế đề nghị chuyển để trả lời chung.
        cán bộ < Đã chuyển $YC đến Sở Xây dựng
        xây dựng < Câu hỏi mới $YC
        phóng viên < $YC đã được chuyển đến Sở Xây dựng
        y tế > [Trả lời]
        y tế < Không tìm thấy đề nghị $YC
        """,
    )


async def test_the_board_and_the_morning(tmp_path: Path) -> None:
    """What is open, due and overdue, by unit; every morning by itself, without being asked."""
    await scene(
        tmp_path,
        *ASKED,
        """
        cán bộ > bảng
        cán bộ < Toàn tỉnh, thứ Hai 23/11/2026 | Đang mở: 1 · đến hạn hôm nay: 0 · quá hạn: 0 | • Sở Y tế: 1 đang mở
        +24h
        cán bộ < Tổng hợp buổi sáng, thứ Ba 24/11/2026 | Đang mở: 1 | [Chờ Phòng Báo chí] | [Xác minh phóng viên]
        +24h
        cán bộ < Tổng hợp buổi sáng, thứ Tư 25/11/2026
        """,
    )


async def test_the_log_of_a_case(tmp_path: Path) -> None:
    """Every step in plain words; looking at it is a step itself."""
    await scene(
        tmp_path,
        *ASKED,
        """
        cán bộ > /nhatky
        cán bộ < ghi kèm mã
        cán bộ > /nhatky $YC
        cán bộ < Các bước của $YC | 1. 08:00 | tiếp nhận câu hỏi | 2. | chuyển đến đơn vị | Mốc kiểm tra
        cán bộ > /nhatky $YC
        cán bộ < 3. | xem hồ sơ
        """,
    )


async def test_erasing_takes_two(tmp_path: Path) -> None:
    """One officer asks with a reason, another agrees; the words are gone from the case and from every message."""
    async with office(tmp_path, *ASKED) as story:
        code = await seeding.invite(story.app, role="officer", name="Cán bộ thứ hai", unit="dic_desk")
        await story.say(story.person("cán bộ hai"), code)
        await play(
            story,
            """
            cán bộ > /xoa
            cán bộ < ghi kèm mã
            cán bộ > /xoa $YC
            cán bộ < cần xóa nội dung nào của $YC | [Bao nhiêu người nhập viện trong vụ ngộ đ…]
            cán bộ > [Bao nhiêu người nhập viện trong vụ ngộ đ…]
            cán bộ < nêu lý do xóa
            cán bộ > xóa
            cán bộ < ít nhất 10 ký tự
            cán bộ > Nội dung chứa thông tin về trẻ em.
            cán bộ < Cần một cán bộ khác đồng ý
            cán bộ hai < Cán bộ Phòng Báo chí đề nghị xóa | thông tin về trẻ em | [Đồng ý xóa]
            cán bộ hai > [Đồng ý xóa]
            cán bộ hai < Đã xóa một nội dung của $YC
            cán bộ < Đã xóa một nội dung của $YC
            cán bộ hai > [Đồng ý xóa]
            cán bộ hai < đã được xóa trước đó
            y tế > $YC
            y tế < Hồ sơ $YC
            """,
        )
        assert "ngộ độc" not in story.cast["y tế"].told[-1].text


async def test_one_officer_cannot_erase_alone(tmp_path: Path) -> None:
    """Where there is only one officer the request is kept and says what is missing."""
    await scene(
        tmp_path,
        *ASKED,
        """
        cán bộ > /xoa $YC
        cán bộ > [Bao nhiêu người nhập viện trong vụ ngộ đ…]
        cán bộ > Nội dung chứa thông tin về trẻ em.
        cán bộ < chưa có cán bộ thứ hai
        """,
    )


async def test_a_unit_nobody_answers_for(tmp_path: Path) -> None:
    """A case of a unit where nobody can be reached comes to the officers at once."""
    await scene(
        tmp_path,
        REGISTER,
        VERIFY,
        """
        phóng viên > Bao nhiêu người nhập viện trong vụ ngộ độc thực phẩm?
        phóng viên > [Đơn vị khác…]
        phóng viên > thanh tra tinh
        phóng viên > [Thanh tra tỉnh]
        phóng viên > [Văn bản, tin nhắn]
        phóng viên > [Không gấp]
        phóng viên > [Gửi]
        phóng viên < Nơi phụ trách: Thanh tra tỉnh
        cán bộ < KHẨN: Thanh tra tỉnh hiện chưa có người nhận được tin | [Điều chuyển]
        """,
    )
