"""A unit that works on a case beside the one that has it: it sees, notes and drafts; the answer stays with the other (F34)."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Field, col, select

from models.store import Instant, Logged, Row, Store


class CoAssignment(Row, Logged, table=True):
    """One unit on one case beside its own."""

    __tablename__ = "co_assignment"  # pyright: ignore[reportAssignmentType]

    case_code: str = Field(primary_key=True, foreign_key="inquiry.code")
    unit_id: str = Field(primary_key=True, foreign_key="unit.id", index=True)
    reason: str = Field(foreign_key="item.digest")
    given_by: int = Field(foreign_key="person.id")
    given_at: datetime = Field(sa_type=Instant)


async def units_beside(store: Store, code: str) -> Sequence[str]:
    """The units that work on a case beside its own."""
    return (
        await store.scalars(select(CoAssignment.unit_id).where(CoAssignment.case_code == code).order_by(col(CoAssignment.given_at)))
    ).all()


async def works_beside(store: Store, code: str, units: Sequence[str]) -> bool:
    """Whether one of these units works on a case beside its own."""
    query = select(CoAssignment.unit_id).where(CoAssignment.case_code == code, col(CoAssignment.unit_id).in_(units)).limit(1)
    return await store.scalar(query) is not None
