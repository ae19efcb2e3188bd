"""What each decree words or counts differently, said in both: grounds, forms, articles, who may speak (docs/law.md lists every flow)."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlmodel import select

from bot.story import Story
from models.reports.frozen import FrozenReport
from tests.transcript import ASK, REGISTER, VERIFY, office, play

ENGLISH = """
reporter > /start
reporter > [English]
reporter > [Register as a reporter]
reporter > [English]
reporter > [I have read this and agree]
reporter > Phóng Viên Mẫu
reporter > Sample News
reporter > [Press card]
reporter > IBT-04321
reporter > 31/12/2027
reporter > +84900000002
reporter > [Skip]
reporter > [Send]
"""

ASKED = """
reporter > Bao nhiêu người nhập viện trong vụ ngộ độc thực phẩm ở bếp ăn trường học?
reporter > [Department of Health]
reporter > [In writing]
reporter > [Not urgent]
reporter > [Send]
"""


@dataclass(frozen=True)
class Decree:
    """One pack, and what people read of it."""

    pin: str
    grounds: tuple[tuple[str, str], ...]  # letter, English ground and article
    forms: tuple[tuple[str, str], ...]  # Vietnamese choice, English name


OLD = Decree(
    "nd-09-2017",
    (
        ("a", "State or Party secrets, private life | Press Law 103/2016 Article 38(2)(a)"),
        ("b", "A case still under investigation or not yet tried | Press Law 103/2016 Article 38(2)(b)"),
        ("c", "Inspection, complaints | Press Law 103/2016 Article 38(2)(c)"),
        ("d", "Draft policies and schemes not yet cleared | Press Law 103/2016 Article 38(2)(d)"),
    ),
    (
        ("Phát ngôn trực tiếp, trả lời phỏng vấn", "Statement in person, interview"),
        ("Trao đổi trực tiếp, giao ban báo chí", "Direct exchange, press briefing"),
        ("Thông cáo, văn bản hoặc thư điện tử trả lời", "Press release, reply in writing or by e-mail"),
        ("Họp báo", "Press conference, at"),
        ("Đăng cổng, trang điện tử, trang mạng xã hội chính thức", "Portal, website, official social-media page"),
    ),
)
NEW = Decree(
    "",
    (
        ("a", "State, personal or family secrets | Press Law 126/2025 Article 31(2)(a)"),
        ("b", "A case still under investigation or not yet tried | Press Law 126/2025 Article 31(2)(b)"),
        ("c", "Inspection, complaints | Press Law 126/2025 Article 31(2)(c)"),
    ),
    (
        ("Phát ngôn trực tiếp, trả lời phỏng vấn", "Statement in person, interview"),
        ("Trao đổi trực tiếp, giao ban báo chí khi được yêu cầu", "Direct exchange, press briefing"),
        ("Thông cáo, văn bản hoặc thư điện tử trả lời", "Press release, reply in writing or by e-mail"),
        ("Họp báo trực tiếp hoặc trực tuyến", "Press conference, in person or online"),
        (
            "Đăng cổng, trang, tài khoản mạng xã hội, nền tảng số chính thức",
            "Portal, website, social-media account, official digital platform",
        ),
    ),
)
BOTH = pytest.mark.parametrize("decree", [OLD, NEW], ids=["09/2017", "244/2026"])


GROUND = """
y tế > $YC
y tế > [Khác…]
y tế > [Từ chối]
y tế > [Căn cứ {letter}]
y tế > Nội dung này chưa được phép công bố.
y tế > [Gửi thông báo từ chối]
reporter < Department of Health cannot provide | Ground: {read}
reporter > [Ask further or add]
reporter > Xin cung cấp phần đã công bố được.
"""

FORM = """
y tế > $YC
y tế > [Khác…]
y tế > [Thêm…]
y tế > [Đã trả lời ngoài hệ thống]
{more}
y tế > [{label}]
y tế > [Vừa xong]
y tế > [Người phát ngôn Sở Y tế]
y tế > [Không có văn bản]
y tế > Đã nêu số người nhập viện: 12 người.
y tế < {label}
y tế > [Gửi]
reporter < in this form: {read}
reporter > [Ask further or add]
reporter > Xin thêm số người đã ra viện.
"""


@BOTH
@pytest.mark.parametrize("every", [False, pytest.param(True, marks=pytest.mark.soak)], ids=["last", "every"])
async def test_each_ground_and_each_form(tmp_path: Path, decree: Decree, *, every: bool) -> None:
    """The lists are the pack's; refused on a ground, then answered in a form, an English reporter reads both (by `./run soak` on every one)."""
    async with office(tmp_path, ENGLISH, VERIFY, ASKED, law_pin=decree.pin) as story:
        for letter, read in decree.grounds if every else decree.grounds[-1:]:
            await play(story, GROUND.format(letter=letter, read=read))
        assert offered(story, "Chỉ được từ chối") == [f"Căn cứ {letter}" for letter, _ in decree.grounds]
        for number, (label, read) in enumerate(decree.forms):
            if every or number == len(decree.forms) - 1:
                await play(story, FORM.format(label=label, read=read, more="y tế > [Khác…]" if number > 2 else ""))
        assert [*offered(story, "bằng hình thức nào", 1), *offered(story, "bằng hình thức nào")] == [label for label, _ in decree.forms]


def offered(story: Story, asked: str, before: int = 0) -> list[str]:
    """The choices of the newest such question but so many, without the ways out of it."""
    shown = [told for told in story.cast["y tế"].told if asked in told.text][-1 - before]
    return [choice["label"] for choice in shown.choices if choice["label"] not in {"Khác…", "Quay lại", "Thoát"}]


@pytest.mark.parametrize(
    ("decree", "articles", "clocks"),
    [
        (
            OLD,
            "Luật 103/2016 Điều 39(1) | Luật 103/2016 Điều 39(2) | NĐ 88/2012 Điều 13(2)",
            {"5": "thứ Tư 23/12/2026", "6": "thứ Tư 23/12/2026", "7": "thứ Ba 01/12/2026", "4": "thứ Tư 23/12/2026"},
        ),
        (
            NEW,
            "NĐ 237/2026 Điều 18(1) | NĐ 237/2026 Điều 18(3) | NĐ 262/2026 Điều 16(2)",
            {"5": "thứ Ba 15/12/2026", "6": "thứ Ba 01/12/2026", "7": "thứ Ba 01/12/2026", "4": "thứ Tư 23/12/2026"},
        ),
    ],
    ids=["09/2017", "244/2026"],
)
async def test_each_asker_has_the_clock_of_the_pack(tmp_path: Path, decree: Decree, articles: str, clocks: dict[str, str]) -> None:
    """What the press forwards has thirty days under the one decree, fifteen or five working days under the other."""
    async with office(tmp_path, REGISTER, VERIFY, ASK, law_pin=decree.pin) as story:
        await play(story, f"cán bộ > /nhatky $YC\ncán bộ > [Loại người hỏi]\ncán bộ < {articles}\ncán bộ > [Thoát]")
        for kind, due in clocks.items():
            await play(
                story,
                f"""
                cán bộ > /nhatky $YC
                cán bộ > [Loại người hỏi]
                cán bộ > {kind}
                cán bộ < Thời hạn: hết {due}
                phóng viên < hết {due}
                """,
            )


ANSWER = """
y tế > $YC Có 12 người nhập viện.
y tế > [Gửi câu trả lời]
+31s
phóng viên < Trả lời chính thức
"""
REFUSE = """
y tế > $YC
y tế > [Khác…]
y tế > [Từ chối]
y tế > [Căn cứ d]
y tế > Dự thảo phương án đang lấy ý kiến.
y tế > [Gửi thông báo từ chối]
phóng viên < Luật 103/2016 Điều 38(2)(d)
"""


YEAR = (
    ("in_time", "Bao nhiêu người nhập viện trong vụ ngộ độc thực phẩm ở bếp ăn trường học?", ANSWER),
    ("late", "Bệnh viện tỉnh có đủ thuốc điều trị ngộ độc thực phẩm không?", f"+6d\n{ANSWER}"),
    ("refused", "Bao nhiêu ca sốt xuất huyết đang điều trị tại bệnh viện tỉnh?", REFUSE),
    ("open", "Dịch sởi ở trẻ em đã được kiểm soát chưa, bao nhiêu ca mắc?", ""),
)


async def test_from_the_question_to_the_yearly_count(tmp_path: Path) -> None:
    """A province that has not switched: one answered in time, one late, one refused, one still open – the year counts exactly those."""
    async with office(tmp_path, REGISTER, VERIFY, law_pin=OLD.pin) as story:
        codes: dict[str, str] = {}
        for name, question, then in YEAR:
            await play(story, ASK.replace("Bao nhiêu người nhập viện trong vụ ngộ độc thực phẩm ở bếp ăn trường học?", question), then)
            codes[name] = story.codes["$YC"]
        await play(
            story,
            """
            +1m
            cán bộ > /baocao
            cán bộ > [Báo cáo năm 2026]
            cán bộ < Báo cáo năm 2026 của Ủy ban nhân dân tỉnh | Nhận 4 | (3 tệp)
            +21d
            """,
        )
        async with story.app.machine.database.read() as store:
            (frozen,) = (await store.scalars(select(FrozenReport))).all()
        document = frozen.content
        lines = {name: found for name, found in document["lines"].items() if found}
        assert (document["pack"], document["form_of_pack"], set(document["packs"])) == (OLD.pin, False, {OLD.pin})
        every = sorted(codes.values())
        assert {name: lines.get(name) for name in ("received", "answered", "refused", "open", "in_time", "late", "overdue")} == {
            "received": every,
            "answered": sorted((codes["in_time"], codes["late"])),
            "refused": [codes["refused"]],
            "open": [codes["open"]],
            "in_time": sorted((codes["in_time"], codes["refused"])),
            "late": sorted((codes["late"], codes["open"])),
            "overdue": [codes["open"]],
        }
        assert document["cases"][codes["refused"]]["ground"] == "38.2.d"
        rates = {row["id"]: (row["numerator"], row["denominator"]) for row in document["indicators"]}
        assert rates["IND-3"] == (sorted((codes["in_time"], codes["late"])), every)
