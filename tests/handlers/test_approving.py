"""Draft and approval: the head approves, approves and sends, gives back; nobody their own; urgent ones are approved later (F24)."""

from pathlib import Path

from bot import seeding
from bot.story import Story
from tests.bot.log_story import tap
from tests.transcript import ASK, REGISTER, VERIFY, office, play


async def heads(story: Story) -> None:
    """Two who lead the unit join, and the first makes approval the rule."""
    for who, name in (("giám đốc", "Giám đốc Sở Y tế"), ("quyền giám đốc", "Quyền Giám đốc Sở Y tế")):
        code = await seeding.invite(story.app, role="member", name=name, unit="so_y_te", mandate="head", position="Giám đốc")
        await story.say(story.person(who), code)


RULE = """
giám đốc > /duyet
giám đốc < Sở Y tế không yêu cầu lãnh đạo duyệt | [Bật duyệt trước khi gửi]
giám đốc > [Bật duyệt trước khi gửi]
giám đốc < phải được lãnh đạo duyệt
"""

SUBMITTED = """
y tế ^ Câu hỏi mới > Có 12 người nhập viện.
y tế < đơn vị yêu cầu lãnh đạo duyệt | [Trình duyệt] [Gửi gấp, duyệt sau]
y tế > [Trình duyệt]
y tế < đã được trình lãnh đạo | [Hoàn tác]
"""


async def test_two_approve_at_once_and_one_wins(tmp_path: Path) -> None:
    """Nothing goes before; the second head reads who was first; the answer goes in the author's name."""
    async with office(tmp_path, REGISTER, VERIFY) as story:
        await heads(story)
        await play(
            story,
            "y tế > /duyet\ny tế > [Bật duyệt trước khi gửi]\ny tế < Chỉ người đứng đầu",
            RULE,
            ASK,
            SUBMITTED,
            """
            +2m
            phóng viên < (không có gì)
            giám đốc < trình duyệt câu trả lời $YC | 12 người | [Duyệt và gửi] [Duyệt] [Trả lại]
            y tế ^ Câu hỏi mới > Có 13 người nhập viện.
            y tế > [Trình duyệt]
            y tế < đang chờ lãnh đạo duyệt
            y tế > /huy
            quyền giám đốc > [Duyệt và gửi]
            quyền giám đốc < được gửi sau 30 giây
            giám đốc > [Duyệt và gửi]
            giám đốc < đã được Quyền Giám đốc Sở Y tế duyệt trước đó
            y tế < Quyền Giám đốc Sở Y tế đã duyệt
            +31s
            phóng viên < Trả lời chính thức | 12 người | Người phát ngôn: Người phát ngôn Sở Y tế
            phóng viên < (không có gì)
            giám đốc > [Trả lại]
            giám đốc < đã được Quyền Giám đốc Sở Y tế duyệt trước đó
            """,
        )


async def test_given_back_rewritten_approved_and_sent_by_the_author(tmp_path: Path) -> None:
    """Words go back with the draft; the next version is approved and its author sends it; it waits in the morning summary."""
    async with office(tmp_path, REGISTER, VERIFY) as story:
        await heads(story)
        await play(
            story,
            RULE,
            ASK,
            SUBMITTED,
            """
            giám đốc > [Trả lại]
            giám đốc > không
            giám đốc < ít nhất 10 ký tự
            giám đốc > Bổ sung tên bệnh viện.
            y tế < trả lại câu trả lời $YC để sửa | Bổ sung tên bệnh viện | [Dùng dự thảo này]
            quyền giám đốc > [Duyệt]
            quyền giám đốc < đã được Giám đốc Sở Y tế trả lại để sửa
            y tế > [Dùng dự thảo này]
            y tế > [Viết lại]
            y tế > Có 12 người nhập viện tại Bệnh viện đa khoa tỉnh.
            y tế > [Trình duyệt]
            +1d
            cán bộ < Câu trả lời chờ lãnh đạo duyệt: 1 (Sở Y tế)
            giám đốc > /duyet
            giám đốc < trình duyệt | Bệnh viện đa khoa tỉnh
            giám đốc > [Duyệt]
            giám đốc < Người soạn sẽ gửi
            +5m
            phóng viên < (không có gì)
            y tế < đã duyệt câu trả lời $YC | [Gửi câu trả lời]
            y tế > [Gửi câu trả lời]
            y tế < gửi sau 30 giây
            y tế > [Gửi câu trả lời]
            +31s
            phóng viên < Bệnh viện đa khoa tỉnh
            phóng viên < (không có gì)
            """,
        )


async def test_an_urgent_answer_owes_its_approval(tmp_path: Path) -> None:
    """It goes first; the morning says so until the head has approved; a head who wrote the words cannot."""
    async with office(tmp_path, REGISTER, VERIFY) as story:
        await heads(story)
        await play(
            story,
            RULE,
            ASK,
            """
            giám đốc > $YC Dự thảo của giám đốc.
            giám đốc < XEM TRƯỚC – phóng viên | [Gửi câu trả lời]
            giám đốc > [Thoát]
            y tế > [Trả lời]
            y tế < Giám đốc Sở Y tế đang soạn
            y tế > [Vẫn soạn trả lời]
            y tế > Có 12 người nhập viện.
            y tế > [Gửi gấp, duyệt sau]
            y tế < được gửi gấp sau 30 giây
            +31s
            phóng viên < Trả lời chính thức | 12 người
            giám đốc < đã gửi gấp | 12 người | [Duyệt sau] [Không đồng ý]
            y tế > /duyet
            +1d
            cán bộ < Đã gửi gấp, chưa duyệt sau: 1 (Sở Y tế)
            cán bộ > /bang
            cán bộ < chưa duyệt sau: 1
            giám đốc > [Duyệt sau]
            giám đốc < Đã duyệt sau
            y tế < đã duyệt sau
            +1d
            cán bộ < Tổng hợp buổi sáng
            quyền giám đốc > [Duyệt sau]
            quyền giám đốc < đã được Giám đốc Sở Y tế duyệt sau
            """,
        )


async def test_nobody_approves_their_own(tmp_path: Path) -> None:
    """A head's draft that somebody else submits needs another head; the author may take it back while it waits."""
    async with office(tmp_path, REGISTER, VERIFY) as story:
        await heads(story)
        await play(
            story,
            RULE,
            ASK,
            """
            giám đốc > $YC Có 12 người nhập viện.
            giám đốc > [Thoát]
            y tế > /hopthu
            y tế > [$YC]
            y tế > [Trả lời]
            y tế > [Vẫn soạn trả lời]
            y tế > Bản khác.
            y tế > [Trình duyệt]
            y tế > [Hoàn tác]
            y tế < chưa nhận được gì
            giám đốc > [Duyệt]
            giám đốc < không còn chờ duyệt
            giám đốc > $YC Có 12 người nhập viện.
            giám đốc > [Thoát]
            y tế > [Dùng dự thảo này]
            y tế < Có 12 người
            y tế > [Trình duyệt]
            giám đốc > [Duyệt]
            giám đốc < Không ai tự duyệt dự thảo của mình
            quyền giám đốc > [Duyệt và gửi]
            +31s
            phóng viên < Có 12 người
            """,
        )


INCIDENT = """
y tế > /vuviec
y tế > [Ghi nhận vụ việc]
y tế > Sập trần phòng khám ở trung tâm y tế
y tế > [Vụ việc thông thường]
y tế > [Chưa rõ]
y tế > [Lúc này]
y tế > [Không có]
y tế > [Gửi]
y tế < Vụ việc $VV
"""

WORDS = """
y tế > $VV
y tế > [Ghi nhận phát ngôn]
y tế > [Hình thức khác…]
y tế > [Thông cáo, văn bản hoặc thư điện tử trả lời]
"""


async def test_words_on_a_matter_wait_for_the_head(tmp_path: Path) -> None:
    """Given back, written anew, approved and then spoken; what was spoken already stands, and is flagged until the head approves."""
    async with office(tmp_path, REGISTER, VERIFY) as story:
        await heads(story)
        await play(
            story,
            RULE,
            INCIDENT,
            WORDS,
            """
            y tế > [Lúc này]
            y tế > {bien-ban.pdf} Không có người bị thương.
            y tế < yêu cầu lãnh đạo duyệt | [Trình duyệt] [Gửi]
            y tế > [Trình duyệt]
            y tế < đã được trình lãnh đạo | [Hoàn tác]
            giám đốc < trình duyệt nội dung phát ngôn về vụ việc $VV | Không có người bị thương | [Duyệt] [Trả lại]
            y tế > $VV
            y tế < Vụ việc $VV: đang mở, chưa phát ngôn
            giám đốc > [Trả lại]
            giám đốc > không
            giám đốc < ít nhất 10 ký tự
            giám đốc > Ghi rõ số người bị thương nhẹ.
            y tế < trả lại nội dung phát ngôn về $VV | Ghi rõ số người | [Ghi nhận phát ngôn]
            quyền giám đốc > [Duyệt]
            quyền giám đốc < đã được Giám đốc Sở Y tế trả lại
            """,
            WORDS,
            """
            y tế > [Lúc này]
            y tế > Có 2 người bị thương nhẹ.
            y tế > [Trình duyệt]
            +1d
            cán bộ < Phát ngôn vụ việc chờ lãnh đạo duyệt: 1 (Sở Y tế)
            giám đốc > /duyet
            giám đốc < trình duyệt nội dung phát ngôn | 2 người
            giám đốc > [Duyệt]
            giám đốc < Người soạn sẽ phát ngôn
            y tế < đã duyệt nội dung phát ngôn về $VV | [Đã phát ngôn]
            y tế > [Đã phát ngôn]
            y tế < đã phát ngôn lần đầu | Phát ngôn lần đầu: 08:00 thứ Ba 24/11/2026
            y tế > [Đã phát ngôn]
            y tế < Lựa chọn này đã cũ
            giám đốc > [Duyệt]
            giám đốc < đã được đưa ra
            """,
            WORDS,
            """
            y tế > 7h sáng nay
            y tế > Gọi là đã khắc phục xong.
            y tế < lãnh đạo duyệt sau | [Gửi] [Quay lại] [Thoát]
            y tế > [Gửi]
            y tế < Đã ghi nhận phát ngôn
            giám đốc < đã phát ngôn về vụ việc $VV khi chưa duyệt | [Duyệt sau] [Không đồng ý]
            """,
            """
            +1d
            cán bộ < Đã phát ngôn vụ việc, chưa duyệt sau: 1 (Sở Y tế)
            quyền giám đốc > [Không đồng ý]
            quyền giám đốc > Chưa khắc phục xong, phải đính chính.
            cán bộ < không đồng ý với phát ngôn về $VV | phải đính chính
            giám đốc > [Duyệt sau]
            giám đốc < Quyền Giám đốc Sở Y tế đã có ý kiến không đồng ý
            """,
            WORDS,
            """
            y tế > [Lúc này]
            y tế > Đính chính: đang khắc phục.
            y tế > [Trình duyệt]
            y tế > [Hoàn tác]
            y tế < Đã rút nội dung phát ngôn
            giám đốc > [Duyệt]
            giám đốc < người soạn đã rút
            cán bộ > /nhatky $VV
            cán bộ < trình lãnh đạo duyệt nội dung phát ngôn | lãnh đạo trả lại | lãnh đạo duyệt nội dung | ghi nhận phát ngôn
            """,
        )


async def test_a_head_speaks_without_asking_and_nobody_approves_their_own_words(tmp_path: Path) -> None:
    """Whoever leads the unit needs no approval; nobody of another unit, and not their author, gives it."""
    async with office(tmp_path, REGISTER, VERIFY) as story:
        await heads(story)
        await play(
            story,
            RULE,
            INCIDENT,
            WORDS.replace("y tế >", "giám đốc >"),
            """
            giám đốc > [Lúc này]
            giám đốc > Không có người bị thương.
            giám đốc < Ghi nhận phát ngôn về $VV | [Gửi] [Quay lại] [Thoát]
            giám đốc > [Gửi]
            giám đốc < Đã ghi nhận phát ngôn
            """,
            WORDS.replace("y tế >", "cán bộ >"),
            """
            cán bộ > [Lúc này]
            cán bộ > Đã bố trí khám ở cơ sở khác.
            cán bộ > [Trình duyệt]
            cán bộ > /duyet
            cán bộ < Đã bố trí khám
            cán bộ > [Duyệt]
            cán bộ < Không ai tự duyệt
            """,
        )
        for action in ("approve", "return", "go", "undo"):
            await tap(story, story.person("xây dựng"), f"statement.{action}:1", action)
            await play(story, "xây dựng < Không tìm thấy vụ việc $VV")
            await tap(story, story.person("y tế"), f"statement.{action}:1", f"y-te-{action}")
            await play(story, f"y tế < {'Chỉ người đứng đầu' if action in {'approve', 'return'} else 'Lựa chọn này đã cũ'}")
        await play(
            story,
            """
            giám đốc > [Duyệt]
            cán bộ < [Đã phát ngôn]
            cán bộ > [Đã phát ngôn]
            cán bộ < Đã ghi nhận phát ngôn
            """,
        )
