"""Several questions in one message, taken apart where each part asks for something of its own."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from models.routing import words
from models.routing.lexicon import Lexicon
from models.routing.phrases import Phrases
from models.routing.words import folded

MOST = 5
_ENDS = re.compile(
    r"(?<=[?;!\n])\s*|(?<=\.)\s+|\s*,\s*(?:và\s+|va\s+|còn\s+|con\s+)?|\s+(?:và|va|ngoài ra|ngoai ra|đồng thời|dong thoi|cũng như)\s+(?:về\s+|ve\s+)?(?:việc\s+|viec\s+)?"
)
_HEAD = re.compile(r"^([^:?]{6,120}):\s+(?=\S)")
_ABOUT = re.compile(r"\b(?:về|ve)\b")
_LEAST = 2  # words
_HEAD_WORDS = 4  # a noun asked for stands at the head: "(em cần) nguyên nhân, tình trạng nạn nhân"


@dataclass(frozen=True)
class Clause:
    """One part of a message: what it asks, and how it is understood on its own (with what the message began with)."""

    text: str
    context: str
    start: int = 0  # where it begins in the message

    @property
    def alone(self) -> str:
        """The part as it could be sent by itself."""
        return f"{self.context}: {self.text}" if self.context else self.text


def _pieces(text: str, at: int, whole: Sequence[tuple[int, int]]) -> Iterator[tuple[str, bool, int]]:
    """The pieces between punctuation and "and", and whether one opens a parallel matter ("… và về việc …")."""
    parallel = False
    for end in _ENDS.finditer(text, at):
        if any(first < end.end() and end.start() < last for first, last in whole):
            continue
        piece = text[at : end.start()].strip(" ,.;!?\n")
        following = _ABOUT.search(end.group()) is not None
        if piece:
            yield piece, parallel or following, at
        at, parallel = end.end(), following
    if piece := text[at:].strip(" ,.;!?\n"):
        yield piece, parallel, at


class Splitter:
    """Knows which words ask and which nouns are asked for."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._asking = Phrases((phrase, "asking") for phrase in lexicon.asking)
        self._last = frozenset(folded(word) for word in lexicon.asking_last)
        self._requested = Phrases((phrase, "requested") for phrase in lexicon.requested)

    def clauses(self, text: str, whole: Sequence[tuple[int, int]] = ()) -> list[Clause]:
        """The parts that ask; fewer than two means the message is one question. Nothing `whole` is cut: names hold "và" too."""
        head = _HEAD.match(text)
        context = head.group(1).strip() if head else ""
        asking: list[Clause] = []
        waiting, since = "", 0
        for piece, parallel, at in _pieces(text, head.end() if head else 0, whole):
            joined, since = (f"{waiting}, {piece}", since) if waiting else (piece, at)
            if self._asks(joined) or parallel:
                asking.append(Clause(joined, context, since))
                waiting = ""
            else:
                waiting = joined
        if waiting and asking:
            asking[-1] = replace(asking[-1], text=f"{asking[-1].text}, {waiting}")
        return asking[:MOST] if len(asking) > 1 else []

    def _asks(self, piece: str) -> bool:
        found = words.words(piece)
        if len(found) < _LEAST:
            return False
        accented = words.accented(found)
        if found[-1].folded in self._last or self._asking.find(found, accented=accented):
            return True
        return any(f.first < _HEAD_WORDS for f in self._requested.find(found, accented=accented))
