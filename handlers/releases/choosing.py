"""Topics and areas named in words, as subscribers and writers of releases do."""

from handlers.contract import Context
from models.directory.unit import search, units
from models.errors import Refusal
from models.text import clean, fold


def names(text: str) -> list[str]:
    """The names of a list typed with commas or semicolons."""
    return [name for part in clean(text).replace(";", ",").split(",") if (name := part.strip())]


def topics(context: Context, text: str) -> list[str]:
    """Ids of the topics a list names, with or without diacritics; a part of a name is enough."""
    chosen: set[str] = set()
    for name in names(text):
        found = {t.id for t in context.office.topics if any(fold(name) in fold(n) for n in (*t.names.values(), t.id))}
        if not found:
            raise Refusal("subscription.topic_unknown", name=name)
        chosen |= found
    return sorted(chosen)


async def areas(context: Context, text: str) -> list[str]:
    """Ids of the communes and wards a list names."""
    communes = [u for u in await units(context.store, context.now) if u.area]
    chosen: set[str] = set()
    for name in names(text):
        found = search(communes, name, 1)
        if not found:
            raise Refusal("subscription.area_unknown", name=name)
        chosen.add(found[0].id)
    return sorted(chosen)


def topic_lines(context: Context) -> str:
    """The topics there are, one to a line."""
    return "\n".join(f"• {topic.name(context.here.language)}" for topic in context.office.topics)
