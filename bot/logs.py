"""Diagnostics: one JSON object per line, prose plus `action`, `cause_id`, `channel`; never a token, a phone number or message text."""

import json
import logging
import re
import sys
import traceback
from datetime import UTC, datetime

KEPT = ("action", "cause_id", "channel", "problem", "loop", "subject")

# Nothing of ours logs these; a library's message might quote one, so it is blackened at the last moment as well.
_TOKEN = re.compile(r"\d{6,}:[A-Za-z0-9_-]{30,}|(?i:(?<=bearer )|(?<=token=)|(?<=token/))[A-Za-z0-9._~+/-]{16,}")
_PHONE = re.compile(r"(?<![\w.:-])(?!0\.\d{5})(?:\+?84|0)[ .-]?\d(?:[ .-]?\d){7,9}(?![\w:-])")


def blackened(text: str) -> str:
    """Without tokens and phone numbers."""
    return _PHONE.sub("…", _TOKEN.sub("…", text))


class Line(logging.Formatter):
    """A record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """Prose, place, and the fields we keep; a traceback names places in our code, not values."""
        line = {"at": datetime.fromtimestamp(record.created, UTC).isoformat(), "level": record.levelname, "in": record.name}
        line |= {"what": blackened(record.getMessage())}
        line |= {name: _plain(record.__dict__[name]) for name in KEPT if name in record.__dict__}
        if record.exc_info and record.exc_info[0] is not None:
            line["error"] = record.exc_info[0].__name__
            line["trace"] = " < ".join(f"{f.filename}:{f.lineno}" for f in _frames(record))
        return json.dumps(line, ensure_ascii=False, default=str)


def _plain(value: object) -> object:
    return blackened(value) if isinstance(value, str) else value


def _frames(record: logging.LogRecord) -> list[traceback.FrameSummary]:
    return list(reversed(traceback.extract_tb(record.exc_info[2]))) if record.exc_info else []


def configure(level: int = logging.INFO) -> None:
    """Log to standard error; chatty libraries only when something is wrong."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Line())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in ("alembic", "httpx", "sqlalchemy", "uvicorn", "telegram", "aiosqlite"):
        logging.getLogger(name).setLevel(logging.WARNING)
