"""`phatngon check`: a readable list of what must be mended before the office opens."""

import asyncio

import typer

from bot.machine import wall_clock
from bot.settings import Settings
from bot.watch.checking import of_content, of_installation


def check() -> None:
    """Kiểm tra thiết lập, nội dung, bộ quy tắc, lịch, cơ sở dữ liệu."""
    settings = Settings()
    found = [*of_content(settings, wall_clock()), *asyncio.run(of_installation(settings))]
    for finding in found:
        print(f"{'LỖI' if finding.error else 'Lưu ý'}: {finding.text}")
    errors = sum(finding.error for finding in found)
    if errors:
        print(f"\n{errors} lỗi cần sửa.")
        raise typer.Exit(1)
    print("\nKhông có lỗi.")
