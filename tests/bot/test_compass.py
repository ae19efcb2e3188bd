"""The router inside the office: its directory is the database's, its meaning comes off the loop, its structure is the day's."""

import random
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bot import compass, routing
from bot.compass import Compass
from bot.control import perform
from models.directory.unit import Unit
from models.routing import register
from models.routing.facts import AREA, DESK, UnitFacts
from models.routing.knowledge import Knowledge
from tests.transcript import REGISTER, VERIFY, office, play

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
QUESTIONS = (
    "Bao nhiêu người nhập viện trong vụ ngộ độc thực phẩm?",
    "Giải ngân đầu tư công đạt bao nhiêu phần trăm?",
    "UBND huyện Phú Vang nói gì về tranh chấp đất?",
    "Khi nào sửa xong cầu trên quốc lộ 49?",
    "Cấp phiếu lý lịch tư pháp mất bao lâu?",
    "Sở Kế hoạch và Đầu tư trả lời ra sao?",
    "Rác chất đống ở chợ phường em, ai xử lý?",
    "Trường nào cho học sinh nghỉ học vì mưa lũ?",
)


class Minded:
    """A layer that finds every question near to one unit, and counts how often it is asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def similarities(self, text: str) -> Mapping[str, float]:
        """Near to the tax office, far from two others."""
        self.asked.append(text)
        return {"thue_tinh": 0.9, "so_y_te": 0.1, "so_noi_vu": 0.1}


async def test_meaning_is_heard_once_it_is_loaded(tmp_path: Path) -> None:
    """The first question goes by words while the layer loads; later ones are understood once each, before the group is committed."""
    layer = Minded()

    def load(_known: Knowledge, _cache: Path) -> Minded:
        return layer

    async with office(tmp_path, REGISTER, VERIFY) as story:
        story.app.machine.compass._layer = load  # pyright: ignore[reportPrivateUsage]
        await play(story, "phóng viên > Hóa đơn tiền nước tăng bất thường, vì sao?", "phóng viên > /huy")
        meaning = story.app.machine.compass._meaning  # pyright: ignore[reportPrivateUsage]
        assert meaning is not None
        assert meaning.loading is not None
        await meaning.loading
        assert layer.asked == []
        await play(story, "phóng viên > Năm nay hóa đơn tiền nước tăng bất thường, vì sao?")
        assert len(layer.asked) == 1
        assert any("nghĩa câu hỏi gần" in told.text for told in story.person("phóng viên").told[-1:])


def test_meaning_is_asked_for_only_where_words_leave_doubt() -> None:
    """A question that names its unit and its matter costs no tens of milliseconds of computing."""
    layer = Minded()
    router = routing.build(date(2026, 8, 3), semantic=False)
    router.use(layer)
    assert router.route("Sở Y tế nói gì về thuốc giả bán ở hiệu thuốc?").units[0].id == "so_y_te"
    assert layer.asked == []
    router.route("Hàng giả bán ở chợ, ai kiểm tra?")
    assert len(layer.asked) == 1


async def test_an_imported_unit_answers_the_next_question(tmp_path: Path) -> None:
    """After `directory import` the next question goes by what it brought, without a restart."""
    async with office(tmp_path, REGISTER, VERIFY) as story:
        new = {"id": "ban_cap_treo", "name_vi": "Ban Quản lý cáp treo", "kind": "board", "fields": ["cáp treo, cabin cáp treo"]}
        assert (await perform(story.app, {"command": "directory.import", "source": "thử", "units": [new]}))["ok"]
        await play(
            story,
            """
            phóng viên > Ban Quản lý cáp treo nói gì về sự cố cabin?
            phóng viên < đề xuất gửi Ban Quản lý cáp treo
            """,
        )


def test_a_year_across_the_reorganisation_leaves_no_orphan() -> None:
    """300 questions of 2025: every unit proposed exists on the day it is asked, or the press office has it."""
    here, dice = Compass(ZONE), random.Random(2025)
    seeds = compass._shipped()  # pyright: ignore[reportPrivateUsage]
    here._facts = seeds.units  # pyright: ignore[reportPrivateUsage]
    here._boundaries = register.boundaries(seeds.units, (c.moved for c in seeds.lexicon.concepts))  # pyright: ignore[reportPrivateUsage]
    known = {unit.id: unit for unit in seeds.units}
    seen: set[tuple[bool, str]] = set()
    for _ in range(300):
        at = datetime(2025, 1, 1, 3, tzinfo=UTC) + timedelta(days=dice.randrange(365))
        proposal = here.route(dice.choice(QUESTIONS), at)
        for unit in proposal.units:
            assert unit.id in {AREA, DESK} or known[unit.id].exists(here.day(at)), (at, unit)
            seen.add((here.day(at) >= date(2025, 7, 1), unit.id))
    assert (False, "so_khdt") in seen
    assert (True, "so_khdt") not in seen


def test_rows_of_the_database_come_before_what_ships() -> None:
    """Its dates, its names; a shipped unit it lacks is no unit here, a shipped body that is gone is remembered."""
    ended = datetime(2026, 6, 30, 17, tzinfo=UTC)
    rows = [Unit(id="a", name_vi="Sở A", kind="department", valid_to=ended, successors=["b"], passed_on={"b": ["chợ"]})]
    seeds = [
        UnitFacts("a", "Sở Cũ", valid_from=date(2025, 3, 1)),
        UnitFacts("c", "Sở C"),
        UnitFacts("d", "Sở D", valid_to=date(2025, 2, 28)),
    ]
    found = {unit.id: unit for unit in register.read(rows, seeds, ZONE)}
    assert set(found) == {"a", "d"}
    assert (found["a"].name_vi, found["a"].valid_from, found["a"].valid_to) == ("Sở A", date(2025, 3, 1), date(2026, 6, 30))
    assert found["a"].successors[0].subjects == ("chợ",)
