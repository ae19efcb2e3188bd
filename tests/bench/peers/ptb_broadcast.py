"""python-telegram-bot with its own AIORateLimiter: every message at once, the limiter paces them.

`python -m tests.bench.peers.ptb_broadcast URL TOKEN FIRST COUNT RATE`.
"""

import asyncio
import sys

from telegram.error import TelegramError
from telegram.ext import AIORateLimiter, Application


async def main() -> None:
    """Everybody, once."""
    url, token, first, count, rate = sys.argv[1:6]
    limiter = AIORateLimiter(overall_max_rate=float(rate), overall_time_period=1, max_retries=10)
    builder = Application.builder().token(token).base_url(f"{url}/bot").base_file_url(f"{url}/file/bot")
    application = builder.rate_limiter(limiter).connection_pool_size(256).pool_timeout(600).build()
    bot = application.bot
    async with application:

        async def send(chat: int) -> None:
            try:
                await bot.send_message(chat, "Thông cáo báo chí: kết quả kiểm tra.")
            except TelegramError as error:
                print(type(error).__name__)

        await asyncio.gather(*(send(chat) for chat in range(int(first), int(first) + int(count))))


if __name__ == "__main__":
    asyncio.run(main())
