"""What is braked on and what is not: texts a press office really writes, side by side."""

from pathlib import Path

import pytest

from models import content
from models.casework.brakes import Brakes
from models.content import read
from models.schema import ContentProblems

BRAKES = Brakes.parse(content.document("brakes.yaml"))

TEXTS: tuple[tuple[str, str], ...] = (
    ("Có 12 người nhập viện, sức khỏe ổn định.", ""),
    ("Độ mật: MẬT", "classified"),
    ("Văn bản này đóng dấu TUYỆT MẬT", "classified"),
    ("BÁO CÁO (MẬT)", "classified"),
    ("MẬT\nSố: 12/BC-CAT", "classified"),
    ("Hồ sơ đóng dấu tối mật", "classified"),
    ("độ mật – tối mật", "classified"),
    ("Đây là bí mật nhà nước, không thể cung cấp.", ""),
    ("BÍ MẬT ĐỜI TƯ được pháp luật bảo vệ.", ""),
    ("Sản lượng mật ong tăng 12%.", ""),
    ("MẬT ONG Bạc Hà", ""),
    ("Mật độ dân số 1.200 người/km²", ""),
    ("MẬT ĐỘ XÂY DỰNG không quá 40%", ""),
    ("Đổi mật khẩu và bảo mật thông tin", ""),
    ("Người liên quan có CCCD 079123456789", "identity_number"),
    ("số 001 085 012 345", "identity_number"),
    ("CMND số 201234567", "identity_number"),
    ("Tổng vốn 123456789012 đồng", ""),
    ("Kinh phí 1.201.234.567 đồng", ""),
    ("Quyết định 201234567", ""),
    ("Liên hệ anh A: 0912 345 678", "phone"),
    ("gọi +84 912 345 678", "phone"),
    ("gọi 0912.345.678 nhé", "phone"),
    ("máy bàn (0234) 3822 555", "phone"),
    ("Đường dây nóng 1900 9095, cấp cứu 115", ""),
    ("Ngày 09/12/2026 lúc 08:30", ""),
    ("Dự án 0,35 km, 2.034.382.255 đồng", ""),
    ("Chuyển vào số tài khoản 0123 4567 8910 tại ngân hàng", "bank_account"),
    ("STK: 19034567891012", "bank_account"),
    ("Tài khoản mạng xã hội có 12345678 người theo dõi", ""),
    ("Tài khoản 20260001 đồng", ""),
)


@pytest.mark.parametrize(("text", "expected"), TEXTS)
def test_what_is_braked_on(text: str, expected: str) -> None:
    """Marks as marks, numbers in the shape of numbers of people; words that only sound alike pass."""
    assert ",".join(mark.id for mark in BRAKES.found(text)) == expected


@pytest.mark.parametrize(
    ("name", "stops"),
    [
        ("CV_TUYET_MAT_12.pdf", True),
        ("toi-mat.docx", True),
        ("Báo cáo TỐI MẬT.pdf", True),
        ("12_MẬT.pdf", True),
        ("do_mat.pdf", True),
        ("mat-bang-du-an.pdf", False),
        ("mật ong.jpg", False),
        ("bi-mat-doi-tu.pdf", False),
        ("anh.jpg", False),
    ],
)
def test_names_of_files(name: str, stops: bool) -> None:
    """A file says it in its name, with marks or without."""
    assert bool(BRAKES.found("Xin gửi tài liệu.", [name], incoming=True)) is stops


def test_only_secrets_hold_back_what_comes_in() -> None:
    """A reporter may write phone numbers; in an answer they are held."""
    assert not BRAKES.found("Gọi lại tôi: 0912345678", incoming=True)
    assert BRAKES.found("TỐI MẬT", incoming=True)


def test_a_published_number_passes(tmp_path: Path) -> None:
    """The hotline an office has published is no private number, however it is grouped."""
    text = content.document("brakes.yaml").path.read_text("utf-8").replace("published: []", 'published: ["02343822555"]')
    (tmp_path / "brakes.yaml").write_text(text, "utf-8")
    own = Brakes.parse(read(tmp_path / "brakes.yaml"))
    assert not own.found("Đường dây nóng (0234) 3822 555")
    assert own.found("Gọi (0234) 3822 556")


def test_a_pattern_nobody_can_read_is_named(tmp_path: Path) -> None:
    """File, line and what to do."""
    (tmp_path / "brakes.yaml").write_text('marks:\n  - {id: a, label: a, explain: a, patterns: ["(" ]}\n', "utf-8")
    with pytest.raises(ContentProblems, match=r"brakes\.yaml:2: mẫu không đọc được"):
        Brakes.parse(read(tmp_path / "brakes.yaml"))
