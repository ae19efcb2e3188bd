"""Whatever people paste, the router answers, quickly and the same every time."""

import unicodedata
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot import routing
from models import content
from models.routing import Lexicon, Router, UnitFacts, facts
from models.routing.facts import Successor

TODAY = date(2025, 10, 1)
PLAIN = "Bệnh viện thiếu thuốc, điều hòa hỏng, bao giờ khắc phục?"
FIFTY_PAGES = "Người dân phản ánh bãi rác bốc mùi hôi thối, đề nghị làm rõ trách nhiệm. " * 2_000


@pytest.mark.parametrize(
    "text",
    [
        "", " \n\t ", "😀", "😀😀👍", "https://example.org/bai-viet?id=1", "?????", "12345", "<b>&[x](y)", "\u200b\u202e", "\x00\x07", "a" * 5_000,
        FIFTY_PAGES, "{who} {rest}", "%s %d", "\ud800", "và và và và", ",,,;;;:::", "P. Q. H. X.", "ß ŉ İ", "không không không",
    ],
)  # fmt: skip
def test_anything_pasted_gets_a_proposal(router: Router, text: str) -> None:
    """Anything pasted gets a proposal."""
    proposal = router.route(text)
    assert proposal.units
    assert proposal == router.route(text)


@pytest.mark.parametrize("text", ["", "😀", "https://example.org/a-b-c", "\u200b"])
def test_nothing_to_read_gets_help(router: Router, text: str) -> None:
    """Nothing to read gets help."""
    assert router.route(text).action in {"help", "desk"}
    assert router.route(text).abstain


@pytest.mark.parametrize(
    "disguised",
    [
        unicodedata.normalize("NFD", PLAIN),
        PLAIN.replace(" ", " \u200b"),
        f"<b>{PLAIN}</b>",
        PLAIN.replace("hòa", "hoà"),
        f"{PLAIN} https://example.org/x",
        f"😀 {PLAIN} 😀",
    ],
)
def test_marks_nobody_sees_change_nothing(router: Router, disguised: str) -> None:
    """Marks nobody sees change nothing."""
    assert [unit.id for unit in router.route(disguised).units] == [unit.id for unit in router.route(PLAIN).units]


def test_an_english_question_about_a_place_in_vietnamese(router: Router) -> None:
    """An english question about a place in vietnamese."""
    assert router.route("Why does the garbage in phường Vỹ Dạ still smell?").units[0].id == "area_phuong_vy_da"


def test_a_long_paste_is_read_by_its_beginning(router: Router) -> None:
    """A long paste is read by its beginning."""
    assert router.route("Vụ ngộ độc thực phẩm: " + "bao nhiêu người nhập viện? " * 9_000).units[0].id == "so_y_te"


def with_units(words: Lexicon, *units: UnitFacts, on: date = TODAY) -> Router:
    """A router for a directory made up in the test."""
    return Router(units, words, on, texts=routing.texts())


def test_a_unit_that_ended_yesterday_is_not_proposed_but_its_heir_is(words: Lexicon) -> None:
    """A unit that ended yesterday is not proposed but its heir is."""
    old = UnitFacts("old", "Sở Thủy cung", valid_to=date(2025, 9, 30), successors=(Successor("new"),))
    new = UnitFacts("new", "Sở Đại dương", valid_from=TODAY)
    router = with_units(words, old, new)
    found = router.route("Sở Thủy cung trả lời thế nào?").units
    assert [unit.id for unit in found] == ["new"]
    assert "nay không còn" in found[0].reason
    yesterday = with_units(words, old, new, on=date(2025, 9, 30))
    assert [unit.id for unit in yesterday.route("Sở Thủy cung trả lời thế nào?").units] == ["old"]


def test_a_cycle_of_parents_or_successors_ends(words: Lexicon) -> None:
    """A cycle of parents or successors ends."""
    one = UnitFacts("one", "Ban Một Việc", parent="two", valid_to=date(2025, 1, 1), successors=(Successor("two"),))
    two = replace(one, id="two", name_vi="Ban Hai Việc", parent="one", successors=(Successor("one"),))
    units = {unit.id: unit for unit in (one, two)}
    assert [unit.id for unit in facts.chain(one, units)] == ["two"]
    assert facts.heirs(one, units, TODAY) == []
    assert with_units(words, one, two).route("Ban Một Việc trả lời chưa?").units


def test_two_units_with_one_alias_are_both_offered(words: Lexicon) -> None:
    """Two units with one alias are both offered."""
    one = UnitFacts("one", "Trung tâm Sao Mai", aliases=("trung tâm cứu trợ",))
    two = UnitFacts("two", "Trung tâm Sao Hôm", aliases=("trung tâm cứu trợ",))
    assert [unit.id for unit in with_units(words, two, one).route("Trung tâm cứu trợ nói gì?").units][:2] == ["one", "two"]


def test_an_empty_directory_still_answers(words: Lexicon) -> None:
    """An empty directory still answers."""
    assert with_units(words).route("Bao giờ có điện lại?").action == "desk"


@pytest.mark.parametrize(
    ("yaml", "said"),
    [
        ("units:\n- name_vi: Sở Không tên\n", "cần có `id` và `name_vi`"),
        ("units:\n- {id: a, name_vi: A}\n- {id: a, name_vi: B}\n", "viết hai lần"),
        ("units:\n- {id: a, name_vi: A, valid_to: hôm qua}\n", "phải là ngày"),
        ("units:\n- {id: a, name_vi: A, successors: [{id: b}]}\n", "không có đơn vị này"),
    ],
)
def test_a_broken_directory_says_where(tmp_path: Path, yaml: str, said: str) -> None:
    """A broken directory says where."""
    path = tmp_path / "units.yaml"
    path.write_text(yaml, "utf-8")
    with pytest.raises(content.ContentProblem, match=said) as problem:
        facts.read([content.read(path)])
    assert problem.value.line > 0
