"""Every conversation is played on SQLite, those that prove most on PostgreSQL too; all the others there by `./run soak`."""

import pytest

from tests.databases import on_both


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """The databases of one test."""
    on_both(metafunc)


@pytest.fixture(autouse=True)
def _played(either: None) -> None:
    """Every test asks for its database, or its parameter would be a name and nothing else."""
