"""Who takes part: people, their accounts on channels, their posts in units, their press credentials."""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import BindParameter, bindparam
from sqlmodel import Field, UniqueConstraint, col, or_, select

from models.errors import Refusal
from models.evidence.exchange import Entry
from models.store import Big, Instant, Logged, Row, Store, one_of
from models.text import fold


class Role(StrEnum):
    """What somebody may do here at this moment; one person may hold several."""

    VISITOR = "visitor"
    REPORTER = "reporter"
    MEMBER = "member"
    OFFICER = "officer"


class AccountState(StrEnum):
    """Whether an account can be reached and trusted."""

    ACTIVE = "active"
    BLOCKED = "blocked"  # the person blocked the bot or left
    CLOSED = "closed"  # revoked: a lost phone, a person who left


class Trouble(StrEnum):
    """Why somebody with a post may not hear us on an account (F52)."""

    BLOCKED = "blocked"
    BOUNCED = "bounced"  # a message could not be delivered for good
    SILENT = "silent"  # asked first about a case, and not a word since


class CredentialKind(StrEnum):
    """What a reporter shows (Press Law 2025 Art 27; 2016 Art 27–28)."""

    PRESS_CARD = "press_card"
    INTRODUCTION_LETTER = "introduction_letter"


class Standing(StrEnum):
    """How far the press office has verified a reporter (F2)."""

    UNVERIFIED = "unverified"
    VERIFIED = "verified"
    DECLINED = "declined"


class PostKind(StrEnum):
    """A place in a unit. Speaking for the unit needs a mandate besides (LAW.md, who may speak)."""

    OFFICER = "officer"
    HEAD = "head"
    MEMBER = "member"
    PRESS_OFFICER = "press_officer"  # đầu mối truyền thông: gathers and prepares, beside whoever speaks (F121)
    PAGE_ADMIN = "page_admin"  # keeps an official page: registered, but no case of the unit is theirs (F122)


class Person(Row, Logged, table=True):
    """A human being known to the office by name."""

    id: int | None = Field(default=None, primary_key=True, sa_type=Big)
    name: str
    language: str = "vi"
    phone: str = ""
    email: str = ""
    created_at: datetime = Field(sa_type=Instant)


class Account(Row, Logged, table=True):
    """One chat on one channel; several may belong to one person (F18)."""

    __table_args__ = (UniqueConstraint("channel", "external_id"),)
    unlogged: ClassVar[frozenset[str]] = frozenset({"language", "menu"})

    id: int | None = Field(default=None, primary_key=True, sa_type=Big)
    channel: str
    external_id: str
    person_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    state: AccountState = Field(default=AccountState.ACTIVE, sa_type=one_of(AccountState))
    language: str = "vi"
    menu: str | None = None  # the role whose commands the chat's menu shows; None: everybody's
    created_at: datetime = Field(sa_type=Instant)
    opened_by: int | None = Field(default=None, sa_type=Big)  # the inbox row that opened it
    trouble: Trouble | None = Field(default=None, sa_type=one_of(Trouble))
    trouble_at: datetime | None = Field(default=None, sa_type=Instant)
    called_at: datetime | None = Field(default=None, sa_type=Instant)  # an officer has rung about it

    def fails(self, trouble: Trouble, at: datetime) -> Entry:
        """The person behind it may not hear us: a task for the press office begins."""
        self.trouble, self.trouble_at, self.called_at = trouble, at, None
        return Entry("contact.failed", (self,), detail={"account": self.id, "trouble": trouble.value})

    def heard(self) -> Entry:
        """The person has written: the task is over by itself."""
        entry = Entry("contact.heard", (self,), detail={"account": self.id, "trouble": self.trouble.value if self.trouble else None})
        self.trouble, self.trouble_at, self.called_at = None, None, None
        return entry

    def called(self, at: datetime) -> Entry:
        """An officer has rung: what bounced may be tried again, the rest waits for the person to write."""
        self.called_at = at
        if self.trouble is Trouble.BOUNCED:
            self.trouble, self.trouble_at = None, None
        return Entry("contact.called", (self,), detail={"account": self.id})

    def link(self, person: Person) -> None:
        """From now on this account acts as `person`."""
        self.person_id = person.id
        self.language = person.language


class Reporter(Row, Logged, table=True):
    """A person's press side: outlet, credential, and whether an officer has verified it.

    Card or letter number, expiry and who checked are kept; never a photo of an identity card (LAW.md, press side).
    """

    person_id: int = Field(primary_key=True, foreign_key="person.id", sa_type=Big)
    outlet_id: str | None = Field(default=None, foreign_key="outlet.id")
    outlet_name: str
    credential: CredentialKind = Field(sa_type=one_of(CredentialKind))
    credential_number: str
    credential_expires: date
    asker: str = "press"  # press, press_head, foreign_press …: as `inquiry_kinds` of the packs name who asks
    standing: Standing = Field(default=Standing.UNVERIFIED, sa_type=one_of(Standing))
    checked_by: int | None = Field(default=None, foreign_key="person.id")
    checked_at: datetime | None = Field(default=None, sa_type=Instant)
    decline_reason: str | None = Field(default=None, foreign_key="item.digest")
    registered_at: datetime = Field(sa_type=Instant)

    @property
    def outlet(self) -> dict[str, str]:
        """Their outlet as an entry names it: only one that is on the list, as what was typed by hand may be anybody's name."""
        return {"outlet": self.outlet_id, "outlet_name": self.outlet_name} if self.outlet_id is not None else {}

    def is_verified(self, on: date) -> bool:
        """Verified by an officer, and the card or letter has not expired since."""
        return self.standing is Standing.VERIFIED and self.credential_expires >= on

    def verify(self, officer: Person, at: datetime, asker: str) -> Entry:
        """An officer vouches for the credential and says who asks; two officers at once: the second is told it is done."""
        self._undecided()
        self.standing, self.checked_by, self.checked_at, self.asker = Standing.VERIFIED, officer.id, at, asker
        return Entry("reporter.verified", (self,), detail={"reporter": self.person_id, "asker": asker})

    def decline(self, officer: Person, reason: str, at: datetime) -> Entry:
        """An officer cannot accept the credential and says why (`reason`: an item's digest); the reporter may register again."""
        self._undecided()
        self.standing, self.checked_by, self.checked_at, self.decline_reason = Standing.DECLINED, officer.id, at, reason
        return Entry("reporter.declined", (self,), detail={"reporter": self.person_id, "reason": reason})

    def _undecided(self) -> None:
        if self.standing is not Standing.UNVERIFIED:
            raise Refusal("officer.already_decided", standing=self.standing.value)


class Post(Row, Logged, table=True):
    """A person's place in a unit for a time."""

    id: int | None = Field(default=None, primary_key=True, sa_type=Big)
    person_id: int = Field(foreign_key="person.id", index=True)
    unit_id: str = Field(foreign_key="unit.id", index=True)
    kind: PostKind = Field(sa_type=one_of(PostKind))
    position: str = ""
    office_phone: str = ""  # public, unlike the person's own number
    office_email: str = ""
    page: str = ""  # the official page a page administrator keeps
    valid_from: datetime = Field(sa_type=Instant)
    valid_to: datetime | None = Field(default=None, sa_type=Instant)

    def succeeded(self, at: datetime, **changes: str) -> "Post":
        """The same place said differently from a moment on: this row ends there, and the one that follows is returned."""
        said: dict[str, Any] = {name: getattr(self, name) for name in ("position", "office_phone", "office_email", "page")}
        said.update(changes)
        self.valid_to = at
        return Post(person_id=self.person_id, unit_id=self.unit_id, kind=self.kind, valid_from=at, **said)


def _valid(at: datetime | BindParameter[datetime]) -> tuple[Any, Any]:
    return col(Post.valid_from) <= at, or_(col(Post.valid_to).is_(None), col(Post.valid_to) > at)


async def account(store: Store, channel: str, external_id: str) -> Account | None:
    """The account behind a chat of a channel."""
    return await store.scalar(select(Account).where(Account.channel == channel, Account.external_id == external_id))


async def accounts_of(store: Store, *person_ids: int) -> Sequence[Account]:
    """Every account of these people that can still be reached."""
    return (await store.scalars(_ACCOUNTS, {"people": person_ids})).all()


_ACCOUNTS = (
    select(Account)
    .where(col(Account.person_id).in_(bindparam("people", expanding=True)), Account.state == AccountState.ACTIVE)
    .order_by(col(Account.id))
)


async def posts_of(store: Store, person_id: int, at: datetime) -> Sequence[Post]:
    """The posts a person holds at a moment."""
    found = await store.scalars(select(Post).where(Post.person_id == person_id, *_valid(at)))
    return found.all()


async def posts_in(store: Store, unit_id: str, at: datetime) -> Sequence[Post]:
    """The posts of a unit at a moment."""
    return (await store.scalars(_POSTS_IN, {"unit": unit_id, "at": at})).all()


_POSTS_IN = select(Post).where(Post.unit_id == bindparam("unit"), *_valid(bindparam("at", type_=Instant))).order_by(col(Post.id))


async def posted(store: Store, at: datetime, *, unit_id: str | None = None, kind: PostKind | None = None) -> Sequence[Person]:
    """The people who hold a post at a moment, in a unit or of a kind."""
    query = select(Person).join(Post, col(Post.person_id) == col(Person.id)).where(*_valid(at))
    if unit_id is not None:
        query = query.where(Post.unit_id == unit_id)
    if kind is not None:
        query = query.where(Post.kind == kind)
    found = await store.scalars(query.order_by(col(Person.id)).distinct())
    return found.all()


async def awaiting_verification(store: Store) -> Sequence[tuple[Person, Reporter]]:
    """Reporters whose credential no officer has decided on, oldest first."""
    found = await store.execute(
        select(Person, Reporter)
        .join(Reporter, col(Reporter.person_id) == col(Person.id))
        .where(Reporter.standing == Standing.UNVERIFIED)
        .order_by(col(Reporter.registered_at))
    )
    return [(person, reporter) for person, reporter in found.all()]


async def named(store: Store, words: str, most: int) -> list[Person]:
    """People whose whole name stands in a text, whatever the diacritics; for an officer to recognise somebody."""
    found = (await store.scalars(select(Person).order_by(col(Person.id)))).all()
    wanted = f" {fold(words)} "
    return [p for p in found if f" {fold(p.name)} " in wanted][:most]


async def expected(store: Store, unit_id: str, name: str, at: datetime) -> Person | None:
    """The person of that name who holds a post in a unit but has no account yet: the directory came before the invitation."""
    for person in await posted(store, at, unit_id=unit_id):
        if fold(person.name) == fold(name) and not await accounts_of(store, person.id or 0):
            return person
    return None
