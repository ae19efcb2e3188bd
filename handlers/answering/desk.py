"""A unit and its cases: what waits, taking one on, notes among colleagues, asking back."""

from collections.abc import Sequence
from datetime import timedelta

from handlers import asking, casework, telling
from handlers.answering import demanding
from handlers.clocks import targets
from handlers.contract import LEAVE, Choice, Context, InboundMessage, Kind, Outcome, Place, Screen
from handlers.evidence import records
from models import codes
from models.casework import board, demand, imported, inquiry
from models.casework.demand import Demand
from models.clocks.deadline import DeadlineState, Target
from models.errors import Refusal
from models.evidence.item import ItemKind
from models.people.person import Role
from models.texts import Words

LISTED = 12
_BLINK = timedelta(microseconds=1)  # a due moment is exclusive: midnight belongs to the day before


async def list_(_message: InboundMessage, context: Context) -> Outcome:
    """Waiting for me, due today, overdue (F28)."""
    found = await board.open_of_units(context.store, context.units)
    owed = await demand.waiting(context.store, context.units)
    if not found and not owed:
        return Outcome(screens=[context.reply("desk.empty")])
    today = context.now.astimezone(context.zone).date()
    groups: dict[str, list[str]] = {"overdue": [], "today": [], "waiting": [], "paused": []}
    texts, language = context.office.texts, context.here.language
    for case, clock in found:
        name = "waiting"
        if clock is not None and clock.state is DeadlineState.PAUSED:
            name = "paused"
        elif clock is not None and clock.due_at is not None:
            last = clock.due_at.astimezone(context.zone)
            name = "overdue" if clock.is_overdue(context.now) else "today" if (last - _BLINK).date() <= today else "waiting"
        groups[name].append(texts.say(language, "desk.line", await casework.facts(context, case)))
    lines = [
        f"{texts.say(language, f'desk.group_{name}', {'number': len(rows)})}\n" + "\n".join(rows[:LISTED])
        for name, rows in groups.items()
        if rows
    ]
    lines += await _owed(context, owed)
    ways = [Choice.of("choice.plain", f"desk.show:{case.code}", text=case.code) for case, _ in found[: 5 - len(owed[:2])]]
    ways += [Choice.of("choice.demand_reply_to", f"demand.reply:{one.id}", code=one.case_code) for one in owed[:2]]
    return Outcome(screens=[context.reply("desk.list", *ways, lines="\n\n".join(lines))])


async def _owed(context: Context, owed: Sequence[Demand]) -> list[str]:
    """What other units have asked this one for."""
    if not owed:
        return []
    texts, language = context.office.texts, context.here.language
    lines: list[str] = []
    for one in owed[:LISTED]:
        case = await inquiry.by_code(context.store, one.case_code)
        if case is not None:
            lines.append(texts.say(language, "demand.owed_line", await demanding.facts(context, case, one)))
    return [f"{texts.say(language, 'demand.group_owed', {'number': len(owed)})}\n" + "\n".join(lines)]


async def show(message: InboundMessage, context: Context) -> Outcome:
    """One case with what can be done; an officer, who may open everybody's, is on record as having looked (F68, F72)."""
    code = message.argument or (codes.find(message.text, codes.INQUIRY) or [""])[0]
    older = await imported.by_code(context.store, code)
    if older is not None:
        record = await records.ours(context, code)
        return await casework.steps(context, record.code, record.unit_id)
    case = await casework.ours(context, code)
    ways = telling.desk_choices(case) if case.state in inquiry.OPEN else ()
    screen = context.reply("desk.show", *ways, case=case.code, **await casework.facts(context, case))
    return Outcome([*casework.read_by_officer(context, case.code, case.unit_id)], [screen], case=case.code)


async def more(message: InboundMessage, context: Context) -> Outcome:
    """The rarer things."""
    code = (await casework.ours(context, message.argument)).code
    ways = (("note", "note.begin"), ("refuse", "refuse.begin"), ("extend", "extend.begin"), ("demand", "demand.begin"))
    return _offered(context, code, (*ways, ("further", "desk.further")))


async def further(message: InboundMessage, context: Context) -> Outcome:
    """What is needed less often."""
    code = (await casework.ours(context, message.argument)).code
    ways = (("matter", "matter.of"), ("offline", "offline.begin"), ("unofficial", "unofficial.begin"), ("letter", "letter.begin"))
    return _offered(context, code, (*ways, ("last", "desk.last")))


async def last(message: InboundMessage, context: Context) -> Outcome:
    """What hardly anybody needs; joining units and taking over is for the press office."""
    code = (await casework.ours(context, message.argument)).code
    ways = (("history", "desk.history"), ("demands", "demand.list"), ("authorise", "authorise.begin"))
    rest = (("share", "share.begin"), ("take_over", "share.take")) if Role.OFFICER in context.roles else ()
    return _offered(context, code, (*ways, *rest))


def _offered(context: Context, code: str, ways: Sequence[tuple[str, str]]) -> Outcome:
    choices = (Choice(f"choice.{name}", f"{action}:{code}") for name, action in ways)
    return Outcome(screens=[context.reply("desk.more", *choices, case=code, code=code)])


async def acknowledge(message: InboundMessage, context: Context) -> Outcome:
    """One tap: I have it. The reporter is told who (F21)."""
    case = await casework.ours(context, message.argument)
    entry = await targets.met(context, case, case.acknowledge(context.my_id, context.now), Target.ACKNOWLEDGE)
    case.hold(context.my_id, context.now)
    said = await casework.facts(context, case)
    told = await telling.tell_reporter(context, case, Screen.of("case.acknowledged", **said))
    reply = context.reply("desk.acknowledged", *telling.desk_choices(case), case=case.code, **said)
    colleagues = await telling.tell_unit(context, case, "desk.colleague_took", colleague=context.me.name)
    return Outcome([entry], [reply, *told, *colleagues], case=case.code)


async def note(message: InboundMessage, context: Context) -> Outcome:
    """A word among colleagues; it never reaches the reporter (F22)."""
    case = await casework.ours(context, message.argument)
    screen = context.reply("desk.note", Choice("choice.quit", "=quit"), case=case.code, code=case.code)
    return Outcome(screens=[screen], place=Place("note", "text", {"code": case.code}))


async def noted(message: InboundMessage, context: Context) -> Outcome:
    """The note."""
    if asking.quits(message):
        return asking.left(context)
    case = await casework.ours(context, casework.code_here(context))
    if message.kind is not Kind.TEXT or not (message.text or message.files):
        raise Refusal("desk.note_words")
    text = context.item(ItemKind.NOTE, message.text, case.code)
    refs = casework.file_to(message.files, case.code, text)
    entry = case.entry("noted", item=text.digest, files=refs)
    told = await telling.tell_unit(context, case, "desk.noted", message.files, colleague=context.me.name, text=text)
    return Outcome([entry], [context.reply("desk.note_kept", case=case.code, code=case.code), *told], LEAVE, case.code)


async def ask_back(message: InboundMessage, context: Context) -> Outcome:
    """Something is unclear: the reporter will be asked."""
    case = await casework.ours(context, message.argument)
    if case.state not in inquiry.OPEN:
        raise Refusal("case.closed", code=case.code, state=Words.of(f"case.state_{case.state.value}"))
    screen = context.reply("clarify.ask", Choice("choice.quit", "=quit"), case=case.code, code=case.code)
    return Outcome(screens=[screen], place=Place("clarify", "text", {"code": case.code}))


async def asked_back(message: InboundMessage, context: Context) -> Outcome:
    """The question back; both sides see the clock stop (F8)."""
    if asking.quits(message):
        return asking.left(context)
    case = await casework.ours(context, casework.code_here(context))
    if message.kind is not Kind.TEXT or not message.text:
        raise Refusal("clarify.words")
    text = context.item(ItemKind.CLARIFICATION_ASKED, message.text, case.code)
    clock = await casework.clock_of(context, case.code)
    paused = clock is not None and context.office.rules.pause(clock, context.now)
    entry = await targets.met(context, case, case.ask_back(text, clock if paused else None, context.now))
    said = await casework.facts(context, case)
    screen = Screen.of("case.clarification_asked", Choice("choice.reply_clarification", f"case.add:{case.code}"), text=text, **said)
    reply = context.reply("clarify.sent" if paused else "clarify.sent_clock_runs", case=case.code, **said)
    return Outcome([entry], [reply, *await telling.tell_reporter(context, case, screen)], LEAVE, case.code)


async def history(message: InboundMessage, context: Context) -> Outcome:
    """Every step of a case in plain words; an officer's look at it is an entry itself."""
    return await casework.history(context, await casework.ours(context, message.argument))


async def which_case(message: InboundMessage, context: Context) -> Outcome:
    """Words of a unit member that belong to no case: nothing is lost, the case is asked for."""
    found = [case for case, _ in await board.open_of_units(context.store, context.units, 5)]
    if not found:
        return Outcome(screens=[context.reply("desk.no_open_case")])
    draft = context.item(ItemKind.DRAFT, message.text)
    ways = [Choice.of("choice.plain", f"={case.code}", text=case.code) for case in found[:4]]
    screen = context.reply("desk.which_case", *ways, Choice("choice.quit", "=quit"), text=draft)
    return Outcome(screens=[screen], place=Place("answer", "which", {"item": draft.digest, "files": [f.id for f in message.files]}))
