"""aiogram 3 as its documentation shows it: default Dispatcher and session, every text sent back. Nothing is kept."""

import asyncio
import sys

from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import Message


async def echo(message: Message) -> None:
    """The same words to whoever wrote them."""
    await message.answer(message.text or "")


async def main() -> None:
    """Poll until stopped."""
    url, token = sys.argv[1:3]
    bot = Bot(token, session=AiohttpSession(api=TelegramAPIServer.from_base(url)))
    dispatcher = Dispatcher()
    dispatcher.message()(echo)
    await dispatcher.start_polling(bot)


if __name__ == "__main__":
    asyncio.run(main())
