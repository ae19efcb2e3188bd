"""One story for all tests of the log: it is played once and copied."""

import asyncio

import pytest

from tests.bot.log_story import Told, tell
from tests.databases import often, on_both


@pytest.fixture(scope="session")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """A HOME after the story; copy it before changing anything."""
    return asyncio.run(tell(tmp_path_factory.mktemp("told") / "home"))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """The invariants hold on every database."""
    if often(metafunc):
        on_both(metafunc)


@pytest.fixture(autouse=True)
def _played(either: None) -> None:
    """Every test asks for its database, or its parameter would be a name and nothing else."""
