"""The verification of a log in small pieces, each looked through without knowing the others, as processes of their own would."""

from collections.abc import Mapping
from typing import Any

import orjson

from models.evidence import verification
from models.evidence.piece import Piece
from models.store import Store


async def in_pieces(store: Store, wanted: Mapping[int, str], last: int, size: int = 7) -> verification.Report:
    """What comes out when every piece reports as it would to another process."""
    pieces = [(min(last, first + size - 1), _told(store, first, size, wanted)) for first in range(1, last + 1, size)]
    try:
        return await verification.verify(store, wanted, pieces)
    finally:
        for _, told in pieces:
            told.close()


async def _told(store: Store, first: int, size: int, wanted: Mapping[int, str]) -> Mapping[str, Any]:
    piece = Piece(first, {seq: here for seq, here in wanted.items() if first <= seq < first + size})
    rows, _ = await verification.batch(store, first - 1, size)
    piece.through(rows)
    return orjson.loads(orjson.dumps(piece.report()))
