"""Diacritics put back into text typed without them, as far as the router's own vocabulary reaches."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from itertools import pairwise
from math import log

from models.routing.words import Word, accented, keys, words

_PAIR, _START = 3.0, 0.5  # how much a known neighbour counts against how common a syllable is


class Accents:
    """Learns syllables and neighbours from phrases with diacritics; unknown syllables stay as typed."""

    def __init__(self, phrases: Iterable[str]) -> None:
        self._forms: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self._pairs: Counter[tuple[str, str]] = Counter()
        for phrase in phrases:
            said = [word.text.lower() for word in words(phrase)]
            for syllable in said:
                self._forms[keys(syllable)[1]][syllable] += 1
            self._pairs.update(pairwise(said))

    def restore(self, text: str) -> str:
        """The text with its likeliest diacritics; a text that has them is returned as it is."""
        found = words(text)
        if not found or accented(found):
            return text
        likeliest = self._path(found)
        out, at = list[str](), 0
        for word, form in zip(found, likeliest, strict=True):
            out += [text[at : word.start], form.capitalize() if word.text[:1].isupper() else form]
            at = word.end
        return "".join([*out, text[at:]])

    def _path(self, found: list[Word]) -> list[str]:
        """Viterbi over the forms each syllable may have."""
        best: dict[str, tuple[float, list[str]]] = {"": (0.0, [])}
        for word in found:
            forms = self._forms.get(word.folded) or Counter({word.text.lower(): 1})
            total = sum(forms.values())
            step: dict[str, tuple[float, list[str]]] = {}
            for form, count in sorted(forms.items()):
                common = log((count + _START) / (total + _START))
                score, before = max(
                    ((score + _PAIR * log(1 + self._pairs[last, form]), path) for last, (score, path) in best.items()),
                    key=lambda item: (item[0], item[1]),
                )
                step[form] = (score + common, [*before, form])
            best = step
        return max(best.values(), key=lambda item: (item[0], item[1]))[1]
