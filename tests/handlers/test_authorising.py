"""Authorising in writing: for one case and a time, by the head or from paper; what may not be done; and publishing it."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from bot import seeding
from bot.story import Story
from models.directory.unit import Unit
from models.people.authorising import is_deputy
from models.people.mandate import Mandate, MandateKind
from models.store import Store
from tests import databases
from tests.transcript import ASK, REGISTER, VERIFY, office, play


def under_the_old_decree(story: Story) -> None:
    """A province that has not switched: the pack of 09/2017 holds (LAW_PIN)."""
    office = story.app.machine.office
    law = replace(office.rules.law, pin="nd-09-2017")
    story.app.machine.office = replace(office, rules=replace(office.rules, law=law))


async def people(story: Story) -> str:
    """The head of the unit and somebody without a mandate join; where only a deputy may be authorised, they are one."""
    position = "Phó Giám đốc" if databases.pin() else "Chuyên viên"
    head = await seeding.invite(
        story.app, role="member", name="Giám đốc Sở Y tế", unit="so_y_te", mandate="head", position="Giám đốc", decision_no="01/QĐ-UBND"
    )
    await story.say(story.person("giám đốc"), head)
    code = await seeding.invite(story.app, role="member", name="Chuyên viên Sở Y tế", unit="so_y_te", position=position)
    await story.say(story.person("chuyên viên"), code)
    return position


GRANT = """
giám đốc > /uyquyen $YC
giám đốc < Anh/chị giao cho ai | [Chuyên viên Sở Y tế]
giám đốc > [Chuyên viên Sở Y tế]
giám đốc < Số và ký hiệu
giám đốc > 25/GUQ-SYT
giám đốc > [Từ bây giờ]
giám đốc > [Thêm 3 ngày]
giám đốc < gửi bản chụp hoặc tệp
giám đốc > {giay-uy-quyen.pdf}
giám đốc < Người ủy quyền: Giám đốc Sở Y tế | Người được ủy quyền: Chuyên viên Sở Y tế | Chỉ về: $YC | Điều 3 | (1 tệp)
giám đốc > [Gửi]
giám đốc < Đã ghi nhận: Chuyên viên Sở Y tế được phát ngôn về $YC | 25/GUQ-SYT | hết thứ Năm 26/11/2026
chuyên viên < được ủy quyền phát ngôn về $YC | [Trả lời]
"""


async def test_the_head_authorises_for_one_case(tmp_path: Path) -> None:
    """The grantee answers this case officially, in their own name, and no other; they may not pass it on."""
    async with office(tmp_path, REGISTER, VERIFY) as story:
        position = await people(story)
        await play(
            story,
            ASK,
            """
            chuyên viên > /uyquyen $YC
            chuyên viên < Chỉ người đứng đầu đơn vị
            giám đốc > /uyquyen
            giám đốc < ghi kèm mã hồ sơ
            """,
            GRANT,
            f"""
            giám đốc < (không có gì)
            chuyên viên > /uyquyen $YC
            chuyên viên < không được ủy quyền lại
            chuyên viên > $YC Có 12 người nhập viện.
            chuyên viên < XEM TRƯỚC – phóng viên | Chức vụ: {position} | [Gửi câu trả lời]
            chuyên viên > [Gửi câu trả lời]
            +31s
            phóng viên < Trả lời chính thức | 12 người | Người phát ngôn: Chuyên viên Sở Y tế
            giám đốc > /uyquyen $YC
            giám đốc < đã kết thúc (đã trả lời)
            """,
            ASK.replace("Bao nhiêu người nhập viện trong vụ ngộ độc thực phẩm", "Bệnh viện tỉnh có đủ thuốc điều trị ngộ độc thực phẩm"),
            """
            chuyên viên > $YC Đủ thuốc.
            chuyên viên < chưa có thẩm quyền phát ngôn
            chuyên viên > [Chuyển cho người phát ngôn]
            """,
        )


async def test_what_an_authorisation_may_not_be(tmp_path: Path) -> None:
    """Not for oneself, not for a head, not backwards, not for ever, not by word of mouth, not without a number."""
    async with office(tmp_path, REGISTER, VERIFY) as story:
        await people(story)
        await play(
            story,
            ASK,
            """
            giám đốc > /uyquyen $YC
            giám đốc > Giám đốc Sở Y tế
            giám đốc < Không ai tự ủy quyền cho mình
            giám đốc > Người Không Có
            giám đốc < Chưa tìm thấy người này
            giám đốc > sở y tế
            giám đốc < Có nhiều người trùng tên
            giám đốc > Người phát ngôn Sở Y tế
            giám đốc < đã được phát ngôn về $YC
            giám đốc > chuyen vien
            giám đốc > không số
            giám đốc < cần có chữ số
            giám đốc > 25/GUQ-SYT
            giám đốc > hôm nào đó
            giám đốc < chưa đọc được ngày này
            giám đốc > mai
            giám đốc > 23/11/2026
            giám đốc < phải sau ngày bắt đầu
            giám đốc > 31/12/2027
            giám đốc < không dài quá 30 ngày
            giám đốc > 27/11/2026
            giám đốc > đã ký rồi
            giám đốc < phải bằng văn bản
            giám đốc > {giay.jpg}
            giám đốc > [Gửi]
            giám đốc < Đã ghi nhận
            chuyên viên > $YC Có 12 người nhập viện.
            chuyên viên < chưa có thẩm quyền phát ngôn
            +1d
            chuyên viên > $YC Có 12 người nhập viện.
            chuyên viên < [Gửi câu trả lời]
            xây dựng > /uyquyen $YC
            xây dựng < Không tìm thấy đề nghị
            """,
        )


async def test_from_paper_by_an_officer_and_taken_back(tmp_path: Path) -> None:
    """An officer writes down what a head has signed; the head reads it, takes it back with a reason, and it opens nothing any more."""
    async with office(tmp_path, REGISTER, VERIFY) as story:
        await play(story, ASK, "cán bộ > /uyquyen $YC\ncán bộ < chưa có người đứng đầu của Sở Y tế")
        await people(story)
        await play(
            story,
            """
            cán bộ > /uyquyen $YC
            cán bộ < Ghi nhận theo văn bản: Giám đốc Sở Y tế
            cán bộ > Giám đốc
            cán bộ < là người đứng đầu
            cán bộ > [Chuyên viên Sở Y tế]
            cán bộ > 26/GUQ-SYT
            cán bộ < được ký lúc nào
            cán bộ > 23:00 23/11/2026
            cán bộ < không thể ở tương lai
            cán bộ > [Vừa ký xong]
            cán bộ > [Từ bây giờ]
            cán bộ > [Thêm 7 ngày]
            cán bộ > {van-ban.pdf}
            cán bộ > [Gửi]
            cán bộ < Đã ghi nhận
            giám đốc < Cán bộ Phòng Báo chí đã ghi nhận theo văn bản 26/GUQ-SYT | [Thu hồi]
            giám đốc > /thamquyen
            giám đốc < Chuyên viên Sở Y tế (được ủy quyền) | về $YC | [Thu hồi: Chuyên viên Sở Y tế]
            giám đốc > [Thu hồi: Chuyên viên Sở Y tế]
            giám đốc > sai
            giám đốc < ít nhất 10 ký tự
            giám đốc > Người này đi công tác đột xuất.
            giám đốc < Đã thu hồi
            chuyên viên < đã được thu hồi | đi công tác đột xuất
            chuyên viên > $YC Có 12 người nhập viện.
            chuyên viên < chưa có thẩm quyền phát ngôn
            giám đốc > [Thu hồi: Chuyên viên Sở Y tế]
            giám đốc > Người này đi công tác đột xuất.
            giám đốc < đã hết hiệu lực trước đó
            """,
        )


async def test_under_the_old_decree_only_a_deputy(tmp_path: Path) -> None:
    """09/2017: a department authorises a deputy only; person and document stand on the portal within twelve hours, or it is flagged."""
    async with office(tmp_path, REGISTER, VERIFY) as story:
        under_the_old_decree(story)
        await people(story)
        deputy = await seeding.invite(story.app, role="member", name="Phó Giám đốc phụ trách", unit="so_y_te", position="Phó Giám đốc")
        await story.say(story.person("phó giám đốc"), deputy)
        await play(
            story,
            ASK,
            """
            giám đốc > /uyquyen $YC
            giám đốc > [Chuyên viên Sở Y tế]
            giám đốc < chỉ cấp phó mới được ủy quyền | Điều 3(2)(b)
            giám đốc > [Phó Giám đốc phụ trách]
            giám đốc > 25/GUQ-SYT
            giám đốc > [Từ bây giờ]
            giám đốc > [Thêm 3 ngày]
            giám đốc > {giay.pdf}
            giám đốc < NĐ 09/2017 Điều 3(6) | trong 12 giờ
            giám đốc > [Gửi]
            giám đốc < Hạn đăng cổng: 20:00 thứ Hai 23/11/2026 | [Đã đăng cổng]
            cán bộ > /bang
            cán bộ < Toàn tỉnh
            +1d
            cán bộ < Quá hạn đăng cổng người phát ngôn, văn bản ủy quyền: 1 (Sở Y tế)
            giám đốc > [Đã đăng cổng]
            giám đốc < đã được công bố ở đâu
            giám đốc > rồi
            giám đốc < bắt đầu bằng https://
            giám đốc > {trang.jpg} https://soyte.example.vn/nguoi-phat-ngon
            giám đốc < Việc công bố này quá hạn
            giám đốc > [Đã đăng cổng]
            giám đốc < đã được ghi nhận trước đó: https://soyte.example.vn
            +1d
            cán bộ < Tổng hợp buổi sáng | 0 quá hạn
            """,
        )


async def test_a_new_spokesperson_is_published_within_a_day(tmp_path: Path) -> None:
    """244/2026: a standing spokesperson who is appointed stands on the portal within 24 hours; a page posted up is said in words."""
    async with office(tmp_path) as story:
        code = await seeding.invite(
            story.app, role="member", name="Người phát ngôn mới", unit="so_y_te", mandate="standing", position="Chánh Văn phòng"
        )
        await story.say(story.person("mới"), code)
        await play(
            story,
            """
            mới > /thamquyen
            mới < Người phát ngôn mới (người phát ngôn) | phải đăng trước 08:00 thứ Ba 24/11/2026 | [Đã đăng: Người phát ngôn mới]
            mới > [Đã đăng: Người phát ngôn mới]
            mới > Niêm yết tại trụ sở, cổng đang bảo trì.
            mới < đúng hạn
            +1d
            cán bộ < Tổng hợp buổi sáng
            cán bộ > /thamquyen
            cán bộ < Hiện không có văn bản
            """,
        )


async def test_an_ended_unit_authorises_nobody(tmp_path: Path) -> None:
    """A mandate for a unit that has ended is refused, and one may not outlast its unit."""
    async with office(tmp_path, REGISTER, VERIFY) as story:
        await people(story)
        await play(story, ASK, "giám đốc > /uyquyen $YC\ngiám đốc < giao cho ai")

        async def end(store: Store, days: int) -> None:
            (await store.get_one(Unit, "so_y_te")).valid_to = story.time.moment + timedelta(days=days)

        await story.app.machine.database.write(lambda store: end(store, 2))
        await play(
            story,
            """
            giám đốc > [Chuyên viên Sở Y tế]
            giám đốc > 25/GUQ-SYT
            giám đốc > [Từ bây giờ]
            giám đốc > [Thêm 7 ngày]
            giám đốc < chỉ hoạt động đến
            giám đốc > /huy
            """,
        )
        await story.app.machine.database.write(lambda store: end(store, 0))
        await play(story, "giám đốc > /uyquyen $YC\ngiám đốc < đã kết thúc hoạt động")


@pytest.mark.parametrize(
    ("position", "deputy"),
    [
        ("Phó Giám đốc", True),
        ("Phó Chủ tịch UBND xã", True),
        ("Cấp phó phụ trách", True),
        ("pho giam doc", True),
        ("Giám đốc", False),
        ("Tổ trưởng tổ dân phố", False),
        ("Trưởng phòng, thành phố", False),
        ("", False),
    ],
)
def test_who_is_a_deputy(position: str, deputy: bool) -> None:
    """By the title, with or without marks; a street or a town is no deputy."""
    assert is_deputy(position) is deputy


async def test_the_right_ends_between_draft_and_sending(tmp_path: Path) -> None:
    """The answer is held and the head asked: give back, authorise (the author then sends), or adopt as their own."""
    async with office(tmp_path, REGISTER, VERIFY) as story:
        await people(story)

        async def end(store: Store) -> None:
            for held in (await store.scalars(select(Mandate).where(Mandate.kind == MandateKind.STANDING))).all():
                held.valid_to = story.time.moment + timedelta(seconds=10)

        await play(story, ASK, "y tế ^ Câu hỏi mới > Có 12 người nhập viện.\ny tế > [Gửi câu trả lời]")
        await story.app.machine.database.write(end)
        await play(
            story,
            """
            +31s
            y tế < chưa gửi: đến lúc gửi, anh/chị (Người phát ngôn Sở Y tế) không còn thẩm quyền
            giám đốc < không còn thẩm quyền | 12 người | [Ủy quyền cho Người phát ngôn Sở Y tế] [Dùng dự thảo này] [Trả lại]
            cán bộ < (không có gì)
            giám đốc > [Ủy quyền cho Người phát ngôn Sở Y tế]
            giám đốc < Số và ký hiệu
            giám đốc > 25/GUQ-SYT
            giám đốc > [Từ bây giờ]
            giám đốc > [Thêm 1 ngày]
            giám đốc > {giay.jpg}
            giám đốc > [Gửi]
            y tế < được ủy quyền phát ngôn về $YC | [Dùng dự thảo này]
            y tế > [Dùng dự thảo này]
            y tế < XEM TRƯỚC – phóng viên | 12 người
            y tế > [Gửi câu trả lời]
            +31s
            phóng viên < Trả lời chính thức | 12 người | Người phát ngôn Sở Y tế
            giám đốc > [Trả lại]
            giám đốc < đã kết thúc (đã trả lời)
            """,
        )


async def test_the_head_adopts_or_gives_back_what_is_held(tmp_path: Path) -> None:
    """Given back with words, written anew, held again, and then sent in the head's own name."""
    async with office(tmp_path, REGISTER, VERIFY) as story:
        await people(story)

        async def end(store: Store) -> None:
            for held in (await store.scalars(select(Mandate).where(Mandate.kind == MandateKind.STANDING))).all():
                held.valid_to = story.time.moment + timedelta(seconds=10)

        await play(story, ASK, "y tế ^ Câu hỏi mới > Có 12 người nhập viện.\ny tế > [Gửi câu trả lời]")
        await story.app.machine.database.write(end)
        await play(
            story,
            """
            +31s
            giám đốc > [Trả lại]
            giám đốc > không
            giám đốc < ít nhất 10 ký tự
            giám đốc > Thiếu số liệu của trung tâm y tế.
            giám đốc < Đã chuyển ý kiến
            y tế < trả lại câu trả lời $YC | Thiếu số liệu | [Dùng dự thảo này]
            y tế > [Dùng dự thảo này]
            y tế < chưa có thẩm quyền
            y tế > [Viết lại]
            y tế > Có 12 người nhập viện, 3 người đã ra viện.
            y tế > [Chuyển cho người phát ngôn]
            giám đốc < 3 người đã ra viện | [Dùng dự thảo này]
            giám đốc > [Dùng dự thảo này]
            giám đốc < Người phát ngôn: Giám đốc Sở Y tế
            giám đốc > [Gửi câu trả lời]
            +31s
            phóng viên < 3 người đã ra viện | Người phát ngôn: Giám đốc Sở Y tế | Chức vụ: Giám đốc
            """,
        )
