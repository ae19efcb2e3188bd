"""What was accepted and what was refused, one JSON line each, written in batches."""

from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from tests.botapi.common import Json

ENCODER: TypeAdapter[Any] = TypeAdapter(Any)
BATCH = 250  # small enough that writing a batch delays nobody by more than a few milliseconds


class Record:
    """The journal of one server run; `None` keeps no lines, only the counts."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self.lines: list[Json] = []
        self.accepted: dict[str, int] = {}
        self.refused: dict[str, int] = {}
        self.file = path.open("wb") if path else None

    def accept(self, method: str, line: Json) -> None:
        """Note an accepted call."""
        self.accepted[method] = self.accepted.get(method, 0) + 1
        if self.path:
            self.add(line)

    def refuse(self, reason: str, line: Json) -> None:
        """Note a refused call, or one that a fault swallowed."""
        self.refused[reason] = self.refused.get(reason, 0) + 1
        if self.path:
            self.add(line)

    def add(self, line: Json) -> None:
        """Keep a line for the next batch."""
        if self.path is None:
            return
        self.lines.append(line)
        if len(self.lines) >= BATCH:
            self.flush()

    def flush(self) -> None:
        """Write what is waiting."""
        if self.file and self.lines:
            self.file.write(b"".join(ENCODER.dump_json(line) + b"\n" for line in self.lines))
            self.file.flush()
            self.lines.clear()

    def close(self) -> None:
        """Write what is waiting and let the file go."""
        self.flush()
        if self.file:
            self.file.close()
