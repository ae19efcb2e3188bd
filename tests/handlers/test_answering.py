"""Answering officially: previewed, confirmed once, undone in time, sent by right."""

from datetime import timedelta
from pathlib import Path

from sqlmodel import select

from bot import seeding
from bot.story import Story
from models.people.mandate import Mandate
from models.store import Store
from tests.transcript import ASK, REGISTER, VERIFY, office, play, scene

ASKED = (REGISTER, VERIFY, ASK)

CONFIRMED = """
y tế ^ Câu hỏi mới > Có 12 người nhập viện, sức khỏe ổn định.
y tế > [Gửi câu trả lời]
y tế < gửi sau 30 giây | [Hoàn tác]
"""


async def colleague(story: Story) -> None:
    """A member of the same unit without a mandate joins."""
    code = await seeding.invite(story.app, role="member", name="Chuyên viên Sở Y tế", unit="so_y_te", position="Chuyên viên")
    await story.say(story.person("chuyên viên"), code)


async def test_by_button_with_a_file(tmp_path: Path) -> None:
    """“Trả lời”, the words, a file, a rewrite, the preview with its attribution; the reporter gets exactly that, once."""
    await scene(
        tmp_path,
        *ASKED,
        """
        y tế > [Trả lời]
        y tế < gõ câu trả lời cho $YC | [Thoát]
        y tế > Có 11 người nhập viện.
        y tế < XEM TRƯỚC | 11 người | Chức vụ: Người phát ngôn | Cơ quan: Sở Y tế | thứ Hai 23/11/2026
        y tế > [Viết lại]
        y tế < gõ câu trả lời cho $YC
        y tế > Có 12 người nhập viện.
        y tế > {thong-bao.pdf}
        y tế < XEM TRƯỚC | 12 người | (1 tệp)
        y tế > [Gửi câu trả lời]
        y tế < gửi sau 30 giây
        y tế > [Gửi câu trả lời]
        y tế < Lựa chọn này đã cũ
        phóng viên < (không có gì)
        +31s
        y tế < Câu trả lời $YC đã được gửi
        phóng viên < Trả lời chính thức cho đề nghị $YC | 12 người | Nguồn phát ngôn | (1 tệp) | [Đã rõ] [Chưa đủ] [Chưa đúng]
        phóng viên < (không có gì)
        +1d
        phóng viên < (không có gì)
        """,
    )


async def test_undone_in_time_and_too_late(tmp_path: Path) -> None:
    """Within thirty seconds nothing was sent and the draft is kept; afterwards the answer stands."""
    await scene(
        tmp_path,
        *ASKED,
        CONFIRMED,
        """
        +20s
        y tế > [Hoàn tác]
        y tế < phóng viên chưa nhận được gì | Dự thảo trả lời $YC vẫn được giữ | [Dùng dự thảo này]
        +1m
        phóng viên < (không có gì)
        y tế > [Dùng dự thảo này]
        y tế < XEM TRƯỚC | 12 người
        y tế > [Gửi câu trả lời]
        +31s
        phóng viên < Trả lời chính thức | 12 người
        y tế > [Hoàn tác]
        y tế < đã được gửi nên không hoàn tác được
        """,
    )


async def test_a_code_alone_is_no_answer(tmp_path: Path) -> None:
    """A member who writes only the code sees the case; words beside the code are a draft."""
    await scene(
        tmp_path,
        *ASKED,
        """
        y tế > $YC
        y tế < Hồ sơ $YC | ngộ độc | [Trả lời]
        y tế > $YC Có 12 người nhập viện.
        y tế < XEM TRƯỚC | 12 người
        """,
    )


async def test_words_that_belong_to_no_case(tmp_path: Path) -> None:
    """A member just writes: the bot asks for the case, keeps the words, and sends nothing."""
    await scene(
        tmp_path,
        *ASKED,
        """
        y tế > Có 12 người nhập viện.
        y tế < trả lời hồ sơ nào | Chưa có gì được gửi đi | [$YC]
        y tế > cái đầu tiên
        y tế < chạm vào một lựa chọn
        y tế > [$YC]
        y tế < XEM TRƯỚC | Có 12 người nhập viện.
        xây dựng > Đường sẽ thông xe sáng mai.
        xây dựng < không có hồ sơ nào đang mở
        """,
    )


async def test_a_reply_to_another_case_is_meant_for_that_one(tmp_path: Path) -> None:
    """Writing on one case and replying to another: the draft goes where the reply points."""
    await scene(
        tmp_path,
        *ASKED,
        ASK.replace("Bao nhiêu người nhập viện trong vụ ngộ độc thực phẩm", "Bệnh viện tỉnh có đủ thuốc điều trị ngộ độc thực phẩm"),
        """
        y tế > [Trả lời]
        y tế < câu trả lời cho $YC
        y tế ^ Bao nhiêu người > Có 12 người nhập viện.
        y tế < XEM TRƯỚC | Có 12 người
        y tế > [Gửi câu trả lời]
        +31s
        phóng viên < Trả lời chính thức | Có 12 người
        y tế > /hopthu
        y tế < Đang chờ (1) | $YC
        """,
    )


async def test_the_second_person_sees_who_holds_the_case(tmp_path: Path) -> None:
    """A colleague who opens the same case learns that somebody is writing, and may write all the same."""
    async with office(tmp_path, REGISTER, VERIFY) as story:
        await colleague(story)
        await play(
            story,
            ASK,
            """
            chuyên viên > /hopthu
            chuyên viên > [$YC]
            chuyên viên < Hồ sơ $YC
            y tế > [Tiếp nhận]
            y tế < Anh/chị đã tiếp nhận
            chuyên viên < Người phát ngôn Sở Y tế đã tiếp nhận $YC
            chuyên viên > [Tiếp nhận]
            chuyên viên < đã được tiếp nhận trước đó
            chuyên viên > [Trả lời]
            chuyên viên < Người phát ngôn Sở Y tế đang soạn | [Vẫn soạn trả lời] | [Ghi chú nội bộ]
            chuyên viên > [Vẫn soạn trả lời]
            chuyên viên < gõ câu trả lời
            +1h
            y tế > [Trả lời]
            y tế < gõ câu trả lời
            """,
        )


async def test_a_draft_by_somebody_without_a_mandate(tmp_path: Path) -> None:
    """It is handed to the spokesperson, who takes it as their own words; only then it goes out, in the spokesperson's name."""
    async with office(tmp_path, REGISTER, VERIFY) as story:
        await colleague(story)
        await play(
            story,
            ASK,
            """
            chuyên viên > /hopthu
            chuyên viên > [$YC]
            chuyên viên ^ Hồ sơ $YC > Có 12 người nhập viện.
            chuyên viên < chưa có thẩm quyền phát ngôn | [Chuyển cho người phát ngôn]
            chuyên viên > [Chuyển cho người phát ngôn]
            chuyên viên < Chưa có gì được gửi cho phóng viên
            y tế < Chuyên viên Sở Y tế đã soạn dự thảo | 12 người | [Dùng dự thảo này]
            phóng viên < (không có gì)
            chuyên viên > [Tiếp nhận]
            chuyên viên > [Khác…]
            chuyên viên > [Từ chối]
            chuyên viên < Chỉ người có thẩm quyền phát ngôn
            y tế > [Dùng dự thảo này]
            y tế < XEM TRƯỚC | 12 người | Người phát ngôn: Người phát ngôn Sở Y tế
            y tế > [Gửi câu trả lời]
            +31s
            phóng viên < Trả lời chính thức | 12 người | Người phát ngôn: Người phát ngôn Sở Y tế
            chuyên viên < (không có gì)
            """,
        )


async def test_the_right_to_speak_ends_before_the_answer_goes(tmp_path: Path) -> None:
    """A mandate that ends between confirmation and sending: the answer is held, its author and the officers learn it."""
    async with office(tmp_path, *ASKED, CONFIRMED) as story:

        async def end(store: Store) -> None:
            held = (await store.scalars(select(Mandate).where(Mandate.unit_id == "so_y_te"))).all()
            for mandate in held:
                mandate.valid_to = story.time.moment + timedelta(seconds=10)

        await story.app.machine.database.write(end)
        await play(
            story,
            """
            +31s
            phóng viên < (không có gì)
            y tế < được giữ lại | không còn thẩm quyền phát ngôn | 12 người
            cán bộ < được giữ lại
            y tế > [Hoàn tác]
            y tế < đang được giữ lại, chưa gửi đi
            """,
        )


async def test_one_answer_at_a_time(tmp_path: Path) -> None:
    """A second confirmation while the first waits is refused and says how to change the words."""
    await scene(
        tmp_path,
        *ASKED,
        CONFIRMED,
        """
        y tế ^ Câu hỏi mới > Có 13 người nhập viện.
        y tế > [Gửi câu trả lời]
        y tế < đang chờ gửi | “Hoàn tác” trước
        +31s
        phóng viên < 12 người
        phóng viên < (không có gì)
        y tế > [Gửi câu trả lời]
        y tế < đã kết thúc (đã trả lời)
        """,
    )
