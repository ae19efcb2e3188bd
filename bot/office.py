"""What an office is made of, read from its content and its directory."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo

from bot import routing
from bot.database import Database
from bot.settings import Settings
from bot.tickets import Purpose, Tickets
from models import content
from models.calendar import Calendar
from models.deadline import Rules
from models.law import LawBook
from models.office import Office, Topic
from models.routing import Proposal, Router
from models.texts import Texts
from models.unit import units


class DailyRouter:
    """The router of the day a question is asked: the structure of yesterday answers for yesterday's questions."""

    def __init__(self, zone: ZoneInfo, overlays: Sequence[Path], cache: Path) -> None:
        self._zone = zone
        self._build = partial(routing.build, overlays=overlays, cache=cache, semantic=False)
        self._routers: dict[date, Router] = {}

    def route(self, text: str, at: datetime) -> Proposal:
        """Ranked units with reasons."""
        day = at.astimezone(self._zone).date()
        if day not in self._routers:
            if len(self._routers) > 3:
                self._routers.clear()
            self._routers[day] = self._build(day)
        return self._routers[day].route(text)


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
        router=DailyRouter(settings.zone, overlays, settings.home / "cache"),
        public_url=settings.url,
        bring_link=lambda account, now: f"{settings.url}/{Purpose.BRING}/{tickets.make(Purpose.BRING, str(account), now)}",
        undo=timedelta(seconds=settings.undo_seconds),
    )
    return await with_units(office, database, at)


async def with_units(office: Office, database: Database, at: datetime) -> Office:
    """The same office after its directory has changed."""
    async with database.read() as store:
        names = {unit.id: unit.name_vi for unit in await units(store, at)}
    return replace(office, unit_names=names)
