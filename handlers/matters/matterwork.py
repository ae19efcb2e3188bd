"""What several conversations do with a matter: find it by right, show it, start its clocks, tell those it concerns."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from handlers import telling
from handlers.clocks import clocks
from handlers.contract import LEAVE, Choice, Context, InboundMessage, Kind, Outcome, Outgoing, Screen, urgent
from handlers.form import chosen, words_of
from models import dates
from models.casework import inquiry, matter
from models.casework.answer import Answer
from models.casework.inquiry import Inquiry
from models.casework.matter import Matter
from models.casework.statement import Statement, StatementState
from models.clocks.deadline import Deadline, DeadlineState
from models.directory.unit import DESK, Unit, search, units
from models.errors import Refusal
from models.evidence import item
from models.evidence.exchange import Entry
from models.evidence.item import Excerpt
from models.law.terms import Trigger
from models.people import mandate
from models.people.person import Person, Role
from models.texts import Due, Words


async def ours(context: Context, code: str) -> Matter:
    """A matter the person may work on: their unit speaks on it or is concerned, or they are an officer."""
    found = await matter.by_code(context.store, code)
    if found is None or not await _concerned(context, found):
        raise Refusal("matter.unknown", code=code)
    return found


async def _concerned(context: Context, found: Matter) -> bool:
    if Role.OFFICER in context.roles or found.unit_id in context.units:
        return True
    return any(row.unit_id in context.units for row in await matter.units_of(context.store, found.code))


async def led(context: Context, code: str) -> Matter:
    """A matter the person may decide on: an officer, or whoever may speak for the unit that must speak."""
    found = await ours(context, code)
    if not await may_open(context, found.unit_id, found.code):
        raise Refusal("matter.spokesperson_only", unit=context.office.unit_name(found.unit_id))
    return found


async def may_open(context: Context, unit_id: str, code: str | None = None) -> bool:
    """Officers, and whoever may speak for the unit at this moment."""
    if Role.OFFICER in context.roles:
        return True
    return await mandate.may_speak(context.store, context.my_id, unit_id, context.now, code) is not None


def start(context: Context, code: str, kind: str, pack_id: str, times: Mapping[Trigger, datetime]) -> list[Deadline]:
    """Start and wind every clock these times start."""
    rules = context.office.rules
    started = [rules.start(code, clock_id, at) for clock_id, at in matter.duties(rules.law, kind, pack_id, times)]
    context.store.add_all(started)
    for clock in started:
        clocks.wind(context, clock)
    return started


async def subject(context: Context, clock: Deadline) -> clocks.Subject | None:
    """A duty to speak, for the clock's ladder: the unit that must speak, then whoever is above it."""
    found = await matter.by_code(context.store, clock.case_code)
    if found is None or found.state not in matter.LIVE:
        return None
    ways = (Choice("choice.matter_spoke", f"statement.begin:{found.code}"), Choice("choice.matter_show", f"matter.show:{found.code}"))
    said = await facts(context, found)
    late = Screen.of("matter.overdue" if clock.is_overdue(context.now) else "matter.warn", *ways, **said)
    return clocks.Subject(
        unit_id=found.unit_id,
        screens={"warn": Screen.of("matter.warn", *ways, **said), "due": late, "unit": late, "office": late},
        entry=found.entry,
        holders=await mandate.desk_accounts(context.store, found.unit_id, context.now),
        matter_code=found.code,
        case=found.code,
    )


async def spoken(context: Context, case: Inquiry, answer: Answer) -> list[Entry]:
    """An official answer to an inquiry speaks on its matter too: the entries that say so, none where it has none."""
    found = await matter.by_code(context.store, case.matter_code) if case.matter_code else None
    if found is None or found.state not in matter.LIVE:
        return []
    running = await matter.clocks_of(context.store, found.code)
    said = answer.sent_at or context.now  # one given by phone was given when it was said, not when somebody typed it
    return [found.spoke(said, running, form=answer.form, item=answer.item, inquiry=case.code)]


async def facts(context: Context, found: Matter) -> dict[str, Any]:
    """What every screen about a matter may say."""
    texts, language = context.office.texts, context.account.language if context.account else "vi"
    unknown = Words.of("matter.time_unknown")
    units = [context.office.unit_name(row.unit_id) for row in await matter.units_of(context.store, found.code)]
    by = await context.store.get(Person, found.impact_determined_by) if found.impact_determined_by else None
    lines = [texts.say(language, "matter.clock", clock_facts(context, c)) for c in await matter.clocks_of(context.store, found.code)]
    cases = [
        texts.say(language, "matter.inquiry", {"code": c.code, "state": Words.of(f"case.state_{c.state.value}"), "unit": _unit(context, c)})
        for c in await matter.inquiries_of(context.store, found.code)
    ]
    none = texts.say(language, "matter.none")
    determined = Words.of("matter.determined", at=found.impact_determined_at, name=by.name if by else "–")
    return {
        "code": found.code,
        "title": await item.item(context.store, found.title) or item.TOMBSTONE,
        "kind": kind_words(context, found),
        "state": Words.of(f"matter.state_{found.state.value}"),
        "unit": context.office.unit_name(found.unit_id),
        "units": ", ".join(units) or none,
        "joint": Words.of("matter.joint_yes" if found.joint else "matter.joint_no"),
        "occurred": found.occurred_at or unknown,
        "received": found.received_handled_at or unknown,
        "determined": determined if found.impact_determined_at else unknown,
        "first": found.first_statement_at or unknown,
        "clocks": "\n".join(lines) or none,
        "inquiries": "\n".join(cases) or none,
    }


def _unit(context: Context, case: Inquiry) -> str:
    return context.office.unit_name(case.unit_id)


def kind_words(context: Context, found: Matter) -> object:
    """The name of a matter's kind, in the words of its pack."""
    rows = context.office.rules.law.pack(found.pack_id).inquiry_kinds
    return next((row.label for row in rows if row.id == found.kind), Words.of("matter.kind_ordinary"))


def clock_facts(context: Context, clock: Deadline) -> dict[str, Any]:
    """One clock: what it asks, until when, and how it stands."""
    rule = context.office.rules.clock(clock)
    state = "overdue" if clock.is_overdue(context.now) else clock.state.value
    if clock.state is DeadlineState.SATISFIED and clock.due_at and clock.ended_at:
        state = "met" if clock.ended_at < clock.due_at else "met_late"
    label = f"{rule.label} – {rule.basis}" if rule else clock.clock_id
    return {"label": label, "due": Due(clock.due_at) if clock.due_at else "–", "state": Words.of(f"matter.clock_{state}")}


async def tell(context: Context, found: Matter, screen: Screen, *, officers: bool = False, units: Sequence[str] = ()) -> list[Outgoing]:
    """A word about a matter to the unit that speaks, to `units`, and to the officers; not to whoever wrote."""
    here = context.account.id if context.account else None
    accounts = {a.id: a for unit in (found.unit_id, *units) for a in await mandate.desk_accounts(context.store, unit, context.now)}
    if officers or not accounts:
        accounts |= {a.id: a for a in await telling.officer_accounts(context)}
    accounts.pop(here, None)
    return [urgent(o) for o in context.tell(accounts.values(), screen, found.code)]


async def page(context: Context, found: Matter) -> Outcome:
    """A matter's page: times, clocks, inquiries, who."""
    return Outcome(screens=[context.reply("matter.show", *page_choices(found), case=found.code, **await facts(context, found))])


def page_choices(found: Matter) -> tuple[Choice, ...]:
    """What can be done with a matter; the last one opens the rest."""
    code = found.code
    if found.state is matter.MatterState.CLOSED:
        return (Choice("choice.matter_reopen", f"matter.reopen:{code}"), Choice("choice.history", f"matter.history:{code}"))
    return (
        Choice("choice.matter_spoke", f"statement.begin:{code}"),
        Choice("choice.matter_time", f"matter.time:{code}"),
        Choice("choice.matter_attach", f"matter.attach:{code}"),
        Choice("choice.matter_close", f"matter.close:{code}"),
        Choice("choice.more", f"matter.more:{code}"),
    )


def approval_screen(found: Statement, about: Matter, author: str, text: object) -> Screen:
    """A statement that waits for the head, or was spoken before one approved."""
    late = found.state is StatementState.OWED
    ways = (
        Choice("choice.approve_late" if late else "choice.approve", f"statement.approve:{found.id}"),
        Choice("choice.object" if late else "choice.give_back", f"statement.return:{found.id}"),
    )
    return Screen.of("statement.owed" if late else "statement.for_you", *ways, code=about.code, colleague=author, text=text)


async def approval_card(context: Context, found: Statement, about: Matter) -> Outgoing:
    """The same as a line of a list."""
    author, text = await context.store.get_one(Person, found.person_id), await item.item(context.store, found.item)
    screen = approval_screen(found, about, author.name, Excerpt(text, 400) if text is not None else item.TOMBSTONE)
    return context.show(screen)


def form_label(context: Context, wanted: str) -> str:
    """A form of speaking, as the pack in force calls it."""
    return next((form.label for form in context.office.rules.law.at(context.now).forms if form.id == wanted), wanted)


async def put_on_record(context: Context, found: Matter, at: datetime, form: str, text: str, *also: object, **detail: Any) -> Outcome:
    """Somebody spoke: the clocks that ran then are met, in time or late, and everybody concerned is told."""
    files = [file.ref() for file in await item.files_of_item(context.store, text)]
    spoke = found.spoke(at, await matter.clocks_of(context.store, found.code), form=form, item=text, files=files, **detail)
    entry = replace(spoke, about=(*spoke.about, *also))
    await context.store.flush()
    said = await facts(context, found)
    notice = Screen.of(
        "statement.notice", Choice("choice.matter_show", f"matter.show:{found.code}"), form=form_label(context, form), at=at, **said
    )
    told = await tell(context, found, notice, officers=True)
    done = Outcome([entry], [context.reply("statement.done", case=found.code, code=found.code), *told], LEAVE, found.code)
    return done + await page(context, found)


async def on_an_inquiry(context: Context, code: str) -> Inquiry:
    """An inquiry that may still be hung on a matter by this person, whatever its state: an answered one belongs to it as well."""
    found = await inquiry.by_code(context.store, code)
    allowed = found is not None and (Role.OFFICER in context.roles or found.unit_id in context.units)
    if found is None or not allowed:
        raise Refusal("case.unknown", code=code)
    return found


def said_time(message: InboundMessage, context: Context, known: Mapping[Trigger, datetime], which: Trigger) -> datetime:
    """A time that has been, as typed or tapped; one that cannot be is refused with a word why."""
    if message.kind is Kind.CHOICE:
        chosen(message, "now")
        return context.now
    at = dates.past(words_of(message, most=60), context.now, context.zone)
    if at is None:
        raise Refusal("matter.time_unreadable")
    matter.check_times({**known, which: at}, context.now)
    return at


async def unit_named(context: Context, words: str, most: int) -> list[Unit]:
    """The units a name may mean; a name that means none is refused."""
    found = [u for u in search(await units(context.store, context.now), words, most) if u.id != DESK]
    if not found:
        raise Refusal("matter.unit_unknown", name=words[:60])
    return found
