"""Who may authorise whom, and for what: read again at each step, because posts, units and cases change meanwhile (F23).

`answers` is what the flow knows so far: `code` of the case or matter, `unit`, and whether it is written down from `paper`.
"""

from handlers import casework
from handlers.answering import speaking
from handlers.contract import Context
from handlers.form import Answers
from handlers.matters import matterwork
from models import codes
from models.casework import inquiry
from models.casework.matter import LIVE
from models.directory.unit import Unit, unit
from models.errors import Refusal
from models.people import authorising, mandate
from models.people.mandate import MandateKind
from models.people.person import Person, Post, PostKind, Role, posted, posts_of


async def unit_of(context: Context, code: str) -> str:
    """The unit that has the case or speaks on the matter; on what has ended nobody needs to speak."""
    if code.startswith(codes.MATTER):
        found = await matterwork.ours(context, code)
        if found.state not in LIVE:
            raise Refusal("authorise.matter_closed", code=code)
        return found.unit_id
    case = await casework.ours(context, code)
    if case.state not in inquiry.OPEN:
        raise casework.closed(case)
    if case.unit_id is None:
        raise Refusal("authorise.no_unit", code=code)
    return case.unit_id


async def as_head(context: Context, unit_id: str, code: str) -> bool:
    """The head grants, an officer writes down; anybody else is told why not."""
    if await speaking.leads(context, unit_id):
        return True
    if Role.OFFICER in context.roles:
        return False
    held = await mandate.mandates(context.store, context.now, unit_id=unit_id, person_id=context.my_id)
    if any(m.kind is MandateKind.AUTHORISED and m.covers(code) for m in held):
        raise Refusal("authorise.no_passing_on")
    raise Refusal("authorise.head_only")


async def living_unit(context: Context, unit_id: str) -> Unit:
    """A unit that still stands; one that has ended has nobody to authorise."""
    found = await unit(context.store, unit_id)
    if found is None or (found.valid_to is not None and found.valid_to <= context.now):
        raise Refusal("authorise.unit_ended", unit=context.office.unit_name(unit_id))
    return found


async def grantor_of(context: Context, answers: Answers) -> Person:
    """The head in whose name it is granted."""
    leaders = await mandate.heads(context.store, answers["unit"], context.now)
    mine = next((p for p in leaders if p.id == context.my_id), None)
    if mine is None and not leaders:
        raise Refusal("authorise.no_head", unit=context.office.unit_name(answers["unit"]))
    return mine or leaders[0]


async def post_in(context: Context, unit_id: str, person_id: int) -> Post | None:
    """What somebody is in a unit today."""
    return next((p for p in await posts_of(context.store, person_id, context.now) if p.unit_id == unit_id), None)


async def holder(context: Context, answers: Answers, person_id: int) -> Person:
    """Somebody of the unit who may be authorised: not the head, not oneself, a deputy where the pack asks for one."""
    unit_id, grantor = answers["unit"], await grantor_of(context, answers)
    one = await living_unit(context, unit_id)
    person, post = await context.store.get(Person, person_id), await post_in(context, unit_id, person_id)
    if person is None or post is None:
        raise Refusal("authorise.person_unknown", unit=one.name_vi)
    if person_id == context.my_id:
        raise Refusal("authorise.not_oneself")
    if person_id == grantor.id or post.kind is PostKind.HEAD:
        raise Refusal("authorise.is_head", name=person.name)
    basis = authorising.misfit(speaking.pack(context), one.kind, MandateKind.AUTHORISED, post.position)
    if basis is not None:
        raise Refusal("authorise.deputy_only", name=person.name, position=post.position or "–", basis=basis)
    held = await mandate.mandates(context.store, context.now, unit_id=unit_id, person_id=person_id)
    if any(m.kind is not MandateKind.AUTHORISED or m.covers(answers["code"]) for m in held):
        raise Refusal("authorise.may_already", name=person.name, code=answers["code"])
    return person


async def colleagues(context: Context, answers: Answers) -> list[Person]:
    """The unit's people who are neither its head nor oneself."""
    people = await posted(context.store, context.now, unit_id=answers["unit"])
    leaders = {p.id for p in await mandate.heads(context.store, answers["unit"], context.now)}
    return [p for p in people if p.id not in leaders and p.id != context.my_id]
