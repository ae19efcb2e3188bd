"""The table: role × words × step → handler. Read it from top to bottom; the first row that fits decides."""

import re

from handlers import (
    answer,
    case,
    console,
    deadline,
    delivery,
    desk,
    directory,
    erasure,
    extension,
    inquiry,
    officer,
    press_release,
    privacy,
    recovery,
    refusal,
    registration,
    start,
    subscription,
    transfer,
)
from handlers.contract import Context, Handler, InboundMessage, Kind
from handlers.table import Condition, Route, Table
from models import codes
from models.person import AccountState, Role

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


def _alarm(action: str) -> Condition:
    return lambda message, _context: message.detail.get("action") == action


def _command(name: str) -> Condition:
    return lambda message, _context: message.detail.get("command") == name


def _closed(_message: InboundMessage, context: Context) -> bool:
    return context.account is not None and context.account.state is AccountState.CLOSED


def _stale(message: InboundMessage, _context: Context) -> bool:
    return message.choice == "stale"


def _bare_number(message: InboundMessage, context: Context) -> bool:
    inside = context.conversation is not None and context.conversation.flow is not None
    return not inside and message.text.isdigit() and len(message.text) <= 2 and not message.files


def _slash_word(message: InboundMessage, _context: Context) -> bool:
    return not message.files and re.fullmatch(r"/[^\W\d_]{2,20}(\s.{0,40})?", message.text) is not None


def _code_alone(message: InboundMessage, _context: Context) -> bool:
    alone = message.reply_to is None and not message.files and not codes.without(message.text)
    return alone and bool(codes.find(message.text, codes.INQUIRY))


def _in_draft(_message: InboundMessage, context: Context) -> bool:
    return context.conversation is not None and context.conversation.flow == "ask"


ROWS = (
    # The machine's own producers.
    machine(Kind.ALARM, answer.release, _alarm("answer.release")),
    machine(Kind.ALARM, deadline.overdue, _alarm("deadline.overdue")),
    machine(Kind.ALARM, officer.morning, _alarm(officer.MORNING_ALARM)),
    machine(Kind.DELIVERY, delivery.report),
    machine(Kind.COMMAND, console.invite, _command("invite")),
    machine(Kind.COMMAND, console.import_directory, _command("directory.import")),
    machine(Kind.COMMAND, console.head, _command("head")),
    machine(Kind.COMMAND, console.log_exported, _command("log.exported")),
    # A revoked account learns only how to come back.
    Route(start.closed, EVERYBODY, ANY, when=_closed),
    # Coming in, and what holds everywhere.
    Route(start.welcome, EVERYBODY, frozenset({Kind.START})),
    words("start bắtđầu chào hello", EVERYBODY, start.welcome),
    words("hủy huỷ cancel thoát", EVERYBODY, start.cancel, anywhere=True),
    words("trợgiúp help giúpđỡ", EVERYBODY, start.help_),
    words("ngônngữ language", EVERYBODY, start.language),
    Route(start.stale, EVERYBODY, frozenset({Kind.CHOICE}), when=_stale),
    tap("start.help", EVERYBODY, start.help_),
    tap("start.language", EVERYBODY, start.language),
    tap("start.code", EVERYBODY, start.ask_code),
    tap("register.begin", EVERYBODY, registration.begin),
    tap("return.begin", NEWCOMER, recovery.begin),
    tap("return.allow", OFFICER, recovery.allow),
    # Commands.
    words("đăngký register", EVERYBODY, registration.begin),
    words("danhbạ directory", EVERYBODY, directory.begin),
    words("hỏi ask", REPORTER, inquiry.begin),
    words("theodõi status", REPORTER, case.list_),
    words("nhậntin subscribe", REPORTER, subscription.begin),
    words("dừng stop", REPORTER, subscription.leave),
    words("dữliệu mydata", KNOWN, privacy.show),
    words("hộpthư inbox", STAFF, desk.list_),
    words("xácminh verify", OFFICER, officer.verify),
    words("chờxửlý desk", OFFICER, officer.desk),
    words("bảng board", OFFICER, officer.board),
    words("thôngcáo release", OFFICER, press_release.begin),
    words("nhậtký log", STAFF, officer.history),
    words("xóa xoá erase", OFFICER, erasure.begin),
    Route(start.unknown_command, EVERYBODY, TEXT, when=_slash_word),
    # Choices of a reporter.
    tap("ask.begin", REPORTER, inquiry.begin),
    tap("case.list", REPORTER, case.list_),
    tap("case.show", REPORTER, case.show),
    tap("case.add", REPORTER, case.add),
    tap("case.withdraw", REPORTER, case.withdraw),
    tap("case.rate", REPORTER, case.rate),
    tap("subscription.begin", REPORTER, subscription.begin),
    tap("subscription.change", REPORTER, subscription.change),
    tap("subscription.leave", REPORTER, subscription.leave),
    tap("directory.begin", EVERYBODY, directory.begin),
    tap("privacy.forget", KNOWN, privacy.forget),
    # Choices of a unit.
    tap("desk.list", STAFF, desk.list_),
    tap("desk.show", STAFF, desk.show),
    tap("desk.acknowledge", STAFF, desk.acknowledge),
    tap("desk.more", STAFF, desk.more),
    tap("desk.history", STAFF, desk.history),
    tap("note.begin", STAFF, desk.note),
    tap("answer.begin", STAFF, answer.begin),
    tap("answer.anyway", STAFF, answer.anyway),
    tap("answer.adopt", STAFF, answer.adopt),
    tap("answer.undo", STAFF, answer.undo),
    tap("clarify.begin", STAFF, desk.ask_back),
    tap("transfer.begin", STAFF, transfer.begin),
    tap("refuse.begin", STAFF, refusal.begin),
    tap("extend.begin", STAFF, extension.begin),
    # Choices of the press office.
    tap("officer.verify", OFFICER, officer.verify),
    tap("officer.accept", OFFICER, officer.accept),
    tap("officer.decline", OFFICER, officer.decline),
    tap("officer.desk", OFFICER, officer.desk),
    tap("officer.release", OFFICER, officer.release),
    tap("officer.assign", OFFICER, officer.assign),
    tap("officer.board", OFFICER, officer.board),
    tap("release.begin", OFFICER, press_release.begin),
    tap("release.progress", OFFICER, press_release.progress),
    tap("release.stop", OFFICER, press_release.stop),
    tap("erase.approve", OFFICER, erasure.approve),
    # An edited message outside a draft makes a new version of what it became.
    Route(inquiry.step, REPORTER, frozenset({Kind.EDIT}), when=_in_draft),
    at("answer.confirm", STAFF, answer.step, frozenset({Kind.EDIT})),
    Route(case.edited, REPORTER, frozenset({Kind.EDIT})),
    Route(start.edit_not_possible, EVERYBODY, frozenset({Kind.EDIT})),
    # What cannot be used never moves a conversation.
    at("register", NOT_STAFF, registration.advance),
    at("release", OFFICER, press_release.advance),
    Route(start.other, EVERYBODY, frozenset({Kind.OTHER})),
    # Steps of flows.
    at("start.code", EVERYBODY, start.code, TEXT),
    at("return.who", NEWCOMER, recovery.who),
    at("directory.name", EVERYBODY, directory.find),
    at("ask", REPORTER, inquiry.step),
    at("case.add", REPORTER, case.added),
    at("case.withdraw", REPORTER, case.withdrawn),
    at("case.rate", REPORTER, case.rated),
    at("subscription.consent", REPORTER, subscription.consent),
    at("subscription.topics", REPORTER, subscription.topics),
    at("subscription.areas", REPORTER, subscription.areas),
    at("answer", STAFF, answer.step),
    at("note.text", STAFF, desk.noted),
    at("clarify.text", STAFF, desk.asked_back),
    at("transfer.unit", STAFF, transfer.unit),
    at("transfer.reason", STAFF, transfer.reason),
    at("refuse.ground", STAFF, refusal.ground),
    at("refuse.reason", STAFF, refusal.reason),
    at("refuse.confirm", STAFF, refusal.confirmed),
    at("extend.days", STAFF, extension.days),
    at("extend.reason", STAFF, extension.reason),
    at("officer.decline", OFFICER, officer.declined),
    at("officer.assign", OFFICER, officer.assigned),
    at("officer.reassign", OFFICER, officer.reassigned),
    at("erase.which", OFFICER, erasure.which),
    at("erase.why", OFFICER, erasure.why),
    # Free words outside every flow.
    Route(start.code, EVERYBODY, TEXT, when=start.looks_like_code),
    Route(start.number_alone, EVERYBODY, TEXT, when=_bare_number),
    Route(desk.show, STAFF, TEXT, when=_code_alone),
    Route(answer.replied, STAFF, TEXT, when=case.about_a_case),
    Route(case.said_about, REPORTER, TEXT, when=case.about_a_case),
    Route(inquiry.ask, REPORTER, TEXT),
    Route(desk.which_case, STAFF, TEXT),
    Route(start.unknown, EVERYBODY, TEXT),
)

TABLE = Table(ROWS, denied=start.denied, unknown=start.unknown)
