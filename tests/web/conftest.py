"""Rooms and browsers for the tests of the web application."""

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from tests.databases import on_both
from tests.web.room import Browser, Room, room_in


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """The chat on every database, the other pages on PostgreSQL by `./run soak`."""
    on_both(metafunc, laws=False)


@pytest.fixture(autouse=True)
def _played(either: None) -> None:
    """Every test asks for its database, or its parameter would be a name and nothing else."""


@pytest.fixture
async def room(tmp_path: Path, either: None) -> AsyncGenerator[Room]:
    """A room whose messages move only when the test says so."""
    async with room_in(tmp_path) as room:
        yield room


@pytest.fixture
async def live(room: Room) -> Room:
    """A room whose dispatcher runs by itself."""
    room.running.append(asyncio.create_task(room.dispatcher.run()))
    return room


@pytest.fixture
async def browser(room: Room) -> AsyncGenerator[Browser]:
    """A browser with the chat open."""
    browser = room.browser()
    await browser.open()
    yield browser
    await browser.client.aclose()
