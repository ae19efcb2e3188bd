"""Whether an error is the world's – a full disk, a locked or lost database – and passes by itself, or ours.

What passes is never held against a message: nothing is set aside, nothing acknowledged, and the loop tries again.
"""

import errno
import sqlite3

from sqlalchemy.exc import DBAPIError

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
    if isinstance(error, DBAPIError):
        if error.connection_invalidated:
            return True
        state = getattr(error.orig, "sqlstate", None)
        return str(state).startswith(_SQLSTATE) if state else error.orig is not None and passes(error.orig)
    return False
