"""One strict server process for these tests, an empty world for each; offices whose bot speaks to it."""

from collections.abc import AsyncGenerator, AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.botapi.client import TelegramServer
from tests.databases import copy, on_both
from tests.telegram_stage import TelegramStory, telegram_office
from tests.transcript import MONDAY, Dice, file_named


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """What moves a bot is tried on PostgreSQL too, most of it by `./run soak`; what only reads updates has no database."""
    if {"desk", "office"} & {*metafunc.fixturenames}:
        on_both(metafunc, laws=False)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def running(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[TelegramServer]:
    """A server process."""
    async with TelegramServer(tmp_path_factory.mktemp("botapi"), "--hook-retry", "0.05") as server:
        yield server


@pytest_asyncio.fixture(loop_scope="session")
async def server(running: TelegramServer) -> TelegramServer:
    """The server with an empty world, no limits and no faults."""
    await running.reset()
    await running.limits()
    await running.no_faults()
    return running


@pytest_asyncio.fixture(loop_scope="session")
async def desk(server: TelegramServer, tmp_path: Path, either: None) -> AsyncGenerator[TelegramStory]:
    """A bot that knows no directory, moved step by step."""
    with copy() as settings:
        async with telegram_office(tmp_path, server, files=file_named, at=MONDAY, ids=Dice(), seed=False, **settings) as story:
            yield story


@pytest_asyncio.fixture(loop_scope="session")
async def office(server: TelegramServer, tmp_path: Path, either: None) -> AsyncGenerator[TelegramStory]:
    """The same with the shipped directory."""
    with copy() as settings:
        async with telegram_office(tmp_path, server, files=file_named, at=MONDAY, ids=Dice(), **settings) as story:
            yield story
