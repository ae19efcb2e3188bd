"""Somebody is invited into a unit; its head says yes before the post begins (F103)."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from handlers.answering import speaking
from handlers.contract import LEAVE, Choice, Context, InboundMessage, Kind, Outcome, Screen
from handlers.form import Answers, Form, Question, words_of
from models import codes
from models.directory.unit import DESK, search, units
from models.errors import Refusal
from models.people import mandate
from models.people.invitation import Invitation, Welcome, code_hash
from models.people.mandate import MandateKind
from models.people.person import PostKind, Role, accounts_of
from models.text import fold, number
from models.texts import Words

VALID = timedelta(days=14)
SPEAKER, HEAD = "speaker", "head"
POSTS = {
    SPEAKER: PostKind.MEMBER,
    HEAD: PostKind.HEAD,
    "press_officer": PostKind.PRESS_OFFICER,
    "member": PostKind.MEMBER,
    "page_admin": PostKind.PAGE_ADMIN,
}
MANDATES = {SPEAKER: "standing", HEAD: "head"}


async def begin(message: InboundMessage, context: Context) -> Outcome:
    """An officer invites into any unit, a member into their own."""
    unit = message.argument if message.argument in context.office.unit_names else None
    if Role.OFFICER not in context.roles:
        if unit is not None and unit not in context.units:
            raise Refusal("join.not_yours")
        unit = unit or context.units[0]
    return await FORM.begin(context, {"unit": unit} if unit is not None and unit != DESK else {})


async def advance(message: InboundMessage, context: Context) -> Outcome:
    """The next part of the invitation."""
    return await FORM.advance(message, context)


async def _ask_unit(_context: Context, _answers: Answers) -> Screen:
    return Screen.of("join.unit")


async def _take_unit(message: InboundMessage, context: Context, _answers: Answers) -> Mapping[str, Any]:
    known = [one for one in await units(context.store, context.now) if one.id != DESK]
    found = search(known, words_of(message, most=120), 1)
    if not found:
        raise Refusal("activity.unit_unknown")
    return {"unit": found[0].id}


async def _ask_role(context: Context, answers: Answers) -> Screen:
    roles = (SPEAKER, "press_officer", HEAD if Role.OFFICER in context.roles else "member")
    ways = [Choice(f"choice.role_{role}", f"={role}") for role in roles]
    return Screen.of("join.role", *ways, unit=context.office.unit_name(answers["unit"]))


async def _take_role(message: InboundMessage, context: Context, _answers: Answers) -> Mapping[str, Any]:
    """A tap, or the role in words: there are more roles than buttons."""
    said = (message.choice or "").removeprefix("=") if message.kind is Kind.CHOICE else fold(words_of(message, most=60))
    say, language = context.office.texts.say, context.here.language
    role = next((role for role in POSTS if said in {role, fold(say(language, f"choice.role_{role}"))}), None)
    if role is None:
        raise Refusal("join.role_please")
    if role == HEAD and Role.OFFICER not in context.roles:
        raise Refusal("join.head_by_office")
    return {"role": role}


async def _ask_name(_context: Context, _answers: Answers) -> Screen:
    return Screen.of("join.name")


async def _take_name(message: InboundMessage, _context: Context, _answers: Answers) -> Mapping[str, Any]:
    return {"name": words_of(message, most=80, least=3)}


async def _ask_position(_context: Context, _answers: Answers) -> Screen:
    return Screen.of("join.position")


async def _take_position(message: InboundMessage, context: Context, answers: Answers) -> Mapping[str, Any]:
    position = words_of(message, most=120, least=3)
    if answers["role"] in MANDATES:
        await speaking.fits(context, answers["unit"], MandateKind(MANDATES[answers["role"]]), position)
    return {"position": position}


async def _ask_decision(_context: Context, _answers: Answers) -> Screen:
    return Screen.of("join.decision")


async def _take_decision(message: InboundMessage, _context: Context, _answers: Answers) -> Mapping[str, Any]:
    return {"decision": words_of(message, most=60)}


async def _summary(context: Context, answers: Answers) -> Screen:
    return Screen.of("join.summary", **_values(context, answers), decision=answers.get("decision") or "–")


def _values(context: Context, answers: Answers) -> dict[str, Any]:
    role = Words.of(f"choice.role_{answers['role']}")
    return {"unit": context.office.unit_name(answers["unit"]), "role": role, "name": answers["name"], "position": answers["position"]}


async def _finish(_message: InboundMessage, context: Context, answers: Answers) -> Outcome:
    """The code goes to whoever invites, to be handed on; it opens nothing before whoever must confirm has."""
    code, unit = codes.one_time(context.ids.chance()), str(answers["unit"])
    waits = await _waits(context, answers)
    invited = Invitation(
        code_hash=code_hash(code),
        welcome=Welcome.MEMBER,
        name=answers["name"],
        unit_id=unit,
        post=POSTS[answers["role"]],
        position=answers["position"],
        mandate=MANDATES.get(answers["role"]),
        decision_no=answers.get("decision") or "",
        created_at=context.now,
        expires_at=context.now + VALID,
        invited_by=context.my_id,
        to_confirm=waits,
    )
    context.store.add(invited)
    await context.store.flush()
    reply = context.reply("join.code_waits" if waits else "join.code", code=code, **_values(context, answers))
    if not waits:
        return Outcome([invited.created()], [reply], LEAVE)
    ways = (Choice("choice.join_yes", f"join.yes:{invited.id}"), Choice("choice.join_no", f"join.no:{invited.id}"))
    values = _values(context, answers) | {"decision": invited.decision_no or "–", "by": context.me.name}
    asked = context.tell(await speaking.head_accounts(context, unit, but=context.my_id), Screen.of("join.confirm", *ways, **values))
    return Outcome([invited.created()], [reply, *asked], LEAVE)


async def _waits(context: Context, answers: Answers) -> bool:
    """Whether somebody else says yes first: not where the head invites, nor where an officer does and no head can be asked,
    or where it is about the head, or about nobody who speaks.
    """
    if await speaking.leads(context, answers["unit"]):
        return False
    if Role.OFFICER not in context.roles:
        return True
    return answers["role"] == SPEAKER and await _head_reached(context, answers["unit"])


async def _head_reached(context: Context, unit_id: str) -> bool:
    leaders = await mandate.heads(context.store, unit_id, context.now)
    return bool(await accounts_of(context.store, *(p.id for p in leaders if p.id is not None and p.id != context.my_id)))


async def yes(message: InboundMessage, context: Context) -> Outcome:
    """The head confirms: the code opens from now on."""
    return await _decided(message, context, confirmed=True)


async def no(message: InboundMessage, context: Context) -> Outcome:
    """The head does not: the code opens nothing."""
    return await _decided(message, context, confirmed=False)


async def _decided(message: InboundMessage, context: Context, *, confirmed: bool) -> Outcome:
    found = await context.store.get(Invitation, number(message.argument) or 0)
    if found is None or found.unit_id is None or not found.to_confirm:
        raise Refusal("start.stale")
    stands_in = Role.OFFICER in context.roles and not await _head_reached(context, found.unit_id)
    if found.invited_by == context.my_id or not (stands_in or await speaking.leads(context, found.unit_id)):
        raise Refusal("join.head_only")
    entry = found.decide(confirmed, context.my_id, context.now)
    key = "join.confirmed" if confirmed else "join.declined"
    values = {"name": found.name, "unit": context.office.unit_name(found.unit_id)}
    told = context.tell(await accounts_of(context.store, found.invited_by or 0), Screen.of(key, **values))
    return Outcome([entry], [context.reply(key, **values), *told])


FORM = Form(
    "join",
    (
        Question("unit", _ask_unit, _take_unit, skip=lambda answers: "unit" in answers),
        Question("role", _ask_role, _take_role),
        Question("name", _ask_name, _take_name),
        Question("position", _ask_position, _take_position),
        Question("decision", _ask_decision, _take_decision, skip=lambda answers: answers.get("role") not in MANDATES),
    ),
    _summary,
    _finish,
)
