"""Who may speak, looked up the way one types on a phone: no diacritics, an alias, an old name, a typo (F6)."""

from handlers.contract import LEAVE, Choice, Context, InboundMessage, Kind, Outcome, Place
from handlers.form import words_of
from handlers.table import argument_of
from models import mandate
from models.errors import Refusal
from models.person import Role
from models.unit import DESK, Unit, search, unit, units

SHOWN = 3


async def begin(message: InboundMessage, context: Context) -> Outcome:
    """With a name at once, otherwise ask for one."""
    wanted = argument_of(message.text)
    if wanted:
        return await _find(wanted, context)
    return Outcome(screens=[context.reply("directory.ask", Choice("choice.quit", "=quit"))], place=Place("directory", "name"))


async def find(message: InboundMessage, context: Context) -> Outcome:
    """The name typed; the conversation stays ready for another."""
    if message.choice == "=quit":
        return Outcome(screens=[context.reply("start.cancelled")], place=LEAVE)
    if message.kind is Kind.CHOICE:
        found = await unit(context.store, (message.choice or "").removeprefix("="))
        if found is None:
            raise Refusal("start.stale")
        return await _show([found], context)
    return await _find(words_of(message, most=120), context)


async def _find(wanted: str, context: Context) -> Outcome:
    found = [u for u in search(await units(context.store, context.now), wanted) if u.id != DESK or Role.OFFICER in context.roles]
    if not found:
        return Outcome(
            screens=[context.reply("directory.nothing", Choice("choice.quit", "=quit"), wanted=wanted)], place=Place("directory", "name")
        )
    return await _show(found[:SHOWN], context)


async def _show(found: list[Unit], context: Context) -> Outcome:
    """Units with their spokespersons: name and position are public; numbers of people never leave the office (F110)."""
    language, blocks = context.here.language, list[str]()
    texts = context.office.texts
    for one in found:
        speakers = await mandate.spokespersons(context.store, one.id, context.now)
        lines = [texts.say(language, "directory.speaker", {"name": p.name, "position": m.position or "–"}) for p, m in speakers]
        blocks.append("\n".join([one.name(language), *(lines or [texts.say(language, "directory.no_speaker")])]))
    screen = context.reply("directory.found", Choice("choice.quit", "=quit"), blocks="\n\n".join(blocks))
    return Outcome(screens=[screen], place=Place("directory", "name"))
