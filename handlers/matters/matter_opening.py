"""A matter is opened: from an inquiry, or from something that happened although nobody has asked (F62)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from handlers.contract import LEAVE, Choice, Context, InboundMessage, Kind, Outcome, Screen
from handlers.form import Answers, Form, Question, chosen, words_of
from handlers.matters import matterwork
from handlers.releases import choosing
from models import codes
from models.casework import inquiry, matter
from models.casework.matter import DETERMINED, OCCURRED, ORDINARY, RECEIVED, Matter, MatterUnit
from models.directory.unit import DESK
from models.errors import Refusal
from models.evidence import item
from models.evidence.item import ItemKind
from models.law.terms import Trigger
from models.people.person import Role
from models.texts import Due, Words

MOST_UNITS = 10


async def begin(message: InboundMessage, context: Context) -> Outcome:
    """From an inquiry its unit and its time of receipt are known; an officer without one is asked for the unit."""
    said: dict[str, Any] = {}
    if found := codes.find(message.argument, codes.INQUIRY):
        case = await matterwork.on_an_inquiry(context, found[0])
        if case.matter_code is not None:
            raise Refusal("matter.attached_already", code=case.code, matter=case.matter_code)
        said = {"inquiry": case.code, "asked": case.received_at.isoformat(), "unit": None if case.unit_id == DESK else case.unit_id}
    elif Role.OFFICER not in context.roles:
        said = {"unit": context.units[0]}
    said["asks_unit"] = not said.get("unit")
    if said.get("unit") and not await matterwork.may_open(context, said["unit"]):
        raise Refusal("matter.spokesperson_only", unit=context.office.unit_name(said["unit"]))
    return await FORM.begin(context, said)


async def advance(message: InboundMessage, context: Context) -> Outcome:
    """The next answer."""
    return await FORM.advance(message, context)


async def _ask_title(_context: Context, _answers: Answers) -> Screen:
    return Screen.of("matter.ask_title")


async def _take_title(message: InboundMessage, context: Context, _answers: Answers) -> Mapping[str, Any]:
    return {"title": context.item(ItemKind.TITLE, words_of(message, most=300, least=8)).digest}


async def _ask_unit(_context: Context, _answers: Answers) -> Screen:
    return Screen.of("matter.ask_unit")


async def _take_unit(message: InboundMessage, context: Context, _answers: Answers) -> Mapping[str, Any]:
    found = await matterwork.unit_named(context, words_of(message, most=120, least=2), 3)
    return {"unit": found[0].id, "found": [u.id for u in found] if len(found) > 1 else []}


async def _ask_which(context: Context, answers: Answers) -> Screen:
    ways = [Choice.of("choice.plain", f"={unit}", text=context.office.unit_name(unit)) for unit in answers["found"]]
    return Screen.of("matter.ask_unit_which", *ways)


async def _take_which(message: InboundMessage, context: Context, _answers: Answers) -> Mapping[str, Any]:
    if message.kind is Kind.TEXT:
        return {"unit": (await matterwork.unit_named(context, words_of(message, most=120, least=2), 1))[0].id}
    return {"unit": chosen(message, *context.office.unit_names)}


async def _ask_kind(context: Context, _answers: Answers) -> Screen:
    pack = context.office.rules.law.at(context.now)
    kinds = list(matter.urgent_kinds(pack))[:2]
    lines = "\n".join(f"• {kind.label} – {kind.basis}" for kind in kinds)
    ways = [Choice.of("choice.plain", f"={kind.id}", text=kind.label) for kind in kinds]
    return Screen.of("matter.ask_kind", *ways, Choice("choice.matter_ordinary", f"={ORDINARY}"), lines=lines)


async def _take_kind(message: InboundMessage, context: Context, _answers: Answers) -> Mapping[str, Any]:
    pack = context.office.rules.law.at(context.now)
    kind = chosen(message, ORDINARY, *(k.id for k in matter.urgent_kinds(pack)))
    starts = matter.starts_at(pack, kind)
    return {"kind": kind, "pack": pack.id, "starts": starts.value if starts else None}


async def _ask_occurred(_context: Context, answers: Answers) -> Screen:
    ways = () if _starts(answers, OCCURRED) else (Choice("choice.matter_not_known", "=unknown"),)
    return Screen.of("matter.ask_occurred", *ways)


async def _take_occurred(message: InboundMessage, context: Context, answers: Answers) -> Mapping[str, Any]:
    if message.choice == "=unknown" and not _starts(answers, OCCURRED):
        return {OCCURRED.value: None}
    return {OCCURRED.value: matterwork.said_time(message, context, {}, OCCURRED).isoformat()}


async def _ask_received(_context: Context, answers: Answers) -> Screen:
    asked = (Choice("choice.matter_when_asked", "=asked"),) if answers.get("asked") else ()
    return Screen.of("matter.ask_received", Choice("choice.matter_now", "=now"), *asked)


async def _take_received(message: InboundMessage, context: Context, answers: Answers) -> Mapping[str, Any]:
    known = times_of(answers, OCCURRED)
    if message.choice == "=asked" and answers.get("asked"):
        at = datetime.fromisoformat(answers["asked"])
        matter.check_times({**known, RECEIVED: at}, context.now)
    else:
        at = matterwork.said_time(message, context, known, RECEIVED)
    return {RECEIVED.value: at.isoformat()}


async def _ask_determined(_context: Context, _answers: Answers) -> Screen:
    return Screen.of("matter.ask_determined", Choice("choice.matter_now", "=now"))


async def _take_determined(message: InboundMessage, context: Context, answers: Answers) -> Mapping[str, Any]:
    return {DETERMINED.value: matterwork.said_time(message, context, times_of(answers, OCCURRED), DETERMINED).isoformat()}


def times_of(answers: Answers, *wanted: Trigger) -> dict[Trigger, datetime]:
    """The times said so far."""
    return {which: datetime.fromisoformat(answers[which.value]) for which in wanted if answers.get(which.value)}


def _starts(answers: Answers, which: Trigger) -> bool:
    return answers.get("starts") == which.value


async def _ask_others(_context: Context, _answers: Answers) -> Screen:
    return Screen.of("matter.ask_others", Choice("choice.matter_alone", "=none"))


async def _take_others(message: InboundMessage, context: Context, answers: Answers) -> Mapping[str, Any]:
    if message.choice == "=none":
        return {"others": [], "joint": False}
    names = choosing.names(words_of(message, most=1000))
    found = [(await matterwork.unit_named(context, name, 1))[0].id for name in names[:MOST_UNITS]]
    return {"others": [unit for unit in dict.fromkeys(found) if unit != answers.get("unit")]}


async def _ask_joint(context: Context, answers: Answers) -> Screen:
    ways = (Choice("choice.matter_joint_yes", "=yes"), Choice("choice.matter_joint_no", "=no"))
    return Screen.of("matter.ask_joint", *ways, units=_names(context, answers["others"]))


async def _take_joint(message: InboundMessage, _context: Context, _answers: Answers) -> Mapping[str, Any]:
    return {"joint": chosen(message, "yes", "no") == "yes"}


def _names(context: Context, ids: list[str]) -> str:
    return ", ".join(context.office.unit_name(unit) for unit in ids)


async def _summary(context: Context, answers: Answers) -> Screen:
    title, times = await item.item(context.store, answers["title"]), times_of(answers, *matter.TIMES)
    law, unknown = context.office.rules, Words.of("matter.time_unknown")
    language = context.here.language
    lines: list[str] = []
    for clock_id, at in matter.duties(law.law, answers["kind"], answers["pack"], times):
        clock = law.start("", clock_id, at)
        rule = law.clock(clock)
        said = {"label": f"{rule.label} – {rule.basis}" if rule else clock_id, "due": Due(clock.due_at or at)}
        lines.append(context.office.texts.say(language, "matter.clock_ahead", said))
    kinds = {kind.id: kind.label for kind in law.law.pack(answers["pack"]).inquiry_kinds if kind.id != ORDINARY}
    return Screen.of(
        "matter.summary",
        title=title or item.TOMBSTONE,
        kind=kinds.get(answers["kind"]) or Words.of("matter.kind_ordinary"),
        unit=context.office.unit_name(answers["unit"]),
        units=_names(context, answers["others"]) or Words.of("matter.none"),
        joint=Words.of("matter.joint_yes" if answers.get("joint") else "matter.joint_no"),
        occurred=times.get(OCCURRED) or unknown,
        received=times.get(RECEIVED) or unknown,
        determined=times.get(DETERMINED) or unknown,
        clocks="\n".join(lines) or Words.of("matter.none"),
    )


async def _finish(_message: InboundMessage, context: Context, answers: Answers) -> Outcome:
    """On record: the clocks start where the law says, everybody concerned is told at once."""
    times = times_of(answers, *matter.TIMES)
    matter.check_times(times, context.now)
    if not await matterwork.may_open(context, answers["unit"]):
        raise Refusal("matter.spokesperson_only", unit=context.office.unit_name(answers["unit"]))
    code = codes.make(codes.MATTER, context.ids.chance())
    title = await context.store.get_one(item.Item, answers["title"])
    title.case_code = code
    opened = Matter(
        code=code,
        title=title.digest,
        kind=answers["kind"],
        pack_id=answers["pack"],
        unit_id=answers["unit"],
        opened_by=context.my_id,
        opened_at=context.now,
        impact_determined_by=context.my_id if DETERMINED in times else None,
        joint=bool(answers.get("joint")),
        occurred_at=times.get(OCCURRED),
        received_handled_at=times.get(RECEIVED),
        impact_determined_at=times.get(DETERMINED),
    )
    rows = [MatterUnit(matter_code=code, unit_id=unit, added_at=context.now) for unit in answers["others"]]
    context.store.add_all([opened, *rows])
    clocks = matterwork.start(context, code, opened.kind, opened.pack_id, times)
    await context.store.flush()
    entries = [opened.opened(rows, clocks, answers.get("inquiry"))]
    case = await inquiry.by_code(context.store, answers["inquiry"]) if answers.get("inquiry") else None
    if case is not None:
        entries += opened.attach(case)
        await context.store.flush()
    said = await matterwork.facts(context, opened)
    notice = Screen.of("matter.opened_notice", Choice("choice.matter_show", f"matter.show:{code}"), **said)
    told = await matterwork.tell(context, opened, notice, officers=bool(clocks), units=answers["others"])
    reply = context.reply("matter.show", *matterwork.page_choices(opened), case=code, **said)
    return Outcome(entries, [context.reply("matter.opened", case=code, code=code), reply, *told], LEAVE, code)


FORM = Form(
    "matter",
    (
        Question("title", _ask_title, _take_title),
        Question("unit", _ask_unit, _take_unit, skip=lambda answers: not answers.get("asks_unit")),
        Question("which", _ask_which, _take_which, skip=lambda answers: not answers.get("found")),
        Question("kind", _ask_kind, _take_kind),
        Question("occurred", _ask_occurred, _take_occurred),
        Question("received", _ask_received, _take_received),
        Question("determined", _ask_determined, _take_determined, skip=lambda answers: not _starts(answers, DETERMINED)),
        Question("others", _ask_others, _take_others),
        Question("joint", _ask_joint, _take_joint, skip=lambda answers: not answers.get("others")),
    ),
    _summary,
    _finish,
)
