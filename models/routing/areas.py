"""Communes and wards in a question: named, named but not ours, or meant without a name."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from models.routing import facts
from models.routing.facts import UnitFacts
from models.routing.lexicon import AreaWords
from models.routing.phrases import Found, Phrases
from models.routing.words import Word, folded, words

SPEAKS, ADDRESSED, UNNAMED, SCENE = 2.0, 2.6, 2.4, 0.5
_SLIP = 0.5  # "xa nhà" is not "xã nhà"
_LOOK_BACK, _LOOK_AHEAD = 3, 8


@dataclass(frozen=True)
class AreaSigns:
    """What a question says of places: how much it is a commune's own matter, which ones it names, and how."""

    weight: float = 0.0
    named: tuple[UnitFacts, ...] = ()
    former: tuple[UnitFacts, ...] = ()
    bare: bool = False  # named without "xã", "phường": the same name stands elsewhere too
    unnamed: bool = False  # "phường em", "UBND xã": one is meant, and not said which
    elsewhere: bool = False  # a commune named that is not in the directory
    words: str = ""


class Areas:
    """The place names of the directory on one day, and the ways of speaking of places."""

    def __init__(self, units: Iterable[UnitFacts], lexicon: AreaWords, on: date, stop: frozenset[str] = frozenset()) -> None:
        units = list(units)
        self._by_id = {unit.id: unit for unit in units}
        self._levels = frozenset(" ".join(w.toned for w in words(level)) for level in lexicon.levels)
        self._plain_levels = frozenset(folded(level) for level in lexicon.levels if len(folded(level)) > 4) | {"xa"}
        self._speakers = Phrases((phrase, "speaker") for phrase in lexicon.speakers)
        self._asked = Phrases((phrase, "asked") for phrase in lexicon.asked)
        self._unnamed = Phrases((phrase, "unnamed") for phrase in lexicon.unnamed)
        self._on = on
        self._stop = stop | self._plain_levels
        self._names = Phrases(pair for unit in units if unit.is_area for pair in self._phrases(unit, on))

    def _phrases(self, unit: UnitFacts, on: date) -> Iterable[tuple[str, tuple[str, bool]]]:
        level = _level(unit.area or "")
        names = [unit.area or unit.name_vi, unit.name_vi]
        for name in [*names, *unit.aliases, *unit.abbreviations]:
            bare = not (_level(name) or name == unit.name_vi)
            if unit.exists(on) or (unit.gone(on) and not bare):
                yield name, (unit.id, bare)
        if unit.exists(on):
            for name in unit.former_names:
                yield name, (unit.id, False)
                if _level(name) and len(words(name)) > len(words(_level(name))) + 1:
                    yield name[len(_level(name)) :], (unit.id, True)
            if level and unit.area:
                yield unit.area[len(level) :], (unit.id, True)

    def signs(self, text: list[Word], *, accented: bool) -> AreaSigns:
        """Everything the question says of places."""
        found = self._names.find(text, accented=accented)
        named = [f for f in found if f.quality > 0.5 and not (f.key[1] and _person(text, f))]
        unnamed = [f for f in self._unnamed.find(text, accented=accented) if f.quality > _SLIP]
        generic = [] if named else self._generic(text, accented=accented)
        levelled = [f for f in named if not f.key[1]]
        use = levelled or named
        units = [self._by_id[f.key[0]] for f in use]
        spans = [(f.first, f.end) for f in use] or generic
        weight = max((self._address(text, first, end, accented=accented) for first, end in spans), default=0.0)
        if unnamed and not levelled:
            weight = max(weight, UNNAMED)
        at = unnamed[0] if unnamed else None
        first, end = (at.first, at.end) if at else spans[0] if spans else (0, 0)
        return AreaSigns(
            weight=weight,
            named=tuple(dict.fromkeys(u for u in units if u.exists(self._on))),
            former=tuple(dict.fromkeys(u for u in units if not u.exists(self._on))),
            bare=bool(named) and not levelled,
            unnamed=bool(unnamed) and not levelled and not generic,
            elsewhere=bool(generic),
            words=" ".join(w.text for w in text[first:end]),
        )

    def _generic(self, text: list[Word], *, accented: bool) -> list[tuple[int, int]]:
        """Places said as "xã X" that the directory does not know; without diacritics only if written with capitals."""
        found: list[tuple[int, int]] = []
        capitals = sum(w.text[:1].isupper() for w in text) > 1
        for i in range(len(text) - 1):
            for n in (2, 1):
                after = text[i + n] if i + n < len(text) else None
                if after is None:
                    continue
                exact = " ".join(w.toned for w in text[i : i + n]) in self._levels
                level = " ".join(w.folded for w in text[i : i + n])
                name = after.text[:1].isupper() or after.text.isdigit()
                name = name or (not capitals and level in self._plain_levels and after.folded not in self._stop)
                plain = not accented and level in self._plain_levels and level != "xa"
                if (exact or plain) and name:
                    found.append((i, min(len(text), i + n + 2)))
                    break
        return found

    def _address(self, text: list[Word], first: int, end: int, *, accented: bool) -> float:
        """Is the place asked to answer, or only where it happened?"""
        before = text[max(0, first - _LOOK_BACK) : first]
        if self._speakers.find(before, accented=accented):
            return ADDRESSED
        starts = first == 0
        asked = self._asked.find(text[end - 1 : end + _LOOK_AHEAD], accented=accented)
        if starts and asked:
            return ADDRESSED
        return SPEAKS if starts else SCENE


def _level(name: str) -> str:
    for level in ("thành phố", "thị trấn", "thị xã", "phường", "huyện", "quận", "xã", "P.", "X.", "H.", "Q.", "TX.", "TP."):
        if name.lower().startswith(level.lower()):
            return name[: len(level)]
    return ""


def _person(text: list[Word], found: Found[tuple[str, bool]]) -> bool:
    """A bare name right after a street or a longer name is a street or somebody, not the ward: "đường Thuận An"."""
    before = text[found.first - 1].folded if found.first else ""
    return before in {"duong", "cau", "kiet", "hem", "ngo", "truong", "song", "cho", "chua", "dinh"}


def gathered(signs: AreaSigns, units: dict[str, UnitFacts], on: date) -> list[UnitFacts]:
    """The communes meant: those named, and those that stand for a district that is gone."""
    found = list(signs.named)
    for gone in signs.former:
        found += [heir.unit for heir in facts.heirs(gone, units, on) if heir.unit.is_area and heir.unit not in found]
    return found
