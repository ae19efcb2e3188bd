"""The two doors and the clock: inbox, outbox, the web chat's timeline, alarms."""

from datetime import datetime
from enum import IntEnum, StrEnum
from typing import NamedTuple

from sqlalchemy import JSON, Index, Text, UniqueConstraint
from sqlmodel import Field

from models.store import Big, Instant, Row, one_of

LOCAL = "web"  # the channel whose messages lie with us: what is covered or erased here is so for its readers as well


class InboxState(StrEnum):
    """How far an inbound message has come."""

    FETCHING = "fetching"  # its files are still being downloaded; its chat waits, others do not
    READY = "ready"
    DONE = "done"
    ASIDE = "aside"  # handling failed: traceback kept, `phatngon retry ID`


class InboxMessage(Row, table=True):
    """One thing that happened outside, stored as received before it is acknowledged.

    `external_id` is the channel's own identity of the update: a second delivery is refused by the database.
    `message_key` is the identity of the message within its chat, by which replies and edits find it.
    """

    __tablename__ = "inbox"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        UniqueConstraint("channel", "external_id"),
        Index("ix_inbox_state_id", "state", "id"),
        Index("ix_inbox_chat_message_key", "chat", "message_key"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=Big)
    channel: str
    external_id: str
    chat: str
    message_key: str | None = None
    payload: str | None = Field(default=None, sa_type=Text)
    received_at: datetime = Field(sa_type=Instant)
    state: InboxState = Field(default=InboxState.READY, sa_type=one_of(InboxState))
    case_code: str | None = None
    handled_at: datetime | None = Field(default=None, sa_type=Instant)
    problem: str | None = Field(default=None, sa_type=Text)


class OutboxState(StrEnum):
    """How far an outbound message has come."""

    QUEUED = "queued"
    SENDING = "sending"  # committed before the call; found after a crash it is uncertain
    SENT = "sent"
    UNCERTAIN = "uncertain"  # may or may not have arrived; an officer sees it
    FAILED = "failed"
    CANCELLED = "cancelled"


class Priority(IntEnum):
    """Who overtakes whom (invariant 6)."""

    REPLY = 0
    URGENT = 1
    BULK = 2


class OutboxMessage(Row, table=True):
    """One message to one chat, queued in the transaction of what caused it.

    `text` is the rendered sentence, or None where `item_digest` names one stored text many recipients share.
    `quotes` lists the digests of the items whose words the text repeats, so that erasing reaches every copy.
    """

    __tablename__ = "outbox"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        UniqueConstraint("broadcast_id", "account_id", "part"),
        Index("ix_outbox_next", "channel", "state", "priority", "id"),  # what goes next, in order, without sorting a whole broadcast
        Index("ix_outbox_broadcast_state", "broadcast_id", "state"),
        Index("ix_outbox_account_message_key", "account_id", "message_key"),
        Index("ix_outbox_account_id", "account_id", "id"),
        Index("ix_outbox_state_account", "state", "account_id", "priority", "id"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=Big)
    cause_id: int | None = Field(default=None, sa_type=Big)
    account_id: int = Field(foreign_key="account.id", sa_type=Big)
    channel: str
    priority: int = Priority.REPLY
    part: int = 0
    text: str | None = Field(default=None, sa_type=Text)
    item_digest: str | None = Field(default=None, max_length=64)
    choices: list[dict[str, str]] | None = Field(default=None, sa_type=JSON)
    files: list[str] | None = Field(default=None, sa_type=JSON)
    quotes: list[str] | None = Field(default=None, sa_type=JSON)
    case_code: str | None = Field(default=None, index=True)
    broadcast_id: int | None = Field(default=None, foreign_key="broadcast.id")
    official: bool = False  # an answer or a release: its delivery is evidence
    state: OutboxState = Field(default=OutboxState.QUEUED, sa_type=one_of(OutboxState))
    created_at: datetime = Field(sa_type=Instant)
    due_at: datetime = Field(sa_type=Instant)
    attempts: int = 0
    resent: bool = False  # an earlier attempt may have arrived: the text says so
    message_key: str | None = None
    sent_at: datetime | None = Field(default=None, sa_type=Instant)
    problem: str | None = None


class Queued(NamedTuple):
    """What a sender must know of an outbox row: read by the thousand, changed by statements, so it is no row of a session."""

    id: int
    cause_id: int | None
    account_id: int
    channel: str
    priority: int
    text: str | None
    item_digest: str | None
    choices: list[dict[str, str]] | None
    files: list[str] | None
    broadcast_id: int | None
    official: bool
    created_at: datetime
    attempts: int
    resent: bool


class TimelineEvent(Row, table=True):
    """One thing a web chat shows, in order; browsers catch up from the last id they saw."""

    __tablename__ = "timeline"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (Index("ix_timeline_chat_id", "chat", "id"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=Big)
    chat: str  # the account's external id; the account itself may not exist before its first message is handled
    kind: str  # said (by the person), told (by the bot), edited
    inbox_id: int | None = Field(default=None, sa_type=Big)
    outbox_id: int | None = Field(default=None, sa_type=Big, index=True)
    at: datetime = Field(sa_type=Instant)


class AlarmState(StrEnum):
    """Whether an alarm is still to ring."""

    SET = "set"
    RUNG = "rung"
    CANCELLED = "cancelled"


class Alarm(Row, table=True):
    """A moment at which the clock puts a message into the inbox: a deadline, an embargo, an undo that ran out."""

    __table_args__ = (Index("ix_alarm_state_due", "state", "due_at"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=Big)
    due_at: datetime = Field(sa_type=Instant)
    action: str
    subject: str = Field(index=True)
    state: AlarmState = Field(default=AlarmState.SET, sa_type=one_of(AlarmState))
