"""Several questions in one message, taken apart where each part asks for something of its own."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from models.routing import words
from models.routing.phrases import Phrases

MOST = 5
_ENDS = re.compile(
    r"(?<=[?;!\n])\s*|(?<=\.)\s+|\s*,\s*(?:và\s+|va\s+|còn\s+|con\s+)?|\s+(?:và|va|ngoài ra|ngoai ra|đồng thời|dong thoi|cũng như)\s+(?:về\s+|ve\s+)?(?:việc\s+|viec\s+)?"
)
_HEAD = re.compile(r"^([^:?]{6,120}):\s+(?=\S)")
_LEAST = 2  # words


@dataclass(frozen=True)
class Clause:
    """One part of a message: what it asks, and how it is understood on its own (with what the message began with)."""

    text: str
    context: str

    @property
    def alone(self) -> str:
        """The part as it could be sent by itself."""
        return f"{self.context}: {self.text}" if self.context else self.text


class Splitter:
    """Knows which words ask and which nouns are asked for."""

    def __init__(self, asking: Iterable[str], requested: Iterable[str]) -> None:
        self._asking = Phrases((phrase, "asking") for phrase in asking)
        self._requested = Phrases((phrase, "requested") for phrase in requested)

    def clauses(self, text: str) -> list[Clause]:
        """The parts that ask; fewer than two means the message is one question."""
        head = _HEAD.match(text)
        context = head.group(1).strip() if head else ""
        pieces = [piece.strip(" ,.;!?\n") for piece in _ENDS.split(text[head.end() :] if head else text)]
        asking: list[str] = []
        waiting = ""
        for piece in filter(None, pieces):
            joined = f"{waiting}, {piece}" if waiting else piece
            if self._asks(joined, opening=not asking and not waiting):
                asking.append(joined)
                waiting = ""
            else:
                waiting = joined
        if waiting and asking:
            asking[-1] += f", {waiting}"
        return [Clause(part, context) for part in asking[:MOST]] if len(asking) > 1 else []

    def _asks(self, piece: str, *, opening: bool) -> bool:
        found = words.words(piece)
        if len(found) < _LEAST:
            return False
        accented = words.accented(found)
        if any(f.quality > 0.5 or len(found) <= 12 for f in self._asking.find(found, accented=accented)):
            return True
        del opening
        return any(f.first <= 3 for f in self._requested.find(found, accented=accented))
