"""Releases for whoever wants them: consent first, then topics and areas, and out again in one tap (F19)."""

from handlers import asking
from handlers.contract import LEAVE, Choice, Context, InboundMessage, Outcome, Place
from handlers.form import words_of
from handlers.releases import choosing
from models.errors import Refusal
from models.evidence.exchange import Entry
from models.messages.subscription import Subscription, Wish, current, wishes

ALL = "=all"


async def begin(_message: InboundMessage, context: Context) -> Outcome:
    """What is subscribed now, or the question of consent."""
    present = await current(context.store, context.here.id or 0)
    if present is None:
        ways = (Choice("choice.consent", "=yes"), Choice("choice.no_consent", "=quit"))
        return Outcome(screens=[context.reply("subscription.consent", *ways)], place=Place("subscription", "consent"))
    wanted = await wishes(context.store, present.id or 0)
    ways = (Choice("choice.change", "subscription.change"), Choice("choice.leave", "subscription.leave"))
    values = {kind: ", ".join(_named(context, w) for w in wanted if w.kind == kind) for kind in ("topic", "area")}
    everything = context.office.texts.say(context.here.language, "subscription.everything")
    screen = context.reply("subscription.present", *ways, topics=values["topic"] or everything, areas=values["area"] or everything)
    return Outcome(screens=[screen])


async def change(_message: InboundMessage, context: Context) -> Outcome:
    """Choose anew."""
    if await current(context.store, context.here.id or 0) is None:
        raise Refusal("subscription.none")
    return _ask_topics(context)


async def consent(message: InboundMessage, context: Context) -> Outcome:
    """A yes is explicit; anything else is none."""
    if message.choice == "=quit":
        return Outcome(screens=[context.reply("subscription.declined")], place=LEAVE)
    if message.choice != "=yes":
        raise Refusal("form.please_choose")
    return _ask_topics(context)


def _ask_topics(context: Context) -> Outcome:
    ways = (Choice("choice.all_topics", ALL), Choice("choice.quit", "=quit"))
    return Outcome(
        screens=[context.reply("subscription.topics", *ways, lines=choosing.topic_lines(context))], place=Place("subscription", "topics")
    )


async def topics(message: InboundMessage, context: Context) -> Outcome:
    """Names of topics, separated by commas, with or without diacritics."""
    if asking.quits(message):
        return asking.left(context)
    chosen = [] if message.choice == ALL else choosing.topics(context, words_of(message, most=300))
    ways = (Choice("choice.all_areas", ALL), Choice("choice.quit", "=quit"))
    place = Place("subscription", "areas", {"topics": chosen})
    return Outcome(screens=[context.reply("subscription.areas", *ways)], place=place)


async def areas(message: InboundMessage, context: Context) -> Outcome:
    """Names of communes and wards; then it is done, with the consent's notice, time and channel kept."""
    if asking.quits(message):
        return asking.left(context)
    chosen = [] if message.choice == ALL else await choosing.areas(context, words_of(message, most=300))
    picked: list[str] = context.conversation.said()["topics"] if context.conversation else []
    entries: list[Entry] = []
    present = await current(context.store, context.here.id or 0)
    if present is not None:
        entries.append(present.leave(context.now))
    new = Subscription(account_id=context.here.id or 0, since=context.now)
    context.store.add(new)
    await context.store.flush()
    rows = [Wish(subscription_id=new.id or 0, kind=kind, value=v) for kind, values in (("topic", picked), ("area", chosen)) for v in values]
    context.store.add_all(rows)
    detail = {"account": context.here.id, "notice": new.notice, "topics": picked, "areas": chosen}
    entries.append(Entry("subscription.consented", (new, *rows), detail=detail))
    return Outcome(entries, [context.reply("subscription.done", Choice("choice.leave", "subscription.leave"))], LEAVE)


async def leave(_message: InboundMessage, context: Context) -> Outcome:
    """One tap, no question."""
    present = await current(context.store, context.here.id or 0)
    if present is None:
        return Outcome(screens=[context.reply("subscription.none")])
    entry = present.leave(context.now)
    return Outcome([entry], [context.reply("subscription.left", Choice("choice.subscription_begin", "subscription.begin"))])


def _named(context: Context, wish: Wish) -> str:
    if wish.kind == "area":
        return context.office.unit_name(wish.value)
    return next((t.name(context.here.language) for t in context.office.topics if t.id == wish.value), wish.value)
