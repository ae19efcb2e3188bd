"""Lists to take away: spokespersons and outlets as XLSX, CSV, JSON and a plain page, for portals and newsrooms (F41, F42)."""

import asyncio

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot import sheets
from bot.web.problem import Problem
from bot.web.site import Site
from models.directory import listing

TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "html": "text/html; charset=utf-8",
}


class Lists:
    """The public lists, always as they stand now."""

    def __init__(self, site: Site) -> None:
        self.site = site

    def routes(self) -> list[Route]:
        """Its addresses."""
        return [
            Route("/danh-ba.{form}", self.speakers),
            Route("/bao-chi.{form}", self.outlets),
            Route("/bao-chi", self.outlet_page),
        ]

    async def speakers(self, request: Request) -> Response:
        """Who speaks for which unit."""
        async with self.site.machine.database.read() as store:
            rows = await listing.speakers(store, self.site.machine.now())
        return await self._file(request, "danh-ba", listing.SPEAKERS, rows, "Danh sách người phát ngôn")

    async def outlets(self, request: Request) -> Response:
        """Which outlets work here, and whom they keep in the province."""
        async with self.site.machine.database.read() as store:
            rows = await listing.outlets(store)
        return await self._file(request, "bao-chi", listing.OUTLET_COLUMNS, rows, "Danh sách cơ quan báo chí")

    async def outlet_page(self, request: Request) -> Response:
        """The same, to be read."""
        async with self.site.machine.database.read() as store:
            rows = await listing.outlets(store)
        return self.site.pages.show(request, "outlets.html", rows=rows)

    async def _file(self, request: Request, name: str, heads: dict[str, str], rows: list[listing.Row], title: str) -> Response:
        form = request.path_params["form"]
        if form not in TYPES:
            raise Problem(404, "web.not_found")
        raw = await asyncio.to_thread(sheets.listed, heads, rows, form, title)
        headers = {} if form == "html" else {"content-disposition": f'attachment; filename="{name}.{form}"'}
        return Response(raw, media_type=TYPES[form], headers=headers)
