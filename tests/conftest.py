"""Fixtures for the whole suite."""

from tests.databases import database_url, either, postgres, postgres_server

__all__ = ["database_url", "either", "postgres", "postgres_server"]
