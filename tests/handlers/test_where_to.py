"""Which unit a question goes to, in chat: chosen with reasons, taken apart, asked for its commune, given to the press office."""

from pathlib import Path

from sqlmodel import select

from models.casework.inquiry import Inquiry
from models.evidence.item import Item
from tests.transcript import REGISTER, VERIFY, office, play, scene, somebody_else

READY = (REGISTER, VERIFY)
TWO = "Bao nhiêu người nhập viện trong vụ ngộ độc thực phẩm? Và khi nào sửa xong cầu trên quốc lộ 49?"

ANSWER = """
y tế ^ Câu hỏi mới > Có 12 người nhập viện, sức khỏe ổn định.
y tế > [Gửi câu trả lời]
+31s
phóng viên < Có 12 người nhập viện
"""

ASK_FOOD = """
phóng viên > Bao nhiêu người nhập viện trong vụ ngộ độc thực phẩm ở bếp ăn trường học?
phóng viên > [Sở Y tế]
phóng viên > [Văn bản, tin nhắn]
phóng viên > [Không gấp]
phóng viên > [Gửi]
"""


async def test_choosing_among_units_with_reasons(tmp_path: Path) -> None:
    """Two or three units, each with its reason, and who would answer; far-fetched ones are not shown."""
    await scene(
        tmp_path,
        *READY,
        """
        phóng viên > Khi nào sửa xong cầu hư hỏng trên quốc lộ 49?
        phóng viên < đề xuất gửi Sở Xây dựng | Lý do: | quốc lộ” → Sở Xây dựng | Người trả lời: Người phát ngôn Sở Xây dựng | [Đơn vị khác…]
        phóng viên < (không có gì)
        """,
    )


async def test_two_questions_in_one_message(tmp_path: Path) -> None:
    """With consent each becomes a case of its own, at its own unit, and carries the whole message: no word is lost."""
    async with office(tmp_path, *READY) as story:
        await play(
            story,
            f"""
            phóng viên > {{anh.jpg}} {TWO}
            phóng viên < Tin này có 2 câu hỏi | 1. Bao nhiêu người nhập viện | 2. Và khi nào sửa xong cầu | [Giữ một câu hỏi]
            phóng viên > [Tách thành 2 câu hỏi]
            phóng viên < Câu 1/2: Bao nhiêu người nhập viện | đề xuất gửi Sở Y tế
            phóng viên > [Sở Y tế]
            phóng viên < Câu 2/2: Và khi nào sửa xong cầu | đề xuất gửi Sở Xây dựng
            phóng viên > [Sở Xây dựng]
            phóng viên > [Văn bản, tin nhắn]
            phóng viên > [Không gấp]
            phóng viên < 2 câu hỏi trước khi gửi | 1. Gửi Sở Y tế | 2. Gửi Sở Xây dựng | câu 1: 1 tệp
            phóng viên > [Gửi]
            phóng viên < mã YC- | Sở Y tế
            phóng viên < mã YC- | Sở Xây dựng
            y tế < Bao nhiêu người nhập viện | Trích từ tin của phóng viên: “{TWO}” | (1 tệp)
            xây dựng < khi nào sửa xong cầu | Trích từ tin
            phóng viên ~ quốc lộ > {TWO.replace("49", "49B")}
            phóng viên < Đã ghi nhận
            y tế < quốc lộ 49B
            xây dựng < Và khi nào sửa xong cầu trên quốc lộ 49B? | Trích từ tin | quốc lộ 49B
            phóng viên ~ quốc lộ 49? > {TWO.replace("49", "49C")}
            xây dựng < Và khi nào sửa xong cầu trên quốc lộ 49C?
            """,
        )
        async with story.app.machine.database.read() as store:
            cases = (await store.scalars(select(Inquiry))).all()
            assert sorted(case.unit_id or "" for case in cases) == ["so_xay_dung", "so_y_te"]
            texts = (await store.scalars(select(Item.text).where(Item.case_code == cases[1].code))).all()
            assert any(text and TWO in text for text in texts)


async def test_more_words_put_the_question_together_again(tmp_path: Path) -> None:
    """Kept whole it goes to one unit; words added after taking it apart make it one question again, and it is asked anew."""
    await scene(
        tmp_path,
        *READY,
        f"""
        phóng viên > {TWO}
        phóng viên > [Tách thành 2 câu hỏi]
        phóng viên > Thêm: trẻ em có nằm trong số đó không?
        phóng viên < Đã thêm vào câu hỏi
        phóng viên < Tin này có | trẻ em
        phóng viên > [Giữ một câu hỏi]
        phóng viên < đề xuất gửi
        phóng viên > [Để Phòng Báo chí chọn]
        phóng viên < hình thức nào
        phóng viên > [Quay lại]
        phóng viên < đề xuất gửi
        """,
    )


async def test_the_commune_is_asked_for(tmp_path: Path) -> None:
    """Not named: asked; unknown: asked again; without diacritics: found; a former district: its communes; “toàn tỉnh”: departments."""
    await scene(
        tmp_path,
        *READY,
        """
        phóng viên > Rác thải chất đống ở chợ phường em, ai xử lý?
        phóng viên < xã, phường nào | [Toàn tỉnh] | [Để Phòng Báo chí chọn]
        phóng viên > khong co noi nay
        phóng viên < Chưa tìm thấy “khong co noi nay”
        phóng viên > huyen phu vang
        phóng viên < Huyện Phú Vang không còn | [Ủy ban nhân dân xã Phú Vang]
        phóng viên > phu vang
        phóng viên < hình thức nào
        phóng viên > [Quay lại]
        phóng viên < xã, phường nào
        phóng viên > toàn tỉnh
        phóng viên < chọn | [Sở Nông nghiệp và Môi trường]
        """,
    )


async def test_a_former_district_stands_for_its_communes(tmp_path: Path) -> None:
    """Said in the question: what became of it is told, and its communes are offered."""
    await scene(
        tmp_path,
        *READY,
        """
        phóng viên > UBND huyện Phú Vang trả lời ra sao về vụ tranh chấp đất?
        phóng viên < Huyện Phú Vang không còn là đơn vị hành chính | [Ủy ban nhân dân xã Phú Vang] | [Để Phòng Báo chí chọn]
        """,
    )


async def test_unsure_goes_to_the_press_office_and_nonsense_gets_help(tmp_path: Path) -> None:
    """Nothing known: the press office, kindly. A greeting, an emoji, a link: help, never a unit – and it stays with the question."""
    await scene(
        tmp_path,
        *READY,
        """
        phóng viên > Thời tiết và giá cả thế giới dạo này ra sao nhỉ?
        phóng viên < [Để Phòng Báo chí chọn]
        phóng viên > /huy
        phóng viên > 😀😀
        phóng viên < vui lòng gõ câu hỏi: việc gì, xảy ra ở đâu
        phóng viên > https://example.vn/bai-bao
        phóng viên < vui lòng gõ câu hỏi: việc gì, xảy ra ở đâu
        phóng viên > Bao giờ có điện lại ở khu phố này?
        phóng viên < đề xuất gửi
        """,
    )


async def test_what_was_answered_before_is_shown_first(tmp_path: Path) -> None:
    """Another reporter sees the answer, not who asked nor what; it may be enough, or the question goes out all the same (F16)."""
    other = somebody_else(REGISTER)
    async with office(tmp_path, *READY, ASK_FOOD, ANSWER, other, VERIFY.replace("Phóng Viên Mẫu", "Người Khác Mẫu")) as story:
        await play(
            story,
            """
            người khác > Vụ ngộ độc thực phẩm có bao nhiêu ca?
            người khác < đã có câu trả lời chính thức | Sở Y tế, thứ Hai 23/11/2026: “Có 12 người nhập viện, sức khỏe ổn định.”
            người khác > [Vẫn gửi câu hỏi]
            người khác < đề xuất gửi Sở Y tế
            người khác > /huy
            người khác > Vụ ngộ độc thực phẩm có bao nhiêu ca?
            người khác > [Câu trả lời này đã đủ]
            người khác < Cảm ơn anh/chị
            y tế < (không có gì)
            """,
        )
        assert not any("Phóng Viên Mẫu" in told.text or "bếp ăn" in told.text for told in story.person("người khác").told)


async def test_what_would_tell_who_asked_is_not_shown(tmp_path: Path) -> None:
    """An answer that addresses the reporter by name, and one with a file, stay between the two."""
    named = ANSWER.replace("Có 12 người nhập viện, sức khỏe ổn định.", "Kính gửi Báo điện tử Mẫu: có 12 người nhập viện.")
    await scene(
        tmp_path,
        *READY,
        ASK_FOOD,
        named.replace("phóng viên < Có 12", "phóng viên < có 12"),
        """
        phóng viên > Vụ ngộ độc thực phẩm có bao nhiêu ca?
        phóng viên < đề xuất gửi Sở Y tế
        """,
    )
    with_file = ANSWER.replace("> Có 12", "> {ket-qua.pdf} Có 12")
    await scene(
        tmp_path / "file",
        *READY,
        ASK_FOOD,
        with_file,
        """
        phóng viên > Vụ ngộ độc thực phẩm có bao nhiêu ca?
        phóng viên < đề xuất gửi Sở Y tế
        """,
    )


async def test_in_english(tmp_path: Path) -> None:
    """Whoever reads English sees English unit names and reasons."""
    await scene(
        tmp_path,
        *READY,
        """
        phóng viên > /language
        phóng viên > [English]
        phóng viên > Khi nào sửa xong cầu hư hỏng trên quốc lộ 49?
        phóng viên < we suggest sending this to Department of Construction | → Department of Construction | [Department of Construction]
        """,
    )


async def test_what_is_no_question(tmp_path: Path) -> None:
    """Fifty pages, nothing, an emoji, a link: a kind word on what to do; what was sent stays with the question that comes."""
    pages = "Người dân phản ánh bãi rác bốc mùi hôi thối. " * 4_000
    await scene(
        tmp_path,
        *READY,
        f"""
        phóng viên > {pages}
        phóng viên < Câu hỏi dài quá 20000 ký tự | dưới dạng tệp
        phóng viên >
        phóng viên < Kính mời anh/chị gõ câu hỏi
        phóng viên > /huy
        phóng viên > 😀
        phóng viên < vui lòng gõ câu hỏi: việc gì, xảy ra ở đâu
        phóng viên > https://example.org/bai
        phóng viên < vui lòng gõ câu hỏi
        phóng viên > Bao nhiêu người nhập viện trong vụ ngộ độc thực phẩm?
        phóng viên < đề xuất gửi Sở Y tế
        phóng viên > [Sở Y tế]
        phóng viên > [Văn bản, tin nhắn]
        phóng viên > [Không gấp]
        phóng viên < https://example.org/bai | ngộ độc thực phẩm
        phóng viên > /huy
        phóng viên > Why does the garbage in phường Vỹ Dạ still smell?
        phóng viên < đề xuất gửi Ủy ban nhân dân phường Vỹ Dạ | “garbage”
        """,
    )
