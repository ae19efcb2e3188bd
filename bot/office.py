"""What an office is made of, read from its content and its directory."""

import logging
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

from bot.compass import Compass, wanted_layer
from bot.database import Database
from bot.settings import Settings
from bot.tickets import Purpose, Tickets
from models import content
from models.casework.brakes import Brakes
from models.clocks.deadline import Rules
from models.content import ContentProblem
from models.directory.unit import every, units
from models.evidence.keeping import Retention
from models.law import ruling
from models.office import Office, Topic
from models.schema import ContentProblems
from models.texts import Texts

log = logging.getLogger(__name__)


def overlays_of(settings: Settings) -> tuple[Path, ...]:
    """`HOME/content`, where an office keeps its own sentences and rules."""
    own = settings.home / "content"
    return (own,) if own.is_dir() else ()


def read_topics(*overlays: Path) -> list[Topic]:
    """The topics, from `content/topics.yaml`."""
    document = content.document("topics.yaml", *overlays)
    found: list[Topic] = []
    for row, values in enumerate(cast("list[dict[str, Any]]", document.data.get("topics") or [])):
        if not values.get("id") or not values.get("vi"):
            raise document.problem('mỗi lĩnh vực cần id và tên tiếng Việt: {id: y_te, vi: "Y tế"}', "topics", row)
        found.append(Topic(str(values["id"]), {language: str(name) for language, name in values.items() if language != "id"}))
    return found


def read_rules(pin: str, *overlays: Path) -> Rules:
    """Law packs and calendar."""
    packs, calendar = content.documents(ruling.LAW, *overlays), content.document(ruling.CALENDAR, *overlays)
    return ruling.rules(packs, calendar, content.document(ruling.LOCAL, *overlays), pin or None)


def stamp_of(*overlays: Path) -> tuple[tuple[str, int, int], ...]:
    """Names, times and sizes of the office's own packs and calendars; another stamp means that somebody has applied a change."""
    paths = [path for root in overlays for path in (root / ruling.CALENDAR, root / ruling.LOCAL, *(root / ruling.LAW).rglob("*.yaml"))]
    found = [(path, path.stat()) for path in sorted(paths) if path.is_file()]
    return tuple((str(path), known.st_mtime_ns, known.st_size) for path, known in found)


def with_rules(office: Office, settings: Settings) -> Office:
    """The same office with packs and calendar read again, where their files have changed; a broken file changes nothing."""
    overlays = overlays_of(settings)
    stamp = stamp_of(*overlays)
    if stamp == office.rules_stamp:
        return office
    try:
        return replace(office, rules=read_rules(settings.law_pin, *overlays), rules_stamp=stamp)
    except (ContentProblem, ContentProblems) as problem:
        log.warning("changed rules cannot be read", extra={"action": "rules", "problem": str(problem)})
        return replace(office, rules_stamp=stamp)


async def load_office(settings: Settings, database: Database, at: datetime, tickets: Tickets) -> Office:
    """The office of these settings.

    Raises:
        ContentProblem: a content file must be mended; it names file, line and cure.
    """
    overlays = overlays_of(settings)
    office = Office(
        texts=Texts.load(settings.zone, *overlays),
        rules=read_rules(settings.law_pin, *overlays),
        rules_stamp=stamp_of(*overlays),
        topics=read_topics(*overlays),
        router=Compass(settings.zone, overlays, settings.home / "cache", wanted_layer() if settings.semantic else None),
        public_url=settings.url,
        bring_link=lambda account, now: f"{settings.url}/{Purpose.BRING}/{tickets.make(Purpose.BRING, str(account), now)}",
        undo=timedelta(seconds=settings.undo_seconds),
        retention=Retention.parse(content.document("retention.yaml", *overlays)),
        brakes=Brakes.parse(content.document("brakes.yaml", *overlays)),
    )
    return await with_units(office, database, at)


async def with_units(office: Office, database: Database, at: datetime) -> Office:
    """The same office, knowing its directory and what it has learned as they stand now."""
    async with database.read() as store:
        if isinstance(office.router, Compass):
            await office.router.renew(store, at)
        here = {one.id for one in await units(store, at)}
        known = await every(store)
    names = {one.id: one.name_vi for one in known}
    return replace(
        office,
        unit_names={key: name for key, name in names.items() if key in here},
        former_names={key: name for key, name in names.items() if key not in here},
        english_names={one.id: one.name_en for one in known if one.name_en},
    )
