"""`phatngon calendar`: what a changed calendar would move, applying it, and days off of one's own, typed or from an `.ics` file."""

import asyncio
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
import yaml

from bot import applying
from bot.applying import Change
from bot.commands.law import stop as _stop
from bot.office import overlays_of
from bot.settings import Settings
from models import content
from models.clocks.deadline import Rules
from models.law import ical, ruling
from models.law.explaining import date_text
from models.texts import Texts

app = typer.Typer(help="Lịch nghỉ: xem thử, áp dụng, thêm ngày, nhập iCalendar.", no_args_is_help=True, add_completion=False)
SHOWN = 40

File = Annotated[Path | None, typer.Argument(help="Tệp calendar.yaml mới; bỏ trống là tệp đang có trong HOME/content")]


@app.command()
def diff(file: File = None) -> None:
    """Xem thử: lịch mới đổi những ngày nào, bao nhiêu thời hạn đang chạy sẽ muộn hơn; không áp dụng gì."""
    settings = Settings()
    rules = applying.changed(settings, _files(file))
    for line in _changes(settings, rules) or [_say(settings, "same")]:
        typer.echo(line)
    typer.echo(_say(settings, "would", number=asyncio.run(applying.moved(settings, rules)) or 0))


@app.command()
def apply(file: File = None) -> None:
    """Áp dụng lịch mới: thời hạn đang chạy được tính lại, chỉ muộn hơn; mọi người liên quan được báo, có ghi nhật ký."""
    settings = Settings()
    _apply(settings, _files(file), file.name if file is not None else ruling.CALENDAR)


@app.command()
def add(
    day: Annotated[datetime, typer.Argument(formats=["%Y-%m-%d", "%d/%m/%Y"], help="Ngày nghỉ, ví dụ 2026-11-27")],
    name: Annotated[str, typer.Argument(help="Tên ngày nghỉ, ví dụ “Nghỉ tránh bão”")],
) -> None:
    """Thêm một ngày nghỉ riêng và áp dụng ngay."""
    settings = Settings()
    _apply(settings, _with(settings, {day.date(): " ".join(name.split())}), name)


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="Tệp .ics")],
    yes: Annotated[bool, typer.Option("--yes", help="Áp dụng; không ghi thì chỉ xem thử")] = False,
) -> None:
    """Nhập ngày nghỉ từ tệp iCalendar; sự kiện lặp lại hoặc có giờ được liệt kê, không nhập."""
    settings = Settings()
    try:
        found = ical.read(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, ical.BadCalendar) as error:
        raise _stop(_say(settings, "unreadable", file=file)) from error
    calendar = applying.present(settings).calendar
    days = {day: name for day, name in found.days if calendar.is_working_day(day)}
    for name in found.left_out[:SHOWN]:
        typer.echo(_say(settings, "left_out", name=name))
    for day, name in list(days.items())[:SHOWN]:
        typer.echo(_say(settings, "day_off", day=date_text(day), name=name))
    if not days:
        typer.echo(_say(settings, "same"))
    elif yes:
        _apply(settings, _with(settings, days), file.name)
    else:
        rules = applying.changed(settings, _with(settings, days))
        typer.echo(_say(settings, "would", number=asyncio.run(applying.moved(settings, rules)) or 0))


def _files(file: Path | None) -> dict[str, str]:
    return {ruling.CALENDAR: file.read_text("utf-8")} if file is not None and content.read(file) else {}


def _with(settings: Settings, days: dict[date, str]) -> dict[str, str]:
    """The office's own days with some more, as the file will stand."""
    known = {day.date: day.name for day in ruling.local_days(content.document(ruling.LOCAL, *overlays_of(settings)))}
    rows = [{"date": day, "name": name} for day, name in sorted((known | days).items())]
    return {ruling.LOCAL: yaml.safe_dump({"days_off": rows}, allow_unicode=True, sort_keys=False)}


def _changes(settings: Settings, rules: Rules) -> list[str]:
    """The days that change, in order."""
    after = rules.calendar
    days = list(ruling.days_changed(applying.present(settings).calendar, after))
    return [_say(settings, "day_on" if after.is_working_day(day) else "day_off", day=date_text(day), name=name) for day, name in days][
        :SHOWN
    ]


def _apply(settings: Settings, files: dict[str, str], source: str) -> None:
    changes = _changes(settings, applying.changed(settings, files))
    why = _say(settings, "why", days="; ".join(changes[:3])) if changes else _say(settings, "why_recount")
    answer = asyncio.run(applying.apply(settings, Change("calendar", _say(settings, "title"), source, files, changes, why)))
    if not answer["ok"]:
        raise _stop(_say(settings, "failed", problem=answer.get("problem", "")))
    for line in [*changes, _say(settings, "done")]:
        typer.echo(line)


def _say(settings: Settings, key: str, **values: Any) -> str:
    return Texts.load(settings.zone, *overlays_of(settings)).say("vi", f"calendar.{key}", values)
