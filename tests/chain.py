"""The exchange log, recomputed the plain way."""

import hashlib
import json

from sqlmodel import col, select

from models.evidence.exchange import GENESIS, ExchangeEntry
from models.store import Store
from tests import labels


async def assert_chain(store: Store) -> list[ExchangeEntry]:
    """Every entry is linked to the one before, numbers have no gap, each case counts its own, a dossier can say it all; returns the entries."""
    rows = (await store.scalars(select(ExchangeEntry).order_by(col(ExchangeEntry.seq)))).all()
    last, cases = GENESIS, dict[str, tuple[int, str | None]]()
    for number, row in enumerate(rows, 1):
        digest = hashlib.sha256(row.entry.encode()).hexdigest()
        assert (row.seq, row.prev_hash, row.digest) == (number, last, digest)
        assert row.hash == hashlib.sha256(bytes.fromhex(last) + bytes.fromhex(digest)).hexdigest()
        told = json.loads(row.entry)
        assert (told["seq"], told["action"], told["cause"]) == (row.seq, row.action, row.cause_id)
        unsaid = labels.unsaid(row.action, list(told["detail"]))
        assert not unsaid, unsaid
        if row.case_code is not None:
            count, before = cases.get(row.case_code, (0, None))
            assert (told["case"], told["case_seq"], told["case_prev"]) == (row.case_code, count + 1, before)
            cases[row.case_code] = (count + 1, digest)
        last = row.hash
    return list(rows)
