"""What every channel is to the machine: what it can do, how it reads and sends, how it fails.

Failures carry their own policy, so that the sender needs no ladder of cases::

    SendError
    ├── Retry        not accepted for certain: try again, no sooner than `after`
    ├── Uncertain    may have been accepted: answers are sent again marked so, releases ask an officer
    ├── Moved        the chat has a new address: the account follows, then again
    ├── Unreachable  this chat cannot be reached: comes back as a `delivery` message
    └── Rejected     our message is wrong: given up, an officer sees it
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, runtime_checkable

from bot.pacer import Pacer
from handlers.contract import Kind
from models.evidence.item import Attachment
from models.messages.message import Queued
from models.store import Store
from models.text import units

BROUGHT = "brought-"  # external ids of messages whose files came by a link, not through the channel


class SendError(Exception):
    """A message was not delivered; subclasses say what follows."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem  # for officers and logs: never a token, a URL or message text


class Retry(SendError):  # noqa: N818 - the policy is the name
    """Certainly not accepted; worth another try."""

    def __init__(self, problem: str, after: float | None = None) -> None:
        super().__init__(problem)
        self.after = after  # seconds the channel asked us to wait, if it did


class Uncertain(SendError):  # noqa: N818 - the policy is the name
    """The connection failed after the request was written: it may have been accepted."""


class Moved(SendError):  # noqa: N818 - the policy is the name
    """Not accepted: this chat lives at another address now."""

    def __init__(self, to: str) -> None:
        super().__init__("the chat has moved")
        self.to = to


class Unreachable(SendError):  # noqa: N818 - the policy is the name
    """The person blocked the bot, left, or never wrote first."""


class Rejected(SendError):  # noqa: N818 - the policy is the name
    """The channel understood and said no to this very message."""


@dataclass(frozen=True)
class Capabilities:
    """What a channel can carry, as data; renderers and splitters read it."""

    text_limit: int  # UTF-16 code units of one message
    buttons: bool  # else: a numbered list
    bundles_files: bool  # one message carries text and files together
    upload_limit: int  # bytes of one file we may send
    edits: bool = False


@dataclass(frozen=True)
class RemoteFile:
    """A file that still lies with the channel."""

    reference: str
    name: str | None = None
    size: int | None = None


@dataclass(frozen=True)
class Reading:
    """A stored payload, normalised at the edge; the raw form stays in the inbox."""

    kind: Kind
    text: str = ""
    choice: str | None = None
    files: Sequence[str] = ()  # ids of attachments already stored
    remote: Sequence[RemoteFile] = ()
    reply_to: str | None = None
    edits: str | None = None
    group: str | None = None
    language: str | None = None
    detail: Mapping[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True)
class Arrival:
    """What a producer puts into the inbox, untouched."""

    channel: str
    external_id: str
    chat: str
    payload: str
    message_key: str | None = None
    fetching: bool = False


@dataclass(frozen=True)
class Parcel:
    """One outbound message ready to go."""

    row: Queued
    chat: str
    text: str
    choices: Sequence[Mapping[str, str]]
    files: Sequence[Attachment]
    resent: bool = False
    uploaded: Mapping[str, str] = field(default_factory=dict[str, str])  # attachment id → what the channel knows it by


@dataclass(frozen=True)
class Receipt:
    """A message the channel has accepted: its key in its chat, and how files uploaded with it can be named from now on."""

    key: str
    uploaded: Mapping[str, str] = field(default_factory=dict[str, str])


Put = Callable[[Sequence[Arrival]], Awaitable[object]]
Loop = Callable[[], Awaitable[None]]
Menu = Mapping[str, Sequence[tuple[str, str]]]  # language → commands with what they do


class Channel(Protocol):
    """One outside world."""

    @property
    def name(self) -> str:
        """Its name in every row."""
        ...

    @property
    def capabilities(self) -> Capabilities:
        """What it can carry."""
        ...

    def read(self, payload: str) -> Reading:
        """What a stored payload says. Never raises: what cannot be read is `Kind.OTHER`."""
        ...


@runtime_checkable
class RemoteChannel(Channel, Protocol):
    """A world behind a network: sending may fail."""

    @property
    def pacer(self) -> Pacer:
        """How fast it may be written to."""
        ...

    async def send(self, parcel: Parcel) -> Receipt:
        """Deliver. Raises `SendError`."""
        ...

    def fetch(self, file: RemoteFile) -> AsyncIterator[bytes]:
        """Download a file the channel holds, piece by piece. Raises `SendError`."""
        ...


@runtime_checkable
class Receiver(Protocol):
    """A channel with connections of its own to open and close, and loops that bring messages in."""

    async def open(self) -> None:
        """Get ready to call; nothing is called yet."""
        ...

    def receivers(self, put: Put) -> Mapping[str, Loop]:
        """The loops that bring messages in, by name; `put` returns once the arrivals are committed."""
        ...

    def startup(self, menu: Menu) -> Mapping[str, Loop]:
        """The loops that tell the other side once what it must know."""
        ...

    async def close(self) -> None:
        """Close every connection and wait until they are closed."""
        ...


@runtime_checkable
class MenuChannel(Protocol):
    """A channel that can show one chat a menu of its own."""

    async def show_menu(self, chat: str, menu: Menu | None) -> None:
        """Show these commands in a chat; None: everybody's again. Raises `SendError`."""
        ...


@runtime_checkable
class LocalChannel(Channel, Protocol):
    """A world inside our own database: delivery commits with the outbox row and cannot be uncertain."""

    async def post(self, store: Store, parcels: Sequence[Parcel]) -> list[str]:
        """Deliver within the transaction that settles the rows; returns their message keys."""
        ...

    def posted(self, chats: Sequence[str]) -> None:
        """After the commit: wake whoever is reading these chats."""
        ...


def numbered(text: str, choices: Sequence[Mapping[str, str]]) -> str:
    """A screen for a channel without buttons: the choices as a numbered list below the text."""
    lines = [f"{number}. {choice['label']}" for number, choice in enumerate(choices, 1)]
    return "\n".join([text, "", *lines]) if lines else text


def split(text: str, limit: int) -> list[str]:
    """A text in parts no longer than `limit` UTF-16 units, cut at paragraphs, else lines, else words, else characters."""
    parts: list[str] = []
    rest = text
    while units(rest) > limit:
        window = _prefix(rest, limit)
        cut = max(_after(window, "\n\n"), _after(window, "\n"), _after(window, " ") if "\n" not in window else 0) or len(window)
        parts.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return [*parts, rest] if rest or not parts else parts


def _prefix(text: str, limit: int) -> str:
    """The longest beginning within `limit` UTF-16 units that does not end inside a character or its combining marks."""
    window = text[:limit]
    while units(window) > limit:
        window = window[: len(window) - max(1, (units(window) - limit) // 2)]
    return window


def _after(window: str, mark: str) -> int:
    place = window.rfind(mark)
    return place + len(mark) if place > 0 else 0


BEHIND = "m:"


def token(action: str, row_id: int | None, index: int, limit: int) -> str:
    """An action as a channel carries it behind a button; one too long for it is named by its message's row and its place there."""
    return action if len(action.encode()) <= limit and not action.startswith(BEHIND) else f"{BEHIND}{row_id}:{index}"


def named_by(choice: str) -> tuple[int, int] | None:
    """The row and the place a `token` names, if it is one."""
    row, _, index = choice.removeprefix(BEHIND).partition(":")
    known = choice.startswith(BEHIND) and row.isascii() and row.isdecimal() and index.isascii() and index.isdecimal()
    return (int(row), int(index)) if known and len(choice) <= 24 else None
