"""`phatngon directory import|export`: units, outlets and people as YAML."""

import asyncio
from pathlib import Path
from typing import Annotated, Any, cast

import typer
import yaml

from bot.control import Answer, alone, ask
from bot.database import Database
from bot.settings import Settings
from models import content, directory

app = typer.Typer(no_args_is_help=True)


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="Tệp YAML với các mục units, outlets, people")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Chỉ xem sẽ đổi gì")] = False,
) -> None:
    """Nhập danh bạ; nhập lại cùng một tệp không đổi gì."""
    given = _read(file)
    settings = Settings()
    changes = asyncio.run(_compare(settings, given))
    for change in changes:
        what = f"{change.what} {change.id}"
        print(f"+ {what}: {change.after}" if not change.field else f"~ {what}, {change.field}: {change.before} → {change.after}")
    if dry_run or not changes:
        print(f"{len(changes)} thay đổi, chưa ghi gì." if dry_run else "Không có gì thay đổi.")
        return
    answer = asyncio.run(ask(settings, given))
    if not answer["ok"]:
        print(f"Chưa nhập được, không có gì bị đổi: {answer['problem']}")
        raise typer.Exit(1)
    print(f"Đã nhập {len(changes)} thay đổi.")


@app.command("export")
def export(file: Annotated[Path | None, typer.Argument(help="Nơi ghi; để trống: in ra màn hình")] = None) -> None:
    """Xuất danh bạ đơn vị và cơ quan báo chí."""
    text = yaml.safe_dump(asyncio.run(_kept(Settings())), allow_unicode=True, sort_keys=False, width=140)
    if file is None:
        print(text, end="")
    else:
        file.write_text(text, encoding="utf-8")
        print(f"Đã ghi {file}")


def _read(file: Path) -> Answer:
    document = content.read(file)
    given: dict[str, list[dict[str, Any]]] = {"units": [], "outlets": [], "people": []}
    needed = {"units": ("id", "name_vi", "kind"), "outlets": ("id", "name"), "people": ("name", "unit")}
    for part, rows in given.items():
        listed: object = document.data.get(part) or []
        if not isinstance(listed, list):
            raise document.problem(f"“{part}” phải là một danh sách, mỗi dòng bắt đầu bằng dấu gạch ngang", part)
        for number, row in enumerate(cast("list[dict[str, Any]]", listed)):
            missing = [key for key in needed[part] if not isinstance(row, dict) or not row.get(key)]  # pyright: ignore[reportUnnecessaryIsInstance]
            if missing:
                raise document.problem(f"thiếu {', '.join(missing)}", part, number)
            rows.append(row)
    return {"command": "directory.import", "source": file.name, **given}


async def _compare(settings: Settings, given: Answer) -> list[directory.Difference]:
    """What the file would change, worked out on a transaction that is rolled back."""

    class _Undo(Exception):  # noqa: N818 - an order
        pass

    found: list[directory.Difference] = []

    async def look(app: Any) -> Answer:
        async def work(store: Any) -> None:
            changes, _ = await directory.apply(store, given["units"], given["outlets"])
            people, _ = await directory.people(store, given["people"], app.machine.now())
            found.extend([*changes, *people])
            raise _Undo

        try:
            await app.machine.database.write(work)
        except _Undo:
            return {}
        return {}

    await alone(settings, look)
    return found


async def _kept(settings: Settings) -> dict[str, Any]:
    database = Database(settings.database)
    try:
        async with database.read() as store:
            return await directory.export(store)
    finally:
        await database.dispose()
