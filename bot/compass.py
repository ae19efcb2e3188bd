"""The router inside the running office: it knows the directory of the database, what was learned, and the day a question was asked.

Handlers only ask; whatever takes long – indexing a changed directory, understanding the meaning of a question – the dispatcher has
done between two transactions, in a worker thread. `route` itself gives the same answer when a group of messages is handled again.
"""

import asyncio
import hashlib
import json
import logging
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import lru_cache, partial
from pathlib import Path
from zoneinfo import ZoneInfo

from bot import routing, semantic
from models import content
from models.directory import lesson, unit
from models.office import asked
from models.routing import Lexicon, Proposal, Router, Semantic, UnitFacts, lexicon, register
from models.routing.knowledge import Knowledge
from models.routing.learned import Counts
from models.routing.router import Asked
from models.store import Store

log = logging.getLogger(__name__)

AT_ONCE = 8  # questions understood by meaning before a group of messages goes on; the others of a flood are routed by words
_KEPT = 512  # questions whose meaning is remembered
_STRUCTURES = 8  # indexes kept in one process: today's, yesterday's, and those tests share

Layer = Callable[[Knowledge, Path], Semantic]
Near = Mapping[str, float]


class Unprepared(Exception):  # noqa: N818 - an order, not an error
    """The directory must be read or a question understood first; the dispatcher sees to it and handles the group again."""


@dataclass(frozen=True)
class Seeds:
    """What ships with the product or lies in the office's own folder: words, sentences, bodies remembered."""

    lexicon: Lexicon
    units: tuple[UnitFacts, ...]
    texts: Mapping[str, Mapping[str, str]]
    print: str  # tells one set of seeds from another

    @classmethod
    def read(cls, overlays: tuple[Path, ...]) -> "Seeds":
        """Read and check them.

        Raises:
            ContentProblem: a file must be mended.
        """
        words = content.document("routing.yaml", *overlays)
        texts = {language: routing.texts(language, *overlays) for language in ("vi", "en")}
        print_ = hashlib.sha256(json.dumps([words.data, texts], default=str, sort_keys=True).encode()).hexdigest()
        return cls(lexicon.read(words), tuple(routing.shipped_units(*overlays)), texts, print_)


_built: OrderedDict[tuple[str, tuple[UnitFacts, ...], date], Router] = OrderedDict()


@lru_cache(maxsize=1)
def _shipped() -> Seeds:
    return Seeds.read(())


@dataclass(frozen=True)
class Edition:
    """Which directory and which lessons a compass has read, and for which day."""

    units: tuple[int, int] = (-1, -1)
    lessons: int = -1
    day: date = date.min


@dataclass
class _Meaning:
    """The semantic layer of one structure, and what it has understood."""

    router: Router
    layer: Semantic | None = None  # none while it is being loaded, or when loading failed
    loading: "asyncio.Task[None] | None" = None
    near: "OrderedDict[str, Near]" = field(default_factory=OrderedDict[str, Near])
    wanted: list[str] = field(default_factory=list[str])


class Compass:
    """Routes by the office's own directory; see the module."""

    def __init__(self, zone: ZoneInfo, overlays: Sequence[Path] = (), cache: Path | None = None, layer: Layer | None = None) -> None:
        self._zone = zone
        self._seeds = Seeds.read(tuple(overlays)) if overlays else _shipped()
        self._cache = cache
        self._layer = layer
        self.edition = Edition()
        self.stale = True  # whether the directory must be read again
        self.hurried = False  # the dispatcher waits no longer: what is known must do
        self._facts: tuple[UnitFacts, ...] = ()
        self.counts: Counts = {}
        self._boundaries: list[date] = []
        self._meaning: _Meaning | None = None

    def copy(self) -> "Compass":
        """Another compass that has read the same."""
        return copy(self)

    def day(self, at: datetime) -> date:
        """The day in the province."""
        return at.astimezone(self._zone).date()

    def route(self, text: str, at: datetime, language: str = "vi", sender: str | None = None) -> Proposal:
        """Ranked units with reasons, by the structure of the day."""
        router, text = self._router(self.day(at)), asked(text)
        near = partial(self._near, router) if self._layer is not None else None
        return router.route(text, sender, Asked(self.day(at), language, self.counts, near))

    def concepts(self, text: str, at: datetime) -> tuple[str, ...]:
        """The matters a question is about, as far as words tell."""
        return self._router(self.day(at)).concepts(asked(text))

    def matter(self, concept: str) -> str:
        """A matter in words: the first of its terms."""
        return next((one.terms[0] for one in self._seeds.lexicon.concepts if one.key == concept), concept)

    def heirs(self, unit_id: str, at: datetime) -> tuple[str, ...]:
        """Who stands on that day for a unit that is gone; communes for a former district."""
        known = self._router(self.day(at)).known
        gone = known.units.get(unit_id)
        found = [] if gone is None else known.heirs(unit_id)
        return tuple(h.unit.id for h in found if gone is None or not gone.is_area or h.unit.is_area)

    # What the dispatcher sees to.

    async def check(self, store: Store, at: datetime) -> None:
        """Raise `Unprepared` where the directory or the day has changed since it was read. Lessons are read here: they are few."""
        edition = await self._edition(store, at)
        self.stale = (edition.units, edition.day) != (self.edition.units, self.edition.day)
        if self.stale and not self.hurried:
            raise Unprepared
        if edition.lessons != self.edition.lessons:
            self.counts = await lesson.counts(store, self._zone)
            self.edition = replace(self.edition, lessons=edition.lessons)

    def check_understood(self) -> None:
        """Raise `Unprepared` where a question was routed whose meaning is still to be looked at."""
        meaning = self._meaning
        if meaning is None or not meaning.wanted:
            return
        if meaning.layer is not None and not self.hurried:
            raise Unprepared
        meaning.wanted = []
        if meaning.loading is None:
            meaning.loading = asyncio.create_task(self._load(meaning))

    async def renew(self, store: Store, at: datetime) -> None:
        """Read what has changed, and index it in a worker thread."""
        edition = await self._edition(store, at)
        if edition.units != self.edition.units:
            self._facts = register.read(await unit.every(store), self._seeds.units, self._zone)
            self._boundaries = register.boundaries(self._facts, (concept.moved for concept in self._seeds.lexicon.concepts))
        if edition.lessons != self.edition.lessons:
            self.counts = await lesson.counts(store, self._zone)
        self.edition, self.stale = edition, False
        if self._key(edition.day) not in _built:
            await asyncio.to_thread(self._router, edition.day)

    async def understand(self) -> None:
        """Understand the questions that wait, in a worker thread."""
        meaning = self._meaning
        if meaning is None or meaning.layer is None:
            return
        wanted, meaning.wanted = meaning.wanted, []
        found = await asyncio.to_thread(_understood, meaning.layer, wanted[:AT_ONCE])
        for text in wanted:
            meaning.near[text] = found.get(text, {})
        while len(meaning.near) > _KEPT:
            meaning.near.popitem(last=False)

    async def _load(self, meaning: _Meaning) -> None:
        assert self._layer is not None  # noqa: S101 - nobody asks for a layer that is not wanted
        try:
            meaning.layer = await asyncio.to_thread(self._layer, meaning.router.known, self._cache or Path())
        except Exception as error:
            log.exception("questions are routed by words alone", extra={"action": "semantic", "problem": type(error).__name__})

    async def _edition(self, store: Store, at: datetime) -> Edition:
        units, revisions, lessons = await lesson.editions(store)
        return Edition((units, revisions), lessons, self.day(at))

    def _key(self, day: date) -> tuple[str, tuple[UnitFacts, ...], date]:
        """Between two changes of the structure all days are one."""
        place = bisect_right(self._boundaries, day)
        return self._seeds.print, self._facts, self._boundaries[place - 1] if place else date.min

    def _router(self, day: date) -> Router:
        key = self._key(day)
        found = _built.get(key)
        if found is None:
            seeds = self._seeds
            found = _built[key] = Router(self._facts, seeds.lexicon, key[2], texts=seeds.texts["vi"], others=seeds.texts)
            while len(_built) > _STRUCTURES:
                _built.popitem(last=False)
        _built.move_to_end(key)
        return found

    def _near(self, router: Router, question: str) -> Near:
        """What the layer makes of a question; nothing yet, if it must be asked first."""
        if self._meaning is None or self._meaning.router is not router:
            self._meaning = _Meaning(router)
        meaning = self._meaning
        if question not in meaning.near and question not in meaning.wanted:
            meaning.wanted.append(question)
        return meaning.near.get(question, {})


def _understood(layer: Semantic, questions: Iterable[str]) -> dict[str, Near]:
    """The meaning of some questions; one that cannot be understood is routed by words."""
    found: dict[str, Near] = {}
    for question in questions:
        try:
            found[question] = layer.similarities(question)
        except Exception as error:
            log.exception("a question is routed by words alone", extra={"action": "semantic", "problem": type(error).__name__})
    return found


def shipped_layer(known: Knowledge, cache: Path) -> Semantic:
    """The embedding of the semantic extra, loaded: takes seconds."""
    layer = semantic.Meaning(known, cache)
    layer.load()
    return layer


def wanted_layer() -> Layer | None:
    """The layer, where the extra is installed."""
    return shipped_layer if semantic.installed() else None
