"""A dossier verifies alone, and whatever is done to it is found and named."""

import hashlib
import json
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, seed
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from bot import control
from bot.dossier import verify
from bot.dossier.export import NotRecorded
from tests.bot.log_story import PHRASE, Told

Members = dict[str, bytes]
Work = Callable[[Members], object]


@pytest.fixture(scope="module")
def dossier(told: Told, tmp_path_factory: pytest.TempPathFactory) -> Members:
    """The members of an exported dossier."""
    folder = tmp_path_factory.mktemp("dossier")
    copy = told.copy(folder)
    copy.export(folder / "ho-so.zip")
    assert copy.check(head=True).problem is None
    with zipfile.ZipFile(folder / "ho-so.zip") as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def checked(members: Members) -> str:
    """What the verifier says is wrong; empty if nothing is."""
    try:
        verify.check(members.__getitem__, list(members))
    except verify.Wrong as wrong:
        return str(wrong)
    except (ValueError, KeyError, TypeError) as error:
        return f"unreadable: {error}"
    return ""


def resealed(members: Members) -> Members:
    """The manifest made anew, as somebody without the key could."""
    manifest = json.loads(members["manifest.json"])
    names = sorted(members.keys() - {"manifest.json"})
    manifest["files"] = {name: hashlib.sha256(members[name]).hexdigest() for name in names}
    return members | {"manifest.json": verify.plain(manifest).encode()}


def edit(name: str, change: Callable[[Any], object]) -> Work:
    """Change one JSON member."""

    def work(members: Members) -> None:
        value = json.loads(members[name])
        change(value)
        members[name] = json.dumps(value, ensure_ascii=False).encode()

    return work


def entry(number: int, old: str, new: str) -> Work:
    """Change the text of one entry."""
    return edit("entries.json", lambda rows: rows[number].update(entry=rows[number]["entry"].replace(old, new, 1)))


def lines(change: Callable[[list[str]], object]) -> Work:
    """Change the list of bare digests."""

    def work(members: Members) -> None:
        digests = members["digests.txt"].decode().split()
        change(digests)
        members["digests.txt"] = "\n".join(digests).encode()

    return work


def hide_last(members: Members) -> None:
    """The case's last entry becomes one bare digest among the others."""
    rows = json.loads(members["entries.json"])
    last = rows.pop()
    members["entries.json"] = json.dumps(rows).encode()
    at = last["seq"] - 1 - len(rows)
    lines(lambda digests: digests.insert(at, hashlib.sha256(last["entry"].encode()).hexdigest()))(members)


def text(change: Callable[[dict[str, Any]], object], kind: str = "answer") -> Work:
    """Change one text that entries name."""
    return edit("items.json", lambda held: change(next(i for i in held["items"] if i["kind"] == kind)))


def a_file(change: Callable[[dict[str, Any]], object]) -> Work:
    """Change what is said of the file that stays."""
    return edit("items.json", lambda held: change(next(f for f in held["files"] if not f["erased"])))


def other_bytes(members: Members) -> None:
    """The file itself."""
    name = next(name for name in members if name.startswith("files/"))
    members[name] += b"."


TAMPERINGS: list[tuple[str, Work, str]] = [
    ("flip a byte of an entry", entry(2, '"v":1', '"v":2'), "does not follow the case's last"),
    ("flip a byte of the last entry", entry(-1, '"v":1', '"v":2'), "broken at entry"),
    ("a blank in an entry", entry(2, ":", ": "), "is not in canonical form"),
    ("drop an entry", edit("entries.json", lambda rows: rows.pop(2)), "does not follow the case's last"),
    ("drop the last entry", edit("entries.json", lambda rows: rows.pop()), "last entries are missing"),
    ("hide the last entry", hide_last, "last entries are missing"),
    ("swap two entries", edit("entries.json", lambda rows: rows.insert(1, rows.pop(2))), "does not follow the case's last"),
    ("repeat an entry", edit("entries.json", lambda rows: rows.insert(1, rows[0])), "does not follow the case's last"),
    ("flip a digest", lines(lambda d: d.__setitem__(3, d[3][::-1])), "broken at entry"),
    ("no digest", lines(lambda d: d.__setitem__(3, "x" * 64)), "has no digest"),
    ("drop a digest", lines(lambda d: d.pop(3)), "missing or added"),
    ("insert a digest", lines(lambda d: d.insert(3, "0" * 64)), "missing or added"),
    ("swap two digests", lines(lambda d: d.insert(3, d.pop(4))), "broken at entry"),
    ("cut the tail off", lines(lambda d: d.pop()), "missing or added"),
    (
        "cut the tail off, head too",
        lambda m: [lines(lambda d: d.pop())(m), edit("head.json", lambda h: h.update(seq=h["seq"] - 1))(m)],
        "has no digest",
    ),
    ("another head", edit("head.json", lambda h: h.update(hash="0" * 64)), "does not lead to the signed head"),
    ("another day", edit("head.json", lambda h: h.update(day="2026-01-01")), "head's signature is wrong"),
    ("change a text", text(lambda i: i.update(text=i["text"] + ".")), "content differs"),
    ("change a salt", text(lambda i: i.update(salt="0" * 64)), "content differs"),
    ("blank a text", text(lambda i: i.update(text=None, salt=None, erased=True)), "erased or covered without a decision"),
    ("drop a text", text(lambda i: i.update(digest="0" * 64)), "a content is missing"),
    ("change a file", other_bytes, "content differs"),
    ("blank a file", a_file(lambda f: f.update(erased=True)), "erased or covered without a decision"),
    ("change the page", lambda m: m.update({"ho-so.html": m["ho-so.html"] + b" "}), "dossier's signature is wrong"),
    ("change the verifier", lambda m: m.update({"verify.py": b"print('GOOD')"}), "dossier's signature is wrong"),
    ("add a member", lambda m: m.update({"them.txt": b"x"}), "dossier's signature is wrong"),
]


@pytest.mark.parametrize(("work", "what"), [t[1:] for t in TAMPERINGS], ids=[t[0] for t in TAMPERINGS])
def test_every_tampering_is_found_and_named(dossier: Members, work: Work, what: str) -> None:
    """By the manifest; and, where somebody made the manifest anew, by what does not fit."""
    changed = dict(dossier)
    work(changed)
    names = [name for name in {*changed, *dossier} if changed.get(name) != dossier.get(name)]
    assert any(name in checked(changed) for name in names)
    found = checked(resealed(changed))
    assert found
    assert what in found


@pytest.mark.parametrize("name", ["head.json", "verify.py", "digests.txt"])
def test_a_missing_member_is_named(dossier: Members, name: str) -> None:
    """Nothing may be left out."""
    assert name in checked({n: c for n, c in dossier.items() if n != name})


def test_an_erased_question_still_verifies(dossier: Members) -> None:
    """The words are nowhere in the dossier, the tombstone is, and everything fits."""
    assert checked(dossier) == ""
    assert not [name for name, content in dossier.items() if PHRASE.encode() in content]
    held = json.loads(dossier["items.json"])
    assert [item["text"] for item in held["items"] if item["kind"] == "question"] == [None, None]
    assert sorted(file["erased"] for file in held["files"]) == [False, True]


def test_the_page_reads_well_and_escapes(dossier: Members) -> None:
    """Who asked, what was answered and by whom; no sentence is missing its words."""
    page = dossier["ho-so.html"].decode()
    for part in (
        "Phóng Viên Mẫu",
        "Có 12 người nhập viện",
        "Nguồn phát ngôn: Người phát ngôn Sở Y tế",
        "đã xóa một nội dung",
        "Xin gửi thêm",
    ):
        assert part in page
    assert 'href="files/' in page
    assert "Nội dung đã được xóa theo quyết định của hai cán bộ" in page
    assert "script" not in page
    assert "so_y_te" not in page
    assert "không được sử dụng" not in page


def test_the_paper_has_no_erased_word(dossier: Members, tmp_path: Path) -> None:
    """The PDF says what the page says, and that something was erased; the erased words are not in it."""
    assert dossier["ho-so.pdf"].startswith(b"%PDF-")
    (tmp_path / "ho-so.pdf").write_bytes(dossier["ho-so.pdf"])
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is not on this machine")
    ran = subprocess.run(["pdftotext", "-layout", tmp_path / "ho-so.pdf", "-"], capture_output=True, check=True)
    said = " ".join(ran.stdout.decode().split())
    assert PHRASE not in said
    for part in ("Có 12 người nhập viện", "Nội dung đã được xóa", "Thời hạn và cách tính", "Mã SHA-256", "python3 verify.py"):
        assert part in said


@pytest.mark.parametrize("by", ["folder", "zip"])
def test_the_verifier_runs_without_the_product(dossier: Members, tmp_path: Path, by: str) -> None:
    """`python -I`, no product on the path; good exits 0, a changed dossier 1 with its first problem."""
    names, said = dict(dossier), ""
    for round_, expected in enumerate((0, 1)):
        folder = tmp_path / str(round_)
        for name, content in names.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content)
        with zipfile.ZipFile(folder.with_suffix(".zip"), "w") as archive:
            for name, content in names.items():
                archive.writestr(name, content)
        target = [str(folder.with_suffix(".zip"))] if by == "zip" else []
        ran = subprocess.run([sys.executable, "-I", folder / "verify.py", *target], capture_output=True, cwd=tmp_path, check=False)
        said = ran.stdout.decode()
        assert ran.returncode == expected, said + ran.stderr.decode()
        assert ("GOOD" in said) == (expected == 0)
        entry(2, '"v":1', '"v":2')(names)
    assert "entries.json" in said


def test_the_verifier_stands_alone_and_stays_small() -> None:
    """At most 230 lines, standard library only, readable by Python 3.8."""
    import ast

    source = Path(verify.__file__).read_text("utf-8")
    tree = ast.parse(source, feature_version=(3, 8))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert imported <= {"__future__", "hashlib", "json", "re", "sys", "zipfile", "pathlib", "typing"}
    assert len(source.splitlines()) <= 230


def test_another_key_is_not_trusted(dossier: Members) -> None:
    """Whoever knows the press office's key can insist on it."""
    with pytest.raises((verify.Wrong, ValueError)):
        verify.check(dossier.__getitem__, list(dossier), "0" * 64)
    manifest, head, _ = verify.check(dossier.__getitem__, list(dossier), json.loads(dossier["head.json"])["key"])
    assert manifest["case"] in dossier["ho-so.html"].decode()
    assert head["seq"] > manifest["entries"]


@seed(20261123)
@hypothesis_settings(max_examples=60, deadline=None, database=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_flipped_byte_passes(dossier: Members, data: st.DataObject) -> None:
    """Any byte of any member; the manifest made anew, or not."""
    name = data.draw(st.sampled_from(sorted(dossier)))
    at, mask = data.draw(st.integers(0, len(dossier[name]) - 1)), data.draw(st.integers(1, 255))
    content = bytearray(dossier[name])
    content[at] ^= mask
    changed = dict(dossier) | {name: bytes(content)}
    assert checked(changed)
    if name != "manifest.json":
        assert checked(resealed(changed))


def test_an_export_that_is_not_recorded_leaves_nothing(told: Told, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No dossier without its entry, and never half a file."""

    async def refuse(_settings: object, _wanted: object) -> dict[str, Any]:
        return {"ok": False, "problem": "đĩa đầy"}

    monkeypatch.setattr(control, "ask", refuse)
    out = tmp_path / "out" / "ho-so.zip"
    with pytest.raises(NotRecorded, match="đĩa đầy"):
        told.copy(tmp_path).export(out)
    assert list(out.parent.iterdir()) == []
