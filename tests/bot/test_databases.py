"""Both databases: the schema is what the models say, the log refuses to change, a lost race is run again."""

import asyncio
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import select

from bot.channels.base import Arrival
from bot.database import Database
from bot.dispatcher import Dispatcher
from models.casework import inquiry
from models.casework.answer import Answer, AnswerState, last_answer
from models.casework.inquiry import Inquiry, InquiryState
from models.errors import Refusal
from models.evidence.exchange import ExchangeEntry
from models.evidence.verification import verify
from models.people.person import Person
from models.store import Store
from models.tables import metadata
from tests.databases import NoPostgres, Server, server, waits_for_a_lock
from tests.transcript import ASK, MONDAY, REGISTER, VERIFY, office, play
from tests.waiting import until


def at(url: str, home: Path) -> Database:
    """A database that is migrated by the test itself."""
    return Database(url or f"sqlite+aiosqlite:///{home / 'test.db'}")


async def test_migrations_make_what_the_models_say(tmp_path: Path, database_url: str) -> None:
    """Whatever a model says is there as it says, and nothing else is."""

    def differences(connection: Connection) -> list[Any]:
        return list(compare_metadata(MigrationContext.configure(connection), metadata))

    database = at(database_url, tmp_path)
    await database.migrate()
    async with database.read() as store:
        assert await (await store.connection()).run_sync(differences) == []
    await database.dispose()


async def test_several_machines_migrate_at_once(postgres_server: Server) -> None:
    """One of them makes the schema, the others find it made."""
    with postgres_server.fresh(empty=True) as url:
        databases = [Database(url) for _ in range(3)]
        assert not await databases[0].is_current()
        await asyncio.gather(*(database.migrate() for database in databases))
        assert await databases[0].is_current()
        for database in databases:
            await database.dispose()


@pytest.mark.parametrize("statement", ["UPDATE exchange_entry SET action = 'x'", "DELETE FROM exchange_entry", "TRUNCATE exchange_entry"])
async def test_postgresql_refuses_to_change_the_log(postgres: str, statement: str) -> None:
    """By triggers that a start without them refuses to go on from."""
    database = Database(postgres)
    with pytest.raises(DBAPIError, match="append-only"):
        await database.write(lambda store: store.execute(text(statement)))
    off = text("ALTER TABLE exchange_entry DISABLE TRIGGER exchange_entry_append_only_delete")
    await database.write(lambda store: store.execute(off))
    with pytest.raises(RuntimeError, match="triggers"):
        await database.assert_append_only()
    await database.dispose()


async def test_readers_cannot_write(tmp_path: Path, database_url: str) -> None:
    """Whatever a report does, it changes nothing."""
    database = at(database_url, tmp_path)
    await database.migrate()
    with pytest.raises(DBAPIError):
        async with database.read() as store:
            await store.execute(text("INSERT INTO outlet (id, name, kind, scope, folded) VALUES ('a', 'a', 'a', 'a', 'a')"))
    await database.dispose()


async def test_a_lost_update_is_run_again(postgres: str) -> None:
    """Two units read one person and both change it: the second begins again and builds on what the first one did."""
    database = Database(postgres)

    async def create(store: Store) -> None:
        store.add(Person(id=1, name="", created_at=MONDAY))

    await database.write(create)
    tries: list[int] = []

    everybody = asyncio.Barrier(5)

    async def add(store: Store) -> None:
        tries.append(1)
        first = len(tries) <= 5
        person = await store.get_one(Person, 1)
        if first:
            await everybody.wait()
        person.name += "x"

    await asyncio.gather(*(database.write(add) for _ in range(5)))
    async with database.read() as store:
        assert (await store.get_one(Person, 1)).name == "xxxxx"
    assert len(tries) > 5
    await database.dispose()


async def test_what_never_wins_fails_in_the_end(postgres: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A violated rule is not a race for ever."""
    monkeypatch.setattr("bot.database.TRIES", 3)
    database = Database(postgres)
    tries: list[int] = []

    async def twice(store: Store) -> None:
        tries.append(1)
        await store.execute(text("INSERT INTO outlet (id, name, kind, scope, folded) VALUES ('a', 'a', 'a', 'a', 'a')"))
        await store.execute(text("INSERT INTO outlet (id, name, kind, scope, folded) VALUES ('a', 'a', 'a', 'a', 'a')"))

    with pytest.raises(DBAPIError):
        await database.write(twice)
    assert len(tries) == 3
    await database.dispose()


@pytest.mark.parametrize("either", ["postgresql"], indirect=True)
async def test_a_case_belongs_to_one_unit_of_work_at_a_time(tmp_path: Path, either: None) -> None:
    """Reporter and spokesperson write at the same moment: who comes second sees what the first one did, also of answers."""
    async with office(tmp_path, REGISTER, VERIFY, ASK, logged=False) as story:
        await play(story, "y tế > [Tiếp nhận]", "y tế ^ Câu hỏi mới > Có 12 người.", "y tế > [Gửi câu trả lời]")
        code, database = story.codes["$YC"], story.app.machine.database
        read, go, seen = asyncio.Event(), asyncio.Event(), asyncio.Queue[str]()

        async def withdraw(store: Store) -> None:
            case = await inquiry.by_code(store, code)
            answer = await last_answer(store, code)
            assert case is not None
            assert answer is not None
            read.set()
            await go.wait()
            case.withdraw(None, MONDAY)
            answer.state = AnswerState.UNDONE

        async def answer(store: Store) -> None:
            early = (await store.scalars(select(Answer))).one()  # read before the case is held, as a late alarm does
            assert early.state is AnswerState.CONFIRMED
            await seen.put("read")
            case = await inquiry.by_code(store, code)
            assert case is not None
            await seen.put(f"{case.state.value} {early.state.value}")
            case.answered(early, None, [], MONDAY)

        first = asyncio.create_task(database.write(withdraw))
        await read.wait()
        second = asyncio.create_task(database.write(answer))
        assert await seen.get() == "read"
        await until(partial(waits_for_a_lock, database), "the second one waits for the case")
        assert seen.empty()
        go.set()
        await first
        with pytest.raises(Refusal):
            await second
        assert await seen.get() == "withdrawn undone"
        async with database.read() as store:
            assert (await store.get_one(Inquiry, code)).state is InquiryState.WITHDRAWN


@pytest.mark.parametrize("either", ["postgresql"], indirect=True)
async def test_both_sides_of_a_case_at_once(tmp_path: Path, either: None) -> None:
    """Additions and an acknowledgement of one case by two dispatchers: every one is in the case's own order, and the chain verifies."""
    async with office(tmp_path / "a", REGISTER, VERIFY, ASK) as story:
        code, app = story.codes["$YC"], story.app
        reporter, speaker = story.cast["phóng viên"], story.cast["y tế"]
        puts = [Arrival("web", f"r{n}", reporter.chat, f'{{"text": "{code} thêm {n}"}}') for n in range(12)]
        puts += [Arrival("web", f"s{n}", speaker.chat, f'{{"kind": "choice", "choice": "desk.acknowledge:{code}"}}') for n in range(3)]
        await app.inbox.put(puts)
        other = Dispatcher(app.machine)
        for _ in range(20):
            await asyncio.gather(app.dispatcher.drain(), other.drain())
        async with app.machine.database.read() as store:
            report = await verify(store)
            entries = (await store.scalars(select(ExchangeEntry).where(ExchangeEntry.case_code == code))).all()
        assert report.problem is None
        assert sum(e.action == "inquiry.followed_up" for e in entries) == 12
        assert sum(e.action == "inquiry.acknowledged" for e in entries) == 1
        assert sorted(e.case_seq or 0 for e in entries) == list(range(1, len(entries) + 1))


def test_a_missing_server_fails_with_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test passes by because there is no database: the fixture that every one of them uses fails, and says why."""
    monkeypatch.setenv("PHATNGON_TEST_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    with pytest.raises(NoPostgres, match="PostgreSQL tests need a database, and the server PHATNGON_TEST_DATABASE_URL names"), server():
        pass
    assert not issubclass(NoPostgres, pytest.skip.Exception)
