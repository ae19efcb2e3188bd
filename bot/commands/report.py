"""`phatngon report monthly|yearly|freeze`: what the log says of a month or a statutory year, in the format the file name asks for."""

import asyncio
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.control import ask
from bot.database import Database
from bot.machine import wall_clock
from bot.office import overlays_of, read_rules
from bot.papers import report as papers
from bot.papers.words import Speaker
from bot.reporting import Made, Office, make
from bot.settings import Settings
from models.directory.unit import Unit
from models.reports.window import Window
from models.texts import Texts

app = typer.Typer(help="Báo cáo tháng, báo cáo năm theo mẫu của nghị định.", no_args_is_help=True, add_completion=False)

Period = Annotated[str, typer.Option("--period", help="Kỳ báo cáo: 2026 (năm) hoặc 2026-11 (tháng)")]
Out = Annotated[Path, typer.Option("--out", help="Tệp sẽ ghi: .xlsx, .docx, .pdf hoặc .json")]
UnitId = Annotated[str | None, typer.Option("--unit", help="Chỉ một đơn vị, ví dụ so_y_te; bỏ trống: toàn tỉnh")]


@app.command("monthly")
def monthly(period: Period, out: Out, unit: UnitId = None) -> None:
    """Báo cáo một tháng, toàn tỉnh hoặc một đơn vị."""
    _report("monthly", period, out, unit)


@app.command("yearly")
def yearly(period: Period, out: Out, unit: UnitId = None) -> None:
    """Báo cáo năm: sáu chỉ tiêu, từ 15/12 năm trước đến hết 14/12; đã chốt thì ghi bản đã chốt kèm kết quả tính lại."""
    _report("yearly", period, out, unit)


@app.command("freeze")
def freeze(period: Period) -> None:
    """Chốt số liệu báo cáo năm (hệ thống tự chốt lúc hết 14/12; lệnh này dành cho năm trước khi cài đặt)."""
    settings, at = Settings(), wall_clock()
    office = _office(settings)
    wanted = _window(office, "yearly", period, at)
    if at < wanted.end:
        raise _stop(_say(office, "not_closed", period=period, last=wanted.last))
    made = asyncio.run(_made(settings, office, wanted, at, None))
    if made.changes is not None:
        raise _stop(_say(office, "frozen_already", period=period))
    answer = asyncio.run(ask(settings, {"command": "report.freeze", "document": made.document}))
    if not answer["ok"]:
        raise _stop(str(answer["problem"]))
    typer.echo(_say(office, "frozen", period=period, digest=made.digest))


def _report(kind: str, period: str, out: Path, unit: str | None) -> None:
    settings, at = Settings(), wall_clock()
    office = _office(settings)
    made = asyncio.run(_made(settings, office, _window(office, kind, period, at), at, unit))
    try:
        papers.write(made.document, Speaker(office.texts, office.law, made.items, at), out, made.changes)
    except papers.UnknownFormat as unknown:
        raise _stop(_say(office, "bad_format", suffix=str(unknown) or "–")) from unknown
    except OSError as error:
        raise _stop(office.texts.say("vi", "log.cannot_write", {"out": out, "problem": error.strerror or error})) from error
    typer.echo(_say(office, "written", period=period, out=out, digest=made.digest))


async def _made(settings: Settings, office: Office, wanted: Window, at: datetime, unit: str | None) -> Made:
    database = Database(settings.database)
    try:
        if (not settings.database_url and not (settings.home / "phatngon.db").is_file()) or not await database.is_current():
            raise _stop(office.texts.say("vi", "log.no_log", {"home": settings.home}))
        async with database.read() as store:
            if unit is not None and await store.get(Unit, unit) is None:
                raise _stop(_say(office, "unknown_unit", unit=unit))
        return await make(database, office, wanted, at, unit)
    finally:
        await database.dispose()


def _office(settings: Settings) -> Office:
    overlays = overlays_of(settings)
    return Office(read_rules(settings.law_pin, *overlays).law, Texts.load(settings.zone, *overlays))


def _window(office: Office, kind: str, period: str, at: datetime) -> Window:
    try:
        return office.window(kind, period, at)
    except ValueError as error:
        raise _stop(_say(office, "bad_period", period=period)) from error


def _say(office: Office, key: str, **values: Any) -> str:
    return office.texts.say("vi", f"report.{key}", values)


def _stop(sentence: str) -> typer.Exit:
    """One sentence on standard error; the caller raises what comes back."""
    typer.echo(sentence, err=True)
    return typer.Exit(1)
