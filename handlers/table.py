"""How a message finds its handler: the first row of a table whose conditions it meets, read from top to bottom."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from handlers.contract import LOOKUPS, Context, Handler, InboundMessage, Kind
from models.people.person import Role
from models.text import fold

LONGEST_WORDS = 24  # characters: a longer text is never a command typed without its slash

Condition = Callable[[InboundMessage, Context], bool]


@dataclass(frozen=True)
class Route:
    """One row. Conditions left out always hold; `roles` empty admits the machine's own messages only."""

    handler: Handler
    roles: frozenset[Role]
    kinds: frozenset[Kind] = frozenset({Kind.TEXT})
    command: tuple[str, ...] = ()  # words as spelled, without spaces: `/theodoi` is one, and so is `theo dõi` outside every flow
    anywhere: bool = False  # a command's bare words count inside a flow too
    action: str | None = None  # a choice's name, before the colon
    place: str | None = None  # a step such as `register.name`, or a flow with all its steps: `register`
    when: Condition | None = None

    def fits(self, message: InboundMessage, context: Context) -> bool:
        """Everything but the roles."""
        if message.kind not in self.kinds:
            return False
        if self.action is not None and (message.choice or "").partition(":")[0] != self.action:
            return False
        if self.command and not self._commanded(message.text, context):
            return False
        if self.place is not None and not _at(self.place, context):
            return False
        return self.when is None or self.when(message, context)

    def _commanded(self, text: str, context: Context) -> bool:
        """A slash command always; bare words only as they are spelled, and not as an answer within a flow: “đúng” is not “dừng”."""
        folded = self._folded
        if text.startswith("/"):
            return command_of(text) in folded
        flow = context.conversation.flow if context.conversation is not None else None
        if len(text) > LONGEST_WORDS or (not self.anywhere and flow is not None and flow not in LOOKUPS):
            return False
        bare = "".join(text.casefold().split()).strip(".!?")
        return bare in self.command or (bare.isascii() and bare in folded)

    @cached_property
    def _folded(self) -> frozenset[str]:
        return frozenset(fold(word) for word in self.command)

    @property
    def asked_for(self) -> bool:
        """Whether it takes a deliberate command or tap to come here."""
        return bool(self.command or self.action)


@dataclass(frozen=True)
class Table:
    """The rows, who answers when a row exists but not for this role, and who answers when none exists."""

    rows: Sequence[Route]
    denied: Handler
    unknown: Handler

    @cached_property
    def _few(self) -> dict[tuple[str | None, ...], list[Route]]:
        return {}

    def _worth_asking(self, message: InboundMessage, context: Context) -> Sequence[Route]:
        """The rows that can fit at all, without those for other kinds, taps, commands and flows: a few of a long table."""
        kind, flow = message.kind, context.conversation.flow if context.conversation is not None else None
        action = (message.choice or "").partition(":")[0] if kind is Kind.CHOICE else None
        words = "words" if len(message.text) > LONGEST_WORDS and not message.text.startswith("/") else None
        known = (kind, flow, action if action in self._actions else None, words)
        if known not in self._few:
            self._few[known] = [row for row in self.rows if kind in row.kinds and _may(row, flow, known[2], wordy=words is not None)]
        return self._few[known]

    @cached_property
    def _actions(self) -> frozenset[str | None]:
        return frozenset(row.action for row in self.rows)

    def find(self, message: InboundMessage, context: Context) -> tuple[Handler, Role | None]:
        """The handler, and the role by which the person was admitted."""
        roles, denied, explicit = context.roles, False, False
        for row in self._worth_asking(message, context):
            if (explicit and not row.asked_for) or not row.fits(message, context):
                continue
            if not row.roles:
                return row.handler, None
            admitted = sorted(roles & row.roles, key=list(Role).index, reverse=True)
            if admitted:
                return row.handler, admitted[0]
            denied = True
            # A command or a tap that is not for this role is no answer to the present question, and no question of its own.
            explicit = explicit or row.action is not None or (bool(row.command) and message.text.startswith("/"))
        fallback = max(roles, key=list(Role).index) if context.account is not None else None
        return (self.denied if denied else self.unknown), fallback


def _may(row: Route, flow: str | None, action: str | None, *, wordy: bool) -> bool:
    """Whether a row can fit a message in this flow, with this action, and with more words than any command has."""
    here = row.place is None or row.place.partition(".")[0] == flow
    return here and (row.action is None or row.action == action) and not (row.command and wordy)


def command_of(text: str) -> str:
    """The slash command a text begins with: `/TheoDoi@bot …` reads `theodoi`; empty when it is none."""
    words = text.split(maxsplit=1)
    return fold(words[0][1:].partition("@")[0]).replace(" ", "") if words and words[0].startswith("/") else ""


def argument_of(text: str) -> str:
    """What follows a slash command."""
    return text.partition(" ")[2].strip() if text.startswith("/") else ""


def _at(place: str, context: Context) -> bool:
    here = context.conversation.place if context.conversation else None
    return here is not None and (here == place or here.startswith(f"{place}."))
