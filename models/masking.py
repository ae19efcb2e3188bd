"""Masking: a cover over words of an untouched original, put on by two people (F74). The digest in the log still holds."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import JSON
from sqlmodel import Field, SQLModel

from models.errors import Refusal
from models.exchange import Entry
from models.item import Item
from models.store import Big, Instant, Logged, Store
from models.text import number


class Mask(SQLModel, Logged, table=True):
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


async def pending(store: Store, mask_id: str) -> Mask | None:
    """A request by its number."""
    wanted = number(mask_id)
    return None if wanted is None else await store.get(Mask, wanted)
