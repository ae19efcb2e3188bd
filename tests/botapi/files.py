"""Files the server keeps: on disk if they were sent, made up on reading if only a size was given."""

import hashlib
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.botapi.common import Json, Refused

MOST_UPLOAD = 50 * 2**20
MOST_DOWNLOAD = 20 * 2**20
MOST_PHOTO = 10 * 2**20
CHUNK = 2**18
FOLDERS = {"photo": "photos", "voice": "voice", "audio": "music", "video": "videos", "video_note": "video_notes", "sticker": "stickers"}
ENDINGS = {"photo": ".jpg", "voice": ".oga", "audio": ".mp3", "video": ".mp4", "video_note": ".mp4", "sticker": ".webp"}
IMAGES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF8", b"RIFF", b"BM")


@dataclass(slots=True)
class Stored:
    """One file: where its bytes are, or how many of them to make up."""

    id: str
    unique: str
    kind: str
    name: str
    mime: str
    size: int
    path: Path | None = None
    web_path: str = ""

    def chunks(self) -> Iterator[bytes]:
        """Its bytes, piece by piece."""
        if self.path is None:
            left = self.size
            while left > 0:
                yield b"\x00" * min(CHUNK, left)
                left -= CHUNK
            return
        with self.path.open("rb") as file:
            while piece := file.read(CHUNK):
                yield piece

    def as_json(self) -> Json:
        """The fields every file kind has."""
        return {"file_id": self.id, "file_unique_id": self.unique, "file_size": self.size}


class Files:
    """All files of one run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.by_id: dict[str, Stored] = {}
        self.by_path: dict[str, Stored] = {}
        self.count = 0

    def add(self, kind: str, name: str, mime: str, size: int, path: Path | None) -> Stored:
        """Know a file and give it an id of its own."""
        self.count += 1
        stored = Stored(f"BQACAgUAAxkBAA{self.count}-{secrets.token_urlsafe(18)}", secrets.token_urlsafe(9), kind, name, mime, size, path)
        ending = Path(name).suffix or ENDINGS.get(kind, "")
        stored.web_path = f"{FOLDERS.get(kind, 'documents')}/file_{self.count}{ending}"
        self.by_id[stored.id] = self.by_path[stored.web_path] = stored
        return stored

    def write(self, kind: str, name: str, mime: str, content: bytes) -> Stored:
        """Keep bytes a person sends."""
        path = self.folder / hashlib.sha256(content).hexdigest()
        path.write_bytes(content)
        return self.add(kind, name, mime, len(content), path)

    def known(self, file_id: str, kind: str | None) -> Stored:
        """A file the bot may use again: of the same kind only."""
        stored = self.by_id.get(file_id)
        if stored is None:
            if file_id.startswith(("http://", "https://")):
                raise Refused("failed to get HTTP URL content")
            raise Refused("wrong file identifier/HTTP URL specified")
        if kind and stored.kind != kind:
            raise Refused(f"can't use file of type {stored.kind.capitalize()} as {kind.capitalize()}")
        return stored
