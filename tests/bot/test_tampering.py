"""The log of a story, tampered with where it lies: on either database every way is found, and named by its entry."""

from pathlib import Path

from sqlalchemy import text

from bot.database import Database
from models.evidence import exchange, verification
from models.store import Store
from tests.models.evidence.in_pieces import in_pieces
from tests.transcript import ASK, REGISTER, VERIFY, office

COLUMNS = "seq, prev_hash, hash, digest, at, action, case_code, case_seq, person_id, unit_id, cause_id, channel, entry"
AGAIN = COLUMNS.replace("seq, prev_hash", "99, hash", 1).replace("case_code, case_seq", "NULL, NULL")
FLIP = """UPDATE exchange_entry SET entry = replace(entry, '"v"\\:1', '"v"\\:2') WHERE seq = 5"""
FREE = "SELECT digest FROM item WHERE kind = 'question'"

# What is done → the first problem and its entry; None where it stands at the end of the log, or where no entry is to blame.
WAYS: list[tuple[str, list[str], str, int | None]] = [
    ("flip a digit", [FLIP], "changed", 5),
    ("a blank more", ["UPDATE exchange_entry SET entry = replace(entry, '{', '{ ') WHERE seq = 5"], "not_canonical", 5),
    ("another story in a column", ["UPDATE exchange_entry SET action = 'x' WHERE seq = 5"], "column", 5),
    ("another moment", ["UPDATE exchange_entry SET at = '2020-01-01 00:00:00' WHERE seq = 5"], "column", 5),
    ("another hash", [f"UPDATE exchange_entry SET hash = '{'0' * 64}' WHERE seq = 5"], "hash", 5),
    ("drop one", ["DELETE FROM exchange_entry WHERE seq = 5"], "gap", 5),
    (
        "drop one and close the gap",
        ["DELETE FROM exchange_entry WHERE seq = 5", "UPDATE exchange_entry SET seq = 5 WHERE seq = 6"],
        "link",
        5,
    ),
    (
        "swap two",
        [f"UPDATE exchange_entry SET seq = {a} WHERE seq = {b}" for a, b in ((-1, 5), (5, 6), (6, -1))],
        "link",
        5,
    ),
    ("insert one", [f"INSERT INTO exchange_entry ({COLUMNS}) SELECT {AGAIN} FROM exchange_entry WHERE seq = :last"], "gap", None),
    ("cut the tail off", ["DELETE FROM exchange_entry WHERE seq = :last"], "truncated", None),
    ("change a text", [f"UPDATE item SET text = text || '.' WHERE digest IN ({FREE})"], "item_changed", 0),
    ("blank a text", [f"UPDATE item SET text = NULL, salt = NULL, erased_at = created_at WHERE digest IN ({FREE})"], "item_gone", 0),
    ("lose a text", [f"UPDATE item SET digest = '{'0' * 64}' WHERE digest IN ({FREE})"], "item_missing", None),
]


class Undone(Exception):  # noqa: N818 - what is meant to happen
    """The tampering is rolled back."""

    def __init__(self, report: verification.Report) -> None:
        super().__init__()
        self.report = report


async def tampered(database: Database, statements: list[str], last: exchange.Head) -> verification.Report:
    """What verification says after these statements, by somebody who can switch the triggers off; then they never were."""

    async def work(store: Store) -> None:
        for verb in ("update", "delete"):
            name = f"exchange_entry_append_only_{verb}"
            off = f"DROP TRIGGER {name}" if database.is_sqlite else f"ALTER TABLE exchange_entry DISABLE TRIGGER {name}"
            await store.execute(text(off))
        for statement in statements:
            await store.execute(text(statement), {"last": last.seq} if ":last" in statement else {})
        wanted = {last.seq: last.hash}
        report = await verification.verify(store, wanted)
        assert await in_pieces(store, wanted, last.seq, 3) == report
        raise Undone(report)

    try:
        await database.write(work)
    except Undone as undone:
        return undone.report
    raise AssertionError(statements)


async def test_every_tampering_is_found_and_named(tmp_path: Path) -> None:
    """Each in a transaction of its own that is undone; before and after the log is whole."""
    async with office(tmp_path, REGISTER, VERIFY, ASK) as story:
        database = story.app.machine.database
        async with database.read() as store:
            last, whole = await exchange.head(store), await verification.verify(store)
        assert (whole.problem, last.seq > 8) == (None, True)
        found = {name: (await tampered(database, statements, last)).problem for name, statements, _, _ in WAYS}
        wrong = [
            (name, found[name])
            for name, _, what, seq in WAYS
            if (problem := found[name]) is None or problem.what != what or (seq and problem.seq != seq)
        ]
        assert not wrong
        async with database.read() as store:
            assert (await verification.verify(store, {last.seq: last.hash})).problem is None
