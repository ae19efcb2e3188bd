"""Who hears of a case and what they may do with it: its unit, the press office, its reporter."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from handlers import casework
from handlers.contract import Choice, Context, Outgoing, Screen
from models.casework import brakes
from models.casework.inquiry import Inquiry, InquiryState, Rating
from models.clocks import absence, reaching
from models.evidence import item
from models.evidence.item import Attachment
from models.people import mandate
from models.people.person import Account, AccountState, Person, PostKind, Reporter, accounts_of, posted
from models.texts import Words


def desk_choices(case: Inquiry) -> tuple[Choice, ...]:
    """What a unit can do with a case; the fifth opens the rest."""
    first = () if case.state is InquiryState.ACKNOWLEDGED else (Choice("choice.acknowledge", f"desk.acknowledge:{case.code}"),)
    back = Choice("choice.transfer_back", f"transfer.back:{case.code}")
    return (
        *first,
        Choice("choice.answer", f"answer.begin:{case.code}"),
        back if case.transferred_from is not None else Choice("choice.ask_back", f"clarify.begin:{case.code}"),
        Choice("choice.transfer", f"transfer.begin:{case.code}"),
        Choice("choice.more", f"desk.more:{case.code}"),
    )


def rating_choices(code: str) -> tuple[Choice, ...]:
    """The three levels a reporter may give an answer (F11)."""
    return tuple(Choice(f"choice.rate_{rating.value}", f"case.rate:{code}:{rating.value}") for rating in Rating)


def verify_choices(person_id: int) -> tuple[Choice, ...]:
    """What an officer may say of a reporter: trusted, and whose questions run another clock, or not."""
    return (
        Choice("choice.verify", f"officer.accept:{person_id}"),
        Choice("choice.verify_head", f"officer.accept:{person_id}:press_head"),
        Choice("choice.verify_foreign", f"officer.accept:{person_id}:foreign_press"),
        Choice("choice.decline", f"officer.decline:{person_id}"),
    )


async def followers(context: Context, case: Inquiry) -> list[Account]:
    """Those of a case's unit who have heard of it already: asked first, told since, or having opened it from the unit's list.

    Of those who are away, whoever stands in follows it as well (F29).
    """
    told = await reaching.hearers(context.store, case.code) | {case.brought_to, case.acknowledged_by}
    heard = await absence.beside(context.store, told, context.now)
    here = await mandate.desk_accounts(context.store, case.unit_id or "", context.now)
    return [account for account in here if account.person_id in heard]


async def unit_accounts(context: Context, unit_id: str | None) -> list[Account]:
    """Everybody with a post in a unit who can be reached, for what concerns the unit and no single case."""
    return list(await mandate.desk_accounts(context.store, unit_id, context.now)) if unit_id else []


async def officer_accounts(context: Context) -> list[Account]:
    """Every officer who can be reached."""
    people = await posted(context.store, context.now, kind=PostKind.OFFICER)
    return list(await accounts_of(context.store, *(p.id for p in people if p.id is not None)))


async def tell_unit(context: Context, case: Inquiry, key: str, files: Sequence[Attachment | str] = (), **values: Any) -> list[Outgoing]:
    """A word about a case to those of its unit who follow it, but not to the writer; where nobody does, to whoever is asked next."""
    if case.state is InquiryState.RECEIVED:
        return []  # still with the press office: the unit it is meant for sees nothing before the officer's tap (F2)
    accounts = await followers(context, case)
    if not accounts:
        return await bring(context, case, key, files, **values)
    here = context.account.id if context.account else None
    screen = Screen.of(key, *desk_choices(case), files=files, **(await casework.facts(context, case) | values))
    return context.tell([a for a in accounts if a.id != here], screen, case.code)


async def bring(context: Context, case: Inquiry, key: str, files: Sequence[Attachment | str] = (), **values: Any) -> list[Outgoing]:
    """One person of the unit is asked: the least loaded of the first link that can be reached (F47, F49).

    The others see the case in the unit's list. Nobody in the unit: the officers, who may call or move the case.
    """
    if case.unit_id is None:
        return []
    links = await reaching.within(context.store, case.unit_id, context.now, case.matter_code)
    said = await casework.facts(context, case) | values
    if not links:
        case.brought_to = None
        notice = Screen.of("officer.nobody_there", Choice("choice.reassign", f"officer.assign:{case.code}"), **said)
        return context.tell(await officer_accounts(context), notice, case.code)
    first = links[0].people[0]
    case.brought_to = first.person_id
    here = context.account.id if context.account else None
    return context.tell([a for a in first.accounts if a.id != here], Screen.of(key, *desk_choices(case), files=files, **said), case.code)


async def hand_on(context: Context, case: Inquiry, key: str, **values: Any) -> list[Outgoing]:
    """A case comes to a unit: the question with every file, then whatever the reporter has added to it since."""
    kept = await brakes.quarantined(context.store, case.code)
    files = [f for f in await item.files_of_case(context.store, case.code) if f.item_digest not in kept]
    told = await bring(context, case, key, files, **values)
    asked = [outgoing.account for outgoing in told if outgoing.screen.key == key]
    for text in [t for t in await item.additions(context.store, case.code) if t.digest not in kept] if asked else ():
        said: dict[str, Any] = await casework.facts(context, case) | {"text": text}
        told += context.tell(asked, Screen.of("desk.added_before", *desk_choices(case), **said), case.code)
    return told


async def tell_reporter(context: Context, case: Inquiry, screen: Screen, *, official: bool = False) -> list[Outgoing]:
    """A word to whoever asked: on the account they asked from, or the newest one they can be reached on.

    Whoever asked by letter or phone is not in any chat: the officer who wrote it down reads the word and passes it on.
    """
    asked = await context.store.get(Account, case.account_id)
    if case.recorded_by is not None:
        return await _relayed(context, case, asked, screen)
    if asked is None or asked.state is not AccountState.ACTIVE:
        others = await accounts_of(context.store, case.reporter_id)
        asked = others[-1] if others else asked
    return context.tell([asked] if asked else [], screen, case.code, official=official)


async def _relayed(context: Context, case: Inquiry, asked: Account | None, screen: Screen) -> list[Outgoing]:
    """The same words under a line that says for whom they are; the evidence of delivery is then the letter's number, not ours."""
    there = [asked] if asked is not None and asked.state is AccountState.ACTIVE else await officer_accounts(context)
    number = Choice("choice.letter", f"letter.begin:{case.code}")
    notice = Screen.of("paper.relay", number, came_by=Words.of(f"paper.by_{case.came_by}"), **await casework.facts(context, case))
    return [*context.tell(there, notice, case.code), *context.tell(there, replace(screen, choices=()), case.code)]


async def person_of(context: Context, person_id: int) -> str:
    """The name of somebody, with their outlet where they are a reporter."""
    person, reporter = await context.store.get(Person, person_id), await context.store.get(Reporter, person_id)
    name = person.name if person is not None else "–"
    return f"{name} – {reporter.outlet_name}" if reporter is not None else name
