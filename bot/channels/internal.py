"""The machine's own producers: the clock, the sender's reports, the console."""

import json
from dataclasses import dataclass

from bot.channels.base import Capabilities, Reading
from handlers.contract import Kind

NOTHING = Capabilities(text_limit=1, buttons=False, bundles_files=False, upload_limit=0)


@dataclass(frozen=True)
class Internal:
    """A producer whose payload is our own JSON; nothing is ever sent to it."""

    name: str
    kind: Kind
    capabilities: Capabilities = NOTHING

    def read(self, payload: str) -> Reading:
        """The payload as the message's detail."""
        return Reading(self.kind, detail=json.loads(payload))


INTERNAL = (Internal("clock", Kind.ALARM), Internal("sender", Kind.DELIVERY), Internal("console", Kind.COMMAND))
