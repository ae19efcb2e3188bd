"""Units among themselves: agreeing before speaking, taking and giving back, helping, asking for input."""

from pathlib import Path

from tests.transcript import ASK, REGISTER, VERIFY, scene

ASKED = (REGISTER, VERIFY, ASK)

JOINT = """
cán bộ > $YC
cán bộ > [Khác…]
cán bộ > [Thêm…]
cán bộ > [Vụ việc]
cán bộ > [Mở vụ việc mới]
cán bộ > Ngộ độc tại bếp ăn trường học
cán bộ > [Vụ việc thông thường]
cán bộ > [Chưa rõ]
cán bộ > [Lúc này]
cán bộ > sở xây dựng
cán bộ > [Phải thống nhất]
cán bộ > [Gửi]
"""

TRANSFERRED = """
y tế > [Chuyển]
y tế > so xay dung
y tế > [Sở Xây dựng]
y tế > Bếp ăn do Sở Xây dựng cấp phép công trình.
"""


async def test_an_answer_waits_until_the_units_agree(tmp_path: Path) -> None:
    """Decree 244 Art 7(2): held without an undo of the words; an objection is read; the last agreement lets it go."""
    await scene(
        tmp_path,
        *ASKED,
        JOINT,
        """
        y tế ^ Câu hỏi mới > Có 12 người nhập viện.
        y tế > [Gửi câu trả lời]
        +31s
        phóng viên < (không có gì)
        y tế < chưa gửi: phải thống nhất trước với Sở Xây dựng
        xây dựng < Sở Y tế sắp trả lời báo chí về $YC | Có 12 người nhập viện | [Đồng ý] [Có ý kiến khác]
        cán bộ < đang chờ Sở Xây dựng đồng ý | [Gửi không chờ thêm]
        xây dựng > [Có ý kiến khác]
        xây dựng > sai
        xây dựng < ít nhất 10 ký tự
        xây dựng > Số liệu cần ghi theo báo cáo lúc 7 giờ.
        y tế < chưa đồng ý | theo báo cáo lúc 7 giờ | [Hoàn tác]
        y tế > [Hoàn tác]
        xây dựng > [Đồng ý]
        xây dựng < không còn chờ nữa
        y tế ^ Câu hỏi mới > Có 12 người nhập viện, theo báo cáo lúc 7 giờ.
        y tế > [Gửi câu trả lời]
        +31s
        xây dựng < theo báo cáo lúc 7 giờ | [Đồng ý]
        xây dựng > [Đồng ý]
        xây dựng < Đã ghi nhận đơn vị của anh/chị đồng ý
        +1s
        phóng viên < Trả lời chính thức | theo báo cáo lúc 7 giờ
        xây dựng > [Đồng ý]
        xây dựng < không còn chờ nữa
        """,
    )


async def test_an_officer_decides_without_the_other_unit(tmp_path: Path) -> None:
    """With a reason everybody concerned reads."""
    await scene(
        tmp_path,
        *ASKED,
        JOINT,
        """
        y tế ^ Câu hỏi mới > Có 12 người nhập viện.
        y tế > [Gửi câu trả lời]
        +31s
        cán bộ > [Gửi không chờ thêm]
        cán bộ > Đơn vị kia không liên lạc được, việc khẩn cấp.
        cán bộ < mà không chờ thêm
        xây dựng < Phòng Báo chí quyết định gửi câu trả lời $YC | việc khẩn cấp
        +1s
        phóng viên < Trả lời chính thức
        cán bộ > /nhatky $YC
        cán bộ < chờ các đơn vị thống nhất | cán bộ cho gửi, không chờ thống nhất thêm | trả lời chính thức
        """,
        law_pin="nd-09-2017",
    )


async def test_a_transfer_is_taken_or_given_back(tmp_path: Path) -> None:
    """The receiver may refuse with a reason: back it goes, the deadline as it stands; after two hops the press office decides."""
    await scene(
        tmp_path,
        *ASKED,
        TRANSFERRED,
        """
        xây dựng > [Không nhận]
        xây dựng < lý do không nhận $YC. Hồ sơ sẽ về lại Sở Y tế
        xây dựng > Công trình đã bàn giao cho nhà trường quản lý.
        xây dựng < Đã trả $YC về Sở Y tế. Thời hạn giữ nguyên: hết thứ Sáu 27/11/2026
        y tế < Sở Xây dựng không nhận hồ sơ $YC | Công trình đã bàn giao
        phóng viên < Sở Y tế tiếp tục phụ trách
        xây dựng > [Không nhận]
        xây dựng < Không tìm thấy đề nghị
        y tế > [Chuyển]
        y tế > so xay dung
        y tế > [Sở Xây dựng]
        y tế > Đề nghị xem lại hồ sơ cấp phép công trình.
        xây dựng > [Tiếp nhận]
        xây dựng > [Khác…]
        xây dựng < $YC
        """,
    )


async def test_given_back_twice_the_press_office_decides(tmp_path: Path) -> None:
    """Nobody takes it: the officers are asked at once."""
    await scene(
        tmp_path,
        *ASKED,
        TRANSFERRED,
        """
        xây dựng > [Không nhận]
        xây dựng > Công trình đã bàn giao cho nhà trường quản lý.
        y tế > [Chuyển]
        y tế > so xay dung
        y tế > [Sở Xây dựng]
        y tế > Đề nghị xem lại hồ sơ cấp phép công trình.
        xây dựng > [Không nhận]
        xây dựng > Đã kiểm tra, không có hồ sơ cấp phép nào.
        cán bộ < KHẨN: hồ sơ $YC đã chuyển hai lần | Sở Xây dựng vừa trả lại | [Điều chuyển]
        """,
    )


async def test_helping_and_taking_over(tmp_path: Path) -> None:
    """A second unit sees, notes and drafts; the answer stays with the first, until the press office takes the case (F34)."""
    await scene(
        tmp_path,
        *ASKED,
        """
        cán bộ > $YC
        cán bộ > [Khác…]
        cán bộ > [Thêm…]
        cán bộ > [Việc khác nữa…]
        cán bộ > [Giao phối hợp]
        cán bộ > so xay dung
        cán bộ > [Sở Xây dựng]
        cán bộ > Cần số liệu về công trình bếp ăn.
        cán bộ < Đã giao Sở Xây dựng phối hợp xử lý $YC. Sở Y tế vẫn là nơi trả lời
        xây dựng < được giao phối hợp xử lý $YC | ngộ độc | [Trả lời] [Ghi chú nội bộ]
        y tế < giao Sở Xây dựng phối hợp
        xây dựng > /hopthu
        xây dựng < $YC
        xây dựng > [Ghi chú nội bộ]
        xây dựng > Bếp ăn được nghiệm thu tháng trước.
        y tế < Bếp ăn được nghiệm thu
        xây dựng > $YC Bếp ăn đã nghiệm thu đúng quy định.
        xây dựng < chưa có thẩm quyền phát ngôn
        xây dựng > /huy
        cán bộ > $YC
        cán bộ > [Khác…]
        cán bộ > [Thêm…]
        cán bộ > [Việc khác nữa…]
        cán bộ > [Phòng Báo chí xử lý]
        cán bộ > Việc lớn, cần một đầu mối trả lời.
        cán bộ < Phòng Báo chí đang trực tiếp xử lý $YC
        y tế < đơn vị không cần trả lời nữa | một đầu mối
        phóng viên < $YC đã được chuyển đến
        """,
    )


async def test_input_of_another_unit(tmp_path: Path) -> None:
    """Asked with a time, given by reply, late or not; the reporter never sees it (F26, Decree 244 Art 4(2))."""
    await scene(
        tmp_path,
        *ASKED,
        """
        y tế > [Khác…]
        y tế > [Xin ý kiến đơn vị khác]
        y tế > sở y tế
        y tế < Chưa tìm thấy đơn vị
        y tế > so xay dung
        y tế > [Sở Xây dựng]
        y tế > Bếp ăn trường học này đã được nghiệm thu chưa?
        y tế < Cần trước lúc nào? Theo quy chế nội bộ: hết thứ Tư 25/11/2026 | [Theo quy chế]
        y tế > hôm nọ
        y tế < chưa đọc được thời điểm
        y tế > 7h hôm nay
        y tế < Thời điểm này đã qua
        y tế > 10h hôm nay
        y tế < Đã xin ý kiến Sở Xây dựng cho $YC, cần trước 10:00
        xây dựng < Sở Y tế xin ý kiến đơn vị của anh/chị để trả lời $YC | đã được nghiệm thu chưa | [Gửi ý kiến]
        xây dựng > /hopthu
        xây dựng < Đơn vị khác xin ý kiến (1) | $YC – Sở Y tế
        +2h
        xây dựng < đã quá hạn (10:00
        y tế < Sở Xây dựng chưa cho ý kiến về $YC | [Cho thêm thời gian]
        y tế > [Cho thêm thời gian]
        y tế > [2 ngày làm việc]
        xây dựng < cho thêm thời gian
        xây dựng ^ xin ý kiến đơn vị > Đã nghiệm thu ngày 15/10, có biên bản.
        xây dựng < Đã chuyển ý kiến của anh/chị đến Sở Y tế
        y tế < Sở Xây dựng cho ý kiến về $YC (chỉ đơn vị của anh/chị đọc được) | có biên bản | [Trả lời]
        phóng viên < (không có gì)
        xây dựng > [Gửi ý kiến]
        xây dựng < đã xong trước đó
        y tế > [Khác…]
        y tế > [Thêm…]
        y tế > [Việc khác nữa…]
        y tế > [Ý kiến đã xin]
        y tế < Các ý kiến đã xin cho $YC | Sở Xây dựng: đã có ý kiến | có biên bản
        xây dựng > $YC
        xây dựng < Không tìm thấy đề nghị
        """,
    )


async def test_the_unit_asked_for_input_asks_back_first(tmp_path: Path) -> None:
    """Its time stands still from the question to the reply; the reporter hears nothing of it."""
    await scene(
        tmp_path,
        *ASKED,
        """
        y tế > [Khác…]
        y tế > [Xin ý kiến đơn vị khác]
        y tế > so xay dung
        y tế > [Sở Xây dựng]
        y tế > Bếp ăn này đã được nghiệm thu chưa?
        y tế > [Theo quy chế]
        xây dựng < [Gửi ý kiến] [Hỏi lại]
        xây dựng > [Hỏi lại]
        xây dựng > gì
        xây dựng < ít nhất 10 ký tự
        xây dựng > Anh/chị hỏi bếp ăn của trường nào?
        xây dựng < Thời hạn góp ý kiến về $YC tạm dừng
        y tế < Sở Xây dựng đề nghị làm rõ | của trường nào | [Trả lời làm rõ]
        xây dựng > [Hỏi lại]
        xây dựng > Xin hỏi thêm: nghiệm thu năm nào?
        xây dựng < đang chờ trả lời
        xây dựng > /huy
        +2d
        y tế > [Trả lời làm rõ]
        y tế > Trường tiểu học số 1 của phường.
        y tế < Cần ý kiến trước hết thứ Năm 26/11/2026
        xây dựng < Trường tiểu học số 1 | [Gửi ý kiến]
        xây dựng > [Gửi ý kiến]
        xây dựng > Đã nghiệm thu ngày 15/10.
        y tế < Đã nghiệm thu ngày 15/10
        y tế > /nhatky $YC
        y tế < tạm dừng thời hạn | thời hạn tính tiếp
        phóng viên < (không có gì)
        """,
    )
