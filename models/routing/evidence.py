"""Signs gathered from a question, each with its points, its reason and the words it rests on."""

from collections import defaultdict
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Sign:
    """One thing that speaks for (or against) a unit."""

    points: float
    why: str  # a text key below `route.why_`
    words: str = ""


@dataclass
class Evidence:
    """All signs, by unit."""

    signs: defaultdict[str, list[Sign]] = field(default_factory=lambda: defaultdict[str, list[Sign]](list))
    concepts: dict[str, float] = field(default_factory=dict[str, float])
    phrases: dict[str, str] = field(default_factory=dict[str, str])  # the words each concept was found by

    def add(self, unit: str, points: float, why: str, words: str = "") -> None:
        """One more sign for a unit."""
        if points:
            self.signs[unit].append(Sign(points, why, words))

    def ranked(self) -> list[tuple[str, float]]:
        """Units and their points, best first; equals by id, so that the same question always has the same answer."""
        points = {unit: sum(sign.points for sign in signs) for unit, signs in self.signs.items()}
        return sorted(((unit, score) for unit, score in points.items() if score > 0), key=lambda item: (-item[1], item[0]))

    def said(self, unit: str) -> float:
        """The points of a unit that rest on words."""
        return sum(sign.points for sign in self.signs[unit] if sign.why != "meaning")

    def best(self, unit: str) -> list[Sign]:
        """The signs that speak most for a unit, strongest first."""
        return sorted((s for s in self.signs[unit] if s.points > 0), key=lambda sign: (-sign.points, sign.why, sign.words))
