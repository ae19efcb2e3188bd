"""aiogram's loop for a broadcast, as its documentation shows it: one message after another, 429 waited out, a pause between two.

`python -m tests.bench.peers.aiogram_broadcast URL TOKEN FIRST COUNT RATE`; a rate of 0 is no pause.
"""

import asyncio
import sys

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramAPIError, TelegramRetryAfter


async def send(bot: Bot, chat: int) -> None:
    """One message, again after a 429."""
    try:
        await bot.send_message(chat, "Thông cáo báo chí: kết quả kiểm tra.")
    except TelegramRetryAfter as limited:
        await asyncio.sleep(limited.retry_after)
        await send(bot, chat)
    except TelegramAPIError as error:
        print(type(error).__name__)


async def main() -> None:
    """Everybody, once."""
    url, token, first, count, rate = sys.argv[1:6]
    bot = Bot(token, session=AiohttpSession(api=TelegramAPIServer.from_base(url)))
    for chat in range(int(first), int(first) + int(count)):
        await send(bot, chat)
        if float(rate):
            await asyncio.sleep(1 / float(rate))
    await bot.session.close()


if __name__ == "__main__":
    asyncio.run(main())
