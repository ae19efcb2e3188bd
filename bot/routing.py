"""The router as the machine builds it: units and words from `content/`, the semantic layer where it is installed."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import cast

from bot import semantic as semantic_layer
from models import content
from models.routing import UnitFacts, facts, lexicon
from models.routing.learned import Counts
from models.routing.router import Router

Loader = Callable[[], Iterable[UnitFacts]]

UNIT_FILES = ("units.yaml", "units_former.yaml")


def shipped_units(*overlays: Path) -> list[UnitFacts]:
    """The directory that ships with the product, the bodies that are gone included."""
    return facts.read(content.document(name, *overlays) for name in UNIT_FILES)


def texts(language: str = "vi", *overlays: Path) -> Mapping[str, str]:
    """The sentences the router speaks."""
    return cast("Mapping[str, str]", content.document(f"texts/{language}/routing.yaml", *overlays).data)


def build(
    on: date,
    *,
    loader: Loader = shipped_units,
    semantic: bool | None = None,
    counts: Counts | None = None,
    cache: Path | None = None,
    language: str = "vi",
    overlays: Iterable[Path] = (),
) -> Router:
    """A router for the structure of one day; `semantic=None` uses the layer when it is installed.

    Building takes a moment, and the first question with the semantic layer longer: do both in a worker thread.
    """
    overlays = tuple(overlays)
    words = lexicon.read(content.document("routing.yaml", *overlays))
    router = Router(loader(), words, on, texts=texts(language, *overlays), counts=counts)
    if semantic_layer.installed() if semantic is None else semantic:
        router.use(semantic_layer.Meaning(router.known, cache))
    return router
