"""Links that open one thing for a while: bring files to the chat they were asked for in, or fetch one file.

A channel has its limits (Telegram: 20 MB to a bot, 50 MB from it); the web page behind such a link has larger ones. A link names
its purpose, its subject and its end, and is sealed with a key of the installation: nothing is stored, nothing can be guessed.
"""

import base64
import binascii
import hmac
from datetime import UTC, datetime, timedelta
from enum import StrEnum

LIFE = timedelta(days=3)
_SEAL = 16  # bytes of the HMAC-SHA256 kept


class Purpose(StrEnum):
    """What a link is good for; one of another purpose opens nothing."""

    BRING = "gui"  # its page takes files for an account
    FETCH = "tai"  # it gives one attachment


class Tickets:
    """Makes links' tokens and reads them back."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def make(self, purpose: Purpose, subject: str, at: datetime) -> str:
        """A token good for `LIFE` from a moment."""
        until = int((at + LIFE).timestamp())
        named = f"{subject}.{until:x}".encode()
        return base64.urlsafe_b64encode(self._seal(purpose, named) + named).rstrip(b"=").decode("ascii")

    def read(self, purpose: Purpose, token: str, at: datetime) -> str | None:
        """The subject of a good token; None for every other."""
        try:
            held = base64.urlsafe_b64decode(token.encode("ascii") + b"=" * (-len(token) % 4))
        except (binascii.Error, UnicodeEncodeError):
            return None
        seal, named = held[:_SEAL], held[_SEAL:]
        if not hmac.compare_digest(seal, self._seal(purpose, named)):
            return None
        subject, _, until = named.decode().rpartition(".")
        return subject if at < datetime.fromtimestamp(int(until, 16), UTC) else None

    def _seal(self, purpose: Purpose, named: bytes) -> bytes:
        return hmac.digest(self._key, purpose.encode() + b"\0" + named, "sha256")[:_SEAL]
