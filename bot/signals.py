"""Wake-ups between the loops of one process: a nudge, never a message. Whoever misses one finds the work in the database."""

import asyncio

from bot.pulse import beat


class Signal:
    """Something happened; whoever waits looks."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def nudge(self) -> None:
        """Wake the loop, now or when it next waits."""
        self._event.set()

    async def wait(self, at_most: float) -> None:
        """Return on a nudge, or after `at_most` seconds: other processes may have left work too."""
        beat()
        try:
            async with asyncio.timeout(at_most):
                await self._event.wait()
        except TimeoutError:
            return
        finally:
            self._event.clear()


class Signals:
    """One nudge per loop."""

    def __init__(self) -> None:
        self.inbox = Signal()
        self.fetch = Signal()
        self.outbox = Signal()
        self.alarm = Signal()
