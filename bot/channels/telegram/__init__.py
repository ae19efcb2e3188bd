"""Telegram: python-telegram-bot's `Bot` on our own aiohttp transport; nothing outside this package imports either.

`reading` – from stored JSON to a message. `polling`, `webhook` – the two ways in. `channel`, `uploads` – the way out.
`request`, `errors` – the wire, and how it fails.
"""

from bot.channels.telegram.channel import TelegramChannel

__all__ = ["TelegramChannel"]
