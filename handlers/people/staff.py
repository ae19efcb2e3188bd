"""The people of a unit: who leaves hands over, a lost phone is closed at once (F124). For officers, and for heads in their own unit.

Every step is a tap that names its person, so nothing is half done when somebody is called away.
"""

from handlers import telling
from handlers.contract import Choice, Context, InboundMessage, Outcome, Screen
from handlers.directory import pages
from handlers.table import argument_of
from models.casework.inquiry import Inquiry
from models.directory.unit import search, units
from models.errors import Refusal
from models.evidence.exchange import Entry
from models.people import mandate
from models.people.person import Account, AccountState, Person, Post, PostKind, Role, accounts_of, posted, posts_in, posts_of
from models.text import number

SHOWN = 4


async def show(message: InboundMessage, context: Context) -> Outcome:
    """`/nhansu so y te`: the people of a unit; without a name, of one's own."""
    wanted = argument_of(message.text)
    found = [u.id for u in search(await units(context.store, context.now), wanted, 1)] if wanted else context.units[:1]
    if not found:
        raise Refusal("staff.which_unit")
    unit_id = found[0]
    await _may(context, unit_id)
    people = await posted(context.store, context.now, unit_id=unit_id)
    lines = [f"• {p.name}: {len(await accounts_of(context.store, p.id or 0))}" for p in people]
    ways = [Choice.of("choice.plain", f"staff.person:{p.id}:{unit_id}", text=p.name) for p in people[:SHOWN]]
    screen = context.reply("staff.list", *ways, unit=context.office.unit_name(unit_id), lines="\n".join(lines) or "–")
    return Outcome([Entry("person.listed", detail={"people": [p.id for p in people]}, unit_id=unit_id)], [screen])


async def person(message: InboundMessage, context: Context) -> Outcome:
    """What can be done about one of them."""
    one, unit_id = await _one(context, message.argument)
    ways = [Choice("choice.hand_over", f"staff.leaves:{one.id}:{unit_id}"), Choice("choice.absence_of", f"absence.begin:{one.id}")]
    ways += [
        Choice.of("choice.close_account", f"staff.close:{one.id}:{unit_id}:{a.id}", channel=a.channel, number=a.id)
        for a in (await accounts_of(context.store, one.id or 0))[:3]
    ]
    return Outcome(screens=[context.reply("staff.person", *ways, name=one.name, unit=context.office.unit_name(unit_id))])


async def leaves(message: InboundMessage, context: Context) -> Outcome:
    """Who takes over: somebody of the same unit; the screen says what passes to them."""
    one, unit_id = await _one(context, message.argument)
    others = [p for p in await posted(context.store, context.now, unit_id=unit_id) if p.id != one.id]
    if not others:
        raise Refusal("staff.nobody_else", unit=context.office.unit_name(unit_id))
    ways = [Choice.of("choice.plain", f"staff.give:{one.id}:{unit_id}:{p.id}", text=p.name) for p in others[:SHOWN]]
    cases = await pages.cases(context, one, unit_id)
    return Outcome(screens=[context.reply("staff.to_whom", *ways, name=one.name, number=len(cases))])


async def give(message: InboundMessage, context: Context) -> Outcome:
    """Posts and mandates end, open cases pass with an entry each; the reporters notice nothing.

    The successor gets the cases, not the right to speak: that stands in a decision of its own. Held drafts wait for whoever may.
    """
    one, unit_id = await _one(context, message.argument)
    heir = await context.store.get(Person, number(message.argument.rpartition(":")[2]) or 0)
    if heir is None or heir.id == one.id or not any(p.unit_id == unit_id for p in await posts_of(context.store, heir.id or 0, context.now)):
        raise Refusal("staff.unknown")
    cases = await pages.cases(context, one, unit_id)
    entries = [_pass_on(case, one, heir) for case in cases]
    ended: list[Post | mandate.Mandate] = [p for p in await posts_in(context.store, unit_id, context.now) if p.person_id == one.id]
    ended += await mandate.mandates(context.store, context.now, unit_id=unit_id, person_id=one.id)
    for row in ended:
        row.valid_to = context.now
    detail = {"person": one.id, "successor": heir.id, "cases": len(cases)}
    entries.append(Entry("staff.handed_over", tuple(ended), detail=detail, unit_id=unit_id))
    unit = context.office.unit_name(unit_id)
    ways = [Choice.of("choice.plain", f"desk.show:{case.code}", text=case.code) for case in cases[:SHOWN]]
    codes = ", ".join(case.code for case in cases) or "–"
    told = context.tell(await accounts_of(context.store, heir.id or 0), Screen.of("staff.yours_now", *ways, name=one.name, codes=codes))
    told += context.tell(await accounts_of(context.store, one.id or 0), Screen.of("staff.handed_over", unit=unit, name=heir.name))
    reply = context.reply("staff.done", name=one.name, heir=heir.name, number=len(cases))
    return Outcome(entries, [reply, *told])


async def close(message: InboundMessage, context: Context) -> Outcome:
    """A lost phone opens nothing from this minute on; the person's other accounts stay, and a code lets them back in."""
    one, unit_id = await _one(context, message.argument)
    account = await context.store.get(Account, number(message.argument.rpartition(":")[2]) or 0)
    if account is None or account.person_id != one.id:
        raise Refusal("staff.unknown")
    if account.state is AccountState.CLOSED:
        raise Refusal("staff.closed_already")
    account.state = AccountState.CLOSED
    entry = Entry("account.closed", (account,), detail={"account": account.id, "person": one.id}, unit_id=unit_id)
    left = await accounts_of(context.store, one.id or 0)
    told = context.tell(left, Screen.of("staff.other_closed", channel=account.channel))
    if Role.OFFICER not in context.roles:
        told += context.tell(await telling.officer_accounts(context), Screen.of("staff.closed", name=one.name, number=len(left)))
    return Outcome([entry], [context.reply("staff.closed", name=one.name, number=len(left)), *told])


def _pass_on(case: Inquiry, one: Person, heir: Person) -> Entry:
    if case.acknowledged_by == one.id:
        case.acknowledged_by = heir.id
    case.brought_to, case.held_by, case.held_until = heir.id, None, None
    return case.entry("handed_over", origin=one.id, successor=heir.id)


async def _one(context: Context, argument: str) -> tuple[Person, str]:
    """The person and unit a tap names, where the unit is the writer's to look after."""
    person_id, _, rest = argument.partition(":")
    unit_id = rest.partition(":")[0]
    await _may(context, unit_id)
    one = await context.store.get(Person, number(person_id) or 0)
    if one is None or not any(post.unit_id == unit_id for post in await posts_of(context.store, one.id or 0, context.now)):
        raise Refusal("staff.unknown")
    return one, unit_id


async def _may(context: Context, unit_id: str) -> None:
    """Officers for every unit, a head for their own."""
    if Role.OFFICER in context.roles:
        return
    led = await mandate.mandates(context.store, context.now, unit_id=unit_id, person_id=context.my_id)
    posts = [p.kind for p in context.posts if p.unit_id == unit_id]
    if PostKind.HEAD not in posts and not any(m.kind is mandate.MandateKind.HEAD for m in led):
        raise Refusal("staff.not_yours")
