"""What Telegram is told once at the start: the commands of the menu, and where to push. It may fail without stopping anything."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from telegram.error import TelegramError

from bot.channels.base import Menu
from bot.channels.telegram.errors import Answered
from bot.channels.telegram.reading import KINDS, NAME

log = logging.getLogger(__name__)

AGAIN = 3.0  # seconds
DEFAULT = "vi"  # the language of everybody whose own we do not speak


class Startup:
    """Tries until Telegram has heard it."""

    def __init__(self, bot: Any, menu: Menu, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        self._bot, self._menu, self._sleep = bot, menu, sleep

    async def run(self, address: str = "", secret: str = "") -> None:
        """First where to push, then the menu; then nothing more."""
        if address:
            await self._until_heard("setWebhook", url=address, secret_token=secret, allowed_updates=list(KINDS), max_connections=100)
        for language, commands in self._menu.items():
            await self._until_heard("setMyCommands", **commands_of(language, commands))
        await asyncio.Event().wait()  # a loop that ends would look like one that died

    async def _until_heard(self, method: str, **parameters: Any) -> None:
        while True:
            try:
                await self._bot.ask(method, **parameters)
            except TelegramError as error:
                log.warning("a start-up call failed", extra={"action": "startup", "channel": NAME, "problem": type(error).__name__})
                if isinstance(error, Answered) and error.code == 400:
                    return  # it would never be heard
                await self._sleep(error.retry_after or AGAIN if isinstance(error, Answered) else AGAIN)
            else:
                return


def commands_of(language: str, commands: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """A menu in a language as `setMyCommands` takes it."""
    named = [{"command": name, "description": words[:256]} for name, words in commands]
    return {"commands": named, "language_code": code_of(language)}


def code_of(language: str) -> str | None:
    """How Telegram names a language; our own first one is everybody's whose language we do not speak."""
    return None if language == DEFAULT else language
