"""What this process has done since it started, counted: how much of what, read by /metrics and nobody else."""

import time
from collections import Counter, deque

MINUTE = 60.0


class Tally:
    """Counters that only grow, and how many messages were handled in the last minute."""

    def __init__(self) -> None:
        self.handled = 0
        self.replays = 0
        self.aside = 0
        self.swept: Counter[str] = Counter()
        self.attempts: Counter[tuple[str, str]] = Counter()  # channel, result
        self._lately: deque[tuple[float, int]] = deque()

    def took(self, messages: int) -> None:
        """Messages were handled and committed."""
        self.handled += messages
        self._lately.append((time.monotonic(), messages))
        self._forget()

    @property
    def per_second(self) -> float:
        """Messages handled per second over the last minute."""
        self._forget()
        return sum(n for _, n in self._lately) / MINUTE

    def _forget(self) -> None:
        while self._lately and self._lately[0][0] < time.monotonic() - MINUTE:
            self._lately.popleft()
