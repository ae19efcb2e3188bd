"""A case after it was sent: following up, correcting, clarifying, withdrawing, rating."""

from pathlib import Path

from models import codes
from tests.transcript import ASK, REGISTER, VERIFY, scene, somebody_else

ASKED = (REGISTER, VERIFY, ASK)

ANSWERED = """
y tế ^ Câu hỏi mới > Có 12 người nhập viện, sức khỏe ổn định.
y tế > [Gửi câu trả lời]
+31s
phóng viên < Trả lời chính thức
"""

CLARIFYING = """
y tế > [Hỏi lại]
y tế < cần phóng viên làm rõ điều gì
y tế > {anh.jpg}
y tế < gõ câu hỏi bằng chữ
y tế > Anh/chị hỏi về trường nào?
y tế < Đã gửi câu hỏi làm rõ | tạm dừng
phóng viên < Anh/chị hỏi về trường nào? | tạm dừng | [Trả lời làm rõ]
"""


async def test_following_up(tmp_path: Path) -> None:
    """A reply to any message of the case, or its code beside the words, adds to it; the code alone says where it stands."""
    await scene(
        tmp_path,
        *ASKED,
        """
        phóng viên ^ đã tiếp nhận > {anh.jpg} Bổ sung ảnh hiện trường.
        phóng viên < Đã ghi nhận nội dung bổ sung cho $YC | Sở Y tế
        y tế < Phóng viên bổ sung cho $YC | Bổ sung ảnh hiện trường | (1 tệp)
        phóng viên > $YC Hỏi thêm: có bao nhiêu ca nặng?
        y tế < Phóng viên bổ sung cho $YC | ca nặng
        phóng viên > $YC
        phóng viên < Đề nghị $YC: đã chuyển đơn vị | Sở Y tế, từ 08:00 | hết thứ Sáu 27/11/2026 | Bước tiếp theo
        phóng viên > theo dõi
        phóng viên < • $YC
        phóng viên > [Hỏi thêm, bổ sung]
        phóng viên < nội dung bổ sung cho $YC
        phóng viên > Danh sách lớp gửi sau.
        y tế < Danh sách lớp gửi sau
        """,
    )


async def test_a_reply_to_a_case_while_writing_another_question(tmp_path: Path) -> None:
    """The reply goes to its case; the question being written waits, untouched."""
    await scene(
        tmp_path,
        *ASKED,
        """
        phóng viên > Khi nào sửa xong cầu trên đường tỉnh?
        phóng viên ^ đã tiếp nhận > Bổ sung cho vụ ngộ độc: có hai ca nặng.
        phóng viên < Đã ghi nhận nội dung bổ sung cho $YC
        y tế < có hai ca nặng
        phóng viên > [Sở Xây dựng]
        phóng viên > [Văn bản, tin nhắn]
        phóng viên > [Không gấp]
        phóng viên < Khi nào sửa xong cầu
        phóng viên ~ Bao nhiêu người > Bao nhiêu học sinh nhập viện?
        phóng viên < Đã ghi nhận nội dung sửa của $YC
        phóng viên > [Gửi]
        xây dựng < Khi nào sửa xong cầu
        """,
    )


async def test_correcting_by_editing(tmp_path: Path) -> None:
    """An edited message makes a new version, the unit sees both, before the answer and after it."""
    await scene(
        tmp_path,
        *ASKED,
        """
        phóng viên ~ Bao nhiêu người > Bao nhiêu học sinh nhập viện?
        phóng viên < Đã ghi nhận nội dung sửa của $YC | Bản trước vẫn được lưu
        y tế < đã sửa nội dung của $YC | Bao nhiêu học sinh nhập viện? | Bản trước: | Bao nhiêu người nhập viện
        phóng viên ~ Bao nhiêu người > Bao nhiêu học sinh nhập viện?
        phóng viên < Nội dung không thay đổi
        """,
        ANSWERED,
        """
        phóng viên ~ Bao nhiêu người > Bao nhiêu học sinh còn nằm viện?
        phóng viên < Đã ghi nhận nội dung sửa
        y tế < Bao nhiêu học sinh còn nằm viện? | Bản trước: | Bao nhiêu học sinh nhập viện?
        """,
    )


async def test_a_clarification_pauses_the_clock(tmp_path: Path) -> None:
    """The clock stops when the unit asks back and runs on from the reporter's reply, with the days it had left."""
    await scene(
        tmp_path,
        *ASKED,
        CLARIFYING,
        """
        phóng viên > $YC
        phóng viên < chờ anh/chị làm rõ | đang tạm dừng
        y tế > /hopthu
        y tế < Chờ phóng viên làm rõ (1) | đang tạm dừng
        +2d
        phóng viên ^ làm rõ > Trường tiểu học ở phường trung tâm.
        phóng viên < Nội dung làm rõ cho $YC | Thời hạn tính tiếp: hết thứ Hai 30/11/2026
        y tế < đã làm rõ $YC; thời hạn tính tiếp: hết thứ Hai 30/11/2026 | Trường tiểu học
        phóng viên > $YC
        phóng viên < hết thứ Hai 30/11/2026
        """,
    )


async def test_free_words_while_a_clarification_waits(tmp_path: Path) -> None:
    """Words that say neither reply nor code: the bot asks whether they clarify or ask anew, and takes the rest along."""
    await scene(
        tmp_path,
        *ASKED,
        CLARIFYING,
        """
        phóng viên > Trường tiểu học ở phường trung tâm.
        phóng viên < để làm rõ đề nghị đang chờ, hay là câu hỏi mới | [Trả lời cho $YC] | [Câu hỏi mới]
        phóng viên > Có hai ca nặng.
        phóng viên < [Trả lời cho $YC]
        phóng viên > [Trả lời cho $YC]
        phóng viên < Nội dung làm rõ cho $YC
        y tế < Trường tiểu học | Có hai ca nặng.
        """,
    )


async def test_dung_is_not_stop(tmp_path: Path) -> None:
    """“Đúng” answers a clarification; it stops nothing."""
    await scene(
        tmp_path,
        *ASKED,
        CLARIFYING,
        """
        phóng viên > [Trả lời làm rõ]
        phóng viên > Đúng
        phóng viên < Nội dung làm rõ cho $YC
        y tế < Đúng
        """,
    )


async def test_withdrawing(tmp_path: Path) -> None:
    """Asked once, then the case is over for everybody: no clock, no answer, no addition; the code still tells."""
    await scene(
        tmp_path,
        *ASKED,
        """
        phóng viên > [Rút đề nghị]
        phóng viên < xác nhận rút đề nghị $YC | [Rút] | [Giữ nguyên]
        phóng viên > [Giữ nguyên]
        phóng viên < $YC được giữ nguyên
        phóng viên > [Rút đề nghị]
        phóng viên > để suy nghĩ
        phóng viên < chạm vào một lựa chọn
        phóng viên > [Rút]
        phóng viên < Theo yêu cầu của anh/chị, đề nghị $YC đã được rút
        y tế < Phóng viên đã rút đề nghị $YC
        y tế > [Tiếp nhận]
        y tế < đã kết thúc (đã rút)
        y tế ^ Câu hỏi mới > Có 12 người nhập viện.
        y tế < đã kết thúc (đã rút)
        phóng viên < (không có gì)
        phóng viên > [Rút đề nghị]
        phóng viên < không rút được nữa
        phóng viên ^ đã tiếp nhận > Thôi, xin hỏi lại.
        phóng viên < $YC đã được rút | /hoi
        phóng viên > $YC
        phóng viên < $YC đã được rút
        +7d
        y tế < (không có gì)
        """,
    )


async def test_withdrawing_within_the_thirty_seconds(tmp_path: Path) -> None:
    """A confirmed answer that waits out its undo stays unsent when the question is taken back."""
    await scene(
        tmp_path,
        *ASKED,
        """
        y tế ^ Câu hỏi mới > Có 12 người nhập viện.
        y tế > [Gửi câu trả lời]
        phóng viên > [Rút đề nghị]
        phóng viên > [Rút]
        phóng viên < đã được rút
        +31s
        phóng viên < (không có gì)
        y tế < Phóng viên đã rút đề nghị $YC
        y tế > [Hoàn tác]
        y tế < đã được hoàn tác trước đó
        """,
    )


async def test_an_answered_case_opens_again(tmp_path: Path) -> None:
    """A follow-up after the answer starts a new clock, and the clock rings."""
    await scene(
        tmp_path,
        *ASKED,
        ANSWERED,
        """
        phóng viên ^ Trả lời chính thức > Còn bao nhiêu người đang điều trị?
        phóng viên < Đã ghi nhận nội dung bổ sung cho $YC | Thời hạn: hết thứ Sáu 27/11/2026
        y tế < Phóng viên bổ sung cho $YC | đang điều trị
        +7d
        y tế < $YC đã quá hạn
        cán bộ < $YC của Sở Y tế đã quá hạn
        """,
    )


async def test_rating(tmp_path: Path) -> None:
    """One tap for clear; less than clear is asked why, and the unit reads the reason; the opinion may change."""
    await scene(
        tmp_path,
        *ASKED,
        """
        phóng viên > $YC
        phóng viên < đã chuyển đơn vị
        """,
        ANSWERED,
        """
        phóng viên > [Chưa đủ]
        phóng viên < còn thiếu hoặc chưa đúng ở điểm nào | [Bỏ qua]
        phóng viên > {anh.jpg}
        phóng viên < ghi lý do bằng chữ
        phóng viên > Chưa nói rõ nguyên nhân.
        phóng viên < đã được chuyển đến đơn vị
        y tế < chưa đầy đủ | Chưa nói rõ nguyên nhân.
        phóng viên > [Chưa đủ]
        phóng viên < đã đánh giá như vậy
        phóng viên > [Chưa đúng]
        phóng viên > [Bỏ qua]
        y tế < chưa đúng câu hỏi | Lý do: –
        phóng viên > [Đã rõ]
        phóng viên < Cảm ơn anh/chị đã đánh giá
        """,
    )


async def test_somebody_elses_case(tmp_path: Path) -> None:
    """A foreign code and a code nobody has get the same sentence."""
    await scene(
        tmp_path,
        *ASKED,
        somebody_else(REGISTER),
        f"""
        người khác > $YC
        người khác < Không tìm thấy đề nghị $YC
        người khác > $YC Cho tôi xem với.
        người khác < Không tìm thấy đề nghị $YC
        người khác > {codes.make("YC", 0)}
        người khác < Không tìm thấy đề nghị YC-000000
        người khác > /theodoi
        người khác < chưa có đề nghị nào
        y tế < (không có gì)
        """,
    )
