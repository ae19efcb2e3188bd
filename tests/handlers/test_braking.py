"""Braked until a second person decides: an answer, a refusal, a release; and secrets that come in (F111)."""

from pathlib import Path

from tests.transcript import ASK, REGISTER, VERIFY, scene

ASKED = (REGISTER, VERIFY, ASK)


async def test_an_answer_with_a_private_number_waits(tmp_path: Path) -> None:
    """Nothing goes before an officer has looked; the author cannot let it go; once let go it is sent like any other."""
    await scene(
        tmp_path,
        *ASKED,
        """
        y tế ^ Câu hỏi mới > Liên hệ bác sĩ trực 0912 345 678 để biết thêm.
        y tế > [Gửi câu trả lời]
        y tế < có số điện thoại cá nhân nên chưa được gửi
        +1m
        phóng viên < (không có gì)
        cán bộ < Người phát ngôn Sở Y tế muốn gửi | 0912 345 678 | [Cho đi tiếp] [Không gửi]
        y tế > $YC Liên hệ bác sĩ trực 0912 345 678.
        y tế > [Thoát]
        cán bộ > [Cho đi tiếp]
        cán bộ > không
        cán bộ < ít nhất 10 ký tự
        cán bộ > Số này đã đăng công khai trên cổng của bệnh viện.
        cán bộ < Đã ghi nhận quyết định
        y tế < đồng ý cho gửi | đã đăng công khai
        cán bộ > [Không gửi]
        cán bộ < đã được người khác quyết định
        y tế > [Dùng dự thảo này]
        y tế < Liên hệ bác sĩ trực
        y tế > [Gửi câu trả lời]
        y tế < có số điện thoại cá nhân
        """,
    )


async def test_let_go_the_same_words_are_sent(tmp_path: Path) -> None:
    """The text that was let go passes; a refusal's reason waits in the same way and is sent by its writer."""
    await scene(
        tmp_path,
        *ASKED,
        """
        y tế ^ Câu hỏi mới > Gọi (0234) 3822 555 để biết thêm.
        y tế > [Gửi câu trả lời]
        cán bộ > [Cho đi tiếp]
        cán bộ > Đường dây nóng của Sở, công khai.
        y tế > [Dùng dự thảo này]
        y tế > [Thoát]
        y tế > /hopthu
        y tế > [$YC]
        y tế > [Khác…]
        y tế > [Từ chối]
        y tế > [Căn cứ a]
        y tế > Tài liệu đóng dấu TỐI MẬT của công an.
        y tế > [Gửi thông báo từ chối]
        y tế < có dấu chỉ độ mật nên chưa được gửi
        +1d
        cán bộ < Nội dung chờ người thứ hai quyết định: 1
        cán bộ > [Cho đi tiếp]
        cán bộ > Chỉ nêu có dấu mật, không nêu nội dung.
        y tế < đồng ý cho gửi | [Xem lại và gửi]
        y tế > [Xem lại và gửi]
        y tế < XEM TRƯỚC | TỐI MẬT
        y tế > [Gửi thông báo từ chối]
        phóng viên < chưa thể cung cấp | TỐI MẬT
        """,
    )


async def test_secrets_that_come_in_stay_with_the_press_office(tmp_path: Path) -> None:
    """The unit sees nothing until an officer has decided; the receipt and the clock are as always; a later addition, too."""
    await scene(
        tmp_path,
        REGISTER,
        VERIFY,
        """
        phóng viên > {anh.jpg} Sở Y tế nói gì về văn bản ghi “Độ mật: MẬT” về ngộ độc thực phẩm?
        phóng viên > [Sở Y tế]
        phóng viên > [Văn bản, tin nhắn]
        phóng viên > [Không gấp]
        phóng viên > [Gửi]
        phóng viên < tiếp nhận | $YC
        y tế < (không có gì)
        cán bộ < KHẨN | có dấu chỉ độ mật | chưa chuyển đến Sở Y tế | [Cho đi tiếp] [Không gửi]
        cán bộ > /choxuly
        cán bộ > [Chuyển đến đơn vị]
        cán bộ < đang được giữ vì có dấu chỉ độ mật
        cán bộ > [Cho đi tiếp]
        cán bộ > Nội dung chỉ nhắc tên văn bản.
        cán bộ < được đi tiếp | [Chuyển đến đơn vị]
        cán bộ > [Chuyển đến đơn vị]
        y tế < Câu hỏi mới $YC | Độ mật
        phóng viên > $YC Gửi thêm tài liệu TUYỆT MẬT này.
        phóng viên < Đã ghi nhận nội dung bổ sung
        y tế < (không có gì)
        cán bộ < KHẨN | [Không gửi]
        cán bộ > [Không gửi]
        cán bộ > Tài liệu đã được chuyển cơ quan công an.
        cán bộ < được giữ lại tại Phòng Báo chí
        y tế < (không có gì)
        """,
    )


async def test_a_release_waits_for_a_second_officer(tmp_path: Path) -> None:
    """With one officer only it says so; nothing is sent."""
    await scene(
        tmp_path,
        REGISTER,
        VERIFY,
        """
        phóng viên > /nhantin
        phóng viên > [Đồng ý]
        phóng viên > [Tất cả lĩnh vực]
        phóng viên > [Toàn tỉnh]
        cán bộ > /thongcao
        cán bộ > Khuyến cáo phòng ngộ độc thực phẩm
        cán bộ > Ủng hộ nạn nhân qua STK 19034567891012.
        cán bộ > [Không có tệp]
        cán bộ > [Tất cả lĩnh vực]
        cán bộ > [Toàn tỉnh]
        cán bộ > [Gửi]
        cán bộ < có số tài khoản ngân hàng | chưa có người thứ hai
        +5m
        phóng viên < Đã
        phóng viên < (không có gì)
        """,
    )
