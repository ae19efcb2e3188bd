"""How a call to Telegram fails, and what follows from each way.

What matters is whether the call can have been accepted: `Unsent` certainly not, `Lost` perhaps, `Answered` is a clear no,
`Garbled` an accepted call whose answer nobody can read. None of them holds a URL: it would hold the token.
"""

from telegram.error import NetworkError, TelegramError

from bot.channels.base import Moved, Rejected, Retry, SendError, Uncertain, Unreachable

_GONE = ("chat not found", "user is deactivated", "bot was blocked", "bot was kicked", "peer_id_invalid", "chat_write_forbidden")


class Unsent(NetworkError):  # noqa: N818 - what happened, in one word
    """No connection, or it broke before the request was written."""


class Lost(NetworkError):  # noqa: N818 - what happened, in one word
    """The request was written; no answer came."""


class Garbled(TelegramError):  # noqa: N818 - what happened, in one word
    """Accepted, by its status; the answer is no JSON of the Bot API."""


class Answered(TelegramError):  # noqa: N818 - what happened, in one word
    """A clear no: the status, and what the answer says about it."""

    def __init__(self, code: int, description: str = "", retry_after: float | None = None, moved_to: int | None = None) -> None:
        super().__init__(description or f"status {code}")
        self.code = code
        self.description = description
        self.retry_after = retry_after
        self.moved_to = moved_to


def fate(error: TelegramError) -> SendError:
    """What follows for a message from the way its call failed."""
    match error:
        case Answered():
            return _refused(error)
        case Unsent():
            return Retry(str(error))
        case Lost():
            return Uncertain(str(error))
        case Garbled():
            return Uncertain("accepted, but the answer cannot be read")
        case _:
            return Uncertain(type(error).__name__)


def _refused(error: Answered) -> SendError:
    if error.moved_to is not None:
        return Moved(str(error.moved_to))
    if error.code == 429:
        return Retry("too many messages", after=error.retry_after or 1.0)
    if error.code in {401, 404, 409} or error.code >= 500:
        return Retry(f"status {error.code}")  # the token or the server, not the message: an officer mends it, nothing is lost
    if error.code == 403 or any(word in error.description.lower() for word in _GONE):
        return Unreachable(_short(error))
    return Rejected(_short(error))


def _short(error: Answered) -> str:
    """Telegram's sentence about itself; it never repeats a message."""
    return f"{error.code} {error.description}"[:120]
