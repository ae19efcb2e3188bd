"""The few commands the chat page offers as chips beside what the bot itself proposes."""

from datetime import datetime

from models.person import Account, PostKind, posts_of
from models.store import Store

Chip = tuple[str, str]  # the command a tap says, and the key of its label

_EVERYBODY: list[Chip] = [("/danhba", "web.chip_directory"), ("/trogiup", "web.chip_help")]
_KNOWN: list[Chip] = [("/theodoi", "web.chip_cases"), *_EVERYBODY]
_SPEAKERS: list[Chip] = [("/hopthu", "web.chip_inbox"), *_EVERYBODY]


async def commands(store: Store, account: Account | None, at: datetime) -> list[Chip]:
    """What the person behind an account is offered."""
    if account is None or account.person_id is None:
        return _EVERYBODY
    posts = await posts_of(store, account.person_id, at)
    if any(post.kind is PostKind.OFFICER for post in posts):
        return _SPEAKERS
    return _SPEAKERS if posts else _KNOWN
