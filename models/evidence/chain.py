"""The chain of the exchange log, computed again row by row: every link, every repeated column, every case's own numbering.

`Chain.take` is the authority: it names what is wrong with a row. What it needs to know of the rows before is little more than the
end of the chain and the cases' last entries.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, cast

from models.evidence.canonical import COLUMNS, GENESIS, Head, cells, parse

NONCE = re.compile(r"[0-9a-f]{32}")
DIGEST = re.compile(r"[0-9a-f]{64}")
HEX = "0123456789abcdef"
_NO_ITEMS = frozenset({"hash", "key", "digest", "signature", "manifest"})  # 64 hex digits that name no text
_SEQ, _PREV, _HASH, _DIGESTED, _AT, _TEXT = map(COLUMNS.index, ("seq", "prev_hash", "hash", "digest", "at", "entry"))
_IN_UTC = len("2026-11-22T10:00:00.000+00:00")
_SIGNING = frozenset({"log.head_published", "log.exported"})
_ERASING = "erasure.done"
TELLING = _SIGNING | {_ERASING}  # actions whose detail tells more than which texts and files there are


@dataclass(frozen=True)
class Problem:
    """The first thing wrong: the entry's number and what it is, as the key of a sentence with its values."""

    seq: int
    what: str
    values: Mapping[str, Any] = field(default_factory=dict[str, Any])


@dataclass
class Named:
    """The texts and files that entries name, each with the first entry that does, and those whose erasure two people decided."""

    items: dict[str, int] = field(default_factory=dict[str, int])
    files: dict[str, int] = field(default_factory=dict[str, int])
    erased: set[str] = field(default_factory=set[str])

    def add(self, seq: int, value: Mapping[str, Any]) -> None:
        """Take up what one entry names."""
        detail = cast("Mapping[str, Any]", value["detail"])
        self.take(seq, detail.items())
        if value["action"] == _ERASING:  # whatever somebody put there: what is no digest names nothing
            named = [detail.get("items"), detail.get("files")]
            self.erased.update(one for part in named if isinstance(part, list) for one in cast("list[Any]", part) if isinstance(one, str))

    def take(self, seq: int, parts: Iterable[tuple[str, Any]], *, within_files: bool = False) -> None:
        """Every digest in an entry's detail; those in a list called `files` name files."""
        for key, part in parts:
            kind = cast("type[object]", type(part))
            if kind is str:
                if len(part) == 64 and (within_files or key not in _NO_ITEMS) and not part.strip(HEX):
                    (self.files if within_files else self.items).setdefault(part, seq)
            elif kind is dict:
                self.take(seq, part.items(), within_files=within_files or key == "files")
            elif kind is list:
                self.take(seq, ((key, one) for one in part), within_files=within_files or key == "files")


class Chain:
    """Re-computes the chain link by link."""

    def __init__(self, wanted: Mapping[int, str] | None = None) -> None:
        self.seq, self.hash = 0, GENESIS
        self.named = Named()
        self.keys: set[str] = set()  # the keys that published heads were signed with
        self.cases: dict[str, tuple[int, str]] = {}  # the number and the digest of each case's last entry
        self.wanted = dict(wanted or {})  # published heads: number → hash

    @property
    def head(self) -> Head:
        """The end of what was taken."""
        return Head(self.seq, self.hash)

    def take(self, row: Sequence[Any]) -> Problem | None:
        """Check the next row (`exchange.COLUMNS`, untrusted: nothing is assumed of its types) and go on to it, or say what is wrong."""
        due = self.seq + 1
        if row[_SEQ] != due:
            return Problem(due, "gap", {"found": row[_SEQ]})
        if row[_PREV] != self.hash:
            return Problem(due, "link")
        try:
            value = parse(row[_TEXT])
        except (ValueError, TypeError, AttributeError, RecursionError):
            return Problem(due, "not_canonical")
        problem = _compare(due, row, value) or self._case(value) or self._published(due, row[_HASH])
        if problem is not None:
            return problem
        self.seq, self.hash = due, row[_HASH]
        self.learn(due, value)
        if "case" in value:
            self.cases[value["case"]] = (value["case_seq"], row[_DIGESTED])
        return None

    def learn(self, seq: int, value: Mapping[str, Any]) -> None:
        """Take up what an entry's action and detail tell that must be looked for elsewhere."""
        self.named.add(seq, value)
        if value["action"] in _SIGNING:
            self.keys.add(str(value["detail"].get("key")))

    def _case(self, value: Mapping[str, Any]) -> Problem | None:
        """The entry continues its case's own numbering and names the case's entry before it."""
        if "case" not in value:
            return None
        before, last = self.cases.get(value["case"], (0, None))
        if value.get("case_seq") != before + 1 or value.get("case_prev") != last:
            return Problem(value["seq"], "case_chain", {"case": value["case"]})
        return None

    def _published(self, seq: int, here: str) -> Problem | None:
        return None if self.wanted.get(seq) in {None, here} else Problem(seq, "head_differs")

    def end(self) -> Problem | None:
        """After the last row: every published head must have been passed."""
        last = max(self.wanted, default=0)
        return Problem(self.seq + 1, "truncated", {"last": self.seq, "published": last}) if last > self.seq else None


def _compare(seq: int, row: Sequence[Any], value: Mapping[str, Any]) -> Problem | None:
    """Digest, hash and every repeated column are what the text makes them."""
    try:
        expected = cells(value, row[_PREV], row[_TEXT], _stored(value["at"]))
        known = isinstance(value["detail"], dict) and NONCE.fullmatch(value["nonce"])
    except (KeyError, TypeError, ValueError, AttributeError):
        return Problem(seq, "incomplete")
    if not known:
        return Problem(seq, "incomplete")
    if expected[_DIGESTED] != row[_DIGESTED]:
        return Problem(seq, "changed")
    actual = tuple(row) if type(row[_AT]) is str else (*row[:_AT], stored_moment(row[_AT]), *row[_AT + 1 :])
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


def stored_moment(stored: Any) -> Any:
    """The same of what a database hands out: PostgreSQL gives a naive moment in UTC."""
    if not isinstance(stored, datetime):
        return stored
    naive = stored.astimezone(UTC).replace(tzinfo=None) if stored.tzinfo else stored
    return naive.isoformat(" ", "microseconds")
