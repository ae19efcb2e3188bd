"""Who hears of a case and what they may do with it: its unit, the press office, its reporter."""

from collections.abc import Sequence
from typing import Any

from handlers import casework
from handlers.contract import Choice, Context, Outgoing, Screen
from models import item, mandate
from models.inquiry import Inquiry, InquiryState, Rating
from models.item import Attachment
from models.person import Account, AccountState, PostKind, accounts_of, posted


def desk_choices(case: Inquiry) -> tuple[Choice, ...]:
    """What a unit can do with a case; the fifth opens the rest."""
    first = () if case.state is InquiryState.ACKNOWLEDGED else (Choice("choice.acknowledge", f"desk.acknowledge:{case.code}"),)
    return (
        *first,
        Choice("choice.answer", f"answer.begin:{case.code}"),
        Choice("choice.ask_back", f"clarify.begin:{case.code}"),
        Choice("choice.transfer", f"transfer.begin:{case.code}"),
        Choice("choice.more", f"desk.more:{case.code}"),
    )


def rating_choices(code: str) -> tuple[Choice, ...]:
    """The three levels a reporter may give an answer (F11)."""
    return tuple(Choice(f"choice.rate_{rating.value}", f"case.rate:{code}:{rating.value}") for rating in Rating)


async def unit_accounts(context: Context, unit_id: str | None) -> list[Account]:
    """Where a unit's questions arrive: everybody with a post there who can be reached."""
    return list(await mandate.desk_accounts(context.store, unit_id, context.now)) if unit_id else []


async def officer_accounts(context: Context) -> list[Account]:
    """Every officer who can be reached."""
    people = await posted(context.store, context.now, kind=PostKind.OFFICER)
    return list(await accounts_of(context.store, *(p.id for p in people if p.id is not None)))


async def tell_unit(context: Context, case: Inquiry, key: str, files: Sequence[Attachment | str] = (), **values: Any) -> list[Outgoing]:
    """A word about a case to everybody in its unit but the writer; to the officers where nobody can be reached (F49)."""
    if case.state is InquiryState.RECEIVED:
        return []  # still with the press office: the unit it is meant for sees nothing before the officer's tap (F2)
    said = await casework.facts(context, case) | values
    here = context.account.id if context.account else None
    accounts = [a for a in await unit_accounts(context, case.unit_id) if a.id != here]
    if accounts:
        return context.tell(accounts, Screen.of(key, *desk_choices(case), files=files, **said), case.code)
    if case.unit_id is not None and not await unit_accounts(context, case.unit_id):
        notice = Screen.of("officer.nobody_there", Choice("choice.reassign", f"officer.assign:{case.code}"), **said)
        return context.tell(await officer_accounts(context), notice, case.code)
    return []


async def hand_on(context: Context, case: Inquiry, key: str, **values: Any) -> list[Outgoing]:
    """A case comes to a unit: the question with every file, then whatever the reporter has added to it since."""
    told = await tell_unit(context, case, key, await item.files_of_case(context.store, case.code), **values)
    for text in await item.additions(context.store, case.code):
        told += await tell_unit(context, case, "desk.added_before", text=text) if told and told[0].screen.key == key else []
    return told


async def tell_reporter(context: Context, case: Inquiry, screen: Screen, *, official: bool = False) -> list[Outgoing]:
    """A word to whoever asked: on the account they asked from, or the newest one they can be reached on."""
    asked = await context.store.get(Account, case.account_id)
    if asked is None or asked.state is not AccountState.ACTIVE:
        others = await accounts_of(context.store, case.reporter_id)
        asked = others[-1] if others else asked
    return context.tell([asked] if asked else [], screen, case.code, official=official)
