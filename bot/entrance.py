"""The way in, open before the rest is read: what arrives is stored while the machine still learns its sentences and its rules.

Nothing here may import what handles, sends or speaks: a start would wait for it (`tests/bot/commands/test_line.py`).
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.channels.base import Channel, Receiver
from bot.channels.internal import INTERNAL
from bot.channels.web import WebChannel
from bot.database import Database
from bot.inbox import Inbox
from bot.machine import Now, wall_clock
from bot.settings import Settings
from bot.signals import Signals
from bot.storage.fencing import admit, when_admitted
from bot.watch.pulse import Run, Watch


@dataclass
class Entrance:
    """The database, the channels and the loops that bring messages in; the machine is built around it."""

    settings: Settings
    database: Database
    channels: Mapping[str, Channel]
    now: Now = wall_clock
    signals: Signals = field(default_factory=Signals)
    watch: Watch = field(default_factory=Watch)
    arriving: Mapping[str, Run] = field(default_factory=dict[str, Run])  # loops that bring messages in and do not run yet

    @classmethod
    async def open(cls, settings: Settings, *, now: Now = wall_clock, channels: Mapping[str, Channel] | None = None) -> "Entrance":
        """The schema is current, the installation is admitted or fenced, the channels are ready to call; nothing is called yet."""
        settings.home.mkdir(parents=True, exist_ok=True)
        database = Database(settings.database)
        try:
            known, _ = await asyncio.gather(_channels(settings, channels), _ready(settings, database, now))
            entrance = cls(settings, database, known, now)
            for receiver in entrance.receivers:
                await receiver.open()
            put = Inbox(entrance).put
            brought = {name: run for receiver in entrance.receivers for name, run in receiver.receivers(put).items()}
            entrance.arriving = {name: when_admitted(database, run) for name, run in brought.items()}
        except BaseException:
            await database.dispose()
            raise
        return entrance

    @property
    def receivers(self) -> Sequence[Receiver]:
        """The channels that bring messages in by themselves."""
        return [channel for channel in self.channels.values() if isinstance(channel, Receiver)]

    def receive(self) -> None:
        """Store what arrives from now on. Where machines share a database, one of them receives: that is decided later (`bot.storage.duties`)."""
        if self.database.is_sqlite:
            self.watch.start(self.arriving)
            self.arriving = {}

    async def close(self) -> None:
        """Where nothing was built around it: stop the loops, close the connections."""
        await self.watch.stop()
        for receiver in self.receivers:
            await receiver.close()
        await self.database.dispose()


async def _ready(settings: Settings, database: Database, now: Now) -> None:
    await database.assert_append_only()
    await database.migrate()
    await admit(settings.home, database, now())


async def _channels(settings: Settings, given: Mapping[str, Channel] | None) -> Mapping[str, Channel]:
    """In a thread, beside the opening of the database: reading the certificates of the web takes a tenth of a second."""
    return given if given is not None else await asyncio.to_thread(channels_of, settings)


def channels_of(settings: Settings) -> dict[str, Channel]:
    """The channels these settings switch on."""
    channels: list[Channel] = [*INTERNAL, WebChannel()]
    if settings.telegram_token.get_secret_value():
        from bot.channels.telegram import TelegramChannel  # noqa: PLC0415 - half a second nobody without a token should wait

        channels.append(TelegramChannel(settings))
    return {channel.name: channel for channel in channels}
