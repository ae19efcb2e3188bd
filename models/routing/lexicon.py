"""The router's words, read from `content/routing.yaml`: frames, abbreviations, concepts of competence, rules."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, cast

from models import content


@dataclass(frozen=True)
class Concept:
    """A matter people ask about: the words for it and the units it concerns, 3 = answers, 1 = may also know."""

    key: str
    units: Mapping[str, float]
    former: Mapping[str, float]
    terms: tuple[str, ...]
    general: frozenset[str] = frozenset()  # of the terms, those said in any field
    place: bool = False
    moved: date | None = None  # the day a matter left `former` for `units`, where that body lives on


@dataclass(frozen=True)
class Rule:
    """An office's own rule over the scores: a concept, words of a place, a kind of sender – whichever are given must hold."""

    units: Mapping[str, float]
    because: str
    concept: str | None = None
    place: str | None = None
    sender: str | None = None


@dataclass(frozen=True)
class AreaWords:
    """How people speak of a commune, named or not."""

    levels: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    speakers: tuple[str, ...] = ()
    unnamed: tuple[str, ...] = ()
    alleys: tuple[str, ...] = ()
    scene: tuple[str, ...] = ()


@dataclass(frozen=True)
class Lexicon:
    """Everything in `content/routing.yaml`."""

    abbreviations: Mapping[str, str] = field(default_factory=dict[str, str])
    who: tuple[str, ...] = ()
    lead: tuple[str, ...] = ()
    tail: tuple[str, ...] = ()
    stopwords: tuple[str, ...] = ()
    asking: tuple[str, ...] = ()
    asking_last: tuple[str, ...] = ()
    requested: tuple[str, ...] = ()
    area: AreaWords = AreaWords()
    outside: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    small_talk: tuple[str, ...] = ()
    everyday: tuple[str, ...] = ()
    concepts: tuple[Concept, ...] = ()
    rules: tuple[Rule, ...] = ()


def read(document: content.Document) -> Lexicon:
    """The lexicon of a content file.

    Raises:
        content.ContentProblem: a concept lacks its units or terms, or a rule asks for nothing.
    """
    values = document.data
    frames, area, outside = _mapping(values, "frames"), _mapping(values, "area"), _mapping(values, "outside")
    return Lexicon(
        abbreviations={str(short): str(long) for short, long in _mapping(values, "abbreviations").items()},
        who=_listed(frames.get("who")),
        lead=_listed(frames.get("lead")),
        tail=_listed(frames.get("tail")),
        stopwords=_listed(values.get("stopwords")),
        asking=_listed(values.get("asking")),
        asking_last=_listed(values.get("asking_last")),
        requested=_listed(values.get("requested")),
        area=AreaWords(**{name: _listed(area.get(name)) for name in ("levels", "asked", "speakers", "unnamed", "alleys", "scene")}),
        outside={name: _listed(phrases) for name, phrases in outside.items()},
        small_talk=_listed(values.get("small_talk")),
        everyday=_listed(values.get("everyday")),
        concepts=tuple(_concept(document, key, item) for key, item in _mapping(values, "concepts").items()),
        rules=tuple(_rule(document, row, item) for row, item in enumerate(cast("list[dict[str, Any]]", values.get("rules") or []))),
    )


def _concept(document: content.Document, key: str, item: Any) -> Concept:
    if not isinstance(item, dict):
        raise document.problem(f"khái niệm “{key}” cần `units` và `terms`", "concepts", key)
    values = cast("dict[str, Any]", item)
    units, terms = _weights(document, values.get("units"), "concepts", key, "units"), _listed(values.get("terms"))
    if not units or not terms:
        raise document.problem(f"khái niệm “{key}” cần `units` và `terms`", "concepts", key)
    former = _weights(document, values.get("former"), "concepts", key, "former")
    general = frozenset(term[1:].strip() for term in terms if term.startswith("~"))
    plain = dict.fromkeys(term.removeprefix("~").strip() for term in terms)
    moved = values.get("moved")
    if not isinstance(moved, date | None):
        raise document.problem("`moved` phải là ngày dạng 2025-03-01", "concepts", key, "moved")
    return Concept(key, units, former, tuple(plain), general, place=bool(values.get("place")), moved=moved)


def _rule(document: content.Document, row: int, values: dict[str, Any]) -> Rule:
    units = _weights(document, values.get("units"), "rules", row, "units")
    if not units or not (values.get("concept") or values.get("place") or values.get("sender")):
        raise document.problem("quy tắc cần `units` và ít nhất một trong `concept`, `place`, `sender`", "rules", row)
    return Rule(units, str(values.get("because") or ""), values.get("concept"), values.get("place"), values.get("sender"))


def _weights(document: content.Document, item: Any, *keys: str | int) -> dict[str, float]:
    weights = cast("dict[Any, Any]", item or {})
    for unit, weight in weights.items():
        if not isinstance(weight, int | float):
            raise document.problem(f"điểm của “{unit}” phải là số", *keys)
    return {str(unit): float(weight) for unit, weight in weights.items()}


def _mapping(values: Mapping[str, Any], key: str) -> dict[str, Any]:
    return cast("dict[str, Any]", values.get(key) or {})


def _listed(item: Any) -> tuple[str, ...]:
    parts = item.split(",") if isinstance(item, str) else cast("list[Any]", item or [])
    return tuple(str(part).strip() for part in parts if str(part).strip())
