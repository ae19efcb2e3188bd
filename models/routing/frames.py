"""What stands around a question is taken off: greetings, who asks, thanks, deadlines – and shorthand is written out."""

import re
from collections.abc import Iterable, Mapping

from models.routing import words
from models.routing.lexicon import Lexicon

_LINK = re.compile(r"(?:https?://|www\.)\S+|</?[a-z][^>]{0,80}>|&\[|\]\([^)]{0,200}\)", re.IGNORECASE)
_NAME = r"(?:[^\W_]+ ){0,3}?[^\W_]+"
_REST_END = r"[^,.:;!?\n]{0,80}"
_REST = _REST_END + r"(?=[,.:;!\n]|$)"  # a greeting that ends in a question mark is part of the question
_EDGE = r"[\s,.;:!?…–—-]*"
_TAIL_LENGTH = 140  # longer than any wish or deadline: what follows is then part of the question


class Frames:
    """The greeting and closing phrases of the lexicon, compiled once."""

    def __init__(self, lexicon: Lexicon) -> None:
        who = "(?:" + "|".join(sorted((_literal(w) for w in lexicon.who), key=lambda w: (-len(w), w))) + ")" if lexicon.who else "(?!)"
        self._lead = _compiled(lexicon.lead, who, r"^" + _EDGE, _EDGE)
        self._tail = _compiled(lexicon.tail, who, r"(?:(?<=[\s,.;:!?])|^)(?:(?:rat|va|de|a|nhe) )?", "", end=True)

    def strip(self, text: str) -> str:
        """The question itself; empty if there was nothing but frame."""
        text = _LINK.sub(" ", text).strip()
        plain = words.flat(text)
        while found := self._lead.search(plain):
            text, plain = text[found.end() :], plain[found.end() :]
        for found in self._tail.finditer(plain):
            if len(plain) - found.start() <= _TAIL_LENGTH:
                text = text[: found.start()]
                break
        return text.strip(" \n\t,;:–—-")


def _literal(phrase: str) -> str:
    return re.escape(words.flat(phrase)).replace(r"\ ", r"[\s/]+")


def _compiled(phrases: Iterable[str], who: str, before: str, after: str, *, end: bool = False) -> re.Pattern[str]:
    patterns: list[str] = []
    for phrase in sorted(phrases, key=lambda p: (-len(p.replace("{who}", "").replace("{rest}", "")), p)):
        pattern = _literal(phrase)
        for hole, filling in (
            ("who", who),
            ("name", _NAME),
            ("rest", _REST_END if end else _REST),
            ("line", ".*" if end else r"[^.:;!?\n]{0,160}"),
        ):
            pattern = pattern.replace(re.escape("{" + hole + "}"), filling)
        patterns.append(pattern if pattern.endswith(("*", "}", ")")) else pattern + r"\b")
    if not patterns:
        return re.compile("(?!)")
    return re.compile(before + "(?:" + "|".join(patterns) + ")" + after, re.DOTALL)


class Abbreviations:
    """Shorthand written out; what could also be an ordinary syllable ("da", "ca") only where it stands in capitals."""

    def __init__(self, known: Mapping[str, str]) -> None:
        self._known: dict[str, tuple[str, bool]] = {}
        self._longest = 1
        for short, long in known.items():
            parts = words.words(short)
            key = " ".join(part.toned for part in parts)
            careful = len(parts) == 1 and words.is_syllable(parts[0].folded)
            self._known.setdefault(key, (long, careful))
            self._longest = max(self._longest, len(parts))

    def expand(self, text: str) -> str:
        """The text with its shorthand written out."""
        found, out, at, i = words.words(text), list[str](), 0, 0
        while i < len(found):
            for n in range(min(self._longest, len(found) - i), 0, -1):
                long = self._expansion(found[i : i + n], text)
                if long is not None:
                    out += [text[at : found[i].start], long, " " if text[found[i + n - 1].end : found[i + n - 1].end + 1] == "." else ""]
                    at = found[i + n - 1].end + (1 if out[-1] else 0)
                    i += n
                    break
            else:
                i += 1
        return "".join([*out, text[at:]])

    def _expansion(self, found: list[words.Word], text: str) -> str | None:
        long, careful = self._known.get(" ".join(word.toned for word in found), (None, False))
        if len(found) == 1 and len(found[0].text) == 1 and text[found[0].end : found[0].end + 1] != ".":
            return None  # "P. Thuận An", but "sở X"
        if long is None or (careful and not found[0].text.isupper()):
            return None
        return long
