"""Menus in Telegram: everybody's at the start, and those of a post in the chats of who holds one."""

import pytest
from sqlmodel import col, select

from bot import seeding
from handlers.routes import COMMANDS, MENUS
from models.people.person import Account, Role
from models.texts import LANGUAGES
from tests.telegram_stage import TelegramStory

pytestmark = pytest.mark.asyncio(loop_scope="session")
CHAT = 4001


async def show(story: TelegramStory) -> Account:
    """Bring the noticed menus up to date, as the loop does; the account as it is then."""
    menus = {role: {language: [(name, f"{language} {name}") for name in names] for language in LANGUAGES} for role, names in MENUS.items()}
    await story.app.machine.menus.show(story.app.machine.database, {"telegram": story.channel}, menus)
    async with story.app.machine.database.read() as store:
        return (await store.scalars(select(Account).where(col(Account.external_id) == str(CHAT)))).one()


async def test_a_post_brings_its_own_menu(office: TelegramStory) -> None:
    """Who gets a post sees its commands in their chat, told once; whoever leaves it sees everybody's again."""
    person = office.server.person(CHAT)
    for words in (await seeding.invite(office.app, "officer", "Cán bộ", "dic_desk"), "/bang", "/bang"):
        await person.write(words)
        await office.settle()
        account = await show(office)
    calls = [call["parameters"] for call in await office.server.record("setMyCommands") if call["parameters"].get("scope")]
    assert [call.get("language_code") for call in calls] == [None, "en"]
    assert {"command": "xacminh", "description": "vi xacminh"} in calls[0]["commands"]
    assert account.menu == Role.OFFICER.value
    office.app.machine.menus.notice(account, frozenset({Role.VISITOR}))
    assert (await show(office)).menu is None
    assert len(await office.server.record("deleteMyCommands")) == 2


async def test_a_menu_that_could_not_be_shown_is_shown_later(office: TelegramStory) -> None:
    """Telegram stumbles; the person's next word brings the menu."""
    person = office.server.person(CHAT)
    await person.write(await seeding.invite(office.app, "officer", "Cán bộ", "dic_desk"))
    await office.settle()
    await office.server.fault(method="setMyCommands", times=1, kind="bad_gateway")
    shown: list[str | None] = []
    for _ in range(2):
        await person.write("/bang")
        await office.settle()
        shown.append((await show(office)).menu)
    assert shown == [None, "officer"]


async def test_every_menu_names_commands_of_the_table() -> None:
    """No more than a hundred, each spelled as Telegram allows."""
    for names in (COMMANDS, *MENUS.values()):
        assert len(set(names)) == len(names) <= 100
        assert all(name.isascii() and name.islower() and len(name) <= 32 for name in names)


async def test_an_invitation_is_a_link_that_opens_the_bot(office: TelegramStory) -> None:
    """`t.me/NAME?start=CODE` makes the person's Telegram say `/start CODE`: they are in."""
    assert await office.channel.username() == "phatngon_bot"
    person = office.server.person(CHAT)
    await person.write(f"/start {await seeding.invite(office.app, 'officer', 'Cán bộ', 'dic_desk')}")
    await office.settle()
    async with office.app.machine.database.read() as store:
        account = (await store.scalars(select(Account).where(col(Account.external_id) == str(CHAT)))).one()
    assert account.person_id is not None
    await office.server.fault(method="getMe", times=1, kind="bad_gateway")
    assert await office.channel.username() is None
