"""Erasing reaches every copy, and what is left still verifies."""

import sqlite3
from contextlib import closing
from pathlib import Path

from tests.bot.log_story import PHRASE, Told, files_of


def test_the_words_are_nowhere_and_the_chain_verifies(told: Told, tmp_path: Path) -> None:
    """Neither the database nor a file of HOME holds the phrase, in any spelling JSON has for it."""
    copy = told.copy(tmp_path)
    with closing(sqlite3.connect(copy.home / "phatngon.db")) as connection:
        connection.execute("VACUUM")
    escaped = PHRASE.encode("ascii", "backslashreplace")
    left = [path.name for path, content in files_of(copy.home).items() if PHRASE.encode() in content or escaped in content]
    assert left == []
    assert copy.check(head=True).problem is None


def test_the_other_file_and_the_answer_stay(told: Told) -> None:
    """Only what was asked for is gone."""
    contents = files_of(told.home).values()
    assert any(b"danh sach" in content for content in contents)
    with closing(sqlite3.connect(told.home / "phatngon.db")) as connection:
        kinds = connection.execute("SELECT kind, count(*) FROM item WHERE erased_at IS NOT NULL AND case_code IS NOT NULL GROUP BY kind")
        assert dict(kinds.fetchall()) == {"question": 2}
