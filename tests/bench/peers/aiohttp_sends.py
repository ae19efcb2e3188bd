"""Raw aiohttp, as fast as it goes: the ceiling of the strict server. `python -m tests.bench.peers.aiohttp_sends URL TOKEN FIRST COUNT`."""

import asyncio
import sys

import aiohttp

AT_ONCE = 64


async def main() -> None:
    """Everybody, once, so many at a time."""
    url, token, first, count = sys.argv[1:5]
    chats = iter(range(int(first), int(first) + int(count)))
    async with aiohttp.ClientSession() as session:

        async def worker() -> None:
            for chat in chats:
                async with session.post(f"{url}/bot{token}/sendMessage", json={"chat_id": chat, "text": "Thông cáo báo chí."}) as answer:
                    await answer.read()

        await asyncio.gather(*(worker() for _ in range(AT_ONCE)))


if __name__ == "__main__":
    asyncio.run(main())
