"""`phatngon directory merge|split|rename|end`: dated operations on units, previewed, then handed to the machine."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from bot.control import Answer, ask
from bot.database import Database
from bot.settings import Settings
from handlers.directory import restructuring as deeds
from models.casework import board
from models.directory import restructuring
from models.directory.restructuring import Change, Step
from models.directory.unit import every
from models.errors import Refusal
from models.texts import Texts

Units = Annotated[list[str], typer.Argument(help="Mã đơn vị trong danh bạ")]
One = Annotated[str, typer.Argument(help="Mã đơn vị trong danh bạ")]
On = Annotated[datetime, typer.Option("--on", formats=["%Y-%m-%d"], help="Ngày có hiệu lực; chưa đến thì tự thực hiện khi đến ngày")]
Decision = Annotated[str, typer.Option("--decision", help="Số quyết định, nghị quyết")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Chỉ xem sẽ đổi gì")]

SAID = {"begins": "+ {unit}: {name} (đơn vị mới)", "ends": "- {unit}: {name} kết thúc → {detail}", "renamed": "~ {unit}: {name} → {detail}"}


def add_to(app: typer.Typer) -> None:
    """Put the commands beside import and export."""
    app.command("merge")(merge)
    app.command("split")(split)
    app.command("rename")(rename)
    app.command("end")(end)
    app.command("planned")(planned)
    app.command("cancel")(cancel)


def merge(
    units: Units,
    into: Annotated[str, typer.Option("--into", help="Đơn vị tiếp nhận; mã mới thì ghi thêm --name")],
    on: On,
    decision: Decision,
    name: Annotated[str, typer.Option("--name", help="Tên của đơn vị mới")] = "",
    dry_run: DryRun = False,
) -> None:
    """Sáp nhập các đơn vị vào một đơn vị đã có hoặc một đơn vị mới."""
    _do({"kind": "merge", "units": units, "into": [into], "name": name}, on, decision, dry_run=dry_run)


def split(
    unit: One,
    into: Annotated[list[str], typer.Option("--into", help="Đơn vị tiếp nhận, ghi nhiều lần; thêm việc: so_xay_dung=giao thông,vận tải")],
    on: On,
    decision: Decision,
    dry_run: DryRun = False,
) -> None:
    """Tách một đơn vị cho nhiều đơn vị đã có, mỗi nơi nhận một phần việc."""
    heirs = {heir: matters for heir, _, matters in (item.partition("=") for item in into)}
    subjects = {heir: [m.strip() for m in matters.split(",") if m.strip()] for heir, matters in heirs.items() if matters}
    _do({"kind": "split", "units": [unit], "into": list(heirs), "subjects": subjects}, on, decision, dry_run=dry_run)


def rename(
    unit: One, name: Annotated[str, typer.Option("--name", help="Tên mới")], on: On, decision: Decision, dry_run: DryRun = False
) -> None:
    """Đổi tên một đơn vị; tên cũ vẫn tra cứu được."""
    _do({"kind": "rename", "units": [unit], "name": name}, on, decision, dry_run=dry_run)


def end(
    unit: One,
    on: On,
    decision: Decision,
    into: Annotated[list[str] | None, typer.Option("--into", help="Đơn vị tiếp nhận, nếu có")] = None,
    dry_run: DryRun = False,
) -> None:
    """Kết thúc hoạt động một đơn vị; không ghi nơi tiếp nhận thì hồ sơ về đầu mối báo chí."""
    _do({"kind": "end", "units": [unit], "into": into or []}, on, decision, dry_run=dry_run)


def planned() -> None:
    """Liệt kê các thay đổi đã ghi mà chưa đến ngày, kèm số để hủy."""
    settings = Settings()
    texts = Texts.load(settings.zone)
    for one in asyncio.run(_planned(settings)):
        into = f" → {', '.join(one.into) or one.name}" if one.into or one.name else ""
        day = one.effective_at.astimezone(settings.zone)
        print(
            f"{one.id}. {day:%d/%m/%Y} {texts.say('vi', f'structure.kind_{one.kind.value}')}: {', '.join(one.units)}{into} ({one.decision_no})"
        )


def cancel(number: Annotated[int, typer.Argument(help="Số của thay đổi, xem bằng: phatngon directory planned")]) -> None:
    """Hủy một thay đổi đã ghi mà chưa đến ngày."""
    answer = asyncio.run(ask(Settings(), {"command": "directory.cancel", "number": number}))
    if not answer["ok"]:
        print(f"Chưa hủy được: {answer['problem']}")
        raise typer.Exit(1)
    print(f"Đã hủy thay đổi số {number}; không có gì xảy ra vào ngày đó.")


async def _planned(settings: Settings) -> Sequence[restructuring.Restructuring]:
    database = Database(settings.database)
    try:
        async with database.read() as store:
            return await restructuring.planned(store)
    finally:
        await database.dispose()


def _do(wanted: Answer, on: datetime, decision: str, *, dry_run: bool) -> None:
    """Show what would change; then have it done."""
    settings = Settings()
    day = datetime(on.year, on.month, on.day, tzinfo=settings.zone)
    wanted |= {"command": "directory.restructure", "effective_at": day.isoformat(), "decision_no": decision.strip()}
    if not decision.strip():
        raise typer.BadParameter("cần số quyết định")
    texts = Texts.load(settings.zone)
    try:
        steps, cases = asyncio.run(_preview(settings, wanted))
    except Refusal as refusal:
        print(texts.say("vi", refusal.key, refusal.values))
        raise typer.Exit(1) from None
    for step in steps:
        print(SAID[step.what].format(unit=step.unit, name=step.name, detail=step.detail or "không có nơi tiếp nhận"))
    print(f"{cases} hồ sơ đang mở sẽ được chuyển theo." if wanted["kind"] != "rename" else "Hồ sơ đang mở giữ nguyên.")
    if dry_run:
        print("Chưa ghi gì.")
        return
    answer = asyncio.run(ask(settings, wanted))
    if not answer["ok"]:
        print(f"Chưa thực hiện được, không có gì bị đổi: {answer['problem']}")
        raise typer.Exit(1)
    print(
        "Đã thực hiện."
        if day <= datetime.now(UTC)
        else f"Đã ghi; tự thực hiện khi đến {on:%d/%m/%Y}. Xem và hủy: phatngon directory planned, phatngon directory cancel SỐ."
    )


async def _preview(settings: Settings, wanted: Mapping[str, Any]) -> tuple[list[Step], int]:
    operation = deeds.wanted(dict(wanted), datetime.now(UTC))
    database = Database(settings.database)
    try:
        async with database.read() as store:
            steps = restructuring.plan({unit.id: unit for unit in await every(store)}, operation)
            ended = [key for key in operation.units if key not in operation.into and operation.kind is not Change.RENAME]
            return steps, len(await board.left_behind(store, ended, 100_000))
    finally:
        await database.dispose()
