"""Who is behind a chat at a moment: one set of queries for a whole group of messages."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam
from sqlmodel import col, or_, select

from models.messages.conversation import Conversation
from models.people.person import Account, Person, Post, Reporter
from models.store import Instant, Store


@dataclass
class Presence:
    """An account, the person it acts as, and where its conversation stands."""

    account: Account
    conversation: Conversation | None = None
    person: Person | None = None
    reporter: Reporter | None = None
    posts: Sequence[Post] = ()


_BY_CHAT = select(Account).where(col(Account.external_id).in_(bindparam("chats", expanding=True)))
_TALKS = select(Conversation).where(col(Conversation.account_id).in_(bindparam("accounts", expanding=True)))
_PEOPLE = select(Person).where(col(Person.id).in_(bindparam("people", expanding=True)))
_REPORTERS = select(Reporter).where(col(Reporter.person_id).in_(bindparam("people", expanding=True)))
_POSTS = select(Post).where(
    col(Post.person_id).in_(bindparam("people", expanding=True)),
    col(Post.valid_from) <= bindparam("at", type_=Instant),
    or_(col(Post.valid_to).is_(None), col(Post.valid_to) > bindparam("at", type_=Instant)),
)


async def present(store: Store, chats: Iterable[tuple[str, str]], at: datetime) -> dict[tuple[str, str], Presence]:
    """The presence behind each chat (channel, external id) that is known."""
    wanted = set(chats)
    found = await store.scalars(_BY_CHAT, {"chats": [*{chat for _, chat in wanted}]})
    presences = {(a.channel, a.external_id): Presence(a) for a in found.all() if (a.channel, a.external_id) in wanted}
    await fill(store, presences.values(), at)
    return presences


async def fill(store: Store, presences: Iterable[Presence], at: datetime) -> None:
    """Complete presences whose accounts are known: conversation, person, reporter, posts."""
    waiting = list(presences)
    account_ids = [p.account.id for p in waiting if p.account.id is not None]
    people = {p.account.person_id for p in waiting if p.account.person_id is not None}
    if not account_ids:
        return
    talks = {c.account_id: c for c in (await store.scalars(_TALKS, {"accounts": account_ids})).all()}
    persons: dict[int | None, Person] = {}
    reporters: dict[int, Reporter] = {}
    posts: dict[int, list[Post]] = defaultdict(list)
    if people:
        known = {"people": [*people]}
        persons = {p.id: p for p in (await store.scalars(_PEOPLE, known)).all()}
        reporters = {r.person_id: r for r in (await store.scalars(_REPORTERS, known)).all()}
        held = await store.scalars(_POSTS, {**known, "at": at})
        for post in held.all():
            posts[post.person_id].append(post)
    for presence in waiting:
        account = presence.account
        presence.conversation = talks.get(account.id or 0)
        if account.person_id is not None:
            presence.person = persons.get(account.person_id)
            presence.reporter = reporters.get(account.person_id)
            presence.posts = posts.get(account.person_id, [])
