"""Masking: a cover over words of an untouched original, put on by two people (F74). The digest in the log still holds.

The original stays in one place, its item. Copies of it that were shown or wait to be sent show the cover as well.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import JSON
from sqlmodel import Field

from models.errors import Refusal
from models.evidence.erasure import copies
from models.evidence.exchange import Entry
from models.evidence.item import Excerpt, Item, covered
from models.store import Big, Instant, Logged, Row, Store
from models.text import number


class Mask(Row, Logged, table=True):
    """A request by one officer that another must approve; it says where the words stand, never the words."""

    id: int | None = Field(default=None, primary_key=True, sa_type=Big)
    digest: str = Field(foreign_key="item.digest")
    case_code: str = Field(index=True)
    spans: dict[str, list[list[int]]] = Field(default_factory=dict[str, list[list[int]]], sa_type=JSON)  # by item, from–to
    reason: str = Field(foreign_key="item.digest")
    asked_by: int = Field(foreign_key="person.id")
    asked_at: datetime = Field(sa_type=Instant)
    approved_by: int | None = Field(default=None, foreign_key="person.id")
    done_at: datetime | None = Field(default=None, sa_type=Instant)

    def asked(self) -> Entry:
        """One person asks, with a reason."""
        return Entry("mask.asked", (self,), case=self.case_code, detail={"item": self.digest, "reason": self.reason})

    def approve(self, person_id: int, at: datetime, items: Sequence[Item]) -> Entry:
        """Another agrees: from now on everybody sees the cover; the original stays beneath it."""
        if self.done_at is not None:
            raise Refusal("mask.done_already")
        if person_id == self.asked_by:
            raise Refusal("erase.second_person")
        self.approved_by, self.done_at = person_id, at
        for item in items:
            item.masked = [*(item.masked or []), *self.spans.get(item.digest, [])]
        detail = {"item": self.digest, "asked_by": self.asked_by, "items": sorted(item.digest for item in items)}
        return Entry("mask.done", (self,), case=self.case_code, detail=detail)


def places(text: str, words: Sequence[str]) -> list[list[int]]:
    """Where words stand in a text, every time they do."""
    found: list[list[int]] = []
    for word in words:
        start = text.find(word)
        while word and start >= 0:
            found.append([start, start + len(word)])
            start = text.find(word, start + len(word))
    return sorted(found)


async def cover(store: Store, items: Sequence[Item]) -> None:
    """Put the cover on every message that repeats an item: what waits is sent covered, chat pages show it covered."""
    by_digest = {item.digest: item for item in items}
    for message in await copies(store, items):
        for digest in message.quotes or []:
            if message.text is not None and digest in by_digest:
                message.text = _painted(message.text, by_digest[digest])
        message.choices = [_excerpted(choice, items) for choice in message.choices or ()] or None


def _painted(text: str, item: Item) -> str:
    """A message with the covered words of an item painted over, longest first."""
    hidden = {(item.text or "")[start:end] for start, end in item.masked or []}
    for words in sorted(filter(None, hidden), key=len, reverse=True):
        text = text.replace(words, covered(words, [[0, len(words)]]))
    return text


def _excerpted(choice: dict[str, str], items: Sequence[Item]) -> dict[str, str]:
    """A choice that names an item by its first words."""
    named = next((item for item in items if item.digest in choice["action"]), None)
    return choice if named is None else choice | {"label": str(Excerpt(named))}


async def pending(store: Store, mask_id: str) -> Mask | None:
    """A request by its number."""
    wanted = number(mask_id)
    return None if wanted is None else await store.get(Mask, wanted)
