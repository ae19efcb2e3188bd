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
from bot.control import alone, ask
from bot.database import Database
from bot.machine import wall_clock
from bot.office import overlays_of, read_rules
from bot.settings import Settings
from models import directory, listing
from models.directory import Difference, Merge
from models.directory_file import PARTS
from models.store import Store

app = typer.Typer(no_args_is_help=True)
T = TypeVar("T")
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
) -> None:
    """Nhập danh bạ; nhập lại cùng một tệp không đổi gì; tệp có chỗ sai thì không dòng nào được nhập."""
    try:
        table = sheets.read(file)
    except sheets.Unreadable as problem:
        print(f"{problem}\nChưa nhập gì.")
        raise typer.Exit(1) from problem
    settings = Settings()
    asyncio.run(_ready(settings))
    merge = asyncio.run(
        _reading(
            settings,
            lambda store, at: directory.compare(store, table.rows, at, read_rules(settings.law_pin, *overlays_of(settings)).law.at(at)),
        )
    )
    if merge.faults:
        print("\n".join(faults(merge, table)))
        raise typer.Exit(1)
    print("\n".join(preview(merge.changes)))
    if dry_run or not merge.changes:
        print("Chưa ghi gì: đây là bản xem trước." if merge.changes else "Không có gì thay đổi.")
        return
    answer = asyncio.run(ask(settings, {"command": "directory.import", "source": file.name, **table.rows}))
    if not answer["ok"]:
        print(f"Chưa nhập được, không có gì bị đổi: {answer['problem']}")
        raise typer.Exit(1)
    print(f"Đã nhập {len(merge.changes)} thay đổi.")


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
    kept = asyncio.run(_reading(settings, directory.export))
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
