"""A year of cases: the report equals a plain count, freezes with its digest in the log, and comes out in every format."""

import asyncio
import json
import shutil
import sqlite3
import time
import zipfile
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from sqlmodel import col, select
from typer.testing import CliRunner

from bot import reporting, seeding, year
from bot.app import App, build
from bot.commands import letter as letter_command
from bot.commands.line import app as command_line
from bot.papers import pdf, report
from bot.papers.view import Paper, Section, Table
from bot.papers.words import Speaker
from bot.reporting import Made, Office
from bot.settings import Settings
from bot.story import Timepiece
from models.casework.board import board
from models.evidence.exchange import ExchangeEntry
from models.evidence.verification import verify
from models.reports import document, past
from models.reports.frozen import FrozenReport
from models.reports.older import COLUMNS
from tests.transcript import REGISTER, VERIFY, Dice, office, scene

START, END = datetime(2025, 11, 20, 1, tzinfo=UTC), datetime(2026, 12, 14, 16, 30, tzinfo=UTC)
CUT = datetime(2026, 12, 14, 17, tzinfo=UTC)  # 15 December, 00:00 in Vietnam
FIRST = "2025-12-14 17:00:00"
NUMBER = 300


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A HOME after a year."""
    home = tmp_path_factory.mktemp("year")
    asyncio.run(tell(home, NUMBER))
    return home


async def tell(home: Path, number: int) -> float:
    """Seed a year; returns how many seconds it took."""
    app = await build(Settings(home=home), now=Timepiece(START), ids=Dice(3))
    try:
        await seeding.seed(app, people=True)
        before = time.perf_counter()
        await year.seed_year(app, number, START, END)
        took = time.perf_counter() - before
        async with app.machine.database.read() as store:
            assert (await verify(store)).problem is None
        return took
    finally:
        await app.stop()


async def open_(home: Path, at: datetime) -> App:
    """The office at a moment."""
    return await build(Settings(home=home), now=Timepiece(at), ids=Dice(5))


async def made(app: App, kind: str = "yearly", period: str = "2026", unit: str | None = None) -> Made:
    """A report of this office now."""
    own = Office(app.machine.office.rules.law, app.machine.office.texts)
    now = app.machine.now()
    return await reporting.make(app.machine.database, own, own.window(kind, period, now), now, unit)


def counts(home: Path, *, last: str = "2026-12-14 17:00:00", first: str = FIRST, unit: str = "%") -> dict[str, int]:
    """The same figures by plain SQL over the domain tables; the report never reads those."""
    inquiry = f"received_at >= '{first}' AND received_at < '{last}' AND unit_id LIKE '{unit}'"
    sent = f"EXISTS (SELECT 1 FROM answer a WHERE a.case_code = i.code AND a.state = 'sent' AND a.sent_at < '{last}')"
    ended = "SELECT d.ended_at FROM deadline d WHERE d.case_code = i.code ORDER BY d.id LIMIT 1"
    due = "SELECT d.due_at FROM deadline d WHERE d.case_code = i.code ORDER BY d.id LIMIT 1"
    judged = f"i.state <> 'withdrawn' AND ({sent} OR i.state = 'refused')"
    old = inquiry.replace("unit_id", "m.unit_id")
    statements = {
        "received": f"SELECT (SELECT count(*) FROM inquiry i WHERE {inquiry}) + (SELECT count(*) FROM imported_case m WHERE {old})",
        "answered": f"SELECT (SELECT count(*) FROM inquiry i WHERE {inquiry} AND {sent})"
        f" + (SELECT count(*) FROM imported_case m WHERE {old} AND outcome = 'answered')",
        "refused": f"SELECT (SELECT count(*) FROM inquiry i WHERE {inquiry} AND state = 'refused')"
        f" + (SELECT count(*) FROM imported_case m WHERE {old} AND outcome = 'refused')",
        "withdrawn": f"SELECT count(*) FROM inquiry i WHERE {inquiry} AND state = 'withdrawn'",
        "in_time": f"SELECT (SELECT count(*) FROM inquiry i WHERE {inquiry} AND {judged} AND ({ended}) < ({due}))"
        f" + (SELECT count(*) FROM imported_case m WHERE {old} AND ended_at < due_at)",
        "imported": f"SELECT count(*) FROM imported_case m WHERE {old}",
        "press_conference": "SELECT count(*) FROM activity WHERE kind = 'press_conference' AND day >= '2025-12-15' AND day <= '2026-12-14'",
        "briefing": "SELECT count(*) FROM activity WHERE kind = 'briefing' AND day >= '2025-12-15' AND day <= '2026-12-14'",
        "false_report": "SELECT count(*) FROM activity WHERE kind = 'false_report' AND day >= '2025-12-15' AND day <= '2026-12-14'",
    }
    connection = sqlite3.connect(home / "phatngon.db")
    try:
        return {name: connection.execute(statement).fetchone()[0] for name, statement in statements.items()}
    finally:
        connection.close()


def of_outlets(home: Path) -> dict[str, tuple[int, int]]:
    """Received and answered in time, by outlet, by plain SQL as well; who asked in an imported case is a text, and no outlet."""
    judged = (
        "i.state IN ('refused', 'answered', 'closed') OR EXISTS (SELECT 1 FROM answer a WHERE a.case_code = i.code AND a.state = 'sent')"
    )
    clock = "d.id = (SELECT min(id) FROM deadline WHERE case_code = i.code)"
    received = f"i.received_at >= '{FIRST}' AND i.received_at < '2026-12-14 17:00:00'"
    statement = f"""SELECT r.outlet_id, count(*), sum(i.state <> 'withdrawn' AND ({judged}) AND d.ended_at < d.due_at)
        FROM inquiry i JOIN reporter r ON r.person_id = i.reporter_id JOIN deadline d ON {clock} WHERE {received} GROUP BY 1"""
    connection = sqlite3.connect(home / "phatngon.db")
    try:
        return {outlet: (received, good) for outlet, received, good in connection.execute(statement)}
    finally:
        connection.close()


def figures(found: Made) -> dict[str, int]:
    """The document's figures, as `counts` names them."""
    lines = {name: len(codes) for name, codes in found.document["lines"].items()}
    return lines | {"imported": len(found.document["imported"])}


async def test_the_year_equals_a_plain_count(told: Path) -> None:
    """Every figure, for the province and for one unit; and no code stands where it does not belong."""
    app = await open_(told, CUT)
    try:
        whole, unit = await made(app), await made(app, unit="so_y_te")
    finally:
        await app.stop()
    expected = counts(told)
    assert {name: figures(whole)[name] for name in expected} == expected
    one = counts(told, unit="so_y_te")
    assert {name: figures(unit)[name] for name in one if name not in {"press_conference", "briefing", "false_report"}} == {
        name: number for name, number in one.items() if name not in {"press_conference", "briefing", "false_report"}
    }
    lines = whole.document["lines"]
    assert sorted(code for name in ("answered", "refused", "withdrawn", "open") for code in lines[name]) == lines["received"]
    assert set(lines["in_time"]).isdisjoint(lines["late"])
    rates = {row["outlet"]: (len(row["received"]), len(row["in_time"])) for row in whole.document["outlets"]}
    assert {outlet: rate for outlet, rate in rates.items() if outlet} == of_outlets(told)
    assert rates[""][0] == expected["imported"]
    assert set(whole.document["packs"]) == {"nd-09-2017", "nd-244-2026"}
    assert min(expected.values()) > 0  # a figure of nothing proves nothing


async def test_the_board_says_what_the_entries_say(told: Path) -> None:
    """What is open and what is overdue, per unit: the officers' board and a recount of the bare entries agree, so no counter can drift."""
    app = await open_(told, CUT)
    try:
        async with app.machine.database.read() as store:
            shown = await board(store, CUT, CUT)
            entries = [
                json.loads(text) for text in (await store.scalars(select(ExchangeEntry.entry).order_by(col(ExchangeEntry.seq)))).all()
            ]
    finally:
        await app.stop()
    lies: dict[str, str] = {}
    due: dict[str, datetime | None] = {}
    for one in entries:
        what, detail = one["action"], one["detail"]
        if what in {"inquiry.answered", "inquiry.refused", "inquiry.withdrawn"}:
            lies.pop(one["case"])
        elif what.startswith("inquiry.") and what not in {"inquiry.rated", "inquiry.received"}:
            lies[one["case"]] = one["unit"]["id"]
        if detail.get("due"):
            due[one["case"]] = datetime.fromisoformat(detail["due"])
        elif what == "inquiry.clarification_asked":
            due[one["case"]] = None
    late = [code for code in lies if (at := due[code]) is not None and at <= CUT]
    assert (shown.open, shown.overdue) == (len(lies), len(late))
    assert {unit.unit_id: (unit.open, unit.overdue) for unit in shown.units} == {
        unit: (list(lies.values()).count(unit), sum(lies[code] == unit for code in late)) for unit in set(lies.values())
    }
    assert min(len(lies), len(late)) > 0  # a figure of nothing proves nothing


async def test_a_year_freezes_at_its_end(told: Path, tmp_path: Path) -> None:
    """By itself, once, with the digest of the very bytes in the log; counted again from the raw entries it is the same to the byte."""
    home = shutil.copytree(told, tmp_path / "home")
    app = await open_(home, CUT)
    try:
        await app.settle()
        await app.settle()
        async with app.machine.database.read() as store:
            kept = (await store.scalars(select(FrozenReport).where(FrozenReport.period == "2026"))).all()
            entries = (await store.scalars(select(ExchangeEntry.entry).where(ExchangeEntry.action == "report.frozen"))).all()
        assert len(kept) == 1
        detail = json.loads(entries[-1])["detail"]
        assert (detail["period"], detail["digest"]) == ("2026", document.digest(json.loads(kept[0].document)))
        own = Office(app.machine.office.rules.law, app.machine.office.texts)
        both = await reporting.again(app.machine.database, own, "2026", CUT + timedelta(days=90))
        assert both is not None
        assert both[0] == both[1]
        assert (await made(app)).changes == []
        await year.seed_year(app, 5, CUT - timedelta(days=9), CUT - timedelta(days=1), older=0)
        changed = {d.figure: len(d.added) for d in (await made(app)).changes or []}
        assert changed["received"] == 5
        assert len((await made(app)).document["lines"]["received"]) == counts(home)["received"] - 5  # the frozen one stands
    finally:
        await app.stop()


def speaker(app: App, found: Made) -> Speaker:
    """The words of this office."""
    return Speaker(app.machine.office.texts, app.machine.office.rules.law, found.items, app.machine.now())


async def test_every_format(told: Path, tmp_path: Path) -> None:
    """Numbers in the workbook are those of the document, every sheet opens; paper and JSON are what they should be."""
    app = await open_(told, CUT)
    try:
        found = await made(app)
        for suffix in ("json", "xlsx", "docx", "pdf"):
            report.write(found.document, speaker(app, found), tmp_path / f"bao-cao.{suffix}")
        with pytest.raises(report.UnknownFormat):
            report.write(found.document, speaker(app, found), tmp_path / "bao-cao.txt")
    finally:
        await app.stop()
    assert json.loads((tmp_path / "bao-cao.json").read_text("utf-8")) == found.document
    book = load_workbook(tmp_path / "bao-cao.xlsx")
    assert book.sheetnames == [
        *("Chỉ tiêu", "Tổng hợp", "Đơn vị", "Loại đề nghị", "Cơ quan báo chí", "Chấp hành", "Khó khăn"),
        *("Mã hồ sơ", "Hồ sơ"),
    ]
    cells = {row[0]: row[1] for row in book["Tổng hợp"].iter_rows(values_only=True)}
    assert cells["Đề nghị của báo chí nhận trong kỳ"] == len(found.document["lines"]["received"])
    assert any("hồ sơ nhập" in str(row[0]) for row in book["Hồ sơ"].iter_rows(values_only=True))
    with zipfile.ZipFile(tmp_path / "bao-cao.docx") as archive:
        written = archive.read("word/document.xml").decode()
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in written
    assert "Một số đơn vị chưa bố trí người thay" in written
    assert (tmp_path / "bao-cao.pdf").read_bytes().startswith(b"%PDF-")


def test_nothing_people_wrote_becomes_a_formula(tmp_path: Path) -> None:
    """A text that begins like a formula or a link is a text."""
    from bot.papers import xlsx

    words = ("=1+1", "+84 900", "@SUM(A1)", "https://example.vn", "{=1}")
    paper = Paper("A", "B", "=T", [], [Section("H", "S", (), Table(("=C",), [(word,) for word in words], (1,)))])
    xlsx.write(paper, tmp_path / "a.xlsx")
    sheet = load_workbook(tmp_path / "a.xlsx")["S"]
    found = {cell.value: (cell.data_type, cell.hyperlink) for row in sheet.iter_rows() for cell in row if cell.value}
    assert {word: found[word] for word in (*words, "=T", "=C")} == dict.fromkeys((*words, "=T", "=C"), ("s", None))


def test_an_interrupted_report_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a report is no report: what was there before stays as it was."""
    out = tmp_path / "bao-cao.pdf"
    out.write_text("bản trước")

    def half(_template: str, _words: object, path: Path) -> None:
        path.write_text("nửa")
        raise OSError(28, "đĩa đầy")

    monkeypatch.setattr(pdf, "write", half)
    with pytest.raises(OSError, match="đĩa đầy"):
        asyncio.run(_written(out))
    assert (out.read_text(), [path.name for path in tmp_path.iterdir()]) == ("bản trước", ["bao-cao.pdf"])


async def _written(out: Path) -> None:
    async with office(out.parent.parent / "empty") as story:
        found = await made(story.app)
        report.write(found.document, speaker(story.app, found), out)


def overdue_unit(home: Path) -> tuple[str, str]:
    """A unit with something overdue, and one of its cases."""
    connection = sqlite3.connect(home / "phatngon.db")
    try:
        row = connection.execute(
            "SELECT i.unit_id, i.code FROM inquiry i JOIN deadline d ON d.case_code = i.code"
            " WHERE i.state IN ('assigned', 'acknowledged') AND d.state = 'running' ORDER BY d.due_at LIMIT 1"
        ).fetchone()
    finally:
        connection.close()
    return str(row[0]), str(row[1])


def test_letters(told: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A reminder names the overdue cases, a slip the question; both have the frame of Decree 30/2020."""
    monkeypatch.setenv("PHATNGON_HOME", str(told))
    monkeypatch.setattr(letter_command, "wall_clock", lambda: CUT + timedelta(days=30))
    unit, code = overdue_unit(told)
    out = {name: tmp_path / f"{name}.docx" for name in ("reminder", "transfer")}
    for words in (
        ["reminder", "--unit", unit, "--out", str(out["reminder"])],
        ["transfer", "--inquiry", code, "--unit", "so_xay_dung", "--out", str(out["transfer"])],
    ):
        ran = CliRunner().invoke(command_line, ["letter", *words])
        assert (ran.exit_code, "hệ thống không tự gửi" in ran.output) == (0, True), ran.output
    for path in out.values():
        text = written(path)
        for part in ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "Số:", "Nơi nhận:", code, 'w:right="850"'):
            assert part in text
    for words, said in (
        (["reminder", "--unit", "so_khong_co"], "Không có đơn vị"),
        (["transfer", "--inquiry", "YC", "--unit", unit], "mã đề nghị"),
    ):
        ran = CliRunner().invoke(command_line, ["letter", *words, "--out", str(tmp_path / "a.docx")])
        assert (ran.exit_code, said in ran.output) == (1, True), ran.output
    assert sorted(path.name for path in tmp_path.iterdir()) == ["reminder.docx", "transfer.docx"]


def written(path: Path) -> str:
    """The text of a document."""
    with zipfile.ZipFile(path) as archive:
        return archive.read("word/document.xml").decode()


def workbook(path: Path, *rows: Sequence[object], heading: Sequence[str] = tuple(COLUMNS.values())) -> Path:
    """An older list."""
    book = Workbook()
    assert book.active is not None
    book.active.append(list(heading))
    for row in rows:
        book.active.append(list(row))
    book.save(path)
    return path


GOOD = (
    "HS-01",
    "05/02/2026",
    "Báo điện tử Mẫu",
    "Phóng viên mẫu",
    "Sở Y tế",
    "Số ca bệnh?",
    "Đã trả lời",
    datetime(2026, 2, 6, 9),  # noqa: DTZ001 - as Excel hands it out
    "07/02/2026",
)
BAD_ROWS: list[tuple[int, object, str]] = [
    (0, "", "“Số hồ sơ”: còn trống"),
    (1, "hôm nào đó", "“Ngày nhận”: “hôm nào đó” không phải ngày"),
    (1, "05/02/2099", "chưa đến"),
    (1, "05/02/2011", "không thuộc bộ quy tắc nào"),
    (4, "Sở Không Có", "“Đơn vị”: không có đơn vị"),
    (6, "xong", "“Kết quả”: “xong” chưa rõ"),
    (6, "chưa trả lời", "để trống ngày kết thúc"),
    (7, None, "cần ngày kết thúc"),
    (7, "01/02/2026", "trước ngày nhận"),
]


def test_older_cases(told: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All or none, row by row what to mend; twice changes nothing; the same number with other words is refused."""
    home = shutil.copytree(told, tmp_path / "home")
    monkeypatch.setenv("PHATNGON_HOME", str(home))

    def run(file: Path, *more: str) -> tuple[int, str]:
        ran = CliRunner().invoke(command_line, ["import-cases", str(file), *more])
        return ran.exit_code, ran.output

    wrong = [(*GOOD[:column], value, *GOOD[column + 1 :]) for column, value, _ in BAD_ROWS]
    status, said = run(workbook(tmp_path / "sai.xlsx", GOOD, *wrong))
    assert status == 1
    for number, (_, _, expected) in enumerate(BAD_ROWS, 3):
        assert any(f"dòng {number}," in line and expected in line for line in said.splitlines()), (number, expected, said)
    before, file = counts(home)["imported"], workbook(tmp_path / "dung.xlsx", GOOD)
    assert run(file, "--dry-run")[0] == 0
    assert counts(home)["imported"] == before
    assert run(file)[0] == 0
    assert counts(home)["imported"] == before + 1
    assert "Không có gì thay đổi" in run(file)[1]
    assert "nội dung khác" in run(workbook(tmp_path / "khac.xlsx", (*GOOD[:5], "Câu khác", *GOOD[6:])))[1]
    assert counts(home)["imported"] == before + 1


EVENTS = (
    ("TS-01", "05/02/2026", "Tin sai", "Sở Y tế", "Báo nêu sai số ca bệnh", "https://example.vn/tin", ""),
    ("PH-01", datetime(2026, 2, 6, 9), "Văn bản phản hồi", "Sở Y tế", "Công văn 12/SYT-VP", "", "TS-01"),  # noqa: DTZ001 - as Excel hands it out
    ("HB-01", "20/03/2026", "họp báo", "ubnd_tinh", "Họp báo quý I", "", ""),
)
BAD_EVENTS: list[tuple[int, object, str]] = [
    (0, "", "“Số hiệu”: còn trống"),
    (1, "mùa xuân", "“Ngày”: “mùa xuân” không phải ngày"),
    (1, "05/02/2099", "chưa đến"),
    (1, "05/02/2011", "không thuộc bộ quy tắc nào"),
    (2, "liên hoan", "“Loại”: “liên hoan” chưa rõ"),
    (3, "Sở Không Có", "“Đơn vị”: không có đơn vị"),
    (5, "báo điện tử", "“Đường dẫn”: “báo điện tử” không phải đường dẫn"),
    (6, "TS-01", "chỉ điền cho văn bản phản hồi"),
    (2, "Văn bản phản hồi", "cần số hiệu của tin sai"),
]


def test_older_activities(told: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same for conferences, briefings and letters, from CSV too: the year counts them, the log says where they came from."""
    home = shutil.copytree(told, tmp_path / "home")
    monkeypatch.setenv("PHATNGON_HOME", str(home))

    def run(file: Path, *more: str) -> tuple[int, str]:
        ran = CliRunner().invoke(command_line, ["import-activities", str(file), *more])
        return ran.exit_code, ran.output

    def list_(name: str, *rows: Sequence[object]) -> Path:
        return workbook(tmp_path / name, *rows, heading=list(past.COLUMNS.values()))

    wrong = [(*EVENTS[2][:column], value, *EVENTS[2][column + 1 :]) for column, value, _ in BAD_EVENTS]
    lost = ("PH-09", "06/02/2026", "Văn bản phản hồi", "Sở Y tế", "Công văn 13", "", "TS-99")
    status, said = run(list_("sai.xlsx", lost, *wrong))
    assert status == 1
    for number, expected in enumerate(["không có tin sai nào mang số TS-99", *(text for _, _, text in BAD_EVENTS)], 2):
        assert any(f"dòng {number}," in line and expected in line for line in said.splitlines()), (number, expected, said)
    before, file = counts(home), list_("dung.xlsx", *EVENTS)
    assert "sẽ nhập 3 hoạt động mới" in run(file, "--dry-run")[1]
    assert counts(home) == before
    assert "Đã nhập 3 hoạt động cũ" in run(file)[1]
    added = {name: number - before[name] for name, number in counts(home).items() if number != before[name]}
    assert added == {"press_conference": 1, "false_report": 1}
    assert "Không có gì thay đổi" in run(file)[1]
    typed = tmp_path / "them.csv"
    typed.write_text(";".join(past.COLUMNS.values()) + "\nGB-01;21/03/2026;giao ban;ubnd_tinh;Giao ban tháng 3;;\n", "utf-8-sig")
    assert "Đã nhập 1 hoạt động cũ" in run(typed)[1]
    assert "nội dung khác" in run(list_("khac.xlsx", (*EVENTS[2][:4], "Họp báo khác", "", "")))[1]
    assert "import-activities --template" in run(tmp_path / "khong-co.csv")[1].replace("\n", " ")
    with closing(sqlite3.connect(home / "phatngon.db")) as connection:
        entries = [json.loads(row[0]) for row in connection.execute("SELECT entry FROM exchange_entry WHERE action = 'activity.recorded'")]
    came = [(e["detail"]["source"], e["detail"]["row"], e["detail"]["imported"]) for e in entries if e["detail"].get("source")]
    assert came == [("dung.xlsx", 2, True), ("dung.xlsx", 3, True), ("dung.xlsx", 4, True), ("them.csv", 2, True)]
    (letter,) = [e for e in entries if e["detail"].get("row") == 3]
    assert letter["detail"]["about"] == next(e["case"] for e in entries if e["detail"].get("row") == 2)


COMMANDS: list[tuple[list[str], int, str]] = [
    (["monthly", "--period", "2026-07", "--out", "thang.xlsx"], 0, "Đã ghi báo cáo 2026-07"),
    (["monthly", "--period", "7/2026", "--out", "thang.json", "--unit", "so_y_te"], 0, "Đã ghi"),
    (["yearly", "--period", "hai sáu", "--out", "nam.pdf"], 1, "Chưa đọc được kỳ báo cáo"),
    (["yearly", "--period", "2026", "--out", "nam.odt"], 1, "đuôi .xlsx, .docx, .pdf hoặc .json"),
    (["monthly", "--period", "2026-07", "--out", "a.json", "--unit", "so_khong_co"], 1, "Không có đơn vị"),
    (["freeze", "--period", "2199"], 1, "chưa kết thúc"),
]


@pytest.mark.parametrize(("words", "status", "said"), COMMANDS, ids=[" ".join(c[0][:3]) for c in COMMANDS])
def test_the_command(told: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], status: int, said: str) -> None:
    """It writes the file, or says in one sentence what to do."""
    monkeypatch.setenv("PHATNGON_HOME", str(told))
    monkeypatch.chdir(tmp_path)
    ran = CliRunner().invoke(command_line, ["report", *words])
    assert (ran.exit_code, said in ran.output) == (status, True), ran.output
    assert len(list(tmp_path.iterdir())) == (status == 0)


def test_no_log_is_not_made_by_looking(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A HOME without a log stays without one."""
    monkeypatch.setenv("PHATNGON_HOME", str(tmp_path))
    ran = CliRunner().invoke(command_line, ["report", "yearly", "--period", "2026", "--out", str(tmp_path / "a.json")])
    assert (ran.exit_code, list(tmp_path.iterdir())) == (1, [])
    assert "Chưa có nhật ký" in ran.output


async def test_reports_in_chat(tmp_path: Path) -> None:
    """An officer orders the province's, a unit its own and contests it; activities are recorded, struck, answered by a letter."""
    await scene(
        tmp_path,
        REGISTER,
        VERIFY,
        """
        cán bộ > /hoatdong
        cán bộ > [Tin sai trên báo]
        cán bộ > Sở Y tế
        cán bộ > 31/12/2026
        cán bộ < Ngày này chưa đến
        cán bộ > 10/11
        cán bộ > Bài báo nêu sai số ca bệnh
        cán bộ > báo điện tử
        cán bộ < bắt đầu bằng https://
        cán bộ > [Không có đường dẫn]
        cán bộ < Tin sai trên báo – Sở Y tế, thứ Ba 10/11/2026
        cán bộ > [Gửi]
        cán bộ < Đã ghi nhận SK-
        cán bộ > [Đã gửi văn bản phản hồi]
        cán bộ > [Hôm nay]
        cán bộ > Công văn 12/SYT-VP đề nghị cải chính
        cán bộ > https://example.vn/cong-van
        cán bộ > [Gửi]
        cán bộ < Văn bản phản hồi – Sở Y tế
        cán bộ > [Gạch bỏ]
        cán bộ > Ghi nhầm số của văn bản.
        cán bộ < Đã gạch bỏ
        cán bộ > /khokhan
        cán bộ < ghi nội dung khó khăn
        cán bộ > /khokhan Đường dây nóng quá tải trong mùa mưa bão.
        cán bộ < báo cáo năm 2026
        cán bộ > /baocao
        cán bộ > [Báo cáo năm 2026]
        cán bộ < Đang lập báo cáo năm 2026
        cán bộ < Báo cáo năm 2026 của Ủy ban nhân dân tỉnh | Nhận 0 | (3 tệp)
        y tế > /baocao
        y tế > [Tháng 11/2026]
        y tế < Báo cáo tháng 11/2026 của Sở Y tế | (2 tệp)
        y tế > [Đề nghị xem lại số liệu]
        y tế > Sai
        y tế < lý do
        y tế > Thiếu một vụ việc tin sai ngày 12/11.
        y tế < Đã ghi nhận đề nghị xem lại
        cán bộ < Sở Y tế đề nghị xem lại số liệu báo cáo 11/2026 | Thiếu một vụ việc
        """,
    )


@pytest.mark.soak
def test_five_thousand_cases(tmp_path: Path) -> None:
    """A whole province's year: seeded in less than a minute, counted alike."""

    async def work() -> tuple[float, Made]:
        took = await tell(tmp_path, 5000)
        app = await open_(tmp_path, CUT)
        try:
            return took, await made(app)
        finally:
            await app.stop()

    took, found = asyncio.run(work())
    expected = counts(tmp_path)
    print(f"5,000 cases in {took:.1f} s; {expected}")
    assert {name: figures(found)[name] for name in expected} == expected
    assert took < 60
