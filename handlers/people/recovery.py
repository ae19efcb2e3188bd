"""A way back for somebody who lost a link or phone: the press office recognises them and sends a new one-time code (F123)."""

from datetime import timedelta

from handlers import asking, telling
from handlers.contract import LEAVE, Choice, Context, InboundMessage, Outcome, Place, Screen, urgent
from handlers.form import words_of
from models import codes
from models.errors import Refusal
from models.evidence.exchange import Entry
from models.evidence.item import ItemKind
from models.people.invitation import Invitation, Welcome, code_hash
from models.people.person import Account, Person, named
from models.text import number

VALID = timedelta(hours=24)


async def begin(_message: InboundMessage, context: Context) -> Outcome:
    """Ask who they are."""
    return Outcome(screens=[context.reply("return.who", Choice("choice.quit", "=quit"))], place=Place("return", "who"))


async def who(message: InboundMessage, context: Context) -> Outcome:
    """Name, outlet or unit in their own words; the officers see it with the people it may be. Nobody learns here who exists."""
    if asking.quits(message):
        return asking.left(context)
    words = context.item(ItemKind.NOTE, words_of(message, most=300, least=5))
    people = await named(context.store, str(words), 3)
    ways = [Choice.of("choice.let_back", f"return.allow:{p.id}:{context.here.id}", name=p.name) for p in people]
    screen = Screen.of("officer.wants_back", *ways, text=words, account=context.here.id)
    told = [urgent(o) for o in context.tell(await telling.officer_accounts(context), screen)]
    entry = Entry("return.asked", detail={"account": context.here.id, "item": words.digest})
    return Outcome([entry], [context.reply("return.asked"), *told], LEAVE)


async def allow(message: InboundMessage, context: Context) -> Outcome:
    """An officer has checked by phone or in person: a code that works once goes to the new account, the old one will close."""
    person_id, _, account_id = message.argument.partition(":")
    person = await context.store.get(Person, number(person_id) or 0)
    account = await context.store.get(Account, number(account_id) or 0)
    if person is None or account is None or account.person_id is not None:
        raise Refusal("return.not_possible")
    code = codes.one_time(context.ids.chance())
    invited = Invitation(
        code_hash=code_hash(code),
        welcome=Welcome.RETURN,
        name=person.name,
        person_id=person.id,
        created_at=context.now,
        expires_at=context.now + VALID,
    )
    context.store.add(invited)
    told = context.tell([account], Screen.of("return.code", code=code))
    return Outcome([invited.created()], [context.reply("return.allowed", name=person.name), *told])
