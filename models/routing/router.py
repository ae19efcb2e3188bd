"""The router: a question goes in, a proposal comes out – the same for the same question, directory and day."""

from collections.abc import Iterable, Mapping
from datetime import date

from models import text as texts_
from models.routing import learned, scoring
from models.routing.areas import AreaSigns, gathered
from models.routing.evidence import Evidence
from models.routing.facts import AREA, UnitFacts
from models.routing.knowledge import Knowledge
from models.routing.lexicon import Lexicon
from models.routing.proposal import Action, Proposal, Semantic
from models.routing.reasons import Reasons
from models.routing.scoring import Weights
from models.routing.words import Word, accented, words

LONGEST = 6_000  # letters read; who pastes fifty pages has asked on the first two
SHOWN = 5
SURE_ENOUGH = 0.75  # points below which the press office decides
SOME_WORDS = 0.2  # points from words below which meaning alone does not convince: nonsense is near something too
OF_ITS_OWN = 0.3  # points that make part of a message a matter of some unit
CLEAR = 0.62  # the runner-up's share of the winner's points above which a commune is not simply asked for


class Router:
    """Routes questions by the structure of one day.

    Build it once and keep it; `route` is pure. `texts` are the sentences of `content/texts/*/routing.yaml`.
    """

    def __init__(
        self,
        units: Iterable[UnitFacts],
        lexicon: Lexicon,
        on: date,
        *,
        texts: Mapping[str, str],
        counts: learned.Counts | None = None,
        semantic: Semantic | None = None,
        weights: Weights | None = None,
    ) -> None:
        self.known = Knowledge(units, lexicon, on)
        self._counts = counts or {}
        self._semantic = semantic
        self._weights = weights or Weights()
        self._reasons = Reasons(self.known, texts)

    def use(self, semantic: Semantic | None) -> None:
        """Lay a semantic layer beside the words; it is built from `known`, so it comes after."""
        self._semantic = semantic

    def route(self, text: str, sender: str | None = None) -> Proposal:
        """The proposal for a question as it was typed; `sender` (reporter, citizen…) serves the office's own rules."""
        question = self.question(text)
        spoken = self._words(question)
        if not self._says_something(spoken):
            return self._nothing(text, spoken)
        evidence, signs = scoring.gather(self.known, spoken, self._weights, self._counts, sender)
        if self._semantic is not None:
            communes = [unit.id for unit in gathered(signs, self.known.units, self.known.on)]
            scoring.mix_meaning(evidence, self._semantic.similarities(question), self._weights, communes)
        return self._decide(question, spoken, evidence, signs)

    def question(self, text: str) -> str:
        """The question as the router reads it: without greeting and deadline, shorthand written out."""
        cleaned = texts_.clean(text[: LONGEST * 2])[:LONGEST]
        return self.known.abbreviations.expand(self.known.frames.strip(cleaned))

    def _words(self, question: str) -> list[Word]:
        found = words(question)
        capitals = sum(word.text[:1].isupper() for word in found) * 2 < len(found)
        return self.known.typos.mended(found, proper_names=capitals and accented(found))

    def _says_something(self, spoken: list[Word]) -> bool:
        return any(word.folded not in self.known.stopwords and len(word.folded) > 1 and not word.folded.isdigit() for word in spoken)

    def _nothing(self, text: str, spoken: list[Word]) -> Proposal:
        """Only a greeting, an emoji, a link: help. Words without content: the desk asks what and where."""
        action: Action = "desk" if spoken or len(words(text)) > SHOWN else "help"
        return Proposal(action, (self._reasons.desk("nothing"),), abstain=True, note=self._reasons.note("nothing"))

    def _decide(self, question: str, spoken: list[Word], evidence: Evidence, signs: AreaSigns) -> Proposal:
        ranked = evidence.ranked()
        units = tuple(self._reasons.scored(unit, points, evidence) for unit, points in ranked[:SHOWN])
        concepts = tuple(evidence.concepts)
        beyond = self._outside(spoken, ranked)
        if beyond:
            return Proposal("desk", (*units, self._reasons.desk(beyond)), abstain=True, concepts=concepts, note=self._reasons.note(beyond))
        parts = self._parts(question)
        if parts:
            return Proposal("split", units, abstain=False, parts=parts, concepts=concepts, note=self._reasons.note("split"))
        if self._must_ask(ranked, signs, evidence):
            return Proposal("ask_area", units, abstain=False, concepts=concepts, note=self._reasons.note("area"))
        if not ranked or ranked[0][1] < SURE_ENOUGH or evidence.said(ranked[0][0]) < SOME_WORDS:
            return Proposal("desk", (*units, self._reasons.desk("unsure")), abstain=True, concepts=concepts)
        return Proposal("choose", units, abstain=False, concepts=concepts, note=self._reasons.gone(signs))

    def _must_ask(self, ranked: list[tuple[str, float]], signs: AreaSigns, evidence: Evidence) -> bool:
        """Must the commune be asked for? Where only a bare name stands and no word says whose matter it is, or where none is named."""
        if not ranked:
            return False
        top, points = ranked[0]
        if signs.bare and (self._is_area(top) or evidence.said(top) < SURE_ENOUGH):
            return True
        if top != AREA or points < SURE_ENOUGH:
            return False
        others = max((score for unit, score in ranked[1:] if not self._is_area(unit)), default=0.0)
        return signs.unnamed or others < CLEAR * points

    def _is_area(self, unit: str) -> bool:
        facts = self.known.units.get(unit)
        return unit == AREA or (facts is not None and facts.is_area)

    def _outside(self, spoken: list[Word], ranked: list[tuple[str, float]]) -> str | None:
        """Matters of ministries, markets, visitors and attachments: the press office passes them on."""
        found = self.known.outside.find(spoken, accented=accented(spoken))
        for hit in found:
            if hit.key != "ministries" and hit.quality > 0.5:
                return hit.key
            if hit.key == "ministries" and hit.first <= 2 and hit.quality > 0.5 and not self._named(ranked, spoken):
                return hit.key
        return None

    def _named(self, ranked: list[tuple[str, float]], spoken: list[Word]) -> bool:
        names = self.known.names.find(spoken, accented=accented(spoken))
        return any(name.quality == 1 and not name.key.gone and name.key.unit in dict(ranked) for name in names)

    def _whole(self, question: str) -> list[tuple[int, int]]:
        """Where names and terms stand that must not be cut in two."""
        spoken = words(question)
        marked = accented(spoken)
        spans = [(f.first, f.end) for f in self.known.names.find(spoken, accented=marked)]
        spans += [(f.first, f.end) for f in self.known.terms.find(spoken, accented=marked)]
        return [(spoken[first].start, spoken[end - 1].end) for first, end in spans]

    def _parts(self, question: str) -> tuple[str, ...]:
        """The questions in a message, if they belong to different units."""
        clauses = self.known.splitter.clauses(question, self._whole(question))
        heads: list[str] = []
        for clause in clauses:
            spoken = self._words(clause.text)
            evidence, _ = scoring.gather(self.known, spoken, self._weights, {}, None)
            ranked = evidence.ranked()
            if ranked and ranked[0][1] >= OF_ITS_OWN:
                heads.append("area" if self._is_area(ranked[0][0]) else ranked[0][0])
        return tuple(clause.alone for clause in clauses) if len(set(heads)) > 1 else ()
