"""Directory files: out and in again without a change, faults with their place, nothing taken from a broken file, bounds."""

import json
import time
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from sqlmodel import func, select
from typer.testing import CliRunner

from bot import sheets
from bot.commands.directory import app, preview
from bot.control import perform
from bot.story import Story
from models.directory import changes
from models.directory.changes import Merge
from models.directory.parts import checked
from models.people.person import Person
from tests.transcript import MONDAY, office

PEOPLE: Sequence[dict[str, str]] = [
    {
        "unit": "so_y_te",
        "name": "Đầu mối truyền thông Sở Y tế",
        "post": "press_officer",
        "position": "Phó Chánh Văn phòng",
        "office_phone": "+84 234 382 2123",
        "office_email": "vanphong@example.vn",
        "phone": "0905 000 001",
        "email": "dau.moi@example.vn",
    },
    {"unit": "Sở Xây dựng", "name": "=Giám đốc Sở Xây dựng", "post": "head", "mandate": "head", "position": "-Giám đốc"},
    {"unit": "so_y_te", "name": "Quản trị trang Sở Y tế", "post": "page_admin", "page": "https://example.vn/trang?a=1;b=2"},
]
MORE = {
    "people": PEOPLE,
    "outlets": [{"id": "dai_mau", "name": "Đài Mẫu", "kind": "radio", "scope": "foreign", "bureau": "12 Lê Lợi; tầng 2"}],
    "residents": [{"outlet": "dai_mau", "name": "Phóng viên thường trú", "office_phone": "0234 111 2222", "phone": "0905000009"}],
}


async def compared(story: Story, rows: Mapping[str, Any]) -> Merge:
    """What rows would change."""
    async with story.app.machine.database.read() as store:
        return await changes.compare(store, rows, MONDAY)


async def imported(story: Story, rows: Mapping[str, Any]) -> None:
    """Import rows as the command does."""
    answer = await perform(story.app, {"command": "directory.import", "source": "test", **rows})
    assert answer["ok"], answer


@pytest.mark.parametrize("form", sheets.FORMATS)
async def test_out_and_in_again_changes_nothing(tmp_path: Path, form: str) -> None:
    """The whole demo directory with people, outlets and resident reporters, in every format, byte for byte the same directory."""
    async with office(tmp_path / "home") as story:
        await imported(story, MORE)
        async with story.app.machine.database.read() as store:
            kept = await changes.export(store, MONDAY)
        out = tmp_path / f"danh-ba.{form}"
        sheets.write(kept, form, out if form != "csv" else tmp_path / "csv")
        merge = await compared(story, sheets.read(out if form != "csv" else tmp_path / "csv").rows)
        assert merge.faults == []
        assert merge.changes == []
        assert len(kept["people"]) > 70
        assert {"dai_mau"} == {row["outlet"] for row in kept["residents"]}


async def test_differences_are_readable(tmp_path: Path) -> None:
    """What is new, what changes from what to what; a private number is not printed; decomposed letters are no difference."""
    async with office(tmp_path) as story:
        await imported(story, MORE)
        name = unicodedata.normalize("NFD", PEOPLE[0]["name"])
        merge = await compared(story, {"people": [{**PEOPLE[0], "name": name, "position": "Chánh Văn phòng", "phone": "0905000002"}]})
    said = "\n".join(preview(merge.changes))
    assert "người: 2 chỗ sửa" in said
    assert "chức vụ: Phó Chánh Văn phòng → Chánh Văn phòng" in said
    assert "0905000002" not in said


# The rows of a part, and what is said of which row (from 0) and column.
FAULTY: Mapping[str, tuple[str, Sequence[dict[str, Any]], tuple[int, str, str]]] = {
    "an unknown unit": ("people", [{"unit": "so_khong_co", "name": "A"}], (0, "unit", "chưa có đơn vị")),
    "no name": ("people", [{"unit": "so_y_te", "name": " "}], (0, "name", "thiếu")),
    "no phone number": ("people", [{"unit": "so_y_te", "name": "A", "phone": "gọi sau"}], (0, "phone", "không phải một số điện thoại")),
    "two numbers in one": ("people", [{"unit": "so_y_te", "name": "A", "phone": "0905000001/0905000002"}], (0, "phone", "một số")),
    "a mail without @": ("people", [{"unit": "so_y_te", "name": "A", "email": "a.example.vn"}], (0, "email", "thư điện tử")),
    "an unknown role": ("people", [{"unit": "so_y_te", "name": "A", "post": "sếp"}], (0, "post", "chọn một trong")),
    "authorised by file": ("people", [{"unit": "so_y_te", "name": "A", "mandate": "authorised"}], (0, "mandate", "chọn một trong")),
    "a misspelt column": ("people", [{"unit": "so_y_te", "name": "A", "chuc_vuu": "x"}], (0, "chuc_vuu", "không có cột này")),
    "the same person twice": ("people", [{"unit": "so_y_te", "name": "A"}, {"unit": "Sở Y tế", "name": "a"}], (1, "name", "đã có ở dòng")),
    "one phone, two names": (
        "people",
        [{"unit": "so_y_te", "name": "A", "phone": "0905 111 111"}, {"unit": "so_y_te", "name": "B", "phone": "+84905111111"}],
        (1, "phone", "trùng với A"),
    ),
    "a unit twice": (
        "units",
        [{"id": "x", "name_vi": "X", "kind": "department"}, {"id": "x", "name_vi": "Y", "kind": "department"}],
        (1, "id", "mã này đã có"),
    ),
    "a parent that is nobody": ("units", [{"id": "x", "name_vi": "X", "kind": "unit", "parent": "y"}], (0, "parent", "không có đơn vị")),
    "an heir that is nobody": ("units", [{"id": "x", "name_vi": "X", "kind": "unit", "successors": "y"}], (0, "successors", "“y”")),
    "its own parent": ("units", [{"id": "x", "name_vi": "X", "kind": "department", "parent": "x"}], (0, "parent", "x → x")),
    "a circle through what is kept": (
        "units",
        [
            {"id": "x", "name_vi": "X", "kind": "department", "parent": "so_y_te"},
            {"id": "so_y_te", "name_vi": "Sở Y tế", "kind": "department", "parent": "x"},
        ],
        (0, "parent", "vòng"),
    ),
    "an id with spaces": ("units", [{"id": "so y te", "name_vi": "X", "kind": "department"}], (0, "id", "không phải mã")),
    "a resident of nobody": ("residents", [{"outlet": "bao_la", "name": "A"}], (0, "outlet", "chưa có cơ quan báo chí")),
    "a novel": ("people", [{"unit": "so_y_te", "name": "A" * 400}], (0, "name", "dài hơn")),
    "a broken second half": (
        "people",
        [*({"unit": "so_y_te", "name": f"Chuyên viên {n}"} for n in range(40)), {"unit": "?", "name": "A"}],
        (40, "unit", "chưa có đơn vị"),
    ),
}


async def test_every_fault_names_its_row_and_nothing_is_taken(tmp_path: Path) -> None:
    """Row, column and why; a file whose second half is broken applies nothing of the first."""
    async with office(tmp_path) as story:
        for name, (part, rows, (row, column, why)) in FAULTY.items():
            merge = await compared(story, {part: rows})
            assert [(f.row, f.column) for f in merge.faults] == [(row, column)], name
            assert why in merge.faults[0].why, name
        async with story.app.machine.database.read() as store:
            before = await store.scalar(select(func.count()).select_from(Person))
        part, rows, _ = FAULTY["a broken second half"]
        answer = await perform(story.app, {"command": "directory.import", "source": "test", part: rows})
        assert not answer["ok"]
        async with story.app.machine.database.read() as store:
            assert await store.scalar(select(func.count()).select_from(Person)) == before


async def test_one_person_in_two_units(tmp_path: Path) -> None:
    """The same private number and name is one person with two posts, whichever way the number is written."""
    rows = [
        {"unit": u, "name": "Kiêm nhiệm", "phone": p, "mandate": "standing"}
        for u, p in (("so_y_te", "0905222222"), ("so_tu_phap", "+84 905.222.222"))
    ]
    async with office(tmp_path) as story:
        await imported(story, {"people": rows})
        async with story.app.machine.database.read() as store:
            assert await store.scalar(select(func.count()).where(Person.name == "Kiêm nhiệm")) == 1
        assert (await compared(story, {"people": rows})).changes == []


async def test_a_mandate_that_changes_ends_the_old_one(tmp_path: Path) -> None:
    """“không” in the column ends it; what was said under it keeps its mandate."""
    row = {"unit": "so_y_te", "name": "Người phát ngôn Sở Y tế", "mandate": "không"}
    async with office(tmp_path) as story:
        await imported(story, {"people": [row]})
        assert (await compared(story, {"people": [row]})).changes == []
        await story.play(["khách > /danhba so y te", "khách < chưa có thông tin người phát ngôn"])


async def test_two_units_with_one_alias(tmp_path: Path) -> None:
    """Taken, pointed out before one says yes; a file that names a unit by it must say which; a search shows both."""
    rows = [
        {"id": f"trung_tam_{n}", "name_vi": f"Trung tâm {n}", "kind": "unit", "aliases": "Nhà xanh", "parent": "so_y_te"} for n in (1, 2)
    ]
    async with office(tmp_path) as story:
        assert (await compared(story, {"units": rows})).notes == ["“Nhà xanh” là tên chung của trung_tam_1, trung_tam_2"]
        await imported(story, {"units": rows})
        merge = await compared(story, {"people": [{"unit": "Nhà xanh", "name": "A"}]})
        assert "chưa có đơn vị" in merge.faults[0].why
        await story.play(
            ["khách > /danhba nha xanh", "khách < Trung tâm 1 | Trung tâm 2 | [Trung tâm 1] [Trung tâm 2]", "khách > [Trung tâm 2]"]
        )


def book(path: Path, rows: Sequence[Sequence[Any]], merged: str | None = None) -> Path:
    """A workbook as an office makes it."""
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    if merged:
        sheet.merge_cells(merged)
    made.save(path)
    return path


HEADS = ["Đơn vị", "Họ tên", "Chức vụ", "Điện thoại riêng"]


def test_a_workbook_as_offices_make_them(tmp_path: Path) -> None:
    """A title above, headings without diacritics, a unit merged over its people, a phone the spreadsheet made a number, a date."""
    rows = [["DANH BẠ NĂM 2026"], [], ["don vi", "HO TEN", "Chức vụ", "Điện thoại riêng"]]
    rows += [["Sở Y tế", "Người A", "Giám đốc", 905123456], [None, "Người B", MONDAY.replace(tzinfo=None), "0905 123 457"]]
    table = sheets.read(book(tmp_path / "a.xlsx", rows, "A4:A5"))
    assert [row["unit"] for row in table.rows["people"]] == ["Sở Y tế", "Sở Y tế"]
    assert table.rows["people"][0]["phone"] == "905123456"
    assert table.rows["people"][1]["position"] == "23/11/2026"
    assert str(table.place("people", 1)) == "a.xlsx, trang “Sheet”, dòng 5"


def test_a_formula_that_was_never_computed(tmp_path: Path) -> None:
    """It would come in as an empty cell; the line is named instead."""
    path = book(tmp_path / "a.xlsx", [HEADS, ["so_y_te", "Người A", "=A2&B2", ""]])
    with pytest.raises(sheets.Unreadable, match=r"dòng 2: công thức chưa có giá trị"):
        sheets.read(path)


def test_a_computed_formula_and_a_date_in_words(tmp_path: Path) -> None:
    """A formula counts by the value the spreadsheet showed last; a date typed as text stays as it was typed."""
    made: Any = xlsxwriter.Workbook(tmp_path / "a.xlsx")
    sheet = made.add_worksheet()
    sheet.write_row(0, 0, HEADS)
    sheet.write_row(1, 0, ["so_y_te", "", "từ ngày 01/07/2025", "0905123456"])
    sheet.write_formula(1, 1, '="Người "&"A"', None, "Người A")
    made.close()
    assert sheets.read(tmp_path / "a.xlsx").rows["people"] == [
        {"unit": "so_y_te", "name": "Người A", "position": "từ ngày 01/07/2025", "phone": "0905123456"}
    ]


BROKEN: Mapping[str, tuple[str, bytes]] = {
    "no workbook": ("a.xlsx", b"PK\x03\x04 nothing"),
    "not UTF-8": ("a.csv", "Đơn vị,Họ tên\n".encode("cp1258", "replace") + b"\xff\xfe"),
    "no headings": ("a.csv", b"x,y\n1,2\n"),
    "an open quote": ("a.csv", b'unit,name\nso_y_te,"A\n'),
    "no JSON": ("a.json", b"{"),
    "a list": ("a.json", b"[1]"),
    "deep": ("a.json", b"[" * 100_000),
    "an unknown part": ("a.yaml", b"nguoi: []\n"),
    "no list": ("a.yaml", b"people: {a: b}\n"),
    "no row": ("a.yaml", b"people: [x]\n"),
    "another kind": ("a.docx", b"x"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_no_directory_file(tmp_path: Path, name: str) -> None:
    """One sentence that names the file, never a traceback."""
    file, raw = BROKEN[name]
    (tmp_path / file).write_bytes(raw)
    with pytest.raises(sheets.Unreadable, match=file.replace(".", r"\.")):
        sheets.read(tmp_path / file)


def test_nothing_leaves_as_a_formula(tmp_path: Path) -> None:
    """CSV cells that begin like one are quoted, and come back as they were; workbook cells are text."""
    rows = {"people": [{"unit": "so_y_te", "name": value} for value in ("=1+1", "+84", "-2", "@x", "'quoted", "'=y")]}
    sheets.write(rows, "csv", tmp_path / "csv")
    text = (tmp_path / "csv" / "people.csv").read_text("utf-8-sig")
    assert not any(cell.startswith(("=", "+", "-", "@")) for line in text.splitlines()[1:] for cell in line.split(","))
    sheets.write(rows, "xlsx", tmp_path / "a.xlsx")
    for path in (tmp_path / "csv", tmp_path / "a.xlsx"):
        assert [row["name"] for row in sheets.read(path).rows["people"]] == [row["name"] for row in rows["people"]]


def test_twenty_thousand_rows(tmp_path: Path) -> None:
    """A workbook of 20,000 people is read and every value checked in seconds."""
    rows = {"people": [{"unit": "so_y_te", "name": f"Chuyên viên {n}", "phone": f"09{n:08d}"} for n in range(20_000)]}
    sheets.write(rows, "xlsx", tmp_path / "a.xlsx")
    begun = time.process_time()
    found, faults = checked("people", sheets.read(tmp_path / "a.xlsx").rows["people"])
    assert time.process_time() - begun < 15
    assert (len(found), faults) == (20_000, [])


def cells(path: Path) -> str:
    """Every word of a workbook."""
    return "\n".join(str(cell.value) for sheet in openpyxl.load_workbook(path) for row in sheet.iter_rows() for cell in row)


def test_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Dry run, import, again, a faulty file, the public list: what somebody at a terminal reads."""
    monkeypatch.setenv("PHATNGON_HOME", str(tmp_path / "home"))
    run = CliRunner()
    (tmp_path / "a.yaml").write_text(
        "units:\n- {id: so_y_te, name_vi: Sở Y tế, kind: department}\n"
        "people:\n- {unit: so_y_te, name: Người phát ngôn, mandate: standing, decision_no: 12/QĐ, phone: '0905000001', office_phone: '02343822123'}\n",
        "utf-8",
    )
    (tmp_path / "b.csv").write_text("Đơn vị;Họ tên;Điện thoại riêng\nso_y_te;Ai đó;123\n", "utf-8")
    said = run.invoke(app, ["import", str(tmp_path / "a.yaml"), "--dry-run"])
    assert said.exit_code == 0
    assert "+ đơn vị so_y_te: Sở Y tế" in said.stdout
    assert "Chưa ghi gì" in said.stdout
    assert "Đã nhập 3 thay đổi." in run.invoke(app, ["import", str(tmp_path / "a.yaml")]).stdout
    assert "Không có gì thay đổi." in run.invoke(app, ["import", str(tmp_path / "a.yaml")]).stdout
    faulty = run.invoke(app, ["import", str(tmp_path / "b.csv"), "--page", str(tmp_path / "b.html")])
    assert "b.csv, dòng 2" in (tmp_path / "b.html").read_text("utf-8")
    changed = (tmp_path / "a.yaml").read_text("utf-8").replace("0905000001", "0905000002").replace("12/QĐ", "<13/QĐ>")
    (tmp_path / "d.yaml").write_text(changed, "utf-8")
    run.invoke(app, ["import", str(tmp_path / "d.yaml"), "--dry-run", "--page", str(tmp_path / "d.html")])
    shown = (tmp_path / "d.html").read_text("utf-8")
    assert "&lt;13/QĐ&gt;" in shown
    assert "0905" not in shown
    assert faulty.exit_code == 1
    assert "✗ b.csv, dòng 2, cột “Điện thoại riêng”" in faulty.stdout
    (tmp_path / "c.yaml").write_text("units:\n- {id: so_moi, name_vi: Sở Mới, kind: department}\n", "utf-8")
    assert "1 đơn vị không có trong tệp (so_y_te): giữ nguyên" in run.invoke(app, ["import", str(tmp_path / "c.yaml"), "--dry-run"]).stdout
    said = run.invoke(app, ["import", str(tmp_path / "c.yaml"), "--end-missing", "2099-01-01", "--decision", "9/QĐ"])
    assert "Đã ghi 1 đơn vị kết thúc từ 01/01/2099" in said.stdout
    for form in ("xlsx", "csv", "json", "html"):
        out = tmp_path / f"public.{form}"
        assert run.invoke(app, ["export", str(out), "--public"]).exit_code == 0
        shown = cells(out) if form == "xlsx" else out.read_text("utf-8-sig")
        assert "0905000001" not in shown
        assert "02343822123" in shown


def test_a_wait_that_is_over_is_no_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The machine is still writing when patience ends: said as it is, with the number to ask for; never “nothing was changed”."""
    asked = list[dict[str, Any]]()

    async def still_at_it(_settings: object, wanted: dict[str, Any]) -> dict[str, Any]:
        asked.append(wanted)
        return {"ok": False, "id": 12, "pending": True, "problem": "the machine is still at it"}

    monkeypatch.setenv("PHATNGON_HOME", str(tmp_path / "home"))
    monkeypatch.setattr("bot.commands.directory.ask", still_at_it)
    rows = [{"id": f"so_{n}", "name_vi": f"Sở {n}", "kind": "department"} for n in range(4_000)]
    (tmp_path / "a.json").write_text(json.dumps({"units": rows}), "utf-8")
    said = CliRunner().invoke(app, ["import", str(tmp_path / "a.json")])
    assert said.exit_code == 1
    assert "Máy còn đang ghi (lệnh số 12). Đừng nhập lại" in said.stdout
    assert asked[0]["patience"] == 40  # a hundredth of a second for each row, where that is more than the ordinary wait
