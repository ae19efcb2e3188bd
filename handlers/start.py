"""Coming in and finding one's way: greeting, invitation, help, leaving a flow, and kind words for what fits nowhere."""

from handlers.clocks import publishing
from handlers.contract import LEAVE, Choice, Context, InboundMessage, Outcome, Place, Screen
from handlers.table import argument_of
from models.errors import Refusal
from models.people import invitation
from models.people.invitation import Invitation, Welcome
from models.people.mandate import Mandate, MandateKind, mandates
from models.people.person import Account, AccountState, Person, Post, PostKind, Role, accounts_of, expected, posts_of

WAYS = {
    Role.VISITOR: ("register.begin", "start.code", "return.begin", "directory.begin"),
    Role.REPORTER: ("ask.begin", "case.list", "directory.begin", "subscription.begin", "start.help"),
    Role.MEMBER: ("desk.list", "directory.begin", "start.help"),
    Role.OFFICER: ("officer.desk", "officer.verify", "release.begin", "officer.board", "start.help"),
}
ROLE_OF = {Welcome.REPORTER: Role.REPORTER, Welcome.MEMBER: Role.MEMBER, Welcome.OFFICER: Role.OFFICER, Welcome.RETURN: Role.REPORTER}


async def welcome(message: InboundMessage, context: Context) -> Outcome:
    """Somebody opens the chat: with a code they come in, without one they learn what they can do here."""
    code = str(message.detail.get("code") or argument_of(message.text))
    if code:
        return await _redeem(code, context)
    return Outcome(screens=[context.show(greeting(context))])


async def code(message: InboundMessage, context: Context) -> Outcome:
    """A code typed by hand."""
    return await _redeem(message.text, context)


async def ask_code(_message: InboundMessage, context: Context) -> Outcome:
    """How a code looks, for whoever says they have one."""
    return Outcome(screens=[context.reply("start.type_code")], place=Place("start", "code"))


def looks_like_code(message: InboundMessage, _context: Context) -> bool:
    """A bare message that is meant as an invitation code."""
    return invitation.is_code(message.text)


def greeting(context: Context) -> Screen:
    """The first screen of each role: what it is for, and what to do next."""
    role = max(context.roles, key=list(Role).index)
    if role is not Role.VISITOR:
        return Screen.of(f"start.{role.value}", *ways(role), name=context.me.name)
    other = "en" if context.here.language == "vi" else "vi"
    return Screen.of("start.visitor", *ways(role), Choice(f"choice.language_{other}", f"start.language:{other}"))


def ways(role: Role) -> list[Choice]:
    """What a role does first."""
    return [Choice(f"choice.{action.replace('.', '_')}", action) for action in WAYS[role]]


async def help_(_message: InboundMessage, context: Context) -> Outcome:
    """The commands of one's own role."""
    role = max(context.roles, key=list(Role).index)
    return Outcome(screens=[context.reply(f"start.help_{role.value}")])


async def language(message: InboundMessage, context: Context) -> Outcome:
    """Change the language of this chat."""
    wanted = message.argument if message.argument in {"vi", "en"} else ("en" if context.here.language == "vi" else "vi")
    context.here.language = wanted
    return Outcome(screens=[context.show(greeting(context))])


async def cancel(_message: InboundMessage, context: Context) -> Outcome:
    """Leave whatever was begun; nothing is sent."""
    inside = context.conversation is not None and context.conversation.flow is not None
    return Outcome(screens=[context.reply("start.cancelled" if inside else "start.nothing_to_cancel")], place=LEAVE)


async def stale(_message: InboundMessage, context: Context) -> Outcome:
    """A choice of an old menu: say so, and where the conversation stands."""
    key = "start.stale_inside" if context.conversation is not None and context.conversation.flow else "start.stale"
    return Outcome(screens=[context.reply(key)])


async def closed(_message: InboundMessage, context: Context) -> Outcome:
    """An account that was revoked: whoever holds it learns nothing but how to come back."""
    return Outcome(screens=[context.reply("start.closed")])


async def denied(_message: InboundMessage, context: Context) -> Outcome:
    """A thing that exists, but not for this role."""
    return Outcome(screens=[context.reply("start.denied"), context.show(greeting(context))])


async def unknown(_message: InboundMessage, context: Context) -> Outcome:
    """Nothing fits: say what would."""
    if context.account is None:
        return Outcome()
    return Outcome(screens=[context.reply("start.unknown"), context.show(greeting(context))])


async def unknown_command(_message: InboundMessage, context: Context) -> Outcome:
    """A slash command there is none of: never an answer, never a question; the conversation stays where it is."""
    return Outcome(screens=[context.reply("start.unknown_command")])


async def other(_message: InboundMessage, context: Context) -> Outcome:
    """A sticker, a poll, a kind of message we cannot use; the conversation stays where it is."""
    return Outcome(screens=[context.reply("start.cannot_use")])


async def nothing(_message: InboundMessage, _context: Context) -> Outcome:
    """What needs no answer: a service message, a kind that does not exist yet."""
    return Outcome()


async def elsewhere(_message: InboundMessage, context: Context) -> Outcome:
    """A group or channel is told once that we serve private chats; never again, whatever is said there."""
    if context.conversation is None or context.conversation.place == "elsewhere.told":
        return Outcome()
    return Outcome(screens=[context.reply("start.elsewhere")], place=Place("elsewhere", "told"))


async def too_large(_message: InboundMessage, context: Context) -> Outcome:
    """A file that the channel cannot hand over, alone: where to put it instead. The conversation stays where it is."""
    return Outcome(screens=[context.reply("start.file_too_large", link=context.office.bring_link(context.here.id or 0, context.now))])


async def edit_not_possible(_message: InboundMessage, context: Context) -> Outcome:
    """An edited message that has had its effect already."""
    return Outcome(screens=[context.reply("start.edit_not_possible")])


async def number_alone(_message: InboundMessage, context: Context) -> Outcome:
    """A bare number with no menu it could belong to."""
    return Outcome(screens=[context.reply("start.no_menu")])


async def _redeem(typed: str, context: Context) -> Outcome:
    invited = await invitation.by_code(context.store, typed)
    if invited is None:
        raise Refusal("invitation.unknown")
    if invited.welcome is Welcome.REPORTER:
        entry = invited.consume(context.here, context.person, context.now)
        screen = context.reply("invitation.reporter", Choice("choice.register_begin", "register.begin"), name=invited.name)
        return Outcome([entry], [screen], LEAVE)
    person, rows = await _person(invited, context)
    entry = invited.consume(context.here, person, context.now, *rows)
    context.here.link(person)
    key = f"invitation.{invited.welcome.value}"
    values = {"name": person.name, "unit": context.office.unit_names.get(invited.unit_id or "", ""), "position": invited.position}
    return Outcome([entry], [context.reply(key, **values), context.reply("start.how_to_begin", *ways(ROLE_OF[invited.welcome]))], LEAVE)


async def _person(invited: Invitation, context: Context) -> tuple[Person, list[object]]:
    """The person an invitation makes, with post and mandate; or, coming back, the person it was made for."""
    if invited.welcome is Welcome.RETURN and invited.person_id is not None:
        person = await context.store.get_one(Person, invited.person_id)
        return person, [*await _close_lost(person, context)]
    known = await expected(context.store, invited.unit_id or "", invited.name, context.now)
    person = known or context.person or Person(name=invited.name, language=context.here.language, created_at=context.now)
    if known is None:
        context.store.add(person)
        await context.store.flush()
    rows: list[object] = [person] if known is None else []
    return person, [*rows, *await _places(invited, person, context)]


async def _places(invited: Invitation, person: Person, context: Context) -> list[object]:
    """The post and mandate of an invitation, as far as the directory does not have them already."""
    if person.id is None or invited.unit_id is None:
        return []
    rows: list[object] = []
    unit, kind = invited.unit_id, invited.post or (PostKind.OFFICER if invited.welcome is Welcome.OFFICER else PostKind.MEMBER)
    kinds = {post.kind for post in await posts_of(context.store, person.id, context.now) if post.unit_id == unit}
    if kind not in kinds and not (kinds and kind is PostKind.MEMBER):
        post = Post(person_id=person.id, unit_id=unit, kind=kind, position=invited.position, valid_from=context.now)
        context.store.add(post)
        rows.append(post)
    held = {m.kind for m in await mandates(context.store, context.now, unit_id=unit, person_id=person.id)}
    if invited.mandate and MandateKind(invited.mandate) not in held:
        mandate = Mandate(
            person_id=person.id,
            unit_id=unit,
            kind=MandateKind(invited.mandate),
            position=invited.position,
            decision_no=invited.decision_no,
            valid_from=context.now,
            signed_at=context.now,
        )
        rows.extend(await _appointed(mandate, context))
    return rows


async def _appointed(mandate: Mandate, context: Context) -> list[object]:
    """A mandate, and the clock within which the law wants it published (244/2026 Art 3(3))."""
    clock = await publishing.start(context, mandate, context.now)
    return [mandate] if clock is None else [mandate, clock]


async def _close_lost(person: Person, context: Context) -> list[Account]:
    """Who comes back through the press office has lost the old link: it opens nothing any more."""
    lost = [a for a in await accounts_of(context.store, person.id or 0) if a.channel == context.here.channel and a is not context.here]
    for account in lost:
        account.state = AccountState.CLOSED
    return lost
