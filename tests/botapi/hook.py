"""The webhook: updates pushed to the bot's own address.

One chat's updates go one after another, the next only after the last was answered 2xx, as Telegram does; different chats go
side by side on at most `max_connections` connections. With `order="none"` nothing is held back, so that even one chat's
updates overtake each other. Whatever is not answered 2xx comes again after a back-off that doubles.
"""

import asyncio
import json
import re
import time
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import aiohttp

from tests.botapi.common import Json, Refused
from tests.botapi.feed import Feed, kind_of

SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
ADDRESS = re.compile(r"https://[^\s/]+|http://(127\.0\.0\.1|localhost|\[::1\])[:/]")
LONGEST = 60.0
Answer = Callable[[Json], Awaitable[Any]]


def chat_of(update: Json) -> int:
    """The chat (or person) an update belongs to; 0 if it has none."""
    try:
        body: Json = update[kind_of(update)]
        place: Json = (body.get("message") or body).get("chat") or body.get("from") or {}
        return place.get("id", 0)
    except (AttributeError, KeyError):  # an update nobody has seen before
        return 0


class Hook:
    """Pushing to one address, while it is set."""

    def __init__(self, feed: Feed, *, order: str, retry: float, timeout: float, answer: Answer) -> None:
        self.feed, self.order, self.retry, self.timeout, self.answer = feed, order, retry, timeout, answer
        self.url = ""
        self.secret = ""
        self.most = 40
        self.certificate = False
        self.error: Json = {}
        self.queues: dict[int, deque[Json]] = {}
        self.ready: deque[int] = deque()
        self.busy: dict[int, asyncio.Task[None]] = {}
        self.session: aiohttp.ClientSession | None = None
        self.pushed = 0

    async def set(self, given: Json) -> bool:
        """setWebhook; an empty address removes it."""
        if not given["url"]:
            return await self.remove(drop=given.get("drop_pending_updates", False))
        if not ADDRESS.match(given["url"]):
            raise Refused("bad webhook: An HTTPS URL must be provided for webhook")
        if "secret_token" in given and not SECRET.fullmatch(given["secret_token"]):
            raise Refused("secret token contains unallowed characters")
        most = given.get("max_connections", 40)
        if not 1 <= most <= 100:
            raise Refused("max_connections must be 1-100")
        await self.remove(drop=given.get("drop_pending_updates", False))
        self.url, self.secret, self.most, self.error = given["url"], given.get("secret_token", ""), most, {}
        self.certificate = "certificate" in given
        if "allowed_updates" in given:
            self.feed.allowed = frozenset(given["allowed_updates"]) or None
        self.feed.stop_poll("terminated by setWebhook request")
        connector = aiohttp.TCPConnector(limit=most)
        self.session = aiohttp.ClientSession(connector=connector, timeout=aiohttp.ClientTimeout(total=self.timeout))
        self.feed.on_push = self.push
        for update in list(self.feed.waiting.values()):
            self.push(update)
        return True

    async def remove(self, *, drop: bool) -> bool:
        """deleteWebhook; what was not acknowledged waits for the next poll."""
        self.feed.on_push = None
        self.url = ""
        tasks, self.busy = [task for task in self.busy.values() if task is not asyncio.current_task()], {}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self.queues.clear()
        self.ready.clear()
        if self.session:
            await self.session.close()
            self.session = None
        if drop:
            self.feed.drop()
        return True

    def about(self) -> Json:
        """What getWebhookInfo tells."""
        told: Json = {"url": self.url, "has_custom_certificate": self.certificate, "pending_update_count": len(self.feed.waiting)}
        if self.url:
            told |= {"max_connections": self.most, "ip_address": "127.0.0.1"} | self.error
        return told | ({"allowed_updates": sorted(self.feed.allowed)} if self.feed.allowed else {})

    def push(self, update: Json) -> None:
        """Queue an update behind those of its chat."""
        key = chat_of(update) if self.order == "chat" else update["update_id"]
        queue = self.queues.get(key)
        if queue is None:
            self.queues[key] = deque([update])
            self.ready.append(key)
            self.pump()
        else:
            queue.append(update)

    def pump(self) -> None:
        """Start as many deliveries as connections allow."""
        while self.ready and len(self.busy) < self.most:
            key = self.ready.popleft()
            self.busy[key] = asyncio.create_task(self.deliver(key))

    async def deliver(self, key: int) -> None:
        """Deliver one update of a chat, again and again until it is acknowledged."""
        queue = self.queues[key]
        update, wait = queue[0], self.retry
        while not await self.post(update):
            await asyncio.sleep(wait)
            wait = min(LONGEST, wait * 2)
        queue.popleft()
        self.busy.pop(key, None)
        if queue:
            self.ready.append(key)
        else:
            del self.queues[key]
        self.feed.acknowledge(update["update_id"])
        self.pump()

    async def post(self, update: Json) -> bool:
        """One attempt; its answer may carry a method call, as the Bot API allows."""
        assert self.session
        headers = {"Content-Type": "application/json"} | ({"X-Telegram-Bot-Api-Secret-Token": self.secret} if self.secret else {})
        body, why, reply = json.dumps(update, ensure_ascii=False).encode(), "", b""
        try:
            async with self.session.post(self.url, data=body, headers=headers, allow_redirects=False) as response:
                reply = await response.read()
                if not 200 <= response.status < 300:
                    why = f"Wrong response from the webhook: {response.status} {response.reason}"
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            why = f"Connection failed: {type(error).__name__}"
        self.pushed += 1
        self.feed.record.add({"push": update["update_id"], "t": time.monotonic(), "ok": not why, "why": why})
        if why:
            self.error = {"last_error_date": int(time.time()), "last_error_message": why}
            return False
        if reply.startswith(b"{"):
            with suppress(ValueError, Refused):
                await self.answer(json.loads(reply))
        return True
