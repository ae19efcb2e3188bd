"""Linking a second chat: `/lienket` gives a code where one is known; the code is typed where one is not yet (F18)."""

from handlers import asking
from handlers.contract import LEAVE, Choice, Context, InboundMessage, Kind, Outcome, Place, Screen
from handlers.table import argument_of
from models.errors import Refusal
from models.evidence.exchange import Entry
from models.people import linking
from models.people.linking import LinkCode
from models.people.person import Person, accounts_of


async def begin(message: InboundMessage, context: Context) -> Outcome:
    """A known person gets a code; somebody unknown is asked for one, or has typed it along."""
    if context.person is not None:
        return await _issue(context, context.person)
    typed = argument_of(message.text)
    if typed:
        return await _redeem(typed, context)
    return Outcome(screens=[context.reply("link.type_code", Choice("choice.quit", "=quit"))], place=Place("link", "code"))


async def code(message: InboundMessage, context: Context) -> Outcome:
    """The code, typed in the chat that is to join."""
    if asking.quits(message):
        return asking.left(context)
    if message.kind is not Kind.TEXT:
        return Outcome(screens=[context.reply("link.type_code", Choice("choice.quit", "=quit"))])
    return await _redeem(message.text, context)


async def _issue(context: Context, person: Person) -> Outcome:
    entries: list[Entry] = []
    for older in await linking.open_codes(context.store, context.now, person.id):
        older.void(context.now)
        entries.append(older.issued())
    typed, salt = linking.digits(context.ids.chance()), context.ids.salt()
    new = LinkCode(
        account_id=context.here.id or 0,
        person_id=person.id or 0,
        salt=salt,
        code_hash=linking.hashed(typed, salt),
        created_at=context.now,
        expires_at=context.now + linking.VALID,
    )
    context.store.add(new)
    minutes = int(linking.VALID.total_seconds() // 60)
    return Outcome([*entries, new.issued()], [context.reply("link.code", code=typed, minutes=minutes)])


async def _redeem(typed: str, context: Context) -> Outcome:
    """Five wrong tries in a quarter of an hour, and this chat must wait; which codes exist is never told."""
    count = await linking.missed(context.store, context.here.id or 0, context.now)
    if count.tries >= linking.TRIES:
        return Outcome(screens=[context.reply("link.too_many_tries")], place=LEAVE)
    plain = "".join(c for c in typed if c.isascii() and c.isdigit())
    found = next((c for c in await linking.open_codes(context.store, context.now) if c.fits(plain)), None)
    if found is None or found.account_id == context.here.id:
        count.tries += 1
        return Outcome(screens=[context.reply("link.wrong_code", left=linking.TRIES - count.tries)])
    if context.here.person_id is not None:
        raise Refusal("link.already_known")
    person = await context.store.get_one(Person, found.person_id)
    entry = found.use(context.here, person, context.now)
    others = [a for a in await accounts_of(context.store, found.person_id) if a is not context.here]
    told = context.tell(others, Screen.of("link.joined", channel=context.here.channel))
    return Outcome([entry], [context.reply("link.done", name=person.name), *told], LEAVE)
