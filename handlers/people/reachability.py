"""When somebody with a post stops hearing us: the officers get a task that says what to do next (F52)."""

from datetime import datetime, time
from typing import Any

from handlers import telling
from handlers.contract import Choice, Context, Outcome, Screen
from models.people import contact
from models.people.contact import Task
from models.people.person import Account, PostKind, Trouble, posts_of

WORKING_DAYS = 3  # without a word after being asked first about a case


async def failed(context: Context, account: Account | None, trouble: Trouble) -> Outcome:
    """An account stopped working; where it was the last of somebody with a post, the officers are told at once."""
    if account is None or account.person_id is None or account.trouble is trouble:
        return Outcome()
    posts = await posts_of(context.store, account.person_id, context.now)
    if all(post.kind is PostKind.PAGE_ADMIN for post in posts):
        return Outcome()  # a reporter who leaves is no task of ours
    known = await contact.tasks(context.store, context.now, account.person_id)
    entry = account.fails(trouble, context.now)
    if known:
        return Outcome([entry])  # they know already
    now = await contact.tasks(context.store, context.now, account.person_id)
    return Outcome([entry], context.tell(await telling.officer_accounts(context), card(context, now[0])) if now else [])


async def fallen_silent(context: Context) -> Outcome:
    """Every morning: who was asked first three working days ago and has not said a word since."""
    day, calendar = context.now.astimezone(context.zone).date(), context.office.rules.calendar
    for _ in range(WORKING_DAYS):
        day = calendar.last_working_day(day)
        day = day.fromordinal(day.toordinal() - 1)
    before = datetime.combine(day, time.max, tzinfo=context.zone)
    entries = [account.fails(Trouble.SILENT, context.now) for account in await contact.silent(context.store, before, context.now)]
    return Outcome(entries)


def card(context: Context, task: Task, *, looked_at: bool = False) -> Screen:
    """Who, since when, which numbers to ring, and what else can be done; private numbers only where looking at them is an entry."""
    post, person = task.posts[0], task.person
    phones = [number for number in task.phones if looked_at or number != person.phone]
    ways = (
        Choice("choice.called", f"contact.called:{person.id}"),
        Choice("choice.appoint_other", f"join.begin:{post.unit_id}"),
        Choice("choice.hand_over", f"staff.leaves:{person.id}:{post.unit_id}"),
        *(() if looked_at else (Choice("choice.contact_list", "contact.list"),)),
    )
    values: dict[str, Any] = {"name": person.name, "position": post.position or "–", "unit": context.office.unit_name(post.unit_id)}
    since = min(a.trouble_at for a in task.accounts if a.trouble_at is not None)
    return Screen.of(f"contact.task_{task.trouble.value}", *ways, **values, since=since, phones=", ".join(phones) or "–")
