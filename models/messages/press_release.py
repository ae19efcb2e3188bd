"""A press release and its sending: a frozen audience, one stored text, one row per recipient."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ColumnElement, Select, and_, exists, func, insert, inspect, literal, update
from sqlmodel import Field, col, select

from models.errors import Refusal
from models.evidence.exchange import Entry
from models.messages.message import OutboxMessage, OutboxState, Priority
from models.messages.subscription import Subscription, Wish
from models.people.person import Account, AccountState
from models.store import Big, Instant, Logged, Row, Store, one_of


class ReleaseState(StrEnum):
    """How far a release has come."""

    SENDING = "sending"
    SENT = "sent"
    STOPPED = "stopped"


class PressRelease(Row, Logged, table=True):
    """What the press office tells everybody who asked to be told."""

    __tablename__ = "press_release"  # pyright: ignore[reportAssignmentType]

    code: str = Field(primary_key=True)
    title: str
    item: str = Field(foreign_key="item.digest")
    topics: list[str] = Field(default_factory=list, sa_type=JSON)
    areas: list[str] = Field(default_factory=list, sa_type=JSON)
    author_id: int = Field(foreign_key="person.id")
    published_at: datetime = Field(sa_type=Instant, index=True)

    def published(self, broadcast: "Broadcast", files: Sequence[dict[str, Any]]) -> Entry:
        """Confirmed for sending: to how many, and how many cannot be reached."""
        detail = {"item": self.item, "topics": self.topics, "areas": self.areas, "files": list(files)}
        detail |= {"recipients": broadcast.recipients, "unreachable": broadcast.unreachable}
        return Entry("release.confirmed", (self, broadcast), case=self.code, detail=detail)


class Broadcast(Row, Logged, table=True):
    """One sending of a release to an audience frozen at confirmation."""

    id: int | None = Field(default=None, primary_key=True, sa_type=Big)
    release_code: str = Field(foreign_key="press_release.code", index=True)
    state: ReleaseState = Field(default=ReleaseState.SENDING, sa_type=one_of(ReleaseState))
    recipients: int
    unreachable: int
    confirmed_by: int = Field(foreign_key="person.id")
    confirmed_at: datetime = Field(sa_type=Instant)
    ended_at: datetime | None = Field(default=None, sa_type=Instant)

    def stop(self, at: datetime) -> Entry:
        """An officer stops it: who has it keeps it, nobody else gets it."""
        if self.state is not ReleaseState.SENDING:
            raise Refusal("release.not_sending", code=self.release_code)
        self.state, self.ended_at = ReleaseState.STOPPED, at
        return Entry("release.stopped", (self,), case=self.release_code, detail={"broadcast": self.id})

    def finish(self, outcomes: dict[str, int], digest: str, at: datetime) -> Entry:
        """Everybody was served or given up: the counts, and a digest of every single outcome."""
        self.state, self.ended_at = ReleaseState.SENT, at
        detail = {"broadcast": self.id, "outcomes": outcomes, "digest": digest}
        return Entry("release.finished", (self,), case=self.release_code, detail=detail)


def _wants(kind: str, values: Sequence[str]) -> ColumnElement[bool]:
    """A subscriber who named no topic (area) wants all; a release without any goes to all."""
    if not values:
        return literal(value=True)
    named = exists().where(and_(col(Wish.subscription_id) == col(Subscription.id), col(Wish.kind) == kind))
    meant = exists().where(and_(col(Wish.subscription_id) == col(Subscription.id), col(Wish.kind) == kind, col(Wish.value).in_(values)))
    return ~named | meant


def audience(topics: Sequence[str], areas: Sequence[str], state: AccountState = AccountState.ACTIVE) -> Select[Any, Any]:
    """The accounts that subscribed to any of these topics and areas, in a given state of reachability."""
    return (
        select(Account.id, Account.channel)
        .join(Subscription, col(Subscription.account_id) == col(Account.id))
        .where(col(Subscription.until).is_(None), Account.state == state, _wants("topic", topics), _wants("area", areas))
    )


async def count(store: Store, topics: Sequence[str], areas: Sequence[str]) -> tuple[int, int]:
    """How many would receive it, and how many subscribed but cannot be reached (F79)."""
    reached = await store.scalar(select(func.count()).select_from(audience(topics, areas).subquery()))
    blocked = await store.scalar(select(func.count()).select_from(audience(topics, areas, AccountState.BLOCKED).subquery()))
    return int(reached or 0), int(blocked or 0)


async def unreachable(store: Store, topics: Sequence[str], areas: Sequence[str]) -> Sequence[Account]:
    """The subscribed accounts that cannot be reached."""
    ids = audience(topics, areas, AccountState.BLOCKED).subquery()
    return (await store.scalars(select(Account).where(col(Account.id).in_(select(ids.c.id))).order_by(col(Account.id)))).all()


async def fan_out(store: Store, broadcast: Broadcast, release: PressRelease, files: Sequence[str], cause: int, at: datetime) -> None:
    """Freeze the audience into the outbox: one statement, one shared text, at most one row per account."""
    who = audience(release.topics, release.areas).subquery()
    shared = {
        "cause_id": cause,
        "priority": int(Priority.BULK),
        "part": 0,
        "item_digest": release.item,
        "case_code": release.code,
        "broadcast_id": broadcast.id,
        "official": True,
        "state": OutboxState.QUEUED,
        "created_at": at,
        "due_at": at,
        "attempts": 0,
        "resent": False,
        "files": list(files) or None,
    }
    columns = inspect(OutboxMessage).columns
    values: list[ColumnElement[Any]] = [literal(value, columns[name].type) for name, value in shared.items()]
    await store.execute(insert(OutboxMessage).from_select(["account_id", "channel", *shared], select(who.c.id, who.c.channel, *values)))


async def progress(store: Store, broadcast_id: int) -> dict[str, int]:
    """How many rows of a broadcast stand in each state."""
    rows = await store.execute(
        select(OutboxMessage.state, func.count()).where(OutboxMessage.broadcast_id == broadcast_id).group_by(col(OutboxMessage.state))
    )
    return {OutboxState(state).value: int(number) for state, number in rows.all()}


async def cancel_queued(store: Store, broadcast_id: int) -> None:
    """Nobody who has not been served yet will be."""
    await store.execute(
        update(OutboxMessage)
        .where(col(OutboxMessage.broadcast_id) == broadcast_id, col(OutboxMessage.state) == OutboxState.QUEUED)
        .values(state=OutboxState.CANCELLED)
    )


async def broadcast_of(store: Store, code: str) -> Broadcast | None:
    """The sending of a release."""
    return await store.scalar(select(Broadcast).where(Broadcast.release_code == code).order_by(col(Broadcast.id).desc()).limit(1))


async def newest(store: Store, limit: int = 20) -> Sequence[PressRelease]:
    """The newest releases for the newsroom."""
    return (await store.scalars(select(PressRelease).order_by(col(PressRelease.published_at).desc()).limit(limit))).all()


async def outcomes(store: Store, broadcast_id: int) -> list[str]:
    """One line per recipient of a broadcast, in account order: account, part, state, moment."""
    rows = await store.scalars(
        select(OutboxMessage)
        .where(OutboxMessage.broadcast_id == broadcast_id)
        .order_by(col(OutboxMessage.account_id), col(OutboxMessage.part))
    )
    return [f"{r.account_id} {r.part} {r.state.value} {r.sent_at.isoformat() if r.sent_at else '-'}\n" for r in rows.all()]
