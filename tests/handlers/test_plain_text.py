"""The main job on a channel without buttons: every choice is a number in a list, typed."""

from pathlib import Path

from bot.channels.internal import INTERNAL
from bot.channels.web import WebChannel
from tests.plain import PlainChannel
from tests.transcript import office, play


async def test_the_main_job_with_numbers(tmp_path: Path) -> None:
    """A reporter with an old telephone registers, asks, adds a photo, reads the answer and rates it by typing numbers."""
    plain = PlainChannel()
    async with office(tmp_path, channels={c.name: c for c in (*INTERNAL, WebChannel(), plain)}) as story:
        story.channel = plain.name
        await play(
            story,
            """
            phóng viên > xin chào
            phóng viên < 1. Đăng ký phóng viên | 2. Tôi có mã mời | 3. Tôi đã có tài khoản
            phóng viên > 1
            phóng viên < 1. Tiếng Việt | 2. English | 3. Thoát
            phóng viên > 7
            phóng viên < gõ số thứ tự của lựa chọn
            phóng viên > 1
            phóng viên > 1
            phóng viên < họ và tên
            phóng viên > Phóng Viên Mẫu
            phóng viên < 1. Báo và Phát thanh, Truyền hình tỉnh | 2. Báo điện tử Mẫu
            phóng viên > 2
            phóng viên > 1
            phóng viên > IBT-01234
            phóng viên > 31/12/2027
            phóng viên > 0900000001
            phóng viên < 1. Bỏ qua
            phóng viên > 1
            phóng viên < xem lại | 1. Gửi | 2. Quay lại
            phóng viên > 1
            phóng viên < Cảm ơn anh/chị
            cán bộ > [Xác minh]
            phóng viên < đã xác minh | 1. Đặt câu hỏi
            phóng viên > {anh.jpg}
            phóng viên < Đã nhận tệp
            phóng viên > Bao nhiêu người nhập viện trong vụ ngộ độc thực phẩm?
            phóng viên < đề xuất gửi Sở Y tế | 1. Sở Y tế
            phóng viên > 1
            phóng viên > van ban, tin nhan
            phóng viên > 16h30 ngày mai
            phóng viên < 1 tệp | 16:30 thứ Ba 24/11/2026 | 1. Gửi
            phóng viên > 1
            phóng viên < mã $YC | 1. Xem tình trạng
            y tế < Câu hỏi mới $YC | (1 tệp)
            y tế > [Hỏi lại]
            y tế > Anh/chị hỏi về trường nào?
            phóng viên < trường nào | 1. Trả lời làm rõ
            phóng viên > 1
            phóng viên > Trường tiểu học ở phường trung tâm.
            phóng viên < Nội dung làm rõ cho $YC
            y tế ^ đã làm rõ > {thong-bao.pdf} Có 12 người nhập viện.
            y tế > [Gửi câu trả lời]
            +31s
            phóng viên < (1 tệp)
            phóng viên < Trả lời chính thức | 12 người | 1. Đã rõ | 2. Chưa đủ
            phóng viên > 2
            phóng viên < thiếu hoặc chưa đúng | 1. Bỏ qua
            phóng viên > Chưa nói nguyên nhân.
            y tế < Chưa nói nguyên nhân.
            """,
        )
