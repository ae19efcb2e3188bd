"""Whatever is done to the log, its texts or its files is found, and named by the entry it was done to."""

import hashlib
import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, seed
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from bot.app import build
from bot.database import Database
from bot.watch.auditing import BadHead
from bot.watch.heads import SignedHead
from models.evidence import exchange
from models.store import Store
from tests.bot.log_story import Told, settings

Work = Callable[[sqlite3.Connection], object]


def sql(*statements: str) -> Work:
    """Statements to run."""
    return lambda c: [c.execute(statement) for statement in statements]


def row(c: sqlite3.Connection, seq: int) -> dict[str, Any]:
    """One row of the log."""
    c.row_factory = sqlite3.Row
    return dict(c.execute("SELECT * FROM exchange_entry WHERE seq = ?", (seq,)).fetchone())


def put(c: sqlite3.Connection, seq: int, value: dict[str, Any], prev_hash: str) -> str:
    """Make a row of any value, consistent in itself; returns its hash."""
    made = exchange.columns(value, prev_hash)
    c.execute(
        "UPDATE exchange_entry SET entry = ?, digest = ?, hash = ?, prev_hash = ? WHERE seq = ?",
        (made["entry"], made["digest"], made["hash"], prev_hash, seq),
    )
    return str(made["hash"])


def rewritten(c: sqlite3.Connection) -> None:
    """The best forgery there is: one entry changed and every link after it made anew."""
    (last,) = c.execute("SELECT max(seq) FROM exchange_entry").fetchone()
    c.execute("DROP INDEX IF EXISTS uq_exchange_entry_prev_hash")
    link = row(c, 5)["prev_hash"]
    cases: dict[str, str] = {}
    for seq in range(5, last + 1):
        value = json.loads(row(c, seq)["entry"])
        value |= {"nonce": "0" * 32} if seq == 5 else {}
        value |= {"case_prev": cases[value["case"]]} if value.get("case") in cases else {}
        link = put(c, seq, value, link)
        cases |= {value["case"]: row(c, seq)["digest"]} if "case" in value else {}


def without_nonce(c: sqlite3.Connection) -> None:
    """An entry without its nonce could be guessed."""
    value = json.loads(row(c, 5)["entry"])
    del value["nonce"]
    put(c, 5, value, row(c, 5)["prev_hash"])


def changed_and_linked(c: sqlite3.Connection) -> None:
    """One entry changed together with its own digest and hash."""
    value = json.loads(row(c, 5)["entry"])
    put(c, 5, value | {"nonce": "0" * 32}, row(c, 5)["prev_hash"])


def make_room(c: sqlite3.Connection) -> None:
    """Every entry after the seventh moves on by one."""
    c.execute("UPDATE exchange_entry SET seq = -seq - 1 WHERE seq > 7")
    c.execute("UPDATE exchange_entry SET seq = -seq WHERE seq < 0")


def inserted(c: sqlite3.Connection) -> None:
    """A copied entry between two others."""
    make_room(c)
    names = "hash, digest, at, action, cause_id, channel, entry"
    c.execute(f"INSERT INTO exchange_entry (seq, prev_hash, {names}) SELECT 8, digest, {names} FROM exchange_entry WHERE seq = 7")


def inserted_and_linked(c: sqlite3.Connection) -> None:
    """A forged entry that fits in itself, and the next one linked to it."""
    make_room(c)
    before = row(c, 7)
    value = {name: part for name, part in json.loads(before["entry"]).items() if not name.startswith("case")}
    made = exchange.columns(value | {"seq": 8}, before["hash"])
    c.execute("UPDATE exchange_entry SET prev_hash = ? WHERE seq = 9", (made["hash"],))
    made["at"] = before["at"]
    c.execute(f"INSERT INTO exchange_entry ({', '.join(made)}) VALUES ({', '.join('?' * len(made))})", tuple(made.values()))


def swapped(c: sqlite3.Connection) -> None:
    """Two entries change places."""
    for before, after in ((7, -1), (8, 7), (-1, 8)):
        c.execute("UPDATE exchange_entry SET seq = ? WHERE seq = ?", (after, before))


NAMED = "(SELECT digest FROM item WHERE kind = 'answer' AND erased_at IS NULL)"

TAMPERINGS: list[tuple[str, Work, str, int | None]] = [
    ("flip a byte", sql("""UPDATE exchange_entry SET entry = replace(entry, '"v":1', '"v":2') WHERE seq = 5"""), "changed", 5),
    ("add a blank", sql("UPDATE exchange_entry SET entry = entry || ' ' WHERE seq = 5"), "not_canonical", 5),
    ("empty the entry", sql("UPDATE exchange_entry SET entry = '' WHERE seq = 5"), "not_canonical", 5),
    ("store bytes", sql("UPDATE exchange_entry SET entry = CAST(entry AS BLOB) WHERE seq = 5"), "not_canonical", 5),
    ("break the encoding", sql("UPDATE exchange_entry SET entry = CAST(x'7bff7d' AS TEXT) WHERE seq = 5"), "unreadable", 5),
    ("change entry, digest and hash", changed_and_linked, "link", 6),
    ("take the nonce away", without_nonce, "incomplete", 5),
    ("column digest", sql("UPDATE exchange_entry SET digest = replace(digest, substr(digest, 1, 1), 'x') WHERE seq = 5"), "changed", 5),
    ("column hash", sql("UPDATE exchange_entry SET hash = upper(hash) || 'A' WHERE seq = 5"), "hash", 5),
    ("column prev_hash", sql("UPDATE exchange_entry SET prev_hash = upper(prev_hash) || 'A' WHERE seq = 5"), "link", 5),
    ("column at", sql("UPDATE exchange_entry SET at = datetime(at, '+1 day') WHERE seq = 5"), "column", 5),
    ("unreadable moment", sql("UPDATE exchange_entry SET at = 'hôm qua' WHERE seq = 5"), "column", 5),
    ("column action", sql("UPDATE exchange_entry SET action = 'inquiry.refused' WHERE seq = 5"), "column", 5),
    ("column case_code", sql("UPDATE exchange_entry SET case_code = 'YC-0000000' WHERE seq = 5"), "column", 5),
    ("column case_seq", sql("UPDATE exchange_entry SET case_seq = 99 WHERE seq = 5"), "column", 5),
    ("column person_id", sql("UPDATE exchange_entry SET person_id = 1 WHERE seq = 5"), "column", 5),
    ("column unit_id", sql("UPDATE exchange_entry SET unit_id = 'x' WHERE seq = 5"), "column", 5),
    ("column cause_id", sql("UPDATE exchange_entry SET cause_id = cause_id + 1 WHERE seq = 5"), "column", 5),
    ("column channel", sql("UPDATE exchange_entry SET channel = 'zalo' WHERE seq = 5"), "column", 5),
    ("drop one", sql("DELETE FROM exchange_entry WHERE seq = 7"), "gap", 7),
    (
        "drop one and close the gap",
        sql(
            "DELETE FROM exchange_entry WHERE seq = 7",
            "UPDATE exchange_entry SET seq = -seq WHERE seq > 7",
            "UPDATE exchange_entry SET seq = -seq - 1 WHERE seq < 0",
        ),
        "link",
        7,
    ),
    ("drop the first", sql("DELETE FROM exchange_entry WHERE seq = 1"), "gap", 1),
    ("swap two", swapped, "link", 7),
    ("insert one", inserted, "link", 8),
    ("insert one and link it", inserted_and_linked, "column", 9),
    ("change a text", sql(f"UPDATE item SET text = text || '.' WHERE digest = {NAMED}"), "item_changed", None),
    ("change a salt", sql(f"UPDATE item SET salt = upper(salt) WHERE digest = {NAMED}"), "item_changed", None),
    ("drop a text", sql(f"DELETE FROM item WHERE digest = {NAMED}"), "item_missing", None),
    (
        "blank a text in silence",
        sql(f"UPDATE item SET text = NULL, salt = NULL, erased_at = created_at WHERE digest = {NAMED}"),
        "item_gone",
        None,
    ),
    ("blank a text", sql(f"UPDATE item SET text = NULL WHERE digest = {NAMED}"), "item_gone", None),
    ("change a fingerprint", sql("UPDATE attachment SET sha256 = upper(sha256) WHERE erased_at IS NULL"), "file_changed", None),
    ("blank a file in silence", sql("UPDATE attachment SET sha256 = NULL, salt = NULL, erased_at = created_at"), "file_gone", None),
    ("drop a file", sql("DELETE FROM attachment WHERE erased_at IS NULL"), "file_missing", None),
]


@pytest.mark.parametrize(("work", "what", "seq"), [t[1:] for t in TAMPERINGS], ids=[t[0] for t in TAMPERINGS])
def test_every_tampering_is_found_and_named(told: Told, tmp_path: Path, work: Work, what: str, seq: int | None) -> None:
    """Flip, drop, reorder, insert; columns, texts and files."""
    copy = told.copy(tmp_path)
    copy.change(work)
    problem = copy.check().problem
    assert problem is not None
    assert problem.what == what
    assert problem.seq == seq if seq is not None else problem.seq > 0


def test_an_untouched_log_is_good(told: Told, tmp_path: Path) -> None:
    """With an erased question in it, and up to the head somebody kept."""
    report = told.copy(tmp_path).check(head=True)
    assert report.problem is None
    assert report.head == exchange.Head(told.head.seq, told.head.hash)


def test_a_truncated_tail_is_found_with_a_head(told: Told, tmp_path: Path) -> None:
    """Without a head a shorter chain is a good chain: that is why heads are published."""
    copy = told.copy(tmp_path)
    copy.change(sql(f"DELETE FROM exchange_entry WHERE seq = {told.head.seq}"))
    assert copy.check().problem is None
    problem = copy.check(head=True).problem
    assert problem is not None
    assert (problem.seq, problem.what) == (told.head.seq, "truncated")


def test_a_log_rewritten_as_a_whole_is_found_with_a_head(told: Told, tmp_path: Path) -> None:
    """Every link fits, only the published head does not."""
    copy = told.copy(tmp_path)
    copy.change(rewritten)
    assert copy.check().problem is None
    problem = copy.check(head=True).problem
    assert problem is not None
    assert (problem.seq, problem.what) == (told.head.seq, "head_differs")


def test_the_bytes_on_disk_are_read_again(told: Told, tmp_path: Path) -> None:
    """A flipped byte, then no file at all."""
    copy = told.copy(tmp_path)
    path = next(path for path in (copy.home / "files").rglob("*") if path.is_file())
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    for _ in range(2):
        problem = copy.check().problem
        assert problem is not None
        assert problem.what == "file_bytes"
        assert problem.seq > 0
        path.unlink(missing_ok=True)


@pytest.mark.parametrize("name", ["seq", "hash", "day", "signature", "key"])
def test_a_changed_head_is_no_head(told: Told, tmp_path: Path, name: str) -> None:
    """Every part of a head is signed."""
    changed: dict[str, Any] = vars(told.head) | {name: told.head.seq + 1 if name == "seq" else getattr(told.head, name)[::-1]}
    with pytest.raises(BadHead):
        Told(told.copy(tmp_path).home, told.code, SignedHead(**changed)).check(head=True)


@seed(20261123)
@hypothesis_settings(max_examples=40, deadline=None, database=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_random_tampering_never_passes(told: Told, tmp_path: Path, data: st.DataObject) -> None:
    """Any byte of any entry, any column of any row, any two rows."""
    folder = tmp_path / hashlib.sha256(repr(data).encode()).hexdigest()[:8]
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    copy = told.copy(folder)
    seq = data.draw(st.integers(1, told.head.seq))
    kind = data.draw(st.sampled_from(["byte", "column", "drop", "swap"]))

    def tamper(c: sqlite3.Connection) -> None:
        found = row(c, seq)
        if kind == "byte":
            at, mask = data.draw(st.integers(0, len(found["entry"].encode()) - 1)), data.draw(st.integers(1, 255))
            content = bytearray(found["entry"].encode())
            content[at] ^= mask
            c.execute("UPDATE exchange_entry SET entry = CAST(? AS TEXT) WHERE seq = ?", (bytes(content), seq))
        elif kind == "column":
            name = data.draw(st.sampled_from(sorted(found.keys() - {"entry", "seq"})))
            c.execute(f"UPDATE exchange_entry SET {name} = coalesce({name}, '') || '1' WHERE seq = ?", (seq,))
        elif kind == "drop":
            c.execute("DELETE FROM exchange_entry WHERE seq = ?", (seq,))
        else:
            other = data.draw(st.integers(1, told.head.seq).filter(lambda n: n != seq))
            for before, after in ((seq, -1), (other, seq), (-1, other)):
                c.execute("UPDATE exchange_entry SET seq = ? WHERE seq = ?", (after, before))

    copy.change(tamper)
    problem = copy.check(head=True).problem
    assert problem is not None
    assert 1 <= problem.seq <= told.head.seq + 1


@pytest.mark.parametrize("statement", ["UPDATE exchange_entry SET action = 'x' WHERE seq = 3", "DELETE FROM exchange_entry WHERE seq = 3"])
async def test_triggers_refuse_to_change_the_log(told: Told, tmp_path: Path, statement: str) -> None:
    """Not even the machine itself can."""
    database = Database(settings(told.copy(tmp_path).home).database)

    async def work(store: Store) -> None:
        await store.execute(text(statement))

    try:
        with pytest.raises(DBAPIError, match="append-only"):
            await database.write(work)
    finally:
        await database.dispose()


@pytest.mark.parametrize("verb", ["update", "delete"])
async def test_the_app_refuses_to_start_without_its_triggers(told: Told, tmp_path: Path, verb: str) -> None:
    """Whoever took one away did so to change something: an administrator must look first."""
    copy = told.copy(tmp_path)
    with closing(sqlite3.connect(copy.home / "phatngon.db")) as connection:
        connection.execute(f"DROP TRIGGER exchange_entry_append_only_{verb}")
    with pytest.raises(RuntimeError, match="append-only triggers"):
        await build(settings(copy.home))
    database = Database(settings(copy.home).database)
    await database.migrate()
    await database.assert_append_only()
    await database.dispose()


async def test_a_fork_is_impossible(told: Told, tmp_path: Path) -> None:
    """Two entries cannot follow the same one."""
    database = Database(settings(told.copy(tmp_path).home).database)
    names = "prev_hash, hash, digest, at, action, cause_id, channel, entry"

    async def work(store: Store) -> None:
        await store.execute(
            text(f"INSERT INTO exchange_entry (seq, {names}) SELECT seq + 1, {names} FROM exchange_entry ORDER BY seq DESC LIMIT 1")
        )

    try:
        with pytest.raises(IntegrityError, match="prev_hash"):
            await database.write(work)
    finally:
        await database.dispose()
