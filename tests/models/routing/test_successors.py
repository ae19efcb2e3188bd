"""The reorganisation of 2025: nobody is orphaned, and every question is read by the structure of its day."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from bot import routing
from models.routing import Router, facts

UNITS = routing.shipped_units()
BY_ID = {unit.id: unit for unit in UNITS}
AFTER = date(2025, 7, 1)


def test_every_successor_exists_and_nobody_is_orphaned() -> None:
    """Every successor exists and nobody is orphaned."""
    gone = [unit for unit in UNITS if unit.valid_to is not None]
    assert len(gone) == 18
    for unit in gone:
        assert all(successor.id in BY_ID for successor in unit.successors)
        assert facts.heirs(unit, BY_ID, AFTER), unit.id


def test_the_directory_of_today_is_whole() -> None:
    """The directory of today is whole."""
    here = [unit for unit in UNITS if unit.exists(AFTER)]
    assert len([unit for unit in here if unit.is_area]) == 40
    assert {"ubnd_tinh", "dic_desk"} <= {unit.id for unit in here}
    assert all(unit.fields for unit in here if unit.kind not in {"desk", "government"})


def test_every_commune_stands_for_some_former_district() -> None:
    """Every commune stands for some former district."""
    reached = {successor.id for unit in UNITS if unit.is_area for successor in unit.successors}
    assert {unit.id for unit in UNITS if unit.is_area and unit.exists(AFTER)} <= reached


def test_concepts_and_rules_name_units_that_exist(router: Router) -> None:
    """Concepts and rules name units that exist."""
    known = {*BY_ID, facts.AREA}
    for concept in router.known.lexicon.concepts:
        assert {*concept.units, *concept.former} <= known, concept.key
    for rule in router.known.lexicon.rules:
        assert set(rule.units) <= known
        assert rule.concept is None or rule.concept in router.known.concepts


@pytest.mark.parametrize(
    ("name", "heir"),
    [
        ("Sở Giao thông vận tải", "so_xay_dung"),
        ("sở gtvt", "so_xay_dung"),
        ("Sở Kế hoạch và Đầu tư", "so_tai_chinh"),
        ("Sở KH&ĐT", "so_tai_chinh"),
        ("Sở TN-MT", "so_nnmt"),
        ("Sở Nông nghiệp và Phát triển nông thôn", "so_nnmt"),
        ("Ban Dân tộc tỉnh", "so_dan_toc_ton_giao"),
        ("Cục Thuế tỉnh", "thue_tinh"),
        ("so giao thong van tai", "so_xay_dung"),
    ],
)
def test_a_former_name_leads_to_who_took_over(router: Router, name: str, heir: str) -> None:
    """A former name leads to who took over."""
    proposal = router.route(f"{name} trả lời báo chí khi nào?")
    assert (proposal.action, proposal.units[0].id) == ("choose", heir)


@pytest.mark.parametrize(
    ("subject", "heir"),
    [("trạm BTS mất sóng", "so_khcn"), ("cấp phép xuất bản", "so_vhttdl")],
)
def test_of_several_heirs_the_subject_decides(router: Router, subject: str, heir: str) -> None:
    """Of several heirs the subject decides."""
    units = router.route(f"Hỏi Sở Thông tin và Truyền thông về {subject}").units
    assert units[0].id == heir
    assert {"so_khcn", "so_vhttdl", "cong_an_tinh"} <= {unit.id for unit in units}


@pytest.mark.parametrize("district", ["huyện Phú Vang", "thị xã Hương Trà", "huyen A Luoi", "quận Phú Xuân"])
def test_a_former_district_offers_its_communes_and_says_so(router: Router, district: str) -> None:
    """A former district offers its communes and says so."""
    proposal = router.route(f"Cho em xin liên hệ lãnh đạo {district}")
    assert proposal.action == "choose"
    assert all(unit.id.startswith("area_") for unit in proposal.units[:3])
    assert "không còn" in proposal.note


def test_a_former_commune_leads_to_the_one_that_holds_it(router: Router) -> None:
    """A former commune leads to the one that holds it."""
    assert router.route("Chủ tịch xã Lộc Bổn nói gì về rác thải?").units[0].id == "area_xa_hung_loc"


@pytest.mark.parametrize(
    ("text", "before", "after"),
    [
        ("Bao giờ sửa quốc lộ 49B?", "so_gtvt", "so_xay_dung"),
        ("Nợ lương công nhân ba tháng", "so_ldtbxh", "so_noi_vu"),
        ("Cấp sổ đỏ chậm trễ", "so_tnmt", "so_nnmt"),
        ("Đổi giấy phép lái xe ở đâu?", "so_gtvt", "cong_an_tinh"),
        ("Làm phiếu lý lịch tư pháp mất bao lâu?", "so_tu_phap", "cong_an_tinh"),
    ],
)
def test_a_question_is_read_by_the_structure_of_its_day(router_on: Callable[[date], Router], text: str, before: str, after: str) -> None:
    """A question is read by the structure of its day."""
    assert router_on(date(2025, 2, 28)).route(text).units[0].id == before
    assert router_on(date(2025, 3, 1)).route(text).units[0].id == after


def test_a_year_of_days_proposes_only_units_that_exist(router_on: Callable[[date], Router]) -> None:
    """A year of days proposes only units that exist."""
    texts = ["Chủ tịch huyện Phú Vang nói gì về rác?", "Bao giờ sửa quốc lộ 49B?", "Nợ lương công nhân", "Sở TT&TT nói gì?"]
    for months in range(0, 12, 2):
        day = date(2025, 1, 1) + timedelta(days=31 * months)
        for text in texts:
            for unit in router_on(day).route(text).units:
                assert unit.id in {facts.AREA, facts.DESK} or BY_ID[unit.id].exists(day)
