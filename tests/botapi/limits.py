"""How fast a bot may send: three models of the overall limit, and the two limits per chat."""

import math
from collections import deque
from dataclasses import dataclass, field

from tests.botapi.common import Refused

LOCK_OUT = 3.0
LONGEST = 60.0
PAID_RATE = 1000.0  # allow_paid_broadcast


@dataclass
class Bucket:
    """A token bucket: `rate` tokens a second, as many at once."""

    rate: float
    tokens: float = -1.0
    at: float = 0.0

    def wait(self, now: float) -> float:
        """Seconds until this call would be allowed; 0 lets it pass and counts it."""
        full = max(1.0, self.rate)
        self.tokens = full if self.tokens < 0 else min(full, self.tokens + (now - self.at) * self.rate)
        self.at = now
        if self.tokens >= 1:
            self.tokens -= 1
            return 0.0
        return (1 - self.tokens) / self.rate


@dataclass
class Window:
    """At most `rate` calls in any `seconds`; whoever exceeds it is locked out, for longer each time if `growing`."""

    rate: float
    seconds: float = 1.0
    lock_out: float = LOCK_OUT
    growing: bool = False
    times: deque[float] = field(default_factory=deque[float])
    until: float = 0.0
    last: float = 0.0

    def wait(self, now: float) -> float:
        """Seconds until this call would be allowed; 0 lets it pass and counts it."""
        if now < self.until:
            if self.growing:
                self.last = min(LONGEST, self.last * 2)
                self.until = now + self.last
            return self.until - now
        times = self.times
        while times and times[0] <= now - self.seconds:
            times.popleft()
        if len(times) < self.rate:
            times.append(now)
            self.last = self.lock_out
            return 0.0
        if not self.lock_out:
            return times[0] + self.seconds - now
        self.last = max(self.last, self.lock_out)
        self.until = now + self.last
        return self.last


Model = Bucket | Window


def model(name: str, rate: float) -> Model | None:
    """The limit model called `name`."""
    if name == "bucket":
        return Bucket(rate)
    if name in {"window", "growing"}:
        return Window(rate, growing=name == "growing")
    if name != "none":
        raise Refused(f"unknown limit model {name}")
    return None


@dataclass
class Limits:
    """What is in force, and how often it said no."""

    overall: Model | None = None
    per_private: float = 0.0  # messages a second in one private chat; 0 is no limit
    per_group: int = 0  # messages a minute in one group; 0 is no limit
    paid: Model = field(default_factory=lambda: Bucket(PAID_RATE))
    chats: dict[int, Window] = field(default_factory=dict[int, Window])
    refused: int = 0

    def admit(self, now: float, chat: int, *, messages: int = 1, paid: bool = False) -> None:
        """Count a message to `chat`, or refuse it with the time to wait."""
        overall = self.paid if paid else self.overall
        if overall is not None:
            self.refuse(overall.wait(now))
        window = self.window(chat)
        if window is not None:
            for _ in range(messages):
                self.refuse(window.wait(now))

    def window(self, chat: int) -> Window | None:
        """The limit of one chat, if it has one."""
        if not (self.per_private if chat > 0 else self.per_group):
            return None
        if chat not in self.chats:
            limit = Window(1, 1 / self.per_private, lock_out=0) if chat > 0 else Window(self.per_group, 60, lock_out=0)
            self.chats[chat] = limit
        return self.chats[chat]

    def refuse(self, wait: float) -> None:
        """429 with whole seconds, if there is anything to wait for."""
        if wait > 0:
            self.refused += 1
            seconds = max(1, math.ceil(wait - 1e-6))
            raise Refused(f"Too Many Requests: retry after {seconds}", 429, retry_after=seconds)
