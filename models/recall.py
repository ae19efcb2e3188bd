"""What a unit of work has read and need not read again, forgotten as soon as a row it rests on is added or changes.

A group of messages asks the same few questions again and again: which clock runs on a case, who sits at a unit's desk. They
are read once for the whole group and kept beside the session, never longer than the transaction they were read in.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session, object_session

from models.store import Store, TrackedSession

_RESTING: dict[type, dict[str, str]] = {}  # class → the memories a new row of it ends → the column that says which part of them


def recalled(store: Store, name: str) -> dict[Any, Any]:
    """The memory of this name in this unit of work, empty at first."""
    return store.info.setdefault(f"recall {name}", {})


def rests_on(name: str, cls: type, *attributes: str, part: str = "") -> None:
    """A memory ends when a row of this class is added or deleted, or one of these attributes of any is set.

    Where keys of the memory stand in a column of the row, `part` names it, and only what stands under its value is forgotten.
    """
    _RESTING.setdefault(cls, {})[name] = part
    for attribute in attributes:
        event.listen(getattr(cls, attribute), "set", _forgetting(name))


def _forgetting(name: str) -> Callable[..., None]:
    def changed(row: object, _value: object, _before: object, _initiator: object) -> None:
        session = object_session(row)
        if session is not None:
            session.info.pop(f"recall {name}", None)

    return changed


@event.listens_for(TrackedSession, "after_attach")
@event.listens_for(TrackedSession, "persistent_to_deleted")
def _added(session: Session, row: object) -> None:
    for name, part in _RESTING.get(type(row), {}).items():
        if part:
            session.info.get(f"recall {name}", {}).pop(getattr(row, part), None)
        else:
            session.info.pop(f"recall {name}", None)
