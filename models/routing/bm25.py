"""BM25 over the field words of units: what catches a question no concept knows a word of."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from itertools import pairwise

K1, B = 1.2, 0.5


class Bm25:
    """An inverted index of folded syllables and pairs; units with the same text share one row."""

    def __init__(self, texts: Mapping[str, str], stopwords: frozenset[str]) -> None:
        self._stop = stopwords
        self._units: list[list[str]] = []
        self._postings: dict[str, list[tuple[int, float]]] = {}
        rows: dict[str, int] = {}
        for unit, text in texts.items():
            row = rows.setdefault(text, len(rows))
            if row == len(self._units):
                self._units.append([])
            self._units[row].append(unit)
        counts = [Counter(self.tokens(text.split())) for text in rows]
        average = sum(map(len, counts)) / max(1, len(counts)) or 1.0
        gathered: defaultdict[str, list[tuple[int, float]]] = defaultdict(list)
        for row, count in enumerate(counts):
            norm = K1 * (1 - B + B * len(count) / average)
            for token, n in count.items():
                gathered[token].append((row, n * (K1 + 1) / (n + norm)))
        for token, posts in gathered.items():
            rarity = math.log(1 + (len(rows) - len(posts) + 0.5) / (len(posts) + 0.5))
            self._postings[token] = [(row, rarity * weight) for row, weight in posts]

    def tokens(self, syllables: list[str]) -> list[str]:
        """Syllables that say something, and pairs of which one does."""
        pairs = pairwise(syllables)
        return [s for s in syllables if s not in self._stop and len(s) > 1] + [
            f"{a}_{b}" for a, b in pairs if not (a in self._stop and b in self._stop)
        ]

    def scores(self, syllables: Iterable[str]) -> dict[str, float]:
        """The units that share words with a question."""
        rows: defaultdict[int, float] = defaultdict(float)
        for token in dict.fromkeys(self.tokens(list(syllables))):
            for row, weight in self._postings.get(token, ()):
                rows[row] += weight
        return {unit: score for row, score in rows.items() for unit in self._units[row]}
