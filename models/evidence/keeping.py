"""How long records are kept, and holds that keep a case whatever its age (F73). Nothing is ever destroyed by itself."""

from collections.abc import Sequence
from dataclasses import dataclass as plain
from datetime import datetime

from pydantic.dataclasses import dataclass
from sqlmodel import Field, col, select

from models.casework.inquiry import Inquiry
from models.content import Document
from models.errors import Refusal
from models.evidence.exchange import Entry
from models.schema import STRICT, Words, records
from models.store import Big, Instant, Logged, Row, Store

EXCHANGE = "exchange"


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Class:
    """One class of records; no years is for ever."""

    id: Words
    label: Words
    years: int | None
    basis: Words


@dataclass(frozen=True, kw_only=True, config=STRICT)
class _File:
    """`content/retention.yaml`."""

    classes: tuple[Class, ...]


@plain(frozen=True)
class Retention:
    """The classes of an office."""

    classes: Sequence[Class] = ()

    @classmethod
    def parse(cls, document: Document) -> "Retention":
        """The classes of a file; ContentProblems where its author must mend it."""
        return cls(records(document, _File).classes)

    def ended_before(self, at: datetime) -> datetime | None:
        """Cases that ended before this moment are past their time; None where they are kept for ever."""
        years = next((one.years for one in self.classes if one.id == EXCHANGE), None)
        if years is None:
            return None
        day = 28 if (at.month, at.day) == (2, 29) else at.day
        return at.replace(year=at.year - years, day=day)


class LegalHold(Row, Logged, table=True):
    """A case that must be kept as it is, for a reason an officer gave, until one lifts it."""

    __tablename__ = "legal_hold"  # pyright: ignore[reportAssignmentType]

    id: int | None = Field(default=None, primary_key=True, sa_type=Big)
    case_code: str = Field(index=True)
    reason: str = Field(foreign_key="item.digest")
    placed_by: int = Field(foreign_key="person.id")
    placed_at: datetime = Field(sa_type=Instant)
    lift_reason: str | None = Field(default=None, foreign_key="item.digest")
    lifted_by: int | None = Field(default=None, foreign_key="person.id")
    lifted_at: datetime | None = Field(default=None, sa_type=Instant)

    def placed(self) -> Entry:
        """From now on nothing of the case is erased or covered."""
        return Entry("hold.placed", (self,), case=self.case_code, detail={"reason": self.reason})

    def lift(self, person_id: int, reason: str, at: datetime) -> Entry:
        """It may be treated like any other case again."""
        self.lifted_by, self.lift_reason, self.lifted_at = person_id, reason, at
        return Entry("hold.lifted", (self,), case=self.case_code, detail={"reason": reason})


async def hold_of(store: Store, code: str | None) -> LegalHold | None:
    """The hold on a case, if there is one."""
    return await store.scalar(select(LegalHold).where(LegalHold.case_code == code, col(LegalHold.lifted_at).is_(None)).limit(1))


async def not_held(store: Store, code: str | None) -> None:
    """Refuse what a hold forbids."""
    if await hold_of(store, code) is not None:
        raise Refusal("hold.held", code=code or "–")


async def past(store: Store, retention: Retention, at: datetime) -> Sequence[str]:
    """The codes of cases past their time and not held, the oldest first."""
    before = retention.ended_before(at)
    if before is None:
        return []
    held = select(LegalHold.case_code).where(col(LegalHold.lifted_at).is_(None))
    query = select(Inquiry.code).where(col(Inquiry.ended_at) < before, col(Inquiry.code).not_in(held)).order_by(col(Inquiry.ended_at))
    return (await store.scalars(query)).all()
