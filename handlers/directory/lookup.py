"""Who may speak, looked up the way one types on a phone: no diacritics, an alias, an old name, a typo (F6); for officers, the way to its care."""

from datetime import timedelta

from handlers import asking
from handlers.contract import Choice, Context, InboundMessage, Kind, Outcome, Outgoing, Place
from handlers.form import words_of
from handlers.table import argument_of
from models.directory import listing
from models.directory.unit import DESK, Unit, every, search, unit, units
from models.errors import Refusal
from models.people import mandate
from models.people.person import Role

SHOWN = 3
PATIENCE = timedelta(minutes=15)  # after a pause words are meant for something else
LONGEST_NAME = 60  # characters: more than a name is a question
CARE = ("census.show", "proposal.list", "missing.show", "contact.list")


async def begin(message: InboundMessage, context: Context) -> Outcome:
    """With a name at once, otherwise ask for one."""
    wanted = argument_of(message.text)
    if wanted:
        return await _find(wanted, context)
    return Outcome(screens=[context.reply("directory.ask", *_ways(context))], place=Place("directory", "name"))


def _ways(context: Context) -> list[Choice]:
    """Officers take care of the whole directory, members see to their own unit's page."""
    if Role.OFFICER in context.roles:
        ways = [Choice(f"choice.{action.replace('.', '_')}", action) for action in CARE]
    elif context.units:
        ways = [Choice("choice.own_page", f"={context.units[0]}"), Choice("choice.join_begin", "join.begin")]
    else:
        ways = []
    return [*ways, Choice("choice.quit", "=quit")]


def searching(message: InboundMessage, context: Context) -> bool:
    """Whether words are still meant for the search: not after a long pause, and a reporter's question never is."""
    if message.kind is not Kind.TEXT or context.conversation is None:
        return True
    if message.received_at - context.conversation.updated_at > PATIENCE:
        return False
    asks = len(message.text) > LONGEST_NAME or message.text.endswith("?")
    return not (asks and Role.REPORTER in context.roles)


async def find(message: InboundMessage, context: Context) -> Outcome:
    """The name typed, or a unit of the list tapped; the conversation stays ready for another."""
    if asking.quits(message):
        return asking.left(context)
    if message.kind is Kind.CHOICE:
        found = await unit(context.store, (message.choice or "").removeprefix("="))
        if found is None or (found.id == DESK and Role.OFFICER not in context.roles):
            raise Refusal("start.stale")
        return await _show([found], context)
    return await _find(words_of(message, most=120), context)


async def _find(wanted: str, context: Context) -> Outcome:
    found = [u for u in search(await units(context.store, context.now), wanted) if u.id != DESK or Role.OFFICER in context.roles]
    if found:
        return await _show(found[:SHOWN], context)
    ended = search([u for u in await every(context.store) if u.valid_to is not None and u.valid_to <= context.now], wanted, 1)
    screen = _ended(ended[0], context) if ended else context.reply("directory.nothing", Choice("choice.quit", "=quit"), wanted=wanted)
    return Outcome(screens=[screen], place=Place("directory", "name"))


def _ended(gone: Unit, context: Context) -> Outgoing:
    """A unit that is no more: since when, and who answers instead."""
    language = context.here.language
    heirs = [key for key in context.office.router.heirs(gone.id, context.now) or gone.successors if key in context.office.unit_names]
    ways = [Choice.of("choice.plain", f"={key}", text=context.office.unit_name(key, language)) for key in heirs[:SHOWN]]
    names = ", ".join(context.office.unit_name(key, language) for key in heirs) or "–"
    since = (gone.valid_to or context.now).astimezone(context.zone).date()
    return context.reply("directory.ended", *ways, Choice("choice.quit", "=quit"), unit=gone.name(language), since=since, heirs=names)


async def _show(found: list[Unit], context: Context) -> Outcome:
    """Units with their spokespersons: name, position and official numbers are public; people's own never leave the office (F110)."""
    blocks = [await _block(one, context) for one in found]
    language = context.here.language
    ways = [Choice.of("choice.plain", f"={one.id}", text=one.name(language)) for one in found if len(found) > 1]
    ways += [Choice("choice.report_wrong", f"proposal.begin:{one.id}") for one in found[:1] if len(found) == 1 and one.id != DESK]
    screen = context.reply("directory.found", *ways, Choice("choice.quit", "=quit"), blocks="\n\n".join(blocks))
    return Outcome(screens=[screen], place=Place("directory", "name"))


async def _block(one: Unit, context: Context) -> str:
    """One unit: who speaks for it on everything."""
    say, language = context.office.texts.say, context.here.language
    reached = await listing.contacts(context.store, one.id, context.now)
    lines: list[str] = []
    for person, held in await mandate.spokespersons(context.store, one.id, context.now):
        post = reached.get(person.id or 0)
        numbers = " · ".join(part for part in (post.office_phone, post.office_email) if part) if post is not None else ""
        values = {"name": person.name, "position": held.position or "–", "numbers": f"\n  {numbers}" if numbers else ""}
        lines.append(say(language, "directory.speaker", values))
    return "\n".join([one.name(language), *(lines or [say(language, "directory.no_speaker")])])
