"""Wake-ups between processes on PostgreSQL: what is nudged here is nudged there, by LISTEN and NOTIFY.

A notice is a hint, as a nudge is: whoever misses one finds the work in the database a moment later. Nudges of some
milliseconds go out as one notice, after the commits they speak of.
"""

import asyncio
import json
import logging
import secrets
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from bot.channels.base import LocalChannel
from bot.machine import Machine
from bot.storage.locks import HASTE

log = logging.getLogger(__name__)

TOPIC = "phatngon"
LISTEN = "LISTEN phatngon"
GATHERED = 0.01  # seconds of nudges that go out together
CHATS = 50  # per notice: PostgreSQL carries 8,000 bytes


class Notices:
    """Tells other processes, and listens to them."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.listening = asyncio.Event()
        self._me = secrets.token_hex(4)
        self._wake: set[str] = set()
        self._pages: dict[str, set[str]] = defaultdict(set)
        self._something = asyncio.Event()

    async def run(self) -> None:
        """Tell and listen until cancelled; a connection that is lost raises, and whoever runs us begins anew."""
        self.machine.signals.beyond = self.tell
        telling = asyncio.create_task(self._tell(), name="notices-tell")
        try:
            await self._listen()
        finally:
            self.machine.signals.beyond = None
            self.listening.clear()
            telling.cancel()
            await asyncio.gather(telling, return_exceptions=True)

    def tell(self, signal: str, channel: str | None = None, chats: Sequence[str] = ()) -> None:
        """Say it to the others soon."""
        if channel is None:
            self._wake.add(signal)
        else:
            self._pages[channel].update(chats)
        self._something.set()

    async def _tell(self) -> None:
        while True:
            await self._something.wait()
            await asyncio.sleep(GATHERED)
            self._something.clear()
            said = self._said()
            try:
                await self.machine.database.notify(TOPIC, [json.dumps({"by": self._me, **notice}) for notice in said])
            except Exception as error:  # noqa: BLE001 - a hint is lost, the work is not
                log.warning("others could not be told", extra={"action": "notify", "problem": type(error).__name__})

    def _said(self) -> list[dict[str, Any]]:
        said: list[dict[str, Any]] = [{"wake": sorted(self._wake)}] if self._wake else []
        for channel, gathered in self._pages.items():
            chats = sorted(gathered)
            said += [{"pages": {channel: chats[first : first + CHATS]}} for first in range(0, len(chats), CHATS)]
        self._wake.clear()
        self._pages.clear()
        return said

    async def _listen(self) -> None:
        import psycopg  # noqa: PLC0415 - not for those who use SQLite

        connection = await psycopg.AsyncConnection.connect(self.machine.database.address, autocommit=True, **HASTE)
        async with connection:
            await connection.execute(LISTEN)
            self.machine.signals.wake_all()  # what was said before we listened
            self.listening.set()
            async for notice in connection.notifies():
                self._hear(json.loads(notice.payload))
        raise ConnectionError("the database ended the connection we listen on")

    def _hear(self, said: dict[str, Any]) -> None:
        if said.get("by") == self._me:
            return
        for name in said.get("wake", ()):
            self.machine.signals.wake(name)
        for name, chats in said.get("pages", {}).items():
            channel = self.machine.channels.get(name)
            if isinstance(channel, LocalChannel):
                channel.posted(chats)
