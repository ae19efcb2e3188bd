"""The table of a bench run: each figure beside that of its peer in the same run, what it must be and what we aim at."""

import json
import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

OPEN = "–"


@dataclass(frozen=True)
class Row:
    """One measurement. `value` is what is compared with `must` and `aim`; `ours` and `peer` are the figures behind it."""

    name: str
    ours: str
    peer: str
    value: float | None = None
    must: float | None = None
    aim: float | None = None
    unit: str = "×"
    at_most: bool = False  # smaller is better
    behind: Mapping[str, Any] = field(default_factory=dict[str, Any])  # whatever else was measured, for the JSON file

    @property
    def verdict(self) -> str:
        """Whether the bound holds; nothing where none is set."""
        if self.value is None or self.must is None:
            return "reported"
        if not self._reaches(self.must):
            return "MISSED"
        return "aim" if self.aim is not None and self._reaches(self.aim) else "holds"

    def _reaches(self, bound: float) -> bool:
        assert self.value is not None
        return self.value <= bound if self.at_most else self.value >= bound

    def cells(self) -> list[str]:
        """The row as it is printed."""
        sign = "≤" if self.at_most else "≥"
        bound = OPEN if self.must is None else f"{sign} {self.must:g}" + (f" / {self.aim:g}" if self.aim is not None else "")
        value = OPEN if self.value is None else f"{self.value:.3g} {self.unit}"
        return [self.name, self.ours, self.peer, value, bound, self.verdict]


HEAD = ["", "phatngon", "peer, same run", "value", "must / aim", ""]


def printed(rows: Sequence[Row]) -> str:
    """The table in plain text."""
    cells = [HEAD, *(row.cells() for row in rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(HEAD))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in cells)


def write(rows: Sequence[Row], path: Path, *, quick: bool) -> None:
    """The same as JSON, with what it was measured on."""
    machine = {"cores": os.cpu_count(), "python": platform.python_version(), "load": os.getloadavg(), "quick": quick}
    path.parent.mkdir(parents=True, exist_ok=True)
    found = {"machine": machine, "rows": [asdict(row) | {"verdict": row.verdict} for row in rows]}
    path.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", "utf-8")
