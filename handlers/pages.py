"""A unit's page of the directory, as people of the unit and officers read it; and what somebody finds wrong with it, kept as a proposal."""

from handlers import telling
from handlers.contract import Choice, Context, Outgoing, Screen
from models import inquiry, proposal
from models.errors import Refusal
from models.exchange import Entry
from models.holding import Holding
from models.inquiry import Inquiry
from models.item import Item, ItemKind
from models.person import Account, Person, Post, posted
from models.proposal import Proposal
from models.texts import Words

MOST_WAITING = 3  # proposals one account may have waiting: more is a flood
LONGEST = 500


def lines(context: Context, page: Holding, language: str) -> str:
    """Who does what and how they are reached officially; private numbers are never shown (F110)."""
    say = context.office.texts.say
    shown = [say(language, "page.line", _said(page, person.name, post)) for person, post in page.posts]
    return "\n".join(shown) or say(language, "page.nobody")


def _said(page: Holding, name: str, post: Post) -> dict[str, object]:
    spoken = next((m.kind.value for m in page.mandates if m.person_id == post.person_id and m.covers()), None)
    role = f"page.speaks_{spoken}" if spoken is not None and post.kind.value in {"member", spoken} else f"page.post_{post.kind.value}"
    reached = " · ".join(part for part in (post.office_phone, post.office_email, post.page) if part)
    parts = [name, *([post.position] if post.position else [])]
    return {"name": ", ".join(parts), "role": Words.of(role), "reached": f" · {reached}" if reached else ""}


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
    found = await inquiry.open_of_units(context.store, [unit_id], 500)
    return [case for case, _ in found if one.id in {case.acknowledged_by or case.brought_to, case.acknowledged_by}]
