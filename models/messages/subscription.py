"""Who wants releases: explicit consent, by topic and area, withdrawn in one tap (F19, LAW.md: broadcast needs consent)."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, col, select

from models.evidence.exchange import Entry
from models.store import Big, Instant, Logged, Row, Store

NOTICE = "2026-11"  # the version of the consent notice in content/texts


class Subscription(Row, Logged, table=True):
    """One account's consent to releases: when, under which notice, and when it ended."""

    id: int | None = Field(default=None, primary_key=True, sa_type=Big)
    account_id: int = Field(foreign_key="account.id", index=True)
    notice: str = NOTICE
    since: datetime = Field(sa_type=Instant)
    until: datetime | None = Field(default=None, sa_type=Instant)

    def leave(self, at: datetime) -> Entry:
        """No more from this moment on."""
        self.until = at
        return Entry("subscription.left", (self,), detail={"account": self.account_id})


class Wish(Row, Logged, table=True):
    """A topic or an area a subscriber wants; none of a kind means all of it."""

    __tablename__ = "subscription_wish"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (UniqueConstraint("subscription_id", "kind", "value"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=Big)
    subscription_id: int = Field(foreign_key="subscription.id", index=True)
    kind: str  # topic or area
    value: str


async def current(store: Store, account_id: int) -> Subscription | None:
    """The consent of an account that is in force."""
    return await store.scalar(select(Subscription).where(Subscription.account_id == account_id, col(Subscription.until).is_(None)))


async def wishes(store: Store, subscription_id: int) -> Sequence[Wish]:
    """What a subscriber narrowed it down to."""
    return (await store.scalars(select(Wish).where(Wish.subscription_id == subscription_id).order_by(col(Wish.id)))).all()
