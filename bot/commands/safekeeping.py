"""Commands for copies of an installation: backup, restore, unfence."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from bot.control import ask
from bot.database import Database
from bot.machine import wall_clock
from bot.settings import Settings
from bot.storage import fencing
from bot.storage.backup import Copied, Unfit
from bot.storage.backup import backup as make
from bot.storage.backup import restore as bring_back
from models.installation import fenced_why


def backup(folder: Annotated[Path, typer.Argument(help="Thư mục mới cho bản sao lưu, ví dụ sao-luu/2026-11-22")]) -> None:
    """Sao lưu khi hệ thống đang chạy; bản sao được kiểm tra trước khi báo xong."""
    try:
        copied = asyncio.run(make(Settings(), folder, wall_clock()))
    except Unfit as unfit:
        _stop(unfit)
    else:
        print(f"Đã sao lưu vào {folder}: {_told(copied)}")


def restore(folder: Annotated[Path, typer.Argument(help="Thư mục của bản sao lưu")]) -> None:
    """Khôi phục vào thư mục dữ liệu trống; hệ thống khởi động nhưng chưa gửi tin nào."""
    settings = Settings()
    try:
        copied = asyncio.run(bring_back(settings, folder, wall_clock()))
    except Unfit as unfit:
        _stop(unfit)
    else:
        print(f"Đã khôi phục vào {settings.home} bản sao lưu lúc {copied.made_at}: {_told(copied)}")
        print("Hệ thống đang bị RÀO: chạy, nhận và lưu tin, nhưng không gửi tin nào.")
        print("Khi chắc chắn máy cũ đã tắt, hãy chạy: phatngon unfence")


def unfence() -> None:
    """Cho phép gửi tin trở lại, sau khi chắc chắn không còn máy nào khác đang gửi."""
    settings = Settings()
    why = asyncio.run(_why(settings))
    if why is None:
        print("Hệ thống không bị rào; không có gì để làm.")
        return
    print(f"Hệ thống đang bị rào vì {fencing.REASONS.get(why, why)}.")
    answer = asyncio.run(ask(settings, {"command": "unfence"}))
    if not answer["ok"]:
        print(f"Chưa bỏ rào được: {answer['problem']}")
        raise typer.Exit(1)
    print("Đã bỏ rào: tin đang chờ được gửi đi.")


async def _why(settings: Settings) -> str | None:
    database = Database(settings.database)
    try:
        if not await database.is_current():
            return None
        async with database.read() as store:
            return await fenced_why(store)
    finally:
        await database.dispose()


def _told(copied: Copied) -> str:
    return f"{copied.files} tệp, {copied.size / 2**20:.1f} MB; nhật ký {copied.seq} mục, kiểm tra đúng, mốc {copied.hash[:16]}…"


def _stop(unfit: Unfit) -> None:
    print(unfit)
    raise typer.Exit(1)
