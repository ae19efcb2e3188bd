"""A message cut where its questions part, in the words it was typed in: nothing but the "and" between two parts is left out.

The router reads a tidied text (no greeting, shorthand written out); what each unit gets is what the reporter wrote. So the places
found in the tidied text are carried back word by word.
"""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

from models.routing.words import words

_EDGES = " \n\t,;"
_LINK = re.compile(
    r"[\s,;]*\b(?:và|va|còn|con|ngoài ra|ngoai ra|đồng thời|dong thoi|cũng như)?\s*(?P<about>(?:về\s+|ve\s+)?(?:việc\s+|viec\s+)?)$",
    re.IGNORECASE,
)


_LONGEST = 12_000  # letters compared; whatever follows belongs to the last part


def cut(typed: str, read: str, starts: Sequence[int]) -> list[str]:
    """The parts of what was typed that begin where the parts of the text as read begin; the first begins at the beginning."""
    carried = _carried(typed[:_LONGEST], read, starts[1:])
    places = sorted({0, *carried})
    parts: list[str] = []
    about = ""
    for first, end in zip(places, [*places[1:], len(typed)], strict=True):
        part = about + typed[first:end]
        link = _LINK.search(part) if end < len(typed) else None
        about = link["about"] if link else ""
        parts.append((part[: link.start()] if link else part).strip(_EDGES))
    return [part for part in parts if part]


def _carried(typed: str, read: str, starts: Sequence[int]) -> list[int]:
    """Where places of the text as read stand in the text as typed; those where nothing matches any more are left out."""
    ours, theirs = words(typed), words(read)
    blocks = SequenceMatcher(None, [w.folded for w in ours], [w.folded for w in theirs], autojunk=False).get_matching_blocks()
    found: list[int] = []
    for start in starts:
        wanted = sum(word.start < start for word in theirs)
        after = next((block for block in blocks if block.size and wanted < block.b + block.size), None)
        if after is not None:
            found.append(ours[after.a + max(0, wanted - after.b)].start)
    return found
