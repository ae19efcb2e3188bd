"""A piece of a long log, glanced through in a process of its own: `python -m models.evidence.piece`, its order on standard input.

It does not know what came before: what it had to take on trust – the hash it begins with, the last entry of each case it goes on
with – it reports, and it is worth something only where the entries before turn out to end so. It stops at the first row in doubt.
"""

import gc
import os
import re
import sqlite3
import sys
import threading
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing, suppress
from typing import Any

import orjson

from models.evidence.canonical import COLUMNS
from models.evidence.chain import DIGEST, Chain
from models.evidence.glance import Doubt, Glance

_ROWS = f"SELECT {', '.join(COLUMNS)} FROM exchange_entry WHERE seq BETWEEN ? AND ? ORDER BY seq"  # noqa: S608 - names of our own
_CASE_PREV = re.compile(r',"case_prev":(?:null|"([0-9a-f]{64})"),')


class Piece(Glance):
    """A glance that begins in the middle."""

    def __init__(self, first: int, wanted: Mapping[int, str]) -> None:
        super().__init__(Chain(wanted))
        self._chain.seq = first - 1
        self._first = first
        self._begins = ""
        self._trusted: dict[str, tuple[int, str | None]] = {}

    def before(self, case: str, case_seq: int, text: str) -> tuple[int, str | None]:
        """Of a case that is new to this piece, what the entry itself says; somebody else will know whether it is so."""
        found = _CASE_PREV.search(text)
        if found is None or (case_seq == 1) != (found[1] is None):
            raise Doubt
        self._trusted[case] = case_seq - 1, found[1]
        return self._trusted[case]

    def through(self, rows: Iterable[Sequence[Any]]) -> None:
        """As far as nothing is in doubt."""
        for row in rows:
            if not self._begins:
                if type(row[1]) is not str or not DIGEST.fullmatch(row[1]):
                    return
                self._begins = self._chain.hash = row[1]
            known = len(self._trusted)
            if not self.takes(row):
                if len(self._trusted) > known:
                    self._trusted.popitem()
                return

    def report(self) -> dict[str, Any]:
        """What `merge` needs to know."""
        piece = self._chain
        return {
            "first": self._first,
            "begins": self._begins,
            "trusted": self._trusted,
            "seq": piece.seq,
            "hash": piece.hash,
            "cases": piece.cases,
            "keys": [*piece.keys],
            "items": piece.named.items,
            "files": piece.named.files,
            "erased": [*piece.named.erased],
        }


def merge(chain: Chain, found: Mapping[str, Any]) -> bool:
    """Go on to the end of a piece if it begins where the chain ends; otherwise nothing has changed."""
    if found.get("first") != chain.seq + 1 or found.get("begins") != chain.hash:
        return False
    if any(chain.cases.get(case, (0, None)) != (seq, digest) for case, (seq, digest) in found["trusted"].items()):
        return False
    chain.seq, chain.hash = found["seq"], found["hash"]
    chain.cases.update((case, (seq, digest)) for case, (seq, digest) in found["cases"].items())
    chain.keys.update(found["keys"])
    for known, new in ((chain.named.items, found["items"]), (chain.named.files, found["files"])):
        for digest, seq in new.items():
            known.setdefault(digest, seq)
    chain.named.erased.update(found["erased"])
    return True


def read(uri: str, first: int, last: int, wanted: Mapping[int, str]) -> dict[str, Any]:
    """What a piece of the log in a file says, up to the first row in doubt or unreadable."""
    piece = Piece(first, wanted)
    with closing(sqlite3.connect(uri, uri=True)) as log, suppress(sqlite3.Error):
        piece.through(log.execute(_ROWS, (first, last)))
    return piece.report()


def main() -> None:
    """Do what the first line of standard input asks for; nobody needs it once that has ended."""
    order = orjson.loads(sys.stdin.buffer.readline())
    threading.Thread(target=_until_nobody_waits, daemon=True).start()
    gc.disable()  # nothing here runs in circles
    wanted = {int(seq): digest for seq, digest in order["wanted"].items()}
    sys.stdout.buffer.write(orjson.dumps(read(order["uri"], order["first"], order["last"], wanted)))


def _until_nobody_waits() -> None:
    os.read(sys.stdin.fileno(), 1)  # the file, not its buffer, whose lock would outlive us
    os._exit(1)


if __name__ == "__main__":
    main()
