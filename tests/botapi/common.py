"""The few words every part of the server shares: JSON, refusals, one call."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

Json: TypeAlias = dict[str, Any]


class Refused(Exception):  # noqa: N818 - it is an answer, not a failure of this program
    """The server says no, in the words of the Bot API."""

    def __init__(self, description: str, code: int = 400, **parameters: Any) -> None:
        super().__init__(description)
        kind = {400: "Bad Request: ", 401: "", 403: "Forbidden: ", 404: "", 409: "Conflict: ", 429: ""}.get(code, "")
        self.code, self.description, self.parameters = code, kind + description, parameters

    def as_json(self) -> Json:
        """The body of the answer."""
        body: Json = {"ok": False, "error_code": self.code, "description": self.description}
        return body | {"parameters": self.parameters} if self.parameters else body


@dataclass(slots=True)
class Upload:
    """A file that came with a multipart call, already on disk."""

    name: str
    mime: str
    size: int
    digest: str
    path: Path
    head: bytes


@dataclass(slots=True)
class Call:
    """One call of a method: parameters already checked and typed."""

    method: str
    parameters: Json
    uploads: dict[str, Upload] = field(default_factory=dict[str, Upload])


def utf16(text: str) -> int:
    """Length as Telegram counts it: in UTF-16 code units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2
