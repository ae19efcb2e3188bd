"""What the router answers: an action, units with scores and reasons, and the parts of a message worth splitting."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

Action = Literal["choose", "split", "ask_area", "desk", "help"]


class Semantic(Protocol):
    """A layer that understands meaning: how near a question is to each unit's matters, on any scale."""

    def similarities(self, text: str) -> Mapping[str, float]:
        """Unit id → nearness of this question."""
        ...


@dataclass(frozen=True)
class Scored:
    """A unit proposed, how sure (0–1), and why in a sentence."""

    id: str
    score: float
    reason: str


@dataclass(frozen=True)
class Proposal:
    """What to do with a question; `abstain` says the press office had better look itself."""

    action: Action
    units: tuple[Scored, ...]
    abstain: bool
    parts: tuple[str, ...] = ()
    concepts: tuple[str, ...] = ()  # what was understood, for learning from corrections
    note: str = ""  # a sentence for the sender: a body that is gone, a commune to name

    def contract(self) -> dict[str, Any]:
        """The proposal as `phatngon route --file` prints it: help is the desk's, with abstention."""
        return {
            "action": "desk" if self.action == "help" else self.action,
            "units": [{"id": unit.id, "score": unit.score, "reason": unit.reason} for unit in self.units],
            "abstain": self.abstain or self.action == "help",
        }
