"""The press office takes care of the directory: the call with a late unit, proposals, invitations, what is missing, who cannot be reached."""

import json
from datetime import timedelta
from pathlib import Path

from sqlmodel import col, func, select

from bot import seeding
from bot.channels.base import Arrival
from bot.control import perform
from bot.story import Story
from models.evidence.exchange import ExchangeEntry
from models.messages.message import OutboxMessage
from models.people.person import Account, Person, Post, PostKind
from tests.transcript import ASK, REGISTER, VERIFY, office, play, scene, somebody_else

CALL = """
cán bộ > /danhba
cán bộ < [Rà soát danh bạ] [Đề xuất sửa] [Còn thiếu gì] [Ai không liên lạc được]
cán bộ > [Rà soát danh bạ]
cán bộ < trước hết ngày nào
cán bộ > hôm qua
cán bộ < một ngày sau hôm nay
cán bộ > [7 ngày nữa]
cán bộ < hạn hết thứ Hai 30/11/2026 | Chưa liên lạc được
cán bộ > [Gửi]
cán bộ < Đã gửi đến đầu mối của 2/
"""


async def test_directory_call_with_a_late_unit(tmp_path: Path) -> None:
    """One message with what we hold; reminders; the late list with whom to ring; a late answer still counts; a table at the end."""
    await scene(
        tmp_path,
        CALL
        + """
        y tế < xác nhận danh bạ | • Người phát ngôn Sở Y tế, Người phát ngôn – người phát ngôn | • chưa có đầu mối truyền thông | [Đúng] [Cần sửa]
        xây dựng < Sở Xây dựng xác nhận danh bạ
        y tế > [Đúng]
        y tế < Đã ghi nhận danh bạ của Sở Y tế là đúng
        cán bộ < (không có gì)
        +4d
        +2d
        y tế < (không có gì)
        xây dựng < Nhắc: Sở Xây dựng chưa xác nhận | [Đúng] [Cần sửa]
        +2d
        cán bộ < Đã hết hạn rà soát danh bạ | • Sở Xây dựng: Người phát ngôn Sở Xây dựng, điện thoại – | [Nhắc ngay] [Kết thúc đợt này]
        cán bộ > /rasoat
        cán bộ < 1 đúng, 0 cần sửa
        cán bộ > [Nhắc ngay]
        cán bộ < Đã nhắc 1 đầu mối
        xây dựng > [Cần sửa]
        xây dựng < Thông tin nào của Sở Xây dựng chưa đúng
        xây dựng > Trưởng phòng nay là Phó Giám đốc, số máy 0234 382 9999
        xây dựng < Đề xuất đã được ghi nhận
        cán bộ < Đề xuất sửa danh bạ của Sở Xây dựng, do Người phát ngôn Sở Xây dựng, người của đơn vị | 0234 382 9999
        cán bộ < Sở Xây dựng vừa trả lời muộn
        xây dựng > [Đúng]
        cán bộ < vừa trả lời muộn
        cán bộ > /rasoat
        cán bộ > [Kết thúc đợt này]
        cán bộ < Đã kết thúc đợt rà soát
        cán bộ < Kết quả rà soát danh bạ | (1 tệp)
        y tế > [Đúng]
        y tế < Đợt rà soát này đã kết thúc
        """,
    )


async def test_one_message_a_unit_and_nothing_for_another_units_page(tmp_path: Path) -> None:
    """Colleagues are not all written to; a tap on somebody else's page is refused kindly; the call is one at a time."""
    async with office(tmp_path, CALL) as story:
        mine = [message for message in story.person("y tế").told if "xác nhận danh bạ" in message.text]
        assert len(mine) == 1
        action = mine[0].choices[0]["action"]
        await story._put(story.person("xây dựng"), {"kind": "choice", "choice": action}, "")  # pyright: ignore[reportPrivateUsage]
        await play(story, "xây dựng < không phải của đơn vị anh/chị", "cán bộ > /rasoat", "cán bộ < Đợt rà soát danh bạ | 0 đúng")


async def test_a_reporter_points_out_a_wrong_number(tmp_path: Path) -> None:
    """The officer mends it as a dated change: the old line ends, the new one is shown at once; whoever pointed it out is told."""
    async with office(tmp_path, REGISTER, VERIFY) as story:
        await play(
            story,
            """
            phóng viên > /danhba so y te
            phóng viên > [Báo sai]
            phóng viên < Thông tin nào của Sở Y tế chưa đúng
            phóng viên > Số này không đúng, nay là 0234 382 2123
            phóng viên < Đề xuất đã được ghi nhận
            cán bộ < Đề xuất sửa danh bạ của Sở Y tế, do Phóng Viên Mẫu – Báo điện tử Mẫu, người ngoài đơn vị
            cán bộ > [Sửa danh bạ]
            cán bộ < Sửa dòng của ai
            cán bộ > ai đó
            cán bộ < Không có đúng một người
            cán bộ > [Người phát ngôn Sở Y tế]
            cán bộ > [Số, thư hoặc trang]
            cán bộ > gọi sau
            cán bộ < không phải một số điện thoại
            cán bộ > 0234 382 2123
            cán bộ > Cảm ơn anh/chị đã báo.
            cán bộ < – → 02343822123, kể từ lúc này
            cán bộ > [Gửi]
            cán bộ < Đã sửa
            phóng viên < đã được sửa theo đề xuất | Cảm ơn anh/chị đã báo.
            phóng viên > /danhba so y te
            phóng viên < 02343822123
            cán bộ > [Sửa danh bạ]
            cán bộ < đã được một cán bộ xử lý
            """,
        )
        async with story.app.machine.database.read() as store:
            person = await store.scalar(select(Account.person_id).where(Account.external_id == story.person("y tế").chat))
            posts = (await store.scalars(select(Post).where(Post.person_id == person).order_by(col(Post.id)))).all()
            actions = (
                await store.scalars(
                    select(ExchangeEntry.action).where(col(ExchangeEntry.action).startswith("directory.")).order_by(col(ExchangeEntry.seq))
                )
            ).all()
        assert [(p.office_phone, p.valid_to is None) for p in posts] == [("", False), ("02343822123", True)]
        assert [a for a in actions if a != "directory.imported"] == [
            "directory.proposed",
            "directory.line_changed",
            "directory.proposal_taken",
        ]


async def test_a_proposal_is_declined_with_a_sentence(tmp_path: Path) -> None:
    """Also a visitor's; a fourth one has to wait until the office has looked at the others."""
    again = "\n".join(f"khách > /danhba so y te\nkhách > [Báo sai]\nkhách > Sai dòng thứ {n}, xin kiểm tra" for n in range(4))
    await scene(
        tmp_path,
        f"""
        {again}
        khách < đang có 3 đề xuất chờ kiểm tra
        khách > /huy
        cán bộ > /dexuatsua
        cán bộ < một người chưa đăng ký
        cán bộ > [Không sửa]
        cán bộ > không
        cán bộ < nêu lý do cụ thể
        cán bộ > Đơn vị xác nhận thông tin đang đúng.
        khách < không sửa theo đề xuất của anh/chị | Đơn vị xác nhận thông tin đang đúng.
        """,
    )


async def test_a_head_confirms_a_new_spokesperson(tmp_path: Path) -> None:
    """The code opens nothing before; afterwards the person speaks for the unit, and nobody can decide twice."""
    async with office(tmp_path) as story:
        code = await seeding.invite(
            story.app, role="member", name="Giám đốc Sở Y tế", unit="so_y_te", post="head", mandate="head", position="Giám đốc"
        )
        await story.say(story.person("giám đốc"), code)
        await play(
            story,
            """
            y tế > /moi
            y tế < Mời vào Sở Y tế với vai trò gì
            y tế > người đứng đầu
            y tế < do Phòng Báo chí mời
            y tế > [Người phát ngôn]
            y tế > Phó Giám đốc Sở Y tế
            y tế > Phó Giám đốc
            y tế > 45/QĐ-SYT
            y tế < Mời Phó Giám đốc Sở Y tế | Người phát ngôn | 45/QĐ-SYT
            y tế > [Gửi]
            y tế < Mã chỉ mở được sau khi người đứng đầu | $MA
            giám đốc < Người phát ngôn Sở Y tế đề nghị | Phó Giám đốc Sở Y tế | [Xác nhận] [Không xác nhận]
            mới > $MA
            mới < đang chờ người đứng đầu đơn vị xác nhận
            giám đốc > [Xác nhận]
            y tế < Đã xác nhận Phó Giám đốc Sở Y tế
            giám đốc > [Không xác nhận]
            giám đốc < đã được trả lời trước đó
            mới > $MA
            mới < Chào mừng anh/chị Phó Giám đốc Sở Y tế
            khách > /danhba so y te
            khách < • Phó Giám đốc Sở Y tế, Phó Giám đốc
            """,
        )


async def test_without_a_head_the_press_office_confirms(tmp_path: Path) -> None:
    """And what is not confirmed opens nothing."""
    await scene(
        tmp_path,
        """
        y tế > /moi
        y tế > [Chuyên viên]
        y tế > Chuyên viên Mới
        y tế > Chuyên viên
        y tế > [Gửi]
        cán bộ < Chuyên viên Mới | [Xác nhận]
        cán bộ > [Không xác nhận]
        y tế < Không xác nhận Chuyên viên Mới
        ai đó > $MA
        ai đó < không xác nhận lời mời này
        cán bộ > /moi
        cán bộ > so tu phap
        cán bộ > [Đầu mối truyền thông]
        cán bộ > Đầu mối Sở Tư pháp
        cán bộ > Văn phòng Sở
        cán bộ > [Gửi]
        cán bộ < Anh/chị chuyển mã này
        tư pháp > $MA
        tư pháp < Chào mừng anh/chị Đầu mối Sở Tư pháp
        """,
    )


async def test_somebody_the_directory_knows_is_given_a_mandate(tmp_path: Path) -> None:
    """A colleague from a file who is invited as a spokesperson is the same person, with the post they have and the mandate they lack."""
    row = {"unit": "so_tu_phap", "name": "Chánh Văn phòng Sở Tư pháp", "post": "press_officer"}
    async with office(tmp_path) as story:
        assert (await perform(story.app, {"command": "directory.import", "source": "test", "people": [row]}))["ok"]
        await play(
            story,
            """
            cán bộ > /moi
            cán bộ > so tu phap
            cán bộ > [Người phát ngôn]
            cán bộ > Chánh Văn phòng Sở Tư pháp
            cán bộ > Chánh Văn phòng
            cán bộ > 7/QĐ-STP
            cán bộ > [Gửi]
            tư pháp > $MA
            tư pháp < Chào mừng anh/chị Chánh Văn phòng Sở Tư pháp
            khách > /danhba so tu phap
            khách < • Chánh Văn phòng Sở Tư pháp, Chánh Văn phòng
            """,
        )
        async with story.app.machine.database.read() as store:
            people = (await store.scalars(select(Person.id).where(Person.name == row["name"]))).all()
            posts = (await store.scalars(select(Post.kind).where(Post.person_id == people[0]))).all()
        assert (len(people), posts) == (1, [PostKind.PRESS_OFFICER])


async def test_what_is_missing(tmp_path: Path) -> None:
    """Counted by kind, with the units that lack most; a line of it every morning; the whole list as a table."""
    await scene(
        tmp_path,
        """
        cán bộ > /danhbathieu
        cán bộ < Danh bạ còn thiếu ở | chưa có người đứng đầu | [Bảng đầy đủ]
        cán bộ > [Bảng đầy đủ]
        cán bộ < Danh bạ còn thiếu, từng đơn vị | (1 tệp)
        +1d
        cán bộ < Tổng hợp buổi sáng | ⚠ Danh bạ còn thiếu:
        """,
    )


async def test_somebody_cannot_be_reached(tmp_path: Path) -> None:
    """Blocked: a task at once, with whom to ring; it rests once somebody has rung, and is over when the person writes."""
    async with office(tmp_path) as story:
        assert (await perform(story.app, {"command": "directory.import", "source": "test", "people": [NUMBERS]}))["ok"]
        await lose(story, "y tế")
        await play(
            story,
            """
            cán bộ < Người phát ngôn Sở Y tế, Người phát ngôn – Sở Y tế đã chặn hoặc rời kênh | gọi 02343822123, đề nghị | [Đã gọi] [Mời người khác]
            cán bộ > /matlienlac
            cán bộ < đã chặn hoặc rời kênh | gọi 02343822123, 0905000111
            cán bộ > [Đã gọi]
            cán bộ < đã gọi Người phát ngôn Sở Y tế
            cán bộ > /matlienlac
            cán bộ < Không có người nào cần liên hệ lúc này (1 người đã gọi
            y tế > /hopthu
            cán bộ > /matlienlac
            cán bộ < (0 người đã gọi
            """,
        )
        async with story.app.machine.database.read() as store:
            found = (await store.scalars(select(ExchangeEntry.action).where(col(ExchangeEntry.action).startswith("contact.")))).all()
        assert sorted(found) == ["contact.called", "contact.failed", "contact.heard"]


async def lose(story: Story, who: str) -> None:
    """The sender says that somebody's newest message could not be brought to them."""
    async with story.app.machine.database.read() as store:
        account = await store.scalar(select(Account.id).where(Account.external_id == story.person(who).chat))
        newest = await store.scalar(select(func.max(OutboxMessage.id)).where(OutboxMessage.account_id == account))
    await story.app.inbox.put([Arrival("sender", "lost", "", json.dumps({"outbox": newest, "failure": "unreachable"}))])
    await story.wait(timedelta())


async def test_somebody_asked_first_never_answers(tmp_path: Path) -> None:
    """Three working days without a word: a task in the morning, gone when a word comes."""
    async with office(tmp_path, REGISTER, VERIFY, ASK) as story:
        await play(
            story,
            """
            +4d
            +1d
            +1d
            cán bộ < Tổng hợp buổi sáng | ⚠ Người không liên lạc được: 1 (Sở Y tế)
            cán bộ > /matlienlac
            cán bộ < Người phát ngôn Sở Y tế | chưa phản hồi gì
            y tế > [Tiếp nhận]
            cán bộ > /matlienlac
            cán bộ < Không có người nào cần liên hệ
            """,
        )


async def test_the_holding_pen_says_why(tmp_path: Path) -> None:
    """Nothing matched, an asker nobody has verified, a unit nobody of whom can be reached: each waits with its reason."""
    async with office(tmp_path, REGISTER, VERIFY, ASK, somebody_else(REGISTER)) as story:
        await lose(story, "y tế")
        await play(
            story,
            """
            phóng viên > Xin hỏi về việc qwertz zxcvb asdfgh?
            phóng viên > [Để Phòng Báo chí chọn]
            phóng viên > [Văn bản, tin nhắn]
            phóng viên > [Không gấp]
            phóng viên > [Gửi]
            +1m
            người khác > Bao nhiêu công trình vi phạm trật tự xây dựng?
            người khác > [Sở Xây dựng]
            người khác > [Văn bản, tin nhắn]
            người khác > [Không gấp]
            người khác > [Gửi]
            cán bộ > /choxuly
            cán bộ < Vì sao chờ: đơn vị chưa có ai liên lạc được | ngộ độc | [Ai không liên lạc được]
            cán bộ < Vì sao chờ: chưa có đơn vị | qwertz
            cán bộ < Vì sao chờ: phóng viên chưa được xác minh | Người Khác Mẫu
            """,
        )


async def test_a_search_ends_by_itself(tmp_path: Path) -> None:
    """With the next command, with a question, or after a pause; until then names are searched, and bare commands are still commands."""
    await scene(
        tmp_path,
        REGISTER,
        VERIFY,
        """
        phóng viên > /danhba so y te
        phóng viên > so xay dung
        phóng viên < Sở Xây dựng
        phóng viên > theo dõi
        phóng viên < chưa có đề nghị nào
        phóng viên > so tu phap
        phóng viên < Sở Tư pháp | [Để Phòng Báo chí chọn]
        phóng viên > /huy
        phóng viên > /danhba
        phóng viên > Bao nhiêu người nhập viện?
        phóng viên < [Để Phòng Báo chí chọn]
        phóng viên > /huy
        phóng viên > /danhba
        +20m
        phóng viên > Ngộ độc thực phẩm ở trường
        phóng viên < [Để Phòng Báo chí chọn]
        khách > /danhba
        +20m
        khách > so y te
        khách < chưa hiểu nội dung
        """,
    )


NUMBERS = {
    "unit": "so_y_te",
    "name": "Người phát ngôn Sở Y tế",
    "office_phone": "0234 382 2123",
    "phone": "0905 000 111",
    "email": "rieng@example.vn",
}


async def test_official_numbers_are_shown_and_private_ones_never(tmp_path: Path) -> None:
    """Whatever anybody but the press office is told – searching, asking, being called, answering – holds no private number."""
    async with office(tmp_path, REGISTER, VERIFY) as story:
        answer = await perform(story.app, {"command": "directory.import", "source": "test", "people": [NUMBERS]})
        assert answer["ok"]
        await play(
            story,
            "khách > /danhba so y te\nkhách < 02343822123",
            ASK,
            """
            y tế > [Tiếp nhận]
            y tế ^ Câu hỏi mới > Có 12 người nhập viện, sức khỏe ổn định.
            y tế > [Gửi câu trả lời]
            +31s
            """,
            CALL,
        )
        await play(story, "y tế < xác nhận danh bạ | 02343822123")
        told = {name: "\n".join(m.text for m in who.told) for name, who in story.cast.items() if name != "cán bộ"}
        for name, text in told.items():
            shown = [private for private in ("0905000111", "rieng@example.vn", "0900000001") if private in text.replace(" ", "")]
            assert not shown or (name, shown) == ("phóng viên", ["0900000001"]), (name, shown)  # one's own, on one's own form
