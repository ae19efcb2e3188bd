"""Why a unit is proposed, in the sentences of the content files."""

from collections.abc import Mapping
from math import exp

from models.routing.areas import AreaSigns
from models.routing.evidence import Evidence
from models.routing.facts import DESK
from models.routing.knowledge import Knowledge
from models.routing.proposal import Scored

_SCALE = 2.2  # points that make a proposal about two thirds sure


class Reasons:
    """Turns signs into sentences."""

    def __init__(self, known: Knowledge, texts: Mapping[str, str], language: str = "vi") -> None:
        self._known = known
        self._texts = texts
        self._language = language

    def scored(self, unit: str, points: float, evidence: Evidence) -> Scored:
        """A unit with its score and its one or two strongest reasons."""
        signs = [sign for sign in evidence.best(unit) if sign.why not in {"fields", "meaning"}] or evidence.best(unit)
        said = dict.fromkeys(self._say(f"why_{sign.why}", words=sign.words) for sign in signs[:2])
        name = self._known.units[unit].name(self._language) if unit in self._known.units else self._say("some_area")
        return Scored(unit, round(1 - exp(-points / _SCALE), 3), self._say("because", reasons="; ".join(said), unit=name))

    def desk(self, why: str) -> Scored:
        """The press office as a proposal."""
        return Scored(DESK, 0.0, self._say(f"desk_{why}"))

    def note(self, why: str) -> str:
        """A sentence for the sender."""
        return self._say(f"note_{why}")

    def gone(self, signs: AreaSigns) -> str:
        """That a district asked for is no more, and who stands for it."""
        if not signs.former:
            return ""
        heirs = [heir.unit.area or "" for heir in self._known.heirs(signs.former[0].id) if heir.unit.is_area]
        name = signs.former[0].area or signs.former[0].name_vi
        return self._say("note_gone", unit=name[:1].upper() + name[1:], heirs=", ".join(heirs))

    def _say(self, key: str, **values: str) -> str:
        return self._texts[f"route.{key}"].format(**values)
