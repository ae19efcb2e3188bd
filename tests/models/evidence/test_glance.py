"""A glance accepts nothing that the authority would not, and leaves nothing ordinary to it."""

import copy
import hashlib
import itertools
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from models.evidence import exchange
from models.evidence.canonical import COLUMNS, GENESIS, link
from models.evidence.chain import Chain, Named, stored_moment
from models.evidence.exchange import Actor, Circumstances, Entry
from models.evidence.glance import Glance
from models.evidence.piece import Piece, merge

AT = datetime(2026, 11, 23, 1, 2, 3, 456000, UTC)
ONE, TWO = "a" * 64, "b" * 64
UNIT = {"id": "so_y_te", "name": "Sở Y tế"}
DRAFTS = [
    Entry("inquiry.received", (), "YC-1", {"item": ONE, "files": [TWO], "urgent": False, "note": None}),
    Entry("inquiry.assigned", (), "YC-1", {"to": "so_y_te", "due": "2026-11-28T00:00:00+07:00"}, "so_y_te"),
    Entry("inquiry.received", (), "YC-2", {"item": TWO, "parts": [{"item": ONE, "count": 3}]}, None, "vn-2025"),
    Entry("log.head_published", (), None, {"seq": 3, "hash": ONE, "key": TWO}),
    Entry("erasure.done", (), "YC-1", {"items": [ONE], "files": [TWO]}),
    Entry("duty.changed", (), None, {}),
    Entry("inquiry.answered", (), "YC-2", {"item": "c" * 64, "words": 'nói "vậy" \\ thôi\n'}, "so_y_te", "vn-2025"),
]


def honest() -> list[tuple[Any, ...]]:
    """A log with everything in it that a log can hold."""
    head, cases, rows = exchange.Head(0, GENESIS), dict[str, tuple[int, str]](), list[tuple[Any, ...]]()
    for number, draft in enumerate(DRAFTS):
        around = Circumstances(
            AT + timedelta(seconds=number),
            Actor(number or None, "reporter", 9, "web"),
            number or None,
            f"{number:032x}",
            UNIT if draft.unit_id else None,
        )
        last = cases.get(draft.case or "", (0, None))
        made = exchange.columns(exchange.build(draft, head.seq + 1, (last[0] + 1, last[1]), around), head.hash)
        head = exchange.Head(made["seq"], made["hash"])
        if draft.case:
            cases[draft.case] = (last[0] + 1, made["digest"])
        rows.append(tuple(stored_moment(made[name].replace(tzinfo=None)) if name == "at" else made[name] for name in COLUMNS))
    return rows


ROWS = honest()
NAMES = st.sampled_from(COLUMNS)
STAMPS = [
    "2026-11-23 01:02:03.456000",
    "2026-11-23T01:02:03.456+00:00",
    "2026-11-23T08:02:03.456+07:00",
    "2026-11-23 01:02:03.456001",
    "2026-11-23T01:02:03.456000",
]
NESTED: list[Any] = [[], {}, [1.5], {"a": 1.5}, [[]], [ONE]]
WORDS = ["", "1", 'a"b', "a\\b", "a\n", "ă", ONE, ONE.upper(), "YC-1", "YC-3", 'YC-1","x":"', "erasure.done", *STAMPS]
NUMBERS = [0, 1, -1, 1.0, 1.5, True, False, 2**53]
ODD_ONES: list[Any] = [None, b"a", *NUMBERS, *WORDS, *NESTED]
ODD: st.SearchStrategy[Any] = st.sampled_from(ODD_ONES)
GONE = object()
REPEATED = {"action": "action", "cause": "cause_id", "channel": "channel", "case": "case_code", "case_seq": "case_seq", "seq": "seq"} | {
    "actor.person": "person_id",
    "unit.id": "unit_id",
}
TOP = "action actor at case case_prev case_seq cause channel detail nonce pack seq unit v aaa zzz"
INNER = "actor.person actor.role actor.more detail.item detail.files detail.items detail.key detail.nonce unit.id unit.name unit.seq"
PATHS = [path.split(".") for path in f"{TOP} {INNER}".split()]


WHOLE = Chain()
STANDING = [copy.deepcopy(WHOLE)] + [copy.deepcopy(WHOLE) for row in ROWS if WHOLE.take(row) is None]


def before(number: int) -> Chain:
    """The chain as it stands before a row."""
    known, chain = STANDING[number], Chain()
    chain.seq, chain.hash, chain.cases, chain.keys = known.seq, known.hash, dict(known.cases), set(known.keys)
    chain.named = Named(dict(known.named.items), dict(known.named.files), set(known.named.erased))
    return chain


def state(chain: Chain) -> dict[str, Any]:
    """All that a chain knows, in its order."""
    return {**vars(chain), "named": [[*vars(chain.named)["items"].items()], [*chain.named.files.items()], sorted(chain.named.erased)]}


def compared(number: int, row: tuple[Any, ...]) -> bool:
    """Whether a glance takes this row; if it does, the authority does too and knows the same afterwards; if not, nothing changed."""
    chain, other = before(number), before(number)
    taken = Glance(chain).takes(row)
    assert not taken or other.take(row) is None
    assert state(chain) == state(other)
    return taken


def written(value: Any, style: int) -> str:
    """JSON, canonical or nearly."""
    if style == 0:
        return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return json.dumps(value, ensure_ascii=style == 1, sort_keys=style != 2, separators=(",", ":" if style != 3 else ": "))


def sealed(row: tuple[Any, ...], text: str) -> dict[str, Any]:
    """The row with another text and the digest and hash that fit it: only what the text says is left to find."""
    cells = dict(zip(COLUMNS, row, strict=True))
    digest = hashlib.sha256(text.encode()).hexdigest()
    return cells | {"entry": text, "digest": digest, "hash": link(cells["prev_hash"], digest)}


def forged(
    number: int, changes: Sequence[tuple[Sequence[str], Any]], others: dict[str, Any], *, style: int = 0, repeated: bool = False
) -> None:
    """An entry changed and sealed anew, what its columns repeat changed with it or not."""
    value = json.loads(ROWS[number][-1])
    for path, part in changes:
        inner: Any = value
        for name in path[:-1]:
            inner = cast("dict[str, Any]", inner).get(name) if isinstance(inner, dict) else None
        if isinstance(inner, dict):
            put = cast("dict[str, Any]", inner)
            put.pop(path[-1], None)
            put.update({} if part is GONE else {path[-1]: copy.deepcopy(part)})
    try:
        cells = sealed(ROWS[number], written(value, style))
    except TypeError:  # bytes are no JSON
        return
    for path, part in changes if repeated else ():
        if ".".join(path) in REPEATED:
            cells[REPEATED[".".join(path)]] = None if part is GONE else part
    compared(number, tuple((cells | others).values()))


@pytest.mark.parametrize("number", range(len(ROWS)))
def test_what_is_ordinary_is_taken(number: int) -> None:
    """So hardly any row needs the longer look; a moment may come as PostgreSQL hands it out."""
    row = ROWS[number]
    assert compared(number, row)
    assert compared(number, (*row[:4], datetime.fromisoformat(row[4]), *row[5:]))


@pytest.mark.parametrize("number", range(len(ROWS)))
def test_no_column_tells_another_story(number: int) -> None:
    """Any value of any type in any column."""
    for name, value in itertools.product(COLUMNS, ODD_ONES):
        row = tuple((dict(zip(COLUMNS, ROWS[number], strict=True)) | {name: value}).values())
        assert compared(number, row) == (row == ROWS[number] and [*map(type, row)] == [*map(type, ROWS[number])])


@pytest.mark.parametrize("number", range(len(ROWS)))
def test_a_text_sealed_anew_with_one_thing_changed(number: int) -> None:
    """Any value of any type in any place, the column that repeats it the same or not."""
    for path, part, repeated in itertools.product(PATHS, [*ODD_ONES, GONE], (True, False)):
        forged(number, [(path, part)], {}, repeated=repeated)


# A column that holds a piece of JSON, and a text in which that piece stands where an honest value would; or only such a text.
SMUGGLED = [
    ("action", 'duty.changed","actioo":"x', '"action":"duty.changed"', '"action":"duty.changed","actioo":"x"'),
    ("channel", 'web","channex":"x', '"channel":"web"', '"channel":"web","channex":"x"'),
    ("case_code", 'YC-9","case_a":"x', '"case":"YC-1"', '"case":"YC-9","case_a":"x"'),
    ("cause_id", True, '"cause":null', '"cause":True'),
    ("at", "2026-99-23 01:02:03.456000", '"at":"2026-11-', '"at":"2026-99-'),
    ("at", '2026-11-23 01","b":"2,000', '"at":"2026-11-23T01:02:03.456+', '"at":"2026-11-23T01","b":"2,+'),
    ("channel", "web", ',"nonce":"', ',"zzz":1,"nonce":"'),
    ("channel", "web", ',"nonce":"', ',"seq":1,"nonce":"'),
    ("channel", "web", ',"seq":1,', ',"seq":1,"seq":1,'),
    ("channel", "web", '"v":1}', '"v":1,"seq":1}'),
    ("channel", "web", '"v":1}', '"v":1,"action":"x"}'),
]


@pytest.mark.parametrize(("name", "cell", "before", "after"), SMUGGLED)
def test_nothing_is_smuggled_in(name: str, cell: object, before: str, after: str) -> None:
    """What is put together from columns and pieces would be the very text, and the text would say something else."""
    number = 5 if name == "action" else 0
    assert before in ROWS[number][-1]
    assert not compared(number, tuple((sealed(ROWS[number], ROWS[number][-1].replace(before, after)) | {name: cell}).values()))


@pytest.mark.parametrize("number", range(len(ROWS)))
def test_another_link_is_not_taken(number: int) -> None:
    """A row that fits in itself and follows another one, or none; and one that a published head speaks against."""
    cells = dict(zip(COLUMNS, ROWS[number], strict=True))
    assert not compared(number, tuple((cells | {"prev_hash": TWO, "hash": link(TWO, cells["digest"])}).values()))
    chain = before(number)
    chain.wanted = {number + 1: TWO}
    assert not Glance(chain).takes(ROWS[number])
    chain.wanted = {number + 1: cells["hash"]}
    assert Glance(chain).takes(ROWS[number])


CHANGES = st.tuples(st.sampled_from(PATHS), ODD | st.just(GONE))


@given(
    st.integers(0, len(ROWS) - 1), st.lists(CHANGES, max_size=3), st.integers(0, 3), st.dictionaries(NAMES, ODD, max_size=2), st.booleans()
)
@example(1, [(["cause"], 2**53)], 0, {}, True)
@example(5, [(["detail"], {"a": [{"b": 1.5}]})], 0, {}, True)
@example(6, [(["unit", "seq"], 7)], 0, {}, True)
def test_a_text_sealed_anew_is_read_all_the_same(
    number: int, changes: list[tuple[list[str], Any]], style: int, others: dict[str, Any], repeated: bool
) -> None:
    """Somebody wrote another entry with a digest and a hash that fit, and perhaps columns too."""
    forged(number, changes, others, style=style, repeated=repeated)


@given(
    st.integers(0, len(ROWS) - 1),
    st.integers(0, 600),
    st.integers(0, 600),
    st.sampled_from(["", '"', ",", "}", "0", " ", ',"seq":1,', '"nonce":"']),
)
def test_pieces_of_text_put_in_or_taken_out(number: int, start: int, length: int, put: str) -> None:
    """The text cut and pasted, digest and hash made to fit."""
    text = ROWS[number][-1]
    cut = text[: start % len(text)] + put + text[start % len(text) + length % 8 :]
    taken = compared(number, tuple(sealed(ROWS[number], cut).values()))
    assert not taken or json.loads(cut)


@given(st.lists(st.integers(1, len(ROWS)), min_size=1, max_size=3, unique=True).map(sorted))
def test_pieces_come_to_the_same(ends: list[int]) -> None:
    """Cut anywhere: merged in order they know what one who went through all of it knows; out of order nothing is taken from them."""
    parts = Chain()
    reports = list[dict[str, Any]]()
    for first, end in zip([0, *ends], [*ends, len(ROWS)], strict=True):
        piece = Piece(first + 1, {})
        piece.through(ROWS[first:end])
        reports.append(json.loads(json.dumps(piece.report())))
    if len(reports) > 1 and reports[-1]["seq"] >= reports[-1]["first"]:
        assert not merge(parts, reports[-1])
    assert all(merge(parts, report) for report in reports if report["begins"])
    assert state(parts) == state(WHOLE)


def test_a_piece_that_trusts_what_is_not_so_is_not_merged() -> None:
    """It went on with a case from an entry that is another one here."""
    piece = Piece(2, {})
    piece.through(ROWS[1:])
    report = piece.report()
    chain = before(1)
    chain.cases["YC-1"] = (1, TWO)
    assert (report["seq"], merge(chain, report), chain.seq) == (len(ROWS), False, 1)
    assert merge(before(1), report)
