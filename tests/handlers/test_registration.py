"""Registering as a reporter: every answer checked, every step left or gone back on, and a second try after a no."""

from datetime import UTC, datetime
from pathlib import Path

from tests.transcript import REGISTER, office, play, scene

BEGUN = """
phóng viên > /start
phóng viên < Đăng ký phóng viên | mã mời
phóng viên > [Đăng ký phóng viên]
phóng viên < Bước 1/9 | [Tiếng Việt] | [English]
phóng viên > [Tiếng Việt]
phóng viên < Bước 2/9 | /dulieu | [Tôi đã đọc và đồng ý]
phóng viên > [Tôi đã đọc và đồng ý]
phóng viên < Bước 3/9
"""


async def test_every_wrong_answer_is_told_what_would_be_right(tmp_path: Path) -> None:
    """Name, outlet, number, expiry, phone and address are checked one by one; the question stands again below the hint."""
    await scene(
        tmp_path,
        BEGUN,
        """
        phóng viên > 12345
        phóng viên < họ và tên bằng chữ | Nguyễn Văn An
        phóng viên < Bước 3/9
        phóng viên > {anh.jpg}
        phóng viên < họ và tên bằng chữ
        phóng viên > A
        phóng viên < ít nhất 2 ký tự
        phóng viên > Phóng Viên Mẫu
        phóng viên < Bước 4/9 | [Báo điện tử Mẫu]
        phóng viên > [Báo điện tử Mẫu]
        phóng viên < Bước 5/9 | [Thẻ nhà báo] | [Giấy giới thiệu]
        phóng viên > thẻ
        phóng viên < chạm vào một lựa chọn
        phóng viên > [Giấy giới thiệu]
        phóng viên < Bước 6/9 | giấy giới thiệu
        phóng viên > không nhớ
        phóng viên < 56/GGT-BTH
        phóng viên > 56/GGT-BTH
        phóng viên < Bước 7/9
        phóng viên > năm sau
        phóng viên < ngày/tháng/năm
        phóng viên > 31/02/2027
        phóng viên < ngày/tháng/năm
        phóng viên > 01/11/2026
        phóng viên < đã hết hạn từ | 01/11/2026 | Quay lại
        phóng viên > 31/12/2099
        phóng viên < ngày/tháng/năm
        phóng viên > 30/06/2027
        phóng viên < Bước 8/9
        phóng viên > mười chín
        phóng viên < bằng chữ số
        phóng viên > 0900.000.001
        phóng viên < Bước 9/9 | [Bỏ qua]
        phóng viên > thư điện tử
        phóng viên < Địa chỉ thư điện tử chưa đúng
        phóng viên > phongvien@example.vn
        phóng viên < xem lại | Phóng Viên Mẫu | Báo điện tử Mẫu | Giấy giới thiệu số: 56/GGT-BTH | 0900000001 | phongvien@example.vn
        phóng viên > vâng
        phóng viên < chạm “Gửi”
        phóng viên > [Gửi]
        phóng viên < Cảm ơn anh/chị Phóng Viên Mẫu | [Đặt câu hỏi]
        cán bộ < Phóng viên chờ xác minh | Giấy giới thiệu số 56/GGT-BTH | thứ Tư 30/06/2027
        """,
    )


async def test_a_step_can_be_gone_back_on(tmp_path: Path) -> None:
    """“Quay lại” asks the step before once more and keeps the rest."""
    await scene(
        tmp_path,
        BEGUN,
        """
        phóng viên > Phóng Viên Mẫu
        phóng viên > Báo Sáng Mẫu
        phóng viên > [Thẻ nhà báo]
        phóng viên > [Quay lại]
        phóng viên < Bước 5/9
        phóng viên > [Quay lại]
        phóng viên < Bước 4/9
        phóng viên > Báo Chiều Mẫu
        phóng viên > [Thẻ nhà báo]
        phóng viên > IBT-01234
        phóng viên > 31/12/2027
        phóng viên > +84 900 000 001
        phóng viên > [Bỏ qua]
        phóng viên < Báo Chiều Mẫu | Thẻ nhà báo số: IBT-01234 | Thư điện tử: –
        phóng viên > [Quay lại]
        phóng viên < Bước 9/9
        phóng viên > [Bỏ qua]
        phóng viên > [Gửi]
        phóng viên < Cảm ơn
        """,
    )


async def test_it_can_be_left_at_any_step(tmp_path: Path) -> None:
    """`/huy` leaves, nothing was sent, and one may begin again."""
    await scene(
        tmp_path,
        BEGUN,
        """
        phóng viên > Phóng Viên Mẫu
        phóng viên > /huy
        phóng viên < Đã thoát, chưa có gì được gửi đi
        cán bộ < (không có gì)
        phóng viên > /huy
        phóng viên < không có việc nào đang làm dở
        phóng viên > /dangky
        phóng viên < Bước 1/9
        phóng viên > [Thoát]
        phóng viên < Đã thoát
        """,
    )


async def test_a_name_that_looks_like_a_command_is_a_name(tmp_path: Path) -> None:
    """Somebody called “Dũng” or “Bảng” is not taken for a command; a mistyped command is not taken for a name."""
    await scene(
        tmp_path,
        BEGUN,
        """
        phóng viên > /theodio
        phóng viên < chưa có lệnh này
        phóng viên > Dũng
        phóng viên < Bước 4/9
        """,
    )


async def test_declined_with_a_reason_and_registered_again(tmp_path: Path) -> None:
    """An officer cannot accept the card; the reporter reads why, registers again, and is verified."""
    await scene(
        tmp_path,
        REGISTER,
        """
        cán bộ > [Chưa xác minh được]
        cán bộ < nêu lý do chưa xác minh Phóng Viên Mẫu
        cán bộ > không
        cán bộ < ít nhất 10 ký tự
        cán bộ > Số thẻ nhà báo không khớp với danh sách của tòa soạn.
        cán bộ < Đã thông báo cho Phóng Viên Mẫu
        phóng viên < chưa xác minh được | không khớp với danh sách | [Đăng ký lại]
        phóng viên > [Đăng ký lại]
        phóng viên < Bước 1/9
        phóng viên > [Tiếng Việt]
        phóng viên > [Tôi đã đọc và đồng ý]
        phóng viên > Phóng Viên Mẫu
        phóng viên > [Báo điện tử Mẫu]
        phóng viên > [Thẻ nhà báo]
        phóng viên > IBT-05678
        phóng viên > 31/12/2027
        phóng viên > 0900000001
        phóng viên > [Bỏ qua]
        phóng viên > [Gửi]
        cán bộ < IBT-05678
        cán bộ > [Xác minh]
        phóng viên < Phòng Báo chí đã xác minh
        phóng viên > /dangky
        phóng viên < đã được xác minh
        """,
    )


async def test_registering_twice_is_not_needed(tmp_path: Path) -> None:
    """Whoever waits for verification is told so; staff do not register as reporters."""
    await scene(
        tmp_path,
        REGISTER,
        """
        phóng viên > đăng ký
        phóng viên < đang chờ Phòng Báo chí xác minh
        y tế > /dangky
        y tế < đang dùng cho công vụ
        """,
    )


async def test_two_officers_decide_at_once(tmp_path: Path) -> None:
    """The second tap is told that a colleague was first, whichever way it went; the reporter hears one decision."""
    await scene(
        tmp_path,
        REGISTER,
        """
        cán bộ > [Chưa xác minh được]
        cán bộ > [Xác minh]
        cán bộ < Đã xác minh
        phóng viên < đã xác minh tư cách báo chí
        cán bộ > Thẻ nhà báo này đã hết giá trị.
        cán bộ < đã được một cán bộ khác xử lý
        cán bộ > /huy
        cán bộ > [Xác minh]
        cán bộ < đã được một cán bộ khác xử lý
        phóng viên < (không có gì)
        cán bộ > /xacminh
        cán bộ < Không có phóng viên nào đang chờ
        """,
    )


async def test_the_english_path_of_a_reporter(tmp_path: Path) -> None:
    """A reporter who chose English registers, asks, and reads the answer in English; the unit reads Vietnamese."""
    await scene(
        tmp_path,
        """
        foreign desk > /start
        foreign desk > [English]
        foreign desk < [Register as a reporter]
        foreign desk > [Register as a reporter]
        foreign desk > [English]
        foreign desk > [I have read this and agree]
        foreign desk > Sample Reporter
        foreign desk > Sample News
        foreign desk > [Press card]
        foreign desk > IBT-04321
        foreign desk > 31/12/2027
        foreign desk > +84900000002
        foreign desk > [Skip]
        foreign desk > [Send]
        foreign desk < Thank you
        cán bộ < Phóng viên chờ xác minh | Sample News
        cán bộ > [Xác minh]
        foreign desk > Bao nhiêu người nhập viện vì ngộ độc thực phẩm?
        foreign desk > [Department of Health]
        foreign desk > [In writing]
        foreign desk > [Not urgent]
        foreign desk > [Send]
        foreign desk < $YC
        y tế < Câu hỏi mới $YC | Sample News
        y tế ^ Câu hỏi mới > Có 12 người nhập viện.
        y tế > [Gửi câu trả lời]
        +31s
        foreign desk < Official answer to inquiry | 12 người | [Clear]
        foreign desk > [Clear]
        foreign desk < Thank you
        foreign desk > /ngonngu
        foreign desk < Kính chào
        """,
    )


async def test_the_date_shown_as_an_example_is_still_to_come(tmp_path: Path) -> None:
    """Whoever copies the example of the question has a document that is valid, in any year."""
    async with office(tmp_path, at=datetime(2031, 6, 2, 3, tzinfo=UTC)) as story:
        await play(
            story,
            """
            phóng viên > /start
            phóng viên > [Đăng ký phóng viên]
            phóng viên > [Tiếng Việt]
            phóng viên > [Tôi đã đọc và đồng ý]
            phóng viên > Phóng Viên Mẫu
            phóng viên > Báo Mẫu
            phóng viên > [Thẻ nhà báo]
            phóng viên > IBT-01234
            phóng viên < Bước 7/9 | 31/12/2032
            phóng viên > sang năm
            phóng viên < ngày/tháng/năm | 31/12/2032
            phóng viên > 31/12/2032
            phóng viên < Bước 8/9
            """,
        )
