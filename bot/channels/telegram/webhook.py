"""The other way in: Telegram pushes, and gets its 200 only after the commit."""

import asyncio
import hmac
import logging

from bot.channels.base import Arrival, Put
from bot.channels.telegram import reading
from bot.channels.telegram.polling import Acknowledge

log = logging.getLogger(__name__)

LARGEST = 1024 * 1024  # bytes of one update; real ones stay far below


class Webhook:
    """Checks, stores, answers. Pushes that come while one commit runs share the next."""

    def __init__(self, put: Put, secret: str, acknowledge: Acknowledge) -> None:
        self._put, self._secret, self._acknowledge = put, secret.encode(), acknowledge
        self._waiting: list[tuple[Arrival, asyncio.Future[bool]]] = []
        self._storing: asyncio.Task[None] | None = None

    async def receive(self, body: bytes, secret: str | None) -> int:
        """The status for one push: 200 stored, 401 not from Telegram, 413 too large, 400 no update, 503 come again."""
        if not hmac.compare_digest((secret or "").encode(), self._secret):
            return 401
        if len(body) > LARGEST:
            return 413
        payload = body.decode("utf-8", "replace")
        update = reading.parse(payload)
        arrival = reading.arrival(update, payload)
        if arrival is None:
            return 400
        if not await self._stored(arrival):
            return 503
        if callback := reading.callback_of(update):
            self._acknowledge(callback)
        return 200

    async def _stored(self, arrival: Arrival) -> bool:
        done: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiting.append((arrival, done))
        if self._storing is None or self._storing.done():
            self._storing = asyncio.create_task(self._store())
        return await done

    async def _store(self) -> None:
        while self._waiting:
            group, self._waiting = self._waiting, []
            try:
                await self._put([arrival for arrival, _ in group])
                kept = True
            except Exception:
                log.exception("what was pushed could not be stored", extra={"action": "hook", "channel": reading.NAME})
                kept = False
            for _, done in group:
                if not done.done():
                    done.set_result(kept)
