"""A paper as PDF by Typst: the template is ours, the words travel as JSON, the letters are the ones shipped with the product."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from models import content

FONTS = content.SHIPPED / "fonts"
TEMPLATES = Path(__file__).parent / "templates"


def write(template: str, words: Mapping[str, Any], path: Path) -> None:
    """Write a PDF."""
    path.write_bytes(render(template, words))


def render(template: str, words: Mapping[str, Any]) -> bytes:
    """A PDF; the same words always give the same bytes."""
    import typst  # noqa: PLC0415 - a large library, only for whoever wants a PDF

    return typst.compile(
        str(TEMPLATES / f"{template}.typ"),
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
        sys_inputs={"words": json.dumps(words, ensure_ascii=False)},
        format="pdf",
        timestamp=0,
    )
