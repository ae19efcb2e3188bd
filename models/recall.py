"""What a unit of work has read and need not read again, forgotten as soon as a row it rests on is added or changes.

A group of messages asks the same few questions again and again: which clock runs on a case, who sits at a unit's desk. They
are read once for the whole group and kept beside the session, never longer than the transaction they were read in.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session, object_session

from models.store import Store, TrackedSession

_RESTING: dict[type, set[str]] = {}  # class → the memories a new row of it ends
_LISTS: dict[type, tuple[str, str]] = {}  # class → the memory that lists its rows, and the column that says in which list


def recalled(store: Store, name: str) -> dict[Any, Any]:
    """The memory of this name in this unit of work, empty at first."""
    return _memory(store, name)


def rests_on(name: str, cls: type, *attributes: str) -> None:
    """A memory ends when a row of this class is added or deleted, or one of these attributes of any is set."""
    _RESTING.setdefault(cls, set()).add(name)
    for attribute in attributes:
        event.listen(getattr(cls, attribute), "set", _forgetting(name))


def lists(name: str, cls: type, part: str) -> None:
    """A memory holds the rows of this class, listed by a column of theirs: a new row is the last of its list, a deleted one ends it."""
    _LISTS[cls] = (name, part)


def _memory(session: Store | Session, name: str) -> dict[Any, Any]:
    return session.info.setdefault(f"recall {name}", {})


def _forgetting(name: str) -> Callable[..., None]:
    def changed(row: object, _value: object, _before: object, _initiator: object) -> None:
        session = object_session(row)
        if session is not None:
            session.info.pop(f"recall {name}", None)

    return changed


@event.listens_for(TrackedSession, "after_attach")
def _added(session: Session, row: object) -> None:
    _forget(session, row)
    name, part = _LISTS.get(type(row), ("", ""))
    listed: list[object] | None = _memory(session, name).get(getattr(row, part)) if name else None
    if listed is not None and all(known is not row for known in listed):
        listed.append(row)


@event.listens_for(TrackedSession, "persistent_to_deleted")
def _deleted(session: Session, row: object) -> None:
    _forget(session, row)
    name, part = _LISTS.get(type(row), ("", ""))
    if name:
        _memory(session, name).pop(getattr(row, part), None)


def _forget(session: Session, row: object) -> None:
    for name in _RESTING.get(type(row), ()):
        session.info.pop(f"recall {name}", None)
