"""What officers' corrections taught: counts of which desk finally answered, dated, to be read and to be undone."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from math import log2

MOST = 0.6  # of a concept's own strength: learning may decide between near equals, never outvote the words
_STEP = 0.15


@dataclass(frozen=True)
class Learned:
    """How often a desk answered a matter, the first and the last day it did."""

    count: int
    first: date
    last: date


Counts = Mapping[tuple[str, str], Learned]


def boost(learned: Learned | None, on: date) -> float:
    """The share of a concept's strength that experience adds; nothing learned after the day asked for counts."""
    if learned is None or learned.count <= 0 or learned.first > on:
        return 0.0
    return min(MOST, _STEP * log2(1 + learned.count))


def learn(counts: Counts, concepts: Iterable[str], unit: str, on: date) -> dict[tuple[str, str], Learned]:
    """The counts after a desk answered a question about these concepts."""
    return _changed(counts, concepts, unit, on, 1)


def unlearn(counts: Counts, concepts: Iterable[str], unit: str, on: date) -> dict[tuple[str, str], Learned]:
    """The counts after such an answer turned out to be a mistake; a count of nothing is dropped."""
    return _changed(counts, concepts, unit, on, -1)


def _changed(counts: Counts, concepts: Iterable[str], unit: str, on: date, by: int) -> dict[tuple[str, str], Learned]:
    found = dict(counts)
    for concept in dict.fromkeys(concepts):
        known = found.get((concept, unit), Learned(0, on, on))
        changed = replace(known, count=known.count + by, first=min(known.first, on), last=max(known.last, on))
        if changed.count > 0:
            found[concept, unit] = changed
        else:
            found.pop((concept, unit), None)
    return found
