"""Menus of commands per role: whoever gets a post sees its commands in their chat, whoever leaves it sees everybody's again.

What a chat shows is remembered on its account, so nothing is called twice; a call that fails is made again when the person next writes.
"""

import logging
from collections.abc import Mapping

from bot.channels.base import Menu, MenuChannel, Rejected, SendError, Unreachable
from bot.database import Database
from bot.signals import Signal
from models.people.person import Account, Role
from models.store import Store

log = logging.getLogger(__name__)

OWN = (Role.OFFICER, Role.MEMBER)  # roles with a menu of their own; an officer's holds a member's


class Menus:
    """Accounts whose menu no longer fits their role."""

    def __init__(self) -> None:
        self._late: dict[int, tuple[str, str, str | None]] = {}
        self._woken = Signal()

    def notice(self, account: Account, roles: frozenset[Role]) -> None:
        """Compare what an account's chat shows with what its person may do now."""
        fitting = next((role.value for role in OWN if role in roles), None)
        if fitting != account.menu and account.id is not None:
            self._late[account.id] = (account.channel, account.external_id, fitting)
            self._woken.nudge()

    async def run(self, database: Database, channels: Mapping[str, MenuChannel], menus: Mapping[str, Menu]) -> None:
        """Bring menus up to date for ever."""
        while True:
            await self.show(database, channels, menus)
            await self._woken.wait(30)

    async def show(self, database: Database, channels: Mapping[str, MenuChannel], menus: Mapping[str, Menu]) -> None:
        """Bring those noticed so far up to date."""
        while self._late:
            account, (channel, chat, role) = self._late.popitem()
            if channel not in channels:
                continue
            try:
                await channels[channel].show_menu(chat, menus[role] if role is not None else None)
            except (Rejected, Unreachable):  # this chat will never have one
                pass
            except SendError as error:
                log.info("a menu was not shown", extra={"action": "menu", "channel": channel, "problem": error.problem})
                continue
            await database.write(lambda store, account=account, role=role: _shown(store, account, role))


async def _shown(store: Store, account: int, role: str | None) -> None:
    (await store.get_one(Account, account)).menu = role
