"""`phatngon invite`: a one-time code and link; how the first officer gets in."""

import asyncio
from datetime import UTC, datetime
from typing import Annotated

import typer

from bot.control import ask
from bot.machine import Chance
from bot.seeding import VALID
from bot.settings import Settings
from models import codes
from models.directory.unit import DESK
from models.people.invitation import Welcome, code_hash
from models.people.mandate import MandateKind


def invite(
    role: Annotated[Welcome, typer.Option(help="officer, member hoặc reporter")],
    name: Annotated[str, typer.Option(help="Họ tên người được mời")],
    unit: Annotated[str | None, typer.Option(help="Mã đơn vị; vai officer mặc định là Phòng Báo chí")] = None,
    mandate: Annotated[MandateKind | None, typer.Option(help="head hoặc standing: có thẩm quyền phát ngôn")] = None,
    decision: Annotated[str, typer.Option(help="Số quyết định giao phát ngôn")] = "",
    position: Annotated[str, typer.Option(help="Chức vụ")] = "",
) -> None:
    """Tạo mã mời dùng một lần."""
    if role is Welcome.RETURN or mandate is MandateKind.AUTHORISED:
        raise typer.BadParameter("mã vào lại và ủy quyền theo vụ việc được tạo trong chat")
    if role is Welcome.MEMBER and unit is None:
        raise typer.BadParameter("vai member cần --unit, ví dụ --unit so_y_te")
    if mandate is not None and not decision:
        raise typer.BadParameter("thẩm quyền phát ngôn cần --decision SỐ_QUYẾT_ĐỊNH")
    settings, code = Settings(), codes.one_time(Chance().chance())
    wanted = {
        "command": "invite",
        "role": role.value,
        "name": name,
        "unit": unit or (DESK if role is Welcome.OFFICER else None),
        "mandate": mandate.value if mandate else None,
        "decision_no": decision,
        "position": position,
        "code_hash": code_hash(code),
        "expires_at": (datetime.now(UTC) + VALID).isoformat(),
    }
    answer = asyncio.run(ask(settings, wanted))
    if not answer["ok"]:
        print(f"Chưa tạo được mã mời: {answer['problem']}. Kiểm tra mã đơn vị bằng: phatngon directory export")
        raise typer.Exit(1)
    print(f"Mã mời của {name}: {code}")
    print(f"Hoặc mở: {settings.url}/vao/{code}")
    bot = asyncio.run(_bot(settings))
    if bot is not None:
        print(f"Hoặc trong Telegram: https://t.me/{bot}?start={code}")
    print(f"Mã dùng một lần, trong {VALID.days} ngày.")


async def _bot(settings: Settings) -> str | None:
    """The name of the Telegram bot, for a link that opens it with the code; None without a bot, or while Telegram is away."""
    if not settings.telegram_token.get_secret_value():
        return None
    from bot.channels.telegram import TelegramChannel  # noqa: PLC0415 - half a second nobody without a token should wait

    channel = TelegramChannel(settings, patience=5)
    await channel.open()
    try:
        return await channel.username()
    finally:
        await channel.close()
