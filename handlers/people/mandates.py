"""The mandates of a unit: what is in force, taking one back, saying where it was published (09/2017 Art 3(6); 244/2026 Art 3(3))."""

import re
from typing import Any

from handlers import asking, casework
from handlers.answering import speaking
from handlers.contract import LEAVE, Choice, Context, InboundMessage, Kind, Outcome, Place, Screen
from models.errors import Refusal
from models.evidence.item import ItemKind
from models.people import authorising, mandate
from models.people.mandate import Mandate, MandateKind
from models.people.person import Person, Role, accounts_of
from models.text import number
from models.texts import Due, Words

LISTED = 12
_URL = re.compile(r"https?://[^\s<>\"]{4,500}")


async def list_(_message: InboundMessage, context: Context) -> Outcome:
    """What is in force in my units (everywhere for an officer), authorisations and what is not published yet first."""
    everywhere = Role.OFFICER in context.roles
    held = [m for m in await mandate.mandates(context.store, context.now) if everywhere or m.unit_id in context.units]
    found = sorted(held, key=lambda m: (m.kind is not MandateKind.AUTHORISED, m.published_at is not None or m.duty is None, m.id or 0))
    shown = [m for m in found if m.kind is MandateKind.AUTHORISED or not everywhere][:LISTED]
    if not shown:
        return Outcome(screens=[context.reply("mandate.none")])
    texts, language, lines, ways = context.office.texts, context.here.language, list[str](), list[Choice]()
    for one in shown:
        person = await context.store.get_one(Person, one.person_id)
        clock = await authorising.publication_of(context.store, one)
        public = Words.of("mandate.published_at", at=one.published_at) if one.published_at else Words.of("mandate.not_asked")
        if one.published_at is None and clock is not None and clock.due_at is not None:
            public = Words.of("mandate.publish_by", due=Due(clock.due_at))
        values = {"name": person.name, "unit": context.office.unit_name(one.unit_id), "number": one.decision_no or "–", "public": public}
        until = Due(one.valid_to) if one.valid_to else Words.of("mandate.open_end")
        about = one.matter_code or Words.of("mandate.everything")
        kind = Words.of(f"mandate.kind_{one.kind.value}")
        lines.append(texts.say(language, "mandate.line", values | {"until": until, "about": about, "kind": kind}))
        if one.published_at is None and clock is not None:
            ways.append(Choice.of("choice.published_of", f"publish.begin:{one.id}", name=person.name))
        if one.kind is MandateKind.AUTHORISED:
            ways.append(Choice.of("choice.revoke_of", f"mandate.revoke:{one.id}", name=person.name))
    return Outcome(screens=[context.reply("mandate.list", *ways[:5], lines="\n".join(lines))])


async def _mine(context: Context, mandate_id: str) -> Mandate:
    """A mandate of a unit of mine, or any for an officer."""
    found = await context.store.get(Mandate, number(mandate_id) or 0)
    if found is None or (found.unit_id not in context.units and Role.OFFICER not in context.roles):
        raise Refusal("mandate.unknown")
    return found


async def revoke(message: InboundMessage, context: Context) -> Outcome:
    """The head takes an authorisation back; an officer may write it down from a paper."""
    found = await _mine(context, message.argument)
    if found.kind is not MandateKind.AUTHORISED:
        raise Refusal("mandate.not_an_authorisation")
    if not await speaking.leads(context, found.unit_id) and Role.OFFICER not in context.roles:
        raise Refusal("authorise.head_only")
    person = await context.store.get_one(Person, found.person_id)
    screen = context.reply("mandate.revoke_why", Choice("choice.quit", "=quit"), name=person.name, code=found.matter_code or "–")
    return Outcome(screens=[screen], place=Place("mandate", "revoke", {"mandate": found.id}))


async def revoked(message: InboundMessage, context: Context) -> Outcome:
    """Why; from this minute on it opens nothing."""
    if asking.quits(message):
        return asking.left(context)
    asking.reason(message)
    found = await _mine(context, str(context.conversation.said().get("mandate", "")) if context.conversation else "")
    why = context.item(ItemKind.REASON, message.text, found.matter_code)
    clock = await authorising.publication_of(context.store, found)
    running = clock if found.published_at is None else None
    entry = found.revoke(context.my_id, why.digest, running, context.now)
    person = await context.store.get_one(Person, found.person_id)
    values: dict[str, Any] = {"name": person.name, "code": found.matter_code or "–", "reason": why}
    told = context.tell(await accounts_of(context.store, found.person_id), Screen.of("mandate.taken_back", **values), found.matter_code)
    return Outcome([entry], [context.reply("mandate.revoked", **values), *told], LEAVE, found.matter_code)


async def publish(message: InboundMessage, context: Context) -> Outcome:
    """Where was it published?"""
    found = await _mine(context, message.argument)
    if found.duty is None:
        raise Refusal("mandate.nothing_to_publish")
    if found.published_at is not None:
        raise Refusal("mandate.published_already", url=found.published_url or "–")
    person = await context.store.get_one(Person, found.person_id)
    screen = context.reply("mandate.publish_where", Choice("choice.quit", "=quit"), name=person.name)
    return Outcome(screens=[screen], place=Place("mandate", "publish", {"mandate": found.id}))


async def published(message: InboundMessage, context: Context) -> Outcome:
    """A link to the portal, with a picture of the page if there is one; where there is no page, words that say where it hangs."""
    if asking.quits(message):
        return asking.left(context)
    link = _URL.search(message.text)
    if message.kind is not Kind.TEXT or (link is None and len(message.text) < casework.SHORTEST_REASON):
        raise Refusal("mandate.publish_please", least=casework.SHORTEST_REASON)
    found = await _mine(context, str(context.conversation.said().get("mandate", "")) if context.conversation else "")
    note = context.item(ItemKind.NOTE, message.text, found.matter_code)
    for file in message.files:
        file.item_digest, file.case_code = note.digest, found.matter_code
    clock = await authorising.publication_of(context.store, found)
    late = clock is not None and clock.is_overdue(context.now)
    entry = found.publish(link[0] if link else "", note.digest, speaking.refs(message.files), clock, context.now)
    person = await context.store.get_one(Person, found.person_id)
    key = "mandate.published_late" if late else "mandate.published"
    return Outcome([entry], [context.reply(key, name=person.name)], LEAVE, found.matter_code)
