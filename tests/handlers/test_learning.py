"""The office learns who answers what from transfers, corrections and answers – and an officer can see and undo it."""

from pathlib import Path

from tests.transcript import ASK, REGISTER, VERIFY, office, play

TRANSFERRED = """
y tế > [Chuyển]
y tế > [Sở Nông nghiệp và Môi trường]
y tế > Việc lấy mẫu nông sản do Sở này thực hiện.
phóng viên < Sở Nông nghiệp và Môi trường
"""
AGAIN = """
phóng viên > Vụ ngộ độc thực phẩm ở bếp ăn có bao nhiêu ca?
phóng viên < các câu về “ngộ độc thực phẩm, bếp ăn” trước đây do đơn vị này trả lời → Sở Nông nghiệp và Môi trường
phóng viên > /huy
"""


async def test_a_transfer_is_learned_from_and_undone(tmp_path: Path) -> None:
    """The reason names the experience; undone it counts no more, also when the case is moved again; restored it does."""
    async with office(tmp_path, REGISTER, VERIFY, ASK) as story:
        await play(story, TRANSFERRED, AGAIN)
        await play(
            story,
            """
            cán bộ > /kinhnghiem
            cán bộ < $YC: | → Sở Nông nghiệp và Môi trường; đơn vị chuyển, thứ Hai 23/11/2026 | [Bỏ $YC]
            cán bộ > [Bỏ $YC]
            cán bộ < Đã bỏ kinh nghiệm từ $YC
            cán bộ > [Bỏ $YC]
            cán bộ < không có kinh nghiệm nào đang dùng
            phóng viên > Vụ ngộ độc thực phẩm ở bếp ăn có bao nhiêu ca?
            """,
        )
        assert "trước đây do đơn vị này trả lời" not in story.person("phóng viên").told[-1].text
        await play(
            story,
            """
            phóng viên > /huy
            cán bộ > [Dùng lại $YC]
            cán bộ < Kinh nghiệm từ $YC được dùng lại
            """,
            AGAIN,
            """
            cán bộ > /nhatky $YC
            cán bộ < ghi kinh nghiệm về đơn vị trả lời | bỏ kinh nghiệm | dùng lại kinh nghiệm
            """,
        )


async def test_an_officers_choice_and_the_answer_teach_once(tmp_path: Path) -> None:
    """One case counts once for the unit that has it at last."""
    async with office(tmp_path, REGISTER, VERIFY, ASK) as story:
        await play(
            story,
            """
            cán bộ > /kinhnghiem
            cán bộ < Chưa có kinh nghiệm nào
            y tế ^ Câu hỏi mới > Có 12 người nhập viện, sức khỏe ổn định.
            y tế > [Gửi câu trả lời]
            +31s
            cán bộ > /kinhnghiem
            cán bộ < $YC: | → Sở Y tế; đã trả lời
            """,
        )
        (found,) = {count.count for count in story.app.machine.compass.counts.values()}
        assert found == 1
