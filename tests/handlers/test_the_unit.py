"""A unit and its cases: refusing, transferring, extending, noting, the list of what waits."""

from pathlib import Path

from tests.transcript import ASK, REGISTER, VERIFY, scene

ASKED = (REGISTER, VERIFY, ASK)


async def test_refusing_on_a_ground_with_a_reason(tmp_path: Path) -> None:
    """Only on a ground of the law, with a reason somebody can read, shown before it goes."""
    await scene(
        tmp_path,
        *ASKED,
        """
        y tế > [Khác…]
        y tế < Các việc khác với $YC | [Ghi chú nội bộ] [Từ chối] [Gia hạn] [Xin ý kiến đơn vị khác] [Thêm…]
        y tế > [Từ chối]
        y tế < Chỉ được từ chối trả lời $YC | Luật 126/2025 Điều 31(2)(a) | [Căn cứ a]
        y tế > bí mật
        y tế < chạm vào một lựa chọn
        y tế > [Căn cứ b]
        y tế < nêu lý do cụ thể
        y tế > mật
        y tế < ít nhất 10 ký tự
        y tế > Vụ việc đang được cơ quan điều tra xác minh.
        y tế < XEM TRƯỚC | Điều 31(2)(b) | đang được cơ quan điều tra | [Gửi thông báo từ chối]
        y tế > [Viết lại]
        y tế > Vụ việc đang được điều tra, chưa có kết luận.
        y tế > [Gửi thông báo từ chối]
        y tế < Đã gửi thông báo từ chối $YC
        phóng viên < chưa thể cung cấp | Căn cứ: | Điều 31(2)(b) | chưa có kết luận | Người phát ngôn Sở Y tế, Người phát ngôn
        y tế > [Từ chối]
        y tế < đã kết thúc (đã từ chối)
        phóng viên > [Hỏi thêm, bổ sung]
        phóng viên > Xin cung cấp phần đã công bố được.
        phóng viên < Đã ghi nhận nội dung bổ sung
        y tế < phần đã công bố được | [Trả lời]
        """,
    )


async def test_transferring_twice_and_then_the_press_office_decides(tmp_path: Path) -> None:
    """“Not ours”, with a reason both sides read; the third time an officer moves it."""
    await scene(
        tmp_path,
        *ASKED,
        """
        y tế > [Chuyển]
        y tế < Hồ sơ $YC thuộc đơn vị nào | [Trả về Phòng Báo chí]
        y tế > khong co don vi nay
        y tế < Chưa tìm thấy đơn vị
        y tế > so xay dung
        y tế < [Sở Xây dựng]
        y tế > [Sở Xây dựng]
        y tế < nêu lý do chuyển hồ sơ đến Sở Xây dựng
        y tế > sai
        y tế < ít nhất 10 ký tự
        y tế > Bếp ăn do Sở Xây dựng cấp phép công trình.
        y tế < Đã chuyển hồ sơ $YC đến Sở Xây dựng
        xây dựng < Sở Y tế chuyển hồ sơ $YC | Bếp ăn do Sở Xây dựng | ngộ độc
        phóng viên < thuộc thẩm quyền của Sở Xây dựng; Sở Y tế đã chuyển | Lý do: Bếp ăn
        y tế > [Tiếp nhận]
        y tế < Không tìm thấy đề nghị $YC
        xây dựng > [Chuyển]
        xây dựng > so y te
        xây dựng > [Sở Y tế]
        xây dựng > Nội dung hỏi là số người nhập viện.
        xây dựng < Đã chuyển hồ sơ $YC đến Sở Y tế
        y tế < Sở Xây dựng chuyển hồ sơ
        y tế > [Chuyển]
        y tế > so xay dung
        y tế > [Sở Xây dựng]
        y tế > Vẫn thuộc thẩm quyền của Sở Xây dựng.
        y tế < đã được chuyển hai lần | Phòng Báo chí quyết định
        y tế > /huy
        cán bộ > /bang
        cán bộ < Đang mở: 1
        cán bộ > $YC
        cán bộ < Hồ sơ $YC | ngộ độc
        """,
    )


async def test_a_unit_gives_a_case_back_to_the_press_office(tmp_path: Path) -> None:
    """“Trả về Phòng Báo chí”: the officers have it and pick a unit."""
    await scene(
        tmp_path,
        *ASKED,
        """
        y tế > [Chuyển]
        y tế > [Trả về Phòng Báo chí]
        y tế > Không thuộc lĩnh vực của ngành y tế.
        y tế < Đã chuyển hồ sơ $YC
        cán bộ < chuyển hồ sơ $YC | Không thuộc lĩnh vực
        cán bộ > /hopthu
        cán bộ < $YC
        """,
    )


async def test_moving_a_case_that_waits_for_the_reporter(tmp_path: Path) -> None:
    """A colleague's “Tiếp nhận” leaves it waiting; a transfer ends the waiting, and the clock runs on for the new unit."""
    await scene(
        tmp_path,
        *ASKED,
        """
        phóng viên > $YC Xin bổ sung: có hai ca nặng.
        y tế > [Hỏi lại]
        y tế > Anh/chị hỏi về trường nào?
        y tế > [Tiếp nhận]
        y tế < đã tiếp nhận $YC. Thời hạn: đang tạm dừng
        phóng viên > $YC
        phóng viên < chờ anh/chị làm rõ
        +2d
        y tế > [Chuyển]
        y tế > so xay dung
        y tế > [Sở Xây dựng]
        y tế > Bếp ăn do Sở Xây dựng cấp phép công trình.
        xây dựng < Sở Y tế chuyển hồ sơ $YC | Thời hạn: hết thứ Hai 30/11/2026
        xây dựng < đã bổ sung cho $YC | có hai ca nặng
        phóng viên > $YC
        phóng viên < Thời hạn: hết thứ Hai 30/11/2026
        +6d
        xây dựng < $YC đã quá hạn
        """,
    )


async def test_extending_once(tmp_path: Path) -> None:
    """More days with a reason the reporter reads; a second time is refused, a paused clock is not extended."""
    await scene(
        tmp_path,
        *ASKED,
        """
        y tế > [Khác…]
        y tế > [Gia hạn]
        y tế < thêm mấy ngày | [3 ngày làm việc]
        y tế > mười ngày
        y tế < chạm vào một lựa chọn
        y tế > [3 ngày làm việc]
        y tế < nêu lý do gia hạn
        y tế > Chờ kết quả xét nghiệm của viện chuyên ngành.
        y tế < Đã gia hạn $YC đến hết thứ Tư 02/12/2026
        phóng viên < $YC được gia hạn trả lời đến hết thứ Tư 02/12/2026 | Lý do của Sở Y tế: Chờ kết quả
        y tế > [Gia hạn]
        y tế < không gia hạn được
        +5d
        y tế < $YC chưa có nội dung trả lời đầu tiên theo quy chế nội bộ. Hạn trả lời: hết thứ Tư 02/12/2026
        y tế < (không có gì)
        +5d
        y tế < $YC đã quá hạn
        cán bộ < $YC của Sở Y tế đã quá hạn | [Điều chuyển]
        """,
    )


async def test_a_note_never_reaches_the_reporter(tmp_path: Path) -> None:
    """Notes stay among colleagues: not in a message, not in a status, not in an answer."""
    await scene(
        tmp_path,
        *ASKED,
        """
        y tế > [Khác…]
        y tế > [Ghi chú nội bộ]
        y tế < Ghi chú không gửi cho phóng viên
        y tế > Chờ ý kiến lãnh đạo Sở trước khi nêu con số.
        y tế < Đã lưu ghi chú nội bộ
        phóng viên < (không có gì)
        phóng viên > $YC
        phóng viên < đã chuyển đơn vị
        phóng viên < (không có gì)
        y tế > [Khác…]
        y tế > [Thêm…]
        y tế > [Việc khác nữa…]
        y tế > [Các bước đã qua]
        y tế < ghi chú nội bộ | Mốc kiểm tra
        """,
    )


async def test_what_waits(tmp_path: Path) -> None:
    """Waiting, due today, overdue: the list says which, and a tap opens the case."""
    await scene(
        tmp_path,
        *ASKED,
        """
        y tế > hộp thư
        y tế < Đang chờ (1) | $YC – đã chuyển đơn vị, chờ tiếp nhận | Báo điện tử Mẫu
        +4d
        y tế > /hopthu
        y tế < Đến hạn hôm nay (1)
        +3d
        y tế < $YC đã quá hạn
        y tế > /hopthu
        y tế < QUÁ HẠN (1) | đã quá hạn
        y tế > [$YC]
        y tế < Hồ sơ $YC | ngộ độc | [Tiếp nhận]
        y tế > [Khác…]
        y tế > [Gia hạn]
        y tế > [1 ngày làm việc]
        y tế > Chờ kết quả xét nghiệm của viện chuyên ngành.
        y tế < Đã gia hạn
        """,
    )
