"""What tests of sending share: somebody the office knows, rows as a handler would queue them, files it holds."""

from typing import Any

from sqlmodel import col, select

from bot.inbox import keep
from bot.recording import parts
from handlers.contract import Choice, Context, InboundMessage, Kind, Outgoing, Screen
from models.messages.message import OutboxMessage
from models.people.person import Account
from models.store import Store
from tests.telegram_stage import TelegramStory

CHAT = 4001


async def account_of(story: TelegramStory, chat: int = CHAT) -> Account:
    """Somebody known to the office."""

    async def work(store: Store) -> Account:
        account = Account(channel="telegram", external_id=str(chat), created_at=story.time())
        store.add(account)
        return account

    await story.server.crowd(chat, 1)
    return await story.app.machine.database.write(work)


async def queue(story: TelegramStory, account: Account, *screens: Screen, **more: Any) -> list[int]:
    """Put screens into the outbox as a handler's would be."""

    async def work(store: Store) -> list[int]:
        message = InboundMessage(0, "telegram", Kind.TEXT, story.time())
        machine = story.app.machine
        context = Context(store, story.time(), machine.office, machine.ids, message, account, None)
        rows = [OutboxMessage(**(row | more)) for screen in screens for row in parts(machine, Outgoing(account, screen), context)]
        store.add_all(rows)
        await store.flush()
        return [row.id or 0 for row in rows]

    return await story.app.machine.database.write(work)


def words(text: str, *choices: Choice, files: tuple[str, ...] = ()) -> Screen:
    """A screen that says just this."""
    return Screen("choice.plain", {"text": text}, choices, files)


async def rows(story: TelegramStory, *ids: int) -> list[OutboxMessage]:
    """Rows as they stand."""
    async with story.app.machine.database.read() as store:
        return [*(await store.scalars(select(OutboxMessage).where(col(OutboxMessage.id).in_(ids)).order_by(col(OutboxMessage.id)))).all()]


async def file(story: TelegramStory, content: bytes, name: str) -> str:
    """A file the office holds."""
    attachment = await keep(story.app.machine, content, name)

    async def work(store: Store) -> str:
        store.add(attachment)
        return attachment.id

    return await story.app.machine.database.write(work)
