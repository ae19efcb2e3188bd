"""The directory that ships with the product, as a console command gives it to the machine; the demo's placeholder people."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

from bot.app import App
from bot.control import Answer, perform
from bot.office import overlays_of
from models import codes, content
from models.directory.unit import DESK
from models.law.pack_file import LawPack
from models.people import authorising
from models.people.invitation import code_hash
from models.people.mandate import MandateKind

VALID = timedelta(days=14)  # how long an invitation may lie in a mailbox


def shipped(*overlays: Path) -> Answer:
    """Units and outlets of `content/` as an import command."""
    units = cast("list[dict[str, Any]]", content.document("units.yaml", *overlays).data["units"])
    outlets = cast("list[dict[str, Any]]", content.document("outlets.yaml", *overlays).data["outlets"])
    return {"command": "directory.import", "source": "content", "units": units, "outlets": outlets}


def placeholders(units: Sequence[dict[str, Any]], law: LawPack, *, one_for_all: bool) -> list[dict[str, Any]]:
    """A spokesperson by role for every unit: nobody real, addresses under example.vn.

    `one_for_all` makes them one person, so that in the demo every question reaches the one spokesperson on the page.
    """
    words = content.document("demo/words.yaml").data
    name = str(words["one_for_all" if one_for_all else "spokesperson"])
    return [
        {
            "name": name.format(unit=unit["name_vi"]),
            "unit": unit["id"],
            "position": words["deputy" if authorising.misfit(law, unit["kind"], MandateKind.STANDING, words["position"]) else "position"],
            "mandate": "standing",
            "decision_no": words["decision_no"],
            "email": f"{'phatngon' if one_for_all else unit['id']}@example.vn",
        }
        for unit in units
        if unit["id"] != DESK
    ]


async def seed(app: App, *, people: bool = False, one_for_all: bool = False) -> None:
    """Bring the shipped directory in, once; what is there already does not change."""
    wanted = shipped(*overlays_of(app.machine.settings))
    if people:
        law = app.machine.office.rules.law.at(app.machine.now())
        wanted["people"] = placeholders(wanted["units"], law, one_for_all=one_for_all)
    await perform(app, wanted)


def invitation(app: App, role: str, name: str, unit: str | None, **more: str | None) -> tuple[str, Answer]:
    """A fresh one-time code and the command that makes it valid."""
    code = codes.one_time(app.machine.ids.chance())
    expires = app.machine.now() + VALID
    command = {
        "command": "invite",
        "role": role,
        "name": name,
        "unit": unit,
        "code_hash": code_hash(code),
        "expires_at": expires.isoformat(),
    }
    return code, command | more


async def invite(app: App, role: str, name: str, unit: str | None, **more: str | None) -> str:
    """Invite somebody; returns the code to hand over."""
    code, command = invitation(app, role, name, unit, **more)
    await perform(app, command)
    return code
