"""Pages from templates, in the reader's language, with addresses that work under any prefix."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import jinja2
from starlette.requests import Request
from starlette.responses import HTMLResponse

from models.texts import LANGUAGES, Texts

HERE = Path(__file__).resolve().parent
STATIC = HERE / "static"


class Pages:
    """The templates of the site."""

    def __init__(self, texts: Texts) -> None:
        self.texts = texts
        self._templates = jinja2.Environment(
            loader=jinja2.FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    @cached_property
    def version(self) -> str:
        """Names the present state of the static files, so that browsers may keep them for ever."""
        sha = hashlib.sha256()
        for path in sorted(p for p in STATIC.rglob("*") if p.is_file()):
            sha.update(path.relative_to(STATIC).as_posix().encode() + b"\0" + path.read_bytes())
        return sha.hexdigest()[:12]

    def show(self, request: Request, template: str, status: int = 200, language: str | None = None, **values: Any) -> HTMLResponse:
        """One page; `root` leads from wherever it stands back to the top of the site."""
        spoken = language or language_of(request)
        up = up_from(request)
        html = self._templates.get_template(template).render(
            t=partial(self.say, spoken),
            when=self.when,
            language=spoken,
            other={"vi": "en", "en": "vi"}[spoken],
            query="" if spoken == "vi" else f"?lang={spoken}",
            root=up,
            static=f"{up}static/{self.version}",
            **values,
        )
        return HTMLResponse(html, status)

    def say(self, language: str, key: str, **values: Any) -> str:
        """One sentence of ours."""
        return self.texts.say(language, key, values)

    def when(self, at: datetime) -> str:
        """A moment in the office's zone."""
        return f"{at.astimezone(self.texts.zone):%H:%M · %d/%m/%Y}"

    def persona(self, name: str) -> str | None:
        """The key of what a persona of the demo is called, where we have a word for it."""
        key = f"web.persona_{name}"
        return key if key in self.texts.sentences["vi"] else None

    def for_script(self, language: str) -> Mapping[str, str]:
        """The sentences the chat's script shows: every `web.js_…` without its prefix."""
        keys = [key for key in self.texts.sentences["vi"] if key.startswith("web.js_")]
        return {key.removeprefix("web.js_"): self.texts.say(language, key) for key in keys}


def up_from(request: Request) -> str:
    """The way from a page to the top of the site, whatever prefix a proxy serves it under."""
    prefix = request.scope.get("app_root_path", request.scope.get("root_path", ""))
    return "../" * (str(request.scope["path"]).removeprefix(prefix).count("/") - 1)


def language_of(request: Request) -> str:
    """Vietnamese, unless the address asks for another language we speak."""
    wanted = request.query_params.get("lang", "vi")
    return wanted if wanted in LANGUAGES else "vi"
