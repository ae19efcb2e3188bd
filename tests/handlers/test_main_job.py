"""The main job, as one transcript."""

from pathlib import Path

from tests.transcript import ASK, REGISTER, VERIFY, office, play


async def test_a_question_reaches_the_spokesperson_and_the_answer_comes_back(tmp_path: Path) -> None:
    """Register, verify, ask, acknowledge, answer, rate."""
    async with office(tmp_path, REGISTER, VERIFY) as story:
        await play(
            story,
            ASK,
            """
            y tế < Câu hỏi mới | ngộ độc thực phẩm | [Tiếp nhận]
            y tế > [Tiếp nhận]
            phóng viên < Sở Y tế đã tiếp nhận đề nghị $YC
            y tế ^ Câu hỏi mới > Có 12 người nhập viện, sức khỏe ổn định.
            y tế < XEM TRƯỚC | 12 người | Nguồn phát ngôn
            y tế > [Gửi câu trả lời]
            y tế < gửi sau 30 giây
            phóng viên < (không có gì)
            +31s
            phóng viên < Trả lời chính thức | 12 người | Sở Y tế
            phóng viên > [Đã rõ]
            phóng viên < Cảm ơn anh/chị đã đánh giá
            """,
        )
