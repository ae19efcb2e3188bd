"""In whose name and by what right something is said: checked, kept as evidence, shown to the reporter (LAW.md, who may speak)."""

import json
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from handlers import telling
from handlers.contract import Context
from models.casework.answer import ASKED, Answer, AnswerState, unsent_answers
from models.casework.inquiry import Inquiry
from models.directory.unit import unit
from models.errors import Refusal
from models.evidence.item import Attachment, Item, ItemKind
from models.law.pack_file import LawPack
from models.messages.message import Alarm
from models.people import authorising, mandate
from models.people.mandate import Mandate, MandateKind
from models.people.person import Account, Person, Role, accounts_of
from models.texts import Words

RELEASE = "answer.release"  # the alarm after which a confirmed answer goes out


def pack(context: Context) -> LawPack:
    """The pack in force now: mandates, refusals and publications are acts of today (LAW.md, which pack applies)."""
    return context.office.rules.law.at(context.now)


async def fits(context: Context, unit_id: str, kind: MandateKind, position: str) -> None:
    """Whether somebody of this position may be given a mandate of this kind in a unit (09/2017 Art 3(2), 3(3)).

    Raises:
        Refusal: the article that leaves it to the head or a deputy.
    """
    found = await unit(context.store, unit_id)
    basis = authorising.misfit(pack(context), found.kind, kind, position) if found is not None else None
    if basis is not None:
        raise Refusal("join.deputy_only", position=position or "–", basis=basis)


async def right(context: Context, case: Inquiry, person_id: int | None = None, at: datetime | None = None) -> Mandate | None:
    """The mandate by which a person (whoever writes) may speak on a case at a moment (now), or None."""
    who = context.my_id if person_id is None else person_id
    return await mandate.may_speak(context.store, who, case.unit_id or "", at or context.now, case.code, case.matter_code)


async def speakers(context: Context, case: Inquiry) -> list[tuple[Person, Mandate]]:
    """Who may speak on a case now."""
    return await mandate.spokespersons(context.store, case.unit_id or "", context.now, case.code, case.matter_code)


async def head_accounts(context: Context, unit_id: str | None, *, but: int | None = None) -> list[Account]:
    """Where a unit's heads are reached; the press office where there is no other head who can be."""
    leaders = await mandate.heads(context.store, unit_id or "", context.now)
    accounts = list(await accounts_of(context.store, *(p.id for p in leaders if p.id is not None and p.id != but)))
    return accounts or [a for a in await telling.officer_accounts(context) if a.person_id != but]


async def leads(context: Context, unit_id: str | None) -> bool:
    """Whether whoever writes is a head of the unit."""
    return any(p.id == context.my_id for p in await mandate.heads(context.store, unit_id or "", context.now))


async def waits_for_head(context: Context, unit_id: str | None) -> bool:
    """The unit wants its head's approval, and whoever writes is not the head (F24)."""
    return await authorising.needs_approval(context.store, unit_id) and not await leads(context, unit_id)


async def decides(context: Context, unit_id: str | None, own: Collection[int | None], flow: str, code: str) -> None:
    """Whether whoever writes may approve: a head of the unit, not on words of their own; an officer where there is no other head.

    Raises:
        Refusal: they may not; the sentence is the flow's own.
    """
    if context.my_id in own:
        raise Refusal(f"{flow}.not_own", code=code)
    leaders = {p.id for p in await mandate.heads(context.store, unit_id or "", context.now)} - set(own)
    if context.my_id not in leaders and (leaders or Role.OFFICER not in context.roles):
        raise Refusal(f"{flow}.head_only", code=code)


def spoken_by(context: Context, case: Inquiry, person: Person, held: Mandate) -> Item:
    """Name, position, unit, capacity and authorisation of the speaker as they are now (LAW.md, log field 6)."""
    facts: dict[str, Any] = {
        "name": person.name,
        "position": held.position,
        "unit": context.office.unit_name(case.unit_id),
        "capacity": held.kind.value,
        "decision_no": held.decision_no,
    }
    if held.kind is mandate.MandateKind.AUTHORISED:
        facts["matter"] = held.matter_code
        facts["valid_from"] = held.valid_from.isoformat()
        facts["valid_to"] = held.valid_to.isoformat() if held.valid_to else None
    return context.item(ItemKind.SPEAKER, json.dumps(facts, ensure_ascii=False, sort_keys=True), case.code)


def attribution(context: Context, case: Inquiry, speaker: Person, held: Mandate | None) -> Words:
    """Name, position, unit, date and reference, as an outlet must print them (Decree 244/2026 Art 9(1), 09/2017 Art 9(1))."""
    position = held.position if held is not None and held.position else "–"
    values = {"name": speaker.name, "position": position, "unit": context.office.unit(case.unit_id)}
    return Words.of("answer.attribution", **values, date=context.now.astimezone(context.zone).date(), code=case.code)


async def draft(context: Context, case: Inquiry, text: Item, speaker: Person, held: Mandate) -> Answer:
    """An answer that is confirmed: the words, the speaker, the right; it goes out when its alarm rings."""
    answer = Answer(
        case_code=case.code,
        item=text.digest,
        speaker=spoken_by(context, case, speaker, held).digest,
        person_id=speaker.id or 0,
        mandate_id=held.id,
        drafted_by=text.person_id,
        confirmed_at=context.now,
        release_at=context.later(context.office.undo),
    )
    context.store.add(answer)
    await context.store.flush()
    return answer


async def out_of_the_way(context: Context, case: Inquiry) -> list[Answer]:
    """One answer at a time: one that is held, or waits for the head of a unit that no longer has the case, gives way to the new one."""
    found = list(await unsent_answers(context.store, case.code))
    for answer in found:
        given = await context.store.get(Mandate, answer.mandate_id) if answer.mandate_id is not None else None
        foreign = given is not None and given.unit_id != case.unit_id
        if answer.state is AnswerState.CONFIRMED and not (foreign and answer.approval == ASKED):
            key = "answer.waits_for_head" if answer.approval == ASKED else "answer.already_on_its_way"
            raise Refusal(key, code=case.code)
        answer.state = AnswerState.UNDONE
    return found


def release_later(context: Context, answer: Answer) -> int:
    """Let the undo run, then send; returns how many seconds there are."""
    answer.release_at = context.later(context.office.undo)
    context.store.add(Alarm(due_at=answer.release_at, action=RELEASE, subject=str(answer.id)))
    return int(context.office.undo.total_seconds())


def refs(files: Sequence[Attachment]) -> list[dict[str, Any]]:
    """How entries name files."""
    return [file.ref() for file in files]
