"""An office in the middle of its work: verified reporters on Telegram, each with an open case, and a spokesperson on Telegram for every unit."""

import shutil
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import insert
from sqlmodel import col, select

from bot import seeding
from bot.app import App, build
from bot.machine import wall_clock
from bot.settings import Settings
from models import codes
from models.casework.inquiry import Inquiry
from models.clocks.deadline import ORDINARY
from models.evidence import exchange
from models.evidence.exchange import Actor, Circumstances, Entry
from models.evidence.item import Item, ItemKind
from models.messages.conversation import Conversation
from models.people.person import Account, CredentialKind, Person, Post, Reporter, Standing
from models.store import Store

REPORTERS = 2_000_000  # Telegram ids: reporters from here
SPEAKERS = 7_000_000  # … and spokespersons from here
TOGETHER = 5000  # reporters of one transaction
CHUNK = 5000  # entries of one statement; a multiple of those of a case


def case_code(number: int) -> str:
    """The code of the case a reporter has at the beginning."""
    return codes.make(codes.INQUIRY, number * 2_654_435_761)


async def furnish(home: Path, reporters: int, database_url: str = "") -> None:
    """Seed the directory, then everybody, some thousand in a transaction."""
    app = await build(Settings(home=home, database_url=database_url))
    try:
        await seeding.seed(app, people=True)
        await app.machine.database.write(_speakers)
        for first in range(0, reporters, TOGETHER):
            numbers = range(first, min(reporters, first + TOGETHER))
            await app.machine.database.write(lambda store, numbers=numbers: _people(store, app, numbers))
    finally:
        await app.stop()


def copied(template: Path, home: Path) -> Path:
    """The same office in another folder; it is no copy to be fenced, the original never runs."""
    shutil.copytree(template, home)
    (home / "instance").unlink(missing_ok=True)
    with closing(sqlite3.connect(home / "phatngon.db")) as database, database:
        database.execute("DELETE FROM installation")
    return home


async def _posts(store: Store) -> Sequence[Post]:
    return (await store.scalars(select(Post).order_by(col(Post.unit_id)))).all()


async def _speakers(store: Store) -> None:
    now = wall_clock() - timedelta(hours=1)
    store.add_all(Account(channel="telegram", external_id=str(SPEAKERS + n), person_id=p.person_id, created_at=now, opened_by=0)
                  for n, p in enumerate(await _posts(store)))  # fmt: skip


async def _people(store: Store, app: App, numbers: Sequence[int]) -> None:
    now, posts = wall_clock() - timedelta(hours=1), await _posts(store)
    people = [Person(name=f"Phóng viên số {n}", created_at=now) for n in numbers]
    store.add_all(people)
    await store.flush()
    accounts = [
        Account(channel="telegram", external_id=str(REPORTERS + n), person_id=p.id, created_at=now, opened_by=0)
        for n, p in zip(numbers, people, strict=True)
    ]
    store.add_all(accounts)
    store.add_all(_reporter(person, now) for person in people)
    await store.flush()
    store.add_all(Conversation(account_id=account.id or 0, updated_at=now) for account in accounts)
    cases = [_case(store, app, number, account, posts[number % len(posts)], now) for number, account in zip(numbers, accounts, strict=True)]
    await store.flush()
    await _logged(store, cases, now)


def _reporter(person: Person, now: datetime) -> Reporter:
    return Reporter(
        person_id=person.id or 0,
        outlet_name="Báo Mẫu",
        credential=CredentialKind.PRESS_CARD,
        credential_number="12345",
        credential_expires=(now + timedelta(days=365)).date(),
        standing=Standing.VERIFIED,
        checked_at=now,
        registered_at=now,
    )


def _case(store: Store, app: App, number: int, account: Account, post: Post, now: datetime) -> Inquiry:
    code, ids = case_code(number), app.machine.ids
    words = f"Đề nghị đơn vị cho biết tiến độ xử lý vụ việc số {number} và trách nhiệm của các bên liên quan."
    question = Item.of(ItemKind.QUESTION, words, ids.salt(), now, case_code=code, person_id=account.person_id)
    asker = '{"name": "Phóng viên", "outlet": "Báo Mẫu"}'
    requester = Item.of(ItemKind.REQUESTER, asker, ids.salt(), now, case_code=code, person_id=account.person_id)
    clock = app.machine.office.rules.start(code, ORDINARY, now)
    case = Inquiry(
        code=code,
        reporter_id=account.person_id or 0,
        account_id=account.id or 0,
        question=question.digest,
        requester=requester.digest,
        pack_id=clock.pack_id,
        received_at=now,
        since=now,
    )
    case.assign(post.unit_id, now)
    case.brought_to = post.person_id
    store.add_all([question, requester, clock, case])
    return case


async def _logged(store: Store, cases: list[Inquiry], now: datetime) -> None:
    """The chain as the machine would have written it: two entries for each case."""
    await append(store, [(case.code, action, case.question) for case in cases for action in ("received", "assigned")], now)


async def lengthen(store: Store, count: int) -> None:
    """So many more entries, ten to a case."""
    digest = str(await store.scalar(select(Item.digest).limit(1)))
    now = wall_clock()
    for start in range(0, count, CHUNK):
        numbers = range(start, min(count, start + CHUNK))
        await append(store, [(codes.make(codes.INQUIRY, (n // 10 + 10**6) * 2_654_435_761), "followed_up", digest) for n in numbers], now)


async def append(store: Store, drafts: Sequence[tuple[str, str, str | Mapping[str, object]]], now: datetime) -> None:
    """Genuine entries, each linked to the one before it and to the last of its case: code, action, and an item or what else it says."""
    head, rows = await exchange.head(store), list[dict[str, object]]()
    ends: dict[str, tuple[int, str | None]] = dict(await exchange.case_heads(store, [*{code for code, _, _ in drafts}]))
    for code, action, said in drafts:
        draft = Entry(f"inquiry.{action}", case=code, detail={"item": said} if isinstance(said, str) else said)
        around = Circumstances(now, Actor(1, "reporter", 1, "telegram"), 1, f"{head.seq:032x}", None)
        last = ends.get(code, (0, None))
        row = exchange.columns(exchange.build(draft, head.seq + 1, (last[0] + 1, last[1]), around), head.hash)
        head, ends[code] = exchange.Head(row["seq"], row["hash"]), (last[0] + 1, row["digest"])
        rows.append(row)
    await store.execute(insert(exchange.ExchangeEntry), rows)
