"""`phatngon directory import|export`: units, outlets, people and resident reporters as YAML, JSON, CSV or XLSX."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from bot import sheets
from bot.commands import restructure
from bot.control import WAIT, Answer, alone, ask
from bot.database import Database
from bot.machine import wall_clock
from bot.office import overlays_of, read_rules
from bot.settings import Settings
from models.directory import changes, listing
from models.directory.changes import Difference, Merge
from models.directory.parts import PARTS
from models.store import Store

app = typer.Typer(help="Danh bạ đơn vị: nhập, xuất.", no_args_is_help=True, add_completion=False)
T = TypeVar("T")
ROWS_A_SECOND = 100  # what a slow and busy machine writes at least
TICK = 5  # seconds between two words to whoever waits
SHOWN = 200  # differences and faults printed one by one; the counts are of all
_WHAT = {"unit": "đơn vị", "outlet": "cơ quan báo chí", "person": "người", "resident": "phóng viên thường trú"}
_PRIVATE = frozenset(column.name for columns in PARTS.values() for column in columns if column.private)


class Form(StrEnum):
    """How a file is written."""

    YAML = "yaml"
    JSON = "json"
    CSV = "csv"
    XLSX = "xlsx"
    HTML = "html"


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="Tệp .xlsx, .csv, .yaml, .json, hoặc thư mục chứa các tệp .csv")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Chỉ xem sẽ đổi gì")] = False,
    end_missing: Annotated[
        datetime | None, typer.Option("--end-missing", formats=["%Y-%m-%d"], help="Kết thúc từ ngày này các đơn vị tệp không còn ghi")
    ] = None,
    decision: Annotated[str, typer.Option("--decision", help="Số quyết định, cần khi dùng --end-missing")] = "",
    page: Annotated[Path | None, typer.Option("--page", help="Ghi bản xem trước thành một trang .html để gửi người khác xem")] = None,
) -> None:
    """Nhập danh bạ; nhập lại cùng một tệp không đổi gì; tệp có chỗ sai thì không dòng nào được nhập.

    Đơn vị tệp không còn ghi vẫn được giữ nguyên, trừ khi có --end-missing.
    """
    if end_missing is not None and not decision.strip():
        raise typer.BadParameter("--end-missing cần --decision")
    try:
        table = sheets.read(file)
    except sheets.Unreadable as problem:
        print(f"{problem}\nChưa nhập gì.")
        raise typer.Exit(1) from problem
    settings = Settings()
    asyncio.run(_ready(settings))
    book = read_rules(settings.law_pin, *overlays_of(settings)).law
    merge = asyncio.run(_reading(settings, lambda store, at: changes.compare(store, table.rows, at, book.at(at))))
    if page is not None:
        page.write_text(paged(merge, table, file.name, _aside(merge, end_missing)), "utf-8")
        print(f"Đã ghi bản xem trước: {page}")
    if merge.faults:
        print("\n".join(faults(merge, table)))
        raise typer.Exit(1)
    print("\n".join([*preview(merge.changes), *_aside(merge, end_missing)]))
    ending = merge.absent if end_missing is not None else []
    if dry_run or not (merge.changes or ending):
        print("Chưa ghi gì: đây là bản xem trước." if merge.changes or ending else "Không có gì thay đổi.")
        return
    if merge.changes:
        _hand_over(settings, {"command": "directory.import", "source": file.name, **table.rows}, len(merge.changes))
    if ending and end_missing is not None:
        _end(settings, [unit.id for unit in ending], end_missing, decision.strip(), left=len(table.rows["units"]))


def _aside(merge: Merge, end_missing: datetime | None) -> list[str]:
    """What is worth knowing beside the differences."""
    lines = [f"⚠ {note}; ai dùng tên này sẽ được hỏi lại là đơn vị nào." for note in merge.notes[:SHOWN]]
    if merge.absent:
        names = ", ".join(unit.id for unit in merge.absent[:10]) + ("…" if len(merge.absent) > 10 else "")
        fate = (
            f"kết thúc từ {end_missing:%d/%m/%Y}"
            if end_missing is not None
            else "giữ nguyên; muốn kết thúc: --end-missing NGÀY --decision SỐ"
        )
        lines.append(f"{len(merge.absent)} đơn vị không có trong tệp ({names}): {fate}.")
    return lines


def _hand_over(settings: Settings, wanted: Answer, rows: int) -> None:
    """Have it written, and say while one waits that it is being written: twenty thousand rows take a while."""
    answer = asyncio.run(_patiently(settings, wanted | {"patience": max(WAIT, rows / ROWS_A_SECOND)}))
    if answer.get("pending"):
        print(f"Máy còn đang ghi (lệnh số {answer['id']}). Đừng nhập lại; lát nữa xem bằng: phatngon directory import TỆP --dry-run")
        raise typer.Exit(1)
    if not answer["ok"]:
        print(f"Chưa nhập được, không có gì bị đổi: {answer['problem']}")
        raise typer.Exit(1)
    print(f"Đã nhập {rows} thay đổi.")


async def _patiently(settings: Settings, wanted: Answer) -> Answer:
    asked = asyncio.ensure_future(asyncio.to_thread(lambda: asyncio.run(ask(settings, wanted))))
    waited = 0
    while not (await asyncio.wait([asked], timeout=TICK))[0]:
        waited += TICK
        typer.echo(f"Đang ghi, đã {waited} giây…", err=True)
    return await asked


def _end(settings: Settings, units: Sequence[str], on: datetime, decision: str, *, left: int) -> None:
    """Units the file has no more end on a day, as by `phatngon directory end`; a file with few units is hardly the whole directory."""
    if len(units) > left:
        print(f"Tệp chỉ ghi {left} đơn vị mà sẽ kết thúc {len(units)}: có vẻ không phải danh bạ đầy đủ. Chưa kết thúc đơn vị nào.")
        raise typer.Exit(1)
    day = datetime(on.year, on.month, on.day, tzinfo=settings.zone)
    said = {"kind": "end", "units": list(units), "into": [], "effective_at": day.isoformat(), "decision_no": decision}
    answer = asyncio.run(ask(settings, {"command": "directory.restructure", **said}))
    if not answer["ok"]:
        print(f"Chưa kết thúc được đơn vị nào: {answer['problem']}")
        raise typer.Exit(1)
    print(f"Đã ghi {len(units)} đơn vị kết thúc từ {on:%d/%m/%Y}; xem và hủy: phatngon directory planned, phatngon directory cancel SỐ.")


@app.command("export")
def export(
    out: Annotated[Path | None, typer.Argument(help="Nơi ghi (với csv: một thư mục); để trống: in ra màn hình, chỉ yaml và json")] = None,
    form: Annotated[Form | None, typer.Option("--format", help="yaml, json, csv, xlsx; danh sách công khai có thêm html")] = None,
    public: Annotated[bool, typer.Option("--public", help="Danh sách công khai để đăng cổng thông tin: không có số riêng")] = False,
) -> None:
    """Xuất danh bạ để sửa rồi nhập lại, hoặc danh sách công khai để đăng."""
    found = form or Form(out.suffix.lstrip(".")) if out is not None and out.suffix.lstrip(".") in set(Form) else form or Form.YAML
    if out is None and found not in {Form.YAML, Form.JSON}:
        raise typer.BadParameter("định dạng này cần nơi ghi, ví dụ: phatngon directory export danh-ba.xlsx")
    if found is Form.HTML and not public:
        raise typer.BadParameter("html chỉ dùng cho danh sách công khai: thêm --public")
    settings = Settings()
    _recorded(settings, found, private=not public)
    if public:
        rows = asyncio.run(_reading(settings, listing.speakers))
        raw = sheets.listed(listing.SPEAKERS, rows, found.value, "Danh sách người phát ngôn")
        _put(out, raw)
        return
    kept = asyncio.run(_reading(settings, changes.export))
    if out is None:
        print(sheets.said(kept, found.value), end="")
        return
    sheets.write(kept, found.value, out)
    print(f"Đã ghi {out}. Tệp có số điện thoại riêng: chỉ dùng trong cơ quan.")


def _recorded(settings: Settings, form: Form, *, private: bool) -> None:
    """No directory leaves without its entry (F72)."""
    asyncio.run(_ready(settings))
    answer = asyncio.run(ask(settings, {"command": "directory.exported", "format": form.value, "private": private}))
    if not answer["ok"]:
        print(f"Chưa ghi được việc xuất vào nhật ký nên không xuất danh bạ: {answer['problem']}")
        raise typer.Exit(1)


def _put(out: Path | None, raw: bytes) -> None:
    if out is None:
        print(raw.decode("utf-8-sig"), end="")
        return
    out.write_bytes(raw)
    print(f"Đã ghi {out}")


def preview(changes: Sequence[Difference]) -> list[str]:
    """The differences as people read them: what is new, what changes from what to what; counts first."""
    counts = Counter((change.what, not change.field) for change in changes)
    head = [f"{_WHAT[what]}: {number} {'mới' if new else 'chỗ sửa'}" for (what, new), number in sorted(counts.items())]
    return [*(["Thay đổi – " + " · ".join(head)] if head else []), *(_line(change) for change in changes[:SHOWN]), *_rest(len(changes))]


def _line(change: Difference) -> str:
    what = f"{_WHAT[change.what]} {change.id}"
    if not change.field:
        return f"+ {what}: {change.after}"
    heading = next((c.heading for columns in PARTS.values() for c in columns if c.name == change.field), change.field)
    if change.field in _PRIVATE:
        return f"~ {what}, {heading.lower()}: (số riêng, không hiện)"
    return f"~ {what}, {heading.lower()}: {change.before or '(trống)'} → {change.after or '(trống)'}"


def faults(merge: Merge, table: sheets.Table) -> list[str]:
    """What is wrong, row by row: file, line, column, why."""
    lines = [f"Tệp có {len(merge.faults)} chỗ cần sửa; chưa nhập dòng nào."]
    for fault in merge.faults[:SHOWN]:
        heading = next((c.heading for c in PARTS[fault.part] if c.name == fault.column), fault.column)
        lines.append(f"✗ {table.place(fault.part, fault.row) or fault.part}, cột “{heading}”: {fault.why}")
    return [*lines, *_rest(len(merge.faults))]


def paged(merge: Merge, table: sheets.Table, name: str, aside: Sequence[str]) -> str:
    """The preview as a page; private numbers are not in it."""
    wrong = [(str(table.place(f.part, f.row) or f.part), sheets.heading(f.column), f.why) for f in merge.faults[:SHOWN]]
    rows = [(f"{_WHAT[c.what]} {c.id}", *_said(c)) for c in merge.changes[:SHOWN]]
    head = faults(merge, table)[:1] if merge.faults else (preview(merge.changes)[:1] or ["Không có gì thay đổi."])
    title = f"Xem trước khi nhập danh bạ: {name}"
    return sheets.page(title, [*head, *aside, *_rest(len(merge.faults or merge.changes))], [] if wrong else rows, wrong)


def _said(change: Difference) -> tuple[str, str, str]:
    if not change.field:
        return "mới", "", change.after
    if change.field in _PRIVATE:
        return sheets.heading(change.field), "(số riêng, không hiện)", "(số riêng, không hiện)"
    return sheets.heading(change.field), change.before, change.after or "(trống)"


def _rest(number: int) -> list[str]:
    return [f"… và {number - SHOWN} dòng nữa."] if number > SHOWN else []


async def _ready(settings: Settings) -> None:
    """Where nobody has run the machine in this HOME yet, its database comes into being first."""
    if settings.database.startswith("sqlite") and not list(settings.home.glob("*.db*")):

        async def nothing(_app: Any) -> dict[str, Any]:
            return {}

        await alone(settings, nothing)


async def _reading(settings: Settings, work: Callable[[Store, datetime], Awaitable[T]]) -> T:
    """Look without holding anything up: the machine may be running."""
    database = Database(settings.database)
    try:
        async with database.read() as store:
            return await work(store, wall_clock())
    finally:
        await database.dispose()


restructure.add_to(app)
