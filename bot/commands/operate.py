"""Commands for whoever keeps the machine running: run, retry, migrate."""

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

from bot import logs
from bot.database import Database
from bot.machine import PARTS
from bot.serving import serve
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.app import App


def run(
    only: Annotated[str, typer.Option(help=f"Chỉ chạy vài phần, khi nhiều máy dùng chung PostgreSQL: {','.join(PARTS)}")] = ",".join(PARTS),
) -> None:
    """Chạy hệ thống cho đến khi được yêu cầu dừng."""
    settings = Settings()
    parts = [part.strip() for part in only.split(",")]
    unknown = [part for part in parts if part not in PARTS]
    if unknown:
        print(f"Không có phần “{unknown[0]}”. Các phần: {', '.join(PARTS)}.")
        raise typer.Exit(1)
    if set(parts) != set(PARTS) and not settings.shares_database:
        print("Với SQLite, một tiến trình làm mọi phần. Muốn chia phần cho nhiều máy, hãy dùng PostgreSQL (PHATNGON_DATABASE_URL).")
        raise typer.Exit(1)
    logs.configure()

    async def ready(app: "App", _server: object) -> None:
        if not app.machine.office.unit_names and "dispatch" in parts:
            from bot import seeding  # noqa: PLC0415 - on the first day

            await seeding.seed(app)
        print(f"Đang chạy tại {settings.url}", flush=True)

    asyncio.run(serve(settings, parts=parts, ready=ready))


def retry(number: Annotated[int, typer.Argument(help="Số của tin đã được giữ lại")]) -> None:
    """Xử lý lại một tin đã được giữ lại vì lỗi."""
    from bot.control import ask  # noqa: PLC0415 - it knows the whole machine, and `run` begins with a part of it

    answer = asyncio.run(ask(Settings(), {"retry": number}))
    if not answer["ok"]:
        print(f"Tin {number} chưa xử lý được: {answer['problem']}")
        raise typer.Exit(1)
    print(f"Đã xử lý tin {number}.")


def migrate() -> None:
    """Đưa cơ sở dữ liệu lên phiên bản mới nhất."""
    settings = Settings()
    settings.home.mkdir(parents=True, exist_ok=True)

    async def work() -> None:
        database = Database(settings.database)
        await database.migrate()
        await database.dispose()

    asyncio.run(work())
    print("Cơ sở dữ liệu đã ở phiên bản mới nhất.")
