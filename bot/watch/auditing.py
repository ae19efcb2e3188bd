"""Verifying an installation's log: the chain, the heads that were published, the files on disk."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from bot.database import Database
from bot.files import Files
from bot.watch import pieces
from bot.watch.heads import SignedHead, key_of
from models.evidence.chain import Problem
from models.evidence.verification import Report, sha256_of

PIECE = 1 << 20


@dataclass(frozen=True)
class BadHead(Exception):  # noqa: N818 - what was found
    """A head that cannot be used: the key of a sentence, the file's name, and the key it was signed with."""

    what: str
    name: str
    key: str = ""


def read_heads(home: Path, extra: Path | None = None) -> Mapping[Path, SignedHead]:
    """The heads kept in HOME/heads, and one that somebody else kept.

    Raises:
        BadHead: one of them is none, or its signature is wrong.
    """
    found: dict[Path, SignedHead] = {}
    for path in [*sorted((home / "heads").glob("*.json")), *([extra] if extra else [])]:
        try:
            found[path] = SignedHead.read(path.read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise BadHead("head_unreadable", path.name) from error
    return found


async def check(database: Database, home: Path, *, head: Path | None = None, files: bool = False) -> Report:
    """Verify everything this installation holds; with `files`, the bytes on disk too.

    Raises:
        BadHead: a published head cannot be used, or belongs to another log.
    """
    heads = read_heads(home, head)
    report = await _verify(database, heads)
    known = {key_of(home).public, *report.keys}
    for path, signed in heads.items():
        if report.problem is None and signed.key not in known:
            raise BadHead("head_foreign", path.name, signed.key)
    return replace(report, problem=_on_disk(Files(home / "files"), report)) if files and report.problem is None else report


async def _verify(database: Database, heads: Mapping[Path, SignedHead]) -> Report:
    """Two heads may speak of one entry; where they disagree, at most one of them is of this log."""
    wanted: dict[int, str] = {}
    for signed in heads.values():
        if wanted.setdefault(signed.seq, signed.hash) != signed.hash:
            wanted[signed.seq] = ""
    return await pieces.verify(database, wanted)


def _on_disk(files: Files, report: Report) -> Problem | None:
    """The first file whose bytes are gone or are not what was received."""
    for seq, name, digest, sha256 in sorted(report.files):
        path = files.path(name)
        if not path.is_file() or sha256_of(_pieces(path)) != sha256:
            return Problem(seq, "file_bytes", {"digest": digest})
    return None


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as source:
        while piece := source.read(PIECE):
            yield piece
