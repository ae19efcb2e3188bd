"""`phatngon route` keeps its contract, with and without the semantic extra."""

import json
from datetime import date
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from bot import routing, semantic
from bot.commands.route import route

app = typer.Typer()
app.command()(route)
RUN = CliRunner()
DAY = date(2025, 8, 1)


def test_one_question_is_explained_in_vietnamese() -> None:
    """Action, unit, score and reason stand on the terminal."""
    said = RUN.invoke(app, ["Vụ ngộ độc thực phẩm làm 20 người nhập viện", "--no-semantic", "--on", "2025-08-01"])
    assert said.exit_code == 0
    assert said.stdout.startswith("Chọn một đơn vị")
    assert "so_y_te" in said.stdout
    assert "→ Sở Y tế" in said.stdout


def test_a_file_gives_one_line_for_each(tmp_path: Path) -> None:
    """JSON lines by the contract; help is the desk's with abstention."""
    cases = tmp_path / "cases.jsonl"
    cases.write_text('{"id": "a", "text": "Bao giờ có điện lại?"}\n\n{"id": 7, "text": "alo"}\n', "utf-8")
    said = RUN.invoke(app, ["--file", str(cases), "--no-semantic"])
    rows = [json.loads(line) for line in said.stdout.splitlines()]
    assert [set(row) for row in rows] == [{"id", "action", "units", "abstain"}] * 2
    assert [(row["id"], row["action"], row["abstain"]) for row in rows] == [("a", "choose", False), (7, "desk", True)]
    assert rows[0]["units"][0]["id"] == "dien_luc"
    assert set(rows[0]["units"][0]) == {"id", "score", "reason"}


@pytest.mark.parametrize("arguments", [[], ["câu hỏi", "--file", "x.jsonl"], ["--file", "khong-co.jsonl", "--no-semantic"]])
def test_what_cannot_be_run_is_refused(arguments: list[str]) -> None:
    """Neither a question nor a file, both, or a file that is not there."""
    assert RUN.invoke(app, arguments).exit_code == 2


def test_a_broken_line_is_named(tmp_path: Path) -> None:
    """The file and the line stand in the message."""
    cases = tmp_path / "cases.jsonl"
    cases.write_text('{"id": "a", "text": "x"}\n{"id": "b"}\n', "utf-8")
    said = RUN.invoke(app, ["--file", str(cases), "--no-semantic"])
    assert said.exit_code == 2
    assert ":2" in said.output


def test_without_the_extra_the_words_suffice(monkeypatch: pytest.MonkeyPatch) -> None:
    """The default looks whether the layer is there and goes without."""
    monkeypatch.setattr(semantic, "installed", lambda: False)
    assert RUN.invoke(app, ["Bao giờ có điện lại?"]).exit_code == 0


@pytest.mark.skipif(not semantic.installed(), reason="the semantic extra is not installed")
def test_with_the_extra_meaning_is_heard(tmp_path: Path) -> None:
    """A small directory is embedded once, kept, and read again."""
    router = routing.build(DAY, semantic=False)
    known = router.known
    matters = [("tiền thuế, trốn thuế", {"thue_tinh": 1.0}), ("bệnh viện, thuốc chữa bệnh", {"so_y_te": 1.0})]
    near = semantic.Meaning(known, tmp_path, matters).similarities("người ốm thiếu thuốc uống")
    assert near["so_y_te"] > near["thue_tinh"]
    assert semantic.Meaning(known, tmp_path, matters).similarities("người ốm thiếu thuốc uống") == near
    assert len(list(tmp_path.glob("*.npy"))) == 1
