"""Cases from before the product: taken over from an older list, counted, and marked as imported wherever they appear."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlmodel import Field, col, select

from models.evidence.exchange import Entry
from models.store import Instant, Logged, Row, Store, one_of


class PastOutcome(StrEnum):
    """How an older case ended, as far as the list says."""

    ANSWERED = "answered"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    OPEN = "open"


class ImportedCase(Row, Logged, table=True):
    """One row of an older list: nobody works on it here, the log says where it came from."""

    __tablename__ = "imported_case"  # pyright: ignore[reportAssignmentType]

    code: str = Field(primary_key=True)
    reference: str = Field(unique=True)  # its number in the older list: importing twice changes nothing
    unit_id: str = Field(foreign_key="unit.id", index=True)
    requester: str = Field(foreign_key="item.digest")
    question: str = Field(foreign_key="item.digest")
    outcome: PastOutcome = Field(sa_type=one_of(PastOutcome))
    pack_id: str
    received_at: datetime = Field(sa_type=Instant, index=True)
    ended_at: datetime | None = Field(default=None, sa_type=Instant)
    due_at: datetime | None = Field(default=None, sa_type=Instant)
    form: str = "written"
    content: str = Field(max_length=64)  # SHA-256 of the row as it was given: another content under the same number is refused
    source: str
    row: int
    imported_at: datetime = Field(sa_type=Instant)

    def taken_over(self) -> Entry:
        """The entry of the import: every fact the reports count by, and the file and row it stood in."""
        detail: dict[str, Any] = {
            "requester": self.requester,
            "item": self.question,
            "received": self.received_at.isoformat(),
            "ended": self.ended_at.isoformat() if self.ended_at else None,
            "due": self.due_at.isoformat() if self.due_at else None,
            "outcome": self.outcome.value,
            "form": self.form,
            "source": self.source,
            "row": self.row,
        }
        return Entry("case.imported", (self,), case=self.code, detail=detail, unit_id=self.unit_id, pack=self.pack_id)


async def by_code(store: Store, code: str) -> ImportedCase | None:
    """One of them by its code."""
    return await store.get(ImportedCase, code)


async def known(store: Store, references: Sequence[str]) -> Mapping[str, str]:
    """Which of these numbers are here already, with the digest of what was given then."""
    found: dict[str, str] = {}
    for start in range(0, len(references), 500):
        some = references[start : start + 500]
        rows = await store.execute(select(ImportedCase.reference, ImportedCase.content).where(col(ImportedCase.reference).in_(some)))
        found |= {str(reference): str(content) for reference, content in rows.all()}
    return found
