"""Known phrases found in a text, the longest first, with and without diacritics."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from models.routing.words import Word, words

Key = TypeVar("Key", bound=Hashable)

_PLAIN = {1: 0.35, 2: 0.85}  # what a match is worth in a text without diacritics, by number of syllables
_LONG = 0.95
_SLIP = {2: 0.5}  # one or more marks wrong in a text that has them
_LONG_SLIP = 0.8
_SURE = 3  # syllables that nobody types without marks by chance, even in a text that has them


@dataclass(frozen=True, slots=True)
class Found(Generic[Key]):
    """A phrase in a text: what it stands for, which words it covers, how exactly it fits (0–1)."""

    key: Key
    first: int
    end: int
    quality: float

    @property
    def length(self) -> int:
        """How many words it covers."""
        return self.end - self.first


class Phrases(Generic[Key]):
    """An index of phrases; several keys may share one phrase."""

    def __init__(self, known: Iterable[tuple[str, Key]]) -> None:
        self._known: dict[str, list[tuple[tuple[str, ...], Key]]] = {}
        self._longest: dict[str, int] = {}  # by the first word: most words of a text begin no phrase, and need no look at what follows
        for phrase, key in known:
            parts = words(phrase)
            if not parts:
                continue
            entries = self._known.setdefault(" ".join(part.folded for part in parts), [])
            begins = parts[0].folded
            entry = (tuple(part.toned for part in parts), key)
            if entry not in entries:
                entries.append(entry)
            self._longest[begins] = max(self._longest.get(begins, 0), len(parts))

    def find(self, text: list[Word], *, accented: bool) -> list[Found[Key]]:
        """Every phrase in the text that no longer phrase covers."""
        found: list[Found[Key]] = []
        said = [word.folded for word in text]
        reach = 0  # matches start left to right, so one is covered when an earlier, longer one reaches as far
        for first, word in enumerate(said):
            for end in range(min(len(text), first + self._longest.get(word, 0)), max(reach, first), -1):
                entries = self._known.get(" ".join(said[first:end]))
                here = _fitting(entries, text, first, end, accented=accented) if entries is not None else []
                if here:
                    found += here
                    reach = end
                    break
        return found


def _fitting(entries: list[tuple[tuple[str, ...], Key]], text: list[Word], first: int, end: int, *, accented: bool) -> list[Found[Key]]:
    graded = [(_quality(text[first:end], toned, accented=accented), key) for toned, key in entries]
    best = max(quality for quality, _ in graded)
    return [Found(key, first, end, quality) for quality, key in graded if quality > 0 and (best < 1 or quality == 1)]


def _quality(text: list[Word], toned: tuple[str, ...], *, accented: bool) -> float:
    exact = sum(word.toned in {want, ""} for word, want in zip(text, toned, strict=True))
    if exact == len(toned):
        return 1.0
    if not accented or (len(toned) >= _SURE and all(word.toned == word.folded for word in text)):
        return _PLAIN.get(len(toned), _LONG)
    if exact == 0 or len(toned) == 1 or exact * 2 < len(toned):
        return 0.0
    return _SLIP.get(len(toned), _LONG_SLIP)
