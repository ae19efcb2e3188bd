"""Loops that must not stop: each beats whenever it goes round, starts again when it fails, and is stopped and started when it hangs."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass

log = logging.getLogger(__name__)

PATIENCE = 120.0  # seconds a loop may stay silent; the longest pause any takes is 60
LOOK = 10.0  # seconds between two looks of the watchdog
LONGEST = 30.0  # seconds between a failure and the next start, at most
HEALTHY = 60.0  # seconds after which a failure counts as the first again

Run = Callable[[], Awaitable[None]]


@dataclass
class Pulse:
    """What is known of one loop."""

    name: str
    last: float
    restarts: int = 0
    beats: int = 0  # since its last start; one that never beats is not taken for silent


_present: ContextVar[Pulse | None] = ContextVar("pulse", default=None)


def beat() -> None:
    """The loop that calls this is alive."""
    pulse = _present.get()
    if pulse is not None:
        pulse.last = time.monotonic()
        pulse.beats += 1


class Silent(RuntimeError):  # noqa: N818 - what is the case
    """A loop has not beaten for too long."""


class Watch:
    """The loops of one process."""

    def __init__(self, patience: float = PATIENCE, look: float = LOOK, first_pause: float = 1.0) -> None:
        self.patience, self.look, self.first_pause = patience, look, first_pause
        self.pulses: dict[str, Pulse] = {}
        self._tasks: list[asyncio.Task[None]] = []

    def start(self, loops: Mapping[str, Run]) -> None:
        """Start every loop."""
        for name, run in loops.items():
            pulse = self.pulses[name] = Pulse(name, time.monotonic())
            self._tasks.append(asyncio.create_task(self._keep(pulse, run), name=name))

    @property
    def running(self) -> bool:
        """Whether the loops were started and not stopped."""
        return bool(self._tasks)

    def silent(self) -> list[str]:
        """The loops that have been silent for too long."""
        now = time.monotonic()
        return [pulse.name for pulse in self.pulses.values() if pulse.beats and now - pulse.last > self.patience]

    async def stop(self) -> None:
        """Stop them all."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks.clear()

    async def _keep(self, pulse: Pulse, run: Run) -> None:
        """Nothing was acknowledged while it stood still, so starting again is always right: a full disk or a lost database passes."""
        failures = 0
        while True:
            begun = time.monotonic()
            pulse.last, pulse.beats = begun, 0
            try:
                await self._once(pulse, run)
            except Exception:
                log.exception("a loop failed and starts again", extra={"action": "loop", "loop": pulse.name})
            failures = 1 if time.monotonic() - begun > HEALTHY else failures + 1
            pulse.restarts += 1
            await asyncio.sleep(min(LONGEST, self.first_pause * 2 ** (failures - 1)))

    async def _once(self, pulse: Pulse, run: Run) -> None:
        """One life of a loop.

        Raises:
            Silent: it hung and was stopped.
        """

        async def living() -> None:
            _present.set(pulse)
            await run()

        task = asyncio.create_task(living(), name=pulse.name)
        try:
            while not task.done():
                await asyncio.wait({task}, timeout=self.look)
                if not task.done() and pulse.name in self.silent():
                    raise Silent(pulse.name)
            await task
        finally:
            task.cancel()
            await asyncio.wait({task}, timeout=1)
