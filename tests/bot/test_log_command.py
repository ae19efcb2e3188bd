"""`phatngon log`: one readable sentence, and an exit status a script can use."""

import zipfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.commands.log import app
from bot.watch.heads import key_of
from models.texts import Texts
from tests.bot.log_story import Told, settings

RUNNER = CliRunner()


def run(home: Path, *words: str) -> tuple[int, str]:
    """Run a command on a HOME; exit status and everything it said."""
    result = RUNNER.invoke(app, list(words), env={"PHATNGON_HOME": str(home)})
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output


def test_a_good_log(told: Told, tmp_path: Path) -> None:
    """How many entries, which head, how many files."""
    code, said = run(told.copy(tmp_path).home, "verify", "--files")
    assert (code, told.head.hash in said, "1 tệp" in said) == (0, True, True)


def test_the_first_bad_entry_is_named(told: Told, tmp_path: Path) -> None:
    """In Vietnamese, with its number."""
    copy = told.copy(tmp_path)
    copy.change(lambda c: c.execute("UPDATE exchange_entry SET action = 'x' WHERE seq = 5"))
    assert run(copy.home, "verify") == (1, "Mục 5: cột action khác với nội dung mục.\n")


def test_a_head_finds_a_truncated_tail(told: Told, tmp_path: Path) -> None:
    """Kept by an officer, as a file; a changed one, or another log's, is refused."""
    copy = told.copy(tmp_path)
    kept = tmp_path / "kept.json"
    kept.write_text(told.head.json())
    assert run(copy.home, "verify", "--head", str(kept))[0] == 0
    copy.change(lambda c: c.execute("DELETE FROM exchange_entry WHERE seq = ?", (told.head.seq,)))
    code, said = run(copy.home, "verify", "--head", str(kept))
    assert (code, f"Mục {told.head.seq}: không còn" in said) == (1, True)
    kept.write_text(told.head.json().replace("2026", "2027"))
    assert "chữ ký không đúng" in run(copy.home, "verify", "--head", str(kept))[1]


def test_a_head_of_another_log_is_refused(told: Told, tmp_path: Path) -> None:
    """Its number and hash may fit; nobody here has ever signed with that key."""
    copy = told.copy(tmp_path)
    statement = f"phatngon-head-v1\n{told.head.day}\n{told.head.seq}\n{told.head.hash}\n".encode()
    signature, key = key_of(tmp_path / "elsewhere").sign(statement)
    kept = tmp_path / "kept.json"
    kept.write_text(type(told.head)(told.head.seq, told.head.hash, told.head.day, signature, key).json())
    code, said = run(copy.home, "verify", "--head", str(kept))
    assert (code, "khóa khác" in said) == (1, True)


def test_export_and_verify_the_file(told: Told, tmp_path: Path) -> None:
    """The export is an entry, the officers have its head, the file verifies by the same command."""
    copy = told.copy(tmp_path)
    out = tmp_path / "ho-so.zip"
    code, said = run(copy.home, "export", "--inquiry", told.code.lower(), "--out", str(out))
    assert (code, told.code in said) == (0, True)
    assert run(copy.home, "verify", "--file", str(out))[0] == 0
    report = copy.check(head=True)
    assert (report.problem, report.head.seq) == (None, told.head.seq + 2)  # the copied disk was noticed and fenced; then the export
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("them.txt", "x")
    code, said = run(copy.home, "verify", "--file", str(out))
    assert (code, "them.txt" in said) == (1, True)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("export", "--inquiry", "YC-1234567", "--out", "x.zip"), "không phải là mã"),
        (("export", "--inquiry", "YC-0000000", "--out", "x.zip"), "Không có hồ sơ"),
        (("verify", "--head", "khong-co.json"), "không đọc được"),
        (("verify", "--file", "khong-co.zip"), "Không đọc được"),
    ],
)
def test_bad_words_get_one_sentence(told: Told, tmp_path: Path, words: tuple[str, ...], said: str) -> None:
    """What is wrong, exit 1, nothing written."""
    copy = told.copy(tmp_path)
    code, answer = run(copy.home, *words)
    assert (code, said in answer, answer.count("\n")) == (1, True, 1)
    assert not Path("x.zip").exists()


def test_no_log_is_said_and_none_is_made(tmp_path: Path) -> None:
    """Looking for a log must not make one."""
    code, said = run(tmp_path / "nowhere", "verify")
    assert (code, "Chưa có nhật ký" in said) == (1, True)
    assert not (tmp_path / "nowhere").exists()


def test_a_missing_file_stops_the_export(told: Told, tmp_path: Path) -> None:
    """Nothing is written that could not be verified."""
    copy = told.copy(tmp_path)
    next(path for path in (copy.home / "files").rglob("*") if path.is_file()).unlink()
    code, said = run(copy.home, "export", "--inquiry", told.code, "--out", str(tmp_path / "x.zip"))
    assert (code, "danh-sach.pdf" in said) == (1, True)
    assert not list(tmp_path.glob("x.zip*"))


def test_every_problem_has_its_sentence() -> None:
    """In both languages, none missing."""
    texts = Texts.load(settings(Path("home")).zone)
    assert not [key for _, key in texts.missing() if key.startswith(("log.", "dossier."))]
