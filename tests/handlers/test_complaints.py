"""A reporter who is not content: review by somebody else, obstruction told to the press office."""

from pathlib import Path

import pytest

from bot import seeding
from tests.transcript import ASK, REGISTER, VERIFY, office, play, scene

ASKED = (REGISTER, VERIFY, ASK)

REFUSED = """
y tế > [Khác…]
y tế > [Từ chối]
y tế > [Căn cứ b]
y tế > Vụ việc đang được điều tra, chưa có kết luận.
y tế > [Gửi thông báo từ chối]
"""


@pytest.mark.parametrize("pack", ["nd-09-2017", "nd-244-2026"])
async def test_a_refusal_is_reviewed_and_lifted(tmp_path: Path, pack: str) -> None:
    """It goes to the press office, not to who refused; lifted, the unit answers with a new clock, the reporter is told."""
    await scene(
        tmp_path,
        *ASKED,
        REFUSED,
        """
        phóng viên > [Đề nghị xem lại]
        phóng viên > không
        phóng viên < ít nhất 10 ký tự
        phóng viên > Phần số người nhập viện không thuộc nội dung điều tra.
        phóng viên < Đã ghi nhận đề nghị xem lại $YC. Thời hạn xem lại (quy chế nội bộ): hết thứ Sáu 27/11/2026
        y tế < (không có gì)
        cán bộ < đề nghị xem lại $YC (Sở Y tế) – bị từ chối | Phần số người nhập viện | [Quyết định]
        phóng viên > $YC
        phóng viên > [Đề nghị xem lại]
        phóng viên < đang được xử lý
        cán bộ > [Quyết định]
        cán bộ < [Giữ nguyên] [Bỏ từ chối] [Yêu cầu trả lời]
        cán bộ > [Bỏ từ chối]
        cán bộ > Số người nhập viện đã được công bố.
        cán bộ < Đã ghi quyết định xem lại $YC
        phóng viên < việc từ chối không còn hiệu lực | đã được công bố
        y tế < Kết quả xem lại $YC: bỏ việc từ chối
        cán bộ > [Quyết định]
        cán bộ < đã có quyết định
        y tế ^ Kết quả xem lại > Có 12 người nhập viện.
        y tế > [Gửi câu trả lời]
        +31s
        phóng viên < Trả lời chính thức
        """,
        law_pin=pack,
    )


async def test_a_review_is_taken_back(tmp_path: Path) -> None:
    """The reporter no longer wants it: nobody decides, its clock stops, and it may be asked for again."""
    await scene(
        tmp_path,
        *ASKED,
        REFUSED,
        """
        phóng viên > [Đề nghị xem lại]
        phóng viên > Phần số người nhập viện không thuộc nội dung điều tra.
        phóng viên > [Rút đề nghị xem lại]
        phóng viên < Đã rút đề nghị xem lại $YC
        cán bộ < Phóng viên đã rút đề nghị xem lại $YC
        cán bộ > [Quyết định]
        cán bộ < đã có quyết định
        phóng viên > [Rút đề nghị xem lại]
        phóng viên < Không có đề nghị xem lại nào
        phóng viên > $YC
        phóng viên > [Đề nghị xem lại]
        phóng viên > Tôi vẫn cần số liệu, xin xem lại lần nữa.
        phóng viên < Đã ghi nhận đề nghị xem lại
        """,
    )


async def test_nobody_reviews_their_own_answer(tmp_path: Path) -> None:
    """A head who answered is not asked, and may not decide; one who did not may. A late case can be reviewed while it is open."""
    async with office(tmp_path, *ASKED) as story:
        code = await seeding.invite(story.app, role="member", name="Giám đốc Sở Y tế", unit="so_y_te", mandate="head", position="Giám đốc")
        await story.say(story.person("giám đốc"), code)
        await play(
            story,
            """
            phóng viên > $YC
            phóng viên < [Rút đề nghị]
            +5d
            phóng viên > $YC
            phóng viên > [Đề nghị xem lại]
            phóng viên > Đã quá hạn mà chưa có trả lời.
            giám đốc < đề nghị xem lại $YC (Sở Y tế) – chậm trả lời
            y tế > [Khác…]
            giám đốc > [Quyết định]
            giám đốc < [Giữ nguyên] [Yêu cầu trả lời]
            giám đốc > [Yêu cầu trả lời]
            giám đốc > Đề nghị bộ phận phụ trách trả lời ngay hôm nay.
            phóng viên < Sở Y tế được yêu cầu trả lời
            giám đốc > $YC Có 12 người nhập viện.
            giám đốc > [Gửi câu trả lời]
            +31s
            phóng viên < Trả lời chính thức
            phóng viên > $YC
            phóng viên > [Đề nghị xem lại]
            phóng viên > Câu trả lời chưa nêu nguyên nhân.
            giám đốc < đã được gửi đến phóng viên
            giám đốc < (không có gì)
            cán bộ < trả lời chưa thỏa đáng | [Quyết định]
            cán bộ > [Quyết định]
            cán bộ > [Giữ nguyên]
            cán bộ > Nguyên nhân đang được xác minh, chưa thể nêu.
            phóng viên < kết quả trước đó được giữ nguyên | đang được xác minh
            """,
        )


async def test_obstruction_is_looked_into(tmp_path: Path) -> None:
    """The unit named reads nothing before an officer decides; every step is an entry; the end is told (F13)."""
    await scene(
        tmp_path,
        *ASKED,
        """
        phóng viên > /phananh
        phóng viên > [Thoát]
        phóng viên > /cảntrở
        phóng viên < Anh/chị bị cản trở khi tác nghiệp?
        phóng viên > {anh.jpg}
        phóng viên < kể sự việc bằng chữ
        phóng viên > {anh.jpg} Bảo vệ cơ quan giữ máy ảnh của tôi lúc 7 giờ sáng nay.
        phóng viên < Việc xảy ra ở cơ quan, đơn vị nào
        phóng viên > sở y tế
        phóng viên < Đã ghi nhận phản ánh PA-
        cán bộ < KHẨN: phản ánh bị cản trở | Phóng Viên Mẫu – Báo điện tử Mẫu | Sở Y tế | giữ máy ảnh | (1 tệp) | [Nhận xem xét]
        y tế < (không có gì)
        y tế > /phananh
        y tế < không được giao việc này
        cán bộ > [Nhận xem xét]
        phóng viên < đang xem xét phản ánh
        cán bộ > [Đề nghị giải trình]
        cán bộ > [Sở Y tế]
        y tế < đề nghị đơn vị giải trình | giữ máy ảnh | [Gửi giải trình]
        phóng viên < đã đề nghị Sở Y tế giải trình
        y tế > [Gửi giải trình]
        y tế > Bảo vệ đã trả máy ảnh ngay sau đó và đã xin lỗi.
        cán bộ < Sở Y tế giải trình | đã xin lỗi | [Kết thúc]
        phóng viên < (không có gì)
        cán bộ > /phananh
        cán bộ < đơn vị đã giải trình
        cán bộ > [Kết thúc]
        cán bộ > [Đã giải quyết]
        cán bộ > Đơn vị đã trả máy, xin lỗi và nhắc nhở bảo vệ.
        phóng viên < Kết quả xem xét phản ánh | đã được giải quyết | nhắc nhở bảo vệ
        cán bộ > /phananh
        cán bộ < Không có phản ánh nào
        """,
    )
