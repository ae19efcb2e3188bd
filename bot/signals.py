"""Wake-ups between the loops of one process: a nudge, never a message. Whoever misses one finds the work in the database."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Protocol

from bot.watch.pulse import beat


class Beyond(Protocol):
    """Carries nudges to other processes."""

    def __call__(self, signal: str, channel: str | None = None, chats: Sequence[str] = ()) -> None:
        """A signal was nudged, or chats of a channel show something new."""
        ...


class Signal:
    """Something happened; whoever waits looks."""

    def __init__(self, tell: Callable[[], None] | None = None) -> None:
        self._event = asyncio.Event()
        self._tell = tell

    def nudge(self) -> None:
        """Wake the loop, now or when it next waits, here and in other processes."""
        self._event.set()
        if self._tell is not None:
            self._tell()

    def wake(self) -> None:
        """Wake the loop of this process."""
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

    def __init__(self, tell: Callable[[], None] | None = None) -> None:
        self._signals: list[Signal] = []
        self._tell = tell

    def listen(self) -> Signal:
        """A signal for one more loop."""
        self._signals.append(signal := Signal())
        return signal

    def nudge(self) -> None:
        """Wake them all, here and in other processes."""
        self.wake()
        if self._tell is not None:
            self._tell()

    def wake(self) -> None:
        """Wake the loops of this process."""
        for signal in self._signals:
            signal.wake()


class Signals:
    """One nudge per kind of loop."""

    def __init__(self) -> None:
        self.beyond: Beyond | None = None  # only on a database that other processes share
        self.inbox = Signal(lambda: self._tell("inbox"))
        self.fetch = Signal(lambda: self._tell("fetch"))
        self.outbox = Bell(lambda: self._tell("outbox"))  # every sender listens
        self.alarm = Signal(lambda: self._tell("alarm"))
        self.office = Signal(lambda: self._tell("office"))  # units or people were changed

    def pages(self, channel: str, chats: Sequence[str]) -> None:
        """Pages of other processes may show these chats."""
        if self.beyond is not None and chats:
            self.beyond("pages", channel, chats)

    def wake(self, name: str) -> None:
        """Another process nudged."""
        signal = self._all().get(name)
        if signal is not None:
            signal.wake()

    def wake_all(self) -> None:
        """Something may have been missed."""
        for signal in self._all().values():
            signal.wake()

    def _all(self) -> dict[str, Signal | Bell]:
        return {"inbox": self.inbox, "fetch": self.fetch, "outbox": self.outbox, "alarm": self.alarm, "office": self.office}

    def _tell(self, name: str) -> None:
        if self.beyond is not None:
            self.beyond(name)
