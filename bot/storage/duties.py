"""What must be done by one machine at a time: each duty has a leader, and another machine takes over when it dies.

A duty is a session-level advisory lock of PostgreSQL, on a connection that does nothing else. Leadership is a courtesy, not a safeguard: a
machine that was cut off may act for another moment while the next one has begun. What keeps everything once are unique keys, `SKIP LOCKED`
and leases. On SQLite there is one machine, which has every duty and asks nobody.
"""

import asyncio
import logging
from typing import TYPE_CHECKING, Any

from bot.database import Database
from bot.storage.locks import GIVE_BACK, HASTE, RUNNING, TAKE
from bot.watch.pulse import Run, beat

if TYPE_CHECKING:
    import psycopg

log = logging.getLogger(__name__)

EVERY = 1.0  # seconds between two looks: the longest a duty is nobody's after its leader has died
PATIENCE = 5.0  # seconds the server may take to answer one
WAITING = 10.0  # seconds between signs of life while another machine leads


class Duties:
    """The duties of one process."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._wanted: set[str] = set()
        self._held: set[str] = set()
        self._alone = True  # nobody was asked yet: a machine without loops, or on SQLite, has every duty
        self._changed = asyncio.Condition()
        self._connection: psycopg.AsyncConnection[Any] | None = None

    def has(self, duty: str) -> bool:
        """Whether this machine is the one that does it."""
        return self._alone or duty in self._held

    def want(self, duty: str) -> None:
        """Do it whenever nobody else does."""
        self._wanted.add(duty)

    def sole(self, duty: str, run: Run) -> Run:
        """A loop that runs only while this machine has the duty."""
        if self.database.is_sqlite:
            return run

        async def led() -> None:
            await self._until(duty, held=True)
            doing = asyncio.ensure_future(run())
            losing = asyncio.ensure_future(self._until(duty, held=False))
            try:
                await asyncio.wait({doing, losing}, return_when=asyncio.FIRST_COMPLETED)
                if doing.done():
                    await doing
            finally:
                for task in (doing, losing):
                    task.cancel()
                await asyncio.gather(doing, losing, return_exceptions=True)

        async def always() -> None:
            self.want(duty)
            while True:
                await led()

        return always

    async def run(self) -> None:
        """Take what is free and notice what is lost, for ever; a lost connection raises, and whoever runs us begins anew."""
        try:
            await self.ask()
            while True:
                beat()
                await asyncio.sleep(EVERY)
                await self._look()
        finally:
            await self.lay_down()

    def join(self) -> None:
        """There may be other machines: from here on this one has only what it holds."""
        self._alone = self.database.is_sqlite

    async def ask(self) -> None:
        """Take what is free now."""
        import psycopg  # noqa: PLC0415 - not for those who use SQLite

        self.join()
        async with asyncio.timeout(PATIENCE):
            self._connection = await psycopg.AsyncConnection.connect(self.database.address, autocommit=True, **HASTE)
            await self._connection.execute(RUNNING)
        await self._look()

    async def lay_down(self) -> None:
        """Others may do it from now on."""
        connection, self._connection = self._connection, None
        try:
            if connection is not None and not connection.closed:
                async with asyncio.timeout(PATIENCE):
                    await connection.execute(GIVE_BACK)  # at once; closing alone would leave it to the server to notice
        except Exception:  # noqa: BLE001 - the server is gone, and our locks with it
            log.info("the duties could not be given back", extra={"action": "lead"})
        finally:
            if connection is not None:
                await connection.close()
            await self._say(set())

    async def _look(self) -> None:
        """Ask for what is missing; asking for nothing still shows whether the connection lives."""
        if self._connection is None:
            return
        async with asyncio.timeout(PATIENCE):
            found = await self._connection.execute(TAKE, {"duties": sorted(self._wanted - self._held)})
            taken = {str(row[0]) for row in await found.fetchall()}
        if taken:
            log.info("this machine leads", extra={"action": "lead", "subject": ", ".join(sorted(taken))})
            await self._say(self._held | taken)

    async def _say(self, held: set[str]) -> None:
        self._held = held
        async with self._changed:
            self._changed.notify_all()

    async def _until(self, duty: str, *, held: bool) -> None:
        """Wait; only whoever waits for a duty shows signs of life, the loop that has it shows its own."""
        while self.has(duty) is not held:
            if held:
                beat()
            try:
                async with asyncio.timeout(WAITING), self._changed:
                    await self._changed.wait()
            except TimeoutError:
                continue
