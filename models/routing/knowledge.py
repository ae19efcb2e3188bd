"""Everything the router indexes once for a day: names, concepts, field words, places."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from models.routing import facts
from models.routing.areas import Areas
from models.routing.bm25 import Bm25
from models.routing.facts import AREA, UnitFacts
from models.routing.frames import Abbreviations, Frames
from models.routing.lexicon import Concept, Lexicon
from models.routing.phrases import Phrases
from models.routing.split import Splitter
from models.routing.typos import Typos
from models.routing.words import folded


@dataclass(frozen=True, slots=True)
class Name:
    """What a name in a text points to: a unit of the day, or one that is gone."""

    unit: str
    weight: float
    gone: bool = False


NAME, ALIAS, FORMER = 3.0, 2.2, 2.8


class Knowledge:
    """The indexes of one directory, one lexicon and one day."""

    def __init__(self, units: Iterable[UnitFacts], lexicon: Lexicon, on: date) -> None:
        units = list(units)
        self.on = on
        self.units = {unit.id: unit for unit in units}
        self.lexicon = lexicon
        self.routable = {unit.id: unit for unit in units if unit.exists(on) and unit.kind not in {"desk", "government"}}
        self.concepts = {concept.key: concept for concept in lexicon.concepts}
        self.weights = {concept.key: self._weights(concept) for concept in lexicon.concepts}
        self.terms = Phrases((term, concept.key) for concept in lexicon.concepts for term in concept.terms)
        self.general = frozenset((folded(term), concept.key) for concept in lexicon.concepts for term in concept.general)
        self.shared = _shared(lexicon.concepts)
        self.names = Phrases(pair for unit in units if not unit.is_area for pair in self._names(unit))
        self.outside = Phrases((phrase, group) for group, phrases in lexicon.outside.items() for phrase in phrases)
        self.stopwords = frozenset(folded(word) for word in lexicon.stopwords)
        self.areas = Areas(units, lexicon.area, on, self.stopwords)
        self.frames = Frames(lexicon)
        self.abbreviations = Abbreviations(self._shorthand(units, lexicon))
        self.splitter = Splitter(lexicon)
        self.typos = Typos(self._vocabulary(units, lexicon))
        self.field_words = Bm25(self._fields(), self.stopwords)

    def _weights(self, concept: Concept) -> dict[str, float]:
        """Who answered for the concept on the day: a body that still existed had it before its heirs."""
        found: dict[str, float] = {}
        for unit, weight in concept.units.items():
            for heir in [unit] if unit == AREA or unit in self.routable else self._passed_on(unit, concept):
                found[heir] = max(weight, found.get(heir, 0.0))
        if concept.moved is not None:
            return found if self.on >= concept.moved else {unit: w for unit, w in concept.former.items() if unit in self.routable}
        for former, weight in concept.former.items():
            unit = self.units.get(former)
            if unit is None or not unit.exists(self.on):
                continue
            for successor in unit.successors:
                found.pop(successor.id, None)
            found[former] = weight
        return found

    def _passed_on(self, unit: str, concept: Concept) -> list[str]:
        """Who has the matter of a body that is gone: its heirs, or of a body that was split those whose share names the matter."""
        if unit not in self.units or not self.units[unit].gone(self.on):
            return []
        heirs = self.heirs(unit)
        said = [f" {folded(term)} " for term in concept.terms]
        fitting = [
            h
            for h in heirs
            if any(f" {folded(matter)} " in term or term in f" {folded(matter)} " for matter in h.subjects for term in said)
        ]
        return [heir.unit.id for heir in fitting or heirs]

    def _names(self, unit: UnitFacts) -> Iterator[tuple[str, Name]]:
        gone = not unit.exists(self.on)
        if gone and not unit.gone(self.on):
            return
        weight = FORMER if gone else NAME
        names = [(unit.name_vi, weight)] + ([] if unit.kind == "government" else [(_without_level(unit.name_vi), weight)])
        names += [(alias, FORMER if gone else ALIAS) for alias in unit.aliases]
        names += [(former, FORMER) for former in unit.former_names]
        if unit.name_en:
            names.append((unit.name_en, NAME))
        taken = {n.lower() for other in self.units.values() if other.exists(self.on) for n in other.aliases} if gone else set[str]()
        yield from ((name, Name(unit.id, weight, gone)) for name, weight in names if name.lower() not in taken)

    def _shorthand(self, units: list[UnitFacts], lexicon: Lexicon) -> dict[str, str]:
        known = dict(lexicon.abbreviations)
        for unit in sorted(units, key=lambda u: u.exists(self.on)):
            if not unit.is_area and (unit.exists(self.on) or unit.gone(self.on)):
                known |= dict.fromkeys((short.lower() for short in unit.abbreviations), unit.name_vi)
        return known

    def _fields(self) -> dict[str, str]:
        texts = {
            unit.id: folded(" ".join([unit.name_vi, *unit.aliases, *unit.fields]))
            for unit in self.routable.values()
            if not unit.is_area and unit.fields
        }
        areas = dict.fromkeys(line for unit in self.routable.values() if unit.is_area for line in unit.fields)
        return texts | ({AREA: folded(" ".join(areas))} if areas else {})

    @staticmethod
    def _vocabulary(units: list[UnitFacts], lexicon: Lexicon) -> Iterator[str]:
        for concept in lexicon.concepts:
            yield from concept.terms
        for unit in units:
            yield from (unit.name_vi, *unit.aliases, *unit.fields)
        for phrases in (lexicon.stopwords, lexicon.asking, lexicon.requested, lexicon.area.unnamed, lexicon.area.speakers):
            yield from phrases

    def heirs(self, unit: str) -> list[facts.Heir]:
        """Who answers for a body that is gone; nobody for one the directory never knew."""
        return facts.heirs(self.units[unit], self.units, self.on) if unit in self.units else []


def _without_level(name: str) -> str:
    return name.removesuffix(" tỉnh").removesuffix(" khu vực")


def _shared(concepts: Iterable[Concept]) -> Mapping[str, int]:
    counts: dict[str, int] = {}
    for concept in concepts:
        for term in concept.terms:
            counts[folded(term)] = counts.get(folded(term), 0) + 1
    return counts
