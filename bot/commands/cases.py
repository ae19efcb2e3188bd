"""`phatngon import-cases`, `import-activities`: what was before, from a workbook or CSV, all of it or none, marked as imported for ever."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer
from sqlmodel import select

from bot import sheets
from bot.control import ask
from bot.database import Database
from bot.machine import wall_clock
from bot.office import overlays_of, read_rules
from bot.settings import Settings
from bot.sheets import lists
from models.casework import imported
from models.directory.unit import Unit
from models.reports import older, past
from models.reports.older import Mistake, Reader
from models.store import Store
from models.texts import Texts

SHOWN = 50  # mistakes printed; whoever has more mends the column, not the cells

File = Annotated[Path, typer.Argument(help="Tệp .xlsx hoặc .csv; dòng đầu là tên cột")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Chỉ kiểm tra, không ghi gì")]
Template = Annotated[bool, typer.Option("--template", help="Ghi ra FILE một tệp mẫu chỉ có tên cột")]
Say = Callable[..., str]
Facts = dict[str, Any]


async def _nothing(_store: Store, _rows: Sequence[Facts]) -> list[Mistake]:
    return []


@dataclass(frozen=True)
class Older:
    """One kind of older list: how its rows are read, what is here already, whom they are handed to, and its own sentences."""

    words: str
    sheet: str
    reader: type[Reader]
    known: Callable[[Store, Sequence[str]], Awaitable[Mapping[str, str]]]
    command: str
    among: Callable[[Store, Sequence[Facts]], Awaitable[list[Mistake]]] = _nothing  # what is wrong with rows taken together


CASES = Older("older", "Hồ sơ", Reader, imported.known, "cases.import")
ACTIVITIES = Older("past", "Hoạt động", past.PastReader, past.known, "activities.import", past.unanswerable)


def import_cases(file: File, dry_run: DryRun = False, template: Template = False) -> None:
    """Nhập hồ sơ cũ từ Excel hoặc CSV; nhập lại cùng một tệp không đổi gì."""
    _import(CASES, file, dry_run=dry_run, template=template)


def import_activities(file: File, dry_run: DryRun = False, template: Template = False) -> None:
    """Nhập họp báo, giao ban, thông tin định kỳ, tin sai và văn bản phản hồi cũ; nhập lại không đổi gì."""
    _import(ACTIVITIES, file, dry_run=dry_run, template=template)


def _import(kind: Older, file: Path, *, dry_run: bool, template: bool) -> None:
    settings = Settings()
    say = _speech(Texts.load(settings.zone, *overlays_of(settings)), kind)
    if template:
        lists.template(file, kind.sheet, kind.reader.columns)
        typer.echo(say("template", file=file))
        return
    found, mistakes = asyncio.run(_read(settings, kind, file, say("unreadable", file=file)))
    for mistake in mistakes[:SHOWN]:
        why = say(f"wrong_{mistake.key}", value=mistake.value)
        typer.echo(say("mistake", file=file.name, row=mistake.row, column=mistake.column, why=why), err=True)
    if mistakes:
        typer.echo(say("nothing_done", number=len(mistakes)), err=True)
        raise typer.Exit(1)
    if dry_run or not found:
        typer.echo(say("would", number=len(found)) if found else say("nothing_new"))
        return
    answer = asyncio.run(ask(settings, {"command": kind.command, "source": file.name, "rows": found}))
    if not answer["ok"]:
        typer.echo(say("failed", problem=answer["problem"]), err=True)
        raise typer.Exit(1)
    typer.echo(say("done", number=len(found)))


def _speech(texts: Texts, kind: Older) -> Say:
    """The sentences of a kind of list; those it lacks are said of all."""

    def say(key: str, **values: Any) -> str:
        own = f"{kind.words}.{key}"
        return texts.say("vi", own if own in texts.sentences["vi"] else f"older.{key}", values)

    return say


async def _read(settings: Settings, kind: Older, file: Path, unreadable: str) -> tuple[list[Facts], list[Mistake]]:
    """The new rows of the file and everything that is wrong with it, compared with what is here already."""
    overlays, database = overlays_of(settings), Database(settings.database)
    try:
        rows = list(lists.rows(file, kind.reader.columns))
    except sheets.Unreadable as error:
        typer.echo(unreadable, err=True)
        raise typer.Exit(1) from error
    try:
        async with database.read() as store:
            known_units = (await store.scalars(select(Unit))).all()
            reader = kind.reader(known_units, read_rules(settings.law_pin, *overlays).law, settings.zone, wall_clock())
            found, mistakes = older.read(reader, rows)
            known = await kind.known(store, [facts["reference"] for facts in found])
            mistakes += await kind.among(store, found)
    finally:
        await database.dispose()
    mistakes += [
        Mistake(facts["row"], reader.columns["reference"], "differs", facts["reference"])
        for facts in found
        if known.get(facts["reference"]) not in {None, "", facts["content"]}
    ]
    return [facts for facts in found if facts["reference"] not in known], sorted(mistakes, key=lambda mistake: mistake.row)
