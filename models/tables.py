"""The explicit list of everything that has a table; importing it completes the metadata."""

from typing import cast

from sqlalchemy import ForeignKeyConstraint, Table
from sqlmodel import SQLModel

from models import installation
from models.casework import activity, agreement, answer, brakes, demand, imported, inquiry, matter, obstruction, review, sharing, statement
from models.clocks import absence, deadline, duty
from models.directory import census, lesson, proposal, restructuring, unit
from models.evidence import erasure, exchange, item, keeping, masking
from models.messages import conversation, message, press_release, subscription
from models.people import authorising, invitation, linking, mandate, person, resident
from models.reports import frozen, order
from models.store import metadata

MODULES = (
    absence,
    agreement,
    activity,
    answer,
    authorising,
    brakes,
    census,
    conversation,
    deadline,
    demand,
    duty,
    erasure,
    exchange,
    frozen,
    imported,
    inquiry,
    installation,
    invitation,
    item,
    lesson,
    keeping,
    linking,
    mandate,
    matter,
    masking,
    message,
    obstruction,
    order,
    person,
    press_release,
    proposal,
    resident,
    review,
    sharing,
    statement,
    restructuring,
    subscription,
    unit,
)

# Rows of one message are written in one flush, in no particular order: keys are checked at the commit.
for _table in metadata.tables.values():
    for _constraint in _table.constraints:
        if isinstance(_constraint, ForeignKeyConstraint):
            _constraint.deferrable, _constraint.initially = True, "DEFERRED"

# Within one flush parents are written before children: for a parent that comes late SQLite looks through every table that may hold a
# child waiting for it, from end to end where no index leads there. Without relationships the order would be that of the classes' names.
_order = {table: number for number, table in enumerate(metadata.sorted_tables)}
for _mapper in SQLModel._sa_registry.mappers:  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
    _number = _order[cast("Table", _mapper.local_table)]
    _mapper._sort_key = f"{_number:03d}"  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
