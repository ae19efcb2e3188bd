"""How a message finds its handler: the first row of a table whose conditions it meets, read from top to bottom."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from handlers.contract import Context, Handler, InboundMessage, Kind
from models.person import Role
from models.text import fold

Condition = Callable[[InboundMessage, Context], bool]


@dataclass(frozen=True)
class Route:
    """One row. Conditions left out always hold; `roles` empty admits the machine's own messages only."""

    handler: Handler
    roles: frozenset[Role]
    kinds: frozenset[Kind] = frozenset({Kind.TEXT})
    command: tuple[str, ...] = ()  # "/theodoi" and words that mean the same, folded
    action: str | None = None  # a choice's name, before the colon
    place: str | None = None  # a step such as `register.name`, or a flow with all its steps: `register`
    when: Condition | None = None

    def fits(self, message: InboundMessage, context: Context) -> bool:
        """Everything but the roles."""
        if message.kind not in self.kinds:
            return False
        if self.action is not None and (message.choice or "").partition(":")[0] != self.action:
            return False
        if self.command and command_of(message.text) not in self.command:
            return False
        if self.place is not None and not _at(self.place, context):
            return False
        return self.when is None or self.when(message, context)


@dataclass(frozen=True)
class Table:
    """The rows, who answers when a row exists but not for this role, and who answers when none exists."""

    rows: Sequence[Route]
    denied: Handler
    unknown: Handler

    def find(self, message: InboundMessage, context: Context) -> tuple[Handler, Role | None]:
        """The handler, and the role by which the person was admitted."""
        roles, denied = context.roles, False
        for row in self.rows:
            if not row.fits(message, context):
                continue
            if not row.roles:
                return row.handler, None
            admitted = sorted(roles & row.roles, key=list(Role).index, reverse=True)
            if admitted:
                return row.handler, admitted[0]
            denied = True
        fallback = max(roles, key=list(Role).index) if context.account is not None else None
        return (self.denied if denied else self.unknown), fallback


def command_of(text: str) -> str:
    """The command a text is: `/TheoDoi@bot` and `theo dõi` both read `theodoi`; empty when it is a longer text."""
    words = text.split(maxsplit=1)
    if not words:
        return ""
    if words[0].startswith("/"):
        return fold(words[0][1:].partition("@")[0]).replace(" ", "")
    return fold(text).replace(" ", "") if len(text) <= 24 else ""


def argument_of(text: str) -> str:
    """What follows a slash command."""
    return text.partition(" ")[2].strip() if text.startswith("/") else ""


def _at(place: str, context: Context) -> bool:
    here = context.conversation.place if context.conversation else None
    return here is not None and (here == place or here.startswith(f"{place}."))
