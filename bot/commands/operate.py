"""Commands for whoever keeps the machine running: run, retry, migrate."""

import asyncio
from typing import Annotated

import typer

from bot import logs, seeding
from bot.app import App
from bot.control import ask
from bot.database import Database
from bot.serving import serve
from bot.settings import Settings
from bot.web.server import Server


def run() -> None:
    """Chạy hệ thống cho đến khi được yêu cầu dừng."""
    settings = Settings()
    logs.configure()

    async def ready(app: App, _server: Server) -> None:
        if not app.machine.office.unit_names:
            await seeding.seed(app)
        print(f"Đang chạy tại {settings.url}", flush=True)

    asyncio.run(serve(settings, ready=ready))


def retry(number: Annotated[int, typer.Argument(help="Số của tin đã được giữ lại")]) -> None:
    """Xử lý lại một tin đã được giữ lại vì lỗi."""
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
