"""What keeps a machine running is tried on both databases; what is done to a file, or to a folder with one in it, is not."""

import pytest

from tests.databases import BOTH, on_both


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """The sweeper, the end and the signs of life on both."""
    if metafunc.definition.path.stem in BOTH and "tmp_path" in metafunc.fixturenames:
        on_both(metafunc, laws=False)


@pytest.fixture(autouse=True)
def _played(either: None) -> None:
    """Every test asks for its database, or its parameter would be a name and nothing else."""
