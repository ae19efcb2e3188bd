"""People of units whom messages do not reach, or who do not answer: what the press office must do about it (F52)."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import col, func, or_, select

from models.casework.inquiry import Inquiry, InquiryState
from models.clocks import absence
from models.messages.message import InboxMessage
from models.people.person import Account, AccountState, Person, Post, PostKind, Trouble
from models.store import Store

PATIENCE = timedelta(days=3)  # after a call, before the task is shown again


@dataclass(frozen=True)
class Task:
    """Somebody with a post none of whose accounts works."""

    person: Person
    posts: Sequence[Post]
    accounts: Sequence[Account]

    @property
    def trouble(self) -> Trouble:
        """What is wrong with the account that failed last."""
        failed = [(a.trouble_at, a.id or 0, a.trouble) for a in self.accounts if a.trouble is not None and a.trouble_at is not None]
        return max(failed)[2]

    @property
    def phones(self) -> list[str]:
        """The numbers to ring: official ones first, the person's own, which only the press office sees, last."""
        return list(dict.fromkeys(n for n in (*(p.office_phone for p in self.posts), self.person.phone) if n))

    def rests(self, at: datetime) -> bool:
        """Whether somebody has rung lately."""
        return any(a.called_at is not None and a.called_at > at - PATIENCE for a in self.accounts)


async def tasks(store: Store, at: datetime, only: int | None = None) -> list[Task]:
    """Everybody with a post who cannot be reached on any account, whoever failed first foremost; of one person, if named."""
    failed = select(Account.person_id).where(col(Account.trouble).is_not(None))
    found = await store.execute(
        select(Person, Post)
        .join(Post, col(Post.person_id) == col(Person.id))
        .where(
            col(Person.id).in_(failed if only is None else [only]),
            Post.kind != PostKind.PAGE_ADMIN,
            col(Post.valid_from) <= at,
            or_(col(Post.valid_to).is_(None), col(Post.valid_to) > at),
        )
        .order_by(col(Post.id))
    )
    people: dict[int, tuple[Person, list[Post]]] = {}
    for person, post in found.all():
        people.setdefault(person.id or 0, (person, []))[1].append(post)
    accounts: dict[int, list[Account]] = defaultdict(list)
    known = await store.scalars(select(Account).where(col(Account.person_id).in_(people), Account.state != AccountState.CLOSED))
    for account in known.all():
        accounts[account.person_id or 0].append(account)
    hurt = [Task(p, posts, accounts[i]) for i, (p, posts) in people.items() if accounts[i] and all(a.trouble for a in accounts[i])]
    return sorted(hurt, key=lambda task: min(a.trouble_at for a in task.accounts if a.trouble_at is not None))


async def silent(store: Store, asked_before: datetime, at: datetime) -> list[Account]:
    """Accounts of people asked first about a case before a moment who have not written on any account since, and are not known to be away."""
    away = await absence.away(store, at)
    rows = await store.execute(
        select(Account, func.max(Inquiry.since))
        .join(Inquiry, col(Inquiry.brought_to) == col(Account.person_id))
        .where(Inquiry.state == InquiryState.ASSIGNED, Account.state == AccountState.ACTIVE, Inquiry.since <= asked_before)
        .group_by(col(Account.id))
        .order_by(col(Account.id))
    )
    asked: dict[int, list[tuple[Account, datetime]]] = defaultdict(list)
    for account, since in rows.all():
        asked[account.person_id or 0].append((account, since))
    found: list[Account] = []
    for theirs in (accounts for person, accounts in asked.items() if person not in away):
        since = max(moment for _, moment in theirs)
        wrote = [await _wrote_since(store, account, since) for account, _ in theirs]
        found += [account for account, _ in theirs if account.trouble is None] if not any(wrote) else []
    return found


async def _wrote_since(store: Store, account: Account, since: datetime) -> bool:
    query = select(InboxMessage.id).where(
        InboxMessage.chat == account.external_id, InboxMessage.channel == account.channel, InboxMessage.received_at > since
    )
    return await store.scalar(query.limit(1)) is not None
