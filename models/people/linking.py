"""One person, several chats: a six-digit code asked for in one is typed in the other (F18)."""

import hashlib
from datetime import datetime, timedelta

from sqlmodel import Field, col, select

from models.errors import Refusal
from models.evidence.exchange import Entry
from models.people.person import Account, Person
from models.store import Big, Instant, Logged, Row, Store

VALID = timedelta(minutes=15)
TRIES = 5
DIGITS = 6


class LinkCode(Row, Logged, table=True):
    """A code one account asked for. Only its hash is kept, salted: six digits alone would be guessed in a moment."""

    __tablename__ = "link_code"  # pyright: ignore[reportAssignmentType]

    id: int | None = Field(default=None, primary_key=True, sa_type=Big)
    account_id: int = Field(foreign_key="account.id", index=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    salt: str = Field(max_length=64)
    code_hash: str = Field(max_length=64)
    created_at: datetime = Field(sa_type=Instant)
    expires_at: datetime = Field(sa_type=Instant, index=True)
    used_at: datetime | None = Field(default=None, sa_type=Instant)

    def is_open(self, at: datetime) -> bool:
        """Whether it may still be typed."""
        return self.used_at is None and self.expires_at > at

    def fits(self, code: str) -> bool:
        """Whether this is the code."""
        return self.code_hash == hashed(code, self.salt)

    def issued(self) -> Entry:
        """A second chat is about to join."""
        return Entry("account.link_asked", (self,), detail={"account": self.account_id})

    def use(self, account: Account, person: Person, at: datetime) -> Entry:
        """The other chat has typed it: from now on both are the same person's."""
        if account.person_id is not None:
            raise Refusal("link.already_known")
        self.used_at = at
        account.link(person)
        return Entry("account.linked", (self, account), detail={"account": account.id, "with": self.account_id, "person": person.id})

    def void(self, at: datetime) -> None:
        """A newer code takes its place."""
        self.used_at = at


class LinkTry(Row, table=True):
    """How often an account has typed a wrong code lately; not evidence, so not logged."""

    __tablename__ = "link_try"  # pyright: ignore[reportAssignmentType]

    account_id: int = Field(primary_key=True, foreign_key="account.id", sa_type=Big)
    since: datetime = Field(sa_type=Instant)
    tries: int = 0


def hashed(code: str, salt: str) -> str:
    """What is kept of a code."""
    return hashlib.sha256(bytes.fromhex(salt) + code.encode()).hexdigest()


def digits(chance: int) -> str:
    """Six digits from random bits."""
    return f"{chance % 10**DIGITS:0{DIGITS}d}"


async def open_codes(store: Store, at: datetime, person_id: int | None = None) -> list[LinkCode]:
    """The codes that may still be typed, one person's or all; there are few at any time."""
    query = select(LinkCode).where(col(LinkCode.used_at).is_(None), col(LinkCode.expires_at) > at)
    if person_id is not None:
        query = query.where(LinkCode.person_id == person_id)
    return [*(await store.scalars(query.order_by(col(LinkCode.id)))).all()]


async def missed(store: Store, account_id: int, at: datetime) -> LinkTry:
    """The count of wrong tries of an account; it starts again when the time of a code has passed."""
    count = await store.get(LinkTry, account_id)
    if count is None:
        count = LinkTry(account_id=account_id, since=at)
        store.add(count)
    elif count.since + VALID <= at:
        count.since, count.tries = at, 0
    return count
