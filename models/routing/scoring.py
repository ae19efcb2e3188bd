"""From a question's words to evidence for units."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from models.routing import learned, rules
from models.routing.areas import AreaSigns, gathered
from models.routing.evidence import Evidence
from models.routing.facts import AREA, PROVINCE
from models.routing.knowledge import Knowledge
from models.routing.phrases import Found
from models.routing.words import Word, accented, folded

OFFICE = "vp_ubnd"  # speaks for the province


@dataclass(frozen=True)
class Weights:
    """The few numbers that were chosen by cross-validation; everything else is words."""

    concept: float = 1.2
    more: float = 0.35  # what each further hit of one concept adds
    scene: float = 0.6
    general: float = 0.35
    fields: float = 0.06
    fields_most: float = 1.2
    area: float = 1.0
    meaning: float = 0.35


_LENGTHS = {1: 0.7, 2: 1.0, 3: 1.25}
_LONG = 1.4
_SCENES = {"o", "tai", "gan", "truoc", "canh", "sau", "trong", "tu", "den", "qua", "doan", "tren"}
_OPENING = 3


def gather(
    known: Knowledge, text: list[Word], weights: Weights, sender: str | None, counts: learned.Counts, on: date
) -> tuple[Evidence, AreaSigns]:
    """All signs in a question."""
    marked = accented(text)
    evidence = Evidence()
    _concepts(known, text, marked, weights, evidence)
    _learned(known, counts, on, evidence)
    _names(known, text, marked, evidence)
    signs = known.areas.signs(text, accented=marked)
    evidence.add(AREA, signs.weight * weights.area, "area" if signs.named or signs.former else "area_unnamed", signs.words)
    for unit, score in known.field_words.scores(word.folded for word in text).items():
        evidence.add(unit, min(weights.fields_most, score * weights.fields), "fields")
    _rules(known, text, evidence, sender)
    _name_the_commune(known, signs, evidence)
    return evidence, signs


def _concepts(known: Knowledge, text: list[Word], marked: bool, weights: Weights, evidence: Evidence) -> None:
    hits: defaultdict[str, list[tuple[float, str]]] = defaultdict(list)
    for found in known.terms.find(text, accented=marked):
        phrase = " ".join(word.folded for word in text[found.first : found.end])
        strength = found.quality * _LENGTHS.get(found.length, _LONG) / known.shared.get(phrase, 1) ** 0.5
        if (phrase, found.key) in known.general:
            strength *= weights.general
        if known.concepts[found.key].place and _is_scene(text, found):
            strength *= weights.scene
        hits[found.key].append((strength, " ".join(word.text for word in text[found.first : found.end]).lower()))
    for concept, found_here in hits.items():
        ordered = sorted(found_here, key=lambda hit: (-hit[0], hit[1]))
        strength = weights.concept * (ordered[0][0] + weights.more * sum(hit[0] for hit in ordered[1:4]))
        evidence.concepts[concept] = strength
        said = ", ".join(dict.fromkeys(hit[1] for hit in ordered[:2]))
        for unit, weight in known.weights[concept].items():
            evidence.add(unit, strength * weight / 3, "words", said)
        evidence.phrases[concept] = said


def _learned(known: Knowledge, counts: learned.Counts, on: date, evidence: Evidence) -> None:
    """What answered such questions before; a body that is gone taught for those who took over whole."""
    for (concept, unit), found in counts.items():
        strength = evidence.concepts.get(concept, 0.0)
        if not strength:
            continue
        heirs = [unit] if unit == AREA or unit in known.routable else [h.unit.id for h in known.heirs(unit) if not h.subjects]
        for heir in heirs[:1]:
            evidence.add(heir, strength * learned.boost(found, on), "learned", evidence.phrases[concept])


def _is_scene(text: list[Word], found: Found[str]) -> bool:
    return any(word.folded in _SCENES for word in text[max(0, found.first - 2) : found.first])


def _names(known: Knowledge, text: list[Word], marked: bool, evidence: Evidence) -> None:
    for found in known.names.find(text, accented=marked):
        name, said = found.key, " ".join(word.text for word in text[found.first : found.end])
        points = name.weight * found.quality * (1.3 if found.first < _OPENING else 1.0)
        if name.gone:
            for heir in known.heirs(name.unit):
                whole = not heir.subjects
                share = 1.0 if whole else _subject_share(heir.subjects, text)
                evidence.add(heir.unit.id, points * share, "former", said)
        elif name.unit == PROVINCE:
            evidence.add(OFFICE, points, "name", said)
        elif name.unit in known.routable:
            evidence.add(name.unit, points, "name", said)


def _subject_share(subjects: tuple[str, ...], text: list[Word]) -> float:
    """Of a body whose matters went several ways, the heir whose matters the question names comes first."""
    said = {word.folded for word in text}
    best = max((len(said & set(folded(subject).split())) for subject in subjects), default=0)
    return 0.45 + min(0.4, 0.15 * best)


def _rules(known: Knowledge, text: list[Word], evidence: Evidence, sender: str | None) -> None:
    for rule in known.lexicon.rules:
        if rules.holds(rule, text, evidence.concepts, sender):
            for unit, points in rule.units.items():
                if unit == AREA or unit in known.routable:
                    evidence.add(unit, points, "rule", rule.because)


def _name_the_commune(known: Knowledge, signs: AreaSigns, evidence: Evidence) -> None:
    """What speaks for "some commune" speaks for the ones named; the first named before the others."""
    communes = [unit.id for unit in gathered(signs, known.units, known.on)]
    if not communes or AREA not in evidence.signs:
        return
    general = evidence.signs.pop(AREA)
    for place, commune in enumerate(communes):
        for sign in general:
            evidence.add(commune, sign.points * (1 - 0.02 * place), sign.why, sign.words)


def mix_meaning(evidence: Evidence, near: Mapping[str, float], weights: Weights, communes: list[str]) -> None:
    """The semantic layer's opinion, set to a common scale, laid beside the words."""
    if len(near) < 2:
        return
    mean = sum(near.values()) / len(near)
    spread = (sum((value - mean) ** 2 for value in near.values()) / len(near)) ** 0.5 or 1.0
    for unit, value in sorted(near.items()):
        for target in communes if unit == AREA and communes else [unit]:
            evidence.add(target, weights.meaning * max(0.0, (value - mean) / spread), "meaning")
