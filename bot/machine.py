"""What every part of the machine shares: the database, the office, the channels, time and chance."""

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, cast

from bot.channels.base import Channel, LocalChannel
from bot.database import Database
from bot.files import Files
from bot.menus import Menus
from bot.settings import Settings
from bot.signals import Signals
from bot.storage.duties import Duties
from bot.tickets import Tickets
from bot.watch.pulse import Watch
from bot.watch.tally import Tally
from handlers.contract import Ids
from handlers.table import Table

if TYPE_CHECKING:  # what takes long to read, for a start that begins by receiving
    from bot.compass import Compass
    from models.office import Office

PARTS = ("receive", "dispatch", "send", "clock", "web")  # of a machine; several that share a database may do some each

Now = Callable[[], datetime]


def wall_clock() -> datetime:
    """The server's clock, aware."""
    return datetime.now(UTC)


class Chance:
    """Chance from the operating system."""

    def chance(self) -> int:
        """64 random bits."""
        return secrets.randbits(64)

    def salt(self) -> str:
        """32 random bytes, in hex."""
        return secrets.token_hex(32)

    def name(self) -> str:
        """128 random bits, in hex."""
        return secrets.token_hex(16)


@dataclass
class Machine:
    """The parts, built once by `bot.app` and handed to every loop."""

    settings: Settings
    database: Database
    office: "Office"
    routes: Table
    files: Files
    channels: Mapping[str, Channel]
    tickets: Tickets = field(default_factory=lambda: Tickets(secrets.token_bytes(32)))
    now: Now = wall_clock
    ids: Ids = field(default_factory=Chance)
    signals: Signals = field(default_factory=Signals)
    watch: Watch = field(default_factory=Watch)
    menus: Menus = field(default_factory=Menus)
    tally: Tally = field(default_factory=Tally)
    duties: Duties = field(init=False)

    def __post_init__(self) -> None:
        self.duties = Duties(self.database)

    def posted(self, channel: LocalChannel, chats: Sequence[str]) -> None:
        """These chats show something new: wake the pages of this process and of others."""
        channel.posted(chats)
        self.signals.pages(channel.name, chats)

    @property
    def compass(self) -> "Compass":
        """The office's router, as what keeps it up to date sees it."""
        return cast("Compass", self.office.router)
