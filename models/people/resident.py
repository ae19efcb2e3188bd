"""Reporters and bureau heads whom outlets keep in the province: the press office's own list, not people who have registered here (F42)."""

from collections.abc import Sequence

from sqlmodel import Field, col, select

from models.store import Big, Logged, Row, Store


class Resident(Row, Logged, table=True):
    """One resident reporter or bureau head of an outlet. The private number is for the press office alone."""

    id: int | None = Field(default=None, primary_key=True, sa_type=Big)
    outlet_id: str = Field(foreign_key="outlet.id", index=True)
    name: str
    position: str = ""
    office_phone: str = ""
    office_email: str = ""
    phone: str = ""
    email: str = ""


async def residents(store: Store) -> Sequence[Resident]:
    """Everybody on the list, by outlet and name."""
    return (await store.scalars(select(Resident).order_by(col(Resident.outlet_id), col(Resident.name), col(Resident.id)))).all()
