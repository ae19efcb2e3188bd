"""What an office is made of, read from its content and its directory."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

from bot.compass import Compass, wanted_layer
from bot.database import Database
from bot.settings import Settings
from bot.tickets import Purpose, Tickets
from models import content
from models.brakes import Brakes
from models.calendar import Calendar
from models.deadline import Rules
from models.keeping import Retention
from models.law import LawBook
from models.office import Office, Topic
from models.texts import Texts
from models.unit import every, units


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
    packs = LawBook.parse(content.documents("law", *overlays), pin or None)
    return Rules(packs, Calendar.parse(content.document("calendar.yaml", *overlays)))


async def load_office(settings: Settings, database: Database, at: datetime, tickets: Tickets) -> Office:
    """The office of these settings.

    Raises:
        ContentProblem: a content file must be mended; it names file, line and cure.
    """
    overlays = overlays_of(settings)
    office = Office(
        texts=Texts.load(settings.zone, *overlays),
        rules=read_rules(settings.law_pin, *overlays),
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
