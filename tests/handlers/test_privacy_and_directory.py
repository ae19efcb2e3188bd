"""What is kept about a person, and who may speak for whom."""

from pathlib import Path

from tests.transcript import ASK, REGISTER, VERIFY, scene

ASKED = (REGISTER, VERIFY, ASK)


async def test_what_is_kept_and_what_can_go(tmp_path: Path) -> None:
    """`/dulieu` shows everything in plain words; contact details go at once, the case stays and the reply says why."""
    await scene(
        tmp_path,
        *ASKED,
        """
        phóng viên > /dulieu
        phóng viên < Phóng Viên Mẫu | 0900000001 | IBT-01234 | đã xác minh | Số đề nghị đã gửi: 1 | [Xóa thông tin liên hệ]
        phóng viên > [Xóa thông tin liên hệ]
        phóng viên < Đã xóa số điện thoại | vẫn được lưu
        cán bộ < đã xóa thông tin liên hệ
        phóng viên > dữ liệu
        phóng viên < Điện thoại: –
        phóng viên > /theodoi
        phóng viên < $YC
        y tế > /dulieu
        y tế < Người phát ngôn Sở Y tế | Cơ quan báo chí: –
        khách > /dulieu
        khách < không được giao việc này
        """,
    )


async def test_the_directory(tmp_path: Path) -> None:
    """No diacritics, an abbreviation, an old name, a typo; and never a private number."""
    await scene(
        tmp_path,
        """
        khách > /danhba so y te
        khách < Sở Y tế | • Người phát ngôn Sở Y tế, Người phát ngôn
        khách > so giao thong van tai
        khách < Sở Xây dựng
        khách > zzzz qqqq
        khách < Chưa tìm thấy “zzzz qqqq”
        khách > [Thoát]
        khách < Đã thoát
        khách > danh bạ
        khách < tìm người phát ngôn của đơn vị nào
        khách > {anh.jpg}
        khách < trả lời bằng chữ
        """,
    )
