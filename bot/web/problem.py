"""What a web request may be refused with: a status and the key of a kind sentence that says what to do next."""

from typing import Any


class Problem(Exception):  # noqa: N818 - the person's problem, not an error of ours
    """A request that cannot be met."""

    def __init__(self, status: int, key: str, **values: Any) -> None:
        super().__init__(key)
        self.status = status
        self.key = key
        self.values = values
