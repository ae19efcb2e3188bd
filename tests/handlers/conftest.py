"""Every conversation is played on both databases."""

import pytest


@pytest.fixture(autouse=True)
def on_either(either: None) -> None:
    """Ask for the database of this turn."""
