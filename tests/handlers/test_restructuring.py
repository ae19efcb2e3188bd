"""Units change while cases are open: cases follow, people are told, and the next question goes by the new structure."""

from pathlib import Path
from typing import Any

from bot.control import perform
from bot.story import Story
from tests.transcript import ASK, REGISTER, VERIFY, office, play

MERGER: dict[str, Any] = {
    "command": "directory.restructure",
    "kind": "merge",
    "units": ["so_y_te"],
    "into": ["so_xay_dung"],
    "effective_at": "2026-11-24T00:00:00+07:00",
    "decision_no": "QĐ 12/2026",
}


async def order(story: Story, **other: Any) -> dict[str, Any]:
    """What `phatngon directory …` hands to the machine."""
    answer = await perform(story.app, MERGER | other)
    await story.wait(story.time.moment - story.time.moment)
    return answer


async def test_a_unit_is_merged_with_a_case_open(tmp_path: Path) -> None:
    """Until the day nothing changes; then the case goes to the heir, the reporter reads it, and new questions follow."""
    async with office(tmp_path, REGISTER, VERIFY, ASK) as story:
        assert (await order(story))["ok"]
        await play(
            story,
            """
            y tế > /hopthu
            y tế < $YC
            +17h
            cán bộ < Sở Y tế sáp nhập vào Sở Xây dựng (quyết định QĐ 12/2026)
            xây dựng < Sở Y tế đã kết thúc hoạt động | $YC nay do Sở Xây dựng phụ trách | ngộ độc thực phẩm | [Trả lời]
            phóng viên < Sở Y tế đã kết thúc hoạt động | $YC của anh/chị nay do Sở Xây dựng phụ trách
            phóng viên > Sở Y tế nói gì về vụ ngộ độc thực phẩm mới?
            phóng viên < đề xuất gửi Sở Xây dựng | “Sở Y tế” nay không còn, nhiệm vụ đã chuyển
            phóng viên > /huy
            phóng viên > Bao nhiêu người nhập viện trong vụ ngộ độc?
            phóng viên < đề xuất gửi Sở Xây dựng
            cán bộ > /nhatky $YC
            cán bộ < chuyển sang đơn vị tiếp nhận vì đơn vị cũ kết thúc
            """,
        )


async def test_a_unit_that_ended_yesterday(tmp_path: Path) -> None:
    """Searched for, it says since when it is gone and who answers now; a question that names it goes to the heir."""
    async with office(tmp_path, REGISTER, VERIFY) as story:
        said: dict[str, Any] = {"kind": "end", "into": ["so_xay_dung"], "effective_at": "2026-11-22T00:00:00+07:00"}
        assert (await order(story, **said))["ok"]
        await play(
            story,
            """
            phóng viên > /danhba so y te
            phóng viên < Sở Y tế đã kết thúc hoạt động từ Chủ nhật 22/11/2026 | Nơi tiếp nhận nhiệm vụ: Sở Xây dựng
            phóng viên > [Sở Xây dựng]
            phóng viên < Người phát ngôn Sở Xây dựng
            phóng viên > Sở Y tế nói gì về vụ ngộ độc thực phẩm?
            phóng viên < đề xuất gửi Sở Xây dựng
            """,
        )


async def test_a_plan_is_taken_back(tmp_path: Path) -> None:
    """Before its day, once; nothing happens on the day, and the officers know."""
    async with office(tmp_path) as story:
        assert (await order(story))["ok"]
        assert (await order(story, command="directory.cancel", number=1))["ok"]
        again = await order(story, command="directory.cancel", number=1)
        assert "đã được hủy trước đó" in again["problem"]
        assert "Không có thay đổi số 7" in (await order(story, command="directory.cancel", number=7))["problem"]
        await play(
            story,
            "cán bộ < Đã hủy kế hoạch sáp nhập ngày thứ Ba 24/11/2026: Sở Y tế",
            "+17h",
            "khách > /danhba so y te",
            "khách < Người phát ngôn Sở Y tế",
        )
        assert (await order(story, effective_at="2026-11-23T00:00:00+07:00"))["ok"]
        assert "đã thực hiện nên không hủy được" in (await order(story, command="directory.cancel", number=2))["problem"]


async def test_a_split_sends_each_case_by_its_words(tmp_path: Path) -> None:
    """The heir whose matters the question names; where none does, the press desk."""
    async with office(tmp_path, REGISTER, VERIFY, ASK) as story:
        shares = {"so_xay_dung": ["đường sá"], "so_nnmt": ["an toàn thực phẩm"]}
        said = {"kind": "split", "into": list(shares), "subjects": shares, "effective_at": "2026-11-23T00:00:00+07:00"}
        assert (await order(story, **said))["ok"]
        await play(story, "phóng viên < $YC của anh/chị nay do Sở Nông nghiệp và Môi trường phụ trách")


async def test_a_new_name_holds_at_once(tmp_path: Path) -> None:
    """The next proposal speaks the new name; the old one is still found."""
    async with office(tmp_path, REGISTER, VERIFY) as story:
        said: dict[str, Any] = {"kind": "rename", "into": [], "name": "Sở Sức khỏe", "effective_at": "2026-11-23T00:00:00+07:00"}
        assert (await order(story, **said))["ok"]
        await play(
            story,
            """
            phóng viên > Sở Y tế nói gì về vụ ngộ độc thực phẩm?
            phóng viên < đề xuất gửi Sở Sức khỏe
            """,
        )


async def test_what_is_refused_is_said_to_whoever_gave_the_command(tmp_path: Path) -> None:
    """Not done, and why."""
    async with office(tmp_path) as story:
        answer = await order(story, units=["khong_co"])
        assert not answer["ok"]
        assert "Danh bạ không có đơn vị “khong_co”" in answer["problem"]
