"""The router: a question goes in, a proposal comes out – the same for the same question, directory and day."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from models import text as texts_
from models.routing import cutting, learned, scoring
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
CERTAIN = 2.0  # points from words from which nothing else is asked, unless …
RIVAL = 0.7  # … another unit has more than this share of them
CLEAR = 0.62  # the runner-up's share of the winner's points above which a commune is not simply asked for


@dataclass(frozen=True)
class Asked:
    """How a question is asked: on which day, in which language it is explained, what had been learned, and whom to ask for its meaning."""

    on: date
    language: str = "vi"
    counts: learned.Counts = field(default_factory=dict[tuple[str, str], learned.Learned])
    near: Callable[[str], Mapping[str, float]] | None = None


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
        others: Mapping[str, Mapping[str, str]] | None = None,
    ) -> None:
        self.known = Knowledge(units, lexicon, on)
        self._counts = counts or {}
        self._semantic = semantic
        self._weights = weights or Weights()
        self._reasons = {"vi": Reasons(self.known, texts)}
        self._reasons |= {language: Reasons(self.known, said, language) for language, said in (others or {}).items()}

    def use(self, semantic: Semantic | None) -> None:
        """Lay a semantic layer beside the words; it is built from `known`, so it comes after."""
        self._semantic = semantic

    def route(self, text: str, sender: str | None = None, asked: Asked | None = None) -> Proposal:
        """The proposal for a question as it was typed; `sender` (reporter, citizen…) serves the office's own rules."""
        asked = asked or Asked(self.known.on, counts=self._counts)
        reasons = self._reasons.get(asked.language) or self._reasons["vi"]
        question = self.question(text)
        spoken = self._words(question)
        if not self._says_something(spoken):
            return self._nothing(text, spoken, reasons)
        evidence, signs = scoring.gather(self.known, spoken, self._weights, sender, asked.counts, asked.on)
        near = asked.near or (self._semantic.similarities if self._semantic is not None else None)
        if near is not None and _in_doubt(evidence):  # meaning takes ten times as long as words, and half of all questions do not need it
            communes = [unit.id for unit in gathered(signs, self.known.units, self.known.on)]
            scoring.mix_meaning(evidence, near(question), self._weights, communes)
        return self._decide(_Read(text, question, spoken, evidence, signs, reasons))

    def concepts(self, text: str) -> tuple[str, ...]:
        """The matters a question is about, as far as words tell: what is learned is learned of these."""
        spoken = self._words(self.question(text))
        if not self._says_something(spoken):
            return ()
        evidence, _ = scoring.gather(self.known, spoken, self._weights, None, {}, self.known.on)
        return tuple(sorted(evidence.concepts, key=lambda concept: (-evidence.concepts[concept], concept)))

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

    def _nothing(self, text: str, spoken: list[Word], reasons: Reasons) -> Proposal:
        """Only a greeting, an emoji, a link: help. Words without content: the desk asks what and where."""
        action: Action = "desk" if spoken or len(words(text)) > SHOWN else "help"
        return Proposal(action, (reasons.desk("nothing"),), abstain=True, note=reasons.note("nothing"))

    def _decide(self, read: "_Read") -> Proposal:
        evidence, reasons = read.evidence, read.reasons
        ranked = evidence.ranked()
        units = tuple(reasons.scored(unit, points, evidence) for unit, points in ranked[:SHOWN])
        concepts = tuple(sorted(evidence.concepts, key=lambda concept: (-evidence.concepts[concept], concept)))
        beyond = self._outside(read.spoken, ranked)
        if beyond:
            return Proposal("desk", (*units, reasons.desk(beyond)), abstain=True, concepts=concepts, note=reasons.note(beyond))
        parts = self._parts(read.typed, read.question)
        if parts:
            return Proposal("split", units, abstain=False, parts=parts, concepts=concepts, note=reasons.note("split"))
        if self._must_ask(ranked, read.signs, evidence):
            return Proposal("ask_area", units, abstain=False, concepts=concepts, note=reasons.note("area"))
        if not ranked or ranked[0][1] < SURE_ENOUGH or evidence.said(ranked[0][0]) < SOME_WORDS:
            return Proposal("desk", (*units, reasons.desk("unsure")), abstain=True, concepts=concepts)
        return Proposal("choose", units, abstain=False, concepts=concepts, note=reasons.gone(read.signs))

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

    def _parts(self, typed: str, question: str) -> tuple[str, ...]:
        """The questions in a message, in its own words, if they belong to different units."""
        clauses = self.known.splitter.clauses(question, self._whole(question))
        heads: list[str] = []
        for clause in clauses if len(clauses) > 1 else ():
            spoken = self._words(clause.text)
            evidence, _ = scoring.gather(self.known, spoken, self._weights, None, {}, self.known.on)
            ranked = evidence.ranked()
            if ranked and ranked[0][1] >= OF_ITS_OWN:
                heads.append("area" if self._is_area(ranked[0][0]) else ranked[0][0])
        if len(set(heads)) < 2:
            return ()
        parts = cutting.cut(typed, question, [clause.start for clause in clauses])
        about = clauses[0].context
        parts = [parts[0], *(f"{about}: {part}" if about else part for part in parts[1:])]
        return tuple(parts) if len(parts) > 1 else ()


def _in_doubt(evidence: Evidence) -> bool:
    """Do words leave open whose question this is?"""
    ranked = evidence.ranked()
    return not ranked or ranked[0][1] < CERTAIN or any(points > RIVAL * ranked[0][1] for _, points in ranked[1:2])


@dataclass(frozen=True)
class _Read:
    """A question as typed and as read, and what was found in it."""

    typed: str
    question: str
    spoken: list[Word]
    evidence: Evidence
    signs: AreaSigns
    reasons: Reasons
