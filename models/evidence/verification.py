"""Whether the exchange log is whole: every link, every repeated column, every text and file an entry names.

`verify` feeds a `Chain` in batches from one snapshot of the database; a `Glance` accepts what is right beyond doubt, `Chain.take`
looks at the rest. The first thing that is wrong is named with the number of its entry. What stands after a broken link is not
looked at: it cannot be told from what somebody put there.
"""

import hashlib
import sys
from collections.abc import Awaitable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import String, bindparam, select, type_coerce
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import SQLModel

from models.evidence.canonical import COLUMNS, Head
from models.evidence.chain import DIGEST, Chain, Named, Problem
from models.evidence.exchange import ExchangeEntry
from models.evidence.glance import Glance
from models.evidence.item import Attachment, Item, digest
from models.evidence.piece import merge
from models.store import Instant, Store, table_of

BATCH = 1000


@dataclass(frozen=True)
class Report:
    """What came out: the end of what was verified, and the first problem if there is one."""

    head: Head
    problem: Problem | None
    keys: frozenset[str]
    files: Sequence[tuple[int, str, str, str]] = ()  # entry, id, digest and SHA-256 of every file that must lie on disk


async def verify(
    store: Store, heads: Mapping[int, str] | None = None, pieces: Sequence[tuple[int, Awaitable[Mapping[str, Any] | None]]] = ()
) -> Report:
    """Verify the log and everything it names, in one snapshot; `heads` are published heads it must run through.

    `pieces` were looked through elsewhere: the last entry of each, and what its report will be (`models.evidence.piece`). What fits
    needs no second look; where one does not fit or stopped, we go on ourselves. They only ever save work.
    """
    chain = Chain(heads)
    problem: Problem | None = None
    for last, report in pieces:
        found = await report
        if found is not None:
            merge(chain, found)
        problem = await _through(store, chain, last)
        if problem is not None:
            break
    problem = problem or await _through(store, chain) or chain.end()
    files: list[tuple[int, str, str, str]] = []
    if problem is None:
        wrong = [*await _items(store, chain.named), *await _files(store, chain.named, files)]
        problem = min(wrong, key=lambda p: (p.seq == 0, p.seq), default=None)
    return Report(chain.head, problem, frozenset(chain.keys), files)


async def _through(store: Store, chain: Chain, last: int = sys.maxsize) -> Problem | None:
    """Go on to an entry, or to the end."""
    glance = Glance(chain)
    while chain.seq < last:
        rows, problem = await batch(store, chain.seq, min(BATCH, last - chain.seq))
        if not rows:
            return problem
        for row in rows:
            problem = None if glance.takes(row) else chain.take(row)
            if problem is not None:
                return problem
    return None


async def batch(store: Store, after: int, most: int) -> tuple[Sequence[Any], Problem | None]:
    """The next rows; where one cannot even be read, the ones before it, then its number."""
    for number in (most, 1):
        try:
            return (await store.execute(_NEXT, {"after": after, "most": number})).all(), None
        except (SQLAlchemyError, ValueError):
            continue
    return [], Problem(after + 1, "unreadable")


async def _items(store: Store, named: Named) -> list[Problem]:
    """Every text is what its digest says; one that is gone was erased by decision."""
    problems: list[Problem] = []
    missing = dict(named.items)
    for key, salt, text, erased in await _rows(store, select(*_stored_columns(Item, "digest", "salt", "text", "erased_at"))):
        seq = missing.pop(key, 0)
        if text is None and salt is None and erased is not None and key in named.erased:
            continue
        if text is None or salt is None or erased is not None:
            problems.append(Problem(seq, "item_gone", {"digest": key}))
        elif not _is(key, salt, text):
            problems.append(Problem(seq, "item_changed", {"digest": key}))
    return [*problems, *(Problem(seq, "item_missing", {"digest": key}) for key, seq in missing.items())]


async def _files(store: Store, named: Named, present: list[tuple[int, str, str, str]]) -> list[Problem]:
    """Every file's fingerprint is what its digest says; one that is gone was erased by decision."""
    problems: list[Problem] = []
    missing = dict(named.files)
    query = select(*_stored_columns(Attachment, "id", "digest", "salt", "sha256", "erased_at"))
    for name, key, salt, sha256, erased in await _rows(store, query):
        seq = missing.pop(key, named.files.get(key, 0))
        if sha256 is None and salt is None and erased is not None and key in named.erased:
            continue
        if sha256 is None or salt is None or erased is not None:
            problems.append(Problem(seq, "file_gone", {"digest": key}))
        elif not _is(key, salt, sha256, is_file=True):
            problems.append(Problem(seq, "file_changed", {"digest": key}))
        else:
            present.append((seq, name, key, sha256))
    return [*problems, *(Problem(seq, "file_missing", {"digest": key}) for key, seq in missing.items())]


def _stored_columns(kind: type[SQLModel], *names: str) -> list[Any]:
    """Columns as they are stored: a moment nobody can read must not stop the verification."""
    columns_of = table_of(kind).c
    return [type_coerce(c, String) if isinstance((c := columns_of[name]).type, Instant) else c for name in names]


_ENTRIES = table_of(ExchangeEntry)
_NEXT = (
    select(*_stored_columns(ExchangeEntry, *COLUMNS))
    .where(_ENTRIES.c.seq > bindparam("after"))
    .order_by(_ENTRIES.c.seq)
    .limit(bindparam("most"))
)


async def _rows(store: Store, query: Any) -> Sequence[Any]:
    return (await store.execute(query)).all()


def _is(key: str, salt: Any, content: Any, *, is_file: bool = False) -> bool:
    try:
        exact = DIGEST.fullmatch(salt) and (not is_file or DIGEST.fullmatch(content))
        return bool(exact) and digest(salt, bytes.fromhex(content) if is_file else content.encode()) == key
    except (ValueError, TypeError, AttributeError):
        return False


def sha256_of(chunks: Iterator[bytes]) -> str:
    """The fingerprint of a file read in pieces."""
    sha = hashlib.sha256()
    for chunk in chunks:
        sha.update(chunk)
    return sha.hexdigest()
