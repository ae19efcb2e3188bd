"""One-time ways in: an invitation to a post, or the way back for somebody who lost a link or phone (F123)."""

import hashlib
import re
from datetime import datetime
from enum import StrEnum

from sqlmodel import Field, select

from models.errors import Refusal
from models.evidence.exchange import Entry
from models.people.person import Account, Person, PostKind
from models.store import Big, Instant, Logged, Row, Store, one_of

_CODE = re.compile(r"[0-9A-Za-z]{4}(?:[\s.–—-]*[0-9A-Za-z]{4}){2}")
_DASHES = "-–—"


class Welcome(StrEnum):
    """What an invitation opens."""

    REPORTER = "reporter"
    MEMBER = "member"
    OFFICER = "officer"
    RETURN = "return"  # an existing person, on a new account


class Invitation(Row, Logged, table=True):
    """A code that works once. Only its hash is kept: who reads the database cannot enter with it."""

    id: int | None = Field(default=None, primary_key=True, sa_type=Big)
    code_hash: str = Field(unique=True, max_length=64)
    welcome: Welcome = Field(sa_type=one_of(Welcome))
    name: str = ""
    person_id: int | None = Field(default=None, foreign_key="person.id")
    unit_id: str | None = Field(default=None, foreign_key="unit.id")
    post: PostKind | None = Field(default=None, sa_type=one_of(PostKind))
    position: str = ""
    mandate: str | None = None
    decision_no: str = ""
    created_at: datetime = Field(sa_type=Instant)
    expires_at: datetime = Field(sa_type=Instant)
    consumed_at: datetime | None = Field(default=None, sa_type=Instant)
    consumed_by: int | None = Field(default=None, foreign_key="account.id")
    invited_by: int | None = Field(default=None, sa_type=Big)  # who made it in chat; None: the command line
    to_confirm: bool = False  # the unit's head says yes before the post begins (F103)
    confirmed_by: int | None = Field(default=None, sa_type=Big)
    confirmed_at: datetime | None = Field(default=None, sa_type=Instant)
    confirmed: bool | None = None

    def created(self) -> Entry:
        """The office opened a door."""
        return Entry("invitation.created", (self,), detail={"welcome": self.welcome.value, "mandate": self.mandate}, unit_id=self.unit_id)

    def consume(self, account: Account, person: Person | None, at: datetime, *also: object) -> Entry:
        """Somebody came through it; nobody can a second time."""
        if self.consumed_at is not None:
            raise Refusal("invitation.used")
        if self.expires_at <= at:
            raise Refusal("invitation.expired")
        if self.to_confirm and not self.confirmed:
            raise Refusal("invitation.waits" if self.confirmed is None else "invitation.not_confirmed")
        self.consumed_at, self.consumed_by, self.person_id = at, account.id, person.id if person else None
        detail = {"welcome": self.welcome.value, "person": self.person_id, "mandate": self.mandate, "decision_no": self.decision_no}
        return Entry("invitation.consumed", (self, account, person, *also), detail=detail, unit_id=self.unit_id)

    def decide(self, confirmed: bool, person_id: int, at: datetime) -> Entry:
        """The head says whether this person may take the post (F103); the first word counts.

        Raises:
            Refusal: it was decided before.
        """
        if self.confirmed is not None:
            raise Refusal("join.decided_already", name=self.name)
        self.confirmed, self.confirmed_by, self.confirmed_at = confirmed, person_id, at
        action = "invitation.confirmed" if confirmed else "invitation.not_confirmed"
        return Entry(action, (self,), detail={"invitation": self.id, "mandate": self.mandate}, unit_id=self.unit_id)


def code_hash(code: str) -> str:
    """What is kept of a code; dashes, spaces and case do not matter."""
    return hashlib.sha256(normal(code).encode()).hexdigest()


def normal(code: str) -> str:
    """A code as compared: letters and digits only, upper case, I and L read as 1, O as 0."""
    return "".join(c for c in code.upper() if c.isalnum()).translate(str.maketrans({"I": "1", "L": "1", "O": "0"}))


def is_code(text: str) -> bool:
    """Three groups of four letters and digits; without dashes only if a digit is among them, for three short words are a question."""
    typed = text.strip()
    return _CODE.fullmatch(typed) is not None and any(c.isdigit() or c in _DASHES for c in typed)


async def by_code(store: Store, code: str) -> Invitation | None:
    """The invitation a code opens."""
    return await store.scalar(select(Invitation).where(Invitation.code_hash == code_hash(code)))
