"""Coming in: invitations, the way back after a lost phone, help, menus typed and tapped."""

from datetime import timedelta
from pathlib import Path

from bot import seeding
from tests.transcript import ASK, REGISTER, VERIFY, office, play, scene


async def test_an_invitation_opens_once(tmp_path: Path) -> None:
    """A unit member joins with a code, however it is typed; the same code opens nothing a second time."""
    async with office(tmp_path) as story:
        code = await seeding.invite(story.app, role="member", name="Chuyên viên Sở Y tế", unit="so_y_te", position="Chuyên viên")
        typed = code.replace("-", " ").lower()
        await play(
            story,
            f"""
            chuyên viên > /start
            chuyên viên > [Tôi có mã mời]
            chuyên viên < gõ mã gồm 12 ký tự
            chuyên viên > 1234
            chuyên viên < Mã này không đúng
            chuyên viên > {typed}
            chuyên viên < Chào mừng anh/chị Chuyên viên Sở Y tế, Chuyên viên – Sở Y tế
            chuyên viên > /hopthu
            chuyên viên < không có hồ sơ nào đang chờ
            người khác > {code}
            người khác < Mã này đã được dùng | Phòng Báo chí
            """,
        )


async def test_an_invitation_expires(tmp_path: Path) -> None:
    """After two weeks the code is void and says whom to ask."""
    async with office(tmp_path) as story:
        code = await seeding.invite(story.app, role="officer", name="Cán bộ thứ hai", unit="dic_desk")
        await story.wait(timedelta(days=15))
        await play(story, f"người mới > {code}\n người mới < Mã này đã hết hạn")


async def test_a_reporter_is_invited(tmp_path: Path) -> None:
    """A reporter's code leads straight into the registration."""
    async with office(tmp_path) as story:
        code = await seeding.invite(story.app, role="reporter", name="Phóng Viên Mẫu", unit=None)
        await play(
            story,
            f"""
            phóng viên > /start {code}
            phóng viên < Mã mời hợp lệ | Phóng Viên Mẫu
            phóng viên > [Đăng ký phóng viên]
            phóng viên < Bước 1/9
            """,
        )


async def test_the_way_back_after_a_lost_phone(tmp_path: Path) -> None:
    """The press office recognises the person; the code brings every case to the new device and closes the old one."""
    await scene(
        tmp_path,
        REGISTER,
        VERIFY,
        ASK,
        """
        máy mới > /start
        máy mới > [Tôi đã có tài khoản]
        máy mới < họ tên và cơ quan công tác
        máy mới > ai
        máy mới < ít nhất 5 ký tự
        máy mới > phong vien mau, Báo điện tử Mẫu
        máy mới < Đã chuyển đề nghị vào lại
        cán bộ < mất đường dẫn | phong vien mau | [Cho Phóng Viên Mẫu vào lại]
        cán bộ > [Cho Phóng Viên Mẫu vào lại]
        máy mới < Mã vào lại của anh/chị: $MA
        cán bộ < Đã gửi mã vào lại cho Phóng Viên Mẫu
        máy mới > $MA
        máy mới < Chào mừng anh/chị Phóng Viên Mẫu trở lại
        máy mới > /theodoi
        máy mới < $YC | Sở Y tế
        phóng viên > /theodoi
        phóng viên < đã được đóng
        y tế ^ ngộ độc > Có 12 người nhập viện.
        y tế > [Gửi câu trả lời]
        +31s
        máy mới < Trả lời chính thức | 12 người
        phóng viên < (không có gì)
        cán bộ > [Cho Phóng Viên Mẫu vào lại]
        cán bộ < không còn hiệu lực
        """,
    )


async def test_nobody_learns_who_exists(tmp_path: Path) -> None:
    """Somebody the office does not know gets the same words as somebody it knows."""
    await scene(
        tmp_path,
        """
        người lạ > /start
        người lạ > [Tôi đã có tài khoản]
        người lạ > Người Không Quen, báo không có
        người lạ < Đã chuyển đề nghị vào lại
        cán bộ < Người Không Quen
        """,
    )


async def test_a_number_or_a_label_typed(tmp_path: Path) -> None:
    """Choices may be typed: a number of the last menu, or a label without diacritics."""
    await scene(
        tmp_path,
        """
        phóng viên > xin chào
        phóng viên < chưa hiểu
        phóng viên > 1
        phóng viên < Bước 1/9
        phóng viên > tieng viet
        phóng viên < Bước 2/9
        phóng viên > toi da doc va dong y
        phóng viên < Bước 3/9
        phóng viên > quay lai
        phóng viên < Bước 2/9
        """,
    )


async def test_a_number_counts_only_for_the_last_menu(tmp_path: Path) -> None:
    """A number beyond the last menu, or typed a day later, means nothing and says so."""
    await scene(
        tmp_path,
        """
        phóng viên > /start
        phóng viên > 9
        phóng viên < Số này không thuộc danh sách nào
        phóng viên > 1
        phóng viên < Bước 1/9
        phóng viên > 4
        phóng viên < chạm vào một lựa chọn
        +25h
        phóng viên > 1
        phóng viên < chạm vào một lựa chọn
        """,
    )


async def test_an_old_menu_is_recognised(tmp_path: Path) -> None:
    """A tap on a step that is past changes nothing; a second tap on a confirmation does nothing twice."""
    await scene(
        tmp_path,
        REGISTER,
        VERIFY,
        ASK,
        """
        phóng viên > [Gửi]
        phóng viên < Lựa chọn này đã cũ
        y tế < (không có gì)
        phóng viên > /hoi
        phóng viên > [Không gấp]
        phóng viên < Lựa chọn này đã cũ | /huy
        """,
    )


async def test_what_cannot_be_used_is_told_kindly(tmp_path: Path) -> None:
    """Help, a denied command, an unknown command, a language."""
    await scene(
        tmp_path,
        REGISTER,
        """
        khách > trợ giúp
        khách < /dangky
        khách > /hopthu
        khách < không được giao việc này
        phóng viên > /bang
        phóng viên < không được giao việc này
        phóng viên > /theodio
        phóng viên < chưa có lệnh này
        phóng viên > /trogiup
        phóng viên < /theodoi
        y tế > /trogiup
        y tế < /hopthu
        cán bộ > /help
        cán bộ < /choxuly
        phóng viên > /ngonngu
        phóng viên < [Ask a question]
        """,
    )
