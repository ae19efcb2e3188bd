"""How a row of the table is written: who, which words or choice, at which step, under which condition."""

import re

from handlers.contract import Context, Handler, InboundMessage, Kind
from handlers.table import Condition, Route
from models import codes
from models.people.person import AccountState, Role

EVERYBODY = frozenset(Role)
REPORTER = frozenset({Role.REPORTER})
STAFF = frozenset({Role.MEMBER, Role.OFFICER})
OFFICER = frozenset({Role.OFFICER})
KNOWN = frozenset({Role.REPORTER, Role.MEMBER, Role.OFFICER})
NOT_STAFF = frozenset({Role.VISITOR, Role.REPORTER})
NEWCOMER = frozenset({Role.VISITOR})

ANY = frozenset({Kind.TEXT, Kind.CHOICE, Kind.EDIT, Kind.OTHER, Kind.START})
SAID = frozenset({Kind.TEXT, Kind.CHOICE, Kind.EDIT, Kind.OTHER})
TEXT = frozenset({Kind.TEXT})


def machine(kind: Kind, handler: Handler, when: Condition | None = None) -> Route:
    """A message of the machine's own."""
    return Route(handler, frozenset(), frozenset({kind}), when=when)


def tap(action: str, roles: frozenset[Role], handler: Handler) -> Route:
    """A choice that may be tapped at any time, also on an old message."""
    return Route(handler, roles, frozenset({Kind.CHOICE}), action=action)


def words(command: str, roles: frozenset[Role], handler: Handler, *, anywhere: bool = False) -> Route:
    """A slash command at any step, or words that mean the same, spelled without their spaces."""
    return Route(handler, roles, TEXT, command=tuple(command.split()), anywhere=anywhere)


def at(place: str, roles: frozenset[Role], handler: Handler, kinds: frozenset[Kind] = SAID) -> Route:
    """Whatever is said at a step of a flow."""
    return Route(handler, roles, kinds, place=place)


def alarm(action: str) -> Condition:
    """The clock rang for this."""
    return lambda message, _context: message.detail.get("action") == action


def command(name: str) -> Condition:
    """The console asks for this."""
    return lambda message, _context: message.detail.get("command") == name


def detail(name: str) -> Condition:
    """The channel noticed this about the message."""
    return lambda message, _context: name in message.detail


def is_closed(_message: InboundMessage, context: Context) -> bool:
    """The account was revoked."""
    return context.account is not None and context.account.state is AccountState.CLOSED


def is_stale(message: InboundMessage, _context: Context) -> bool:
    """The choice belongs to a menu of an earlier turn."""
    return message.choice == "stale"


def is_bare_number(message: InboundMessage, context: Context) -> bool:
    """A number alone, where no menu counts it."""
    inside = context.conversation is not None and context.conversation.flow is not None
    return not inside and message.text.isdigit() and len(message.text) <= 2 and not message.files


def is_slash_word(message: InboundMessage, _context: Context) -> bool:
    """It looks like a command."""
    return not message.files and re.fullmatch(r"/[^\W\d_]{2,20}(\s.{0,40})?", message.text) is not None


def is_code_alone(message: InboundMessage, _context: Context) -> bool:
    """The code of a case and not a word more."""
    alone = message.reply_to is None and not message.files and not codes.without(message.text)
    return alone and bool(codes.find(message.text, codes.INQUIRY))


def is_in_draft(_message: InboundMessage, context: Context) -> bool:
    """A question is being written."""
    return context.conversation is not None and context.conversation.flow == "ask"
