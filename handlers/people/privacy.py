"""What is kept about the person who asks, and what can and cannot go (F114)."""

from typing import Any

from handlers.contract import Choice, Context, InboundMessage, Outcome, Screen
from handlers.telling import officer_accounts
from models.casework import inquiry
from models.evidence.exchange import Entry
from models.messages.subscription import current
from models.texts import Words


async def show(_message: InboundMessage, context: Context) -> Outcome:
    """Everything kept, in plain words; looking at it is an entry."""
    person, reporter = context.me, context.reporter
    cases = await inquiry.of_reporter(context.store, context.my_id, limit=1000)
    subscribed = await current(context.store, context.here.id or 0)
    values: dict[str, Any] = {
        "name": person.name,
        "phone": person.phone or "–",
        "email": person.email or "–",
        "since": person.created_at,
        "outlet": reporter.outlet_name if reporter else "–",
        "number": reporter.credential_number if reporter else "–",
        "expires": reporter.credential_expires if reporter else "–",
        "standing": Words.of(f"privacy.standing_{reporter.standing.value}") if reporter else "–",
        "cases": len(cases),
        "subscribed": Words.of("privacy.subscribed" if subscribed else "privacy.not_subscribed"),
    }
    ways = (Choice("choice.forget_me", "privacy.forget"),)
    return Outcome([Entry("person.read_own", detail={"person": person.id})], [context.reply("privacy.show", *ways, **values)])


async def forget(_message: InboundMessage, context: Context) -> Outcome:
    """Phone and e-mail go at once, releases stop; exchange records stay, and the reply says why. The officers are told."""
    person, entries = context.me, list[Entry]()
    person.phone, person.email = "", ""
    entries.append(Entry("person.extras_removed", (person,), detail={"person": person.id}))
    subscribed = await current(context.store, context.here.id or 0)
    if subscribed is not None:
        entries.append(subscribed.leave(context.now))
    told = context.tell(await officer_accounts(context), Screen.of("officer.forget_asked", number=person.id))
    return Outcome(entries, [context.reply("privacy.forgotten"), *told])
