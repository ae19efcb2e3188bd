"""A unit's page of the directory, as people of the unit and officers read it; and what somebody finds wrong with it, kept as a proposal."""

from handlers import telling
from handlers.contract import Choice, Context, Outgoing, Screen
from models.casework import board
from models.casework.inquiry import Inquiry
from models.directory import proposal
from models.directory.holding import Gap, Holding
from models.directory.proposal import Proposal
from models.errors import Refusal
from models.evidence.exchange import Entry
from models.evidence.item import Item, ItemKind
from models.people.person import Account, Person, Post, PostKind, posted
from models.texts import Words

MOST_WAITING = 3  # proposals one account may have waiting: more is a flood
LONGEST = 500


def lines(context: Context, page: Holding, language: str) -> str:
    """Who does what and how they are reached officially, and which of the roles nobody has; private numbers are never shown (F110)."""
    say = context.office.texts.say
    shown = [_line(context, page, person.name, post, language) for person, post in page.posts]
    kinds = {post.kind for _, post in page.posts}
    gaps = page.gaps(None)
    wanted = {
        "post_head": Gap.HEAD in gaps,
        "speaks_standing": Gap.SPEAKER in gaps,
        "post_press_officer": PostKind.PRESS_OFFICER not in kinds,
        "post_page_admin": PostKind.PAGE_ADMIN not in kinds,
    }
    lacking = [say(language, "page.nobody", {"role": Words.of(f"page.{role}")}) for role, missing in wanted.items() if missing]
    return "\n".join([*shown, *lacking])


def _line(context: Context, page: Holding, name: str, post: Post, language: str) -> str:
    """One person in one post: what they are there, and whether they speak for the unit."""
    say = context.office.texts.say
    spoken = {f"speaks_{m.kind.value}" for m in page.mandates if m.person_id == post.person_id and m.covers()}
    said_already = bool(spoken) if post.kind is PostKind.MEMBER else f"speaks_{post.kind.value}" in spoken
    roles = [] if said_already else [f"post_{post.kind.value}"]
    said = ", ".join(say(language, f"page.{role}") for role in (*roles, *sorted(spoken)))
    reached = "".join(f" · {part}" for part in (post.office_phone, post.office_email, post.page) if part)
    return say(language, "page.line", {"name": ", ".join(filter(None, (name, post.position))), "role": said, "reached": reached})


async def propose(context: Context, unit_id: str, words: str) -> tuple[Item, Entry, list[Outgoing]]:
    """What somebody says is wrong is kept, and the officers see it.

    Raises:
        Refusal: too many of theirs are waiting already.
    """
    if len(await proposal.waiting(context.store, context.here.id)) >= MOST_WAITING:
        raise Refusal("proposal.too_many", most=MOST_WAITING)
    text = context.item(ItemKind.NOTE, words)
    found = Proposal(unit_id=unit_id, item=text.digest, account_id=context.here.id or 0, proposed_at=context.now)
    context.store.add(found)
    await context.store.flush()
    screen = Screen.of(
        "proposal.new", *ways(found.id or 0), unit=context.office.unit_name(unit_id), text=text, who=await who(context, found)
    )
    return text, found.proposed(), context.tell(await telling.officer_accounts(context), screen)


def ways(number: int) -> tuple[Choice, ...]:
    """What an officer can do with a proposal."""
    return (Choice("choice.proposal_take", f"proposal.take:{number}"), Choice("choice.proposal_decline", f"proposal.decline:{number}"))


async def who(context: Context, found: Proposal) -> object:
    """In what part somebody proposes: of the unit itself, or from outside; officers judge it by that."""
    account = await context.store.get_one(Account, found.account_id)
    if account.person_id is None:
        return Words.of("proposal.by_visitor")
    inside = any(p.id == account.person_id for p in await posted(context.store, context.now, unit_id=found.unit_id))
    name = await telling.person_of(context, account.person_id)
    return Words.of("proposal.by_unit" if inside else "proposal.by_other", name=name)


async def cases(context: Context, one: Person, unit_id: str) -> list[Inquiry]:
    """The open cases of a unit that somebody has taken on or was asked first about."""
    found = await board.open_of_units(context.store, [unit_id], 500)
    return [case for case, _ in found if one.id in {case.acknowledged_by or case.brought_to, case.acknowledged_by}]
