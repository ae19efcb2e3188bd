"""A plugin for the whole suite: whatever is logged while any test runs holds no token, no phone number and nothing people said.

Lines are judged as an operator would see them, but before tokens and numbers are blackened: nothing of ours may log one at all.
"""

import json
import logging
from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from bot import inbox, logs
from bot.channels.base import Arrival

SHORTEST = 12  # characters: shorter words stand in our own prose too
# Not the product speaking: httpx is the clients the strict server is tried with, `library` a test's clumsy one.
OUTSIDE = ("asyncio", "hypothesis", "playwright", "httpx", "library")


class Listener(logging.Handler):
    """Keeps every line once, and what people said."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.lines: set[str] = set()
        self.said: set[str] = set()
        self._line = logs.Line()

    def emit(self, record: logging.LogRecord) -> None:
        """Note a line with everything it carries, whether our format would show it or not."""
        if not record.name.startswith(OUTSIDE):
            fields = json.dumps({k: v for k, v in record.__dict__.items() if k in logs.KEPT}, ensure_ascii=False, default=str)
            self.lines.add(f"{record.name} {record.getMessage()} {fields} {json.loads(self._line.format(record)).get('trace', '')}")

    def hear(self, payload: str) -> None:
        """Note what a message says."""
        try:
            self._take(json.loads(payload))
        except ValueError:
            return

    def _take(self, part: Any) -> None:
        match part:
            case dict():
                for name, value in part.items():  # pyright: ignore[reportUnknownVariableType]
                    if name in {"text", "caption"} and isinstance(value, str) and len(value) >= SHORTEST:
                        self.said.add(value)
                    else:
                        self._take(value)
            case list():
                for value in part:  # pyright: ignore[reportUnknownVariableType]
                    self._take(value)
            case _:
                pass

    def told(self) -> list[str]:
        """Every line that tells what it must not."""
        return sorted(line for line in self.lines if logs.blackened(line) != line or any(words in line for words in self.said))


def discreet(log: str, said: Iterable[str] = ()) -> None:
    """What another process of ours has logged tells as little."""
    words = [*said]
    told = [line for line in log.splitlines() if logs.blackened(line) != line or any(one in line for one in words)]
    assert told == []


@pytest.fixture(scope="session", autouse=True)
def nothing_is_told_to_the_logs() -> Iterator[Listener]:
    """Listen from the first test to the last."""
    listener, root, before = Listener(), logging.getLogger(), inbox.Inbox.put
    root.addHandler(listener)
    level = root.level
    root.setLevel(logging.INFO)

    async def heard(self: inbox.Inbox, arrivals: list[Arrival], *more: Any, **named: Any) -> list[int]:
        for arrival in arrivals:
            listener.hear(arrival.payload)
        return await before(self, arrivals, *more, **named)

    inbox.Inbox.put = heard  # pyright: ignore[reportAttributeAccessIssue]
    yield listener
    inbox.Inbox.put = before
    root.setLevel(level)
    root.removeHandler(listener)
    assert not listener.told()
