"""`phatngon letter reminder|transfer`: an official letter drafted as DOCX from what is on record, to be numbered and signed by people."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from bot import drafting
from bot.database import Database
from bot.machine import wall_clock
from bot.office import overlays_of
from bot.settings import Settings
from models import codes
from models.casework.inquiry import Inquiry
from models.directory.unit import Unit
from models.store import Store
from models.texts import Texts

app = typer.Typer(help="Soạn công văn nhắc, phiếu chuyển (DOCX, thể thức Nghị định 30/2020).", no_args_is_help=True, add_completion=False)
Out = Annotated[Path, typer.Option("--out", help="Tệp .docx sẽ ghi")]


@app.command("reminder")
def reminder(unit: Annotated[str, typer.Option("--unit", help="Mã đơn vị, ví dụ so_y_te")], out: Out) -> None:
    """Công văn nhắc một đơn vị có đề nghị quá hạn."""

    async def draft(store: Store, texts: Texts) -> None:
        found = await _unit(store, texts, unit)
        try:
            await drafting.reminder(store, texts, found, wall_clock(), out)
        except drafting.NothingLate as nothing:
            raise _stop(texts, "none_late", unit=found.name_vi) from nothing

    _drafted(out, draft)


@app.command("transfer")
def transfer(
    inquiry: Annotated[str, typer.Option("--inquiry", help="Mã đề nghị, ví dụ YC-4F7Q2MX")],
    unit: Annotated[str, typer.Option("--unit", help="Mã đơn vị nhận")],
    out: Out,
    reason: Annotated[str, typer.Option("--reason", help="Lý do chuyển")] = "",
) -> None:
    """Phiếu chuyển một đề nghị đến đơn vị có thẩm quyền."""

    async def draft(store: Store, texts: Texts) -> None:
        found = await _unit(store, texts, unit)
        code = next(iter(codes.find(inquiry, codes.INQUIRY)), "")
        case = await store.get(Inquiry, code)
        if case is None:
            typer.echo(texts.say("vi", "log.no_case" if code else "log.bad_code", {"code": code or inquiry}), err=True)
            raise typer.Exit(1)
        await drafting.transfer(store, texts, case, found, reason, wall_clock(), out)

    _drafted(out, draft)


async def _unit(store: Store, texts: Texts, unit: str) -> Unit:
    found = await store.get(Unit, unit)
    if found is None:
        raise _stop(texts, "unknown_unit", unit=unit)
    return found


def _drafted(out: Path, draft: Callable[[Store, Texts], Awaitable[None]]) -> None:
    settings = Settings()
    texts = Texts.load(settings.zone, *overlays_of(settings))
    if out.suffix.casefold() != ".docx":
        raise _stop(texts, "docx_only")

    async def work() -> None:
        database = Database(settings.database)
        try:
            if (not settings.database_url and not (settings.home / "phatngon.db").is_file()) or not await database.is_current():
                typer.echo(texts.say("vi", "log.no_log", {"home": settings.home}), err=True)
                raise typer.Exit(1)
            async with database.read() as store:
                await draft(store, texts)
        finally:
            await database.dispose()

    asyncio.run(work())
    typer.echo(texts.say("vi", "letter.written", {"out": out}))


def _stop(texts: Texts, key: str, **values: Any) -> typer.Exit:
    """One sentence on standard error; the caller raises what comes back."""
    typer.echo(texts.say("vi", f"letter.{key}", values), err=True)
    return typer.Exit(1)
