"""Fixtures for the whole suite."""

from tests.beginnings import begun_once
from tests.databases import BOTH, database_url, either, postgres, postgres_server

__all__ = ["begun_once", "database_url", "either", "postgres", "postgres_server"]


def pytest_report_header() -> list[str]:
    """Say what is played where, so that nobody takes a part for the whole."""
    return [
        f"stories on PostgreSQL too: {', '.join(BOTH)}; every other one of their folders there by ./run soak",
        "on SQLite alone: test_trouble and test_fence (a full disk, a locked or copied file; PostgreSQL's own",
        "  troubles are in test_backup, test_duties and test_side_by_side), test_crashes (a process that owns its file; kill -9 is on both)",
    ]
