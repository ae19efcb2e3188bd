"""Which unit a question goes to: the router proposes with reasons, the reporter decides with a tap.

Several questions in one message are taken apart with the reporter's consent; a commune that is not named is asked for; what was
answered before is shown first; whatever is unsure may go to the press office. Nothing is sent from here.
"""

from collections.abc import Sequence
from typing import Any

from handlers.contract import LEAVE, Choice, Context, InboundMessage, Kind, Outcome, Place
from handlers.form import Answers, Next, chosen
from models.casework import earlier, pace
from models.directory.unit import DESK, Unit, search
from models.directory.unit import units as all_units
from models.errors import Refusal
from models.evidence import item
from models.evidence.item import Excerpt, Item, ItemKind
from models.office import PART_OF, Proposal, asked
from models.people import mandate
from models.text import fold

CHOSEN_BELOW_DESK = 3  # units offered beside “let the press office choose” and “other…”
LONGEST_PLACE = 60  # characters: more is no name of a commune but a part of the question
_EXCERPT = 300
_WORTH_SAYING = 0.2  # of the first unit's score: what is below only makes the choice harder
_PROVINCE = ("toan tinh", "ca tinh", "toan thanh pho", "nhieu noi", "nhieu xa", "whole province")
_TALK = ("several", "at", "whole", "earlier", "province", "unit")  # what was agreed about the words so far


def taken_apart(answers: Answers) -> bool:
    """Whether the question was taken apart."""
    return "several" in answers


def put_together(answers: Answers) -> Answers:
    """One question again, about which nothing is agreed yet."""
    return {name: value for name, value in answers.items() if name not in _TALK}


async def propose(context: Context, answers: Answers) -> Outcome:
    """Say which unit would be asked and why, with alternatives, or ask first what must be known."""
    draft = await _present(context, answers)
    if draft is None:
        key = "ask.words_for_files" if answers.get("files") else "ask.question"
        return Outcome(screens=[context.reply(key, Choice("choice.quit", "=quit"))], place=Place("ask", "question", answers))
    proposal = context.office.router.route(str(draft), context.now, context.here.language, "reporter")
    if proposal.action == "help":
        return Outcome(screens=[context.reply("address.help", Choice("choice.quit", "=quit"))], place=Place("ask", "question", answers))
    if proposal.action == "split" and not taken_apart(answers) and not answers.get("whole"):
        return _offer_to_split(context, answers, proposal, draft)
    if not answers.get("earlier"):
        known = await _earlier(context, answers, proposal)
        if known is not None:
            return known
    if proposal.action == "ask_area" and not answers.get("province"):
        return _ask_area(context, answers, proposal)
    return await _offer_units(context, answers, proposal, draft)


async def _present(context: Context, answers: Answers) -> Item | None:
    """The question a unit is being chosen for."""
    several = answers.get("several")
    return await item.item(context.store, several[answers["at"]]["item"] if several else answers.get("item"))


def _offer_to_split(context: Context, answers: Answers, proposal: Proposal, draft: Item) -> Outcome:
    lines = "\n".join(f"{number}. {part}" for number, part in enumerate(proposal.parts, 1))
    ways = (
        Choice.of("address.choice_split", "=split", count=len(proposal.parts)),
        Choice("address.choice_whole", "=whole"),
        Choice("choice.quit", "=quit"),
    )
    screen = context.reply("address.split", *ways, count=len(proposal.parts), lines=lines, repeats=draft)
    return Outcome(screens=[screen], place=Place("ask", "split", answers))


async def take_split(message: InboundMessage, context: Context, answers: Answers) -> Outcome | Next:
    """Consent: each part becomes a question of its own and carries the whole message, so that no word is lost."""
    draft = await item.item(context.store, answers.get("item"))
    if chosen(message, "split", "whole") == "whole" or draft is None:
        return Next("unit", answers | {"whole": True})
    parts = context.office.router.route(str(draft), context.now).parts
    if len(parts) < 2:
        return Next("unit", answers | {"whole": True})
    kept = [context.item(ItemKind.DRAFT, f"{part}{PART_OF}{_told_whole(context, draft)}") for part in parts]
    return Next("unit", answers | {"several": [{"item": one.digest, "unit": None} for one in kept], "at": 0})


def _told_whole(context: Context, draft: Item) -> str:
    return context.office.texts.say("vi", "address.part_of", {"whole": draft})


async def _earlier(context: Context, answers: Answers, proposal: Proposal) -> Outcome | None:
    """What was officially answered on the matter before (F16); None where there is nothing to show."""
    units = [unit for unit in _known(context, proposal) if unit != DESK]
    found = await earlier.answers_on(context.store, proposal.concepts, units[:CHOSEN_BELOW_DESK], context.now)
    if not found:
        return None
    ways = (Choice("address.choice_enough", "=enough"), Choice("address.choice_ask_anyway", "=anyway"), Choice("choice.quit", "=quit"))
    values: dict[str, Any] = {}
    for number, one in enumerate(found, 1):
        said = {"unit": context.office.unit_name(one.unit_id, context.here.language), "day": one.sent_at.astimezone(context.zone).date()}
        values |= {f"{name}_{number}": value for name, value in said.items()} | {f"text_{number}": Excerpt(one.text, _EXCERPT)}
    key = "address.earlier_one" if len(found) == 1 else "address.earlier_two"
    return Outcome(screens=[context.reply(key, *ways, **values)], place=Place("ask", "earlier", answers))


async def take_earlier(message: InboundMessage, context: Context, answers: Answers) -> Outcome | Next:
    """Enough, or ask all the same."""
    if chosen(message, "enough", "anyway") == "anyway":
        return Next("unit", answers | {"earlier": True})
    if taken_apart(answers):
        left = [part for place, part in enumerate(answers["several"]) if place != answers["at"]]
        at = min(answers["at"], len(left) - 1)
        done = all(part["unit"] for part in left)
        if left:
            return Next("form" if done else "unit", answers | {"several": left, "at": at})
    return Outcome(screens=[context.reply("address.enough", Choice("choice.ask_begin", "ask.begin"))], place=LEAVE)


def _ask_area(context: Context, answers: Answers, proposal: Proposal, note: str = "address.area", **values: Any) -> Outcome:
    named = [unit for unit in _known(context, proposal) if unit.startswith("area")][:2]
    ways = [Choice.of("choice.plain", f"={unit}", text=context.office.unit_name(unit, context.here.language)) for unit in named]
    ways += [Choice("choice.all_areas", "=province"), Choice("choice.let_desk_choose", f"={DESK}"), Choice("choice.other_unit", "=other")]
    return Outcome(screens=[context.reply(note, *ways, **values)], place=Place("ask", "area", answers))


async def take_area(message: InboundMessage, context: Context, answers: Answers) -> Outcome | Next:
    """A commune tapped or typed as on a phone; a former district stands for its communes; “toàn tỉnh” for none."""
    if message.kind is Kind.CHOICE:
        return Next("unit", answers | {"province": True}) if message.choice == "=province" else await take_unit(message, context, answers)
    typed = fold(message.text)
    if typed in _PROVINCE:
        return Next("unit", answers | {"province": True})
    communes = [unit for unit in await all_units(context.store, context.now) if unit.area and unit.id in context.office.unit_names]
    found = search(communes, message.text, 3)
    exact = [unit for unit in found if typed in {fold(name) for name in _names(unit)}]
    if len(exact) == 1:
        return _chosen(answers, exact[0].id)
    proposal = context.office.router.route(message.text, context.now, context.here.language)
    named = [unit for unit in _known(context, proposal) if unit.startswith("area")]
    gone = bool(proposal.note) and bool(named)  # a former district: its communes, not names that look like it
    meant = named if gone else [unit.id for unit in found] or named
    if not meant:
        draft = await _present(context, answers)
        about = context.office.router.route(str(draft or ""), context.now, context.here.language)
        return _ask_area(context, answers, about, "address.area_unknown", wanted=message.text)
    ways = [Choice.of("choice.plain", f"={unit}", text=context.office.unit_name(unit, context.here.language)) for unit in meant[:3]]
    ways += [Choice("choice.all_areas", "=province"), Choice("choice.let_desk_choose", f"={DESK}")]
    screen = context.reply("address.area_gone", *ways, note=proposal.note) if gone else context.reply("address.which_area", *ways)
    return Outcome(screens=[screen], place=Place("ask", "area", answers))


def _names(unit: Unit) -> list[str]:
    """What a commune is called, with and without its level."""
    full = [unit.name_vi, unit.area or "", *unit.aliases]
    levels = ("phường ", "xã ", "thị trấn ", "đặc khu ")
    return [*full, *(name[len(level) :] for name in full for level in levels if name.lower().startswith(level))]


def _known(context: Context, proposal: Proposal) -> list[str]:
    """The units proposed that can be asked today."""
    return [unit.id for unit in proposal.units if unit.id in context.office.unit_names]


async def _offer_units(context: Context, answers: Answers, proposal: Proposal, draft: Item) -> Outcome:
    """Two or three units with reasons, the press office, and “other”."""
    language, say = context.here.language, context.office.texts.say
    known = [s for s in proposal.units if s.id != DESK and s.id in context.office.unit_names]
    ranked = [s for s in known[:CHOSEN_BELOW_DESK] if s.score >= _WORTH_SAYING * known[0].score]
    ways = [Choice.of("choice.plain", f"={s.id}", text=context.office.unit_name(s.id, language)) for s in ranked]
    ways += [Choice("choice.let_desk_choose", f"={DESK}"), Choice("choice.other_unit", "=other")]
    head = [_which_part(context, answers, draft), proposal.note]
    if not ranked or proposal.abstain:
        values: dict[str, Any] = {"head": _lines(*head), "repeats": draft}
        return Outcome(
            screens=[context.reply("address.unsure" if ranked else "address.no_unit", *ways, **values)], place=Place("ask", "unit", answers)
        )
    who = await _who_answers(context, ranked[0].id)
    reasons = "\n".join(say(language, "address.reason", {"reason": s.reason}) for s in ranked)
    values = {"unit": context.office.unit_name(ranked[0].id, language), "head": _lines(*head), "reasons": reasons, "who": _lines(*who)}
    return Outcome(screens=[context.reply("address.propose", *ways, **values, repeats=draft)], place=Place("ask", "unit", answers))


def _which_part(context: Context, answers: Answers, draft: Item) -> str:
    if not taken_apart(answers):
        return ""
    values = {"number": answers["at"] + 1, "count": len(answers["several"]), "question": asked(str(draft))}
    return context.office.texts.say(context.here.language, "address.now_part", values)


def _lines(*lines: str) -> str:
    """Lines that are there, each ended."""
    return "".join(f"{line}\n" for line in lines if line)


async def _who_answers(context: Context, unit_id: str) -> Sequence[str]:
    """Who speaks for the unit, and how fast it usually answers, where enough answers tell."""
    language, say = context.here.language, context.office.texts.say
    speakers = [person.name for person, _ in await mandate.spokespersons(context.store, unit_id, context.now)]
    days = await pace.usual_days(context.store, unit_id, context.office.rules.calendar.is_working_day, context.zone)
    return [
        say(language, "address.speaker", {"names": ", ".join(dict.fromkeys(speakers[:2]))}) if speakers else "",
        say(language, "address.pace", {"days": days}) if days is not None else "",
    ]


def _chosen(answers: Answers, unit: str) -> Next:
    """A unit is found; of several questions the next one without a unit comes."""
    if not taken_apart(answers):
        return Next("form", answers | {"unit": unit})
    parts = [part | {"unit": unit} if place == answers["at"] else part for place, part in enumerate(answers["several"])]
    waiting = next((place for place, part in enumerate(parts) if part["unit"] is None), None)
    said = {name: value for name, value in answers.items() if name not in {"province", "earlier"}}
    if waiting is None:
        return Next("form", said | {"several": parts})
    return Next("unit", said | {"several": parts, "at": waiting})


async def take_unit(message: InboundMessage, context: Context, answers: Answers) -> Outcome | Next:
    """A unit tapped."""
    if message.choice == "=other":
        return Outcome(screens=[context.reply("ask.other_unit", Choice("choice.back", "=back"))], place=Place("ask", "other", answers))
    return _chosen(answers, chosen(message, *context.office.unit_names))


async def take_other(message: InboundMessage, context: Context, answers: Answers) -> Outcome | Next:
    """A unit by name, alias or old name."""
    if message.kind is Kind.CHOICE:
        return Next("unit", answers) if message.choice == "=back" else await take_unit(message, context, answers)
    found = search(await all_units(context.store, context.now), message.text, limit=3)
    known = [unit.id for unit in found if unit.id in context.office.unit_names] or await _heirs(context, message.text)
    ways = [Choice.of("choice.plain", f"={unit}", text=context.office.unit_name(unit, context.here.language)) for unit in known[:3]]
    key = "ask.which_unit" if ways else "ask.unit_not_found"
    screen = context.reply(key, *ways, Choice("choice.let_desk_choose", f"={DESK}"), Choice("choice.back", "=back"))
    return Outcome(screens=[screen], place=Place("ask", "other", answers))


async def _heirs(context: Context, name: str) -> list[str]:
    """Who stands today for a body that is gone and is asked for by its name."""
    if len(name) > LONGEST_PLACE:
        raise Refusal("form.too_long", most=LONGEST_PLACE)
    proposal = context.office.router.route(name, context.now, context.here.language)
    return [] if proposal.abstain else _known(context, proposal)
