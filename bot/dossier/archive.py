"""Writing the ZIP: every member's fingerprint in a signed manifest, the whole file there or not there at all."""

import hashlib
import json
import zipfile
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.dossier import verify
from bot.dossier.contents import Contents
from bot.files import Files
from bot.watch.heads import Key, SignedHead
from models.evidence.exchange import iso
from models.evidence.item import Attachment, Item

VERIFIER = Path(verify.__file__)
PIECE = 1 << 20


class FileGone(Exception):  # noqa: N818 - what happened
    """The bytes of a file of the case are not where they should be."""


@dataclass(frozen=True)
class Made:
    """What the exchange log will say of an export."""

    manifest: str  # SHA-256 of manifest.json
    entries: int


@contextmanager
def whole(out: Path) -> Generator[Path]:
    """A path to write to, which becomes `out` if all goes well and disappears if it does not."""
    part = out.with_name(f"{out.name}.part")
    out.parent.mkdir(parents=True, exist_ok=True)
    try:
        yield part
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)


def write(path: Path, contents: Contents, readable: Mapping[str, bytes], head: SignedHead, files: Files, key: Key, at: datetime) -> Made:
    """Write a dossier.

    Raises:
        FileGone: a file is missing or no longer what was received.
    """
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        members: dict[str, str] = {}
        for name, content in {**readable, **_texts(contents, head)}.items():
            archive.writestr(name, content)
            members[name] = verify.sha(content)
        for file in contents.files:
            if file.erased_at is None:
                members[contents.path(file)] = _copy(archive, contents.path(file), file, files)
        manifest: dict[str, Any] = {"v": 2, "case": contents.subject.name, "cases": [*contents.subject.cases], "made": iso(at)}
        manifest |= {"entries": len(contents.own), "files": members}
        if contents.subject.span is not None:
            manifest["range"] = [*contents.subject.span]
        manifest["signature"], _ = key.sign(f"phatngon-dossier-v1\n{verify.plain(manifest)}".encode())
        text = verify.plain(manifest)
        archive.writestr("manifest.json", text)
    return Made(verify.sha(text.encode()), len(contents.own))


def _texts(contents: Contents, head: SignedHead) -> Mapping[str, bytes]:
    own = [{"seq": e.row.seq, "hash": e.row.hash, "entry": e.row.entry} for e in contents.own]
    held = {"items": [_item(i) for i in contents.items], "files": [_file(f, contents) for f in contents.files]}
    texts = {
        "entries.json": json.dumps(own, ensure_ascii=False, indent=1),
        "digests.txt": "".join(f"{digest}\n" for digest in contents.others),
        "items.json": json.dumps(held, ensure_ascii=False, indent=1),
        "head.json": head.json(),
        "verify.py": VERIFIER.read_text("utf-8"),
    }
    return {name: text.encode() for name, text in texts.items()}


def _item(item: Item) -> dict[str, Any]:
    erased = item.erased_at is not None
    if item.masked and not erased:  # what is beneath stays with us; the decision to cover it is an entry of the dossier
        return {"digest": item.digest, "salt": None, "text": str(item), "kind": item.kind.value, "erased": False, "masked": True}
    return {"digest": item.digest, "salt": item.salt, "text": item.text, "kind": item.kind.value, "erased": erased}


def _file(file: Attachment, contents: Contents) -> dict[str, Any]:
    said = {"digest": file.digest, "salt": file.salt, "name": file.name, "media_type": file.media_type, "size": file.size}
    where = {"path": contents.path(file)} if file.erased_at is None else {}
    return said | where | {"erased": file.erased_at is not None}


def _copy(archive: zipfile.ZipFile, name: str, file: Attachment, files: Files) -> str:
    """Copy a file in pieces; returns its SHA-256."""
    sha = hashlib.sha256()
    try:
        with files.path(file.id).open("rb") as source, archive.open(name, "w", force_zip64=True) as target:
            while piece := source.read(PIECE):
                sha.update(piece)
                target.write(piece)
    except FileNotFoundError as error:
        raise FileGone(file.name or file.digest) from error
    if sha.hexdigest() != file.sha256:
        raise FileGone(file.name or file.digest)
    return sha.hexdigest()
