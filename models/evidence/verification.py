"""Whether the exchange log is whole: every link, every repeated column, every text and file an entry names.

`Chain` takes rows one by one and holds little more than the end of the chain and the cases' heads; `verify` feeds it in batches
from one snapshot of the database. The first thing that is wrong is named with the number of its entry. What stands after a
broken link is not looked at: it cannot be told from what somebody put there.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, cast

from sqlalchemy import String, bindparam, select, type_coerce
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import SQLModel

from models.evidence.exchange import COLUMNS, GENESIS, ExchangeEntry, Head, cells, parse
from models.evidence.item import Attachment, Item, digest
from models.store import Instant, Store, table_of

BATCH = 5000
_NONCE = re.compile(r"[0-9a-f]{32}")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_NO_ITEMS = frozenset({"hash", "key", "digest", "signature", "manifest"})  # 64 hex digits that name no text


@dataclass(frozen=True)
class Problem:
    """The first thing wrong: the entry's number and what it is, as the key of a sentence with its values."""

    seq: int
    what: str
    values: Mapping[str, Any] = field(default_factory=dict[str, Any])


_SEQ, _PREV, _HASH, _DIGESTED, _AT, _TEXT = map(COLUMNS.index, ("seq", "prev_hash", "hash", "digest", "at", "entry"))
_IN_UTC = len("2026-11-22T10:00:00.000+00:00")
_SIGNING = frozenset({"log.head_published", "log.exported"})


@dataclass
class Named:
    """The texts and files that entries name, each with the first entry that does, and those whose erasure two people decided."""

    items: dict[str, int] = field(default_factory=dict[str, int])
    files: dict[str, int] = field(default_factory=dict[str, int])
    erased: set[str] = field(default_factory=set[str])

    def add(self, seq: int, value: Mapping[str, Any]) -> None:
        """Take up what one entry names."""
        detail = cast("Mapping[str, Any]", value["detail"])
        self._take(seq, detail.items(), within_files=False)
        if value["action"] == "erasure.done":
            self.erased.update(cast("list[str]", detail.get("items", [])), cast("list[str]", detail.get("files", [])))

    def _take(self, seq: int, parts: Iterable[tuple[str, Any]], *, within_files: bool) -> None:
        """Every digest in an entry's detail; those in a list called `files` name files."""
        for key, part in parts:
            kind = cast("type[object]", type(part))
            if kind is str:
                if len(part) == 64 and (within_files or key not in _NO_ITEMS) and _DIGEST.fullmatch(part):
                    (self.files if within_files else self.items).setdefault(part, seq)
            elif kind is dict:
                self._take(seq, part.items(), within_files=within_files or key == "files")
            elif kind is list:
                self._take(seq, ((key, one) for one in part), within_files=within_files or key == "files")


class Chain:
    """Re-computes the chain link by link."""

    def __init__(self, wanted: Mapping[int, str] | None = None) -> None:
        self.head = Head(0, GENESIS)
        self.named = Named()
        self.keys: set[str] = set()  # the keys that published heads were signed with
        self._cases: dict[str, tuple[int, str]] = {}
        self._wanted = dict(wanted or {})  # published heads: number → hash

    def take(self, row: Sequence[Any]) -> Problem | None:
        """Check the next row (`exchange.COLUMNS`, untrusted: nothing is assumed of its types) and go on to it, or say what is wrong."""
        due = self.head.seq + 1
        if row[_SEQ] != due:
            return Problem(due, "gap", {"found": row[_SEQ]})
        if row[_PREV] != self.head.hash:
            return Problem(due, "link")
        try:
            value = parse(row[_TEXT])
        except (ValueError, TypeError, AttributeError, RecursionError):
            return Problem(due, "not_canonical")
        problem = _compare(due, row, value) or self._case(value) or self._published(due, row[_HASH])
        if problem is not None:
            return problem
        self.head = Head(due, row[_HASH])
        self.named.add(due, value)
        if value["action"] in _SIGNING:
            self.keys.add(str(value["detail"].get("key")))
        if "case" in value:
            self._cases[value["case"]] = (value["case_seq"], row[_DIGESTED])
        return None

    def _case(self, value: Mapping[str, Any]) -> Problem | None:
        """The entry continues its case's own numbering and names the case's entry before it."""
        if "case" not in value:
            return None
        before, last = self._cases.get(value["case"], (0, None))
        if value.get("case_seq") != before + 1 or value.get("case_prev") != last:
            return Problem(value["seq"], "case_chain", {"case": value["case"]})
        return None

    def _published(self, seq: int, here: str) -> Problem | None:
        return None if self._wanted.get(seq) in {None, here} else Problem(seq, "head_differs")

    def end(self) -> Problem | None:
        """After the last row: every published head must have been passed."""
        last = max(self._wanted, default=0)
        return Problem(self.head.seq + 1, "truncated", {"last": self.head.seq, "published": last}) if last > self.head.seq else None


def _compare(seq: int, row: Sequence[Any], value: Mapping[str, Any]) -> Problem | None:
    """Digest, hash and every repeated column are what the text makes them."""
    try:
        expected = cells(value, row[_PREV], row[_TEXT], _stored(value["at"]))
        known = isinstance(value["detail"], dict) and _NONCE.fullmatch(value["nonce"])
    except (KeyError, TypeError, ValueError, AttributeError):
        return Problem(seq, "incomplete")
    if not known:
        return Problem(seq, "incomplete")
    if expected[_DIGESTED] != row[_DIGESTED]:
        return Problem(seq, "changed")
    actual = tuple(row) if type(row[_AT]) is str else (*row[:_AT], _moment(row[_AT]), *row[_AT + 1 :])
    if expected == actual and (*map(type, expected),) == (*map(type, actual),):  # at once, as nearly every row is right
        return None
    name = next(n for n, w, a in zip(COLUMNS, expected, actual, strict=True) if w != a or type(w) is not type(a))
    return Problem(seq, "hash" if name == "hash" else "column", {"column": name})


def _stored(text: str) -> str:
    """The moment of an entry as SQLite keeps it: UTC, without saying so."""
    moment = datetime.fromisoformat(text)
    if len(text) == _IN_UTC and text.endswith("+00:00"):
        return f"{text[:10]} {text[11:23]}000"
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


def _moment(stored: Any) -> Any:
    """The same of what a database hands out: PostgreSQL gives a naive moment in UTC."""
    if not isinstance(stored, datetime):
        return stored
    naive = stored.astimezone(UTC).replace(tzinfo=None) if stored.tzinfo else stored
    return naive.isoformat(" ", "microseconds")


@dataclass(frozen=True)
class Report:
    """What came out: the end of what was verified, and the first problem if there is one."""

    head: Head
    problem: Problem | None
    keys: frozenset[str]
    files: Sequence[tuple[int, str, str, str]] = ()  # entry, id, digest and SHA-256 of every file that must lie on disk


async def verify(store: Store, heads: Mapping[int, str] | None = None) -> Report:
    """Verify the log and everything it names, in one snapshot; `heads` are published heads it must run through."""
    chain = Chain(heads)
    problem: Problem | None = None
    while problem is None:
        rows, problem = await _batch(store, chain.head.seq)
        if not rows:
            break
        for row in rows:
            problem = chain.take(row)
            if problem is not None:
                break
    problem = problem or chain.end()
    files: list[tuple[int, str, str, str]] = []
    if problem is None:
        found = [*await _items(store, chain.named), *await _files(store, chain.named, files)]
        problem = min(found, key=lambda p: (p.seq == 0, p.seq), default=None)
    return Report(chain.head, problem, frozenset(chain.keys), files)


async def _batch(store: Store, after: int) -> tuple[Sequence[Any], Problem | None]:
    """The next rows; where one cannot even be read, the ones before it, then its number."""
    for most in (BATCH, 1):
        try:
            return (await store.execute(_NEXT, {"after": after, "most": most})).all(), None
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
        exact = _DIGEST.fullmatch(salt) and (not is_file or _DIGEST.fullmatch(content))
        return bool(exact) and digest(salt, bytes.fromhex(content) if is_file else content.encode()) == key
    except (ValueError, TypeError, AttributeError):
        return False


def sha256_of(chunks: Iterator[bytes]) -> str:
    """The fingerprint of a file read in pieces."""
    sha = hashlib.sha256()
    for chunk in chunks:
        sha.update(chunk)
    return sha.hexdigest()
