"""Durable long polling: an update is acknowledged to Telegram only after it is committed.

python-telegram-bot's own Updater acknowledges after an in-memory put and parses before storing: a crash loses what it had,
one update it cannot parse stops it for good. Here the offset lives in memory only: after a restart Telegram sends again what
was never confirmed, and the inbox knows what it has.
"""

import asyncio
import json
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any, cast

from telegram.error import TelegramError

from bot.channels.base import Arrival, Put
from bot.channels.telegram import reading
from bot.channels.telegram.errors import Answered, Garbled
from bot.channels.telegram.request import AioRequest
from bot.channels.telegram.shape import Thing, number, thing
from bot.watch.pulse import beat
from models import jsontext

log = logging.getLogger(__name__)

POLL = 25  # seconds Telegram may hold a poll open
MOST = 100  # updates at a time
LONGEST = 3.0  # seconds of back-off: polling is back within five after a fault ends
ALLOWED = json.dumps(reading.KINDS)

Acknowledge = Callable[[str], None]
Sleep = Callable[[float], Awaitable[None]]


class Poller:
    """The loop that asks Telegram what is new."""

    def __init__(
        self, bot: Any, request: AioRequest, put: Put, acknowledge: Acknowledge, *, seconds: int = POLL, sleep: Sleep = asyncio.sleep
    ) -> None:
        self._bot, self._request, self._put, self._acknowledge, self._sleep = bot, request, put, acknowledge, sleep
        self.seconds = seconds
        self.offset: int | None = None
        self.last_poll: float | None = None  # time.monotonic() of the last answer; the watchdog's
        self.failures = 0

    async def run(self) -> None:
        """Poll for ever, whatever happens: a wrong token, a second poller, a proxy's error page, a full disk."""
        while True:
            beat()
            try:
                await self.step(self.seconds)
                self.failures = 0
            except TelegramError as error:
                await self._back_off(error)
            except Exception as error:
                log.exception("what was polled could not be stored", extra={"action": "poll", "channel": reading.NAME})
                await self._back_off(error)

    async def step(self, seconds: int = 0) -> int:
        """Ask once, store, advance; returns how many updates came. Raises what happened; nothing is acknowledged then."""
        updates = await self._ask(seconds)
        self.last_poll = time.monotonic()
        arrivals = stored(updates)
        if arrivals:
            await self._put(arrivals)
            for callback in filter(None, map(reading.callback_of, updates)):
                self._acknowledge(callback)
        numbers = [n for update in updates if (n := number(update.get("update_id"))) is not None]
        if numbers:
            self.offset = max(numbers) + 1
        return len(updates)

    async def _ask(self, seconds: int) -> list[Thing]:
        fields: dict[str, Any] = {"timeout": seconds, "limit": MOST, "allowed_updates": ALLOWED}
        if self.offset is not None:
            fields["offset"] = self.offset
        payload = await self._request.call(f"{self._bot.base_url}/getUpdates", fields, seconds + 10.0)
        try:
            found: Any = json.loads(payload)["result"]
        except (ValueError, KeyError, TypeError):
            found = None
        if not isinstance(found, list):
            raise Garbled("the answer to a poll cannot be read")
        return [thing(update) for update in cast("list[object]", found)]

    async def _back_off(self, error: Exception) -> None:
        self.failures += 1
        wait = min(LONGEST, 0.1 * 2 ** min(self.failures, 8))
        if isinstance(error, Answered):
            wait = error.retry_after or wait
            if error.code == 409 and "webhook" in error.description.lower():
                await self._forget_webhook()
        log.warning("polling failed", extra={"action": "poll", "channel": reading.NAME, "problem": type(error).__name__, "wait": wait})
        await self._sleep(wait)

    async def _forget_webhook(self) -> None:
        """The settings say polling; a webhook somebody set earlier would keep every update away from us."""
        try:
            await self._bot.ask("deleteWebhook")
        except TelegramError as error:
            log.warning("the webhook could not be removed", extra={"action": "poll", "problem": type(error).__name__})


def stored(updates: list[Thing]) -> list[Arrival]:
    """Each update as the inbox keeps it; one without a number cannot be kept and does not stop the others."""
    arrivals: list[Arrival] = []
    for update in updates:
        arrival = reading.arrival(update, jsontext.written(update))
        if arrival is None:
            log.error("an update without a number was left out", extra={"action": "poll", "channel": reading.NAME})
        else:
            arrivals.append(arrival)
    return arrivals
