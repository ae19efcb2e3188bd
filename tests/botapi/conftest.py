"""One server process for all these tests; each test begins with an empty world."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.botapi.client import TelegramServer


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def running(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[TelegramServer]:
    """A server process."""
    state: Path = tmp_path_factory.mktemp("botapi")
    async with TelegramServer(state, "--hook-retry", "0.05", "--callback-seconds", "1") as server:
        yield server


@pytest_asyncio.fixture(loop_scope="session")
async def server(running: TelegramServer) -> TelegramServer:
    """The server with an empty world and no limits."""
    await running.reset()
    await running.limits()
    return running
