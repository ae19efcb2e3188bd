"""`phatngon import-cases`: older cases from a workbook, all of them or none, marked as imported for ever."""

import asyncio
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer
from sqlmodel import select

from bot.control import ask
from bot.database import Database
from bot.machine import wall_clock
from bot.office import overlays_of, read_rules
from bot.settings import Settings
from models.casework import imported
from models.directory.unit import Unit
from models.reports import older
from models.reports.older import COLUMNS, Mistake
from models.text import fold
from models.texts import Texts

SHOWN = 50  # mistakes printed; whoever has more mends the column, not the cells
MOST = 50_000  # rows of one file


def import_cases(
    file: Annotated[Path, typer.Argument(help="Tệp Excel; dòng đầu là tên cột")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Chỉ kiểm tra, không ghi gì")] = False,
    template: Annotated[bool, typer.Option("--template", help="Ghi ra FILE một tệp mẫu chỉ có tên cột")] = False,
) -> None:
    """Nhập hồ sơ cũ từ Excel; nhập lại cùng một tệp không đổi gì."""
    settings = Settings()
    texts = Texts.load(settings.zone, *overlays_of(settings))

    def say(key: str, **values: Any) -> str:
        return texts.say("vi", f"older.{key}", values)

    if template:
        _template(file)
        typer.echo(say("template", file=file))
        return
    found, mistakes = asyncio.run(_read(settings, file, say("unreadable", file=file)))
    for mistake in mistakes[:SHOWN]:
        typer.echo(_sentence(say, file, mistake), err=True)
    if mistakes:
        typer.echo(say("nothing_done", number=len(mistakes)), err=True)
        raise typer.Exit(1)
    if dry_run or not found:
        typer.echo(say("would", number=len(found)) if found else say("nothing_new"))
        return
    answer = asyncio.run(ask(settings, {"command": "cases.import", "source": file.name, "rows": found}))
    if not answer["ok"]:
        typer.echo(say("failed", problem=answer["problem"]), err=True)
        raise typer.Exit(1)
    typer.echo(say("done", number=len(found)))


def _sentence(say: Any, file: Path, mistake: Mistake) -> str:
    return say("mistake", file=file.name, row=mistake.row, column=mistake.column, why=say(f"wrong_{mistake.key}", value=mistake.value))


def _template(file: Path) -> None:
    import xlsxwriter  # noqa: PLC0415 - only for whoever wants the template

    with xlsxwriter.Workbook(str(file)) as opened:
        book: Any = opened
        sheet = book.add_worksheet("Hồ sơ")
        sheet.write_row(0, 0, list(COLUMNS.values()))
        sheet.set_column(0, len(COLUMNS) - 1, 20)


async def _read(settings: Settings, file: Path, unreadable: str) -> tuple[list[dict[str, Any]], list[Mistake]]:
    """The new rows of the file and everything that is wrong with it, compared with what is here already."""
    overlays, database = overlays_of(settings), Database(settings.database)
    try:
        async with database.read() as store:
            known_units = (await store.scalars(select(Unit))).all()
            reader = older.Reader(known_units, read_rules(settings.law_pin, *overlays).law, settings.zone, wall_clock())
            found, mistakes = older.read(reader, list(_rows(file, unreadable)))
            known = await imported.known(store, [facts["reference"] for facts in found])
    finally:
        await database.dispose()
    mistakes += [
        Mistake(facts["row"], COLUMNS["reference"], "differs", facts["reference"])
        for facts in found
        if known.get(facts["reference"], facts["content"]) != facts["content"]
    ]
    return [facts for facts in found if facts["reference"] not in known], sorted(mistakes, key=lambda mistake: mistake.row)


def _rows(file: Path, unreadable: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """The rows of the first sheet by the names of their columns, numbered as the program numbers them."""
    import openpyxl  # noqa: PLC0415 - only for whoever imports a workbook

    try:
        book = openpyxl.load_workbook(file, read_only=True, data_only=True)
    except Exception as error:
        raise typer.BadParameter(unreadable) from error  # the library raises whatever its parts raise
    try:
        lines = book.worksheets[0].iter_rows(values_only=True, max_row=MOST)
        names = {fold(label): name for name, label in COLUMNS.items()}
        heading = [names.get(fold(str(cell or ""))) for cell in next(lines, ())]
        for number, line in enumerate(lines, 2):
            if any(cell not in {None, ""} for cell in line):
                yield number, {name: cell for name, cell in zip(heading, line, strict=False) if name is not None}
    finally:
        book.close()
