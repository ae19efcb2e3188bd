"""Dossiers of a matter, a period, an older case; and what two officers covered is in none of them, and in nothing shown after."""

import asyncio
import json
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from bot import control, seeding
from bot.commands.log import app as command_line
from bot.dossier import archive, verify
from bot.web import timeline
from models.evidence.exchange import ExchangeEntry
from models.people import person
from tests import labels
from tests.chain import assert_chain
from tests.transcript import ASK, MATTER, REGISTER, VERIFY, office, play

RUNNER = CliRunner()
HIDDEN = "bếp ăn trường học"
COVER = "███ ██ ██████ ███"
OLDER = {
    "reference": "12/2025",
    "unit": "so_y_te",
    "requester": {"name": "Phóng viên cũ", "outlet": "Báo Mẫu"},
    "question": "Câu hỏi trong sổ cũ?",
    "outcome": "answered",
    "pack": "nd-09-2017",
    "received": "2026-02-05T08:00:00+07:00",
    "ended": "2026-02-06T08:00:00+07:00",
    "due": None,
    "content": "0" * 64,
    "row": 2,
}


async def tell(home: Path) -> dict[str, str]:
    """A question whose words come again in its answer and in the title of its matter, covered by two officers; and an older case."""
    async with office(home, REGISTER, VERIFY, ASK, MATTER) as story:
        code = await seeding.invite(story.app, role="officer", name="Cán bộ thứ hai", unit="dic_desk")
        await story.say(story.person("cán bộ hai"), code)
        await play(
            story,
            f"""
            y tế ^ Câu hỏi mới > Có 12 người trong vụ {HIDDEN} nhập viện.
            y tế > [Gửi câu trả lời]
            +31s
            phóng viên < {HIDDEN} nhập viện
            cán bộ > /chephu $YC
            cán bộ > 1
            cán bộ > {HIDDEN}
            cán bộ > Tên trường liên quan đến trẻ em.
            cán bộ hai < 1 nội dung khác của hồ sơ cũng được che
            cán bộ hai > [Đồng ý che]
            cán bộ < Đã che một phần
            cán bộ > /chephu $VV
            cán bộ > 1
            cán bộ > {HIDDEN}
            cán bộ > Tên trường liên quan đến trẻ em.
            cán bộ hai > [Đồng ý che]
            cán bộ < Đã che một phần
            phóng viên > /theodoi
            """,
        )
        said = {"command": "cases.import", "source": "so-cu.xlsx", "rows": [OLDER]}
        assert (await control.perform(story.app, said))["ok"]
        async with story.app.machine.database.read() as store:
            await assert_chain(store)
            shown = [await _seen(store, story.person(name).chat) for name in ("phóng viên", "y tế", "cán bộ hai")]
            older = await store.scalar(_imported())
        assert not [text for page in shown for text in page if HIDDEN in text]
        assert any(COVER in text for text in shown[0])
        codes = {**story.codes, "older": str(older)}
        await play(story, f"cán bộ > /nhatky {older}", "cán bộ < nhập từ danh sách trước đây")
        return codes


async def _seen(store: Any, chat: str) -> list[str]:
    """What the bot has told a chat, as its page shows it now."""
    events = await timeline.after(store, await person.account(store, "web", chat), chat, 0)
    return [event["text"] for event in events if event["kind"] != "said" and event["text"]]


def _imported() -> Any:
    from sqlmodel import select

    return select(ExchangeEntry.case_code).where(ExchangeEntry.action == "case.imported")


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """A HOME after the story, and its codes."""
    home = tmp_path_factory.mktemp("kinds")
    return home, asyncio.run(tell(home))


def run(home: Path, *words: str) -> tuple[int, str]:
    """`phatngon log …` on a HOME."""
    result = RUNNER.invoke(command_line, list(words), env={"PHATNGON_HOME": str(home)})
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output


def texts_of(path: Path, folder: Path) -> dict[str, str]:
    """Every member as text; of the PDF, what stands on it."""
    found: dict[str, str] = {}
    with zipfile.ZipFile(path) as opened:
        for name in opened.namelist():
            if name.endswith(".pdf") and shutil.which("pdftotext"):
                paper = folder / "ho-so.pdf"
                paper.write_bytes(opened.read(name))
                said = subprocess.run(["pdftotext", "-layout", paper, "-"], capture_output=True, check=True).stdout.decode()
                found[name] = " ".join(said.split())
            elif not name.endswith(".pdf"):
                found[name] = opened.read(name).decode()
    return found


@pytest.mark.parametrize(
    ("kind", "wanted", "holds"),
    [
        ("--inquiry", "$YC", ["Phóng Viên Mẫu", COVER, "Thời hạn và cách tính"]),
        ("--matter", "$VV", ["Tên vụ việc", "Ngộ độc tại", COVER, "Phóng Viên Mẫu", "mở vụ việc"]),
        ("--inquiry", "older", ["Phóng viên cũ", "so-cu.xlsx", "Câu hỏi trong sổ cũ?"]),
        ("--period", "2026-11-23..2026-11-24", ["Phóng Viên Mẫu", "Phóng viên cũ", COVER, "Các mục khác của nhật ký"]),
    ],
)
def test_every_kind_verifies_and_holds_no_covered_word(
    told: tuple[Path, dict[str, str]], tmp_path: Path, kind: str, wanted: str, holds: list[str]
) -> None:
    """Nothing in the whole archive repeats the covered words; the verifier says what is covered and where it is named."""
    home, out = Path(shutil.copytree(told[0], tmp_path / "home")), tmp_path / "ho-so.zip"
    code, said = run(home, "export", kind, told[1].get(wanted, wanted), "--out", str(out))
    assert code == 0, said
    manifest, _, covered = verify.check_path(out)
    members = texts_of(out, tmp_path)
    assert not [name for name, text in members.items() if HIDDEN in text]
    assert not [part for part in holds if part not in members["ho-so.html"]]
    assert [part for part in holds if "ho-so.pdf" in members and part not in members["ho-so.pdf"]] == []
    expected = {"$YC": 2, "$VV": 3, "older": 0, "2026-11-23..2026-11-24": 3}[wanted]
    assert [line.startswith("Che / masked") and "words withheld" in line for line in covered] == [True] * expected
    withheld = [row for row in json.loads(members["items.json"])["items"] if row.get("masked")]
    assert [(row["salt"], HIDDEN in row["text"]) for row in withheld] == [(None, False)] * expected
    assert run(home, "verify", "--file", str(out))[0] == 0
    last = run(home, "verify")
    assert last[0] == 0
    assert manifest["entries"] == len(json.loads(members["entries.json"]))


def test_a_period_misses_nothing(told: tuple[Path, dict[str, str]], tmp_path: Path) -> None:
    """An entry taken out of a period is named, whichever it is, even where the rest is sealed anew."""
    home, out = Path(shutil.copytree(told[0], tmp_path / "home")), tmp_path / "ky.zip"
    assert run(home, "export", "--period", "2026-11-23..2026-11-23", "--out", str(out))[0] == 0
    with zipfile.ZipFile(out) as opened:
        manifest, entries = json.loads(opened.read("manifest.json")), json.loads(opened.read("entries.json"))
    assert verify.check_entries(manifest, entries)
    for at in (0, 3, len(entries) - 1):
        with pytest.raises(verify.Wrong, match=r"entry \d+"):
            verify.check_entries(manifest, [*entries[:at], *entries[at + 1 :]])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--inquiry", "YC-0000000", "--matter", "VV-0000000"), "đúng một trong ba"),
        ((), "đúng một trong ba"),
        (("--matter", "VV-123"), "không phải là mã vụ việc"),
        (("--matter", "VV-0000000"), "Không có hồ sơ"),
        (("--period", "hôm qua"), "không phải là một kỳ"),
        (("--period", "2026-02-02..2026-02-01"), "không phải là một kỳ"),
        (("--period", "2020-01-01..2020-12-31"), "không có mục nào"),
    ],
)
def test_bad_words_get_one_sentence(told: tuple[Path, dict[str, str]], tmp_path: Path, words: tuple[str, ...], said: str) -> None:
    """What is wrong and what to do; nothing is written."""
    code, answer = run(told[0], "export", *words, "--out", str(tmp_path / "x.zip"))
    assert (code, said in answer, answer.count("\n")) == (1, True, 1)
    assert list(tmp_path.iterdir()) == []


def test_an_interrupted_export_leaves_nothing(told: tuple[Path, dict[str, str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C in the middle of writing: no half file, no entry, and an older file of that name is as it was."""
    home, out = Path(shutil.copytree(told[0], tmp_path / "home")), tmp_path / "ho-so.zip"
    out.write_bytes(b"the one from yesterday")

    def stopped(*_with: object) -> None:
        assert out.with_name("ho-so.zip.part").exists()
        raise KeyboardInterrupt

    monkeypatch.setattr(archive, "_texts", stopped)
    result = RUNNER.invoke(command_line, ["export", "--inquiry", told[1]["$YC"], "--out", str(out)], env={"PHATNGON_HOME": str(home)})
    assert result.exit_code != 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["ho-so.zip", "home"]
    assert out.read_bytes() == b"the one from yesterday"


def test_every_fact_of_an_entry_has_a_label() -> None:
    """Whatever code writes into an entry is read by people: `dossier.detail_…` in the texts, or `detail.ELSEWHERE`."""
    assert not sorted({f"{key} ({where})" for name, where in labels.names_in_source() for key in labels.unsaid("log.exported", [name])})
    assert not sorted({key for action in labels.actions_in_source() for key in labels.unsaid(action, [])})


def test_a_missing_label_is_found() -> None:
    """The check can fail."""
    assert labels.unsaid("log.melted", ["due", "flavour"]) == ["history.log_melted", "dossier.detail_flavour"]
