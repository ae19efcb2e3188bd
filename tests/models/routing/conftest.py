"""The shipped directory and words, indexed once for all tests of a day."""

from collections.abc import Callable
from datetime import date

import pytest

from bot import routing
from models import content
from models.routing import Lexicon, Router, lexicon

TODAY = date(2025, 10, 1)


@pytest.fixture(scope="session")
def words() -> Lexicon:
    """The shipped lexicon."""
    return lexicon.read(content.document("routing.yaml"))


@pytest.fixture(scope="session")
def router() -> Router:
    """The shipped directory some months after the reorganisation."""
    return routing.build(TODAY, semantic=False)


@pytest.fixture(scope="session")
def router_on() -> Callable[[date], Router]:
    """Routers by day, each built once."""
    known: dict[date, Router] = {}

    def build(day: date) -> Router:
        if day not in known:
            known[day] = routing.build(day, semantic=False)
        return known[day]

    return build
