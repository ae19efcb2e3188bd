"""Matters: opened with and without a question, their 24-hour clocks under both packs, statements, inquiries, the end."""

from pathlib import Path

from tests.transcript import ASK, REGISTER, VERIFY, scene

ASKED = (REGISTER, VERIFY, ASK)

INCIDENT = """
cán bộ > /vuviec
cán bộ < Hiện không có vụ việc nào đang mở | [Ghi nhận vụ việc]
cán bộ > [Ghi nhận vụ việc]
cán bộ < tóm tắt trong một câu
cán bộ > Sập cầu tạm ở xã vùng cao
cán bộ < Đơn vị nào phải phát ngôn
cán bộ > sở xây dựng
"""


async def test_an_incident_nobody_asked_about(tmp_path: Path) -> None:
    """Decree 244: the clock of a major event starts when it was received and handled, although nobody has asked (F62)."""
    await scene(
        tmp_path,
        INCIDENT,
        """
        cán bộ > [Sở Xây dựng]
        cán bộ < Việc này thuộc loại nào | NĐ 244/2026 Điều 7(3) | [Vụ việc thông thường]
        cán bộ > [Sự kiện, vấn đề tác động lớn]
        cán bộ < Việc xảy ra lúc nào | [Chưa rõ]
        cán bộ > 23h tối mai
        cán bộ < còn ở phía trước
        cán bộ > hôm qua
        cán bộ < chưa đọc được mốc thời gian
        cán bộ > 21h tối qua
        cán bộ < tiếp nhận, xử lý | [Lúc này]
        cán bộ > 20h tối qua
        cán bộ < sớm hơn lúc việc xảy ra (21:00
        cán bộ > 6h30 sáng nay
        cán bộ < Còn đơn vị nào liên quan | [Không có]
        cán bộ > [Không có]
        cán bộ < Sập cầu tạm | Sở Xây dựng | Xảy ra: 21:00 Chủ nhật 22/11/2026 | Điều 7(3): hạn 06:30 thứ Ba 24/11/2026 | [Gửi]
        cán bộ > [Gửi]
        cán bộ < Đã mở vụ việc $VV
        cán bộ < Vụ việc $VV: đang mở, chưa phát ngôn | đang tính, hạn 06:30 thứ Ba 24/11/2026 | [Ghi nhận phát ngôn]
        xây dựng < Vụ việc $VV vừa được ghi nhận | Sập cầu tạm | Thời hạn | [Xem vụ việc]
        y tế > /vuviec $VV
        y tế < Không tìm thấy vụ việc $VV
        xây dựng > $VV
        xây dựng < Vụ việc $VV: đang mở
        +11h
        xây dựng < Vụ việc $VV sắp đến hạn phát ngôn | hạn 06:30 thứ Ba 24/11/2026 | [Ghi nhận phát ngôn]
        +12h
        xây dựng < KHẨN: vụ việc $VV đã quá hạn phát ngôn | ĐÃ QUÁ HẠN | [Ghi nhận phát ngôn]
        cán bộ < KHẨN: vụ việc $VV
        xây dựng > [Ghi nhận phát ngôn]
        xây dựng < hình thức nào | Họp báo | [Hình thức khác…]
        xây dựng > [Hình thức khác…]
        xây dựng > [Thông cáo, văn bản hoặc thư điện tử trả lời]
        xây dựng < Phát ngôn lúc nào
        xây dựng > 6h sáng nay
        xây dựng < nội dung đã phát ngôn
        xây dựng > Cầu tạm sập, không có thương vong; đã rào chắn hai đầu. Gọi anh trực cầu 0912 345 678.
        xây dựng > [Gửi]
        xây dựng < Một người khác trong đơn vị hoặc Phòng Báo chí
        cán bộ < 0912 345 678
        cán bộ > [Cho đi tiếp]
        cán bộ > Số máy trực của đơn vị, đã công bố tại hiện trường.
        xây dựng < đồng ý cho gửi
        xây dựng > [Xem lại và gửi]
        xây dựng < Ghi nhận phát ngôn về $VV | Lúc: 06:00 thứ Ba 24/11/2026 | không có thương vong | [Gửi]
        xây dựng > [Gửi]
        xây dựng < Đã ghi nhận phát ngôn
        xây dựng < đã phát ngôn lần đầu | đã phát ngôn đúng hạn
        cán bộ < đã có phát ngôn
        xây dựng > [Kết thúc vụ việc]
        xây dựng > [Đã phát ngôn xong]
        xây dựng > xong
        xây dựng < ít nhất 10 ký tự
        xây dựng > Đã thông tin đầy đủ, cầu được sửa xong.
        xây dựng < Vụ việc $VV: đã kết thúc | [Mở lại vụ việc]
        cán bộ > /nhatky $VV
        cán bộ < 1. 08:00 | mở vụ việc | quá hạn phát ngôn | ghi nhận phát ngôn | kết thúc vụ việc
        """,
    )


async def test_the_same_under_the_older_decree(tmp_path: Path) -> None:
    """Decree 09: the clock starts at the occurrence, so that time must be known; the form list has six."""
    await scene(
        tmp_path,
        INCIDENT,
        """
        cán bộ > [Sở Xây dựng]
        cán bộ < NĐ 09/2017 Điều 6(3)(a)
        cán bộ > [Vụ việc cần thông tin ban đầu]
        cán bộ < Việc xảy ra lúc nào | [Quay lại]
        cán bộ > không rõ
        cán bộ < chưa đọc được
        cán bộ > 21h tối qua
        cán bộ > [Lúc này]
        cán bộ > [Không có]
        cán bộ < Điều 6(3)(a): hạn 21:00 thứ Hai 23/11/2026
        cán bộ > [Gửi]
        xây dựng < vừa được ghi nhận
        xây dựng > [Xem vụ việc]
        xây dựng > [Ghi nhận phát ngôn]
        xây dựng > [Hình thức khác…]
        xây dựng > [Văn bản đề nghị phản hồi, cải chính, xin lỗi]
        xây dựng > [Quay lại]
        xây dựng > [Hình thức khác…]
        xây dựng > [Họp báo]
        xây dựng > [Lúc này]
        xây dựng > {bien-ban.pdf}
        xây dựng < Họp báo | Tệp: 1 tệp
        xây dựng > [Gửi]
        xây dựng < đã phát ngôn đúng hạn
        """,
        law_pin="nd-09-2017",
    )


async def test_inquiries_on_one_matter(tmp_path: Path) -> None:
    """Opened from a question by its spokesperson; the official answer is the first statement; detached again with an entry (F65)."""
    await scene(
        tmp_path,
        *ASKED,
        """
        y tế > [Khác…]
        y tế > [Thêm…]
        y tế > [Vụ việc]
        y tế < Chưa có vụ việc nào đang mở | [Mở vụ việc mới]
        y tế > [Mở vụ việc mới]
        y tế > Ngộ độc tại bếp ăn trường học
        y tế > [Sự kiện, vấn đề tác động lớn]
        y tế > [Chưa rõ]
        y tế < [Lúc nhận câu hỏi]
        y tế > [Lúc nhận câu hỏi]
        y tế > Sở Xây dựng, không có đơn vị này
        y tế < Chưa tìm thấy đơn vị “không có đơn vị này”
        y tế > [Không có]
        y tế > [Gửi]
        y tế < Vụ việc $VV: đang mở | • $YC – đã chuyển đơn vị | [Gắn câu hỏi]
        cán bộ < Vụ việc $VV vừa được ghi nhận
        y tế > [Gắn câu hỏi]
        y tế > $YC
        y tế < đang gắn với vụ việc $VV
        y tế > /huy
        y tế ^ Câu hỏi mới > Có 12 người nhập viện.
        y tế > [Gửi câu trả lời]
        +31s
        phóng viên < Trả lời chính thức
        y tế > $VV
        y tế < đã phát ngôn lần đầu | Phát ngôn lần đầu: 08:00 | đã phát ngôn đúng hạn | $YC – đã trả lời
        y tế > [Khác…]
        y tế > [Gỡ câu hỏi]
        y tế > $YC
        y tế < Câu hỏi của báo chí:
        cán bộ > /nhatky $YC
        cán bộ < gắn vào vụ việc | trả lời chính thức | gỡ khỏi vụ việc
        """,
    )


async def test_determining_that_opinion_is_divided(tmp_path: Path) -> None:
    """Who determined it and when starts Art 7(4); correcting the time wants a reason and counts anew."""
    await scene(
        tmp_path,
        INCIDENT,
        """
        cán bộ > [Sở Xây dựng]
        cán bộ > [Vụ việc thông thường]
        cán bộ > [Chưa rõ]
        cán bộ > [Lúc này]
        cán bộ > sở y tế
        cán bộ < thống nhất nội dung với Sở Y tế
        cán bộ > [Không phải]
        cán bộ < Thời hạn phát ngôn: | không có
        cán bộ > [Gửi]
        y tế < Vụ việc $VV vừa được ghi nhận
        y tế > [Xem vụ việc]
        y tế > [Kết thúc vụ việc]
        y tế < người phát ngôn của Sở Xây dựng hoặc Phòng Báo chí
        cán bộ > [Khác…]
        cán bộ > [Dư luận trái chiều]
        cán bộ < xác định dư luận trái chiều
        cán bộ > 7h sáng nay
        cán bộ < 07:00 thứ Hai 23/11/2026, người xác định: Cán bộ Phòng Báo chí | Điều 7(4): đang tính, hạn 07:00 thứ Ba 24/11/2026
        xây dựng < thời điểm xác định dư luận trái chiều là 07:00
        cán bộ > [Mốc thời gian]
        cán bộ > [Dư luận trái chiều]
        cán bộ > 7h30
        cán bộ < nêu lý do sửa thành 07:30
        cán bộ > Biên bản họp ghi 7 giờ 30 phút.
        cán bộ < không còn tính | đang tính, hạn 07:30 thứ Ba 24/11/2026
        cán bộ > [Kết thúc vụ việc]
        cán bộ > [Đã phát ngôn xong]
        cán bộ < chưa có phát ngôn nào
        cán bộ > [Không cần phát ngôn]
        cán bộ > Dư luận đã lắng, cơ quan trung ương đã thông tin.
        cán bộ < đã kết thúc
        +26h
        cán bộ < Mốc nhật ký
        cán bộ < (không có gì)
        cán bộ > $VV
        cán bộ > [Mở lại vụ việc]
        cán bộ > Có thêm tình tiết mới cần thông tin.
        cán bộ < Vụ việc $VV: đang mở
        """,
    )


async def test_a_member_without_mandate_opens_nothing(tmp_path: Path) -> None:
    """Only whoever may speak for the unit, or an officer, starts a duty to speak."""
    await scene(
        tmp_path,
        *ASKED,
        """
        phóng viên > /vuviec
        phóng viên < không được giao việc này
        y tế > vụ việc
        y tế > [Ghi nhận vụ việc]
        y tế > Ngộ độc
        y tế < ít nhất 8 ký tự
        y tế > /huy
        """,
    )
