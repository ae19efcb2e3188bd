"""What goes into a handler and what comes out: `Context` in, `Outcome` out.

A handler reads the message, asks the store, changes rows through their own methods, and returns what happened: the entries
that explain every change, the screens to show, and where the conversation goes. It never sends, commits, or reads a clock.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol
from zoneinfo import ZoneInfo

from models.errors import Refusal
from models.evidence.exchange import Entry
from models.evidence.item import LONGEST, MOST, Attachment, Excerpt, Item, ItemKind, keep
from models.messages.conversation import Conversation
from models.messages.message import Priority
from models.people.person import Account, Person, Post, PostKind, Reporter, Role
from models.store import Store
from models.text import units as utf16_length

if TYPE_CHECKING:  # rules and routing: nobody who only stores a message waits for them
    from models.office import Office


class Kind(StrEnum):
    """What kind of thing came in."""

    TEXT = "text"  # words, files, or both
    CHOICE = "choice"  # a tap on a choice
    EDIT = "edit"  # a message said differently
    START = "start"  # a way in was opened, with or without a code
    OTHER = "other"  # a sticker, a poll, whatever we cannot use
    DELIVERY = "delivery"  # a channel could not deliver
    ALARM = "alarm"  # the clock
    COMMAND = "command"  # the console


@dataclass(frozen=True)
class InboundMessage:
    """One message as handlers see it, whatever channel it came by."""

    id: int  # the inbox row: the cause of everything that follows
    channel: str
    kind: Kind
    received_at: datetime
    text: str = ""
    choice: str | None = None  # an action, e.g. `inquiry.acknowledge:YC-…`; `=value` chooses in the present step
    files: tuple[Attachment, ...] = ()
    key: str | None = None  # identity within its chat
    reply_to: str | None = None  # key of the message it answers
    edits: str | None = None  # key of the message it replaces
    group: str | None = None  # album
    detail: Mapping[str, Any] = field(default_factory=dict[str, Any])

    @property
    def argument(self) -> str:
        """What a choice is about: the part of its action after the colon."""
        return (self.choice or "").partition(":")[2]


@dataclass(frozen=True)
class Choice:
    """One of up to five things to do next: a text key for its label, and the action a tap sends.

    An action `name:argument` works as long as it makes sense, also from an old message; `=value` belongs to the present
    step and is refused once the conversation has moved on.
    """

    label: str
    action: str
    values: Mapping[str, Any] = field(default_factory=dict[str, Any])

    @classmethod
    def of(cls, label: str, action: str, **values: Any) -> "Choice":
        """A choice with values for its label."""
        return cls(label, action, values)


@dataclass(frozen=True)
class Screen:
    """What one message to somebody says: a text key with values, choices, files."""

    key: str
    values: Mapping[str, Any] = field(default_factory=dict[str, Any])
    choices: tuple[Choice, ...] = ()
    files: tuple[str, ...] = ()

    @classmethod
    def of(cls, key: str, *choices: Choice, files: Iterable[Attachment | str] = (), **values: Any) -> "Screen":
        """A screen with choices, files and values."""
        return cls(key, values, choices, tuple(f if isinstance(f, str) else f.id for f in files))

    def quotes(self) -> list[str]:
        """Digests of the items whose words this screen repeats, so that erasing one reaches the copy."""
        values = [*self.values.values(), *(value for choice in self.choices for value in choice.values.values())]
        return [value.digest for value in values if isinstance(value, Item | Excerpt)]


@dataclass(frozen=True)
class Outgoing:
    """A screen for one account."""

    account: Account
    screen: Screen
    case: str | None = None
    priority: Priority = Priority.REPLY
    official: bool = False


@dataclass(frozen=True)
class Place:
    """Where the conversation goes next; `flow=None` leaves every flow."""

    flow: str | None = None
    step: str | None = None
    answers: Mapping[str, Any] = field(default_factory=dict[str, Any])


LEAVE = Place()
LOOKUPS = frozenset({"directory"})  # flows that only look something up: whatever else is done ends them


@dataclass(frozen=True)
class Outcome:
    """What a handler decided. `case` says which case the message itself belongs to."""

    entries: Sequence[Entry] = ()
    screens: Sequence[Outgoing] = ()
    place: Place | None = None
    case: str | None = None
    shred: Sequence[str] = ()  # files whose bytes go once this is committed

    def __add__(self, other: "Outcome") -> "Outcome":
        """Both things happened, in this order."""
        return Outcome(
            [*self.entries, *other.entries],
            [*self.screens, *other.screens],
            other.place or self.place,
            other.case or self.case,
            [*self.shred, *other.shred],
        )


class Ids(Protocol):
    """Where chance comes from: the machine's, or a test's."""

    def chance(self) -> int:
        """At least 64 random bits."""
        ...

    def salt(self) -> str:
        """32 random bytes, in hex."""
        ...

    def name(self) -> str:
        """128 random bits, in hex: a name nobody can guess."""
        ...


@dataclass
class Context:
    """Who is speaking, where the conversation stands, and what the office knows."""

    store: Store
    now: datetime
    office: "Office"
    ids: Ids
    message: InboundMessage
    account: Account | None
    conversation: Conversation | None
    person: Person | None = None
    reporter: Reporter | None = None
    posts: Sequence[Post] = ()

    @property
    def zone(self) -> ZoneInfo:
        """The office's time zone, whatever the server says."""
        return self.office.texts.zone

    @property
    def roles(self) -> frozenset[Role]:
        """What the person may do here; somebody unknown is a visitor."""
        roles: set[Role] = set()
        if self.reporter is not None:
            roles.add(Role.REPORTER)
        for post in self.working:
            roles.add(Role.OFFICER if post.kind is PostKind.OFFICER else Role.MEMBER)
        return frozenset(roles or {Role.VISITOR})

    @property
    def me(self) -> Person:
        """The person, where a route has made sure there is one."""
        assert self.person is not None  # noqa: S101 - routes admit only roles that imply a person
        return self.person

    @property
    def my_id(self) -> int:
        """The person's id."""
        assert self.me.id is not None  # noqa: S101 - read from the store
        return self.me.id

    @property
    def here(self) -> Account:
        """The account that wrote, where something wrote at all (the clock has none)."""
        assert self.account is not None  # noqa: S101 - messages of people come from accounts
        return self.account

    @property
    def units(self) -> list[str]:
        """The units the person holds a post in, the press desk among them for an officer."""
        return [post.unit_id for post in self.working]

    @property
    def working(self) -> list[Post]:
        """The posts that work on cases; who only keeps a page is on the register and no more."""
        return [post for post in self.posts if post.kind is not PostKind.PAGE_ADMIN]

    def reply(self, key: str, *choices: Choice, case: str | None = None, files: Iterable[Attachment | str] = (), **values: Any) -> Outgoing:
        """A screen for whoever wrote."""
        return Outgoing(self.here, Screen.of(key, *choices, files=files, **values), case)

    def show(self, screen: Screen, case: str | None = None) -> Outgoing:
        """A ready screen for whoever wrote."""
        return Outgoing(self.here, screen, case)

    def tell(self, accounts: Iterable[Account], screen: Screen, case: str | None = None, *, official: bool = False) -> list[Outgoing]:
        """The same screen to several accounts."""
        return [Outgoing(account, screen, case, official=official) for account in accounts]

    def item(self, kind: ItemKind, text: str, case: str | None = None, replaces: str | None = None) -> Item:
        """Keep a text under its salted digest; it came with the present message, by the present person.

        Raises:
            Refusal: it is longer than anybody reads in a chat; what was typed stays where it was typed.
        """
        most = MOST.get(kind, LONGEST)
        if utf16_length(text) > most:
            raise Refusal("form.too_long_for_chat", most=most)
        links = {"case_code": case, "replaces": replaces, "inbox_id": self.message.id, "person_id": self.person.id if self.person else None}
        return keep(self.store, Item.of(kind, text, self.ids.salt(), self.now, **links))

    def later(self, delay: timedelta) -> datetime:
        """A moment after now."""
        return self.now + delay


Handler = Callable[[InboundMessage, Context], Awaitable[Outcome]]


def urgent(outgoing: Outgoing) -> Outgoing:
    """The same message, ahead of bulk."""
    return replace(outgoing, priority=Priority.URGENT)
