"""The one way tests wait for another process, which tells nobody when it is ready: look, and look again, for so long and no longer."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")
LOOK = 0.02  # seconds between two looks


async def until(found: Callable[[], Awaitable[T]], what: str, patience: float = 30.0) -> T:
    """What is found at last.

    Raises:
        AssertionError: it never came.
    """
    end = time.monotonic() + patience
    while not (there := await found()):
        assert time.monotonic() < end, f"waited {patience:g} s in vain: {what}"
        await asyncio.sleep(LOOK)
    return there


def until_seen(found: Callable[[], T], what: str, patience: float = 30.0) -> T:
    """The same where nothing else runs meanwhile."""
    end = time.monotonic() + patience
    while not (there := found()):
        assert time.monotonic() < end, f"waited {patience:g} s in vain: {what}"
        time.sleep(LOOK)
    return there
