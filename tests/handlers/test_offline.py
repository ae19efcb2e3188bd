"""Said outside the chat: an official answer by phone or on paper, and what is nobody's official view (F31, F44)."""

from pathlib import Path

from bot import seeding
from tests.transcript import ASK, MATTER, REGISTER, VERIFY, office, play, scene

OFFLINE = """
y tế > [Khác…]
y tế > [Thêm…]
y tế > [Đã trả lời ngoài hệ thống]
"""


async def test_by_phone_and_by_somebody_without_the_right(tmp_path: Path) -> None:
    """The mandate of that time decides: a member's word is kept beside the case, the spokesperson's ends it."""
    async with office(tmp_path, REGISTER, VERIFY) as story:
        code = await seeding.invite(story.app, role="member", name="Chuyên viên Sở Y tế", unit="so_y_te", position="Chuyên viên")
        await story.say(story.person("chuyên viên"), code)
        await play(
            story,
            ASK,
            "+2h",
            OFFLINE,
            """
            y tế > qua điện thoại
            y tế < chạm vào một lựa chọn
            y tế > 1
            y tế < Lúc nào?
            y tế > 9h 24/11/2026
            y tế < không thể ở tương lai
            y tế > 7h30 23/11/2026
            y tế < không thể trước đó
            y tế > lúc nãy
            y tế < chưa đọc được
            y tế > 9h15 23/11/2026
            y tế < Ai đã trả lời | [Người phát ngôn Sở Y tế]
            y tế > Chuyên viên Sở Y tế
            y tế > [Không có văn bản]
            y tế > đã nói
            y tế < ít nhất 10 ký tự
            y tế > Nói qua điện thoại là có 12 người nhập viện.
            y tế < KHÔNG PHẢI QUAN ĐIỂM CHÍNH THỨC | 12 người
            y tế > [Gửi]
            y tế < không phải quan điểm chính thức | vẫn chờ trả lời chính thức
            phóng viên < (không có gì)
            y tế > [Đã trả lời ngoài hệ thống]
            y tế > 1
            y tế > [Vừa xong]
            y tế > [Người phát ngôn Sở Y tế]
            y tế > 123/SYT-VP
            y tế > {ban-ghi.jpg} Trả lời trực tiếp: có 12 người nhập viện.
            y tế < trả lời chính thức ngoài hệ thống | 123/SYT-VP | (1 tệp)
            y tế > [Gửi]
            y tế < Hồ sơ $YC kết thúc
            phóng viên < Sở Y tế đã trả lời đề nghị $YC bằng hình thức | 123/SYT-VP | Nguồn phát ngôn | [Đã rõ]
            y tế > [Đã trả lời ngoài hệ thống]
            y tế < đã kết thúc (đã trả lời)
            y tế > [Số văn bản]
            y tế < hiện là: 123/SYT-VP
            y tế > không số
            y tế < cần có chữ số
            y tế > 124/SYT-VP
            y tế < Đã ghi số văn bản của $YC: 124/SYT-VP
            """,
        )


async def test_an_unofficial_word_is_never_sent(tmp_path: Path) -> None:
    """Somebody talked: it is on the case as what it is; the official answer is still owed, and no draft comes of it."""
    async with office(tmp_path, REGISTER, VERIFY, ASK) as story:
        await play(
            story,
            """
            y tế > [Khác…]
            y tế > [Thêm…]
            y tế > [Ghi lời không chính thức]
            y tế < không phải quan điểm chính thức
            y tế > nói
            y tế < ít nhất 10 ký tự
            y tế > Một bác sĩ nói với báo là có 20 ca.
            y tế < vẫn chờ trả lời chính thức
            phóng viên < (không có gì)
            y tế > /nhatky $YC
            y tế < không phải quan điểm chính thức
            """,
        )


async def test_an_officer_gets_the_letter_of_a_case(tmp_path: Path) -> None:
    """From the case's menu: a slip for its unit, a reminder once it is overdue; each a document and an entry, and nobody else gets one."""
    await scene(
        tmp_path,
        REGISTER,
        VERIFY,
        ASK,
        """
        y tế > $YC
        y tế > [Khác…]
        y tế > [Thêm…]
        y tế > [Số văn bản]
        y tế < Số văn bản của $YC | [Thoát]
        cán bộ > $YC
        cán bộ > [Khác…]
        cán bộ > [Thêm…]
        cán bộ > [Số văn bản]
        cán bộ > [Soạn công văn nhắc]
        cán bộ < chưa quá hạn
        cán bộ > [Soạn phiếu chuyển]
        cán bộ < Đang soạn văn bản cho $YC
        cán bộ < đã soạn xong | (1 tệp)
        +6d
        cán bộ > [Soạn công văn nhắc]
        cán bộ < đã soạn xong | (1 tệp)
        cán bộ > /nhatky $YC
        cán bộ < soạn văn bản từ hồ sơ
        """,
    )


async def test_by_phone_counts_on_the_matter_from_when_it_was_said(tmp_path: Path) -> None:
    """Not from when somebody found the time to write it down."""
    await scene(
        tmp_path,
        REGISTER,
        VERIFY,
        ASK,
        MATTER,
        "+2h",
        OFFLINE,
        """
        y tế > 1
        y tế > 8h30 23/11/2026
        y tế > [Người phát ngôn Sở Y tế]
        y tế > [Không có văn bản]
        y tế > Nói qua điện thoại là có 12 người nhập viện.
        y tế > [Gửi]
        y tế > $VV
        y tế < Phát ngôn lần đầu: 08:30 thứ Hai 23/11/2026
        """,
    )
