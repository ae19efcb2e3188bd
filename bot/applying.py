"""Putting a changed calendar or law pack into force: compared first, written to HOME/content, then counted by the machine (F63)."""

import hashlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.control import Answer, ask
from bot.database import Database
from bot.office import overlays_of, read_rules
from bot.settings import Settings
from handlers.clocks import recounting
from models import content
from models.clocks import deadline
from models.clocks.deadline import Rules
from models.law import ruling


@dataclass(frozen=True)
class Change:
    """What is to be put into force: files of HOME/content by name, and what people are told about it."""

    what: str  # calendar or law
    title: str
    source: str
    files: Mapping[str, str]
    changes: Sequence[str]
    why: str


def texts_of(settings: Settings, files: Mapping[str, str]) -> dict[str, str]:
    """All texts the rules come from, with some files replaced."""
    overlays = overlays_of(settings)
    packs = {f"{ruling.LAW}/{d.path.name}": d.path for d in content.documents(ruling.LAW, *overlays)}  # an overlay's comes last
    paths = {**packs, **{name: content.document(name, *overlays).path for name in (ruling.CALENDAR, ruling.LOCAL)}}
    return {name: path.read_text("utf-8") for name, path in paths.items()} | dict(files)


def present(settings: Settings) -> Rules:
    """The rules as the files stand now."""
    return read_rules(settings.law_pin, *overlays_of(settings))


def changed(settings: Settings, files: Mapping[str, str]) -> Rules:
    """The rules as they would be.

    Raises:
        ContentProblem, ContentProblems: what must be mended first; packs that hold on one day are among it.
    """
    return ruling.of_texts(texts_of(settings, files), settings.law_pin or None)


async def moved(settings: Settings, rules: Rules) -> int | None:
    """How many running clocks would move; None where this installation has no database yet."""
    if not settings.database_url and not (settings.home / "phatngon.db").is_file():
        return None
    database = Database(settings.database)
    try:
        async with database.read() as store:
            return sum(rules.later(clock) is not None for clock in await deadline.all_running(store))
    finally:
        await database.dispose()


async def apply(settings: Settings, change: Change, tell: Callable[[Answer], Awaitable[Answer]] | None = None) -> Answer:
    """Write the files, let the machine count (`tell` hands it the message); where it cannot, the files are put back as they were."""
    root = settings.home / "content"
    before = {name: _text(root / name) for name in change.files}
    for name, text in change.files.items():
        _write(root / name, text)
    texts = texts_of(settings, {})
    digest = hashlib.sha256("\0".join(f"{name}\0{text}" for name, text in sorted(texts.items())).encode()).hexdigest()
    wanted: Answer = {
        "command": recounting.COMMAND,
        "what": change.what,
        "title": change.title,
        "source": change.source,
        "changes": list(change.changes),
        "why": change.why,
        "digest": digest,
        "texts": texts,
    }
    answer: Answer = {"ok": False}
    try:
        answer = await (tell(wanted) if tell is not None else ask(settings, wanted))
    finally:
        for name, text in before.items() if not answer["ok"] else ():
            _write(root / name, text)
    return answer


def _text(path: Path) -> str | None:
    return path.read_text("utf-8") if path.is_file() else None


def _write(path: Path, text: str | None) -> None:
    """All of it or nothing, so that whoever reads meanwhile finds a whole file; None takes it away."""
    if text is None:
        path.unlink(missing_ok=True)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_suffix(".new")
    new.write_text(text, "utf-8")
    new.replace(path)
