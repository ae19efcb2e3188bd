"""`/trực`: who is on duty at night, on weekends and over Tết; the press office keeps the roster, whoever is on duty may hand over (F29).

The roster is written as a list, typed or pasted; what stood on those days gives way, and the people concerned are told.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from handlers import asking, telling
from handlers.contract import LEAVE, Choice, Context, InboundMessage, Kind, Outcome, Outgoing, Place, Screen
from handlers.form import Answers, Form, Question
from models.casework import board
from models.clocks import absence, duty, duty_list
from models.clocks.duty import Shift
from models.errors import Refusal
from models.evidence.exchange import Entry
from models.messages.message import Alarm
from models.people.person import Person, PostKind, Role, accounts_of, posted
from models.text import fold, number
from models.texts import Words

ALARM = "duty.begins"
SHOWN_DAYS = 21
AHEAD = 14  # days for which a day off without anybody is named
LISTED = 20
LONGEST_LIST = 6000


async def show(_message: InboundMessage, context: Context) -> Outcome:
    """Who is on duty now and in the coming weeks, and which days off nobody has."""
    texts, language = context.office.texts, context.here.language
    shifts = await duty.between(context.store, context.now, context.later(timedelta(days=SHOWN_DAYS)))
    away = await absence.away(context.store, context.now)
    lines: list[str] = []
    for shift in shifts[:LISTED]:
        said: dict[str, Any] = {"name": await _name(context, shift.person_id), "from": shift.starts_at, "to": shift.ends_at}
        instead = away.get(shift.person_id) if shift.starts_at <= context.now else None
        said["instead"] = Words.of("duty.instead", name=await _name(context, instead)) if instead is not None else ""
        lines.append(texts.say(language, "duty.line_now" if shift.starts_at <= context.now else "duty.line", said))
    ways: list[Choice] = []
    if Role.OFFICER in context.roles:
        ways.append(Choice("choice.duty_set", "duty.set"))
    mine = [shift for shift in shifts if shift.starts_at <= context.now and _may_hand(context, shift)]
    ways += [Choice.of("choice.duty_hand", f"duty.hand:{shift.id}", name=await _name(context, shift.person_id)) for shift in mine[:2]]
    gaps = await duty.uncovered(context.store, context.office.rules.calendar, context.now, AHEAD, weekends=True)
    missing = ", ".join(f"{day:%d/%m}" for day in gaps) or texts.say(language, "duty.no_gap", {})
    return Outcome(screens=[context.reply("duty.list" if lines else "duty.empty", *ways, lines="\n".join(lines), missing=missing)])


async def _name(context: Context, person_id: int | None) -> str:
    one = await context.store.get(Person, person_id) if person_id is not None else None
    return one.name if one is not None else "–"


def _may_hand(context: Context, shift: Shift) -> bool:
    return Role.OFFICER in context.roles or shift.person_id == context.my_id


async def _candidates(context: Context) -> dict[int, str]:
    """Who may be on duty: the press office, and the people of the units that stand at the end of the ladders."""
    people = {p.id or 0: p.name for p in await posted(context.store, context.now, kind=PostKind.OFFICER)}
    for unit_id in context.office.rules.law.at(context.now).role_units.values():
        people |= {p.id or 0: p.name for p in await posted(context.store, context.now, unit_id=unit_id)}
    return people


async def begin(_message: InboundMessage, context: Context) -> Outcome:
    """Invite the list."""
    return await FORM.begin(context)


async def advance(message: InboundMessage, context: Context) -> Outcome:
    """The list, and the confirmation."""
    return await FORM.advance(message, context)


async def _ask_list(context: Context, _answers: Answers) -> Screen:
    names = sorted((await _candidates(context)).values(), key=fold)
    return Screen.of("duty.ask", names="\n".join(f"• {name}" for name in names[:LISTED]) or "–")


async def _take_list(message: InboundMessage, context: Context, _answers: Answers) -> Mapping[str, Any]:
    """Every line with a day in it; the lines that were not understood are shown with the summary, none is swallowed."""
    if message.kind is not Kind.TEXT or message.files or not message.text:
        raise Refusal("form.words_please")
    if len(message.text) > LONGEST_LIST:
        raise Refusal("form.too_long", most=LONGEST_LIST)
    lines, faults = duty_list.read(message.text, await _candidates(context), context.office.rules.calendar, context.now)
    if not lines:
        raise Refusal(faults[0].key if faults else "duty.no_day", number=faults[0].number if faults else 0)
    shifts = [[line.person, start.isoformat(), end.isoformat()] for line in lines for start, end in line.spans]
    return {"shifts": shifts, "faults": [[fault.number, fault.text, fault.key] for fault in faults]}


async def _summary(context: Context, answers: Answers) -> Screen:
    """What will stand on the roster, and below it the lines nobody could read."""
    texts, language = context.office.texts, context.here.language
    lines: list[str] = []
    for person, start, end in answers["shifts"]:
        name = await _name(context, person) if person is not None else texts.say(language, "duty.nobody", {})
        said = {"name": name, "from": datetime.fromisoformat(start), "to": datetime.fromisoformat(end), "instead": ""}
        away = await _away(context, person, said["from"], said["to"])
        lines.append(texts.say(language, "duty.line", said | ({"instead": away} if away else {})))
    faults = [
        texts.say(language, "duty.fault", {"number": n, "text": text, "why": Words.of(key, number=n)}) for n, text, key in answers["faults"]
    ]
    key = "duty.summary_faults" if faults else "duty.summary"
    return Screen.of(key, lines="\n".join(lines), faults="\n".join(faults))


async def _away(context: Context, person: int | None, start: Any, end: Any) -> Words | None:
    """A word beside somebody who has announced that they are away then."""
    found = await absence.meanwhile(context.store, person, start, end, context.now) if person is not None else None
    return Words.of("duty.away", until=found.ends_at) if found is not None else None


async def _finish(_message: InboundMessage, context: Context, answers: Answers) -> Outcome:
    """It stands; whoever is on duty or no longer is reads it."""
    wanted = [
        _shift(context, int(person), datetime.fromisoformat(start), datetime.fromisoformat(end))
        for person, start, end in answers["shifts"]
        if person is not None
    ]
    freed = [(datetime.fromisoformat(a), datetime.fromisoformat(b)) for person, a, b in answers["shifts"] if person is None]
    entry, touched = await _placed(context, "set", wanted, freed)
    told = await _tell(context, touched)
    return Outcome([entry], [context.reply("duty.done", number=len(wanted)), *told], LEAVE)


def _shift(context: Context, person: int, start: datetime, end: datetime) -> Shift:
    return Shift(person_id=person, starts_at=start, ends_at=end, set_by=context.my_id, set_at=context.now)


async def _placed(
    context: Context, action: str, wanted: Sequence[Shift], freed: Sequence[tuple[datetime, datetime]] = (), **more: object
) -> tuple[Entry, list[Shift]]:
    """The roster is changed, the alarms of what begins are set; the entry, and every shift it touches."""
    new, cut = await duty.place(context.store, wanted, freed)
    for shift in (*new, *cut):
        if context.now < shift.starts_at < shift.ends_at:
            context.store.add(Alarm(due_at=shift.starts_at, action=ALARM, subject=str(shift.id)))
    return duty.entry(action, new, cut, **more), [*new, *cut]


async def _tell(context: Context, touched: Sequence[Shift]) -> list[Outgoing]:
    """Each person once, with their shifts as they stand now; not whoever wrote."""
    told: list[Outgoing] = []
    coming = await duty.between(context.store, context.now, context.later(2 * duty.LONGEST))
    for person in dict.fromkeys(shift.person_id for shift in touched if shift.person_id != context.my_id):
        mine = [shift for shift in coming if shift.person_id == person][:LISTED]
        said = [context.office.texts.say("vi", "duty.mine_line", {"from": s.starts_at, "to": s.ends_at}) for s in mine]
        screen = Screen.of("duty.for_you" if said else "duty.no_longer", lines="\n".join(said))
        told += context.tell(await accounts_of(context.store, person), screen)
    return told


FORM = Form("duty", (Question("list", _ask_list, _take_list),), _summary, _finish)


async def hand(message: InboundMessage, context: Context) -> Outcome:
    """Hand the running shift to somebody: whom?"""
    shift = await _running(context, message.argument)
    others = {person: name for person, name in (await _candidates(context)).items() if person != shift.person_id}
    if not others:
        raise Refusal("duty.nobody_else")
    ways = [Choice.of("choice.plain", f"={person}", text=name) for person, name in sorted(others.items())[:4]]
    screen = context.reply("duty.to_whom", *ways, Choice("choice.quit", "=quit"), until=shift.ends_at)
    return Outcome(screens=[screen], place=Place("duty", "heir", {"shift": shift.id}))


async def _running(context: Context, wanted: str) -> Shift:
    """A shift that runs now and is the writer's to hand on."""
    shift = await context.store.get(Shift, number(wanted) or 0)
    if shift is None or not _may_hand(context, shift):
        raise Refusal("duty.not_yours")
    if not shift.starts_at <= context.now < shift.ends_at:
        raise Refusal("duty.not_running")
    return shift


async def handed(message: InboundMessage, context: Context) -> Outcome:
    """From this minute on somebody else is called; both are told."""
    if asking.quits(message):
        return asking.left(context)
    shift = await _running(context, str(asking.said(context).get("shift", "")))
    people = await _candidates(context)
    heir = _heir(message, {person: name for person, name in people.items() if person != shift.person_id})
    if await absence.meanwhile(context.store, heir, context.now, shift.ends_at, context.now) is not None:
        raise Refusal("duty.heir_away", name=people[heir])
    until, before = shift.ends_at, shift.person_id
    entry, touched = await _placed(context, "handed_over", [_shift(context, heir, context.now, until)], origin=before, successor=heir)
    told = await _tell(context, touched)
    return Outcome([entry], [context.reply("duty.handed", name=people[heir], until=until), *told], LEAVE)


def _heir(message: InboundMessage, people: Mapping[int, str]) -> int:
    """A tap, or a name."""
    if message.kind is Kind.CHOICE:
        found = [person for person in people if message.choice == f"={person}"]
    else:
        words = fold(message.text)
        found = [person for person, name in people.items() if words and words in fold(name)]
    if len(found) != 1:
        raise Refusal("duty.which_person" if found else "duty.person_unknown", number=1)
    return found[0]


async def begins(message: InboundMessage, context: Context) -> Outcome:
    """A shift begins: whoever has it reads until when and how much is open. One that was moved or handed on is silent."""
    shift = await context.store.get(Shift, number(str(message.detail["subject"])) or 0)
    if shift is None or not shift.starts_at <= context.now < shift.ends_at:
        return Outcome()
    people = sorted(await absence.beside(context.store, [shift.person_id], context.now))
    counts = await board.board(context.store, context.now, context.now)
    screen = Screen.of("duty.begins", until=shift.ends_at, open=counts.open, overdue=counts.overdue)
    accounts = await accounts_of(context.store, *people)
    if not accounts:
        name = await _name(context, shift.person_id)
        return Outcome(screens=context.tell(await telling.officer_accounts(context), Screen.of("duty.unreachable", name=name)))
    return Outcome(screens=context.tell(accounts, screen))
