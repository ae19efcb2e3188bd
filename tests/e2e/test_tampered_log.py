"""A log of 10,000 entries, tampered with in hundreds of ways: each is found, and named by the right entry, within two seconds (`./run soak`)."""

import random
import sqlite3
import statistics
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import select

from bot.database import Database
from bot.files import Files
from bot.watch import auditing
from bot.watch.auditing import BadHead
from bot.watch.heads import SignedHead, signed_now
from models import codes
from models.evidence import canonical, exchange, verification
from models.evidence.chain import Chain
from models.evidence.item import Attachment, Item, ItemKind
from models.evidence.item import digest as salted
from models.store import Store
from tests.bench import furnish
from tests.bot.log_story import Told, settings, tell
from tests.models.evidence.in_pieces import in_pieces
from tests.transcript import MONDAY, Dice

ENTRIES, FILES = 10_000, 60
TAMPERINGS = 420
BOUND = 2.0  # seconds of processor time, for a verification that reads everything
NAMES = [name for name in exchange.COLUMNS if name != "seq"]
NUMBERS = {"case_seq", "person_id", "cause_id"}


class Undone(Exception):  # noqa: N818 - what is meant to happen
    """The tampering is rolled back."""

    def __init__(self, report: verification.Report, took: float) -> None:
        super().__init__()
        self.report, self.took = report, took


@dataclass(frozen=True)
class Log:
    """The log as it was written: where it lies, its end, and which entry names which text and which file first."""

    told: Told
    items: dict[str, int]
    files: dict[str, int]
    names: dict[str, str]  # the digest of a file → its name on disk

    @property
    def last(self) -> int:
        """The number of its last entry."""
        return self.told.head.seq


@dataclass(frozen=True)
class Way:
    """One tampering: what it is, how it is done, and the entry that must be named."""

    kind: str
    statements: tuple[str, ...]
    seq: int
    what: frozenset[str] = frozenset()
    file: Path | None = None


async def written(home: Path) -> Log:
    """An office's own story – files and an erasure among it – then entries in bulk, each second one with a text, some with a file."""
    told, dice = await tell(home), Dice(7)
    database = Database(settings(home).database)

    async def work(store: Store) -> None:
        drafts, digest = list[tuple[str, str, str]](), ""
        for number in range(ENTRIES - (await exchange.head(store)).seq):
            code = codes.make(codes.INQUIRY, (number // 4 + 10**6) * 2_654_435_761)
            if number % 2 == 0:
                note = Item.of(ItemKind.NOTE, f"Ghi chú số {number} của hồ sơ này.", dice.salt(), MONDAY, case_code=code)
                store.add(note)
                digest = note.digest
            drafts.append((code, "noted", digest))
        await furnish.append(store, drafts, MONDAY)

    try:
        await database.write(work)
        await database.write(lambda store: _filed(store, home, dice))
        async with database.read() as store:
            head = await signed_now(store, home, MONDAY.date())
            chain = Chain()
            for row in (await store.execute(text(f"SELECT {', '.join(exchange.COLUMNS)} FROM exchange_entry ORDER BY seq"))).all():
                assert chain.take(row) is None
            named = {a.digest: a.id for a in (await store.scalars(select(Attachment))).all() if a.erased_at is None}
    finally:
        await database.dispose()
    items = {key: seq for key, seq in chain.named.items.items() if key not in chain.named.erased}
    files = {key: seq for key, seq in chain.named.files.items() if key in named}
    return Log(replace(told, head=head), items, files, named)


async def _filed(store: Store, home: Path, dice: Dice) -> None:
    """Some more entries, with a file each, whose bytes lie where the product keeps them."""
    kept, drafts = Files(home / "files"), list[tuple[str, dict[str, object]]]()
    for number in range(FILES):
        name, salt = dice.name(), dice.salt()
        path = kept.path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(f"%PDF-1.7 tệp số {number}".encode())
        sha256 = verification.sha256_of(iter([path.read_bytes()]))
        made = Attachment(
            id=name,
            digest=salted(salt, bytes.fromhex(sha256)),
            salt=salt,
            sha256=sha256,
            media_type="application/pdf",
            size=path.stat().st_size,
            created_at=MONDAY,
        )
        store.add(made)
        drafts.append((codes.make(codes.INQUIRY, (number + 10**7) * 2_654_435_761), {"files": [made.ref()]}))
    for code, detail in drafts:
        await furnish.append(store, [(code, "followed_up", detail)], MONDAY)


def ways(log: Log, dice: random.Random) -> Iterator[Way]:
    """A sample over every column, every text, every file, in all five kinds."""
    makers: list[Callable[[Log, random.Random, int], Way]] = [flipped, dropped, swapped, inserted, cut, of_text, of_file, forged]
    for number in range(TAMPERINGS):
        yield makers[number % len(makers)](log, dice, number // len(makers))


def flipped(log: Log, dice: random.Random, number: int) -> Way:
    """One place of one column of one entry."""
    seq, name = dice.randint(1, log.last), NAMES[number % len(NAMES)]
    if name in NUMBERS:
        change = f"coalesce({name}, 0) + {dice.randint(1, 9)}"
    elif name == "at":
        change = f"datetime(at, '+{dice.randint(1, 999)} seconds')"
    else:
        at = f"abs({dice.getrandbits(40)}) % length({name}) + 1"
        change = f"coalesce(substr({name}, 1, {at} - 1) || '¬' || substr({name}, {at} + 1), '¬')"
    return Way(f"flip {name}", (f"UPDATE exchange_entry SET {name} = {change} WHERE seq = {seq}",), seq)


def dropped(log: Log, dice: random.Random, number: int) -> Way:
    """One entry is gone; every second time the ones after it close the gap."""
    seq = dice.randint(1, log.last - 1)
    away = f"DELETE FROM exchange_entry WHERE seq = {seq}"
    return Way("drop", (away, *_moved(seq, -1)) if number % 2 else (away,), seq)


def swapped(log: Log, dice: random.Random, _number: int) -> Way:
    """Two entries change places: the first of them no longer follows the one before it."""
    one, two = sorted(dice.sample(range(1, log.last + 1), 2))
    moves = ((-1, one), (one, two), (two, -1))
    return Way("reorder", tuple(f"UPDATE exchange_entry SET seq = {to} WHERE seq = {came}" for to, came in moves), one)


def inserted(log: Log, dice: random.Random, _number: int) -> Way:
    """A copy of some entry between two others."""
    seq, source = dice.randint(1, log.last - 1), dice.randint(1, log.last)
    names = ", ".join(name for name in NAMES if name not in {"prev_hash", "case_code", "case_seq"})
    copy = f"INSERT INTO exchange_entry (seq, prev_hash, {names}) SELECT 0, 'x' || hash, {names} FROM exchange_entry WHERE seq = {source}"
    return Way("insert", (copy, *_moved(seq, 1), f"UPDATE exchange_entry SET seq = {seq + 1} WHERE seq = 0"), seq + 1)


def cut(log: Log, dice: random.Random, _number: int) -> Way:
    """The tail is gone; only a published head can tell."""
    seq = log.last - dice.randint(0, 200)
    return Way("truncate", (f"DELETE FROM exchange_entry WHERE seq >= {seq}",), seq, frozenset({"truncated"}))


def forged(log: Log, dice: random.Random, _number: int) -> Way:
    """An entry is written anew with a digest and a hash that fit it: the next one, or the head, still names the old hash."""
    seq = dice.randint(1, log.last)
    with sqlite3.connect(log.told.home / "phatngon.db") as c:
        prev, entry = c.execute("SELECT prev_hash, entry FROM exchange_entry WHERE seq = ?", (seq,)).fetchone()
    value = canonical.parse(entry)
    made = exchange.columns({**value, "nonce": f"{dice.getrandbits(128):032x}"}, prev)
    change = f"UPDATE exchange_entry SET entry = '{made['entry'].replace(chr(39), chr(39) * 2)}', digest = '{made['digest']}'"
    found = seq + 1 if seq < log.last else seq
    return Way("rewrite", (f"{change}, hash = '{made['hash']}' WHERE seq = {seq}",), found, frozenset({"link", "head_differs"}))


def of_text(log: Log, dice: random.Random, number: int) -> Way:
    """A text that an entry names is changed, blanked or gone."""
    key, seq = dice.choice(sorted(log.items.items()))
    changes = (
        "UPDATE item SET text = text || '.'",
        "UPDATE item SET salt = upper(salt) || '0'",
        "UPDATE item SET text = NULL, salt = NULL, erased_at = created_at",
        "DELETE FROM item",
    )
    return Way(
        "text", (f"{changes[number % len(changes)]} WHERE digest = '{key}'",), seq, frozenset({"item_changed", "item_gone", "item_missing"})
    )


def of_file(log: Log, dice: random.Random, number: int) -> Way:
    """A file that an entry names: its fingerprint, its row, or its bytes on disk."""
    key, seq = dice.choice(sorted(log.files.items()))
    changes = (
        "UPDATE attachment SET sha256 = upper(sha256) || 'A'",
        "UPDATE attachment SET sha256 = NULL, salt = NULL, erased_at = created_at",
        "DELETE FROM attachment",
    )
    if number % 4 == 3:
        return Way("bytes", (), seq, frozenset({"file_bytes"}), Files(log.told.home / "files").path(log.names[key]))
    what = frozenset({"file_changed", "file_gone", "file_missing"})
    return Way("file", (f"{changes[number % 4]} WHERE digest = '{key}'",), seq, what)


def _moved(after: int, by: int) -> tuple[str, str]:
    """Every entry after one moves by one, by way of numbers nobody has."""
    return (
        f"UPDATE exchange_entry SET seq = -(seq + {by}) WHERE seq > {after}",
        "UPDATE exchange_entry SET seq = -seq WHERE seq < -1",
    )


@contextmanager
def bytes_flipped(path: Path | None, dice: random.Random) -> Generator[None]:
    """One bit of a file is another one for a while."""
    before = path.read_bytes() if path is not None else b""
    if path is not None:
        after = bytearray(before)
        after[dice.randrange(len(after))] ^= 1 << dice.randrange(8)
        path.write_bytes(after)
    yield
    if path is not None:
        path.write_bytes(before)


async def looked(database: Database, log: Log, statements: tuple[str, ...]) -> tuple[verification.Report, float]:
    """What a whole verification says after these statements, and its processor time; then they never were."""
    head = log.told.head

    async def work(store: Store) -> None:
        for verb in ("update", "delete"):
            await store.execute(text(f"DROP TRIGGER exchange_entry_append_only_{verb}"))
        for statement in statements:
            await store.execute(text(statement.replace(":", "\\:")))
        began = time.process_time()
        whole = report = await verification.verify(store, {head.seq: head.hash})
        if report.problem is None:
            report = replace(report, problem=auditing._on_disk(Files(log.told.home / "files"), report))  # pyright: ignore[reportPrivateUsage]
        took = time.process_time() - began
        assert await in_pieces(store, {head.seq: head.hash}, log.last, 1_500) == whole
        raise Undone(report, took)

    try:
        await database.write(work)
    except Undone as undone:
        return undone.report, undone.took
    raise AssertionError(statements)


@pytest.mark.soak
@pytest.mark.timeout(3600)
async def test_every_tampering_of_a_long_log_is_named_in_time(tmp_path: Path) -> None:
    """Flip, drop, reorder, insert, truncate; columns, texts, files, heads."""
    dice, log = random.Random(20261123), await written(tmp_path)
    database, took, wrong = Database(settings(tmp_path).database), list[float](), list[object]()
    try:
        whole, alone = await looked(database, log, ())
        assert (whole.problem, log.last >= ENTRIES) == (None, True)
        for way in ways(log, dice):
            with bytes_flipped(way.file, dice):
                report, seconds = await looked(database, log, way.statements)
            took.append(seconds)
            found = report.problem
            if found is None or found.seq != way.seq or (way.what and found.what not in way.what):
                wrong.append((way, found))
        for name, part in vars(log.told.head).items():
            other = replace(log.told.head, **{name: part + 1 if isinstance(part, int) else part[::-1]})
            (tmp_path / "other.json").write_text(SignedHead.json(other), "utf-8")
            with pytest.raises(BadHead):
                await auditing.check(database, tmp_path, head=tmp_path / "other.json")
    finally:
        await database.dispose()
    print(
        f"{log.last} entries, {len(took)} tamperings found and named; processor time: whole log {alone:.2f} s,"
        f" median {statistics.median(took):.2f} s, worst {max(took):.2f} s (bound {BOUND:.0f} s)"
    )
    assert not wrong, wrong[:5]
    assert max(alone, *took) < BOUND
