"""Fixtures for the whole suite."""

from tests.beginnings import begun_once
from tests.databases import BOTH, database_url, either, postgres, postgres_server

__all__ = ["begun_once", "database_url", "either", "postgres", "postgres_server"]


def pytest_report_header() -> str:
    """Say what is played where, so that nobody takes a part for the whole."""
    return f"stories on PostgreSQL too: {', '.join(BOTH)}; every other one there by ./run soak"
