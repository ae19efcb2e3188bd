"""`phatngon check` says file, line and what to do; start-up refuses what check refuses."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.app import build
from bot.settings import Settings
from bot.watch.checking import of_content, of_installation, used_keys
from models.content import ContentProblem
from models.directory.unit import Unit
from models.schema import ContentProblems
from models.store import Store
from tests.transcript import office

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


def written(home: Path, name: str, text: str) -> Path:
    """A file of the office's overlay."""
    path = home / "content" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_the_shipped_content_has_no_errors(tmp_path: Path) -> None:
    """Every key the code speaks exists in every language, with the same placeholders."""
    assert [f.text for f in of_content(Settings(home=tmp_path), NOW) if f.error] == []
    assert len(used_keys()) > 150


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("texts/vi/case.yaml", 'none: "chưa\n', ["case.yaml:", "ngoặc kép"]),
        ("texts/vi/case.yaml", "none: 5\n", ["case.yaml:1", "none"]),
        ("texts/vi/case.yaml", 'none: "mã {code"\n', ["case.yaml:1", "ngoặc nhọn"]),
        ("texts/vi/case.yaml", 'none: "a"\nnone: "b"\n', ["case.yaml:2", "hai lần"]),
        ("texts/vi/case.yaml", 'unknown: "không có chỗ điền"\n', ["case.unknown", "chỗ điền khác nhau"]),
        ("texts/vi/moi.yaml", 'cau: "Câu mới"\n', ["texts/en/moi.yaml", "cau"]),
        ("topics.yaml", "topics:\n  - {id: mua}\n", ["topics.yaml:2", "tên tiếng Việt"]),
        ("calendar.yaml", "schema_version: 1\n", ["calendar.yaml:"]),
        ("law/nd-244-2026.yaml", "id: nd-244-2026\n", ["nd-244-2026.yaml:"]),
    ],
)
async def test_a_slip_is_named_with_file_line_and_cure(tmp_path: Path, name: str, text: str, says: list[str]) -> None:
    """Whoever wrote the slip can find it."""
    written(tmp_path, name, text)
    found = "\n".join(f.text for f in of_content(Settings(home=tmp_path), NOW) if f.error)
    for part in says:
        assert part in found


async def test_start_up_refuses_a_broken_file_with_the_same_sentence(tmp_path: Path) -> None:
    """Nothing starts on half-read content."""
    written(tmp_path, "texts/vi/case.yaml", 'none: "chưa\n')
    with pytest.raises((ContentProblem, ContentProblems), match=r"case\.yaml:"):
        await build(Settings(home=tmp_path))


async def test_an_empty_directory_is_said(tmp_path: Path) -> None:
    """An office without units can receive nothing; that is worth a line."""
    found = await of_installation(Settings(home=tmp_path))
    assert any("directory import" in f.text for f in found)


async def test_an_unknown_unit_is_named(tmp_path: Path) -> None:
    """A parent that does not exist, from before imports refused it, is found with the unit that names it; ministries above vertical
    bodies of the shipped directory are not missing.
    """

    async def older(store: Store) -> None:
        store.add(Unit(id="phong_moi", name_vi="Phòng Mới", kind="office", parent="so_khong_co"))

    async with office(tmp_path) as story:
        await story.app.machine.database.write(older)
    found = [f.text for f in await of_installation(Settings(home=tmp_path)) if f.error]
    assert len(found) == 1
    assert "phong_moi" in found[0]
    assert "so_khong_co" in found[0]
