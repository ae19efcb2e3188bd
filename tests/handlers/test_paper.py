"""Questions that come by letter, phone or e-mail: written down by an officer, with the clock of who asks; what is answered is passed on."""

from pathlib import Path

from sqlmodel import select

from bot.reporting import Office, make
from models.casework.inquiry import Inquiry, InquiryState
from models.evidence.item import Item, ItemKind
from tests.chain import assert_chain
from tests.transcript import ASK, REGISTER, VERIFY, office, play, scene

LETTER = """
cán bộ > /tiepnhan
cán bộ < đến bằng đường nào | [Văn bản, thư]
cán bộ > [Văn bản, thư]
cán bộ < lúc nào
cán bộ > ngày mai
cán bộ < chưa đọc được mốc
cán bộ > 9h 25/11/2026
cán bộ < còn ở phía trước
cán bộ > 8h 01/01/2010
cán bộ < sớm hơn mọi bộ quy tắc
cán bộ > 8h 20/11/2026
cán bộ < gõ số | người đứng đầu tòa soạn | chỉ đạo, quản lý báo chí | báo chí nước ngoài
cán bộ > tổng biên tập
cán bộ < gõ một số từ 1 đến
cán bộ > 4
cán bộ < Họ tên
cán bộ > Tổng biên tập Mẫu
cán bộ > Báo Mẫu
cán bộ > 45/CV-BM
cán bộ > không
cán bộ < ít nhất 10 ký tự
cán bộ > {cong-van.pdf} Đề nghị cho biết kết quả kiểm tra vụ ngộ độc thực phẩm ở bếp ăn trường học.
cán bộ < Chuyển đến đơn vị nào | [Sở Y tế]
cán bộ > [Sở Y tế]
cán bộ < bằng văn bản, thư, lúc 08:00 thứ Sáu 20/11/2026 | Tổng biên tập Mẫu – Báo Mẫu | 45/CV-BM | hết thứ Hai 21/12/2026
"""


async def test_a_letter_of_an_editor_runs_its_own_clock(tmp_path: Path) -> None:
    """Thirty days from the day it came; the answer goes to the officer for the letter, and is no evidence of delivery; the month counts it."""
    async with office(tmp_path) as story:
        await play(
            story,
            LETTER,
            """
            cán bộ > [Gửi]
            cán bộ < Đã ghi nhận đề nghị $YC của Tổng biên tập Mẫu
            y tế < Câu hỏi mới | Tổng biên tập Mẫu – Báo Mẫu | kết quả kiểm tra
            y tế ^ Câu hỏi mới > Kết quả kiểm tra: bếp ăn đã tạm dừng hoạt động từ ngày 19/11.
            y tế > [Gửi câu trả lời]
            +31s
            cán bộ < không có trong chat | $YC | [Số văn bản]
            cán bộ < Trả lời chính thức | tạm dừng hoạt động
            cán bộ > $YC
            cán bộ < Tổng biên tập Mẫu – Báo Mẫu | đã trả lời
            +1m
            """,
        )
        machine = story.app.machine
        async with machine.database.read() as store:
            entries = await assert_chain(store)
            case = (await store.scalars(select(Inquiry))).one()
            asked = (await store.scalars(select(Item).where(Item.kind == ItemKind.REQUESTER))).one()
        assert (case.kind, case.came_by, case.document_no, case.state) == ("editor_question", "letter", "45/CV-BM", InquiryState.ANSWERED)
        assert '"kind": "press_head"' in (asked.text or "")
        assert "answer.delivered" not in {entry.action for entry in entries}
        own = Office(machine.office.rules.law, machine.office.texts)
        november = (await make(machine.database, own, own.window("monthly", "2026-11", machine.now()), machine.now())).document
        assert november["lines"]["received"] == november["lines"]["in_time"] == [case.code]
        assert november["cases"][case.code]["received"] == "2026-11-20T08:00:00+07:00"


async def test_a_call_of_the_foreign_press_stays_with_the_press_office(tmp_path: Path) -> None:
    """Answered through the press office, whatever unit it is about; a case nobody in chat has asked is nobody's to withdraw."""
    await scene(
        tmp_path,
        REGISTER,
        """
        cán bộ > /tiepnhan
        cán bộ > [Điện thoại]
        cán bộ > [Vừa xong]
        cán bộ > 7
        cán bộ > Phóng viên thường trú Mẫu
        cán bộ > Hãng tin nước ngoài Mẫu
        cán bộ < gõ nội dung
        cán bộ > Xin hỏi số khách quốc tế đến tỉnh trong quý này.
        cán bộ > [Phòng Báo chí quyết định]
        cán bộ < qua điện thoại | báo chí nước ngoài | Đầu mối báo chí
        cán bộ > [Gửi]
        cán bộ < Đã ghi nhận
        phóng viên > $YC
        phóng viên < Không tìm thấy
        """,
    )


async def test_an_officer_says_that_a_reporter_is_foreign_press(tmp_path: Path) -> None:
    """Verified with one tap; from then on their questions go to the press office under a clock of their own."""
    await scene(
        tmp_path,
        REGISTER,
        """
        cán bộ > [Xác minh, là báo chí nước ngoài]
        cán bộ < Đã xác minh Phóng Viên Mẫu
        phóng viên > Bao nhiêu người nhập viện trong vụ ngộ độc thực phẩm ở bếp ăn trường học?
        phóng viên > [Sở Y tế]
        phóng viên > [Văn bản, tin nhắn]
        phóng viên > [Không gấp]
        phóng viên > [Gửi]
        cán bộ < $YC chờ chọn đơn vị
        y tế < (không có gì)
        """,
    )


async def test_no_free_text_is_without_an_end(tmp_path: Path) -> None:
    """A note, a reason, an answer longer than anybody reads: a kind sentence, the same step, nothing recorded of it."""
    async with office(tmp_path, REGISTER, VERIFY, ASK) as story:
        await play(
            story,
            "y tế > $YC",
            "y tế > [Khác…]",
            "y tế > [Ghi chú nội bộ]",
            f"y tế > {'dài ' * 6000}",
            "y tế < dài quá 20000 ký tự | tệp đính kèm",
            "y tế > Đã gọi cho nhà trường.",
            "y tế < ghi chú",
            "y tế > [Chuyển]",
            "y tế > so xay dung",
            "y tế > [Sở Xây dựng]",
            f"y tế > {'dài ' * 1500}",
            "y tế < dài quá 4000 ký tự",
        )
        async with story.app.machine.database.read() as store:
            assert max(len(text or "") for text in (await store.scalars(select(Item.text))).all()) < 1000


async def test_an_english_reporter_reads_english_names(tmp_path: Path) -> None:
    """The unit by its English name, wherever the directory has one; the unit's own people read theirs."""
    english = REGISTER.replace("[Tiếng Việt]", "[English]").split("phóng viên > [Tôi đã đọc")[0]
    await scene(
        tmp_path,
        english,
        """
        phóng viên > [I have read this and agree]
        phóng viên > Reporter Sample
        phóng viên > Báo điện tử Mẫu
        phóng viên > [Press card]
        phóng viên > IBT-01234
        phóng viên > 31/12/2027
        phóng viên > 0900 000 001
        phóng viên > [Skip]
        phóng viên > [Send]
        cán bộ > [Xác minh]
        phóng viên > Bao nhiêu người nhập viện trong vụ ngộ độc thực phẩm ở bếp ăn trường học?
        phóng viên > 1
        phóng viên > 1
        phóng viên > 1
        phóng viên > 1
        phóng viên < $YC | Department of Health
        y tế > [Tiếp nhận]
        y tế < đã tiếp nhận $YC
        phóng viên < Department of Health
        """,
    )
