"""What anybody may read: the newsroom with a stable address per release, and who speaks for which unit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.web.files import deliver
from bot.web.problem import Problem
from bot.web.site import Site
from models import codes
from models.directory import listing, unit
from models.evidence.item import Attachment, Item, files_of_case, item
from models.messages.press_release import PressRelease, newest
from models.people.mandate import MandateKind, spokespersons
from models.store import Store
from models.text import clean

PAGE = 10  # releases at a time
FOUND = 12  # units at most for one search
LONGEST_SEARCH = 100
_OPENING = 240  # characters of a release in the list


@dataclass(frozen=True)
class Teaser:
    """A release as the list shows it."""

    release: PressRelease
    opening: str


@dataclass(frozen=True)
class Desk:
    """A unit and who speaks for it: name, position, official phone and e-mail, never a private number."""

    unit: unit.Unit
    speakers: Sequence[tuple[str, str, str, str]]


class Public:
    """The pages without a session."""

    def __init__(self, site: Site) -> None:
        self.site = site

    def routes(self) -> list[Route]:
        """Its addresses."""
        return [
            Route("/", self.newsroom),
            Route("/tc/{code}", self.release),
            Route("/tc/{code}/files/{id}", self.file),
            Route("/danh-ba", self.directory),
        ]

    async def newsroom(self, request: Request) -> Response:
        """Releases, newest first; `?trang=` goes back in time, and htmx asks for the next piece of the list only."""
        number = _page(request.query_params.get("trang"))
        async with self.site.machine.database.read() as store:
            found = await newest(store, number * PAGE + 1)
            shown = found[(number - 1) * PAGE : number * PAGE]
            teasers = [Teaser(release, _opening(await item(store, release.item), release.title)) for release in shown]
        template = "releases.html" if "hx-request" in request.headers else "newsroom.html"
        return self.site.pages.show(request, template, releases=teasers, page=number, more=len(found) > number * PAGE)

    async def release(self, request: Request) -> Response:
        """One release in full."""
        code = request.path_params["code"]
        async with self.site.machine.database.read() as store:
            found = await _release(store, code)
            text = await item(store, found.item)
            files = [f for f in await files_of_case(store, code) if f.erased_at is None]
        names = {topic.id: topic for topic in self.site.machine.office.topics}
        topics = [names[t] for t in found.topics if t in names]
        return self.site.pages.show(request, "release.html", release=found, text=_body(text, found.title), files=files, topics=topics)

    async def file(self, request: Request) -> Response:
        """A file a release was published with."""
        code, file_id = request.path_params["code"], request.path_params["id"]
        async with self.site.machine.database.read() as store:
            await _release(store, code)
            file = await store.get(Attachment, file_id)
        if file is None or file.case_code != code:
            raise Problem(404, "web.not_found")
        return deliver(self.site, file)

    async def directory(self, request: Request) -> Response:
        """Spokespersons by unit; works without script, and without diacritics."""
        words = clean(request.query_params.get("q", ""))[:LONGEST_SEARCH]
        machine = self.site.machine
        now = machine.now()
        async with machine.database.read() as store:
            every = await unit.units(store, now)
            found = unit.search(every, words, FOUND) if words else []
            desks = [Desk(u, await _speakers(store, u.id, now)) for u in found]
        template = "desks.html" if "hx-request" in request.headers else "directory.html"
        return self.site.pages.show(request, template, words=words, desks=desks, every=sorted(every, key=lambda u: (u.kind, u.name_vi)))


async def _speakers(store: Store, unit_id: str, at: datetime) -> list[tuple[str, str, str, str]]:
    """Who speaks on everything; an authorisation is published with its matter."""
    reached = await listing.contacts(store, unit_id, at)
    found: list[tuple[str, str, str, str]] = []
    for person, mandate in await spokespersons(store, unit_id, at):
        post = reached.get(person.id or 0)
        if mandate.kind is not MandateKind.AUTHORISED:
            found.append((person.name, mandate.position, post.office_phone if post else "", post.office_email if post else ""))
    return found


async def _release(store: Store, code: str) -> PressRelease:
    found = await store.get(PressRelease, code) if codes.find(code) == [code] else None
    if found is None:
        raise Problem(404, "web.not_found")
    return found


def _page(text: str | None) -> int:
    return max(1, min(500, int(text))) if text is not None and text.isascii() and text.isdigit() and len(text) < 5 else 1


def _body(text: Item | None, title: str) -> str:
    """The words below the title; the stored text may begin with it."""
    words = str(text) if text is not None else ""
    return words.removeprefix(title).strip()


def _opening(text: Item | None, title: str) -> str:
    words = " ".join(_body(text, title).split())
    return words if len(words) <= _OPENING else words[:_OPENING].rsplit(" ", 1)[0] + " …"
