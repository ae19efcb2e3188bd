"""A mistyped syllable is read as the known one it most likely was; foreign names are left alone."""

from collections import Counter
from collections.abc import Iterable
from itertools import pairwise

from rapidfuzz.distance import OSA

from models.routing import words
from models.routing.words import Word

_SHORTEST = 3


class Typos:
    """The syllables of everything the router knows, and which of them stand side by side."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._count: Counter[str] = Counter()
        self._beside: Counter[tuple[str, str]] = Counter()
        for text in texts:
            syllables = words.folded(text).split()
            self._count.update(syllables)
            self._beside.update(pairwise(syllables))
        self._by_length: dict[int, list[str]] = {}
        for syllable in sorted(self._count):
            self._by_length.setdefault(len(syllable), []).append(syllable)

    def mended(self, text: list[Word], *, proper_names: bool) -> list[Word]:
        """The words with impossible syllables replaced; `proper_names` says capitals mean something in this text."""
        out = list(text)
        for place, word in enumerate(text):
            odd = word.folded.isalpha() and len(word.folded) >= _SHORTEST and word.folded not in self._count
            if not odd or words.is_syllable(word.folded) or (proper_names and word.text[:1].isupper() and place > 0):
                continue
            before = out[place - 1].folded if place else ""
            after = text[place + 1].folded if place + 1 < len(text) else ""
            meant = self._meant(word.folded, before, after)
            if meant:
                out[place] = Word(word.text, "", meant, word.start, word.end)
        return out

    def _meant(self, typed: str, before: str, after: str) -> str | None:
        near = [
            known
            for length in (len(typed) - 1, len(typed), len(typed) + 1)
            for known in self._by_length.get(length, [])
            if OSA.distance(typed, known, score_cutoff=1) <= 1
        ]
        if not near:
            return None
        return max(near, key=lambda known: (self._beside[before, known] + self._beside[known, after], self._count[known], known))
