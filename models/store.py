"""Where rows live: one metadata, portable column types, and a session that knows what it touched.

Nothing is changed in silence: rows of a `Logged` class that a message touches must be explained by an exchange
entry before the commit (see `Store.unexplained`), and bulk statements on such classes are refused.
"""

from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime
from enum import Enum
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, cast
from weakref import WeakKeyDictionary

from sqlalchemy import BigInteger, DateTime, Integer, MetaData, Select, Table, event, inspect, select
from sqlalchemy import Enum as EnumType
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstanceState, ORMExecuteState, Session
from sqlalchemy.orm.attributes import flag_modified
from sqlalchemy.sql.visitors import iterate
from sqlalchemy.types import TypeDecorator
from sqlmodel import SQLModel

# Named constraints: Alembic's batch mode on SQLite can only rebuild what it can name.
SQLModel.metadata.naming_convention = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
metadata: MetaData = SQLModel.metadata
# Rows are made by our own code and never validated by pydantic; fifty validators nobody asks would be a tenth of a second of each start.
SQLModel.model_config["defer_build"] = True

Big = BigInteger().with_variant(Integer(), "sqlite")
EnumT = TypeVar("EnumT", bound=Enum)
RowT = TypeVar("RowT")
SelectT = TypeVar("SelectT", bound=Select[Any])


class Instant(TypeDecorator[datetime]):
    """An aware moment, stored as UTC without offset so that every database orders it alike."""

    impl = DateTime
    cache_ok = True

    def bind_processor(self, dialect: Any) -> Any:
        """On SQLite straight to its text: the way through two layers of types costs more than the statement."""
        return _moment_as_text if dialect.name == "sqlite" else super().bind_processor(dialect)

    def result_processor(self, dialect: Any, coltype: Any) -> Any:
        """And straight back."""
        return _moment_of_text if dialect.name == "sqlite" else super().result_processor(dialect, coltype)

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        """UTC going in; a naive moment is a bug and is refused."""
        return None if value is None else _utc(value).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        """UTC coming out."""
        return None if value is None else value.replace(tzinfo=UTC)


def _utc(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError("a moment without a time zone cannot be stored")
    return value.astimezone(UTC)


def _moment_as_text(value: datetime | None) -> str | None:
    """As SQLAlchemy's own type writes it there: to the microsecond, the offset left out."""
    return None if value is None else _utc(value).isoformat(" ", "microseconds")[:26]


def _moment_of_text(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(f"{text}+00:00")


def table_of(kind: type[SQLModel]) -> Table:
    """The table behind a class, for statements on many rows that no session needs to know."""
    return cast("Table", inspect(kind).local_table)


def _values(kind: type[Enum]) -> list[str]:
    return [str(member.value) for member in kind]


def one_of(enum: type[EnumT]) -> Any:
    """A text column that holds one value of `enum`, checked by the database itself."""
    return EnumType(
        enum,
        native_enum=False,
        create_constraint=True,
        length=32,
        name=enum.__name__.lower(),
        values_callable=_values,
    )


class Row(SQLModel):
    """A row of a table. SQLAlchemy alone keeps its values: pydantic, which validates no table, need not write each down once more."""

    if not TYPE_CHECKING:
        __setattr__ = object.__setattr__


class Logged:
    """A row whose every change must be explained by an exchange entry, except in the columns it lists as `unlogged`."""

    unlogged: ClassVar[frozenset[str]] = frozenset()


_ASKED: WeakKeyDictionary[Select[Any], frozenset[str]] = WeakKeyDictionary()  # statement → the tables it reads


def _asked(statement: Select[Any]) -> frozenset[str]:
    """The tables a query reads, in subqueries too; most queries are put together once and asked for ever."""
    if statement not in _ASKED:
        _ASKED[statement] = frozenset(table.name for table in iterate(statement) if isinstance(table, Table))
    return _ASKED[statement]


class TrackedSession(Session):
    """The synchronous heart of `Store`: remembers which logged rows were added, changed or deleted.

    What is not written yet is written before a query of a table it belongs to, and not before every other: a group of
    messages then goes to the database in a few statements of many rows.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.touched: dict[int, Logged] = {}

    if not TYPE_CHECKING:  # the signatures are those of the session

        def execute(self, statement: Any, *args: Any, **how: Any) -> Any:
            """Run a statement."""
            with self._writing_for(statement):
                return super().execute(statement, *args, **how)

        def scalars(self, statement: Any, *args: Any, **how: Any) -> Any:
            """The first column of every row."""
            with self._writing_for(statement):
                return super().scalars(statement, *args, **how)

        def scalar(self, statement: Any, *args: Any, **how: Any) -> Any:
            """The first column of the first row."""
            with self._writing_for(statement):
                return super().scalar(statement, *args, **how)

    def _writing_for(self, statement: object) -> AbstractContextManager[object]:
        waiting = cast("Iterable[SQLModel]", (*self.new, *self.dirty, *self.deleted))
        pending: set[type[SQLModel]] = {type(row) for row in waiting}
        if not pending or not isinstance(statement, Select):
            return nullcontext()
        tables = _asked(cast("Select[Any]", statement))
        concerned = any(table_of(kind).name in tables for kind in pending)
        if concerned and self.autoflush and statement.get_execution_options().get("autoflush", True):
            self.flush()  # here: SQLAlchemy does so only before queries of mapped classes, not of their tables
        return self.no_autoflush


def written_alike(row: SQLModel, *columns: str) -> None:
    """Write these columns though they may not have changed: rows that change the same columns go to the database as one statement."""
    if not _state(row).pending:
        for column in columns:
            flag_modified(row, column)


class UnloggedChange(RuntimeError):  # noqa: N818 - names what happened, not an error class
    """A handler changed logged rows without saying so in an exchange entry: a bug of ours, nothing is committed."""


class Overtaken(RuntimeError):  # noqa: N818 - what happened
    """Another unit of work changed a row between our reading and our writing it: this one is begun again."""


def _state(row: object) -> "InstanceState[Any]":
    return cast("InstanceState[Any]", inspect(row))


def _note(session: TrackedSession, row: object) -> None:
    if not isinstance(row, Logged):
        return
    state = _state(row)
    changed = {a.key for a in state.attrs if a.history.has_changes()}
    if not state.persistent or changed - row.unlogged:
        session.touched[id(row)] = row


@event.listens_for(TrackedSession, "before_flush")
def _collect(session: TrackedSession, _context: Any, _instances: Any) -> None:
    for row in session.dirty:
        _note(session, row)
        if isinstance(row, Logged) and session.info.get("shared") and session.is_modified(row):
            _still_as_read(session, row)
    for row in (*session.new, *session.deleted):
        if isinstance(row, Logged):
            session.touched[id(row)] = row


def _still_as_read(session: TrackedSession, row: Logged) -> None:
    """Where units of work run side by side, a logged row is only written over what its handler has read.

    Raises:
        Overtaken: it was changed meanwhile.
    """
    state = _state(row)
    columns = {attr.key: attr.columns[0] for attr in state.mapper.column_attrs}
    keys = zip(state.mapper.primary_key, state.identity or (), strict=True)
    query = select(*columns.values()).where(*(column == key for column, key in keys)).with_for_update(key_share=True)
    stored = session.connection().execute(query).one_or_none()
    if stored is None or any(_read(state, key) != value for key, value in zip(columns, stored, strict=True)):
        raise Overtaken(type(row).__name__)


def _read(state: "InstanceState[Any]", key: str) -> Any:
    """The value an attribute had when its row was read or last written by us."""
    history = state.attrs[key].history
    return history.deleted[0] if history.deleted else state.attrs[key].value


@event.listens_for(TrackedSession, "do_orm_execute")
def _refuse_bulk(state: ORMExecuteState) -> None:
    if not (state.is_update or state.is_delete or state.is_insert):
        return
    mapper = state.bind_mapper
    if mapper is not None and issubclass(mapper.class_, Logged):
        raise UnloggedChange(f"bulk statements on {mapper.class_.__name__} would go unlogged; change rows one by one")


class Store(AsyncSession):
    """One unit of work: the domain rows a message reads and changes."""

    sync_session_class = TrackedSession

    @property
    def shared(self) -> bool:
        """Whether other units of work run side by side with this one."""
        return bool(self.info.get("shared"))

    def claiming(self, query: SelectT) -> SelectT:
        """Of several units that ask the same at once, each gets rows nobody else has; they are its own until the commit."""
        return query.with_for_update(skip_locked=True, key_share=True) if self.shared else query

    async def hold(self, kind: type[RowT], key: str) -> RowT | None:
        """One row, held until the commit where units of work run side by side: who comes second waits and sees what the
        first one did. What had been read of the case before is read again.
        """
        if not self.shared:
            return await self.get(kind, key)
        held: set[tuple[type[Any], str]] = self.info.setdefault("held", set())
        if (kind, key) in held:
            return await self.get(kind, key)
        await self.flush()
        found = await self.get(kind, key, with_for_update={"key_share": True}, populate_existing=True)
        held.add((kind, key))
        for name, memory in self.info.items():
            if str(name).startswith("recall "):
                memory.pop(key, None)  # somebody else may have changed it before it was ours
        for row in list(self.identity_map.values()):
            if isinstance(row, Logged) and getattr(row, "case_code", None) == key:
                await self.refresh(row)
        return found

    def unexplained(self, about: Iterable[object]) -> list[Logged]:
        """Logged rows touched since the last call that none of `about` explains."""
        session = cast("TrackedSession", self.sync_session)
        explained = {id(row) for row in about}
        left = [row for key, row in session.touched.items() if key not in explained]
        session.touched.clear()
        return left
