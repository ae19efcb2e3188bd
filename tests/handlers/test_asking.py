"""Asking: words and files in any order, the right unit, the wanted form, the reporter's own deadline."""

from pathlib import Path

from sqlmodel import col, select

from bot.channels.internal import INTERNAL
from bot.channels.web import WebChannel
from bot.story import Cast
from models.messages.message import OutboxMessage
from tests.plain import StuckChannel
from tests.transcript import REGISTER, VERIFY, office, play, scene

READY = (REGISTER, VERIFY)
FOOD = "Bao nhiêu người nhập viện trong vụ ngộ độc thực phẩm ở bếp ăn trường học?"


async def test_a_photo_before_the_words(tmp_path: Path) -> None:
    """A photo first: the bot asks what the question is, and both arrive together."""
    await scene(
        tmp_path,
        *READY,
        f"""
        phóng viên > {{anh.jpg}}
        phóng viên < Đã nhận tệp | muốn hỏi điều gì
        phóng viên > {FOOD}
        phóng viên < đề xuất gửi Sở Y tế | Lý do: | [Để Phòng Báo chí chọn] | [Đơn vị khác…]
        phóng viên > [Sở Y tế]
        phóng viên > [Văn bản, tin nhắn]
        phóng viên > [17:00 ngày mai]
        phóng viên < Tệp kèm theo: 1 tệp | Nơi nhận: Sở Y tế | 17:00 thứ Ba 24/11/2026
        phóng viên > [Gửi]
        phóng viên < mã YC- | 17:00 thứ Ba 24/11/2026
        y tế < ngộ độc thực phẩm | Báo điện tử Mẫu | (1 tệp)
        """,
    )


async def test_files_and_words_after_the_words(tmp_path: Path) -> None:
    """Whatever comes while the question is put together belongs to it: two photos, a document, one more sentence."""
    await scene(
        tmp_path,
        *READY,
        f"""
        phóng viên > {FOOD}
        phóng viên > {{anh1.jpg}} {{anh2.jpg}}
        phóng viên < Đã thêm vào câu hỏi
        phóng viên > [Sở Y tế]
        phóng viên > {{cong-van.pdf}} Công văn của nhà trường gửi kèm.
        phóng viên < Đã thêm vào câu hỏi
        phóng viên < hình thức nào
        phóng viên > [Phỏng vấn]
        phóng viên > [Không gấp]
        phóng viên > Ai chịu trách nhiệm?
        phóng viên < Công văn của nhà trường | Ai chịu trách nhiệm? | 3 tệp | phỏng vấn
        phóng viên > [Gửi]
        y tế < bếp ăn trường học? | Công văn của nhà trường | Ai chịu trách nhiệm? | (3 tệp)
        """,
    )


async def test_a_unit_by_its_old_name(tmp_path: Path) -> None:
    """A unit is found without diacritics, by an alias, by the name it had before; going back is possible."""
    await scene(
        tmp_path,
        *READY,
        f"""
        phóng viên > {FOOD}
        phóng viên > [Đơn vị khác…]
        phóng viên < gõ tên đơn vị
        phóng viên > khong co don vi nay
        phóng viên < Chưa tìm thấy đơn vị này
        phóng viên > [Quay lại]
        phóng viên < đề xuất gửi Sở Y tế
        phóng viên > [Đơn vị khác…]
        phóng viên > so giao thong van tai
        phóng viên < Có phải anh/chị muốn gửi đến | [Sở Xây dựng]
        phóng viên > [Sở Xây dựng]
        phóng viên > [Hình thức nào cũng được]
        phóng viên > [Không gấp]
        phóng viên > [Gửi]
        phóng viên < Nơi phụ trách: Sở Xây dựng
        xây dựng < Câu hỏi mới
        y tế < (không có gì)
        """,
    )


async def test_the_press_office_chooses(tmp_path: Path) -> None:
    """“Để Phòng Báo chí chọn”: the officers get it, choose by name, and the unit and the reporter are told."""
    await scene(
        tmp_path,
        *READY,
        f"""
        phóng viên > {FOOD}
        phóng viên > [Để Phòng Báo chí chọn]
        phóng viên > [Văn bản, tin nhắn]
        phóng viên > [Không gấp]
        phóng viên > [Gửi]
        phóng viên < Phòng Báo chí đang chọn đơn vị
        y tế < (không có gì)
        cán bộ < chờ chọn đơn vị | ngộ độc | [Chọn đơn vị]
        cán bộ > [Chọn đơn vị]
        cán bộ < Gửi $YC đến đơn vị nào | [Sở Y tế]
        cán bộ > so xay dung
        cán bộ < [Sở Xây dựng] | [Thoát]
        cán bộ > so y te
        cán bộ < [Sở Y tế]
        cán bộ > [Sở Y tế]
        cán bộ < Đã chuyển $YC đến Sở Y tế
        y tế < Câu hỏi mới $YC
        phóng viên < $YC đã được chuyển đến Sở Y tế
        cán bộ > /choxuly
        cán bộ < Không có câu hỏi nào đang chờ
        """,
    )


async def test_their_own_deadline(tmp_path: Path) -> None:
    """A moment in words; one that cannot be read or has passed is asked again."""
    await scene(
        tmp_path,
        *READY,
        f"""
        phóng viên > {FOOD}
        phóng viên > [Sở Y tế]
        phóng viên > [Văn bản, tin nhắn]
        phóng viên > càng sớm càng tốt
        phóng viên < chưa đọc được thời điểm này
        phóng viên > 7h hôm nay
        phóng viên < Thời điểm này đã qua
        phóng viên > 99h mai
        phóng viên < chưa đọc được thời điểm này
        phóng viên > 16h30 ngày mai
        phóng viên < Thời điểm anh/chị cần: 16:30 thứ Ba 24/11/2026
        phóng viên > [Quay lại]
        phóng viên > [Quay lại]
        phóng viên < hình thức nào
        phóng viên > [Phỏng vấn]
        phóng viên > 9h ngày 25/11
        phóng viên < 09:00 thứ Tư 25/11/2026
        """,
    )


async def test_an_unverified_reporter_may_ask(tmp_path: Path) -> None:
    """The receipt counts from now, the officers are alarmed, the unit sees it only after an officer's tap."""
    await scene(
        tmp_path,
        REGISTER,
        f"""
        phóng viên > {FOOD}
        phóng viên > [Sở Y tế]
        phóng viên > [Văn bản, tin nhắn]
        phóng viên > [Không gấp]
        phóng viên > [Gửi]
        phóng viên < lúc 08:00 thứ Hai 23/11/2026 | đang xác minh | hết thứ Sáu 27/11/2026
        cán bộ < KHẨN | chưa xác minh | Phóng viên đề nghị gửi: Sở Y tế | [Chuyển đến đơn vị] | [Xác minh]
        y tế < (không có gì)
        phóng viên > $YC Xin bổ sung: trường tiểu học ở phường trung tâm.
        phóng viên < Đã ghi nhận nội dung bổ sung
        phóng viên ~ Bao nhiêu người > Bao nhiêu học sinh nhập viện vì ngộ độc thực phẩm?
        phóng viên < Đã ghi nhận nội dung sửa
        y tế > $YC
        y tế < Không tìm thấy đề nghị $YC
        y tế > /hopthu
        y tế < không có hồ sơ nào
        +3h
        cán bộ > [Chuyển đến đơn vị]
        cán bộ < Đã chuyển $YC đến Sở Y tế | hết thứ Sáu 27/11/2026
        y tế < Câu hỏi mới $YC, nhận lúc 08:00 | Bao nhiêu học sinh | hết thứ Sáu 27/11/2026
        y tế < đã bổ sung cho $YC trước khi hồ sơ đến đơn vị | trường tiểu học ở phường trung tâm
        phóng viên < $YC đã được chuyển đến Sở Y tế
        """,
    )


async def test_verification_sends_on_what_was_asked(tmp_path: Path) -> None:
    """The tap that verifies the reporter sends the waiting question to its unit."""
    await scene(
        tmp_path,
        REGISTER,
        f"""
        phóng viên > {FOOD}
        phóng viên > [Sở Y tế]
        phóng viên > [Văn bản, tin nhắn]
        phóng viên > [Không gấp]
        phóng viên > [Gửi]
        cán bộ > [Xác minh]
        cán bộ < Đã xác minh
        y tế < Câu hỏi mới $YC
        phóng viên < Phòng Báo chí đã xác minh
        phóng viên < $YC đã được chuyển đến Sở Y tế
        """,
    )


async def test_an_edit_while_writing(tmp_path: Path) -> None:
    """An edited message changes its own part of the question, twice if need be, and nothing else."""
    await scene(
        tmp_path,
        *READY,
        f"""
        phóng viên > {FOOD}
        phóng viên > Ai chịu trách nhiệm?
        phóng viên ~ Ai chịu > Đơn vị nào chịu trách nhiệm?
        phóng viên ~ Bao nhiêu người > Bao nhiêu học sinh bị ngộ độc thực phẩm?
        phóng viên ~ Bao nhiêu người > Bao nhiêu học sinh nhập viện vì ngộ độc thực phẩm?
        phóng viên > [Sở Y tế]
        phóng viên > [Văn bản, tin nhắn]
        phóng viên > [Không gấp]
        phóng viên < Bao nhiêu học sinh nhập viện vì ngộ độc thực phẩm? | Đơn vị nào chịu trách nhiệm?
        phóng viên > [Gửi]
        y tế < Bao nhiêu học sinh nhập viện | Đơn vị nào chịu trách nhiệm?
        phóng viên ~ Ai chịu > Ai ký hợp đồng với bếp ăn?
        phóng viên < Đã ghi nhận nội dung sửa của $YC
        y tế < Bao nhiêu học sinh nhập viện | Ai ký hợp đồng với bếp ăn?
        """,
    )


async def test_a_question_can_be_left(tmp_path: Path) -> None:
    """`/huy` in the middle: nobody was told."""
    await scene(
        tmp_path,
        *READY,
        f"""
        phóng viên > hỏi
        phóng viên < Kính mời anh/chị gõ câu hỏi
        phóng viên > {FOOD}
        phóng viên > hủy
        phóng viên < Đã thoát, chưa có gì được gửi đi
        y tế < (không có gì)
        phóng viên > /theodoi
        phóng viên < chưa có đề nghị nào
        """,
    )


async def test_an_album_is_one_set(tmp_path: Path) -> None:
    """Three pictures sent together come as three messages: one answer to the first, and all of them with the question."""
    stuck = StuckChannel()
    async with office(tmp_path, channels={c.name: c for c in (*INTERNAL, WebChannel(), stuck)}) as story:
        far = Cast("ở xa", "far", stuck.name)
        registered = (
            "/dangky",
            "Tiếng Việt",
            "Tôi đã đọc và đồng ý",
            "Người Ở Xa",
            "Báo Mẫu",
            "Thẻ nhà báo",
            "A-1",
            "31/12/2027",
            "0900000009",
        )
        for words in (*registered, "Bỏ qua", "Gửi"):
            await story.say(far, words)
        await play(story, VERIFY.replace("Phóng Viên Mẫu", "Người Ở Xa"))
        for number, words in enumerate((FOOD, "", "")):
            file = await story._file(far, f"anh{number}.jpg")  # pyright: ignore[reportPrivateUsage]
            await story._put(far, {"text": words, "files": [file], "group": "album"}, words)  # pyright: ignore[reportPrivateUsage]
        async with story.app.machine.database.read() as store:
            proposals = (await store.scalars(select(OutboxMessage).where(col(OutboxMessage.text).contains("đề xuất gửi Sở Y tế")))).all()
        assert len(proposals) == 1
        for words in ("Sở Y tế", "Phỏng vấn", "Không gấp", "Gửi"):
            await story.say(far, words)
        await play(story, "y tế < Câu hỏi mới | (3 tệp)")
