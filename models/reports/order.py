"""A report somebody asked for in chat: made outside the transaction, by whoever is free, and sent when it is ready."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Field, col, select

from models.people.person import Account
from models.store import Big, Instant, Row, Store


class ReportOrder(Row, table=True):
    """One order; like an alarm it is the machine's own, what came of it is in the log."""

    __tablename__ = "report_order"  # pyright: ignore[reportAssignmentType]

    id: int | None = Field(default=None, primary_key=True, sa_type=Big)
    account_id: int = Field(foreign_key="account.id", sa_type=Big)
    kind: str
    period: str
    unit_id: str | None = None
    asked_at: datetime = Field(sa_type=Instant)
    done_at: datetime | None = Field(default=None, sa_type=Instant, index=True)


async def waiting(store: Store, limit: int = 20) -> Sequence[ReportOrder]:
    """Orders nobody has filled, oldest first."""
    found = await store.scalars(select(ReportOrder).where(col(ReportOrder.done_at).is_(None)).order_by(col(ReportOrder.id)).limit(limit))
    return found.all()


async def fill(store: Store, number: int, at: datetime) -> tuple[ReportOrder, Account] | None:
    """What was ordered is there: the order, filled from now on, and the chat it goes to. None where it was filled before."""
    order = await store.get(ReportOrder, number)
    account = await store.get(Account, order.account_id) if order is not None else None
    if order is None or account is None or order.done_at is not None:
        return None
    order.done_at = at
    return order, account
