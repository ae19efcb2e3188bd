"""Law packs: both decrees as data, chosen by date, checked line by line, compared item by item."""

from datetime import date, datetime
from fractions import Fraction
from pathlib import Path

import pytest

from models import content
from models.clocks.reaching import Station
from models.law import packs
from models.law.checks import ROLES
from models.law.packs import LawBook, NoPack
from models.law.terms import MandateKind, Measure
from models.schema import ContentProblems
from tests.models.law_samples import edited, found, line_of, shipped_book, written

OLD, NEW = "law/nd-09-2017.yaml", "law/nd-244-2026.yaml"


def at(moment: str) -> str:
    """The id of the pack in force at a moment."""
    return shipped_book().at(datetime.fromisoformat(moment)).id


def test_the_last_second_of_june_still_has_the_old_decree() -> None:
    """The Vietnamese date decides, wherever the server stands."""
    assert at("2026-06-30T23:59:59+07:00") == "nd-09-2017"
    assert at("2026-07-01T00:00:00+07:00") == "nd-244-2026"
    assert at("2026-06-30T16:59:59+00:00") == "nd-09-2017"
    assert at("2026-06-30T17:00:00+00:00") == "nd-244-2026"
    assert at("2017-03-30T00:00:00+07:00") == "nd-09-2017"
    with pytest.raises(NoPack, match="2017-03-29"):
        at("2017-03-29T23:59:59+07:00")


def test_a_pinned_province_keeps_one_pack() -> None:
    """LAW_PIN forces one pack at every moment; a pin to nothing is refused at once."""
    book = LawBook(shipped_book().packs, pin="nd-09-2017")
    assert book.at(datetime.fromisoformat("2026-11-22T09:00:00+07:00")).id == "nd-09-2017"
    with pytest.raises(NoPack) as missing:
        LawBook(shipped_book().packs, pin="nd-1-1999")
    assert missing.value.known == ("nd-09-2017", "nd-244-2026")


CLOCKS_09 = {
    "EX-03": (24, "hour"), "AU-03": (12, "hour"), "RQ-02": (3, "working_day"), "RQ-05": (3, "working_day"), "RP-01": (30, "day"),
    "RP-02": (30, "day"), "RP-03": (30, "day"), "FP-01": (5, "working_day"), "CR-02": (2, "day"), "CR-02.online": (None, "at_once"),
    "CR-02.periodical": (None, "next_issue"), "PC-01": (3, "month"), "PC-02": (1, "month"), "PD-01": (2, "working_day"),
    "PD-01.act": (15, "day"), "PD-02": (72, "hour"), "LC-01": (Fraction(1, 4), "office_hour"), "LC-02": (8, "office_hour"),
    "IN-01": (1, "working_day"), "RV-01": (3, "working_day"),
}  # fmt: skip
CLOCKS_244 = {name: row for name, row in CLOCKS_09.items() if name not in {"EX-03", "AU-03"}} | {
    "EX-01": (24, "hour"), "EX-02": (24, "hour"), "SP-01": (24, "hour"), "RP-02": (15, "working_day"), "RP-03": (5, "working_day"),
    "AR-01": (None, "fixed_date"),
}  # fmt: skip


@pytest.mark.parametrize(("pack", "expected"), [("nd-09-2017", CLOCKS_09), ("nd-244-2026", CLOCKS_244)])
def test_each_pack_has_the_clocks_of_its_decree(pack: str, expected: dict[str, tuple[object, str]]) -> None:
    """Amount and measure of every clock, as the decrees and the laws around them set them."""
    clocks = shipped_book().pack(pack).clocks
    assert {one.id: (one.amount, one.measure.value) for one in clocks} == expected


@pytest.mark.parametrize("pack", ["nd-09-2017", "nd-244-2026"])
def test_only_local_rules_stop_or_grow(pack: str) -> None:
    """RQ-02 and internal demands pause and extend; what the law sets does neither. RQ-02 is marked as the office's own."""
    clocks = shipped_book().pack(pack).clocks
    assert {one.id for one in clocks if one.pausable} == {one.id for one in clocks if one.extendable} == {"RQ-02", "IN-01"}
    assert {one.id for one in clocks if one.local} == {"RQ-02", "RQ-05", "LC-01", "LC-02", "IN-01", "RV-01"}


def test_refusal_grounds_differ() -> None:
    """The old law has a) to d) and asks for no reason; the new one dropped d) and wants the reason."""
    old, new = shipped_book().packs
    assert [ground.letter for ground in old.refusal.grounds] == ["a", "b", "c", "d"]
    assert [ground.letter for ground in new.refusal.grounds] == ["a", "b", "c"]
    assert (old.refusal.reason_required, new.refusal.reason_required) == (False, True)
    assert old.ground("38.2.d") is not None
    assert new.ground("38.2.d") is None


def test_forms_of_speaking_have_the_same_ids_in_both_packs() -> None:
    """An outcome names its form by one id, whichever decree holds."""
    forms = ["press_conference", "portal", "statement_or_interview", "written", "briefing", "correction_request"]
    assert [[form.id for form in pack.forms] for pack in shipped_book().packs] == [forms, forms]


def test_who_may_speak_depends_on_the_level() -> None:
    """09/2017 lets departments and communes speak through the head or a deputy; 244/2026 has three kinds everywhere."""
    old, new = shipped_book().packs
    commune = next(rule for rule in old.mandates if "commune" in rule.levels)
    holders = [(kind.kind, kind.holder) for kind in commune.kinds]
    assert holders == [(MandateKind.HEAD, ""), (MandateKind.STANDING, "deputy"), (MandateKind.AUTHORISED, "deputy")]
    assert [rule.kind for rule in new.mandates[0].kinds] == list(MandateKind)
    assert set(new.mandates[0].levels) >= {"province", "department", "commune"}
    assert not old.authorising.may_pass_on
    assert new.authorising.grantor is MandateKind.HEAD


def test_publication_rebuttals_and_the_yearly_report() -> None:
    """12 hours for an authorisation then, 24 for a spokesperson now; three rounds then, two now; six figures a year now."""
    old, new = shipped_book().packs
    assert {row.id: row.clock for row in old.publication}["authorisation"] == "AU-03"
    assert {row.id: row.clock for row in new.publication}["spokesperson"] == "SP-01"
    assert (old.rebuttal.rounds, new.rebuttal.rounds) == (3, 2)
    assert old.yearly_report is None
    report = new.yearly_report
    assert report is not None
    assert (report.window_from, report.window_to, len(report.indicators)) == ((12, 15), (12, 14), 6)


def test_clocks_follow_from_the_kind_of_inquiry() -> None:
    """A kind without a clock, and a kind nobody knows, start none."""
    new = shipped_book().pack("nd-244-2026")
    foreign = new.clock_for("foreign_press")
    assert foreign is not None
    assert foreign.id == "FP-01"
    assert new.clock_for("cross_unit_incident") is None
    assert new.clock_for("initial_info") is None


def test_what_nobody_verified_is_listed() -> None:
    """Each pack as a whole and each item without the signed wording, local rules apart; verifying empties the list."""
    unverified = shipped_book().unverified()
    assert {(one.pack, one.item) for one in unverified} >= {("nd-09-2017", ""), ("nd-244-2026", ""), ("nd-244-2026", "EX-01")}
    assert "RQ-02" not in {one.item for one in unverified}
    assert {one.status for one in unverified if one.item == "31.2.a"} == {"secondary"}


def test_every_item_cites_its_article() -> None:
    """No statement of law without where it stands."""
    for pack in shipped_book().packs:
        items = [*pack.forms, *pack.refusal.grounds, *pack.capacities, *pack.clocks, *pack.publication, *pack.inquiry_kinds]
        assert all(item.basis for item in items)


PROBLEMS = [
    ("amount: 24\n    measure: hour", "amount: 24\n    measure: hours", "measure: hours", "chọn một trong: 'hour'"),
    ("amount: 24\n", "amount: nhiều\n", "amount: nhiều", "cần một con số"),
    ("amount: 24\n", "amount: true\n", "amount: true", "không phải true/false"),
    ("amount: 24\n", "amount: -24\n", "amount: -24", "lớn hơn 0"),
    ("amount: 24\n", "amount: 24.5\n", "amount: 24.5", "số nguyên"),
    ("    amount: 24\n", "", "- id: EX-01", "thiếu amount"),
    ("id: EX-02", "id: EX-01", 'label: "Thông tin ban đầu khi dư luận', "“EX-01” viết hai lần"),
    ("    trigger: received_handled_at", "    triger: received_handled_at", "triger:", "không có khóa “triger”"),
    ("    trigger: received_handled_at", "    trigger: sometime", "trigger: sometime", "chọn một trong"),
    ("    pausable: true", '    pausable: "có"', "pausable:", "cần true hoặc false"),
    ("    measure: hour\n", "    measure: hour\n    pausable: true\n", "pausable: true", "không tạm dừng"),
    ("valid_to: null\nsource", "valid_to: 2026-06-01\nsource", "valid_to: 2026-06-01", "đứng trước valid_from"),
    ("valid_from: 2026-07-01\n", "valid_from: mai\n", "valid_from: mai", "cần một ngày"),
    ('measure: fixed_date\n    month_day: "12-19"', "measure: fixed_date", "- id: AR-01", "month_day đi với"),
    ('month_day: "12-19"', 'month_day: "12-32"', "12-32", "không phải ngày trong năm"),
    (
        "to: press_officer}, {hours: -6",
        "to: press_oficer}, {hours: -6",
        "press_oficer",
        "urgent: không có vai trò “press_oficer”; chọn một trong: spokesperson",
    ),
    ("warn_hours_before: [12, 6, 2]", "warn_hours_before: [12, -6, 2]", "-6, 2", "urgent: nhắc trước -6 giờ không dùng được"),
    (
        "role_units: {provincial_office:",
        "role_units: {officer: vp_ubnd, provincial_office:",
        "role_units",
        "“officer” là vai trò trong đơn vị",
    ),
    ("ladder: urgent", "ladder: gấp", "ladder: gấp", "bậc nhắc “gấp” chưa có"),
    ("final: RQ-02", "final: RQ-99", "final: RQ-99", "“RQ-99” chưa có"),
    ("clock: EX-01,", "clock: EX-99,", "clock: EX-99,", "“EX-99” chưa có"),
    ("  clock: AR-01", "  clock: AR-99", "clock: AR-99", "“AR-99” chưa có"),
    ("{id: EX-03, why", "{id: EX-01, why", "{id: EX-01, why", "vừa có vừa ghi là không có"),
    ('title: "Bộ quy tắc Nghị định 244/2026"', 'title: ""', "title:", "để trống"),
    ('title: "Bộ quy tắc Nghị định 244/2026"', "title: 244", "title:", "cần chữ"),
    ('verified_by: ""\n', "", "", "thiếu khóa “verified_by”"),
    ("rounds: 2", "rounds: hai", "rebuttal:", "cần một số nguyên"),
    ("measure: at_once", "amount: 1.0\n    measure: at_once", "amount: 1.0", "không có số lượng"),
]


@pytest.mark.parametrize(("old", "new", "where", "says"), PROBLEMS)
def test_a_bad_pack_names_file_line_and_cure(tmp_path: Path, old: str, new: str, where: str, says: str) -> None:
    """Each kind of slip: the file, the line it stands on, what to do."""
    document = edited(tmp_path, NEW, (old, new))
    with pytest.raises(ContentProblems) as error:
        packs.parse(document)
    told = [problem for problem in found(error.value) if says in problem.problem]
    assert told, str(error.value)
    assert told[0].path == document.path
    if where:
        # a missing key and an id said twice are told at their item, one line before the label
        lines = {line_of(document, where.strip()), line_of(document, where.strip()) - 1}
        assert told[0].line in lines


def test_all_problems_of_all_files_come_together(tmp_path: Path) -> None:
    """Three mistakes in two packs are three lines."""
    first = edited(tmp_path, OLD, ("rounds: 3", "rounds: ba"), ("    measure: hour\n", "    measure: giờ\n"))
    second = edited(tmp_path, NEW, ("final: RQ-02", "final: RQ-99"))
    with pytest.raises(ContentProblems) as error:
        LawBook.parse([first, second])
    assert [problem.path.name for problem in found(error.value)] == ["nd-09-2017.yaml", "nd-09-2017.yaml", "nd-244-2026.yaml"]


def test_two_packs_may_not_hold_on_one_day(tmp_path: Path) -> None:
    """An overlap of one day is found and told at the later file's valid_from."""
    old, new = (
        content.read(content.SHIPPED / OLD),
        edited(tmp_path, NEW, ("valid_from: 2026-07-01\nvalid_to", "valid_from: 2026-06-30\nvalid_to")),
    )
    with pytest.raises(ContentProblems) as error:
        LawBook.parse([old, new])
    (problem,) = error.value.problems
    assert problem.path == new.path
    assert problem.line == line_of(new, "valid_from: 2026-06-30")
    assert "chồng lên “nd-09-2017”" in problem.problem


def test_an_id_may_not_come_from_two_files_but_an_office_may_replace_a_file(tmp_path: Path) -> None:
    """The overlay of the same file name wins; a copy under another name is a mistake."""
    shipped = [content.read(content.SHIPPED / OLD), content.read(content.SHIPPED / NEW)]
    replaced = edited(tmp_path, NEW, ("amount: 3\n    measure: working_day", "amount: 2\n    measure: working_day"))
    clock = LawBook.parse([*shipped, replaced]).pack("nd-244-2026").clock("RQ-02")
    assert clock is not None
    assert clock.amount == 2
    with pytest.raises(ContentProblems, match="đã có ở tệp khác"):
        LawBook.parse([*shipped, edited(tmp_path, NEW, name="copy.yaml")])


def test_a_file_that_is_no_pack_is_told_all_it_lacks(tmp_path: Path) -> None:
    """An almost empty file lists every missing key."""
    with pytest.raises(ContentProblems) as error:
        packs.parse(written(tmp_path, "id: x\ntitle: y\nclocks: 5\n"))
    texts = [problem.problem for problem in error.value.problems]
    assert any("“5” sai kiểu ở “clocks”; cần một danh sách" in text for text in texts)
    assert sum("thiếu khóa" in text for text in texts) > 10


def test_a_diff_shows_each_change_and_which_deadlines_move(tmp_path: Path) -> None:
    """Amounts move deadlines, labels do not, an item may come or go."""
    old = shipped_book().pack("nd-244-2026")
    new = packs.parse(
        edited(
            tmp_path,
            NEW,
            ("amount: 15\n    measure: working_day", "amount: 10\n    measure: working_day"),
            ('label: "Thông tin ban đầu về sự kiện tác động lớn"', 'label: "Tin đầu"'),
            ("needs: [decision_no]", "needs: [decision_no, portal_url]"),
            ("verified_at: null", "verified_at: 2026-12-01"),
        )
    )
    changes = {(one.section, one.item, one.field): (one.before, one.after) for one in packs.diff(old, new)}
    assert changes == {
        ("clocks", "RP-02", "amount"): ("15", "10"),
        ("clocks", "EX-01", "label"): ("Thông tin ban đầu về sự kiện tác động lớn", "Tin đầu"),
        ("capacities", "standing", "needs"): ("decision_no", "decision_no portal_url"),
        ("verified_at", "", "verified_at"): (None, "2026-12-01"),
    }
    assert packs.clocks_changed(packs.diff(old, new)) == {"RP-02"}
    assert packs.diff(old, old) == ()


def test_both_decrees_compared_show_what_the_change_of_law_did() -> None:
    """EX-03 and AU-03 went, EX-01, EX-02, SP-01 and AR-01 came, petitions went from 30 days to 15 working days."""
    changes = packs.diff(*shipped_book().packs)
    assert packs.clocks_changed(changes) == {"EX-01", "EX-02", "EX-03", "AU-03", "SP-01", "AR-01", "RP-02", "RP-03"}
    by_key = {(one.section, one.item, one.field): (one.before, one.after) for one in changes}
    assert by_key["clocks", "RP-02", "measure"] == ("day", "working_day")
    assert by_key["clocks", "AU-03", "amount"] == ("12", None)


def test_packs_hold_on_both_ends() -> None:
    """valid_from and valid_to are days of the pack."""
    old, new = shipped_book().packs
    assert old.holds(date(2017, 3, 30))
    assert old.holds(date(2026, 6, 30))
    assert not old.holds(date(2026, 7, 1))
    assert new.holds(date(2099, 1, 1))
    assert {measure.value for measure in Measure} == {
        "hour", "office_hour", "working_day", "day", "month", "fixed_date", "at_once", "next_issue"
    }  # fmt: skip


def test_the_roles_of_ladders_are_those_of_the_chain() -> None:
    """What a pack may name is what the machine can find people for."""
    assert (*(station.value for station in Station if station is not Station.DESK), "officer") == ROLES
