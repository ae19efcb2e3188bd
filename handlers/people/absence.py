"""`/vắngmặt`: from when to when somebody is away, and who stands in; it takes over and gives back by itself (F29).

Announced by oneself; by the head or the press office for somebody who cannot. The right to speak does not pass on.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any

from handlers.answering import speaking
from handlers.contract import LEAVE, Choice, Context, InboundMessage, Outcome, Outgoing, Screen
from handlers.form import Answers, Form, Question, words_of
from handlers.table import argument_of
from models import dates
from models.casework import board
from models.casework.inquiry import Inquiry
from models.clocks import absence
from models.clocks.absence import Absence
from models.errors import Refusal
from models.messages.message import Alarm
from models.people import mandate
from models.people.person import Person, Role, accounts_of, posted, posts_of
from models.text import fold, number
from models.texts import Due, Words

BEGINS, ENDS = "absence.begins", "absence.ends"
SHOWN = 4
_SPAN = re.compile(r"(?:từ|tu|from)?\s*(.+?)\s*(?:đến|den|tới|toi|to|-|–)\s*(.+)", re.IGNORECASE)


async def show(message: InboundMessage, context: Context) -> Outcome:
    """What I have announced, or the first question; `/vangmat từ 24/11 đến 30/11` answers two at once."""
    said = argument_of(message.text)
    known = await absence.of_person(context.store, context.my_id, context.now)
    if known and not said:
        return Outcome(screens=[await _mine(context, known[0])])
    return await _begin(context, context.my_id, said)


async def _mine(context: Context, known: Absence) -> Outgoing:
    name = await _name(context, known.stand_in_id)
    ways = (Choice("choice.absence_over", f"absence.end:{known.id}"), Choice("choice.absence_new", f"absence.begin:{known.person_id}"))
    return context.reply("absence.mine", *ways, start=known.starts_at, until=Due(known.ends_at), name=name)


async def begin(message: InboundMessage, context: Context) -> Outcome:
    """A tap: for oneself, or for somebody of a unit one looks after."""
    return await _begin(context, number(message.argument) or context.my_id, "")


async def _begin(context: Context, person: int, said: str) -> Outcome:
    if person != context.my_id:
        await _may(context, person)
    answers: Answers = {"person": person}
    span = _SPAN.fullmatch(said) if said else None
    if span is not None:
        answers |= _start(context, span[1])
        answers |= await _until(context, answers, span[2]) | {"given": True}
    return await FORM.begin(context, answers)


async def _may(context: Context, person: int) -> None:
    """Officers for everybody, a head for their own unit."""
    units = {post.unit_id for post in await posts_of(context.store, person, context.now)}
    if not units:
        raise Refusal("staff.unknown")
    if Role.OFFICER not in context.roles and not any([await speaking.leads(context, unit) for unit in sorted(units)]):
        raise Refusal("staff.not_yours")


async def advance(message: InboundMessage, context: Context) -> Outcome:
    """The next answer."""
    return await FORM.advance(message, context)


async def _name(context: Context, person: int) -> str:
    one = await context.store.get(Person, person)
    return one.name if one is not None else "–"


async def _ask_from(context: Context, answers: Answers) -> Screen:
    return Screen.of("absence.from", Choice("choice.from_now", "=now"), name=await _name(context, answers["person"]))


async def _take_from(message: InboundMessage, context: Context, _answers: Answers) -> Mapping[str, Any]:
    return {"from": context.now.isoformat()} if message.choice == "=now" else _start(context, words_of(message, most=60))


def _start(context: Context, text: str) -> dict[str, Any]:
    """A day begins with its midnight, a typed hour with itself; today, and what has begun already, with this minute."""
    day = dates.day(text, context.now.astimezone(context.zone).date())
    if day is None:
        raise Refusal("absence.day_please")
    typed = dates.moment(text, context.now, context.zone) if re.search(r"\d\s*(?:h|giờ|gio|:)", text, re.IGNORECASE) else None
    start = typed or datetime.combine(day, time.min, tzinfo=context.zone)
    if start.astimezone(context.zone).date() < context.now.astimezone(context.zone).date():
        raise Refusal("absence.past")
    return {"from": max(start, context.now).isoformat()}


async def _ask_until(_context: Context, answers: Answers) -> Screen:
    return Screen.of("absence.until", start=datetime.fromisoformat(answers["from"]))


async def _take_until(message: InboundMessage, context: Context, answers: Answers) -> Mapping[str, Any]:
    return await _until(context, answers, words_of(message, most=60))


async def _until(context: Context, answers: Answers, text: str) -> dict[str, Any]:
    """The last day of it; not before it begins, not half a year, not twice at once."""
    start = datetime.fromisoformat(answers["from"])
    day = dates.day(text, start.astimezone(context.zone).date())
    if day is None:
        raise Refusal("absence.day_please")
    end = datetime.combine(day + timedelta(days=1), time.min, tzinfo=context.zone)
    if end <= start:
        raise Refusal("absence.backwards")
    if end - start > timedelta(days=absence.LONGEST_DAYS):
        with_year = len(re.findall(r"\d[/.\-]\d", text)) > 1  # without one, “20/11” after the 24th is next year's, and not what was meant
        raise Refusal("absence.too_long" if with_year else "absence.backwards", most=absence.LONGEST_DAYS)
    other = await absence.meanwhile(context.store, answers["person"], start, end, context.now)
    if other is not None:
        raise Refusal("absence.already", start=other.starts_at, until=Due(other.ends_at))
    return {"until": end.isoformat()}


async def _colleagues(context: Context, person: int) -> list[Person]:
    found: dict[int, Person] = {}
    for post in await posts_of(context.store, person, context.now):
        found |= {p.id or 0: p for p in await posted(context.store, context.now, unit_id=post.unit_id) if p.id != person}
    return list(found.values())


async def _ask_stand_in(context: Context, answers: Answers) -> Screen:
    people = await _colleagues(context, answers["person"])
    if not people:
        raise Refusal("absence.nobody_else")
    ways = [Choice.of("choice.plain", f"=p{p.id}", text=p.name) for p in people[:SHOWN]]
    return Screen.of("absence.stand_in", *ways)


async def _take_stand_in(message: InboundMessage, context: Context, answers: Answers) -> Mapping[str, Any]:
    """A colleague of the same unit who is there meanwhile."""
    people = await _colleagues(context, answers["person"])
    if message.choice is not None:
        found = [p for p in people if message.choice == f"=p{p.id}"]
    else:
        wanted = fold(words_of(message, most=120))
        found = [p for p in people if wanted and wanted in fold(p.name)]
    if len(found) != 1:
        raise Refusal("absence.which_person" if found else "absence.person_unknown")
    start, end = datetime.fromisoformat(answers["from"]), datetime.fromisoformat(answers["until"])
    other = await absence.meanwhile(context.store, found[0].id or 0, start, end, context.now)
    if other is not None:
        raise Refusal("absence.also_away", name=found[0].name, start=other.starts_at, until=Due(other.ends_at))
    return {"stand_in": found[0].id}


async def _summary(context: Context, answers: Answers) -> Screen:
    person, stand_in = answers["person"], answers["stand_in"]
    speaks = await _speaks(context, stand_in, person)
    return Screen.of(
        "absence.summary",
        name=await _name(context, person),
        instead=await _name(context, stand_in),
        start=datetime.fromisoformat(answers["from"]),
        until=Due(datetime.fromisoformat(answers["until"])),
        right=Words.of("absence.may_speak" if speaks else "absence.may_not_speak"),
    )


async def _speaks(context: Context, stand_in: int, person: int) -> bool:
    """Whether whoever stands in may speak wherever the absent one may."""
    mine = {m.unit_id for m in await mandate.mandates(context.store, context.now, person_id=person) if m.covers()}
    theirs = {m.unit_id for m in await mandate.mandates(context.store, context.now, person_id=stand_in) if m.covers()}
    return mine <= theirs


async def _finish(_message: InboundMessage, context: Context, answers: Answers) -> Outcome:
    """On record; what begins now is handed over now."""
    start = max(datetime.fromisoformat(answers["from"]), context.now)
    end = datetime.fromisoformat(answers["until"])
    if await absence.meanwhile(context.store, answers["person"], start, end, context.now) is not None or end <= context.now:
        raise Refusal("absence.day_please")
    row = Absence(
        person_id=answers["person"], stand_in_id=answers["stand_in"], starts_at=start, ends_at=end, set_by=context.my_id, set_at=context.now
    )
    context.store.add(row)
    await context.store.flush()
    context.store.add(Alarm(due_at=end, action=ENDS, subject=f"{row.id}:{row.ends_at.astimezone(UTC).isoformat()}"))
    if start > context.now:
        context.store.add(Alarm(due_at=start, action=BEGINS, subject=str(row.id)))
    told = await _handed(context, row) if start <= context.now else await _announced(context, row)
    name = await _name(context, row.stand_in_id)
    back = Choice("choice.absence_over", f"absence.end:{row.id}")
    reply = context.reply("absence.done", back, name=name, start=start, until=Due(end))
    if row.person_id != context.my_id:
        screen = Screen.of("absence.recorded", back, officer=context.me.name, name=name, start=start, until=Due(end))
        told += context.tell(await accounts_of(context.store, row.person_id), screen)
    return Outcome([row.begun()], [reply, *told], LEAVE)


async def _announced(context: Context, row: Absence) -> list[Outgoing]:
    said: dict[str, Any] = {"name": await _name(context, row.person_id), "start": row.starts_at, "until": Due(row.ends_at)}
    return context.tell(await accounts_of(context.store, row.stand_in_id), Screen.of("absence.for_you", **said))


async def _handed(context: Context, row: Absence) -> list[Outgoing]:
    """Whoever stands in reads what is open."""
    cases = await _cases(context, row.person_id)
    ways = [Choice.of("choice.plain", f"desk.show:{case.code}", text=case.code) for case in cases[:SHOWN]]
    codes = ", ".join(case.code for case in cases) or "–"
    screen = Screen.of("absence.yours_now", *ways, name=await _name(context, row.person_id), until=Due(row.ends_at), codes=codes)
    return context.tell(await accounts_of(context.store, row.stand_in_id), screen)


async def _cases(context: Context, person: int) -> list[Inquiry]:
    """The open cases somebody has taken on or was asked first about."""
    units = [post.unit_id for post in await posts_of(context.store, person, context.now)]
    found = await board.open_of_units(context.store, units, 500)
    return [case for case, _ in found if person == (case.acknowledged_by or case.brought_to)]


async def begins(message: InboundMessage, context: Context) -> Outcome:
    """The absence begins; one that was called off is silent."""
    row = await context.store.get(Absence, number(str(message.detail["subject"])) or 0)
    running = row is not None and row.starts_at <= context.now < row.ends_at
    return Outcome(screens=await _handed(context, row) if row is not None and running else [])


async def ends(message: InboundMessage, context: Context) -> Outcome:
    """The last day is over: both are told that it goes back. One that was ended before is silent."""
    wanted, _, end = str(message.detail["subject"]).partition(":")
    row = await context.store.get(Absence, number(wanted) or 0)
    return Outcome(screens=await _returned(context, row) if row is not None and row.ends_at.astimezone(UTC).isoformat() == end else [])


async def _returned(context: Context, row: Absence) -> list[Outgoing]:
    said = {"name": await _name(context, row.person_id), "instead": await _name(context, row.stand_in_id)}
    here = context.account.id if context.account else None
    accounts = await accounts_of(context.store, row.stand_in_id, row.person_id)
    return context.tell([a for a in accounts if a.id != here], Screen.of("absence.back", **said))


async def end(message: InboundMessage, context: Context) -> Outcome:
    """Back before the last day: from this minute on they are asked again."""
    row = await context.store.get(Absence, number(message.argument) or 0)
    if row is None:
        raise Refusal("start.stale")
    if row.person_id != context.my_id:
        await _may(context, row.person_id)
    entry = row.end(context.now)
    return Outcome([entry], [context.reply("absence.ended", name=await _name(context, row.person_id)), *await _returned(context, row)])


FORM = Form(
    "absence",
    (
        Question("from", _ask_from, _take_from, skip=lambda answers: bool(answers.get("given"))),
        Question("until", _ask_until, _take_until, skip=lambda answers: bool(answers.get("given"))),
        Question("stand_in", _ask_stand_in, _take_stand_in),
    ),
    _summary,
    _finish,
)
