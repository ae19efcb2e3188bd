"""Whatever has a file of its own under a code – an inquiry, a matter, a report of obstruction, an older case – found by right."""

from dataclasses import dataclass

from handlers import casework
from handlers.contract import Context
from handlers.matters import matterwork
from models import codes
from models.casework import imported
from models.errors import Refusal
from models.people.person import Role


@dataclass(frozen=True)
class Record:
    """One file: its code, and the unit it lies with."""

    code: str
    unit_id: str | None


async def ours(context: Context, code: str) -> Record:
    """A file the person may look into, whatever it is about; somebody else's and none at all get the same sentence."""
    if code.startswith(codes.MATTER):
        matter = await matterwork.ours(context, code)
        return Record(matter.code, matter.unit_id)
    if code.startswith(codes.OBSTRUCTION) and Role.OFFICER in context.roles:
        return Record(code, None)
    older = await imported.by_code(context.store, code)
    if older is not None:
        if Role.OFFICER not in context.roles and older.unit_id not in context.units:
            raise Refusal("case.unknown", code=code)
        return Record(older.code, older.unit_id)
    case = await casework.ours(context, code)
    return Record(case.code, case.unit_id)
