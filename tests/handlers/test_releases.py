"""Releases and subscriptions: consent first, an exact audience, one confirmation, one tap to leave."""

from pathlib import Path

from tests.transcript import REGISTER, VERIFY, scene, somebody_else

SUBSCRIBE = """
phóng viên > /nhantin
phóng viên < tự nguyện | [Đồng ý] [Không đồng ý]
phóng viên > [Đồng ý]
phóng viên < quan tâm lĩnh vực nào | Y tế, an toàn thực phẩm
phóng viên > y te
phóng viên < địa bàn nào
phóng viên > [Toàn tỉnh]
phóng viên < Đã ghi nhận đăng ký | [Ngừng nhận]
"""

EVERYTHING = somebody_else(SUBSCRIBE).replace("y te", "[Tất cả lĩnh vực]")

WRITTEN = """
cán bộ > /thongcao
cán bộ < bước 1/5
cán bộ > TB
cán bộ < ít nhất 5 ký tự
cán bộ > Khuyến cáo phòng ngộ độc thực phẩm
cán bộ < Bước 2/5
cán bộ > Sở Y tế khuyến cáo người dân ăn chín, uống sôi.
cán bộ < Bước 3/5 | [Không có tệp]
cán bộ > {khuyen-cao.pdf}
cán bộ < đã có 1 tệp | [Đủ rồi]
cán bộ > [Đủ rồi]
cán bộ < Bước 4/5 | [Tất cả lĩnh vực]
"""


async def test_subscribing_and_leaving(tmp_path: Path) -> None:
    """No consent, no releases; topics and areas in words; changed, and left in one tap."""
    await scene(
        tmp_path,
        REGISTER,
        VERIFY,
        """
        phóng viên > /dung
        phóng viên < hiện không đăng ký
        phóng viên > /nhantin
        phóng viên > chắc là được
        phóng viên < chạm vào một lựa chọn
        phóng viên > [Không đồng ý]
        phóng viên < sẽ không gửi thông cáo
        phóng viên > nhận tin
        phóng viên > [Đồng ý]
        phóng viên > bóng đá quốc tế
        phóng viên < Chưa có lĩnh vực “bóng đá quốc tế”
        phóng viên > y te; giao duc
        phóng viên < địa bàn nào
        phóng viên > xứ không có thật đâu
        phóng viên < Chưa tìm thấy địa bàn
        phóng viên > [Toàn tỉnh]
        phóng viên < Đã ghi nhận
        phóng viên > /nhantin
        phóng viên < đang nhận thông cáo | Y tế, an toàn thực phẩm | Giáo dục, đào tạo | Địa bàn: tất cả | [Thay đổi lựa chọn]
        phóng viên > [Thay đổi lựa chọn]
        phóng viên > [Tất cả lĩnh vực]
        phóng viên > [Toàn tỉnh]
        phóng viên > [Ngừng nhận]
        phóng viên < Đã ngừng gửi
        phóng viên > [Ngừng nhận]
        phóng viên < hiện không đăng ký
        """,
    )


async def test_a_release_to_those_who_want_it(tmp_path: Path) -> None:
    """The preview counts exactly who will get it; each gets it once; the end is reported."""
    await scene(
        tmp_path,
        REGISTER,
        VERIFY,
        SUBSCRIBE,
        somebody_else(REGISTER),
        EVERYTHING,
        WRITTEN,
        """
        cán bộ > bóng đá
        cán bộ < Chưa có lĩnh vực “bóng đá”
        cán bộ > giao duc
        cán bộ < Bước 5/5
        cán bộ > [Toàn tỉnh]
        cán bộ < XEM TRƯỚC thông cáo | Lĩnh vực: Giáo dục, đào tạo | Số người nhận: 1 | (1 tệp)
        cán bộ > [Quay lại]
        cán bộ > [Quay lại]
        cán bộ > y te
        cán bộ > [Toàn tỉnh]
        cán bộ < Lĩnh vực: Y tế, an toàn thực phẩm | Số người nhận: 2 | Không liên lạc được: 0
        phóng viên < (không có gì)
        cán bộ > [Gửi]
        cán bộ < Thông cáo $TC đang được gửi đến 2 người nhận | [Xem tiến độ]
        cán bộ < Thông cáo $TC đã gửi xong: 2/2
        phóng viên < THÔNG CÁO BÁO CHÍ | ăn chín, uống sôi | $TC | (1 tệp)
        phóng viên < (không có gì)
        người khác < THÔNG CÁO BÁO CHÍ
        cán bộ > [Xem tiến độ]
        cán bộ < đã gửi xong | Đã gửi 2/2
        cán bộ > [Dừng gửi]
        cán bộ < không dừng được
        cán bộ > [Gửi]
        cán bộ < Lựa chọn này đã cũ
        phóng viên > /dung
        phóng viên < Đã ngừng gửi
        """,
    )


async def test_a_release_nobody_wants(tmp_path: Path) -> None:
    """Nobody subscribed: nothing is sent, the draft stays, one can go back and widen it."""
    await scene(
        tmp_path,
        WRITTEN,
        """
        cán bộ > y te
        cán bộ > [Toàn tỉnh]
        cán bộ < Số người nhận: 0
        cán bộ > [Gửi]
        cán bộ < Chưa có ai đăng ký nhận
        cán bộ > [Quay lại]
        cán bộ < Bước 5/5
        cán bộ > /huy
        cán bộ < Đã thoát
        """,
    )
