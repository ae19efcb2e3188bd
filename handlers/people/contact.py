"""The press office's list of people of units who cannot be reached, or do not answer: ring, appoint somebody else, hand over (F52)."""

from handlers.contract import Context, InboundMessage, Outcome
from handlers.people import reachability
from models.errors import Refusal
from models.evidence.exchange import Entry
from models.people import contact
from models.text import number

SHOWN = 5


async def list_(_message: InboundMessage, context: Context) -> Outcome:
    """One message for each; that private numbers were looked at is an entry."""
    found = await contact.tasks(context.store, context.now)
    waiting = [task for task in found if not task.rests(context.now)]
    if not waiting:
        return Outcome(screens=[context.reply("contact.nobody", resting=len(found))])
    seen = Entry("person.listed", detail={"people": [task.person.id for task in waiting[:SHOWN]]})
    more = [context.reply("contact.more", number=len(waiting) - SHOWN)] if len(waiting) > SHOWN else []
    return Outcome([seen], [*(context.show(reachability.card(context, task, looked_at=True)) for task in waiting[:SHOWN]), *more])


async def called(message: InboundMessage, context: Context) -> Outcome:
    """An officer has rung: the task rests for some days, and is over when the person writes."""
    found = await contact.tasks(context.store, context.now, number(message.argument) or 0)
    if not found:
        raise Refusal("contact.settled")
    entries = [account.called(context.now) for account in found[0].accounts]
    return Outcome(entries, [context.reply("contact.called", name=found[0].person.name)])
