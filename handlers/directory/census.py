"""The directory call: an officer asks every unit to confirm its page by a day; reminders, the late ones, a table (F122).

Each unit's contact gets one message with what the directory holds and two buttons; what is wrong becomes a proposal an officer decides on.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from handlers import asking, telling
from handlers.contract import LEAVE, Choice, Context, InboundMessage, Outcome, Outgoing, Place, Screen
from handlers.directory import pages
from handlers.form import Answers, Form, Question, words_of
from models import dates
from models.directory import census
from models.directory.census import Census, CensusAnswer, Reply
from models.directory.holding import Holding, holdings
from models.errors import Refusal
from models.messages.message import Alarm
from models.people.person import Role
from models.reports.order import ReportOrder
from models.text import number

ALARM = "census.due"
MORNING = time(8)
REMINDED = (3, 1)  # days before the date
FARTHEST = 60  # days ahead; a call without an end is none
NAMED = 20  # units named in a message; the table has all of them


async def show(_message: InboundMessage, context: Context) -> Outcome:
    """`/rasoat`: how the present call stands, or a new one."""
    running = await census.open_one(context.store)
    return await FORM.begin(context) if running is None else await _standing(context, running)


async def advance(message: InboundMessage, context: Context) -> Outcome:
    """The next part of a new call."""
    return await FORM.advance(message, context)


async def _ask_due(context: Context, _answers: Answers) -> Screen:
    last = await census.newest(context.store)
    ways = [Choice.of("choice.in_days", f"={days}", number=days) for days in (7, 14)]
    ways += [Choice("choice.census_last", f"census.table:{last.id}")] if last is not None else []
    return Screen.of("census.due", *ways)


async def _take_due(message: InboundMessage, context: Context, _answers: Answers) -> Mapping[str, Any]:
    today = _today(context)
    if message.choice in {"=7", "=14"}:
        due: date | None = today + timedelta(days=int(message.choice[1:]))
    else:
        due = dates.day(words_of(message, most=40), today)
    if due is None or not today < due <= today + timedelta(days=FARTHEST):
        raise Refusal("census.due_please", most=FARTHEST)
    return {"due": due.isoformat()}


async def _summary(context: Context, answers: Answers) -> Screen:
    held = await holdings(context.store, context.now)
    silent = [one.name for one in held.values() if not one.addresses]
    named = _named(silent, 5)
    return Screen.of("census.summary", due=date.fromisoformat(answers["due"]), units=len(held), silent=len(silent), names=named)


async def _finish(_message: InboundMessage, context: Context, answers: Answers) -> Outcome:
    """The call is kept with a line for every unit, also for those nobody of whom can be reached; the others are written to."""
    if await census.open_one(context.store) is not None:
        raise Refusal("census.running")
    called = Census(asked_by=context.my_id, asked_at=context.now, due_on=date.fromisoformat(answers["due"]))
    context.store.add(called)
    await context.store.flush()
    held = await holdings(context.store, context.now)
    answered = [CensusAnswer(census_id=called.id or 0, unit_id=unit_id) for unit_id in held]
    context.store.add_all([*answered, *_alarms(context, called)])
    told = [said for one in held.values() for said in _asked(context, called, one, "census.asked")]
    reached = sum(1 for one in held.values() if one.addresses)
    reply = context.reply("census.begun", due=called.due_on, units=len(held), reached=reached)
    return Outcome([called.begun(*answered)], [reply, *told], LEAVE)


FORM = Form("census", (Question("due", _ask_due, _take_due),), _summary, _finish)


def _alarms(context: Context, called: Census) -> list[Alarm]:
    """The mornings before the date, and the one after it."""
    mornings = [called.due_on - timedelta(days=days) for days in REMINDED] + [called.due_on + timedelta(days=1)]
    moments = [datetime.combine(day, MORNING, tzinfo=context.zone) for day in mornings]
    return [Alarm(due_at=at, action=ALARM, subject=str(called.id)) for at in moments if at > context.now]


def _asked(context: Context, called: Census, one: Holding, key: str) -> list[Outgoing]:
    """What the directory holds of a unit, to its contact, in the language of each account."""
    ways = tuple(Choice(f"choice.census_{reply.value}", f"census.{reply.value}:{called.id}:{one.unit_id}") for reply in Reply)
    return [
        Outgoing(account, Screen.of(key, *ways, unit=one.name, due=called.due_on, lines=pages.lines(context, one, account.language)))
        for account in one.addresses
    ]


async def rang(message: InboundMessage, context: Context) -> Outcome:
    """A morning of the call: before the date whoever is silent is asked again, after it the officers get the late list."""
    called = await context.store.get(Census, number(str(message.detail["subject"])) or 0)
    if called is None or called.closed_at is not None:
        return Outcome()
    waiting = await census.unanswered(context.store, called.id or 0)
    if _today(context) <= called.due_on:
        return await _remind(context, called, waiting) if waiting else Outcome()
    screen = await _screen(context, called, "census.late" if waiting else "census.complete")
    return Outcome([called.overdue(waiting)], context.tell(await telling.officer_accounts(context), screen))


async def _remind(context: Context, called: Census, waiting: Sequence[str]) -> Outcome:
    held = await holdings(context.store, context.now)
    told = [said for unit in waiting if unit in held for said in _asked(context, called, held[unit], "census.again")]
    return Outcome([called.reminded(waiting)], told)


async def _standing(context: Context, called: Census) -> Outcome:
    return Outcome(screens=[context.show(await _screen(context, called, "census.standing"))])


async def _screen(context: Context, called: Census, key: str) -> Screen:
    """How a call stands: counts, and who is silent with whom to ring."""
    every = await census.answers(context.store, called.id or 0)
    silent = [one.unit_id for one in every if one.reply is None]
    held = await holdings(context.store, context.now) if silent else {}
    reached = [one for unit in silent if (one := held.get(unit)) is not None and one.contact is not None]
    lines = [_whom(context, one) for one in reached[:NAMED]] + (["…"] if len(reached) > NAMED else [])
    if len(reached) < len(silent):
        lines.append(context.office.texts.say(_language(context), "census.nobody", {"number": len(silent) - len(reached)}))
    ways = [Choice("choice.census_table", f"census.table:{called.id}")]
    if called.closed_at is None:
        ways += [Choice("choice.census_remind", f"census.remind:{called.id}")] if silent else []
        ways += [Choice("choice.census_close", f"census.close:{called.id}")]
    counts: dict[str, Any] = {reply.value: sum(1 for one in every if one.reply is reply) for reply in Reply}
    return Screen.of(key, *ways, due=called.due_on, silent=len(silent), lines="\n".join(lines) or "–", units=len(every), **counts)


def _whom(context: Context, one: Holding) -> str:
    """A silent unit with the official number of its contact."""
    contact = one.contact
    phone = next((post.office_phone for person, post in one.posts if person is contact and post.office_phone), "–")
    values = {"unit": one.name, "name": contact.name if contact is not None else "–", "phone": phone}
    return context.office.texts.say(_language(context), "census.whom", values)


def _language(context: Context) -> str:
    return context.account.language if context.account is not None else "vi"


async def right(message: InboundMessage, context: Context) -> Outcome:
    """The unit finds its page right."""
    called, line = await _mine(message, context)
    late = _today(context) > called.due_on
    entry = line.answer(Reply.RIGHT, None, context.my_id, context.now, late=late)
    unit = context.office.unit_name(line.unit_id)
    return Outcome([entry], [context.reply("census.thanks", unit=unit), *await _heard(context, called, line, late=late)])


async def mend(message: InboundMessage, context: Context) -> Outcome:
    """Something is wrong: what, in their own words."""
    _, line = await _mine(message, context)
    screen = context.reply("proposal.what", Choice("choice.quit", "=quit"), unit=context.office.unit_name(line.unit_id))
    return Outcome(screens=[screen], place=Place("census", "mend", {"line": message.argument}))


async def mended(message: InboundMessage, context: Context) -> Outcome:
    """The words are the unit's answer, and a proposal for the officers."""
    if asking.quits(message):
        return asking.left(context)
    words = words_of(message, most=pages.LONGEST, least=5)
    said = str(context.conversation.said()["line"] if context.conversation else "")
    called, line = await _of(context, said)
    late = _today(context) > called.due_on
    text, proposed, told = await pages.propose(context, line.unit_id, words)
    entry = line.answer(Reply.MEND, text, context.my_id, context.now, late=late)
    told += await _heard(context, called, line, late=late)
    return Outcome([proposed, entry], [context.reply("proposal.kept"), *told], LEAVE)


async def _heard(context: Context, called: Census, line: CensusAnswer, *, late: bool) -> list[Outgoing]:
    """The officers hear of an answer that comes late, and that nobody is missing any more; of the others in the table."""
    left = [unit for unit in await census.unanswered(context.store, called.id or 0) if unit != line.unit_id]
    key = "census.all_in" if not left else "census.late_answer" if late else None
    if key is None:
        return []
    table = Choice("choice.census_table", f"census.table:{called.id}")
    screen = Screen.of(key, table, unit=context.office.unit_name(line.unit_id), due=called.due_on, left=len(left))
    return context.tell(await telling.officer_accounts(context), screen)


async def _mine(message: InboundMessage, context: Context) -> tuple[Census, CensusAnswer]:
    return await _of(context, message.argument)


async def _of(context: Context, argument: str) -> tuple[Census, CensusAnswer]:
    """The line a tap names, where the unit is the writer's; an officer may answer for a unit that said it by phone."""
    census_id, _, unit_id = argument.partition(":")
    if unit_id not in context.units and Role.OFFICER not in context.roles:
        raise Refusal("census.not_yours")
    return await census.line_of(context.store, number(census_id) or 0, unit_id)


async def remind(message: InboundMessage, context: Context) -> Outcome:
    """An officer asks the silent ones once more, at once."""
    called = await _called(message, context)
    waiting = await census.unanswered(context.store, called.id or 0)
    if called.closed_at is not None or not waiting:
        raise Refusal("census.over")
    outcome = await _remind(context, called, waiting)
    told = {said.account.person_id for said in outcome.screens}
    return Outcome(screens=[context.reply("census.reminded", units=len(waiting), reached=len(told))]) + outcome


async def close(message: InboundMessage, context: Context) -> Outcome:
    """The officer ends the call; the table is on its way."""
    called = await _called(message, context)
    entry = called.close(context.now, await census.unanswered(context.store, called.id or 0))
    return Outcome([entry], [context.reply("census.closed", due=called.due_on)]) + await table(message, context)


async def table(message: InboundMessage, context: Context) -> Outcome:
    """The answers as a table to take away; the machine makes the file and sends it here."""
    called = await _called(message, context)
    context.store.add(ReportOrder(account_id=context.here.id or 0, kind="census", period=str(called.id), asked_at=context.now))
    return Outcome(screens=[context.reply("census.table_ordered")])


async def _called(message: InboundMessage, context: Context) -> Census:
    found = await context.store.get(Census, number(message.argument) or 0)
    if found is None:
        raise Refusal("census.over")
    return found


def _today(context: Context) -> date:
    return context.now.astimezone(context.zone).date()


def _named(names: Iterable[str], most: int) -> str:
    every = list(names)
    return ", ".join(every[:most]) + (", …" if len(every) > most else "") or "–"
