"""How fast a channel may be written to, without bursts: one message per interval over all chats, and a limit in each chat.

The interval is that of 0.985 of the allowed rate. Slots missed by a stalled loop or a slow disk are made up for as far as `MISSED` goes. No
second holds more messages than allowed *as the channel counts them*, whatever the network or a busy machine does to each: with R a second
allowed, a message waits until the R-th before it was answered a second ago, less the time every call takes at least. (The channel
counted that one before it answered, and will count this one no sooner than the way there takes.)
"""

import asyncio
import math
import time
from collections import deque
from collections.abc import Awaitable, Callable

SHARE = 0.985
MISSED = 0.033  # seconds whose slots may go at once: at thirty messages a second that is never two
SECOND = 1.0
EPOCH = 10.0  # seconds; the shortest call of this one and the last counts, so that a network grown slower is noticed
RECHECK = 0.01  # seconds until a look again, when all that is allowed is under way
FORGET = 4096  # chats remembered before those long free are forgotten
MINUTE = 60.0


class Pacer:
    """Slots over all chats, and per chat; a rate of 0 is no limit.

    `room` says how many slots begin soon, `grant` gives one to a chat, `turn` waits until it is there.
    """

    def __init__(
        self,
        rate: float = 0,
        *,
        per_chat: float = 0,
        per_group: int = 0,
        is_group: Callable[[str], bool] = lambda _chat: False,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.interval = 1 / (rate * SHARE) if rate else 0.0
        self.between = 1 / (per_chat * SHARE) if per_chat else 0.0
        self.per_group = per_group
        self._is_group, self._clock, self._sleep = is_group, clock, sleep
        self._most = max(1, int(rate)) if rate else 0
        self._next = 0.0
        self._under_way = 0
        self._over: deque[float] = deque()  # when calls of about the last second ended
        self._least = self._least_before = math.inf  # seconds a call takes at least, in this epoch and in the one before
        self._epoch = 0.0
        self._free: dict[str, float] = {}  # chat → when it may be written to again
        self._groups: dict[str, deque[float]] = {}  # group → when its last messages went
        self._granted = 0

    def room(self, horizon: float) -> int:
        """How many slots, not yet granted, begin within `horizon` seconds; with no limit, very many."""
        now = self._clock()
        if not self.interval:
            return 0 if self._next > now + horizon else 1_000_000
        ahead = now + horizon - max(self._next, now)
        return max(0, int(ahead / self.interval) + (1 if ahead >= 0 else 0) - self._granted)

    def until_room(self, horizon: float) -> float:
        """Seconds until another slot begins within `horizon`."""
        now = self._clock()
        return max(0.0, max(self._next, now) + self._granted * self.interval - horizon - now)

    def free_in(self, chat: str) -> float:
        """Seconds until a chat may be written to again."""
        now = self._clock()
        if self._is_group(chat):
            sent = self._groups.get(chat)
            return max(0.0, sent[0] + MINUTE / SHARE - now) if sent and self.per_group and len(sent) >= self.per_group else 0.0
        return max(0.0, self._free.get(chat, 0.0) - now)

    def grant(self, chat: str) -> None:
        """Give a slot to a chat; `turn` must follow, once."""
        self._granted += 1
        self._written(chat)

    async def turn(self, chat: str | None = None) -> float:
        """Wait for the slot that was granted; with a chat, for one more message to it, without a grant. `over` must follow, with what this returns."""
        while (wait := self._take(chat)) > 0:
            await self._sleep(wait)
        if chat is None:
            self._granted -= 1
        else:
            self._written(chat)
        return self._clock()

    def over(self, begun: float) -> None:
        """A call that had its turn at `begun` has ended, however."""
        now = self._clock()
        self._under_way -= 1
        if self._most:
            self._over.append(now)
        if now - self._epoch >= EPOCH:
            self._epoch, self._least_before, self._least = now, self._least, math.inf
        self._least = min(self._least, now - begun)

    def pause(self, seconds: float) -> None:
        """The channel said: not before."""
        self._next = max(self._next, self._clock() + seconds)

    def sent(self, chat: str) -> None:
        """The call begins now: the limit of its chat counts from here."""
        if self.between and not self._is_group(chat):
            self._free[chat] = self._clock() + self.between

    def _take(self, chat: str | None) -> float:
        """Take the next slot if it has begun: 0; else the seconds until then."""
        now = self._clock()
        wait = max(self._next - now, self._full(now), self.free_in(chat) if chat is not None else 0.0)
        if wait <= 0:
            self._next = max(self._next, now - MISSED) + self.interval
            self._under_way += 1
        return wait

    def _full(self, now: float) -> float:
        """Seconds until one more message may reach the channel within a second of the others."""
        if not self._most:
            return 0.0
        over, counted = self._over, now - SECOND + min(self._least, self._least_before)
        while over and over[0] <= counted:
            over.popleft()
        if len(over) + self._under_way < self._most:
            return 0.0
        return over[0] - counted if over else RECHECK

    def _written(self, chat: str) -> None:
        now = self._clock()
        if self._is_group(chat):
            if self.per_group:
                self._groups.setdefault(chat, deque(maxlen=self.per_group)).append(now)
        elif self.between:
            if len(self._free) > FORGET:
                self._free = {known: at for known, at in self._free.items() if at > now}
            self._free[chat] = now + self.between
