"""Telegram: python-telegram-bot's `Bot` on our own aiohttp transport; nothing outside this package imports either.

`reading` – from stored JSON to a message. `polling`, `webhook` – the two ways in. `channel`, `uploads` – the way out.
`request`, `errors` – the wire, and how it fails.
"""

import sys

# python-telegram-bot imports httpx, which imports a command line of its own with rich and pygments where they are installed:
# 5 MB and a third of a second at every start, for something nobody calls. A name set to None is a module that cannot be imported.
sys.modules.setdefault("httpx._main", None)  # pyright: ignore[reportArgumentType]

from bot.channels.telegram.channel import TelegramChannel  # noqa: E402 - only after that

__all__ = ["TelegramChannel"]
