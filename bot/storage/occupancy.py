"""HOME/phatngon.lock: one writing process per HOME."""

import fcntl
from pathlib import Path
from typing import IO


class Occupied(RuntimeError):  # noqa: N818 - what is the case
    """Another process already writes in this HOME."""


class Lock:
    """Taken by whoever writes in a HOME."""

    def __init__(self, home: Path) -> None:
        self.path = home / "phatngon.lock"
        self._file: IO[str] | None = None

    def take(self) -> None:
        """Take it, or raise `Occupied`. The system gives it back when the process ends, however it ends."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        file = self.path.open("w")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.close()
            raise Occupied(str(self.path)) from error
        self._file = file

    def give_back(self) -> None:
        """Give it back."""
        if self._file is not None:
            self._file.close()
            self._file = None
