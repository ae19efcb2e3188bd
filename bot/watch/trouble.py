"""Whether an error is the world's – a full disk, a locked or lost database – and passes by itself, or ours.

What passes is never held against a message: nothing is set aside, nothing acknowledged, and the loop tries again.
"""

import errno
import sqlite3

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as BusyError

# The primary result codes of SQLite that speak of the machine and not of the statement: busy, locked, no memory, interrupted,
# input/output, full, cannot open.
_SQLITE = frozenset({5, 6, 7, 9, 10, 13, 14})
# Classes of SQLSTATE that do: connection, insufficient resources, operator intervention, system error.
_SQLSTATE = ("08", "53", "57", "58")
_OS = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EROFS})


def passes(error: BaseException) -> bool:
    """Whether trying the same again later may succeed without anybody changing our code."""
    if isinstance(error, OSError):
        return error.errno in _OS or isinstance(error, ConnectionError)
    if isinstance(error, sqlite3.Error):
        return getattr(error, "sqlite_errorcode", 0) & 0xFF in _SQLITE
    return isinstance(error, BusyError) or (isinstance(error, DBAPIError) and _of_the_database(error))


def _of_the_database(error: DBAPIError) -> bool:
    if error.connection_invalidated:
        return True
    state = getattr(error.orig, "sqlstate", None)
    if state:
        return str(state).startswith(_SQLSTATE)
    if error.orig is not None and passes(error.orig):
        return True
    # PostgreSQL that cannot be reached says so in prose, without a code.
    return isinstance(error, OperationalError | InterfaceError) and not isinstance(error.orig, sqlite3.Error)
