"""The few commands the chat page offers as chips beside what the bot itself proposes."""

from datetime import datetime

from models.people.person import Account, PostKind, posts_of
from models.store import Store

Chip = tuple[str, str]  # the command a tap says, and the key of its label

_DIRECTORY, _HELP, _LEAVE = ("/danhba", "web.chip_directory"), ("/trogiup", "web.chip_help"), ("/huy", "web.chip_leave")
_VISITOR: list[Chip] = [_DIRECTORY, _HELP, _LEAVE]
_REPORTER: list[Chip] = [("/hoi", "web.chip_ask"), ("/theodoi", "web.chip_cases"), _DIRECTORY, _LEAVE]
_MEMBER: list[Chip] = [("/hopthu", "web.chip_inbox"), _DIRECTORY, _HELP, _LEAVE]
_OFFICER: list[Chip] = [("/choxuly", "web.chip_desk"), ("/thongcao", "web.chip_release"), _HELP, _LEAVE]


async def commands(store: Store, account: Account | None, at: datetime) -> list[Chip]:
    """What the person behind an account is offered."""
    if account is None or account.person_id is None:
        return _VISITOR
    posts = await posts_of(store, account.person_id, at)
    if any(post.kind is PostKind.OFFICER for post in posts):
        return _OFFICER
    return _MEMBER if posts else _REPORTER
