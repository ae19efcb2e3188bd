"""The router's parts: words, frames, shorthand, phrases, typing errors, accents, learning, rules."""

from datetime import date
from pathlib import Path

import pytest

from bot import routing
from models import content
from models.routing import Learned, Lexicon, Router, lexicon
from models.routing.accents import Accents
from models.routing.bm25 import Bm25
from models.routing.frames import Abbreviations, Frames
from models.routing.learned import MOST, boost, learn, unlearn
from models.routing.phrases import Phrases
from models.routing.rules import preview
from models.routing.split import Splitter
from models.routing.typos import Typos
from models.routing.words import accented, flat, is_syllable, keys, words

DAY = date(2025, 10, 1)


@pytest.mark.parametrize(("one", "other"), [("hoà", "hòa"), ("Thuý", "thúy"), ("kĩ", "kỹ"), ("QUÝ", "quí")])
def test_two_spellings_of_one_syllable_are_one(one: str, other: str) -> None:
    """Two spellings of one syllable are one."""
    assert keys(one) == keys(other)


@pytest.mark.parametrize(
    ("word", "possible"), [("nguyen", True), ("khuyeu", False), ("nghieng", True), ("pomina", False), ("vienn", False), ("qui", True)]
)
def test_what_can_be_a_syllable(word: str, possible: bool) -> None:
    """What can be a syllable."""
    assert is_syllable(word) is possible


def test_flat_text_keeps_every_place() -> None:
    """Flat text keeps every place."""
    assert flat("Đường Bà Triệu – İ") == "duong ba trieu – i"
    assert len(flat("ẨM ƯỚT")) == len("ẨM ƯỚT")


@pytest.mark.parametrize(
    ("text", "marked"), [("Đường hỏng", True), ("duong hong", False), ("the road in Huế is closed to all", False), ("", False)]
)
def test_who_types_with_diacritics(text: str, marked: bool) -> None:
    """Who types with diacritics."""
    assert accented(words(text)) is marked


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Chào anh, em là phóng viên báo X. Cho em hỏi bao giờ có điện?", "bao giờ có điện?"),
        ("bao giờ có điện ạ, em cảm ơn anh", "bao giờ có điện ạ"),
        ("Kính gửi Sở Y tế: xin hỏi bao giờ có thuốc", "bao giờ có thuốc"),
        ("Chào mừng quốc khánh có bắn pháo hoa không?", "Chào mừng quốc khánh có bắn pháo hoa không?"),
    ],
)
def test_frames_come_off_and_the_question_stays(words: Lexicon, text: str, left: str) -> None:
    """Frames come off and the question stays."""
    assert Frames(words).strip(text) == left


@pytest.mark.parametrize(
    ("text", "long"),
    [
        ("BV thiếu thuốc", "bệnh viện thiếu thuốc"),
        ("P. Thuận An và P.Vỹ Dạ", "phường  Thuận An và phường Vỹ Dạ"),
        ("da xong DA chưa", "da xong dự án chưa"),
        ("sở X", "sở X"),
    ],
)
def test_shorthand_is_written_out(words: Lexicon, text: str, long: str) -> None:
    """Shorthand is written out."""
    assert Abbreviations(words.abbreviations).expand(text).split() == long.split()


def test_the_longest_phrase_wins_and_one_syllable_must_be_exact() -> None:
    """The longest phrase wins and one syllable must be exact."""
    known = Phrases([("tai nạn giao thông", "police"), ("giao thông", "roads"), ("thuế", "tax")])
    assert [f.key for f in known.find(words("tai nạn giao thông"), accented=True)] == ["police"]
    assert known.find(words("người thuê nhà"), accented=True) == []
    assert [f.quality for f in known.find(words("nguoi thue nha"), accented=False)] == [0.35]


def test_a_typing_error_is_mended_and_a_foreign_name_is_not() -> None:
    """A typing error is mended and a foreign name is not."""
    typos = Typos(["bệnh viện", "thiếu thuốc"])
    mended = typos.mended(words("Benhj viện Pomina thiêuu thuốc"), proper_names=True)
    assert [word.folded for word in mended] == ["benh", "vien", "pomina", "thieu", "thuoc"]


def test_diacritics_come_back_where_the_words_are_known() -> None:
    """Diacritics come back where the words are known."""
    accents = Accents(["bệnh viện thiếu thuốc", "bao giờ có thuốc", "thước dây"])
    assert accents.restore("Bao gio benh vien co thuoc Xyz?") == "Bao giờ bệnh viện có thuốc Xyz?"
    assert accents.restore("Bệnh viện đã có") == "Bệnh viện đã có"


def test_units_with_the_same_fields_share_a_row() -> None:
    """Units with the same fields share a row."""
    index = Bm25({"a": "thu gom rac", "b": "thu gom rac", "c": "cap dien"}, frozenset())
    scores = index.scores(["gom", "rac"])
    assert scores["a"] == scores["b"] > 0
    assert "c" not in scores


@pytest.mark.parametrize(
    ("text", "count"), [("Vì sao mất điện, khi nào có lại?", 2), ("Vì sao mất điện ở chợ, trường và bệnh viện", 0), ("", 0)]
)
def test_only_parts_that_ask_are_parts(words: Lexicon, text: str, count: int) -> None:
    """Only parts that ask are parts."""
    assert len(Splitter(words).clauses(text)) == count


def test_learning_is_bounded_dated_and_can_be_undone() -> None:
    """Learning is bounded dated and can be undone."""
    counts = learn({}, ["dien"], "so_cong_thuong", DAY)
    assert counts == {("dien", "so_cong_thuong"): Learned(1, DAY, DAY)}
    assert unlearn(counts, ["dien"], "so_cong_thuong", DAY) == {}
    assert boost(Learned(10_000, DAY, DAY), DAY) == MOST
    assert boost(Learned(5, DAY, DAY), date(2025, 9, 30)) == 0.0


def test_what_was_learned_moves_a_unit_up_and_says_so(router: Router) -> None:
    """What was learned moves a unit up and says so."""
    text = "Giá điện áp mái bán lên lưới"
    before = {unit.id: unit.score for unit in router.route(text).units}
    counts = {(concept, "so_khcn"): Learned(50, DAY, DAY) for concept in router.route(text).concepts}
    after = {unit.id: unit for unit in routing.build(DAY, semantic=False, counts=counts).route(text).units}
    assert after["so_khcn"].score > before.get("so_khcn", 0)
    assert "trước đây" in after["so_khcn"].reason


def test_a_rule_can_be_tried_before_it_counts(router: Router) -> None:
    """A rule can be tried before it counts."""
    rule = lexicon.Rule({"bql_kkt": 1.0}, "thử", concept="moi_truong", place="khu công nghiệp", sender="reporter")
    texts = ["Ô nhiễm trong khu công nghiệp Phú Bài", "Ô nhiễm ở bãi biển", "Lương trong khu công nghiệp"]
    assert preview(router.known, rule, texts, sender="reporter") == [texts[0]]
    assert preview(router.known, rule, texts, sender="citizen") == []


@pytest.mark.parametrize(
    ("yaml", "said"),
    [
        ("concepts: {a: {terms: x}}", "cần `units` và `terms`"),
        ("concepts: {a: 3}", "cần `units` và `terms`"),
        ("concepts: {a: {units: {so_y_te: cao}, terms: x}}", "phải là số"),
        ("rules: [{units: {so_y_te: 1}}]", "quy tắc cần"),
    ],
)
def test_a_broken_lexicon_says_where(tmp_path: Path, yaml: str, said: str) -> None:
    """A broken lexicon says where."""
    path = tmp_path / "routing.yaml"
    path.write_text(yaml, "utf-8")
    with pytest.raises(content.ContentProblem, match=said):
        lexicon.read(content.read(path))


class _Far:
    """A semantic layer that finds everything nearest to the tax office."""

    def similarities(self, text: str) -> dict[str, float]:
        return {"thue_tinh": 0.9, "so_y_te": 0.1, "so_gddt": 0.1, "area": 0.1} if text else {}


def test_a_semantic_layer_is_laid_beside_the_words() -> None:
    """A semantic layer is laid beside the words."""
    router = routing.build(DAY, semantic=False)
    router.use(_Far())
    found = router.route("Chuyện lạ lùng ngoài bãi").units
    assert found[0].id == "thue_tinh"
    assert "nghĩa" in found[0].reason
    assert router.route("Ngộ độc thực phẩm, nhiều người nhập viện").units[0].id == "so_y_te"


def test_both_languages_say_the_same_things() -> None:
    """Both languages say the same things."""
    assert set(routing.texts("vi")) == set(routing.texts("en"))
