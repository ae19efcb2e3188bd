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


class Bell:
    """A nudge for several loops, each with a signal of its own: one that is busy must not miss what another has heard."""

    def __init__(self) -> None:
        self._signals: list[Signal] = []

    def listen(self) -> Signal:
        """A signal for one more loop."""
        self._signals.append(signal := Signal())
        return signal

    def nudge(self) -> None:
        """Wake them all."""
        for signal in self._signals:
            signal.nudge()


class Signals:
    """One nudge per kind of loop."""

    def __init__(self) -> None:
        self.inbox = Signal()
        self.fetch = Signal()
        self.outbox = Bell()  # every sender listens
        self.alarm = Signal()
